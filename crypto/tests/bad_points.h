/* SPDX-License-Identifier: Apache-2.0 */
/* What is no public key, in hexadecimal, for the tests of every location: points of small order in every encoding, and what is
 * not on the curve. The numbers are computed by those who use them or follow from the curves' primes. */
#ifndef CRYPTO_TESTS_BAD_POINTS_H
#define CRYPTO_TESTS_BAD_POINTS_H

/* X25519: u of the points of order 1, 2, 4 and 8, on the curve and on its twist; p, p + 1; each with the top bit too, which RFC
 * 7748 section 5 has ignored. */
static const char *const bad_x25519[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

/* Ed25519: the eight points of small order, also with x = 0 and the sign set and with y not below p; then y from p + 2 on. */
static const char *const bad_ed25519[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

#define BAD_P256_PRIME "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
#define BAD_ZERO "0000000000000000000000000000000000000000000000000000000000000000"

/* P-256, all of 65 bytes. */
static const char *const bad_p256[] = {
    "04" BAD_ZERO BAD_ZERO, /* where some put infinity */
    "00" BAD_ZERO BAD_ZERO,
    "04" BAD_P256_PRIME BAD_ZERO,
    "04" BAD_ZERO BAD_P256_PRIME,
    "04" BAD_P256_PRIME BAD_P256_PRIME,
    "04ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    /* X = 5, with the prime added, which fits */
    "04ffffffff00000001000000000000000000000001000000000000000000000004"
    "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc",
    /* the base point in the compressed and hybrid forms */
    "026b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    "076b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
};

#endif

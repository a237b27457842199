/* SPDX-License-Identifier: Apache-2.0 */
/* RSA keys: do the parts belong together, and new ones by FIPS 186-4 appendix B.3.3. */
#include "crypto/primitives/rsa.h"

#include <string.h>

#include "crypto/primitives/modular.h"
#include "crypto/primitives/must.h"
#include "crypto/primitives/number.h"
#include "crypto/primitives/primitives.h"

#define ROUNDS 8         /* of Miller and Rabin: FIPS 186-4 table C.3 asks for 5 at most of primes so long */
#define CANDIDATES 20000 /* B.3.3 steps 4.7 and 5.8 allow 5 * bits / 2 = 10240 of the longest; one in 700 is prime */

/* product = a b, both of len bytes. */
static void multiply(uint8_t *product, const uint8_t *a, const uint8_t *b, size_t len)
{
    mp_int x, y;
    number_load(&x, a, len);
    number_load(&y, b, len);
    MICO_MUST(mp_mul(&x, &y, &x) == MP_OKAY);
    number_store(&x, product, 2 * len);
    mico_wipe(&x, sizeof x);
    mico_wipe(&y, sizeof y);
}

/* A random number comes back through the public exponent and d, and through the primes. */
static mico_err check_round_trip(const struct mico_rsa_private *key)
{
    uint8_t number[MICO_RSA_MAX], there[MICO_RSA_MAX], back[MICO_RSA_MAX];
    struct mico_span n = key->pub.n;

    mico_err err = mico_random(number, n.len);
    number[0] &= 0x7F; /* below n */
    if (err == MICO_OK) {
        err = mico_rsa_public_op(&key->pub, number, there);
    }
    if (err == MICO_OK) {
        err = mico_rsa_private_op(key, there, back);
    }
    if (err == MICO_OK && !mico_ct_equal(number, back, n.len)) {
        err = MICO_ERR_CRYPTO;
    }
    if (err == MICO_OK) {
        modular_exp(back, there, key->d, n);
        err = mico_ct_equal(number, back, n.len) ? MICO_OK : MICO_ERR_CRYPTO;
    }
    return err;
}

mico_err mico_rsa_check_private(const struct mico_rsa_private *key)
{
    uint8_t product[MICO_RSA_MAX];
    size_t len = key->pub.n.len, half = len / 2;

    mico_err err = mico_rsa_check_public(&key->pub);
    if (err != MICO_OK) {
        return err;
    }
    if (len == 128) {
        return MICO_ERR_UNSUPPORTED;
    }
    const struct mico_span parts[] = {key->p, key->q, key->dp, key->dq, key->qinv};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].len == 0 || parts[i].len > half || (i < 2 && parts[i].len != half)) {
            return MICO_ERR_PARAM;
        }
    }
    if (key->d.len == 0 || key->d.len > len || (key->p.data[half - 1] & key->q.data[half - 1] & 1) == 0) {
        return MICO_ERR_PARAM;
    }
    multiply(product, key->p.data, key->q.data, half);
    err = mico_ct_equal(product, key->pub.n.data, len) ? check_round_trip(key) : MICO_ERR_CRYPTO;
    mico_wipe(product, sizeof product);
    return err;
}

/* Remainder of a big-endian number by a public one, without the processor's division: one bit after the other. quotient,
 * of len bytes, may be NULL, or the number. */
static uint32_t divide(uint8_t *quotient, const uint8_t *number, size_t len, uint32_t divisor)
{
    uint64_t rest = 0;
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = number[i], out = 0;
        for (int bit = 7; bit >= 0; bit--) {
            rest = rest << 1 | (byte >> bit & 1);
            uint64_t difference = rest - divisor, less = 0 - (difference >> 63);
            rest = (rest & less) | (difference & ~less);
            out = (uint8_t)(out << 1 | (~less & 1));
        }
        if (quotient != NULL) {
            quotient[i] = out;
        }
    }
    return (uint32_t)rest;
}

static const uint8_t small_primes[] = {
    3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,
    71,  73,  79,  83,  89,  97,  101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157,
    163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229, 233, 239, 241, 251,
};

/* One round of Miller and Rabin for an odd number with a random base: FIPS 186-4 C.3.1. MICO_ERR_CRYPTO: composite. */
static mico_err witness(struct mico_span number)
{
    uint8_t less_one[MICO_RSA_MAX / 2], odd[MICO_RSA_MAX / 2], x[MICO_RSA_MAX / 2];
    static const uint8_t one[MICO_RSA_MAX / 2] = {[MICO_RSA_MAX / 2 - 1] = 1};
    size_t len = number.len;
    unsigned halvings = 0;

    memcpy(less_one, number.data, len);
    less_one[len - 1]--;
    memcpy(odd, less_one, len);
    while ((odd[len - 1] & 1) == 0) {
        (void)divide(odd, odd, len, 2);
        halvings++;
    }
    mico_err err = mico_random(x, len);
    x[0] &= 0x7F; /* below the number, whose top bit is set */
    if (err == MICO_OK) {
        modular_exp(x, x, (struct mico_span){odd, len}, number);
        bool passes = mico_ct_equal(x, one + sizeof one - len, len) || mico_ct_equal(x, less_one, len);
        for (unsigned i = 1; i < halvings && !passes; i++) {
            modular_mul(x, x, x, number);
            passes = mico_ct_equal(x, less_one, len);
        }
        err = passes ? MICO_OK : MICO_ERR_CRYPTO;
    }
    mico_wipe(less_one, sizeof less_one);
    mico_wipe(odd, sizeof odd);
    mico_wipe(x, sizeof x);
    return err;
}

/* MICO_ERR_CRYPTO: the odd number is not prime, or the number less 1 shares a factor with the exponent. */
static mico_err test_prime(struct mico_span number, uint32_t exponent)
{
    for (size_t i = 0; i < sizeof small_primes; i++) {
        if (divide(NULL, number.data, number.len, small_primes[i]) == 0) {
            return MICO_ERR_CRYPTO;
        }
    }
    uint32_t a = exponent, b = divide(NULL, number.data, number.len, exponent);
    b = b == 0 ? exponent - 1 : b - 1;
    while (b != 0) { /* Euclid */
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    mico_err err = a == 1 ? MICO_OK : MICO_ERR_CRYPTO;
    for (int i = 0; i < ROUNDS && err == MICO_OK; i++) {
        err = witness(number);
    }
    return err;
}

/* Two top bits set: the product of two such primes has all its bits. other, or NULL: a prime that may not be near, that
 * is, have the same 100 top bits (B.3.3 step 5.4). */
static mico_err draw_prime(uint8_t *out, size_t len, const uint8_t *other, uint32_t exponent)
{
    for (unsigned i = 0; i < CANDIDATES; i++) {
        mico_err err = mico_random(out, len);
        if (err != MICO_OK) {
            return err;
        }
        out[0] |= 0xC0;
        out[len - 1] |= 1;
        err = other != NULL && mico_ct_equal(out, other, 12) ? MICO_ERR_CRYPTO
                                                             : test_prime((struct mico_span){out, len}, exponent);
        if (err != MICO_ERR_CRYPTO) {
            return err;
        }
    }
    return MICO_ERR_ENTROPY; /* a generator that never gives a prime is broken */
}

/* out = 1 / exponent modulo m, of len bytes: (k m + 1) / exponent with k = -1 / m modulo exponent. k is as good as public:
 * there are but `exponent` of them. */
static void invert_exponent(uint8_t *out, uint32_t exponent, const uint8_t *m, size_t len)
{
    uint8_t wide[MICO_RSA_MAX + 4];
    int64_t a = exponent, b = divide(NULL, m, len, exponent), x = 0, y = 1; /* y b = 1 in the end */
    while (b > 1) {
        int64_t quotient = a / b, rest = a % b, next = x - quotient * y;
        a = b;
        b = rest;
        x = y;
        y = next;
    }
    uint64_t k = (uint64_t)((int64_t)exponent - (y < 0 ? y + (int64_t)exponent : y)), carry = 1;
    for (size_t i = len; i-- > 0;) {
        carry += k * m[i];
        wide[4 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    mico_store_be32(wide, (uint32_t)carry);
    (void)divide(wide, wide, len + 4, exponent);
    memcpy(out, wide + 4, len);
    mico_wipe(wide, sizeof wide);
}

/* From p > q. */
static void complete(struct mico_rsa_key *key, size_t half, uint32_t exponent)
{
    uint8_t p1[MICO_RSA_MAX / 2], q1[MICO_RSA_MAX / 2], phi[MICO_RSA_MAX];

    multiply(key->n, key->p, key->q, half);
    memcpy(p1, key->p, half);
    memcpy(q1, key->q, half);
    p1[half - 1]--;
    q1[half - 1]--;
    multiply(phi, p1, q1, half);
    invert_exponent(key->d, exponent, phi, 2 * half);
    invert_exponent(key->dp, exponent, p1, half);
    invert_exponent(key->dq, exponent, q1, half);
    modular_invert(key->qinv, key->q, (struct mico_span){key->p, half});
    mico_wipe(p1, sizeof p1);
    mico_wipe(q1, sizeof q1);
    mico_wipe(phi, sizeof phi);
}

static struct mico_span stripped(const uint8_t *bytes, size_t len)
{
    while (len > 1 && *bytes == 0) {
        bytes++;
        len--;
    }
    return (struct mico_span){bytes, len};
}

mico_err mico_rsa_generate(size_t bits, uint32_t exponent, struct mico_rsa_key *room, struct mico_rsa_private *view)
{
    size_t len = bits / 8, half = len / 2;

    if (bits != 2048 && bits != 3072 && bits != 4096) {
        return MICO_ERR_UNSUPPORTED;
    }
    if (exponent < 3 || exponent % 2 == 0) {
        return MICO_ERR_PARAM;
    }
    mico_err err = draw_prime(room->p, half, NULL, exponent);
    if (err == MICO_OK) {
        err = draw_prime(room->q, half, room->p, exponent);
    }
    if (err != MICO_OK) {
        mico_wipe(room, sizeof *room);
        return err;
    }
    if (memcmp(room->p, room->q, half) < 0) { /* the order says nothing about the two */
        uint8_t swap[MICO_RSA_MAX / 2];
        memcpy(swap, room->p, half);
        memcpy(room->p, room->q, half);
        memcpy(room->q, swap, half);
        mico_wipe(swap, sizeof swap);
    }
    complete(room, half, exponent);
    mico_store_be32(room->e, exponent);
    *view = (struct mico_rsa_private){
        .pub = {{room->n, len}, stripped(room->e, sizeof room->e)},
        .d = stripped(room->d, len),
        .p = {room->p, half},
        .q = {room->q, half},
        .dp = stripped(room->dp, half),
        .dq = stripped(room->dq, half),
        .qinv = stripped(room->qinv, half),
    };
    err = mico_rsa_check_private(view); /* the pair-wise test of FIPS 140-2 section 4.9.2 */
    if (err != MICO_OK) {
        mico_wipe(room, sizeof *room);
    }
    return err;
}

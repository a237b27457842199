/* SPDX-License-Identifier: Apache-2.0 */
/* Range checks, number conversions and wiping around wolfCrypt's single-precision code for one curve (sp.h), which is
 * called directly: its ecc_key would bring 20 KiB of code and a heap. The scalars keep their leading zero digits, so
 * that no length tells of a secret. */
#include "crypto/primitives/ec_curve.h"

#include <stddef.h>
#include <string.h>

#include "crypto/primitives/must.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rfc6979.h"
#include "crypto/primitives/scalar.h"

#define DIGIT sizeof(mp_digit)
#define DRAWS 64 /* of a number below the order; one fails with 2^-32 on P-256, which is the worst */

/* An mp_int as long as the widest curve's numbers. */
union number {
    MP_INT_SIZE header;
    uint8_t space[MP_INT_SIZEOF(EC_SIZE_MAX / DIGIT)];
};

static mp_int *number(union number *n)
{
    return (mp_int *)(void *)n;
}

/* Digits are the processor's words, the lowest first; all of size bytes count as used. */
static mp_int *load(union number *n, const uint8_t *bytes, size_t size)
{
    uint8_t *out = n->space + offsetof(mp_int, dp);

    memset(n, 0, sizeof *n);
    n->header.used = (unsigned)(size / DIGIT);
    n->header.size = EC_SIZE_MAX / DIGIT;
    for (size_t i = 0; i < size; i += DIGIT) {
        mp_digit digit = 0;
        for (size_t k = 0; k < DIGIT; k++) {
            digit = digit << 8 | bytes[size - DIGIT - i + k];
        }
        memcpy(out + i, &digit, DIGIT);
    }
    return number(n);
}

/* The result of wolfCrypt's, which leaves leading zero digits out of `used`. */
static void store(const mp_int *n, uint8_t *bytes, size_t size)
{
    memset(bytes, 0, size);
    for (size_t i = 0; i < size; i++) {
        size_t at = size - 1 - i;
        mp_digit digit = at / DIGIT < n->used ? n->dp[at / DIGIT] : 0;
        bytes[i] = (uint8_t)(digit >> (8 * (at % DIGIT)));
    }
}

/* A private key or nonce; that it is refused is no secret. Never inlined: crypto/tests/constant_time.supp names it. */
__attribute__((noinline)) static mico_err load_scalar(const struct mico_ec *curve, union number *n,
                                                      const uint8_t *bytes)
{
    if (!scalar_in_range(bytes, curve->order, curve->size)) {
        return MICO_ERR_PARAM;
    }
    (void)load(n, bytes, curve->size);
    return MICO_OK;
}

mico_err mico_ec_public(const struct mico_ec *curve, const uint8_t *private_key, uint8_t *public_key)
{
    union number scalar;
    ecc_point point;

    mico_err err = load_scalar(curve, &scalar, private_key);
    if (err != MICO_OK) {
        return err;
    }
    memset(&point, 0, sizeof point);
    point.x->size = point.y->size = point.z->size = SP_INT_DIGITS;
    MICO_MUST(curve->times_base(number(&scalar), &point, 1, NULL) == 0);
    public_key[0] = 4; /* SEC 1 section 2.3.3: uncompressed */
    store(point.x, public_key + 1, curve->size);
    store(point.y, public_key + 1 + curve->size, curve->size);
    mico_wipe(&scalar, sizeof scalar);
    return MICO_OK;
}

/* A private key or nonce; SP 800-90A's output, refused until below the order (FIPS 186-4 B.4.2 and B.5.2). */
static mico_err draw(const struct mico_ec *curve, union number *n, uint8_t *bytes)
{
    for (int i = 0; i < DRAWS; i++) {
        mico_err err = mico_random(bytes, curve->size);
        if (err != MICO_OK || load_scalar(curve, n, bytes) == MICO_OK) {
            return err;
        }
    }
    return MICO_ERR_ENTROPY;
}

mico_err mico_ec_generate(const struct mico_ec *curve, uint8_t *private_key, uint8_t *public_key)
{
    union number scalar;
    mico_err err = draw(curve, &scalar, private_key);
    if (err == MICO_OK) {
        err = mico_ec_public(curve, private_key, public_key);
    }
    if (err != MICO_OK) {
        mico_wipe(private_key, curve->size);
    }
    mico_wipe(&scalar, sizeof scalar);
    return err;
}

/* Below the prime. Zero is a coordinate of a point of the curve (x = 0), so scalar_in_range does not do. */
static bool coordinate(const struct mico_ec *curve, const uint8_t *bytes)
{
    return memcmp(bytes, curve->prime, curve->size) < 0;
}

mico_err mico_ec_check(const struct mico_ec *curve, const uint8_t *public_key)
{
    union number x, y;

    if (public_key[0] != 4 || !coordinate(curve, public_key + 1) || !coordinate(curve, public_key + 1 + curve->size)) {
        return MICO_ERR_CRYPTO;
    }
    (void)load(&x, public_key + 1, curve->size);
    (void)load(&y, public_key + 1 + curve->size, curve->size);
    /* (0, 0), which some use for infinity, is off the curve. The cofactor is 1: no point is of low order. */
    return curve->on_curve(number(&x), number(&y)) == 0 ? MICO_OK : MICO_ERR_CRYPTO;
}

/* With this nonce. MICO_ERR_CRYPTO when r or s would be zero: another nonce is wanted. */
static mico_err sign_with(const struct mico_ecdsa *on, const mp_int *scalar, struct mico_span digest, mp_int *nonce,
                          uint8_t *signature)
{
    size_t size = on->curve->size;
    union number r, s;
    static const uint8_t zero[EC_SIZE_MAX];

    (void)load(&r, zero, size);
    (void)load(&s, zero, size);
    /* Without a generator wolfCrypt fails where it would draw another nonce. */
    if (on->sign(digest.data, mico_word32(digest.len), NULL, scalar, number(&r), number(&s), nonce, NULL) != 0) {
        return MICO_ERR_CRYPTO;
    }
    store(number(&r), signature, size);
    store(number(&s), signature + size, size);
    return MICO_OK;
}

mico_err mico_ec_sign(const struct mico_ecdsa *on, const uint8_t *private_key, struct mico_span digest,
                      uint8_t *signature)
{
    const struct mico_ec *curve = on->curve;
    union number scalar, nonce;
    uint8_t bytes[EC_SIZE_MAX];

    mico_err err = load_scalar(curve, &scalar, private_key);
    if (err != MICO_OK) {
        return err;
    }
    err = draw(curve, &nonce, bytes);
    if (err == MICO_OK) {
        /* No one will see a zero r or s of a random nonce (2^-255): a broken generator rather. */
        err = sign_with(on, number(&scalar), digest, number(&nonce), signature) == MICO_OK ? MICO_OK : MICO_ERR_ENTROPY;
    }
    mico_wipe(bytes, sizeof bytes);
    mico_wipe(&nonce, sizeof nonce);
    mico_wipe(&scalar, sizeof scalar);
    return err;
}

mico_err mico_ec_sign_deterministic(const struct mico_ecdsa *on, const uint8_t *private_key, struct mico_span digest,
                                    const struct mico_digest *hash, uint8_t *signature)
{
    const struct mico_ec *curve = on->curve;
    union number scalar, nonce;
    uint8_t bytes[EC_SIZE_MAX];
    struct rfc6979 drbg;

    mico_err err = load_scalar(curve, &scalar, private_key);
    if (err != MICO_OK) {
        return err;
    }
    rfc6979_start(&drbg, hash, (struct mico_span){private_key, curve->size}, digest,
                  (struct mico_span){curve->order, curve->size});
    err = MICO_ERR_CRYPTO;
    for (int i = 0; i < DRAWS && err != MICO_OK; i++) {
        rfc6979_next(&drbg, bytes, curve->size);
        err = load_scalar(curve, &nonce, bytes);
        if (err == MICO_OK) {
            err = sign_with(on, number(&scalar), digest, number(&nonce), signature);
        }
    }
    mico_wipe(&drbg, sizeof drbg);
    mico_wipe(bytes, sizeof bytes);
    mico_wipe(&nonce, sizeof nonce);
    mico_wipe(&scalar, sizeof scalar);
    return err;
}

mico_err mico_ec_verify(const struct mico_ecdsa *on, const uint8_t *public_key, struct mico_span digest,
                        const uint8_t *signature)
{
    const struct mico_ec *curve = on->curve;
    static const uint8_t one[EC_SIZE_MAX] = {[EC_SIZE_MAX - 1] = 1};
    union number x, y, z, r, s;
    int valid = 0;

    if (mico_ec_check(curve, public_key) != MICO_OK || load_scalar(curve, &r, signature) != MICO_OK ||
        load_scalar(curve, &s, signature + curve->size) != MICO_OK) {
        return MICO_ERR_AUTH;
    }
    (void)load(&x, public_key + 1, curve->size);
    (void)load(&y, public_key + 1 + curve->size, curve->size);
    (void)load(&z, one + EC_SIZE_MAX - curve->size, curve->size);
    int failed = on->verify(digest.data, mico_word32(digest.len), number(&x), number(&y), number(&z), number(&r),
                            number(&s), &valid, NULL);
    return failed == 0 && valid == 1 ? MICO_OK : MICO_ERR_AUTH;
}

mico_err mico_ec_agree(const struct mico_ecdh *on, const uint8_t *private_key, const uint8_t *public_key,
                       uint8_t *secret)
{
    const struct mico_ec *curve = on->curve;
    union number scalar;
    ecc_point point;
    word32 len = (word32)curve->size;

    mico_err err = mico_ec_check(curve, public_key);
    if (err == MICO_OK) {
        err = load_scalar(curve, &scalar, private_key);
    }
    if (err != MICO_OK) {
        return err;
    }
    memset(&point, 0, sizeof point);
    for (size_t i = 0; i < 2; i++) {
        union number n;
        mp_int *to = i == 0 ? point.x : point.y;
        (void)load(&n, public_key + 1 + i * curve->size, curve->size);
        to->used = n.header.used;
        to->size = SP_INT_DIGITS;
        memcpy(to->dp, n.space + offsetof(mp_int, dp), curve->size);
    }
    point.z->used = 1;
    point.z->size = SP_INT_DIGITS;
    point.z->dp[0] = 1;
    MICO_MUST(on->agree(number(&scalar), &point, secret, &len, NULL) == 0 && len == curve->size);
    mico_wipe(&scalar, sizeof scalar);
    return MICO_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* RSA's bare functions: wolfCrypt's code for each size, and around the private one blinding (Kocher) and a check of its
 * result (Boneh, DeMillo, Lipton: one faulty signature by CRT gives the primes away). */
#include "crypto/primitives/rsa.h"

#include <string.h>

#include "crypto/primitives/modular.h"
#include "crypto/primitives/must.h"
#include "crypto/primitives/number.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/scalar.h"

#include <wolfssl/wolfcrypt/sp.h>

#define DRAWS 64 /* of a number below n that has an inverse: one fails with 1/2 at most */

mico_err mico_rsa_check_public(const struct mico_rsa_public *key)
{
    struct mico_span n = key->n, e = key->e;
    bool size = n.len == 128 || n.len == 256 || n.len == 384 || n.len == 512;
    bool exponent =
        e.len >= 1 && e.len <= 8 && e.data[0] != 0 && (e.data[e.len - 1] & 1) != 0 && (e.len > 1 || e.data[0] >= 3);
    return size && exponent && (n.data[0] & 0x80) != 0 && (n.data[n.len - 1] & 1) != 0 ? MICO_OK : MICO_ERR_PARAM;
}

mico_err mico_rsa_encrypt_op(const struct mico_rsa_public *key, const uint8_t *in, uint8_t *out)
{
    if (mico_rsa_check_public(key) != MICO_OK || !modular_below(in, key->n)) {
        return MICO_ERR_PARAM;
    }
    modular_exp(out, in, key->e, key->n);
    return MICO_OK;
}

mico_err mico_rsa_public_op(const struct mico_rsa_public *key, const uint8_t *in, uint8_t *out)
{
    mp_int n, e;
    word32 len = (word32)key->n.len;
    int failed;

    if (mico_rsa_check_public(key) != MICO_OK || !modular_below(in, key->n)) {
        return MICO_ERR_PARAM;
    }
    number_load_public(&n, key->n);
    number_load_public(&e, key->e);
    switch (len) {
    case 256:
        failed = sp_RsaPublic_2048(in, len, &e, &n, out, &len);
        break;
    case 384:
        failed = sp_RsaPublic_3072(in, len, &e, &n, out, &len);
        break;
    case 512:
        failed = sp_RsaPublic_4096(in, len, &e, &n, out, &len);
        break;
    default:
        modular_exp(out, in, key->e, key->n);
        failed = 0;
    }
    return failed == 0 ? MICO_OK : MICO_ERR_CRYPTO;
}

/* By the Chinese remainder theorem, constant time. */
static mico_err by_primes(const struct mico_rsa_private *key, uint8_t *number)
{
    struct {
        mp_int n, d, p, q, dp, dq, qinv;
    } load;
    word32 len = (word32)key->pub.n.len;
    int failed;

    number_load(&load.n, key->pub.n.data, len);
    number_load(&load.d, key->d.data, key->d.len);
    number_load(&load.p, key->p.data, key->p.len);
    number_load(&load.q, key->q.data, key->q.len);
    number_load(&load.dp, key->dp.data, key->dp.len);
    number_load(&load.dq, key->dq.data, key->dq.len);
    number_load(&load.qinv, key->qinv.data, key->qinv.len);
    switch (len) {
    case 256:
        failed = sp_RsaPrivate_2048(number, len, &load.d, &load.p, &load.q, &load.dp, &load.dq, &load.qinv, &load.n,
                                    number, &len);
        break;
    case 384:
        failed = sp_RsaPrivate_3072(number, len, &load.d, &load.p, &load.q, &load.dp, &load.dq, &load.qinv, &load.n,
                                    number, &len);
        break;
    default:
        failed = sp_RsaPrivate_4096(number, len, &load.d, &load.p, &load.q, &load.dp, &load.dq, &load.qinv, &load.n,
                                    number, &len);
    }
    mico_wipe(&load, sizeof load);
    return failed == 0 ? MICO_OK : MICO_ERR_CRYPTO;
}

/* A random number below n. */
static mico_err draw_below(struct mico_span n, uint8_t *out)
{
    for (int i = 0; i < DRAWS; i++) {
        mico_err err = mico_random(out, n.len);
        if (err != MICO_OK || scalar_in_range(out, n.data, n.len)) {
            return err;
        }
    }
    return MICO_ERR_ENTROPY;
}

/* r and 1 / r. The inverse's time depends on its operand: that is r times another random number. */
static mico_err draw_blinding(struct mico_span n, uint8_t *r, uint8_t *inverse)
{
    uint8_t other[MICO_RSA_MAX];
    mp_int modulus, product;

    mico_err err = draw_below(n, r);
    if (err == MICO_OK) {
        err = draw_below(n, other);
    }
    if (err == MICO_OK) {
        modular_mul(inverse, r, other, n);
        number_load_public(&modulus, n);
        number_load_public(&product, (struct mico_span){inverse, n.len});
        err =
            mp_invmod(&product, &modulus, &product) == MP_OKAY ? MICO_OK : MICO_ERR_CRYPTO; /* shares a prime with n */
    }
    if (err == MICO_OK) {
        number_store(&product, inverse, n.len);
        modular_mul(inverse, inverse, other, n);
    }
    mico_wipe(other, sizeof other);
    return err;
}

mico_err mico_rsa_private_op(const struct mico_rsa_private *key, const uint8_t *in, uint8_t *out)
{
    struct {
        uint8_t r[MICO_RSA_MAX], inverse[MICO_RSA_MAX], number[MICO_RSA_MAX], check[MICO_RSA_MAX];
    } work;
    struct mico_span n = key->pub.n;

    if (mico_rsa_check_public(&key->pub) != MICO_OK || n.len == 128 || !modular_below(in, n)) {
        return MICO_ERR_PARAM;
    }
    mico_err err = draw_blinding(n, work.r, work.inverse);
    if (err == MICO_OK) {
        modular_exp(work.r, work.r, key->pub.e, n);
        modular_mul(work.number, in, work.r, n);
        err = by_primes(key, work.number);
    }
    if (err == MICO_OK) {
        modular_mul(work.number, work.number, work.inverse, n);
        modular_exp(work.check, work.number, key->pub.e, n);
    }
    if (err == MICO_OK && !mico_ct_equal(work.check, in, n.len)) {
        err = MICO_ERR_CRYPTO;
    }
    if (err == MICO_OK) {
        memcpy(out, work.number, n.len);
    }
    mico_wipe(&work, sizeof work);
    return err;
}

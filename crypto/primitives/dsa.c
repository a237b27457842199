/* SPDX-License-Identifier: Apache-2.0 */
/* DSA: FIPS 186-4 section 4, names as there. */
#include "crypto/primitives/dsa.h"

#include <string.h>

#include "crypto/primitives/modular.h"
#include "crypto/primitives/must.h"
#include "crypto/primitives/number.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rfc6979.h"
#include "crypto/primitives/scalar.h"

#define DRAWS 128 /* of a number below q: one fails with 1/2 at most */

/* out = number modulo q, both public. */
static void reduce(uint8_t *out, struct mico_span number, struct mico_span q)
{
    mp_int n, modulus;
    number_load_public(&n, number);
    number_load_public(&modulus, q);
    MICO_MUST(mp_mod(&n, &modulus, &n) == MP_OKAY);
    number_store(&n, out, q.len);
}

static bool is_one(const uint8_t *number, size_t len)
{
    return number[len - 1] == 1 && mico_ct_is_zero(number, len - 1);
}

/* Padded to p's length. */
static void pad(uint8_t *out, struct mico_span number, size_t len)
{
    memset(out, 0, len - number.len);
    memcpy(out + len - number.len, number.data, number.len);
}

/* Is 1 < number < p, and of order q? */
static bool in_group(const struct mico_dsa_domain *domain, struct mico_span number)
{
    uint8_t padded[MICO_DSA_P_MAX];
    size_t len = domain->p.len;

    if (number.len == 0 || number.len > len) {
        return false;
    }
    pad(padded, number, len);
    if (!modular_below(padded, domain->p) || is_one(padded, len) || mico_ct_is_zero(padded, len)) {
        return false;
    }
    modular_exp(padded, padded, domain->q, domain->p);
    return is_one(padded, len);
}

mico_err mico_dsa_check_domain(const struct mico_dsa_domain *domain)
{
    struct mico_span p = domain->p, q = domain->q;
    uint8_t rest[MICO_DSA_Q_MAX];
    bool sizes = (p.len == 128 && q.len == 20) || (p.len == 256 && (q.len == 28 || q.len == 32)) ||
                 (p.len == 384 && q.len == 32);

    if (!sizes || (p.data[0] & q.data[0] & 0x80) == 0 || (p.data[p.len - 1] & q.data[q.len - 1] & 1) == 0) {
        return MICO_ERR_PARAM;
    }
    reduce(rest, p, q);
    return is_one(rest, q.len) && in_group(domain, domain->g) ? MICO_OK : MICO_ERR_PARAM;
}

mico_err mico_dsa_check_public(const struct mico_dsa_public *key)
{
    mico_err err = mico_dsa_check_domain(&key->domain);
    return err == MICO_OK && !in_group(&key->domain, key->y) ? MICO_ERR_PARAM : err;
}

/* That a number is refused is no secret. */
static mico_err check_scalar(const uint8_t *x, struct mico_span q)
{
    return scalar_in_range(x, q.data, q.len) ? MICO_OK : MICO_ERR_PARAM;
}

static mico_err draw(struct mico_span q, uint8_t *x)
{
    for (int i = 0; i < DRAWS; i++) {
        mico_err err = mico_random(x, q.len);
        if (err != MICO_OK || check_scalar(x, q) == MICO_OK) {
            return err;
        }
    }
    return MICO_ERR_ENTROPY;
}

/* out = g^x mod p. x is as long as q, and its leading zeros count: a nonce's length would give the key away. */
static void power_of_g(const struct mico_dsa_domain *domain, const uint8_t *x, uint8_t *out)
{
    uint8_t g[MICO_DSA_P_MAX];
    pad(g, domain->g, domain->p.len);
    modular_exp(out, g, (struct mico_span){x, domain->q.len}, domain->p);
}

mico_err mico_dsa_public(const struct mico_dsa_domain *domain, const uint8_t *x, uint8_t *y)
{
    mico_err err = check_scalar(x, domain->q);
    if (err == MICO_OK) {
        power_of_g(domain, x, y);
    }
    return err;
}

mico_err mico_dsa_generate(const struct mico_dsa_domain *domain, uint8_t *x, uint8_t *y)
{
    mico_err err = draw(domain->q, x);
    if (err == MICO_OK) {
        power_of_g(domain, x, y);
    } else {
        mico_wipe(x, domain->q.len);
    }
    return err;
}

/* Section 4.6 with this nonce. MICO_ERR_CRYPTO when r or s is zero: another nonce is wanted.
 *
 * s = (z + x r) / k is computed as (b z + b x r) / (b k) with a random b: what a processor's power tells of a product's operands
 * is of numbers that no one knows. */
static mico_err sign_with(const struct mico_dsa_domain *domain, const uint8_t *x, struct mico_span digest,
                          const uint8_t *k, uint8_t *signature)
{
    uint8_t power[MICO_DSA_P_MAX], b[MICO_DSA_Q_MAX], bx[MICO_DSA_Q_MAX], bk[MICO_DSA_Q_MAX], z[MICO_DSA_Q_MAX],
        r[MICO_DSA_Q_MAX];
    struct mico_span q = domain->q;

    mico_err err = draw(q, b);
    if (err != MICO_OK) {
        return err;
    }
    power_of_g(domain, k, power); /* a verifier computes it too: public from here on */
    reduce(r, (struct mico_span){power, domain->p.len}, q);
    modular_mul(bk, k, b, q);
    modular_invert(bk, bk, q);
    modular_mul(bx, x, b, q);
    scalar_of_digest(z, digest, q);
    modular_mul(z, z, b, q);
    modular_mul(bx, bx, r, q);
    modular_add(z, z, bx, q);
    modular_mul(z, z, bk, q); /* s */
    err = mico_ct_is_zero(r, q.len) || mico_ct_is_zero(z, q.len) ? MICO_ERR_CRYPTO : MICO_OK;
    if (err == MICO_OK) {
        memcpy(signature, r, q.len);
        memcpy(signature + q.len, z, q.len);
    }
    mico_wipe(b, sizeof b);
    mico_wipe(bx, sizeof bx);
    mico_wipe(bk, sizeof bk);
    mico_wipe(z, sizeof z);
    return err;
}

mico_err mico_dsa_sign(const struct mico_dsa_domain *domain, const uint8_t *x, struct mico_span digest,
                       const struct mico_digest *hash, uint8_t *signature)
{
    struct mico_span q = domain->q;
    struct rfc6979 drbg;
    uint8_t k[MICO_DSA_Q_MAX];

    mico_err err = check_scalar(x, q);
    if (err != MICO_OK) {
        return err;
    }
    if (hash != NULL) {
        rfc6979_start(&drbg, hash, (struct mico_span){x, q.len}, digest, q);
    }
    err = MICO_ERR_CRYPTO;
    for (int i = 0; i < DRAWS && err == MICO_ERR_CRYPTO; i++) {
        if (hash != NULL) {
            rfc6979_next(&drbg, k, q.len);
            err = check_scalar(k, q) == MICO_OK ? MICO_OK : MICO_ERR_CRYPTO;
        } else {
            err = draw(q, k);
        }
        if (err == MICO_OK) {
            err = sign_with(domain, x, digest, k, signature);
        }
    }
    mico_wipe(k, sizeof k);
    mico_wipe(&drbg, sizeof drbg);
    return err == MICO_ERR_CRYPTO ? MICO_ERR_ENTROPY : err; /* a generator that gives no nonce is broken */
}

/* out = out * base ^ exponent mod p. An exponent of 0 leaves it. */
static void multiply_power(const struct mico_dsa_domain *domain, uint8_t *out, struct mico_span base,
                           const uint8_t *exponent)
{
    uint8_t power[MICO_DSA_P_MAX];
    if (!mico_ct_is_zero(exponent, domain->q.len)) {
        pad(power, base, domain->p.len);
        modular_exp(power, power, (struct mico_span){exponent, domain->q.len}, domain->p);
        modular_mul(out, out, power, domain->p);
    }
}

/* Section 4.7. */
mico_err mico_dsa_verify(const struct mico_dsa_public *key, struct mico_span digest, struct mico_span signature)
{
    uint8_t w[MICO_DSA_Q_MAX], u[MICO_DSA_Q_MAX], v[MICO_DSA_P_MAX] = {0};
    const struct mico_dsa_domain *domain = &key->domain;
    struct mico_span p = domain->p, q = domain->q;

    if (signature.len != 2 * q.len || check_scalar(signature.data, q) != MICO_OK ||
        check_scalar(signature.data + q.len, q) != MICO_OK) {
        return MICO_ERR_AUTH;
    }
    modular_invert(w, signature.data + q.len, q);
    v[p.len - 1] = 1;
    scalar_of_digest(u, digest, q);
    modular_mul(u, u, w, q);
    multiply_power(domain, v, domain->g, u);
    modular_mul(u, signature.data, w, q);
    multiply_power(domain, v, key->y, u);
    reduce(u, (struct mico_span){v, p.len}, q);
    return memcmp(u, signature.data, q.len) == 0 ? MICO_OK : MICO_ERR_AUTH;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/srp/srp6.h"

#include <string.h>

#include "crypto/primitives/primitives.h"

static void add_number(const struct srp6 *srp, struct mico_digest_state *hash, const uint8_t *number,
                       enum srp6_rule rule)
{
    size_t zeros = 0;
    while (rule == SRP6_STRIPPED && zeros < srp->group.size && number[zeros] == 0) {
        zeros++;
    }
    srp->digest->add(hash, number + zeros, srp->group.size - zeros);
}

/* out = H(pad a | pad b). */
static void hash_pair(const struct srp6 *srp, const uint8_t *a, const uint8_t *b, uint8_t out[MICO_DIGEST_MAX])
{
    struct mico_digest_state hash;
    srp->digest->start(&hash);
    add_number(srp, &hash, a, SRP6_PADDED);
    add_number(srp, &hash, b, SRP6_PADDED);
    srp->digest->finish(&hash, out);
}

static void pad(const struct srp6 *srp, struct mico_span in, uint8_t *out)
{
    memset(out, 0, srp->group.size - in.len);
    memcpy(out + srp->group.size - in.len, in.data, in.len);
}

/* out = k * number mod N. */
static void k_times(const struct srp6 *srp, const uint8_t *number, uint8_t *out)
{
    uint8_t k[SRP_GROUP_MAX], hash[MICO_DIGEST_MAX];
    pad(srp, (struct mico_span){&srp->group.generator, 1}, k);
    hash_pair(srp, srp->group.N, k, hash);
    pad(srp, (struct mico_span){hash, srp->digest->size}, k);
    modular_mul(out, k, number, srp_group_prime(&srp->group));
}

void srp6_raise(const struct srp6 *srp, struct mico_span exponent, uint8_t *out)
{
    uint8_t g[SRP_GROUP_MAX];
    pad(srp, (struct mico_span){&srp->group.generator, 1}, g);
    modular_exp(out, g, exponent, srp_group_prime(&srp->group));
}

mico_err srp6_draw(const struct srp6 *srp, uint8_t exponent[SRP_PRIVATE_MAX])
{
    mico_err err = mico_random(exponent, srp->group.private_size);
    exponent[0] |= 0x80; /* so the time of raising to it tells nothing */
    return err;
}

void srp6_server_share(const struct srp6 *srp, const uint8_t *b, const uint8_t *verifier, uint8_t *B)
{
    uint8_t kv[SRP_GROUP_MAX];
    k_times(srp, verifier, kv);
    srp6_raise(srp, (struct mico_span){b, srp->group.private_size}, B);
    modular_add(B, B, kv, srp_group_prime(&srp->group));
    mico_wipe(kv, sizeof kv);
}

mico_err srp6_take_share(const struct srp6 *srp, struct mico_span in, uint8_t *share)
{
    if (in.len == 0 || in.len > srp->group.size) {
        return MICO_ERR_SIZE;
    }
    pad(srp, in, share);
    bool zero = mico_ct_is_zero(share, srp->group.size) || memcmp(share, srp->group.N, srp->group.size) == 0;
    return zero ? MICO_ERR_CRYPTO : MICO_OK;
}

bool srp6_is_verifier(const struct srp6 *srp, const uint8_t *number)
{
    return !mico_ct_is_zero(number, srp->group.size) && modular_below(number, srp_group_prime(&srp->group));
}

/* out = in mod N for a public number below 2 N, which any is since N's top bit is set. */
static void reduce(const struct srp6 *srp, const uint8_t *in, uint8_t *out)
{
    unsigned borrow = 0;
    if (modular_below(in, srp_group_prime(&srp->group))) {
        memcpy(out, in, srp->group.size);
        return;
    }
    for (size_t i = srp->group.size; i-- > 0;) {
        unsigned difference = 0x100u + in[i] - srp->group.N[i] - borrow;
        out[i] = (uint8_t)difference;
        borrow = 1 - (difference >> 8);
    }
}

/* MICO_ERR_CRYPTO for u = 0, which would leave the password out; nobody has seen one. */
static mico_err make_u(const struct srp6 *srp, struct srp6_shares shares, uint8_t u[MICO_DIGEST_MAX])
{
    hash_pair(srp, shares.A, shares.B, u);
    return mico_ct_is_zero(u, srp->digest->size) ? MICO_ERR_CRYPTO : MICO_OK;
}

/* The power of a + u x as a product, base^a (base^u)^x: the sum may be longer than the shortest group's N. */
mico_err srp6_client_secret(const struct srp6 *srp, struct srp6_shares shares, const uint8_t *a, struct mico_span x,
                            uint8_t *S)
{
    uint8_t base[SRP_GROUP_MAX], v[SRP_GROUP_MAX], u[MICO_DIGEST_MAX];
    struct mico_span N = srp_group_prime(&srp->group);
    mico_err err = make_u(srp, shares, u);

    if (err == MICO_OK) {
        srp6_raise(srp, x, v);
        k_times(srp, v, v);
        reduce(srp, shares.B, base);
        modular_sub(base, base, v, N);
        modular_exp(v, base, (struct mico_span){u, srp->digest->size}, N);
        modular_exp(v, v, x, N);
        modular_exp(base, base, (struct mico_span){a, srp->group.private_size}, N);
        modular_mul(S, base, v, N);
        mico_wipe(base, sizeof base);
        mico_wipe(v, sizeof v);
    }
    return err;
}

mico_err srp6_server_secret(const struct srp6 *srp, struct srp6_shares shares, const uint8_t *b,
                            const uint8_t *verifier, uint8_t *S)
{
    uint8_t base[SRP_GROUP_MAX], u[MICO_DIGEST_MAX];
    struct mico_span N = srp_group_prime(&srp->group);
    mico_err err = make_u(srp, shares, u);

    if (err == MICO_OK) {
        modular_exp(S, verifier, (struct mico_span){u, srp->digest->size}, N);
        reduce(srp, shares.A, base);
        modular_mul(S, S, base, N);
        modular_exp(S, S, (struct mico_span){b, srp->group.private_size}, N);
    }
    return err;
}

void srp6_key(const struct srp6 *srp, const uint8_t *S, enum srp6_rule rule, uint8_t K[MICO_DIGEST_MAX])
{
    struct mico_digest_state hash;
    srp->digest->start(&hash);
    add_number(srp, &hash, S, rule);
    srp->digest->finish(&hash, K);
}

void srp6_first_proof(const struct srp6 *srp, struct mico_span user, struct mico_span salt, struct srp6_shares shares,
                      const uint8_t *K, enum srp6_rule rule, uint8_t M1[MICO_DIGEST_MAX])
{
    const struct mico_digest *digest = srp->digest;
    uint8_t group[MICO_DIGEST_MAX], other[MICO_DIGEST_MAX];
    struct mico_digest_state hash;

    mico_digest_of(digest, srp_group_prime(&srp->group), group);
    mico_digest_of(digest, (struct mico_span){&srp->group.generator, 1}, other);
    for (size_t i = 0; i < digest->size; i++) {
        group[i] ^= other[i];
    }
    mico_digest_of(digest, user, other);
    digest->start(&hash);
    digest->add(&hash, group, digest->size);
    digest->add(&hash, other, digest->size);
    digest->add(&hash, salt.data, salt.len);
    add_number(srp, &hash, shares.A, rule);
    add_number(srp, &hash, shares.B, rule);
    digest->add(&hash, K, digest->size);
    digest->finish(&hash, M1);
}

void srp6_second_proof(const struct srp6 *srp, const uint8_t *A, const uint8_t *M1, const uint8_t *K,
                       uint8_t M2[MICO_DIGEST_MAX])
{
    struct mico_digest_state hash;
    srp->digest->start(&hash);
    add_number(srp, &hash, A, SRP6_PADDED);
    srp->digest->add(&hash, M1, srp->digest->size);
    srp->digest->add(&hash, K, srp->digest->size);
    srp->digest->finish(&hash, M2);
}

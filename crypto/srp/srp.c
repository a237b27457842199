/* SPDX-License-Identifier: Apache-2.0 */
/* SRP-6a, both sides. Letters as in RFC 2945 and RFC 5054:
 *
 *   x = H(s | H(I ":" P))   k = H(N | pad g)   u = H(pad A | pad B)   v = g^x
 *   B = k v + g^b           S = (A v^u)^b = (B - k g^x)^(a + u x)     K = H(S)
 *   M1 = H(H(N) xor H(g) | H(I) | s | A | B | K)                      M2 = H(pad A | M1 | K)
 *
 * One rule hashes A (in M1) and S padded to 384 bytes, the other without leading zero bytes. */
#include "crypto/srp/srp.h"

#include <string.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/trust.h"
#include "crypto/srp/srp_math.h"
#include "crypto/srp/srp_test_entry.h"

#define REDRAWS 64 /* each is needed with probability 1/256 (client: 1/128) */

enum step { IDLE = 0, STARTED = 0x5A, PROVED = 0xA5 };
enum rule { PADDED, STRIPPED };

static const uint8_t user[] = {'P', 'a', 'i', 'r', '-', 'S', 'e', 't', 'u', 'p'};

static void add_number(struct mico_sha512 *hash, const uint8_t number[MICO_SRP_SIZE], enum rule rule)
{
    size_t zeros = 0;
    while (rule == STRIPPED && zeros < MICO_SRP_SIZE && number[zeros] == 0) {
        zeros++;
    }
    mico_sha512_add(hash, number + zeros, MICO_SRP_SIZE - zeros);
}

/* H(pad a | pad b): k from N and g, u from A and B. */
static void hash_pair(const uint8_t a[MICO_SRP_SIZE], const uint8_t b[MICO_SRP_SIZE], uint8_t out[64])
{
    struct mico_sha512 hash;
    mico_sha512_start(&hash);
    add_number(&hash, a, PADDED);
    add_number(&hash, b, PADDED);
    mico_sha512_finish(&hash, out);
}

static void secret_x(struct mico_span code, const uint8_t salt[MICO_SRP_SALT_SIZE], uint8_t x[64])
{
    struct mico_sha512 hash;
    mico_sha512_start(&hash);
    mico_sha512_add(&hash, user, sizeof user);
    mico_sha512_add(&hash, ":", 1);
    mico_sha512_add(&hash, code.data, code.len);
    mico_sha512_finish(&hash, x);
    mico_sha512_start(&hash);
    mico_sha512_add(&hash, salt, MICO_SRP_SALT_SIZE);
    mico_sha512_add(&hash, x, 64);
    mico_sha512_finish(&hash, x);
}

/* out = k * v mod N. */
static void k_times(const uint8_t v[MICO_SRP_SIZE], uint8_t out[MICO_SRP_SIZE])
{
    uint8_t k[MICO_SRP_SIZE] = {0};
    hash_pair(srp_N, srp_g, k + MICO_SRP_SIZE - 64);
    srp_mul(out, k, v);
}

static void session_key(const uint8_t S[MICO_SRP_SIZE], enum rule rule, uint8_t K[MICO_SRP_KEY_SIZE])
{
    struct mico_sha512 hash;
    mico_sha512_start(&hash);
    add_number(&hash, S, rule);
    mico_sha512_finish(&hash, K);
}

static void first_proof(const uint8_t salt[MICO_SRP_SALT_SIZE], const uint8_t A[MICO_SRP_SIZE],
                        const uint8_t B[MICO_SRP_SIZE], const uint8_t K[MICO_SRP_KEY_SIZE], enum rule rule,
                        uint8_t M1[MICO_SRP_PROOF_SIZE])
{
    uint8_t group[64], g[64], name[64];
    struct mico_sha512 hash;

    mico_sha512(srp_N, MICO_SRP_SIZE, group);
    mico_sha512(srp_g + MICO_SRP_SIZE - 1, 1, g);
    mico_sha512(user, sizeof user, name);
    for (size_t i = 0; i < sizeof group; i++) {
        group[i] ^= g[i];
    }
    mico_sha512_start(&hash);
    mico_sha512_add(&hash, group, sizeof group);
    mico_sha512_add(&hash, name, sizeof name);
    mico_sha512_add(&hash, salt, MICO_SRP_SALT_SIZE);
    add_number(&hash, A, rule);
    add_number(&hash, B, rule);
    mico_sha512_add(&hash, K, MICO_SRP_KEY_SIZE);
    mico_sha512_finish(&hash, M1);
}

static void second_proof(const uint8_t A[MICO_SRP_SIZE], const uint8_t M1[MICO_SRP_PROOF_SIZE],
                         const uint8_t K[MICO_SRP_KEY_SIZE], uint8_t M2[MICO_SRP_PROOF_SIZE])
{
    struct mico_sha512 hash;
    mico_sha512_start(&hash);
    add_number(&hash, A, PADDED);
    mico_sha512_add(&hash, M1, MICO_SRP_PROOF_SIZE);
    mico_sha512_add(&hash, K, MICO_SRP_KEY_SIZE);
    mico_sha512_finish(&hash, M2);
}

/* A peer's number, padded; MICO_ERR_SIZE, or MICO_ERR_CRYPTO when it is 0 mod N. Not reduced: it is hashed as it came.
 */
static mico_err take_number(struct mico_span in, uint8_t out[MICO_SRP_SIZE])
{
    if (in.len == 0 || in.len > MICO_SRP_SIZE) {
        return MICO_ERR_SIZE;
    }
    memset(out, 0, MICO_SRP_SIZE - in.len);
    memcpy(out + MICO_SRP_SIZE - in.len, in.data, in.len);
    bool zero = mico_ct_is_zero(out, MICO_SRP_SIZE) || memcmp(out, srp_N, MICO_SRP_SIZE) == 0;
    return zero ? MICO_ERR_CRYPTO : MICO_OK;
}

mico_err mico_srp_verifier(struct mico_span code, const uint8_t salt[MICO_SRP_SALT_SIZE],
                           uint8_t verifier[MICO_SRP_SIZE])
{
    uint8_t x[64];
    mico_err err = mico_trust_ask_unapproved();
    if (err != MICO_OK) {
        mico_wipe(verifier, MICO_SRP_SIZE);
        return err;
    }
    secret_x(code, salt, x);
    srp_exp(verifier, srp_g, MICO_SPAN(x));
    mico_wipe(x, sizeof x);
    srp_scrub_stack();
    return MICO_OK;
}

void mico_srp_server_stop(struct mico_srp_server *server)
{
    mico_wipe(server, sizeof *server);
}

void mico_srp_server_start_with(struct mico_srp_server *server, const uint8_t salt[MICO_SRP_SALT_SIZE],
                                const uint8_t verifier[MICO_SRP_SIZE], const uint8_t b[MICO_SRP_PRIVATE_SIZE],
                                uint8_t B[MICO_SRP_SIZE])
{
    uint8_t kv[MICO_SRP_SIZE];

    memcpy(server->salt, salt, MICO_SRP_SALT_SIZE);
    memcpy(server->verifier, verifier, MICO_SRP_SIZE);
    memmove(server->b, b, MICO_SRP_PRIVATE_SIZE);
    k_times(verifier, kv);
    srp_exp(server->B, srp_g, MICO_SPAN(server->b));
    srp_add(server->B, server->B, kv);
    memcpy(B, server->B, MICO_SRP_SIZE);
    server->step = STARTED;
    mico_wipe(kv, sizeof kv);
    srp_scrub_stack();
}

mico_err mico_srp_server_start(struct mico_srp_server *server, const uint8_t salt[MICO_SRP_SALT_SIZE],
                               const uint8_t verifier[MICO_SRP_SIZE], uint8_t B[MICO_SRP_SIZE])
{
    mico_srp_server_stop(server);
    mico_err asked = mico_trust_ask_unapproved();
    if (asked != MICO_OK) {
        return asked;
    }
    if (mico_ct_is_zero(verifier, MICO_SRP_SIZE) || !srp_below_N(verifier)) {
        return MICO_ERR_PARAM;
    }
    for (unsigned i = 0; i < REDRAWS; i++) {
        mico_err err = mico_random(server->b, sizeof server->b);
        if (err != MICO_OK) {
            mico_srp_server_stop(server);
            return err;
        }
        server->b[0] |= 0x80; /* all exponents are as long, so the time of raising to them tells nothing */
        mico_srp_server_start_with(server, salt, verifier, server->b, B);
        if (B[0] != 0) {
            return MICO_OK;
        }
    }
    mico_srp_server_stop(server);
    return MICO_ERR_ENTROPY;
}

/* S = (A v^u)^b. */
static void server_secret(const struct mico_srp_server *server, const uint8_t A[MICO_SRP_SIZE],
                          uint8_t S[MICO_SRP_SIZE])
{
    uint8_t u[64], base[MICO_SRP_SIZE];

    hash_pair(A, server->B, u);
    srp_exp(S, server->verifier, MICO_SPAN(u));
    srp_reduce(base, A);
    srp_mul(S, S, base);
    srp_exp(S, S, MICO_SPAN(server->b));
    srp_scrub_stack();
}

/* Try the proof under one rule; true leaves its key in K. */
static bool proof_holds(const struct mico_srp_server *server, const uint8_t A[MICO_SRP_SIZE],
                        const uint8_t S[MICO_SRP_SIZE], const uint8_t M1[MICO_SRP_PROOF_SIZE], enum rule rule,
                        uint8_t K[MICO_SRP_KEY_SIZE])
{
    uint8_t want[MICO_SRP_PROOF_SIZE];
    session_key(S, rule, K);
    first_proof(server->salt, A, server->B, K, rule, want);
    bool equal = mico_ct_equal(want, M1, sizeof want);
    mico_wipe(want, sizeof want);
    return equal;
}

mico_err mico_srp_server_finish(struct mico_srp_server *server, struct mico_span A,
                                const uint8_t M1[MICO_SRP_PROOF_SIZE], uint8_t M2[MICO_SRP_PROOF_SIZE],
                                uint8_t key[MICO_SRP_KEY_SIZE])
{
    uint8_t padded[MICO_SRP_SIZE], S[MICO_SRP_SIZE], K[MICO_SRP_KEY_SIZE];
    mico_err err = server->step == STARTED ? mico_trust_ask_unapproved() : MICO_ERR_STATE;

    if (err == MICO_OK) {
        err = take_number(A, padded);
    }
    if (err == MICO_OK) {
        server_secret(server, padded, S);
        bool right = proof_holds(server, padded, S, M1, PADDED, K) || proof_holds(server, padded, S, M1, STRIPPED, K);
        err = right ? MICO_OK : MICO_ERR_AUTH;
    }
    if (err == MICO_OK) {
        second_proof(padded, M1, K, M2);
        memcpy(key, K, MICO_SRP_KEY_SIZE);
    } else {
        mico_wipe(M2, MICO_SRP_PROOF_SIZE);
        mico_wipe(key, MICO_SRP_KEY_SIZE);
    }
    mico_wipe(S, sizeof S);
    mico_wipe(K, sizeof K);
    mico_srp_server_stop(server);
    return err;
}

void mico_srp_client_stop(struct mico_srp_client *client)
{
    mico_wipe(client, sizeof *client);
}

void mico_srp_client_start_with(struct mico_srp_client *client, const uint8_t a[MICO_SRP_PRIVATE_SIZE])
{
    memmove(client->a, a, MICO_SRP_PRIVATE_SIZE);
    srp_exp(client->A, srp_g, MICO_SPAN(client->a));
    client->step = STARTED;
    srp_scrub_stack();
}

/* Draw a until A's first byte is not zero. */
static mico_err client_draw(struct mico_srp_client *client)
{
    for (unsigned i = 0; i < REDRAWS; i++) {
        mico_err err = mico_random(client->a, sizeof client->a);
        if (err != MICO_OK) {
            return err;
        }
        client->a[0] |= 0x80; /* as the server's b */
        mico_srp_client_start_with(client, client->a);
        if (client->A[0] != 0) {
            return MICO_OK;
        }
    }
    return MICO_ERR_ENTROPY;
}

mico_err mico_srp_client_start(struct mico_srp_client *client)
{
    mico_srp_client_stop(client);
    mico_err err = mico_trust_ask_unapproved();
    if (err == MICO_OK) {
        err = client_draw(client);
    }
    if (err != MICO_OK) {
        mico_srp_client_stop(client);
    }
    return err;
}

/* S = (B - k g^x)^(a + u x), for the a drawn last. */
static void client_secret(const struct mico_srp_client *client, const uint8_t x[64], const uint8_t B[MICO_SRP_SIZE],
                          uint8_t S[MICO_SRP_SIZE])
{
    uint8_t u[64], exponent[SRP_EXPONENT_SIZE], base[MICO_SRP_SIZE];

    srp_exp(S, srp_g, (struct mico_span){x, 64});
    k_times(S, S);
    srp_reduce(base, B);
    srp_sub(base, base, S);
    hash_pair(client->A, B, u);
    srp_exponent(exponent, client->a, u, x);
    srp_exp(S, base, MICO_SPAN(exponent));
    mico_wipe(exponent, sizeof exponent);
    mico_wipe(base, sizeof base);
    srp_scrub_stack();
}

mico_err mico_srp_client_prove(struct mico_srp_client *client, const uint8_t salt[MICO_SRP_SALT_SIZE],
                               struct mico_span B, struct mico_span code, uint8_t A[MICO_SRP_SIZE],
                               uint8_t M1[MICO_SRP_PROOF_SIZE])
{
    uint8_t x[64], padded[MICO_SRP_SIZE], S[MICO_SRP_SIZE] = {0};
    mico_err err = client->step == STARTED ? mico_trust_ask_unapproved() : MICO_ERR_STATE;

    if (err == MICO_OK) {
        err = take_number(B, padded);
    }
    secret_x(code, salt, x);
    for (unsigned i = 0; err == MICO_OK; i++) {
        client_secret(client, x, padded, S);
        if (S[0] != 0) {
            break;
        }
        err = i < REDRAWS ? client_draw(client) : MICO_ERR_ENTROPY;
    }
    if (err == MICO_OK) {
        session_key(S, PADDED, client->key);
        first_proof(salt, client->A, padded, client->key, PADDED, M1);
        second_proof(client->A, M1, client->key, client->M2);
        memcpy(A, client->A, MICO_SRP_SIZE);
        client->step = PROVED;
    } else {
        mico_srp_client_stop(client);
    }
    mico_wipe(x, sizeof x);
    mico_wipe(S, sizeof S);
    return err;
}

mico_err mico_srp_client_check(struct mico_srp_client *client, const uint8_t M2[MICO_SRP_PROOF_SIZE],
                               uint8_t key[MICO_SRP_KEY_SIZE])
{
    mico_err err = client->step == PROVED ? mico_trust_ask_unapproved() : MICO_ERR_STATE;
    if (err == MICO_OK && !mico_ct_equal(M2, client->M2, MICO_SRP_PROOF_SIZE)) {
        err = MICO_ERR_AUTH;
    }
    if (err == MICO_OK) {
        memcpy(key, client->key, MICO_SRP_KEY_SIZE);
    } else {
        mico_wipe(key, MICO_SRP_KEY_SIZE);
    }
    mico_srp_client_stop(client);
    return err;
}

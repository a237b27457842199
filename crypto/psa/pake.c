/* SPDX-License-Identifier: Apache-2.0 */
/* psa_pake_*: SRP-6a (RFC 2945, RFC 5054's 3072-bit group) in the API's steps. Letters as in crypto/srp/srp.c, whose
 * arithmetic this uses; the hash is the algorithm's, numbers are hashed padded to 384 bytes. Own shares are drawn until
 * their first byte is not zero, so that a peer who hashes them stripped sees the same bytes; the server takes a proof
 * under either rule.
 *
 *   not set up ── setup ──▶ active ── set_role, set_user ──▶ SALT, KEY_SHARE (out and in), CONFIRM (M1, then M2) ──
 *     get_shared_key, abort ──▶ not set up;   any error ──▶ only abort is left */
#include <string.h>

#include "crypto/psa/core.h"
#include "crypto/psa/hash.h"
#include "crypto/srp/srp_math.h"

#define BITS 3072
#define REDRAWS 64 /* each is needed with probability 1/256 */

enum done { ROLE = 1, USER = 2, SALT = 4, OWN_SHARE = 8, PEER_SHARE = 16, M1 = 32, M2 = 64 };
enum rule { PADDED, STRIPPED };

psa_status_t psa_pake_abort(psa_pake_operation_t *operation)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    mico_wipe(operation, sizeof *operation);
    return PSA_SUCCESS;
}

/* Leave nothing but the need to abort. */
static psa_status_t fail(psa_pake_operation_t *operation, psa_status_t status)
{
    psa_algorithm_t alg = operation->alg;
    mico_wipe(operation, sizeof *operation);
    operation->alg = alg;
    operation->failed = alg != 0;
    return status;
}

static psa_status_t settle(psa_pake_operation_t *operation, psa_status_t status)
{
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

/* Has all of `before` been done, and nothing of `not_yet`? */
static bool may(const psa_pake_operation_t *operation, unsigned before, unsigned not_yet)
{
    return psa_is_sound() && operation->alg != 0 && !operation->failed && (operation->step & before) == before &&
           (operation->step & not_yet) == 0;
}

static psa_status_t check_suite(const psa_pake_cipher_suite_t *suite)
{
    if (!PSA_ALG_IS_PAKE(suite->alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!PSA_ALG_IS_SRP_6(suite->alg) || psa_digest_of(suite->alg) == NULL) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (PSA_PAKE_PRIMITIVE_GET_TYPE(suite->primitive) != PSA_PAKE_PRIMITIVE_TYPE_DH ||
        suite->key_confirmation != PSA_PAKE_CONFIRMED_KEY) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    bool group = suite->primitive == PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, BITS);
    return group ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED;
}

/* Take the key's secret over; inside psa_enter. */
static psa_status_t take_key(psa_pake_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg)
{
    struct psa_slot *slot;
    psa_status_t status = psa_find(key, PSA_KEY_USAGE_DERIVE, alg, &slot);
    if (status != PSA_SUCCESS) {
        return status;
    }
    psa_key_type_t type = slot->key.attributes.type;
    size_t len = slot->key.note_len;
    if (slot->driver != &psa_software) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (type == PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526) && len == psa_digest_of(alg)->size) {
        memcpy(operation->secret + sizeof operation->secret - len, slot->key.note, len);
        return PSA_SUCCESS;
    }
    if (type == PSA_KEY_TYPE_SRP_PUBLIC_KEY(PSA_DH_FAMILY_RFC3526)) {
        memcpy(operation->verifier, slot->key.note, MICO_SRP_SIZE);
        operation->key_is_verifier = 1;
        return PSA_SUCCESS;
    }
    return PSA_ERROR_INVALID_ARGUMENT;
}

psa_status_t psa_pake_setup(psa_pake_operation_t *operation, psa_key_id_t password_key,
                            const psa_pake_cipher_suite_t *cipher_suite)
{
    if (operation == NULL || cipher_suite == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (operation->alg != 0) {
        return PSA_ERROR_BAD_STATE;
    }
    psa_status_t status = check_suite(cipher_suite);
    if (status != PSA_SUCCESS) {
        return status;
    }
    memset(operation, 0, sizeof *operation);
    status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = take_key(operation, password_key, cipher_suite->alg);
    }
    (void)psa_leave(status);
    if (status == PSA_SUCCESS) {
        operation->alg = cipher_suite->alg;
        operation->primitive = cipher_suite->primitive;
    } else {
        mico_wipe(operation, sizeof *operation);
    }
    return status;
}

psa_status_t psa_pake_set_role(psa_pake_operation_t *operation, psa_pake_role_t role)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!may(operation, 0, ROLE | SALT | OWN_SHARE | PEER_SHARE)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (role != (operation->key_is_verifier ? PSA_PAKE_ROLE_SERVER : PSA_PAKE_ROLE_CLIENT)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    operation->role = role;
    operation->step |= ROLE;
    return PSA_SUCCESS;
}

psa_status_t psa_pake_set_user(psa_pake_operation_t *operation, const uint8_t *user_id, size_t user_id_len)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!may(operation, 0, USER | SALT | OWN_SHARE | PEER_SHARE)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (user_id == NULL || user_id_len == 0 || user_id_len > MICO_PSA_PAKE_USER_MAX) {
        bool long_one = user_id != NULL && user_id_len > MICO_PSA_PAKE_USER_MAX;
        return fail(operation, long_one ? PSA_ERROR_NOT_SUPPORTED : PSA_ERROR_INVALID_ARGUMENT);
    }
    memcpy(operation->user, user_id, user_id_len);
    operation->user_length = (uint8_t)user_id_len;
    operation->step |= USER;
    return PSA_SUCCESS;
}

psa_status_t psa_pake_set_peer(psa_pake_operation_t *operation, const uint8_t *peer_id, size_t peer_id_len)
{
    return operation == NULL ? PSA_ERROR_INVALID_ARGUMENT : fail(operation, PSA_ERROR_BAD_STATE);
}

psa_status_t psa_pake_set_context(psa_pake_operation_t *operation, const uint8_t *context, size_t context_len)
{
    return operation == NULL ? PSA_ERROR_INVALID_ARGUMENT : fail(operation, PSA_ERROR_BAD_STATE);
}

static void add_number(const struct mico_digest *digest, struct mico_digest_state *hash,
                       const uint8_t number[MICO_SRP_SIZE], enum rule rule)
{
    size_t zeros = 0;
    while (rule == STRIPPED && zeros < MICO_SRP_SIZE && number[zeros] == 0) {
        zeros++;
    }
    digest->add(hash, number + zeros, MICO_SRP_SIZE - zeros);
}

/* H(pad a | pad b) in the last bytes of out. */
static void hash_pair(const struct mico_digest *digest, const uint8_t *a, const uint8_t *b, uint8_t *out, size_t size)
{
    struct mico_digest_state hash;
    memset(out, 0, size);
    digest->start(&hash);
    digest->add(&hash, a, MICO_SRP_SIZE);
    digest->add(&hash, b, MICO_SRP_SIZE);
    digest->finish(&hash, out + size - digest->size);
}

/* k * number mod N. */
static void k_times(const struct mico_digest *digest, const uint8_t number[MICO_SRP_SIZE], uint8_t out[MICO_SRP_SIZE])
{
    uint8_t k[MICO_SRP_SIZE];
    hash_pair(digest, srp_N, srp_g, k, sizeof k);
    srp_mul(out, k, number);
}

/* A = g^a, or B = k v + g^b. */
static psa_status_t make_share(psa_pake_operation_t *operation)
{
    uint8_t kv[MICO_SRP_SIZE];
    psa_status_t status = PSA_ERROR_INSUFFICIENT_ENTROPY;
    for (unsigned i = 0; i < REDRAWS; i++) {
        status = psa_status_of(mico_random(operation->exponent, sizeof operation->exponent));
        if (status != PSA_SUCCESS) {
            break;
        }
        operation->exponent[0] |= 0x80; /* all exponents are as long, so the time of raising to them tells nothing */
        srp_exp(operation->own_share, srp_g, MICO_SPAN(operation->exponent));
        if (operation->role == PSA_PAKE_ROLE_SERVER) {
            k_times(psa_digest_of(operation->alg), operation->verifier, kv);
            srp_add(operation->own_share, operation->own_share, kv);
        }
        if (operation->own_share[0] != 0) {
            break;
        }
        status = PSA_ERROR_INSUFFICIENT_ENTROPY;
    }
    mico_wipe(kv, sizeof kv);
    srp_scrub_stack();
    return status;
}

/* S = (B - k g^x)^(a + u x). */
static void client_secret(const psa_pake_operation_t *operation, const uint8_t u[64], uint8_t S[MICO_SRP_SIZE])
{
    uint8_t base[MICO_SRP_SIZE], exponent[SRP_EXPONENT_SIZE];
    srp_exp(S, srp_g, MICO_SPAN(operation->secret));
    k_times(psa_digest_of(operation->alg), S, S);
    srp_reduce(base, operation->peer_share);
    srp_sub(base, base, S);
    srp_exponent(exponent, operation->exponent, u, operation->secret);
    srp_exp(S, base, MICO_SPAN(exponent));
    mico_wipe(base, sizeof base);
    mico_wipe(exponent, sizeof exponent);
}

/* S = (A v^u)^b. */
static void server_secret(const psa_pake_operation_t *operation, const uint8_t u[64], uint8_t S[MICO_SRP_SIZE])
{
    uint8_t base[MICO_SRP_SIZE];
    srp_exp(S, operation->verifier, (struct mico_span){u, 64});
    srp_reduce(base, operation->peer_share);
    srp_mul(S, S, base);
    srp_exp(S, S, MICO_SPAN(operation->exponent));
}

/* PSA_ERROR_INVALID_ARGUMENT for u = 0 mod the hash's size, of which nobody has seen one. */
static psa_status_t make_secret(const psa_pake_operation_t *operation, uint8_t S[MICO_SRP_SIZE])
{
    const struct mico_digest *digest = psa_digest_of(operation->alg);
    bool client = operation->role == PSA_PAKE_ROLE_CLIENT;
    const uint8_t *A = client ? operation->own_share : operation->peer_share;
    const uint8_t *B = client ? operation->peer_share : operation->own_share;
    uint8_t u[64];
    hash_pair(digest, A, B, u, sizeof u);
    if (mico_ct_is_zero(u, sizeof u)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    (client ? client_secret : server_secret)(operation, u, S);
    srp_scrub_stack();
    return PSA_SUCCESS;
}

/* M1 = H(H(N) xor H(g) | H(I) | s | A | B | K), K = H(S). */
static void first_proof(const psa_pake_operation_t *operation, const uint8_t S[MICO_SRP_SIZE], enum rule rule,
                        uint8_t K[64], uint8_t proof[64])
{
    const struct mico_digest *digest = psa_digest_of(operation->alg);
    bool client = operation->role == PSA_PAKE_ROLE_CLIENT;
    uint8_t group[64], g[64];
    struct mico_digest_state hash;

    digest->start(&hash);
    add_number(digest, &hash, S, rule);
    digest->finish(&hash, K);
    mico_digest_of(digest, (struct mico_span){srp_N, MICO_SRP_SIZE}, group);
    mico_digest_of(digest, (struct mico_span){srp_g + MICO_SRP_SIZE - 1, 1}, g);
    for (size_t i = 0; i < digest->size; i++) {
        group[i] ^= g[i];
    }
    mico_digest_of(digest, (struct mico_span){operation->user, operation->user_length}, g);
    digest->start(&hash);
    digest->add(&hash, group, digest->size);
    digest->add(&hash, g, digest->size);
    digest->add(&hash, operation->salt, operation->salt_length);
    add_number(digest, &hash, client ? operation->own_share : operation->peer_share, rule);
    add_number(digest, &hash, client ? operation->peer_share : operation->own_share, rule);
    digest->add(&hash, K, digest->size);
    digest->finish(&hash, proof);
}

/* M2 = H(A | M1 | K). */
static void second_proof(const psa_pake_operation_t *operation, const uint8_t first[64], uint8_t proof[64])
{
    const struct mico_digest *digest = psa_digest_of(operation->alg);
    bool client = operation->role == PSA_PAKE_ROLE_CLIENT;
    struct mico_digest_state hash;
    digest->start(&hash);
    digest->add(&hash, client ? operation->own_share : operation->peer_share, MICO_SRP_SIZE);
    digest->add(&hash, first, digest->size);
    digest->add(&hash, operation->shared, digest->size);
    digest->finish(&hash, proof);
}

/* The client's proof, and what the server's must be. */
static psa_status_t prove(psa_pake_operation_t *operation, uint8_t *out)
{
    uint8_t S[MICO_SRP_SIZE];
    psa_status_t status = make_secret(operation, S);
    if (status == PSA_SUCCESS) {
        first_proof(operation, S, PADDED, operation->shared, out);
        second_proof(operation, out, operation->proof);
    }
    mico_wipe(S, sizeof S);
    return status;
}

/* Check the client's proof, under either rule. */
static psa_status_t check_proof(psa_pake_operation_t *operation, const uint8_t *got)
{
    uint8_t S[MICO_SRP_SIZE], want[2][64], K[2][64];
    size_t size = psa_digest_of(operation->alg)->size;
    psa_status_t status = make_secret(operation, S);
    for (enum rule rule = PADDED; status == PSA_SUCCESS && rule <= STRIPPED; rule++) {
        first_proof(operation, S, rule, K[rule], want[rule]);
    }
    if (status == PSA_SUCCESS) {
        bool padded = mico_ct_equal(want[PADDED], got, size), stripped = mico_ct_equal(want[STRIPPED], got, size);
        memcpy(operation->shared, K[padded ? PADDED : STRIPPED], size);
        status = padded || stripped ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
    }
    if (status == PSA_SUCCESS) {
        second_proof(operation, got, operation->proof);
    }
    mico_wipe(S, sizeof S);
    mico_wipe(want, sizeof want);
    mico_wipe(K, sizeof K);
    return status;
}

static psa_status_t give(psa_pake_operation_t *operation, psa_pake_step_t step, uint8_t *out, size_t cap, size_t *len)
{
    bool client = operation->role == PSA_PAKE_ROLE_CLIENT;
    size_t size = step == PSA_PAKE_STEP_KEY_SHARE ? MICO_SRP_SIZE : psa_digest_of(operation->alg)->size;
    psa_status_t status = PSA_SUCCESS;
    if (cap < size) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (step == PSA_PAKE_STEP_KEY_SHARE) {
        if (!may(operation, ROLE | USER, OWN_SHARE)) {
            return PSA_ERROR_BAD_STATE;
        }
        status = make_share(operation);
        memcpy(out, operation->own_share, size);
        operation->step |= OWN_SHARE;
    } else if (client) {
        if (!may(operation, SALT | OWN_SHARE | PEER_SHARE, M1)) {
            return PSA_ERROR_BAD_STATE;
        }
        status = prove(operation, out);
        operation->step |= M1;
    } else {
        if (!may(operation, M1, M2)) {
            return PSA_ERROR_BAD_STATE;
        }
        memcpy(out, operation->proof, size);
        operation->step |= M2;
    }
    *len = status == PSA_SUCCESS ? size : 0;
    return status;
}

psa_status_t psa_pake_output(psa_pake_operation_t *operation, psa_pake_step_t step, uint8_t *output, size_t output_size,
                             size_t *output_length)
{
    if (operation == NULL || output_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *output_length = 0;
    if (!may(operation, 0, 0)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (output == NULL || (step != PSA_PAKE_STEP_KEY_SHARE && step != PSA_PAKE_STEP_CONFIRM)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    return settle(operation, give(operation, step, output, output_size, output_length));
}

/* A peer's number, padded: not 0 mod N. Not reduced: it is hashed as it came. */
static psa_status_t take_share(psa_pake_operation_t *operation, struct mico_span in)
{
    if (!may(operation, ROLE | USER, PEER_SHARE)) {
        return PSA_ERROR_BAD_STATE;
    }
    if (in.len > MICO_SRP_SIZE) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    memcpy(operation->peer_share + MICO_SRP_SIZE - in.len, in.data, in.len);
    bool zero = mico_ct_is_zero(operation->peer_share, MICO_SRP_SIZE) ||
                memcmp(operation->peer_share, srp_N, MICO_SRP_SIZE) == 0;
    operation->step |= PEER_SHARE;
    return zero ? PSA_ERROR_INVALID_ARGUMENT : PSA_SUCCESS;
}

static psa_status_t take_salt(psa_pake_operation_t *operation, struct mico_span in)
{
    if (!may(operation, ROLE | USER, SALT | M1)) {
        return PSA_ERROR_BAD_STATE;
    }
    if (in.len > sizeof operation->salt) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    memcpy(operation->salt, in.data, in.len);
    operation->salt_length = (uint8_t)in.len;
    operation->step |= SALT;
    return PSA_SUCCESS;
}

static psa_status_t take_proof(psa_pake_operation_t *operation, struct mico_span in)
{
    bool client = operation->role == PSA_PAKE_ROLE_CLIENT;
    size_t size = psa_digest_of(operation->alg)->size;
    if (client ? !may(operation, M1, M2) : !may(operation, SALT | OWN_SHARE | PEER_SHARE, M1)) {
        return PSA_ERROR_BAD_STATE;
    }
    if (in.len != size) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    operation->step |= client ? M2 : M1;
    if (client) {
        return mico_ct_equal(operation->proof, in.data, size) ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
    }
    return check_proof(operation, in.data);
}

psa_status_t psa_pake_input(psa_pake_operation_t *operation, psa_pake_step_t step, const uint8_t *input,
                            size_t input_length)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!may(operation, 0, 0)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    struct mico_span in = {input, input_length};
    if (input == NULL || input_length == 0) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    switch (step) {
    case PSA_PAKE_STEP_SALT:
        return settle(operation, take_salt(operation, in));
    case PSA_PAKE_STEP_KEY_SHARE:
        return settle(operation, take_share(operation, in));
    case PSA_PAKE_STEP_CONFIRM:
        return settle(operation, take_proof(operation, in));
    default:
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
}

psa_status_t psa_pake_get_shared_key(psa_pake_operation_t *operation, const psa_key_attributes_t *attributes,
                                     psa_key_id_t *key)
{
    if (key != NULL) {
        *key = PSA_KEY_ID_NULL;
    }
    if (operation == NULL || attributes == NULL || key == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (!may(operation, M1 | M2, 0)) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    psa_key_type_t type = attributes->type;
    if (type != PSA_KEY_TYPE_DERIVE && type != PSA_KEY_TYPE_HMAC && type != PSA_KEY_TYPE_RAW_DATA &&
        type != PSA_KEY_TYPE_PASSWORD) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status =
            psa_add_key(attributes, (struct mico_span){operation->shared, psa_digest_of(operation->alg)->size}, key);
    }
    (void)psa_leave(status);
    return status == PSA_SUCCESS ? psa_pake_abort(operation) : fail(operation, status);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* psa_pake_*: SRP-6a in RFC 5054's groups (crypto/srp/srp6.h, whose letters these are) in the API's steps. The hash is the
 * algorithm's; numbers are hashed padded. Own shares are drawn until their first byte is not zero, so that a peer who
 * hashes them stripped sees the same bytes; the server takes a proof under either rule.
 *
 *   not set up ── setup ──▶ active ── set_role, set_user ──▶ SALT, KEY_SHARE (out and in), CONFIRM (M1, then M2) ──
 *     get_shared_key, abort ──▶ not set up;   any error but of setup ──▶ only abort is left */
#include <string.h>

#include "crypto/psa/core.h"
#include "crypto/psa/hash.h"
#include "crypto/srp/srp6.h"

#define REDRAWS 64 /* each is needed with probability 1/256 */

enum done { ROLE = 1, USER = 2, SALT = 4, OWN_SHARE = 8, PEER_SHARE = 16, M1 = 32, M2 = 64 };

_Static_assert(MICO_PSA_PAKE_SHARE_MAX == SRP_GROUP_MAX, "an operation holds the longest numbers");
_Static_assert(sizeof((psa_pake_operation_t *)0)->exponent == SRP_PRIVATE_MAX, "and the longest exponent");

/* The group and hash of an operation that is set up, or of a suite; false for those that are not here. */
static bool open_srp(struct srp6 *srp, psa_algorithm_t alg, psa_pake_primitive_t primitive)
{
    if (!PSA_HAS(PSA_WANT_ALG_SRP_6)) {
        return false;
    }
    srp->digest = psa_digest_of(alg);
    return srp->digest != NULL && PSA_PAKE_PRIMITIVE_GET_FAMILY(primitive) == PSA_DH_FAMILY_RFC3526 &&
           srp_group_open(&srp->group, PSA_PAKE_PRIMITIVE_GET_BITS(primitive));
}

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
    mico_wipe(operation, sizeof *operation);
    operation->failed = 1;
    return status;
}

static psa_status_t settle(psa_pake_operation_t *operation, psa_status_t status)
{
    return status == PSA_SUCCESS ? status : fail(operation, status);
}

/* Has all of `before` been done, and nothing of `not_yet`? */
static bool may(const psa_pake_operation_t *operation, unsigned before, unsigned not_yet)
{
    return psa_is_of_now(operation->era) && operation->alg != 0 && !operation->failed &&
           (operation->step & before) == before && (operation->step & not_yet) == 0;
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
    struct srp6 srp;
    return open_srp(&srp, suite->alg, suite->primitive) ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED;
}

/* Take the key's secret over, which is of this era; inside psa_enter. The key is of the suite's group. */
static psa_status_t take_key(psa_pake_operation_t *operation, psa_key_id_t key, const psa_pake_cipher_suite_t *suite)
{
    struct psa_slot *slot;
    psa_status_t status = psa_find(key, PSA_KEY_USAGE_DERIVE, suite->alg, &slot);
    if (status != PSA_SUCCESS) {
        return status;
    }
    psa_key_type_t type = slot->key.attributes.type;
    size_t len = slot->key.note_len;
    operation->era = psa_era();
    if (slot->driver != &psa_software) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (slot->key.attributes.bits != PSA_PAKE_PRIMITIVE_GET_BITS(suite->primitive)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (type == PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526) && len == psa_digest_of(suite->alg)->size) {
        memcpy(operation->secret, slot->key.note, len);
        return PSA_SUCCESS;
    }
    if (type == PSA_KEY_TYPE_SRP_PUBLIC_KEY(PSA_DH_FAMILY_RFC3526) && len == slot->key.attributes.bits / 8u) {
        memcpy(operation->verifier, slot->key.note, len);
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
    if (operation->alg != 0 || operation->failed) {
        return PSA_ERROR_BAD_STATE;
    }
    psa_status_t status = check_suite(cipher_suite);
    if (status != PSA_SUCCESS) {
        return status;
    }
    memset(operation, 0, sizeof *operation);
    status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = take_key(operation, password_key, cipher_suite);
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

static struct srp6_shares shares_of(const psa_pake_operation_t *operation)
{
    bool client = operation->role == PSA_PAKE_ROLE_CLIENT;
    return (struct srp6_shares){.A = client ? operation->own_share : operation->peer_share,
                                .B = client ? operation->peer_share : operation->own_share};
}

/* A = g^a, or B = k v + g^b. */
static psa_status_t make_share(psa_pake_operation_t *operation, const struct srp6 *srp)
{
    for (unsigned i = 0; i < REDRAWS; i++) {
        mico_err err = srp6_draw(srp, operation->exponent);
        if (err != MICO_OK) {
            return psa_status_of(err);
        }
        if (operation->role == PSA_PAKE_ROLE_SERVER) {
            srp6_server_share(srp, operation->exponent, operation->verifier, operation->own_share);
        } else {
            srp6_raise(srp, (struct mico_span){operation->exponent, srp->group.private_size}, operation->own_share);
        }
        if (operation->own_share[0] != 0) {
            return PSA_SUCCESS;
        }
    }
    return PSA_ERROR_INSUFFICIENT_ENTROPY;
}

static void first_proof(const psa_pake_operation_t *operation, const struct srp6 *srp, const uint8_t *S,
                        enum srp6_rule rule, uint8_t K[64], uint8_t proof[64])
{
    srp6_key(srp, S, rule, K);
    srp6_first_proof(srp, (struct mico_span){operation->user, operation->user_length},
                     (struct mico_span){operation->salt, operation->salt_length}, shares_of(operation), K, rule, proof);
}

/* The client's proof, and what the server's must be. */
static psa_status_t prove(psa_pake_operation_t *operation, const struct srp6 *srp, uint8_t *out)
{
    uint8_t S[SRP_GROUP_MAX], proof[64];
    struct mico_span x = {operation->secret, srp->digest->size};
    if (srp6_client_secret(srp, shares_of(operation), operation->exponent, x, S) != MICO_OK) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    first_proof(operation, srp, S, SRP6_PADDED, operation->shared, proof);
    srp6_second_proof(srp, operation->own_share, proof, operation->shared, operation->proof);
    memcpy(out, proof, srp->digest->size);
    mico_wipe(S, sizeof S);
    return PSA_SUCCESS;
}

/* Check the client's proof, under either rule. */
static psa_status_t check_proof(psa_pake_operation_t *operation, const struct srp6 *srp, const uint8_t *got)
{
    uint8_t S[SRP_GROUP_MAX], want[2][64], K[2][64];
    size_t size = srp->digest->size;
    if (srp6_server_secret(srp, shares_of(operation), operation->exponent, operation->verifier, S) != MICO_OK) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    for (enum srp6_rule rule = SRP6_PADDED; rule <= SRP6_STRIPPED; rule++) {
        first_proof(operation, srp, S, rule, K[rule], want[rule]);
    }
    bool padded = mico_ct_equal(want[SRP6_PADDED], got, size), stripped = mico_ct_equal(want[SRP6_STRIPPED], got, size);
    memcpy(operation->shared, K[padded ? SRP6_PADDED : SRP6_STRIPPED], size);
    if (padded || stripped) {
        srp6_second_proof(srp, operation->peer_share, got, operation->shared, operation->proof);
    }
    mico_wipe(S, sizeof S);
    mico_wipe(want, sizeof want);
    mico_wipe(K, sizeof K);
    return padded || stripped ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
}

static psa_status_t give(psa_pake_operation_t *operation, psa_pake_step_t step, uint8_t *out, size_t cap, size_t *len)
{
    bool client = operation->role == PSA_PAKE_ROLE_CLIENT;
    psa_status_t status = PSA_SUCCESS;
    struct srp6 srp;
    if (!open_srp(&srp, operation->alg, operation->primitive)) {
        return PSA_ERROR_BAD_STATE;
    }
    size_t size = step == PSA_PAKE_STEP_KEY_SHARE ? srp.group.size : srp.digest->size;
    if (cap < size) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (step == PSA_PAKE_STEP_KEY_SHARE) {
        if (!may(operation, ROLE | USER, OWN_SHARE)) {
            return PSA_ERROR_BAD_STATE;
        }
        status = make_share(operation, &srp);
        memcpy(out, operation->own_share, size);
        operation->step |= OWN_SHARE;
    } else if (client) {
        if (!may(operation, SALT | OWN_SHARE | PEER_SHARE, M1)) {
            return PSA_ERROR_BAD_STATE;
        }
        status = prove(operation, &srp, out);
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

static psa_status_t take_share(psa_pake_operation_t *operation, struct mico_span in)
{
    struct srp6 srp;
    if (!may(operation, ROLE | USER, PEER_SHARE) || !open_srp(&srp, operation->alg, operation->primitive)) {
        return PSA_ERROR_BAD_STATE;
    }
    operation->step |= PEER_SHARE;
    return srp6_take_share(&srp, in, operation->peer_share) == MICO_OK ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
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
    struct srp6 srp;
    if (!open_srp(&srp, operation->alg, operation->primitive)) {
        return PSA_ERROR_BAD_STATE;
    }
    size_t size = srp.digest->size;
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
    return check_proof(operation, &srp, in.data);
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

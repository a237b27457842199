/* SPDX-License-Identifier: Apache-2.0 */
/* psa_hash_*: no key, so no location and no lock.
 *
 *   not set up ── setup, clone, resume ──▶ active ── update … ── finish, verify, suspend, abort ──▶ not set up
 *   any error but of a set-up, which changes nothing ──▶ failed ── abort ──▶ not set up */
#include "crypto/psa/hash.h"

#include <string.h>

#include "crypto/psa/core.h"

_Static_assert(sizeof(((psa_hash_operation_t *)NULL)->state) >= sizeof(struct mico_digest_state),
               "an operation holds every hash");

static const struct {
    psa_algorithm_t alg;
    const struct mico_digest *digest;
} hashes[] = {
#ifdef PSA_WANT_ALG_MD5
    {PSA_ALG_MD5, &mico_md5_digest},
#endif
#ifdef PSA_WANT_ALG_SHA_1
    {PSA_ALG_SHA_1, &mico_sha1_digest},
#endif
#ifdef PSA_WANT_ALG_SHA_224
    {PSA_ALG_SHA_224, &mico_sha224_digest},
#endif
#ifdef PSA_WANT_ALG_SHA_256
    {PSA_ALG_SHA_256, &mico_sha256_digest},
#endif
#ifdef PSA_WANT_ALG_SHA_384
    {PSA_ALG_SHA_384, &mico_sha384_digest},
#endif
#ifdef PSA_WANT_ALG_SHA_512
    {PSA_ALG_SHA_512, &mico_sha512_digest},
#endif
    {PSA_ALG_NONE, NULL}, /* the end */
};

static const struct mico_digest *digest_named(psa_algorithm_t hash)
{
    for (size_t i = 0; hashes[i].digest != NULL; i++) {
        if (hashes[i].alg == hash) {
            return hashes[i].digest;
        }
    }
    return NULL;
}

const struct mico_digest *psa_digest_of(psa_algorithm_t alg)
{
    return digest_named(PSA_ALG_GET_HASH(alg));
}

static struct mico_digest_state *state_of(psa_hash_operation_t *operation)
{
    return (struct mico_digest_state *)operation->state;
}

/* The hash that a call names: PSA_ERROR_INVALID_ARGUMENT for another kind of algorithm, PSA_ERROR_NOT_SUPPORTED. */
static psa_status_t find(psa_algorithm_t alg, const struct mico_digest **digest)
{
    *digest = digest_named(alg);
    if (*digest == NULL && !PSA_ALG_IS_HASH(alg)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_may_without(alg);
    return status != PSA_SUCCESS ? status : *digest != NULL ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED;
}

/* The hash of an operation; NULL where none is set up, and after zeroisation. */
static const struct mico_digest *digest_in(const psa_hash_operation_t *operation)
{
    return psa_is_of_now(operation->era) ? psa_digest_of(operation->alg) : NULL;
}

psa_status_t psa_hash_compute(psa_algorithm_t alg, const uint8_t *input, size_t input_length, uint8_t *hash,
                              size_t hash_size, size_t *hash_length)
{
    const struct mico_digest *digest;
    if (hash_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *hash_length = 0;
    psa_status_t status = find(alg, &digest);
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (!psa_pointer_ok(input, input_length) || !psa_pointer_ok(hash, hash_size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (hash_size < digest->size) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    mico_digest_of(digest, (struct mico_span){input, input_length}, hash);
    *hash_length = digest->size;
    return PSA_SUCCESS;
}

static psa_status_t compare(const uint8_t *got, size_t len, const uint8_t *want, size_t want_length)
{
    bool same = want != NULL && want_length == len && mico_ct_equal(got, want, len);
    return same ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
}

psa_status_t psa_hash_compare(psa_algorithm_t alg, const uint8_t *input, size_t input_length, const uint8_t *hash,
                              size_t hash_length)
{
    uint8_t got[PSA_HASH_MAX_SIZE];
    size_t len;
    psa_status_t status = psa_hash_compute(alg, input, input_length, got, sizeof got, &len);
    if (status == PSA_SUCCESS) {
        status = compare(got, len, hash, hash_length);
    }
    mico_wipe(got, sizeof got);
    return status;
}

psa_status_t psa_hash_abort(psa_hash_operation_t *operation)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    mico_wipe(operation, sizeof *operation);
    return PSA_SUCCESS;
}

/* After an error nothing is left of an operation but the need to abort it. */
static psa_status_t fail(psa_hash_operation_t *operation, psa_status_t status)
{
    mico_wipe(operation, sizeof *operation);
    operation->failed = 1;
    return status;
}

static bool in_use(const psa_hash_operation_t *operation)
{
    return operation->alg != 0 || operation->failed;
}

psa_status_t psa_hash_setup(psa_hash_operation_t *operation, psa_algorithm_t alg)
{
    const struct mico_digest *digest;
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (in_use(operation)) {
        return PSA_ERROR_BAD_STATE;
    }
    psa_status_t status = find(alg, &digest);
    if (status == PSA_SUCCESS) {
        digest->start(state_of(operation));
        operation->alg = alg;
        operation->era = psa_era();
    }
    return status;
}

psa_status_t psa_hash_update(psa_hash_operation_t *operation, const uint8_t *input, size_t input_length)
{
    if (operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    const struct mico_digest *digest = digest_in(operation);
    if (digest == NULL || !psa_pointer_ok(input, input_length)) {
        return fail(operation, digest == NULL ? PSA_ERROR_BAD_STATE : PSA_ERROR_INVALID_ARGUMENT);
    }
    digest->add(state_of(operation), input, input_length);
    return PSA_SUCCESS;
}

psa_status_t psa_hash_finish(psa_hash_operation_t *operation, uint8_t *hash, size_t hash_size, size_t *hash_length)
{
    if (operation == NULL || hash_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *hash_length = 0;
    const struct mico_digest *digest = digest_in(operation);
    if (digest == NULL) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    if (!psa_pointer_ok(hash, hash_size) || hash_size < digest->size) {
        return fail(operation, hash_size < digest->size ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_ERROR_INVALID_ARGUMENT);
    }
    digest->finish(state_of(operation), hash);
    *hash_length = digest->size;
    return psa_hash_abort(operation);
}

psa_status_t psa_hash_verify(psa_hash_operation_t *operation, const uint8_t *hash, size_t hash_length)
{
    uint8_t got[PSA_HASH_MAX_SIZE];
    size_t len;
    psa_status_t status = psa_hash_finish(operation, got, sizeof got, &len);
    if (status == PSA_SUCCESS && compare(got, len, hash, hash_length) != PSA_SUCCESS) {
        status = fail(operation, PSA_ERROR_INVALID_SIGNATURE);
    }
    mico_wipe(got, sizeof got);
    return status;
}

psa_status_t psa_hash_clone(const psa_hash_operation_t *source_operation, psa_hash_operation_t *target_operation)
{
    if (source_operation == NULL || target_operation == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (source_operation->alg == 0 || in_use(target_operation)) {
        return PSA_ERROR_BAD_STATE;
    }
    *target_operation = *source_operation; /* no hash's state has pointers into itself */
    return PSA_SUCCESS;
}

/* Big-endian, in size bytes. */
static void store_count(uint8_t *out, size_t size, uint64_t count)
{
    for (size_t i = 0; i < size; i++) {
        out[size - 1 - i] = i < 8 ? (uint8_t)(count >> (8 * i)) : 0;
    }
}

/* False for a count that 64 bits do not hold. */
static bool load_count(const uint8_t *in, size_t size, uint64_t *count)
{
    *count = 0;
    for (size_t i = 0; i < size; i++) {
        if (*count >> 56 != 0) {
            return false;
        }
        *count = *count << 8 | in[i];
    }
    return true;
}

psa_status_t psa_hash_suspend(psa_hash_operation_t *operation, uint8_t *hash_state, size_t hash_state_size,
                              size_t *hash_state_length)
{
    if (operation == NULL || hash_state_length == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *hash_state_length = 0;
    const struct mico_digest *digest = digest_in(operation);
    if (digest == NULL) {
        return fail(operation, PSA_ERROR_BAD_STATE);
    }
    uint64_t count = mico_digest_count(digest, state_of(operation));
    size_t chain = PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH + digest->length_size;
    size_t need = chain + digest->inside + count % digest->block;
    if (!psa_pointer_ok(hash_state, hash_state_size)) {
        return fail(operation, PSA_ERROR_INVALID_ARGUMENT);
    }
    if (hash_state_size < need) {
        return fail(operation, PSA_ERROR_BUFFER_TOO_SMALL);
    }
    store_count(hash_state, PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH, operation->alg);
    store_count(hash_state + PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH, digest->length_size, count);
    mico_digest_save(digest, state_of(operation), hash_state + chain, hash_state + chain + digest->inside);
    *hash_state_length = need;
    return psa_hash_abort(operation);
}

psa_status_t psa_hash_resume(psa_hash_operation_t *operation, const uint8_t *hash_state, size_t hash_state_length)
{
    const struct mico_digest *digest;
    uint64_t alg, count;
    if (operation == NULL || !psa_pointer_ok(hash_state, hash_state_length)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (in_use(operation)) {
        return PSA_ERROR_BAD_STATE;
    }
    if (hash_state_length < PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    (void)load_count(hash_state, PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH, &alg);
    psa_status_t status = find((psa_algorithm_t)alg, &digest);
    if (status != PSA_SUCCESS) {
        return status;
    }
    size_t chain = PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH + digest->length_size, rest = chain + digest->inside;
    if (hash_state_length < rest ||
        !load_count(hash_state + PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH, digest->length_size, &count) ||
        hash_state_length - rest != count % digest->block) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    mico_digest_load(digest, state_of(operation), hash_state + chain, hash_state + rest, count);
    operation->alg = (psa_algorithm_t)alg;
    operation->era = psa_era();
    return PSA_SUCCESS;
}

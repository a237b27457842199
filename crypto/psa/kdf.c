/* SPDX-License-Identifier: Apache-2.0 */
/* The derivation algorithms: HKDF and its halves (RFC 5869), the PRF of TLS 1.2 (RFC 5246 section 5) and its master secret
 * of a pre-shared key (RFC 4279), PBKDF2 (RFC 8018) with HMAC and AES-CMAC-PRF-128 (RFC 4615), SRP's password hash
 * (RFC 2945). SP 800-108 is in kdf_counter.c. What each expects, and when, is in the table at the end. */
#include "crypto/psa/kdf.h"

#include <string.h>

#include "crypto/primitives/block.h"
#include "crypto/primitives/must.h"
#include "crypto/psa/core.h"
#include "crypto/psa/hash.h"

static struct mico_span first_of(const psa_key_derivation_operation_t *operation)
{
    return (struct mico_span){operation->first, operation->first_len};
}

static struct mico_span second_of(const psa_key_derivation_operation_t *operation)
{
    return (struct mico_span){operation->second, operation->second_len};
}

static struct mico_span secret_of(const psa_key_derivation_operation_t *operation)
{
    return (struct mico_span){operation->secret, operation->secret_len};
}

/* Append to one of the two inputs that are not secret. */
static psa_status_t keep(uint8_t to[MICO_PSA_DERIVATION_INPUT_MAX], uint16_t *len, struct mico_span data)
{
    if (data.len > (size_t)(MICO_PSA_DERIVATION_INPUT_MAX - *len)) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    if (data.len != 0) {
        memcpy(to + *len, data.data, data.len);
    }
    *len = (uint16_t)(*len + data.len);
    return PSA_SUCCESS;
}

psa_status_t psa_kdf_keep_first(psa_key_derivation_operation_t *operation, struct mico_span data)
{
    return keep(operation->first, &operation->first_len, data);
}

psa_status_t psa_kdf_keep_second(psa_key_derivation_operation_t *operation, struct mico_span data)
{
    return keep(operation->second, &operation->second_len, data);
}

void psa_kdf_keep_secret(psa_key_derivation_operation_t *operation, struct mico_span data, bool end)
{
    const struct mico_digest *digest = psa_digest_of(operation->kdf);
    struct mico_digest_state *running = (struct mico_digest_state *)operation->hash.state;
    if (operation->hashed == 0) {
        digest->start(running);
    }
    digest->add(running, data.data, data.len);
    for (size_t i = 0; i < data.len; i++, operation->hashed++) {
        if (operation->hashed < sizeof operation->secret) {
            operation->secret[operation->hashed] = data.data[i];
        }
    }
    operation->secret_len = (uint16_t)operation->hashed;
    if (end && operation->hashed > digest->block) {
        digest->finish(running, operation->secret);
        operation->secret_len = digest->size;
    }
}

void psa_kdf_start_hmac(const psa_key_derivation_operation_t *operation, struct mico_hmac *hmac)
{
    mico_hmac_start(hmac, psa_digest_of(operation->kdf), secret_of(operation));
}

PSA_IF_WANTED static size_t hash_size(psa_algorithm_t alg)
{
    return PSA_HASH_LENGTH(alg);
}

PSA_IF_WANTED static size_t hash_255(psa_algorithm_t alg)
{
    return 255 * (size_t)PSA_HASH_LENGTH(alg);
}

/* HKDF. Section 2.2: the secret becomes the pseudorandom key, which is all of HKDF-Extract. */
PSA_IF_WANTED static psa_status_t take_hkdf(psa_key_derivation_operation_t *operation, enum kdf_given what,
                                            struct mico_span data)
{
    const struct mico_digest *digest = psa_digest_of(operation->kdf);
    if (what == KDF_SALT) {
        return psa_kdf_keep_first(operation, data);
    }
    if (what == KDF_INFO) {
        return psa_kdf_keep_second(operation, data);
    }
    operation->secret_len = digest->size;
    if (!PSA_ALG_IS_HKDF_EXPAND(operation->kdf)) {
        mico_hmac(digest, first_of(operation), data, operation->secret);
        return PSA_SUCCESS;
    }
    if (data.len != digest->size) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    memcpy(operation->secret, data.data, data.len);
    return PSA_SUCCESS;
}

PSA_IF_WANTED static void next_extract(psa_key_derivation_operation_t *operation)
{
    memcpy(operation->block, operation->secret, operation->secret_len);
}

/* Section 2.3: T(i) = HMAC(PRK, T(i-1) | info | i). */
PSA_IF_WANTED static void next_hkdf(psa_key_derivation_operation_t *operation)
{
    struct mico_hmac hmac;
    uint8_t number = (uint8_t)operation->counter;
    psa_kdf_start_hmac(operation, &hmac);
    if (number != 1) {
        mico_hmac_add(&hmac, (struct mico_span){operation->block, hash_size(operation->kdf)});
    }
    mico_hmac_add(&hmac, second_of(operation));
    mico_hmac_add(&hmac, (struct mico_span){&number, 1});
    mico_hmac_finish(&hmac, operation->block);
}

/* TLS 1.2. */
PSA_IF_WANTED static psa_status_t take_tls(psa_key_derivation_operation_t *operation, enum kdf_given what,
                                           struct mico_span data)
{
    if (what == KDF_SEED) {
        return psa_kdf_keep_first(operation, data);
    }
    if (what == KDF_LABEL) {
        return psa_kdf_keep_second(operation, data);
    }
    psa_kdf_keep_secret(operation, data, true);
    return PSA_SUCCESS;
}

/* A(i) = HMAC(secret, A(i-1)), A(0) = label | seed; block i = HMAC(secret, A(i) | label | seed). */
PSA_IF_WANTED static void next_tls(psa_key_derivation_operation_t *operation)
{
    struct mico_hmac hmac;
    struct mico_span chain = {operation->chain, hash_size(operation->kdf)};
    psa_kdf_start_hmac(operation, &hmac);
    if (operation->counter == 1) {
        mico_hmac_add(&hmac, second_of(operation));
        mico_hmac_add(&hmac, first_of(operation));
    } else {
        mico_hmac_add(&hmac, chain);
    }
    mico_hmac_finish(&hmac, operation->chain);
    psa_kdf_start_hmac(operation, &hmac);
    mico_hmac_add(&hmac, chain);
    mico_hmac_add(&hmac, second_of(operation));
    mico_hmac_add(&hmac, first_of(operation));
    mico_hmac_finish(&hmac, operation->block);
}

PSA_IF_WANTED static size_t unlimited(psa_algorithm_t alg)
{
    return PSA_KEY_DERIVATION_UNLIMITED_CAPACITY;
}

static void keep_with_length(psa_key_derivation_operation_t *operation, struct mico_span data, bool end)
{
    const uint8_t length[2] = {(uint8_t)(data.len >> 8), (uint8_t)data.len};
    psa_kdf_keep_secret(operation, MICO_SPAN(length), false);
    psa_kdf_keep_secret(operation, data, end);
}

/* The premaster secret: the other secret with its length, or as many zeros as the key has bytes, then the key. */
PSA_IF_WANTED static psa_status_t take_psk(psa_key_derivation_operation_t *operation, enum kdf_given what,
                                           struct mico_span data)
{
    static const uint8_t zeros[PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE];
    if (what == KDF_OTHER_SECRET) {
        if (data.len > UINT16_MAX) {
            return PSA_ERROR_INVALID_ARGUMENT;
        }
        keep_with_length(operation, data, false);
        return PSA_SUCCESS;
    }
    if (what != KDF_SECRET) {
        return take_tls(operation, what, data);
    }
    if (data.len > PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if ((operation->given & KDF_OTHER_SECRET) == 0) {
        keep_with_length(operation, (struct mico_span){zeros, data.len}, false);
    }
    keep_with_length(operation, data, true);
    return PSA_SUCCESS;
}

PSA_IF_WANTED static size_t master_secret(psa_algorithm_t alg)
{
    return 48;
}

PSA_IF_WANTED static psa_status_t take_pbkdf2_hmac(psa_key_derivation_operation_t *operation, enum kdf_given what,
                                                   struct mico_span data)
{
    if (what == KDF_SALT) {
        return psa_kdf_keep_first(operation, data);
    }
    psa_kdf_keep_secret(operation, data, true);
    return PSA_SUCCESS;
}

/* RFC 4615: a password that is no AES key becomes one by CMAC under the zero key. */
PSA_IF_WANTED static psa_status_t take_pbkdf2_cmac(psa_key_derivation_operation_t *operation, enum kdf_given what,
                                                   struct mico_span data)
{
    static const uint8_t zeros[16];
    struct mico_cmac cmac;
    if (what == KDF_SALT) {
        return psa_kdf_keep_first(operation, data);
    }
    operation->secret_len = 16;
    if (data.len == 16) {
        memcpy(operation->secret, data.data, 16);
        return PSA_SUCCESS;
    }
    psa_status_t status = psa_status_of(mico_cmac_start(&cmac, &mico_aes, MICO_SPAN(zeros)));
    if (status == PSA_SUCCESS) {
        mico_cmac_add(&cmac, data);
        mico_cmac_finish(&cmac, operation->secret);
    }
    return status;
}

/* The exclusive or of all iterations gathers in block; U is the last one. */
PSA_IF_WANTED static void gather(uint8_t *block, const uint8_t *u, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        block[i] ^= u[i];
    }
}

/* RFC 8018 section 5.2, F(P, S, c, i). */
PSA_IF_WANTED static void next_pbkdf2_hmac(psa_key_derivation_operation_t *operation)
{
    struct mico_hmac fresh, hmac;
    uint8_t u[PSA_HASH_MAX_SIZE], number[4];
    size_t size = hash_size(operation->kdf);
    mico_store_be32(number, operation->counter);
    psa_kdf_start_hmac(operation, &fresh);
    hmac = fresh;
    mico_hmac_add(&hmac, first_of(operation));
    mico_hmac_add(&hmac, MICO_SPAN(number));
    mico_hmac_finish(&hmac, u);
    memcpy(operation->block, u, size);
    for (uint32_t i = 1; i < operation->cost; i++) {
        hmac = fresh;
        mico_hmac_add(&hmac, (struct mico_span){u, size});
        mico_hmac_finish(&hmac, u);
        gather(operation->block, u, size);
    }
    mico_wipe(&fresh, sizeof fresh);
    mico_wipe(u, sizeof u);
}

PSA_IF_WANTED static void next_pbkdf2_cmac(psa_key_derivation_operation_t *operation)
{
    struct mico_cmac fresh, cmac;
    uint8_t u[16], number[4];
    mico_store_be32(number, operation->counter);
    MICO_MUST(mico_cmac_start(&fresh, &mico_aes, secret_of(operation)) == MICO_OK); /* 16 bytes are a key */
    cmac = fresh;
    mico_cmac_add(&cmac, first_of(operation));
    mico_cmac_add(&cmac, MICO_SPAN(number));
    mico_cmac_finish(&cmac, u);
    memcpy(operation->block, u, sizeof u);
    for (uint32_t i = 1; i < operation->cost; i++) {
        cmac = fresh;
        mico_cmac_add(&cmac, MICO_SPAN(u));
        mico_cmac_finish(&cmac, u);
        gather(operation->block, u, sizeof u);
    }
    mico_wipe(&fresh, sizeof fresh);
    mico_wipe(u, sizeof u);
}

PSA_IF_WANTED static size_t sixteen(psa_algorithm_t alg)
{
    return 16;
}

/* 2^32 - 1 blocks, where size_t counts as far. */
PSA_IF_WANTED static size_t pbkdf2_capacity(psa_algorithm_t alg)
{
    size_t size = alg == PSA_ALG_PBKDF2_AES_CMAC_PRF_128 ? 16 : hash_size(alg);
    return UINT32_MAX > SIZE_MAX / size ? SIZE_MAX : UINT32_MAX * size;
}

/* SRP: x = H(salt | H(user | ":" | password)). */
PSA_IF_WANTED static psa_status_t take_srp(psa_key_derivation_operation_t *operation, enum kdf_given what,
                                           struct mico_span data)
{
    const struct mico_digest *digest = psa_digest_of(operation->kdf);
    struct mico_digest_state state;
    if (what == KDF_INFO) {
        return psa_kdf_keep_second(operation, data);
    }
    digest->start(&state);
    if (what == KDF_PASSWORD) {
        digest->add(&state, operation->second, operation->second_len);
        digest->add(&state, ":", 1);
        digest->add(&state, data.data, data.len);
    } else {
        digest->add(&state, data.data, data.len);
        digest->add(&state, operation->secret, digest->size);
    }
    digest->finish(&state, operation->secret);
    operation->secret_len = digest->size;
    return PSA_SUCCESS;
}

#define STEP_SALT PSA_KEY_DERIVATION_INPUT_SALT, KDF_SALT
#define STEP_SECRET PSA_KEY_DERIVATION_INPUT_SECRET, KDF_SECRET
#define STEP_INFO PSA_KEY_DERIVATION_INPUT_INFO, KDF_INFO
#define STEP_SEED PSA_KEY_DERIVATION_INPUT_SEED, KDF_SEED
#define STEP_LABEL PSA_KEY_DERIVATION_INPUT_LABEL, KDF_LABEL
#define STEP_OTHER PSA_KEY_DERIVATION_INPUT_OTHER_SECRET, KDF_OTHER_SECRET
#define STEP_COST PSA_KEY_DERIVATION_INPUT_COST, KDF_COST
#define STEP_CONTEXT PSA_KEY_DERIVATION_INPUT_CONTEXT, KDF_CONTEXT
#define STEP_PASSWORD PSA_KEY_DERIVATION_INPUT_PASSWORD, KDF_PASSWORD
#define STEPS_PBKDF2                                                                                           \
    {                                                                                                          \
        {STEP_COST, 0, KDF_COST | KDF_SALT | KDF_PASSWORD}, {STEP_SALT, KDF_COST, KDF_PASSWORD}, /* or more */ \
            {STEP_PASSWORD, KDF_COST | KDF_SALT, KDF_PASSWORD},                                                \
    }
#define STEPS_COUNTER                                                                          \
    {                                                                                          \
        {STEP_SECRET, 0, KDF_SECRET},                                                          \
            {STEP_LABEL, KDF_SECRET, KDF_LABEL | KDF_CONTEXT}, /* these two may be left out */ \
            {STEP_CONTEXT, KDF_SECRET, KDF_CONTEXT},                                           \
    }

static const struct kdf kdfs[] = {
#ifdef PSA_WANT_ALG_HKDF
    {PSA_ALG_HKDF_BASE,
     true,
     {{STEP_SALT, 0, KDF_SALT | KDF_SECRET}, {STEP_SECRET, 0, KDF_SECRET}, {STEP_INFO, 0, KDF_INFO}},
     KDF_SECRET | KDF_INFO,
     hash_255,
     take_hkdf,
     next_hkdf,
     hash_size,
     NULL},
#endif
#ifdef PSA_WANT_ALG_HKDF_EXTRACT
    {PSA_ALG_HKDF_EXTRACT_BASE,
     true,
     {{STEP_SALT, 0, KDF_SALT | KDF_SECRET}, {STEP_SECRET, KDF_SALT, KDF_SECRET}},
     KDF_SECRET,
     hash_size,
     take_hkdf,
     next_extract,
     hash_size,
     NULL},
#endif
#ifdef PSA_WANT_ALG_HKDF_EXPAND
    {PSA_ALG_HKDF_EXPAND_BASE,
     true,
     {{STEP_SECRET, 0, KDF_SECRET}, {STEP_INFO, KDF_SECRET, KDF_INFO}},
     KDF_SECRET | KDF_INFO,
     hash_255,
     take_hkdf,
     next_hkdf,
     hash_size,
     NULL},
#endif
#ifdef PSA_WANT_ALG_TLS12_PRF
    {PSA_ALG_TLS12_PRF_BASE,
     true,
     {{STEP_SEED, 0, KDF_SEED}, {STEP_SECRET, KDF_SEED, KDF_SECRET}, {STEP_LABEL, KDF_SECRET, KDF_LABEL}},
     KDF_LABEL,
     unlimited,
     take_tls,
     next_tls,
     hash_size,
     NULL},
#endif
#ifdef PSA_WANT_ALG_TLS12_PSK_TO_MS
    {PSA_ALG_TLS12_PSK_TO_MS_BASE,
     true,
     {{STEP_SEED, 0, KDF_SEED},
      {STEP_OTHER, KDF_SEED, KDF_OTHER_SECRET | KDF_SECRET},
      {STEP_SECRET, KDF_SEED, KDF_SECRET},
      {STEP_LABEL, KDF_SECRET, KDF_LABEL}},
     KDF_LABEL,
     master_secret,
     take_psk,
     next_tls,
     hash_size,
     NULL},
#endif
#ifdef PSA_WANT_ALG_PBKDF2_HMAC
    {PSA_ALG_PBKDF2_HMAC_BASE, true, STEPS_PBKDF2, KDF_PASSWORD, pbkdf2_capacity, take_pbkdf2_hmac, next_pbkdf2_hmac,
     hash_size, NULL},
#endif
#ifdef PSA_WANT_ALG_PBKDF2_AES_CMAC_PRF_128
    {PSA_ALG_PBKDF2_AES_CMAC_PRF_128, false, STEPS_PBKDF2, KDF_PASSWORD, pbkdf2_capacity, take_pbkdf2_cmac,
     next_pbkdf2_cmac, sixteen, NULL},
#endif
#ifdef PSA_WANT_ALG_SP800_108_COUNTER_HMAC
    {PSA_ALG_SP800_108_COUNTER_HMAC_BASE, true, STEPS_COUNTER, KDF_SECRET, psa_kdf_counter_capacity,
     psa_kdf_counter_take, psa_kdf_counter_next, hash_size, psa_kdf_counter_begin},
#endif
#ifdef PSA_WANT_ALG_SP800_108_COUNTER_CMAC
    {PSA_ALG_SP800_108_COUNTER_CMAC, false, STEPS_COUNTER, KDF_SECRET, psa_kdf_counter_capacity, psa_kdf_counter_take,
     psa_kdf_counter_next_cmac, sixteen, psa_kdf_counter_begin_cmac},
#endif
#ifdef PSA_WANT_ALG_SRP_PASSWORD_HASH
    {PSA_ALG_SRP_PASSWORD_HASH_BASE,
     true,
     {{STEP_INFO, 0, KDF_INFO}, {STEP_PASSWORD, KDF_INFO, KDF_PASSWORD}, {STEP_SALT, KDF_PASSWORD, KDF_SALT}},
     KDF_SALT,
     hash_size,
     take_srp,
     next_extract,
     hash_size,
     NULL},
#endif
    {.base = PSA_ALG_NONE}, /* the end */
};

const struct kdf *psa_kdf_of(psa_algorithm_t alg)
{
    for (size_t i = 0; kdfs[i].base != PSA_ALG_NONE; i++) {
        psa_algorithm_t hash = kdfs[i].hashes ? PSA_ALG_HASH_MASK : 0;
        if ((alg & ~hash) == kdfs[i].base && (!kdfs[i].hashes || psa_digest_of(alg) != NULL)) {
            return &kdfs[i];
        }
    }
    return NULL;
}

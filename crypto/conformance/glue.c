/* SPDX-License-Identifier: Apache-2.0 */
/* What Mbed TLS's suites ask of the library beyond PSA: sessions, a place for kept keys, and the small helpers that in
 * its tree look into its own structures. */
#include "crypto/psa/mico_psa.h"
#include "os/store/store.h"
#include "os/store/test_flash.h"
#include "test/psa_crypto_helpers.h"

static struct test_flash rig;
static uint8_t memory[64 * 4096];
static struct mico_store store;
static const uint8_t sealing_key[32] = {1};

/* Kept keys outlive a session, not the program. Called before main. */
__attribute__((constructor)) static void begin(void)
{
    test_flash_init(&rig, memory, sizeof memory, 4096, 1);
    if (mico_store_open(&store, &rig.flash, 0, sizeof memory) != MICO_OK ||
        mico_psa_persist_in(&store, sealing_key) != PSA_SUCCESS) {
        abort();
    }
}

void mbedtls_psa_crypto_free(void)
{
    mico_psa_zeroise();
    (void)mico_psa_persist_in(&store, sealing_key);
}

void mbedtls_psa_get_stats(mbedtls_psa_stats_t *stats)
{
    memset(stats, 0, sizeof *stats);
    stats->empty_slots = MICO_PSA_KEYS;
}

/* A session ends: has a test left keys behind? */
int mbedtls_test_fail_if_psa_leaking(int line_no, const char *filename)
{
    psa_key_id_t keys[MICO_PSA_KEYS];
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    size_t made = 0;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
    psa_set_key_bits(&attributes, 128);
    while (made < MICO_PSA_KEYS && psa_generate_key(&attributes, &keys[made]) == PSA_SUCCESS) {
        made++;
    }
    for (size_t i = 0; i < made; i++) {
        (void)psa_destroy_key(keys[i]);
    }
    if (made == MICO_PSA_KEYS || made == 0) { /* 0: not initialised */
        return 0;
    }
    mbedtls_test_fail("A key is left behind.", line_no, filename);
    return 1;
}

static psa_key_id_t used[64];
static size_t used_count;

int mbedtls_test_uses_key_id(mbedtls_svc_key_id_t key_id)
{
    if (used_count == sizeof used / sizeof used[0]) {
        return 0;
    }
    used[used_count++] = key_id;
    return 1;
}

void mbedtls_test_psa_purge_key_storage(void)
{
    for (size_t i = 0; i < used_count; i++) {
        (void)psa_destroy_key(used[i]);
    }
    used_count = 0;
}

void mbedtls_test_psa_purge_key_cache(void)
{
    for (size_t i = 0; i < used_count; i++) {
        (void)psa_purge_key(used[i]);
    }
}

/* Usage for hashes brings that for messages with it. */
psa_key_usage_t mbedtls_test_update_key_usage_flags(psa_key_usage_t usage_flags)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_usage_flags(&attributes, usage_flags);
    return psa_get_key_usage_flags(&attributes);
}

uint64_t mbedtls_test_parse_binary_string(data_t *bin_string)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < bin_string->len && i < 8; i++) {
        value = value << 8 | bin_string->x[i];
    }
    return value;
}

/* Its tests without a good source of random numbers; ours has one. */
void mbedtls_test_enable_insecure_external_rng(void)
{
}

/* Operations set up by as few bytes as the library's initialiser needs: here all of them. */
#define INIT_SHORT(type, name)    \
    type name##_init_short(void); \
    type name##_init_short(void)  \
    {                             \
        return name##_init();     \
    }
INIT_SHORT(psa_hash_operation_t, psa_hash_operation)
INIT_SHORT(psa_mac_operation_t, psa_mac_operation)
INIT_SHORT(psa_cipher_operation_t, psa_cipher_operation)
INIT_SHORT(psa_aead_operation_t, psa_aead_operation)
INIT_SHORT(psa_key_derivation_operation_t, psa_key_derivation_operation)
INIT_SHORT(psa_sign_hash_interruptible_operation_t, psa_sign_hash_interruptible_operation)
INIT_SHORT(psa_verify_hash_interruptible_operation_t, psa_verify_hash_interruptible_operation)

/* SPDX-License-Identifier: Apache-2.0 */
/* Zeroisation, by searching the program's variables; and the error state, which lasts, so it comes last. */
#include <stdlib.h>
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/trust.h"
#include "crypto/psa/psa_uses.h"
#include "crypto/srp/srp.h"
#include "os/store/store.h"
#include "os/store/test_flash.h"

/* How often the 32 bytes whose complements are given lie in the program's variables; the bytes themselves are nowhere
 * else. */
extern uint8_t __data_start[], _end[];
__attribute__((no_sanitize("address"))) static unsigned found(const uint8_t complement[32])
{
    unsigned count = 0;
    for (const volatile uint8_t *at = __data_start; at + 32 <= _end; at++) {
        size_t same = 0;
        while (same < 32 && (at[same] ^ complement[same]) == 0xFF) {
            same++;
        }
        count += same == 32;
    }
    return count;
}

static const uint8_t complement[3][32] = {{0x11, 0x22, 0x33, 0x44}, {0x55, 0x66, 0x77}, {0x88, 0x99}};

static void plant(size_t which, uint8_t out[32])
{
    for (size_t i = 0; i < 32; i++) {
        out[i] = complement[which][i] ^ 0xFF;
    }
}

static psa_key_id_t import_planted(size_t which, psa_key_id_t id, psa_algorithm_t alg)
{
    uint8_t planted[32];
    psa_key_id_t key;
    psa_key_attributes_t attributes =
        attributes_of(alg == PSA_ALG_CTR ? PSA_KEY_TYPE_AES : PSA_KEY_TYPE_HMAC, 256, alg);
    if (id != 0) {
        psa_set_key_id(&attributes, id);
    }
    plant(which, planted);
    assert_int_equal(psa_import_key(&attributes, planted, sizeof planted, &key), PSA_SUCCESS);
    mico_wipe(planted, sizeof planted);
    return key;
}

static void zeroisation_leaves_no_key_in_memory(void **state)
{
    static uint8_t memory[8192];
    static struct test_flash rig;
    static struct mico_store store;
    static psa_cipher_operation_t cipher;
    uint8_t sealing[32], iv[16] = {0}, out[16];
    size_t len;
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    test_flash_init(&rig, memory, sizeof memory, 4096, 1);
    assert_int_equal(mico_store_open(&store, &rig.flash, 0, sizeof memory), MICO_OK);
    plant(2, sealing);
    assert_int_equal(mico_psa_persist_in(&store, sealing), PSA_SUCCESS);
    mico_wipe(sealing, sizeof sealing);
    psa_key_id_t key = import_planted(0, 0, PSA_ALG_CTR), kept = import_planted(1, 7, PSA_ALG_HMAC(PSA_ALG_SHA_256));
    assert_int_equal(psa_cipher_encrypt_setup(&cipher, key, PSA_ALG_CTR), PSA_SUCCESS);
    assert_int_equal(psa_cipher_set_iv(&cipher, iv, sizeof iv), PSA_SUCCESS);
    for (size_t i = 0; i < 3; i++) {
        assert_true(found(complement[i]) >= 1); /* the search finds what is there */
    }

    mico_psa_zeroise();
    assert_int_equal(psa_cipher_update(&cipher, out, sizeof out, out, sizeof out, &len), PSA_ERROR_BAD_STATE);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(found(complement[i]), 0);
    }
    for (size_t i = 0; i < sizeof cipher.state; i++) {
        assert_int_equal(((const uint8_t *)cipher.state)[i], 0);
    }
    assert_int_equal(psa_export_key(key, out, sizeof out, &len), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(psa_export_key(key, out, sizeof out, &len), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(psa_export_key(kept, out, sizeof out, &len), PSA_ERROR_INVALID_HANDLE); /* no store is known */
}

static void kept_keys_are_destroyed_on_demand(void **state)
{
    static uint8_t memory[8192];
    static struct test_flash rig;
    static struct mico_store store;
    uint8_t sealing[32] = {1}, other[32] = {2}, out[32];
    size_t len;
    bool there;
    assert_int_equal(mico_psa_zeroise_kept(), PSA_ERROR_BAD_STATE); /* no store */
    test_flash_init(&rig, memory, sizeof memory, 4096, 1);
    assert_int_equal(mico_store_open(&store, &rig.flash, 0, sizeof memory), MICO_OK);
    assert_int_equal(mico_store_put(&store, "psa-policy-of-mine", "x", 1), MICO_OK); /* not a key's */
    assert_int_equal(mico_psa_persist_in(&store, other), PSA_SUCCESS);
    (void)import_planted(0, 5, PSA_ALG_CTR); /* which the next sealing key cannot read */
    assert_int_equal(mico_psa_persist_in(&store, sealing), PSA_SUCCESS);
    psa_key_id_t one = import_planted(0, 7, PSA_ALG_CTR), two = import_planted(1, 8, PSA_ALG_HMAC(PSA_ALG_SHA_256)),
                 is_volatile = import_planted(0, 0, PSA_ALG_CTR);
    assert_int_equal(psa_export_key(one, out, sizeof out, &len), PSA_SUCCESS);

    assert_int_equal(mico_psa_zeroise_kept(), PSA_SUCCESS);
    assert_int_equal(psa_export_key(one, out, sizeof out, &len), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(psa_export_key(two, out, sizeof out, &len), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(psa_export_key(5, out, sizeof out, &len), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(psa_export_key(is_volatile, out, sizeof out, &len), PSA_SUCCESS);
    assert_int_equal(mico_store_get(&store, "psa-policy-of-mine", out, sizeof out, &len, &there), MICO_OK);
    assert_true(there);
    mico_wipe(out, sizeof out);
    mico_psa_zeroise();
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
}

/* The generator's next 32 bytes are SHA-256 of its V of 55 (SP 800-90A section 10.1.1.4). Where in a copy of the variables is the
 * one that gives these? NULL: nowhere. */
static const uint8_t *state_that_gives(const uint8_t *variables, size_t size, const uint8_t random[32])
{
    for (size_t i = 0; i + 55 <= size; i++) {
        uint8_t hash[32];
        mico_sha256(variables + i, 55, hash);
        if (memcmp(hash, random, sizeof hash) == 0) {
            return variables + i;
        }
    }
    return NULL;
}

__attribute__((no_sanitize("address"))) static void copy_variables(uint8_t *out)
{
    for (const volatile uint8_t *at = __data_start; at < _end; at++) {
        *out++ = *at;
    }
}

static unsigned count_in(const uint8_t *variables, size_t size, const uint8_t what[32])
{
    unsigned count = 0;
    for (size_t i = 0; i + 32 <= size; i++) {
        count += memcmp(variables + i, what, 32) == 0;
    }
    return count;
}

static void zeroisation_forgets_the_generators_state(void **state)
{
    size_t size = (size_t)(_end - __data_start);
    uint8_t *before = calloc(1, size), *after = calloc(1, size), next[32];
    assert_true(before != NULL && after != NULL);
    assert_int_equal(psa_generate_random(next, sizeof next), PSA_SUCCESS);
    copy_variables(before);
    assert_int_equal(psa_generate_random(next, sizeof next), PSA_SUCCESS);
    const uint8_t *v = state_that_gives(before, size, next);
    assert_non_null(v); /* the search finds what is there */
    size_t at = (size_t)(v - before);
    copy_variables(after);
    memcpy(next, after + at, sizeof next); /* of the V that is in use now */
    assert_int_equal(count_in(after, size, next), 1);

    mico_psa_zeroise();
    copy_variables(after);
    assert_int_equal(count_in(after, size, next), 0);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    free(before);
    free(after);
}

static void operations_do_not_outlive_zeroisation(void **state)
{
    static psa_hash_operation_t hash;
    static psa_mac_operation_t mac;
    static psa_aead_operation_t aead;
    static psa_key_derivation_operation_t derivation;
    psa_key_attributes_t attributes = attributes_of(PSA_KEY_TYPE_AES, 128, PSA_ALG_GCM);
    uint8_t out[64];
    psa_key_id_t key = import_planted(0, 0, PSA_ALG_HMAC(PSA_ALG_SHA_256)), other;
    assert_int_equal(psa_generate_key(&attributes, &other), PSA_SUCCESS);
    assert_int_equal(psa_hash_setup(&hash, PSA_ALG_SHA_256), PSA_SUCCESS);
    assert_int_equal(psa_mac_sign_setup(&mac, key, PSA_ALG_HMAC(PSA_ALG_SHA_256)), PSA_SUCCESS);
    assert_int_equal(psa_aead_encrypt_setup(&aead, other, PSA_ALG_GCM), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_setup(&derivation, PSA_ALG_HKDF(PSA_ALG_SHA_256)), PSA_SUCCESS);
    mico_psa_zeroise();
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS); /* another era */
    assert_int_equal(psa_hash_update(&hash, out, 1), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_mac_update(&mac, out, 1), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_aead_set_nonce(&aead, out, 12), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_key_derivation_input_bytes(&derivation, PSA_KEY_DERIVATION_INPUT_SALT, out, 1),
                     PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_key_derivation_abort(&derivation), PSA_SUCCESS);
    assert_int_equal(found(complement[0]), 0);
}

static bool zeroises_now;

/* Another thread's turn, between a call's end and its return. */
static void unlock(void)
{
    if (zeroises_now) {
        zeroises_now = false;
        mico_psa_zeroise();
        assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    }
}

static void no_setup_takes_an_old_secret_into_a_new_era(void **state)
{
    static psa_pake_operation_t pake;
    psa_key_attributes_t attributes =
        attributes_of(PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526), 1024, PSA_ALG_SRP_6(PSA_ALG_SHA_256));
    psa_pake_cipher_suite_t suite = PSA_PAKE_CIPHER_SUITE_INIT;
    psa_key_id_t key;
    psa_pake_cs_set_algorithm(&suite, PSA_ALG_SRP_6(PSA_ALG_SHA_256));
    psa_pake_cs_set_primitive(&suite, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, 1024));
    psa_pake_cs_set_key_confirmation(&suite, PSA_PAKE_CONFIRMED_KEY);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_DERIVE);
    assert_int_equal(psa_import_key(&attributes, (const uint8_t[32]){7}, 32, &key), PSA_SUCCESS);
    mico_psa_lock_with(NULL, unlock);
    zeroises_now = true;
    assert_int_equal(psa_pake_setup(&pake, key, &suite), PSA_SUCCESS);
    mico_psa_lock_with(NULL, NULL);
    assert_int_equal(psa_pake_set_role(&pake, PSA_PAKE_ROLE_CLIENT), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_pake_abort(&pake), PSA_SUCCESS);
}

/* What needs no key of PSA's. */
static void the_other_doors_are_closed(void)
{
    static struct mico_srp_server server;
    static struct mico_srp_client client;
    static uint8_t number[MICO_SRP_SIZE], share[MICO_SRP_SIZE], none[MICO_SRP_SIZE], proof[64], secret[64];
    uint8_t salt[16] = {1}, drawn[32] = {1};
    assert_int_equal(mico_random(drawn, sizeof drawn), MICO_ERR_STATE);
    assert_memory_equal(drawn, none, sizeof drawn);
    assert_int_equal(mico_random_fresh(drawn, sizeof drawn), MICO_ERR_STATE);
    memset(number, 1, sizeof number);
    assert_int_equal(mico_srp_verifier(MICO_SPAN(salt), salt, number), MICO_ERR_STATE);
    assert_memory_equal(number, none, sizeof none);
    memset(number, 1, sizeof number);
    assert_int_equal(mico_srp_server_start(&server, salt, number, share), MICO_ERR_STATE);
    assert_int_equal(mico_srp_client_start(&client), MICO_ERR_STATE);
    server.step = client.step = 0x5A; /* as if begun before */
    assert_int_equal(mico_srp_server_finish(&server, MICO_SPAN(number), proof, proof, secret), MICO_ERR_STATE);
    assert_int_equal(mico_srp_client_prove(&client, salt, MICO_SPAN(number), MICO_SPAN(salt), share, proof),
                     MICO_ERR_STATE);
    client.step = 0xA5;
    assert_int_equal(mico_srp_client_check(&client, proof, secret), MICO_ERR_STATE);
}

static void a_failed_self_test_ends_every_service(void **state)
{
    static psa_hash_operation_t hash;
    static psa_mac_operation_t mac;
    static psa_key_derivation_operation_t derivation;
    psa_key_attributes_t attributes = attributes_of(PSA_KEY_TYPE_AES, 128, PSA_ALG_CTR);
    uint8_t out[64];
    size_t len;
    psa_key_id_t key = import_planted(0, 0, PSA_ALG_HMAC(PSA_ALG_SHA_256));
    assert_int_equal(psa_hash_setup(&hash, PSA_ALG_SHA_256), PSA_SUCCESS);
    assert_int_equal(psa_mac_sign_setup(&mac, key, PSA_ALG_HMAC(PSA_ALG_SHA_256)), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_setup(&derivation, PSA_ALG_HKDF(PSA_ALG_SHA_256)), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&derivation, PSA_KEY_DERIVATION_INPUT_SECRET, out, sizeof out),
                     PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&derivation, PSA_KEY_DERIVATION_INPUT_INFO, NULL, 0), PSA_SUCCESS);

    for (size_t i = 0; i < USES; i++) {
        if (uses[i].type == 0) {
            try_all_calls(&uses[i], PSA_SUCCESS);
        }
    }
    mico_psa_self_tested(false);
    assert_int_equal(found(complement[0]), 0);
    assert_int_equal(psa_hash_update(&hash, out, 1), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_mac_update(&mac, out, 1), PSA_ERROR_CORRUPTION_DETECTED);
    assert_int_equal(psa_key_derivation_output_bytes(&derivation, out, 1), PSA_ERROR_CORRUPTION_DETECTED);
    for (int i = 0; i < 2; i++) { /* not even a self-test that passes leads out of it */
        assert_int_equal(psa_crypto_init(), PSA_ERROR_CORRUPTION_DETECTED);
        assert_int_equal(psa_generate_random(out, sizeof out), PSA_ERROR_CORRUPTION_DETECTED);
        assert_int_equal(psa_generate_key(&attributes, &key), PSA_ERROR_CORRUPTION_DETECTED);
        assert_int_equal(psa_import_key(&attributes, out, 16, &key), PSA_ERROR_CORRUPTION_DETECTED);
        assert_int_equal(psa_destroy_key(1), PSA_ERROR_CORRUPTION_DETECTED);
        assert_int_equal(psa_export_key(1, out, sizeof out, &len), PSA_ERROR_CORRUPTION_DETECTED);
        for (size_t j = 0; j < USES; j++) {
            uses[j].key = 1;
            try_all_calls(&uses[j], PSA_ERROR_CORRUPTION_DETECTED);
        }
        assert_int_equal(mico_psa_approved_mode(true), PSA_ERROR_CORRUPTION_DETECTED);
        mico_psa_self_tested(true);
    }
    the_other_doors_are_closed();
    assert_int_equal(psa_mac_abort(&mac), PSA_SUCCESS);
    assert_int_equal(psa_hash_abort(&hash), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_abort(&derivation), PSA_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroisation_leaves_no_key_in_memory),
        cmocka_unit_test(kept_keys_are_destroyed_on_demand),
        cmocka_unit_test(zeroisation_forgets_the_generators_state),
        cmocka_unit_test(operations_do_not_outlive_zeroisation),
        cmocka_unit_test(no_setup_takes_an_old_secret_into_a_new_era),
        cmocka_unit_test(a_failed_self_test_ends_every_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

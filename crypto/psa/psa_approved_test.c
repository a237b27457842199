/* SPDX-License-Identifier: Apache-2.0 */
/* The approved mode: each algorithm that PSA offers, through each call that takes it, in either mode; and what goes over from one
 * mode to the other, which is nothing. The mode lasts until the program ends, so the tests come in order. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/core.h"
#include "crypto/psa/psa_uses.h"
#include "crypto/srp/srp.h"
#include "crypto/tests/rsa_test_key.h"
#include "os/store/store.h"
#include "os/store/test_flash.h"

static uint8_t in[64], out[1024];
static size_t len;
static uint8_t memory[128 * 1024];
static struct test_flash rig;
static struct mico_store store;
static const uint8_t sealing[32] = {1};

#define KEPT 100 /* the id of the first use's key from outside of the mode */

static void every_algorithm_serves_in_every_call_outside_of_the_approved_mode(void **state)
{
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(mico_psa_approved_mode(true), PSA_ERROR_BAD_STATE); /* nothing is tested yet */
    test_flash_init(&rig, memory, sizeof memory, 4096, 1);
    assert_int_equal(mico_store_open(&store, &rig.flash, 0, sizeof memory), MICO_OK);
    assert_int_equal(mico_psa_persist_in(&store, sealing), PSA_SUCCESS);
    for (size_t i = 0; i < USES; i++) {
        if (uses[i].type != 0) {
            assert_int_equal(make(&uses[i], KEPT + (psa_key_id_t)i, &uses[i].key), PSA_SUCCESS);
        }
        try_all_calls(&uses[i], PSA_SUCCESS);
        assert_int_equal(uses[i].key == 0 ? PSA_SUCCESS : psa_purge_key(uses[i].key), PSA_SUCCESS);
    }
}

static void entering_the_mode_zeroises(void **state)
{
    static psa_hash_operation_t hash;
    static psa_cipher_operation_t cipher;
    psa_key_attributes_t attributes = attributes_of(PSA_KEY_TYPE_AES, 128, PSA_ALG_ECB_NO_PADDING);
    psa_key_id_t key;
    assert_int_equal(psa_generate_key(&attributes, &key), PSA_SUCCESS);
    assert_int_equal(psa_hash_setup(&hash, PSA_ALG_MD5), PSA_SUCCESS);
    assert_int_equal(psa_cipher_encrypt_setup(&cipher, key, PSA_ALG_ECB_NO_PADDING), PSA_SUCCESS);
    mico_psa_self_tested(true);
    assert_int_equal(mico_psa_approved_mode(false), PSA_SUCCESS);
    assert_false(mico_psa_is_approved_mode());
    assert_int_equal(psa_export_key(key, out, sizeof out, &len), PSA_SUCCESS);

    assert_int_equal(mico_psa_approved_mode(true), PSA_SUCCESS);
    assert_true(mico_psa_is_approved_mode());
    assert_int_equal(psa_export_key(key, out, sizeof out, &len), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(psa_hash_update(&hash, in, 1), PSA_ERROR_BAD_STATE); /* what was under way is over */
    assert_int_equal(psa_cipher_update(&cipher, in, 16, out, sizeof out, &len), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_export_key(KEPT + 6, out, sizeof out, &len),
                     PSA_ERROR_INVALID_HANDLE); /* nor is a store known */
    assert_int_equal(psa_generate_random(out, 16), PSA_SUCCESS);
}

static void keys_from_outside_serve_no_call_in_the_mode(void **state)
{
    assert_int_equal(mico_psa_persist_in(&store, sealing), PSA_SUCCESS);
    for (size_t i = 0; i < USES; i++) {
        if (uses[i].type != 0) {
            psa_key_attributes_t attributes = attributes_of(uses[i].type, uses[i].bits, uses[i].alg);
            psa_key_id_t id = KEPT + (psa_key_id_t)i, copy = 0;
            uses[i].key = id;
            try_all_calls(&uses[i], PSA_ERROR_NOT_PERMITTED);
            assert_int_equal(psa_copy_key(id, &attributes, &copy), PSA_ERROR_NOT_PERMITTED);
            assert_int_equal(psa_export_key(id, out, sizeof out, &len), PSA_ERROR_NOT_PERMITTED);
            assert_int_equal(psa_export_public_key(id, out, sizeof out, &len), PSA_ERROR_NOT_PERMITTED);
            assert_int_equal(psa_get_key_attributes(id, &attributes), PSA_ERROR_NOT_PERMITTED);
            assert_int_equal(psa_destroy_key(id), PSA_SUCCESS); /* but it can be destroyed */
            assert_int_equal(psa_export_key(id, out, sizeof out, &len), PSA_ERROR_INVALID_HANDLE);
        }
    }
}

static void the_mode_permits_what_a_publication_approves_and_nothing_else(void **state)
{
    for (size_t i = 0; i < USES; i++) {
        struct use *use = &uses[i];
        use->key = 0;
        assert_int_equal(psa_is_approved(use->type, use->bits, use->alg), use->approved);
        if (use->approved) {
            assert_int_equal(use->type == 0 ? PSA_SUCCESS : make(use, 0, &use->key), PSA_SUCCESS);
            try_all_calls(use, PSA_SUCCESS);
            assert_int_equal(use->key == 0 ? PSA_SUCCESS : psa_destroy_key(use->key), PSA_SUCCESS);
        } else if (use->type == 0) {
            try_all_calls(use, PSA_ERROR_NOT_PERMITTED);
        } else {
            try_all_ways(use, PSA_ERROR_NOT_PERMITTED);
        }
    }
}

static void keys_below_the_floors_are_refused(void **state)
{
    static const struct use small[] = {
        {0, PSA_KEY_TYPE_DES, 192, false, 0},
        {0, PSA_KEY_TYPE_CHACHA20, 256, false, 0},
        {0, MONTGOMERY, 255, false, 0},
        {0, PSA_KEY_TYPE_HMAC, 104, false, 0},
        {0, SRP, 3072, false, 0},
    };
    psa_key_id_t key;
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        try_all_ways(&small[i], PSA_ERROR_NOT_PERMITTED);
    }
    psa_key_attributes_t hmac =
        attributes_of(PSA_KEY_TYPE_HMAC, 0, PSA_ALG_HMAC(SHA2)); /* its bytes say how long it is */
    assert_int_equal(psa_import_key(&hmac, in, 13, &key), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_import_key(&hmac, in, 14, &key), PSA_SUCCESS);
    psa_key_attributes_t rsa = attributes_of(PSA_KEY_TYPE_RSA_PUBLIC_KEY, 1024, PSA_ALG_RSA_PSS(SHA2));
    assert_int_equal(psa_import_key(&rsa, rsa_test_key, 140, &key), PSA_ERROR_NOT_PERMITTED);
}

/* FIPS 186-5 section 5.1: 65537 is the least. */
static void rsa_exponents_below_the_floor_are_refused(void **state)
{
    static const uint8_t head[] = {0x30, 0x82, 1, 8, 2, 0x82, 1, 1, 0}, tail[] = {2, 1, 3};
    uint8_t der[sizeof head + 256 + sizeof tail];
    static const psa_custom_key_parameters_t custom = PSA_CUSTOM_KEY_PARAMETERS_INIT;
    psa_key_attributes_t public = attributes_of(PSA_KEY_TYPE_RSA_PUBLIC_KEY, 2048, PSA_ALG_RSA_PSS(SHA2));
    psa_key_attributes_t pair = attributes_of(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PSS(SHA2));
    psa_key_id_t key;
    memcpy(der, head, sizeof head);
    memset(der + sizeof head, 0xA5, 256);
    memcpy(der + sizeof head + 256, tail, sizeof tail);
    assert_int_equal(psa_import_key(&public, der, sizeof der, &key), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_generate_key_custom(&pair, &custom, (const uint8_t[]){3}, 1, &key), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_generate_key_custom(&pair, &custom, (const uint8_t[]){0, 0xFF, 0xFF}, 3, &key),
                     PSA_ERROR_NOT_PERMITTED);
}

static void policies_that_leave_something_open_allow_what_is_approved(void **state)
{
    static const struct {
        struct use use;
        psa_algorithm_t policy;
    } open[] = {
        {{PSA_ALG_ECDSA(SHA2), NIST, 256, true, 0}, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH)},
        {{PSA_ALG_RSA_PSS(SHA2), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, true, 0}, PSA_ALG_RSA_PSS(PSA_ALG_ANY_HASH)},
        {{PSA_ALG_RSA_PSS(SHA2), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, true, 0}, MICO_PSA_ALG_RSA_TLS},
        {{PSA_ALG_RSA_PKCS1V15_SIGN(SHA2), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, true, 0}, MICO_PSA_ALG_RSA_TLS},
        {{PSA_ALG_HMAC(SHA2), PSA_KEY_TYPE_HMAC, 256, true, 0},
         PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(PSA_ALG_HMAC(SHA2), 8)},
        {{PSA_ALG_GCM, PSA_KEY_TYPE_AES, 128, true, 0}, PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(PSA_ALG_GCM, 8)},
    };
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        struct use use = open[i].use;
        psa_algorithm_t alg = use.alg;
        use.alg = open[i].policy;
        assert_int_equal(make(&use, 0, &use.key), PSA_SUCCESS);
        use.alg = alg;
        try_all_calls(&use, PSA_SUCCESS);
        if (PSA_ALG_IS_SIGN(alg)) {
            use.alg = (alg & ~(psa_algorithm_t)PSA_ALG_HASH_MASK) | (SHA1 & PSA_ALG_HASH_MASK);
            try_all_calls(&use, PSA_ERROR_NOT_PERMITTED);
        }
        assert_int_equal(psa_destroy_key(use.key), PSA_SUCCESS);
    }
}

static void srp_is_refused_in_the_mode(void **state)
{
    static struct mico_srp_server server;
    static struct mico_srp_client client;
    static uint8_t number[MICO_SRP_SIZE], share[MICO_SRP_SIZE], none[MICO_SRP_SIZE], proof[64], key[64];
    uint8_t salt[16] = {1};
    memset(number, 1, sizeof number);
    assert_int_equal(mico_srp_verifier(MICO_SPAN(salt), salt, number), MICO_ERR_DENIED);
    assert_memory_equal(number, none, sizeof none);
    memset(number, 1, sizeof number);
    assert_int_equal(mico_srp_server_start(&server, salt, number, share), MICO_ERR_DENIED);
    assert_int_equal(mico_srp_client_start(&client), MICO_ERR_DENIED);
    server.step = client.step = 0x5A; /* as if begun before the mode was entered */
    assert_int_equal(mico_srp_server_finish(&server, MICO_SPAN(number), proof, proof, key), MICO_ERR_DENIED);
    assert_int_equal(mico_srp_client_prove(&client, salt, MICO_SPAN(number), MICO_SPAN(salt), share, proof),
                     MICO_ERR_DENIED);
    client.step = 0xA5;
    assert_int_equal(mico_srp_client_check(&client, proof, key), MICO_ERR_DENIED);
}

static void the_approved_mode_has_no_way_back(void **state)
{
    static const struct use md5 = {PSA_ALG_HKDF(PSA_ALG_MD5), 0, 0, false, 0};
    assert_int_equal(mico_psa_approved_mode(false), PSA_ERROR_NOT_PERMITTED);
    mico_psa_zeroise();
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    mico_psa_self_tested(true);
    assert_true(mico_psa_is_approved_mode());
    try_all_calls(&md5, PSA_ERROR_NOT_PERMITTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_algorithm_serves_in_every_call_outside_of_the_approved_mode),
        cmocka_unit_test(entering_the_mode_zeroises),
        cmocka_unit_test(keys_from_outside_serve_no_call_in_the_mode),
        cmocka_unit_test(the_mode_permits_what_a_publication_approves_and_nothing_else),
        cmocka_unit_test(keys_below_the_floors_are_refused),
        cmocka_unit_test(rsa_exponents_below_the_floor_are_refused),
        cmocka_unit_test(policies_that_leave_something_open_allow_what_is_approved),
        cmocka_unit_test(srp_is_refused_in_the_mode),
        cmocka_unit_test(the_approved_mode_has_no_way_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

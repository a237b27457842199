/* SPDX-License-Identifier: Apache-2.0 */
/* A location of its own: vault.c, which is a driver's table and what it needs, and the call that attaches it. Every call with
 * a key of the location goes to the table and nowhere else; an entry that is not there is PSA_ERROR_NOT_SUPPORTED, never software; and no
 * call there is gives the key out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/test_attributes.h"
#include "crypto/psa/vault.h"

static const uint8_t secret[32] = "the vault's key is for its ears";

/* ---- every call with a key ---- */

static uint8_t out[512], in[96];
static size_t length;

#define HMAC PSA_ALG_HMAC(PSA_ALG_SHA_256)
#define HKDF PSA_ALG_HKDF(PSA_ALG_SHA_256)
#define NIST PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)

static psa_status_t export_public_key(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_export_public_key(key, out, sizeof out, &length);
}

static psa_status_t sign_message(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_sign_message(key, alg, in, 5, out, sizeof out, &length);
}

static psa_status_t verify_message(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_verify_message(key, alg, in, 5, in, 64);
}

static psa_status_t sign_hash(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_sign_hash(key, alg, in, 32, out, sizeof out, &length);
}

static psa_status_t verify_hash(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_verify_hash(key, alg, in, 32, in, 64);
}

static psa_status_t sign_in_steps(psa_key_id_t key, psa_algorithm_t alg)
{
    psa_sign_hash_interruptible_operation_t operation = PSA_SIGN_HASH_INTERRUPTIBLE_OPERATION_INIT;
    psa_status_t status = psa_sign_hash_start(&operation, key, alg, in, 32);
    return status == PSA_SUCCESS ? psa_sign_hash_complete(&operation, out, sizeof out, &length) : status;
}

static psa_status_t encrypt(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_asymmetric_encrypt(key, alg, in, 5, NULL, 0, out, sizeof out, &length);
}

static psa_status_t decrypt(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_asymmetric_decrypt(key, alg, in, 32, NULL, 0, out, sizeof out, &length);
}

static psa_status_t raw_agreement(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_raw_key_agreement(alg, key, in, 65, out, sizeof out, &length);
}

static psa_status_t agreement_to_a_key(psa_key_id_t key, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t made;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_DERIVE);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT);
    psa_status_t status = psa_key_agreement(key, in, 65, alg, &attributes, &made);
    if (status == PSA_SUCCESS) {
        assert_int_equal(psa_export_key(made, out, sizeof out, &length), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(made), PSA_SUCCESS);
    }
    return status;
}

static psa_status_t mac_whole(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_mac_compute(key, alg, in, 5, out, sizeof out, &length);
}

static psa_status_t mac_compare(psa_key_id_t key, psa_algorithm_t alg)
{
    static const uint8_t want[32] = "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm";
    return psa_mac_verify(key, alg, in, 5, want, 32);
}

static psa_status_t mac_in_parts(psa_key_id_t key, psa_algorithm_t alg)
{
    psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
    psa_status_t status = psa_mac_sign_setup(&operation, key, alg);
    if (status == PSA_SUCCESS) {
        assert_int_equal(psa_mac_update(&operation, in, 5), PSA_SUCCESS);
        status = psa_mac_sign_finish(&operation, out, sizeof out, &length);
    }
    return status;
}

static psa_status_t cipher_encrypt(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_cipher_encrypt(key, alg, in, 16, out, sizeof out, &length);
}

static psa_status_t cipher_decrypt(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_cipher_decrypt(key, alg, in, 32, out, sizeof out, &length);
}

static psa_status_t aead_encrypt(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_aead_encrypt(key, alg, in, 12, in, 3, in, 16, out, sizeof out, &length);
}

static psa_status_t aead_decrypt(psa_key_id_t key, psa_algorithm_t alg)
{
    return psa_aead_decrypt(key, alg, in, 12, in, 3, in, 32, out, sizeof out, &length);
}

static psa_status_t aead_in_parts(psa_key_id_t key, psa_algorithm_t alg)
{
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    size_t tag_length;
    psa_status_t status = psa_aead_encrypt_setup(&operation, key, alg);
    if (status == PSA_SUCCESS) {
        assert_int_equal(psa_aead_set_nonce(&operation, in, 12), PSA_SUCCESS);
        assert_int_equal(psa_aead_update_ad(&operation, in, 3), PSA_SUCCESS);
        assert_int_equal(psa_aead_update(&operation, in, 16, out, sizeof out, &length), PSA_SUCCESS);
        status = psa_aead_finish(&operation, out, sizeof out, &length, out + 64, 16, &tag_length);
    }
    return status;
}

static psa_status_t derive_bytes(psa_key_id_t key, psa_algorithm_t alg)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    assert_int_equal(psa_key_derivation_setup(&operation, alg), PSA_SUCCESS);
    psa_status_t status =
        PSA_ALG_IS_KEY_AGREEMENT(alg)
            ? psa_key_derivation_key_agreement(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, key, in, 65)
            : psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, key);
    if (status == PSA_SUCCESS) {
        psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
        psa_key_id_t made;
        psa_set_key_type(&attributes, PSA_KEY_TYPE_HMAC);
        psa_set_key_bits(&attributes, 128);
        psa_set_key_lifetime(&attributes, LIFETIME(VAULT));
        assert_int_equal(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, in, 3), PSA_SUCCESS);
        assert_int_equal(psa_key_derivation_output_key(&attributes, &operation, &made), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(made), PSA_SUCCESS);
        status = psa_key_derivation_output_bytes(&operation, out, 32);
    }
    assert_int_equal(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    return status;
}

static psa_status_t wrap_another(psa_key_id_t key, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t other;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_RAW_DATA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT);
    assert_int_equal(psa_import_key(&attributes, in, 16, &other), PSA_SUCCESS);
    psa_status_t status = psa_wrap_key(key, alg, other, out, sizeof out, &length);
    assert_int_equal(psa_destroy_key(other), PSA_SUCCESS);
    return status;
}

static const struct {
    const char *name;
    psa_status_t (*call)(psa_key_id_t key, psa_algorithm_t alg);
    psa_key_type_t type;
    psa_algorithm_t alg;
} every_call[] = {
    {"export_public_key", export_public_key, NIST, PSA_ALG_ECDH},
    {"sign_message", sign_message, NIST, PSA_ALG_ECDSA(PSA_ALG_SHA_256)},
    {"verify_message", verify_message, NIST, PSA_ALG_ECDSA(PSA_ALG_SHA_256)},
    {"sign_hash", sign_hash, NIST, PSA_ALG_ECDSA(PSA_ALG_SHA_256)},
    {"verify_hash", verify_hash, NIST, PSA_ALG_ECDSA(PSA_ALG_SHA_256)},
    {"sign_hash_start", sign_in_steps, NIST, PSA_ALG_ECDSA(PSA_ALG_SHA_256)},
    {"asymmetric_encrypt", encrypt, PSA_KEY_TYPE_RSA_KEY_PAIR, PSA_ALG_RSA_PKCS1V15_CRYPT},
    {"asymmetric_decrypt", decrypt, PSA_KEY_TYPE_RSA_KEY_PAIR, PSA_ALG_RSA_PKCS1V15_CRYPT},
    {"raw_key_agreement", raw_agreement, NIST, PSA_ALG_ECDH},
    {"key_agreement", agreement_to_a_key, NIST, PSA_ALG_ECDH},
    {"mac_compute", mac_whole, PSA_KEY_TYPE_HMAC, HMAC},
    {"mac_verify", mac_compare, PSA_KEY_TYPE_HMAC, HMAC},
    {"mac_sign_setup", mac_in_parts, PSA_KEY_TYPE_HMAC, HMAC},
    {"cipher_encrypt", cipher_encrypt, PSA_KEY_TYPE_AES, PSA_ALG_CTR},
    {"cipher_decrypt", cipher_decrypt, PSA_KEY_TYPE_AES, PSA_ALG_CTR},
    {"aead_encrypt", aead_encrypt, PSA_KEY_TYPE_AES, PSA_ALG_GCM},
    {"aead_decrypt", aead_decrypt, PSA_KEY_TYPE_AES, PSA_ALG_GCM},
    {"aead_encrypt_setup", aead_in_parts, PSA_KEY_TYPE_AES, PSA_ALG_GCM},
    {"key_derivation_input_key", derive_bytes, PSA_KEY_TYPE_DERIVE, HKDF},
    {"key_derivation_key_agreement", derive_bytes, NIST, PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, HKDF)},
    {"wrap_key", wrap_another, PSA_KEY_TYPE_AES, PSA_ALG_KW},
};
#define CALLS (sizeof every_call / sizeof every_call[0])
#define ALL_USES                                                                                                       \
    (PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY | PSA_KEY_USAGE_CACHE | PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT | \
     PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH | PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_VERIFY_DERIVATION |    \
     PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP)

static psa_key_id_t key_in(psa_key_location_t location, psa_key_type_t type, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes =
        test_attributes(type, type == PSA_KEY_TYPE_RSA_KEY_PAIR ? 2048 : 256, ALL_USES, alg);
    psa_key_id_t key;
    psa_set_key_lifetime(&attributes, LIFETIME(location));
    assert_int_equal(psa_import_key(&attributes, secret, sizeof secret, &key), PSA_SUCCESS);
    return key;
}

static void assert_nothing_of_the_secret(const char *name)
{
    for (size_t i = 0; i + 8 <= sizeof secret; i++) {
        if (memmem(out, sizeof out, secret + i, 8) != NULL) {
            fail_msg("psa_%s gave bytes of the key out", name);
        }
    }
}

static void every_call_goes_to_the_table_and_gives_nothing_of_the_key(void **state)
{
    for (size_t i = 0; i < CALLS; i++) {
        psa_key_id_t key = key_in(VAULT, every_call[i].type, every_call[i].alg);
        unsigned before = vault_calls;
        memset(out, 0, sizeof out);
        psa_status_t status = every_call[i].call(key, every_call[i].alg);
        if (status != PSA_SUCCESS || vault_calls == before) {
            fail_msg("psa_%s: status %d, %u calls of the driver", every_call[i].name, (int)status,
                     vault_calls - before);
        }
        assert_nothing_of_the_secret(every_call[i].name);
        assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static void what_a_driver_cannot_is_not_supported_and_never_done_in_software(void **state)
{
    for (size_t i = 0; i < CALLS; i++) {
        psa_key_id_t key = key_in(EMPTY, every_call[i].type, every_call[i].alg);
        memset(out, 0, sizeof out);
        psa_status_t status = every_call[i].call(key, every_call[i].alg);
        if (status != PSA_ERROR_NOT_SUPPORTED) {
            fail_msg("psa_%s: status %d", every_call[i].name, (int)status);
        }
        assert_true(memcmp(out, (uint8_t[sizeof out]){0}, sizeof out) == 0);
        assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static void no_call_takes_a_key_out_of_its_location(void **state)
{
    psa_key_attributes_t here = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t kek, copy;
    psa_set_key_type(&here, PSA_KEY_TYPE_AES);
    psa_set_key_usage_flags(&here, ALL_USES);
    psa_set_key_algorithm(&here, PSA_ALG_KWP);
    assert_int_equal(psa_import_key(&here, in, 16, &kek), PSA_SUCCESS);
    for (size_t i = 0; i < CALLS; i++) {
        psa_key_id_t key = key_in(VAULT, every_call[i].type, every_call[i].alg);
        psa_key_attributes_t there = PSA_KEY_ATTRIBUTES_INIT;
        psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
        memset(out, 0, sizeof out);
        assert_int_equal(psa_export_key(key, out, sizeof out, &length), PSA_ERROR_NOT_PERMITTED);
        assert_int_equal(psa_wrap_key(kek, PSA_ALG_KWP, key, out, sizeof out, &length), PSA_ERROR_NOT_PERMITTED);
        psa_reset_key_attributes(&here);
        psa_set_key_usage_flags(&here, ALL_USES);
        psa_set_key_algorithm(&here, every_call[i].alg);
        assert_int_equal(psa_copy_key(key, &here, &copy), PSA_ERROR_NOT_SUPPORTED);
        psa_set_key_lifetime(&there, LIFETIME(EMPTY));
        assert_int_equal(psa_copy_key(key, &there, &copy), PSA_ERROR_NOT_SUPPORTED);
        if (PSA_ALG_IS_KEY_DERIVATION(every_call[i].alg)) { /* derived there, a key of it is not made here */
            psa_set_key_type(&here, PSA_KEY_TYPE_AES);
            psa_set_key_bits(&here, 128);
            assert_int_equal(psa_key_derivation_setup(&operation, HKDF), PSA_SUCCESS);
            assert_int_equal(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, key),
                             PSA_SUCCESS);
            assert_int_equal(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, in, 1),
                             PSA_SUCCESS);
            assert_int_equal(psa_key_derivation_output_key(&here, &operation, &copy), PSA_ERROR_NOT_SUPPORTED);
            assert_int_equal(psa_key_derivation_abort(&operation), PSA_SUCCESS);
        }
        assert_nothing_of_the_secret("export_key, wrap_key or copy_key");
        assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    }
    assert_int_equal(psa_destroy_key(kek), PSA_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_goes_to_the_table_and_gives_nothing_of_the_key),
        cmocka_unit_test(what_a_driver_cannot_is_not_supported_and_never_done_in_software),
        cmocka_unit_test(no_call_takes_a_key_out_of_its_location),
    };
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(mico_psa_attach_driver(&vault, NULL), PSA_SUCCESS);
    assert_int_equal(mico_psa_attach_driver(&vault_empty, NULL), PSA_SUCCESS);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

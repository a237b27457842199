/* SPDX-License-Identifier: Apache-2.0 */
/* Every call of hashes, MACs, ciphers and authenticated encryption in every state: state_table.h says what the letters are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/psa/state_table.h"
#include "crypto/psa/test_attributes.h"

static uint8_t bytes[1024];
static size_t length;
static const uint8_t wrong[64];

static psa_key_id_t make(psa_key_type_t type, size_t bits, psa_key_usage_t usage, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = test_attributes(type, bits, usage, alg);
    psa_key_id_t key;
    assert_int_equal(psa_generate_key(&attributes, &key), PSA_SUCCESS);
    return key;
}

static void ok(psa_status_t status)
{
    assert_int_equal(status, PSA_SUCCESS);
}

/* ---- hashes ---- */

static psa_hash_operation_t hash;
static uint8_t suspended[PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE];
static size_t suspended_length;

static psa_status_t hash_set_up(void)
{
    return psa_hash_setup(&hash, PSA_ALG_SHA_256);
}

static psa_status_t hash_abort(void)
{
    return psa_hash_abort(&hash);
}

static bool hash_failed(void)
{
    return psa_hash_update(&hash, bytes, 1) == PSA_ERROR_BAD_STATE;
}

static void hash_reach(int state)
{
    if (state == 1) {
        ok(hash_set_up());
    } else if (state == 2) {
        assert_int_equal(psa_hash_update(&hash, bytes, 1), PSA_ERROR_BAD_STATE);
    }
}

static psa_status_t hash_call(int column)
{
    psa_hash_operation_t other = PSA_HASH_OPERATION_INIT;
    switch (column) {
    case 0:
        return hash_set_up();
    case 1:
        return psa_hash_update(&hash, bytes, 3);
    case 2:
        return psa_hash_finish(&hash, bytes, sizeof bytes, &length);
    case 3:
        return psa_hash_verify(&hash, wrong, 32);
    case 4:
        return psa_hash_suspend(&hash, bytes, sizeof bytes, &length);
    case 5:
        return psa_hash_resume(&hash, suspended, suspended_length);
    case 6:
        return psa_hash_clone(&hash, &other);
    case 7:
        ok(psa_hash_setup(&other, PSA_ALG_SHA_256));
        return psa_hash_clone(&other, &hash);
    default:
        return hash_abort();
    }
}

static void hashes_keep_to_their_table(void **state)
{
    static const char *const rows[] = {"AFFFFANAI not set up", "NAISINANI active", "NFFFFNNNI failed", NULL};
    ok(hash_set_up());
    ok(psa_hash_suspend(&hash, suspended, sizeof suspended, &suspended_length));
    every_call_in_every_state(
        &(struct state_table){"setup update finish verify suspend resume clone-from clone-to abort", rows, hash_reach,
                              hash_call, hash_set_up, hash_failed, hash_abort});
}

/* ---- MACs ---- */

static psa_mac_operation_t mac;
static psa_key_id_t mac_key;
#define MAC_ALG PSA_ALG_HMAC(PSA_ALG_SHA_256)

static psa_status_t mac_set_up(void)
{
    return psa_mac_sign_setup(&mac, mac_key, MAC_ALG);
}

static psa_status_t mac_abort(void)
{
    return psa_mac_abort(&mac);
}

static bool mac_failed(void)
{
    return psa_mac_update(&mac, bytes, 1) == PSA_ERROR_BAD_STATE;
}

static void mac_reach(int state)
{
    if (state == 1) {
        ok(mac_set_up());
    } else if (state == 2) {
        ok(psa_mac_verify_setup(&mac, mac_key, MAC_ALG));
    } else if (state == 3) {
        assert_int_equal(psa_mac_update(&mac, bytes, 1), PSA_ERROR_BAD_STATE);
    }
}

static psa_status_t mac_call(int column)
{
    switch (column) {
    case 0:
        return mac_set_up();
    case 1:
        return psa_mac_verify_setup(&mac, mac_key, MAC_ALG);
    case 2:
        return psa_mac_update(&mac, bytes, 3);
    case 3:
        return psa_mac_sign_finish(&mac, bytes, sizeof bytes, &length);
    case 4:
        return psa_mac_verify_finish(&mac, wrong, 32);
    default:
        return mac_abort();
    }
}

static void macs_keep_to_their_table(void **state)
{
    static const char *const rows[] = {"AAFFFI not set up", "NNAIFI signing", "NNAFSI verifying", "NNFFFI failed",
                                       NULL};
    mac_key = make(PSA_KEY_TYPE_HMAC, 256, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, MAC_ALG);
    every_call_in_every_state(&(struct state_table){"sign_setup verify_setup update sign_finish verify_finish abort",
                                                    rows, mac_reach, mac_call, mac_set_up, mac_failed, mac_abort});
}

/* ---- ciphers ---- */

static psa_cipher_operation_t cipher;
static psa_key_id_t ctr_key, ecb_key;

static psa_status_t cipher_set_up(void)
{
    return psa_cipher_encrypt_setup(&cipher, ctr_key, PSA_ALG_CTR);
}

static psa_status_t cipher_abort(void)
{
    return psa_cipher_abort(&cipher);
}

/* What is set up takes an IV, or text. */
static bool cipher_failed(void)
{
    psa_cipher_operation_t copy = cipher;
    return psa_cipher_set_iv(&cipher, wrong, 16) == PSA_ERROR_BAD_STATE &&
           psa_cipher_update(&copy, bytes, 16, bytes, 16, &length) == PSA_ERROR_BAD_STATE;
}

static void cipher_reach(int state)
{
    if (state == 1 || state == 2) {
        ok(cipher_set_up());
    } else if (state == 3 || state == 4) {
        ok(psa_cipher_decrypt_setup(&cipher, ctr_key, PSA_ALG_CTR));
    } else if (state == 5) {
        ok(psa_cipher_encrypt_setup(&cipher, ecb_key, PSA_ALG_ECB_NO_PADDING));
    } else if (state == 6) {
        assert_int_equal(psa_cipher_set_iv(&cipher, wrong, 16), PSA_ERROR_BAD_STATE);
    }
    if (state == 2 || state == 4) {
        ok(psa_cipher_set_iv(&cipher, wrong, 16));
    }
}

static psa_status_t cipher_call(int column)
{
    switch (column) {
    case 0:
        return cipher_set_up();
    case 1:
        return psa_cipher_decrypt_setup(&cipher, ctr_key, PSA_ALG_CTR);
    case 2:
        return psa_cipher_generate_iv(&cipher, bytes, sizeof bytes, &length);
    case 3:
        return psa_cipher_set_iv(&cipher, wrong, 16);
    case 4:
        return psa_cipher_update(&cipher, bytes, 16, bytes, 16, &length);
    case 5:
        return psa_cipher_finish(&cipher, bytes, sizeof bytes, &length);
    default:
        return cipher_abort();
    }
}

static void ciphers_keep_to_their_table(void **state)
{
    static const char *const rows[] = {
        "AAFFFFI not set up", "NNAAFFI encrypting, no IV yet", "NNFFAII encrypting", "NNFAFFI decrypting, no IV yet",
        "NNFFAII decrypting", "NNFFAII encrypting without IV", "NNFFFFI failed",     NULL};
    ctr_key = make(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, PSA_ALG_CTR);
    ecb_key = make(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_ECB_NO_PADDING);
    every_call_in_every_state(
        &(struct state_table){"encrypt_setup decrypt_setup generate_iv set_iv update finish abort", rows, cipher_reach,
                              cipher_call, cipher_set_up, cipher_failed, cipher_abort});
}

/* ---- authenticated encryption ---- */

static psa_aead_operation_t aead;
static psa_key_id_t gcm_key, ccm_key;

static psa_status_t aead_set_up(void)
{
    return psa_aead_encrypt_setup(&aead, gcm_key, PSA_ALG_GCM);
}

static psa_status_t aead_abort(void)
{
    return psa_aead_abort(&aead);
}

/* What is set up takes a nonce, lengths or text. */
static bool aead_failed(void)
{
    psa_aead_operation_t copy = aead, third = aead;
    return psa_aead_set_nonce(&aead, wrong, 12) == PSA_ERROR_BAD_STATE &&
           psa_aead_set_lengths(&third, 0, 0) == PSA_ERROR_BAD_STATE &&
           psa_aead_update(&copy, bytes, 0, bytes, 0, &length) == PSA_ERROR_BAD_STATE;
}

enum { ENC = 1, LENGTHS, LENGTHS_NONCE, ENC_NONCE, ENC_AD, ENC_TEXT, DEC, DEC_NONCE, DEC_TEXT, CCM, FAILED };

static void aead_reach(int state)
{
    if (state >= ENC && state <= ENC_TEXT) {
        ok(aead_set_up());
    } else if (state >= DEC && state <= DEC_TEXT) {
        ok(psa_aead_decrypt_setup(&aead, gcm_key, PSA_ALG_GCM));
    } else if (state == CCM) {
        ok(psa_aead_encrypt_setup(&aead, ccm_key, PSA_ALG_CCM));
    } else if (state == FAILED) {
        assert_int_equal(psa_aead_set_nonce(&aead, wrong, 12), PSA_ERROR_BAD_STATE);
    }
    if (state == LENGTHS || state == LENGTHS_NONCE) {
        ok(psa_aead_set_lengths(&aead, 4, 4));
    }
    if (state == DEC_NONCE || state == DEC_TEXT || (state >= LENGTHS_NONCE && state <= ENC_TEXT)) {
        ok(psa_aead_set_nonce(&aead, wrong, 12));
    }
    if (state == ENC_AD) {
        ok(psa_aead_update_ad(&aead, bytes, 4));
    }
    if (state == ENC_TEXT || state == DEC_TEXT) {
        ok(psa_aead_update(&aead, bytes, 4, bytes, 16, &length));
    }
}

static psa_status_t aead_call(int column)
{
    size_t tag_length;
    switch (column) {
    case 0:
        return aead_set_up();
    case 1:
        return psa_aead_decrypt_setup(&aead, gcm_key, PSA_ALG_GCM);
    case 2:
        return psa_aead_set_lengths(&aead, 4, 4);
    case 3:
        return psa_aead_generate_nonce(&aead, bytes, sizeof bytes, &length);
    case 4:
        return psa_aead_set_nonce(&aead, wrong, 12);
    case 5:
        return psa_aead_update_ad(&aead, bytes, 4);
    case 6:
        return psa_aead_update(&aead, bytes, 4, bytes, 16, &length);
    case 7:
        return psa_aead_finish(&aead, bytes, 16, &length, bytes + 16, 16, &tag_length);
    case 8:
        return psa_aead_verify(&aead, bytes, 16, &length, wrong, 16);
    default:
        return aead_abort();
    }
}

static void aeads_keep_to_their_table(void **state)
{
    static const char *const rows[] = {"AAFFFFFFFI not set up",
                                       "NNAAAFFFFI encrypting",
                                       "NNFAAFFFFI encrypting, lengths announced",
                                       "NNFFFAPPFI encrypting, lengths and nonce, nothing of what was announced",
                                       "NNFFFAAIFI encrypting, nonce",
                                       "NNFFFAAIFI encrypting, additional data",
                                       "NNFFFFAIFI encrypting, text",
                                       "NNAFAFFFFI decrypting",
                                       "NNFFFAAFSI decrypting, nonce",
                                       "NNFFFFAFSI decrypting, text",
                                       "NNAFFFFFFI encrypting with CCM, which waits for lengths",
                                       "NNFFFFFFFI failed",
                                       NULL};
    gcm_key = make(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, PSA_ALG_GCM);
    ccm_key = make(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CCM);
    every_call_in_every_state(&(struct state_table){
        "encrypt_setup decrypt_setup set_lengths generate_nonce set_nonce update_ad update finish verify "
        "abort",
        rows, aead_reach, aead_call, aead_set_up, aead_failed, aead_abort});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_keep_to_their_table),
        cmocka_unit_test(macs_keep_to_their_table),
        cmocka_unit_test(ciphers_keep_to_their_table),
        cmocka_unit_test(aeads_keep_to_their_table),
    };
    ok(psa_crypto_init());
    return cmocka_run_group_tests(tests, NULL, NULL);
}

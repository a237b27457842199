/* SPDX-License-Identifier: Apache-2.0 */
/* PSA's contract: policies, sizes, states, locations. The primitives' own answers are tested in crypto/primitives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/psa/test_attributes.h"

static int depth, entries;
static void lock(void)
{
    assert_int_equal(depth++, 0);
    entries++;
}
static void unlock(void)
{
    assert_int_equal(--depth, 0);
}

static psa_key_id_t import(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, const void *data,
                           size_t len)
{
    psa_key_attributes_t attributes = test_attributes(type, 0, usage, alg);
    psa_key_id_t key;
    assert_int_equal(psa_import_key(&attributes, data, len, &key), PSA_SUCCESS);
    assert_true(key >= PSA_KEY_ID_VENDOR_MIN && key <= PSA_KEY_ID_VENDOR_MAX);
    return key;
}

#define EDWARDS PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define EDWARDS_PUBLIC PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define MONTGOMERY PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY)
#define SIGN_AND_VERIFY (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)

static const uint8_t key32[32] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
static uint8_t away_seed[32] = {42}, away_public[32]; /* of a location further down */
static const uint8_t message[] = "the message";

static void nothing_works_before_init(void **state)
{
    uint8_t out[4];
    psa_key_id_t key;
    psa_key_attributes_t attributes = test_attributes(PSA_KEY_TYPE_CHACHA20, 256, 0, 0);
    assert_int_equal(psa_generate_random(out, sizeof out), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_generate_key(&attributes, &key), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(psa_generate_random(out, sizeof out), PSA_SUCCESS);
    assert_int_equal(psa_generate_random(NULL, 4), PSA_ERROR_INVALID_ARGUMENT);
}

static void values_are_the_specifications(void **state)
{
    assert_int_equal(PSA_ALG_HMAC(PSA_ALG_SHA_256), 0x03800009);
    assert_int_equal(PSA_ALG_HKDF(PSA_ALG_SHA_512), 0x0800010B);
    assert_int_equal(PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(PSA_ALG_SHA_256)), 0x09020109);
    assert_int_equal(PSA_ALG_KEY_AGREEMENT_GET_KDF(0x09020109), PSA_ALG_HKDF(PSA_ALG_SHA_256));
    assert_int_equal(PSA_ALG_KEY_AGREEMENT_GET_BASE(0x09020109), PSA_ALG_ECDH);
    assert_int_equal(EDWARDS, 0x7142);
    assert_int_equal(EDWARDS_PUBLIC, 0x4142);
    assert_int_equal(MONTGOMERY, 0x7141);
    assert_int_equal(PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(EDWARDS), EDWARDS_PUBLIC);
    assert_int_equal(PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(1, 0x800001), 0x80000101);
}

static void keys_are_what_their_attributes_say(void **state)
{
    static const struct {
        psa_key_type_t type;
        size_t len, bits;
        psa_status_t status;
    } cases[] = {
        {PSA_KEY_TYPE_CHACHA20, 32, 256, PSA_SUCCESS},
        {PSA_KEY_TYPE_CHACHA20, 31, 0, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_KEY_TYPE_CHACHA20, 32, 128, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_KEY_TYPE_AES, 16, 0, PSA_SUCCESS},
        {PSA_KEY_TYPE_AES, 32, 256, PSA_SUCCESS},
        {PSA_KEY_TYPE_AES, 17, 0, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_KEY_TYPE_HMAC, 1, 8, PSA_SUCCESS},
        {PSA_KEY_TYPE_DERIVE, 128, 0, PSA_SUCCESS},
        {PSA_KEY_TYPE_DERIVE, MICO_PSA_KEY_SIZE, 0, PSA_SUCCESS},
        {PSA_KEY_TYPE_DERIVE, MICO_PSA_KEY_SIZE + 1, 0, PSA_ERROR_NOT_SUPPORTED},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 32, 255, PSA_SUCCESS},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 32, 256, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY), 56, 448, PSA_ERROR_NOT_SUPPORTED},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 32, 256, PSA_SUCCESS},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 32, 521, PSA_ERROR_NOT_SUPPORTED},
        {PSA_KEY_TYPE_NONE, 32, 0, PSA_ERROR_NOT_SUPPORTED},
    };
    uint8_t data[MICO_PSA_KEY_SIZE + 1] = {7};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        psa_key_attributes_t attributes = test_attributes(cases[i].type, cases[i].bits, PSA_KEY_USAGE_EXPORT, 0);
        psa_key_id_t key = 77;
        uint8_t out[MICO_PSA_KEY_SIZE + 1];
        size_t len;
        assert_int_equal(psa_import_key(&attributes, data, cases[i].len, &key), cases[i].status);
        if (cases[i].status != PSA_SUCCESS) {
            assert_int_equal(key, PSA_KEY_ID_NULL);
            continue;
        }
        assert_int_equal(psa_export_key(key, out, cases[i].len - 1, &len), PSA_ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(len, 0);
        assert_int_equal(psa_export_key(key, out, sizeof out, &len), PSA_SUCCESS);
        assert_int_equal(len, cases[i].len);
        assert_memory_equal(out, data, len);
        assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static void persistent_keys_have_no_place_in_memory(void **state)
{
    psa_key_attributes_t attributes = test_attributes(PSA_KEY_TYPE_CHACHA20, 256, 0, 0);
    psa_key_id_t key;
    psa_set_key_id(&attributes, 5);
    assert_int_equal(psa_get_key_lifetime(&attributes), PSA_KEY_LIFETIME_PERSISTENT);
    assert_int_equal(psa_generate_key(&attributes, &key), PSA_ERROR_NOT_SUPPORTED);
    psa_set_key_lifetime(&attributes, 0x12345600);
    assert_int_equal(psa_generate_key(&attributes, &key), PSA_ERROR_INVALID_ARGUMENT);
}

static void a_destroyed_keys_identifier_is_dead(void **state)
{
    psa_key_id_t key = import(PSA_KEY_TYPE_CHACHA20, PSA_KEY_USAGE_EXPORT, 0, key32, 32);
    psa_key_attributes_t attributes;
    uint8_t out[32];
    size_t len;
    assert_int_equal(psa_purge_key(key), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    psa_key_id_t next = import(PSA_KEY_TYPE_CHACHA20, PSA_KEY_USAGE_EXPORT, 0, key32, 32);
    assert_int_not_equal(next, key);
    assert_int_equal(psa_export_key(key, out, sizeof out, &len), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(psa_get_key_attributes(key, &attributes), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(psa_get_key_type(&attributes), PSA_KEY_TYPE_NONE);
    assert_int_equal(psa_destroy_key(key), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(psa_destroy_key(PSA_KEY_ID_NULL), PSA_SUCCESS);
    assert_int_equal(psa_get_key_attributes(next, &attributes), PSA_SUCCESS);
    assert_int_equal(psa_get_key_bits(&attributes), 256);
    assert_int_equal(psa_get_key_id(&attributes), next);
    assert_int_equal(psa_destroy_key(next), PSA_SUCCESS);
}

static void slots_run_out_and_come_back(void **state)
{
    psa_key_id_t keys[MICO_PSA_KEYS], extra;
    psa_key_attributes_t attributes = test_attributes(PSA_KEY_TYPE_AES, 128, 0, 0);
    for (size_t i = 0; i < MICO_PSA_KEYS; i++) {
        assert_int_equal(psa_generate_key(&attributes, &keys[i]), PSA_SUCCESS);
    }
    assert_int_equal(psa_generate_key(&attributes, &extra), PSA_ERROR_INSUFFICIENT_MEMORY);
    for (size_t i = 0; i < MICO_PSA_KEYS; i++) {
        assert_int_equal(psa_destroy_key(keys[i]), PSA_SUCCESS);
    }
}

static void hashes_check_size_state_and_algorithm(void **state)
{
    uint8_t once[64], pieces[64];
    size_t len = 9;
    psa_hash_operation_t a = PSA_HASH_OPERATION_INIT, b = PSA_HASH_OPERATION_INIT;

    assert_int_equal(psa_hash_compute(PSA_ALG_SHA3_256, message, 5, once, 64, &len), PSA_ERROR_NOT_SUPPORTED);
    assert_int_equal(psa_hash_compute(PSA_ALG_CTR, message, 5, once, 64, &len), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_hash_compute(PSA_ALG_SHA_256, message, 5, once, 31, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(len, 0);
    assert_int_equal(psa_hash_compute(PSA_ALG_SHA_512, message, 11, once, 64, &len), PSA_SUCCESS);
    assert_int_equal(psa_hash_compare(PSA_ALG_SHA_512, message, 11, once, 64), PSA_SUCCESS);
    assert_int_equal(psa_hash_compare(PSA_ALG_SHA_512, message, 11, once, 63), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_hash_setup(&a, PSA_ALG_SHA_512), PSA_SUCCESS);
    assert_int_equal(psa_hash_update(&a, message, 4), PSA_SUCCESS);
    assert_int_equal(psa_hash_clone(&a, &b), PSA_SUCCESS);
    assert_int_equal(psa_hash_update(&a, message + 4, 7), PSA_SUCCESS);
    assert_int_equal(psa_hash_finish(&a, pieces, 64, &len), PSA_SUCCESS);
    assert_memory_equal(pieces, once, 64);
    assert_int_equal(psa_hash_update(&a, message, 1), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_hash_update(&b, message + 4, 7), PSA_SUCCESS);
    assert_int_equal(psa_hash_verify(&b, once, 64), PSA_SUCCESS);
    assert_int_equal(psa_hash_finish(&b, pieces, 64, &len), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_hash_abort(&a), PSA_SUCCESS);
    assert_int_equal(psa_hash_setup(&a, PSA_ALG_SHA_256), PSA_SUCCESS);
    assert_int_equal(psa_hash_setup(&a, PSA_ALG_SHA_256), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_hash_abort(&a), PSA_SUCCESS);
}

static void macs_obey_policy_and_size(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_HMAC(PSA_ALG_SHA_256);
    psa_key_id_t key = import(PSA_KEY_TYPE_HMAC, SIGN_AND_VERIFY, alg, key32, 32);
    psa_key_id_t verify_only = import(PSA_KEY_TYPE_HMAC, PSA_KEY_USAGE_VERIFY_HASH, alg, key32, 32);
    uint8_t mac[64], want[32];
    size_t len;

    mico_hmac_sha256(MICO_SPAN(key32), (struct mico_span){message, 11}, want);
    assert_int_equal(psa_mac_compute(key, alg, message, 11, mac, 64, &len), PSA_SUCCESS);
    assert_int_equal(len, 32);
    assert_memory_equal(mac, want, 32);
    assert_int_equal(psa_mac_compute(key, alg, message, 11, mac, 31, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(psa_mac_compute(key, PSA_ALG_HMAC(PSA_ALG_SHA_512), message, 11, mac, 64, &len),
                     PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_mac_compute(verify_only, alg, message, 11, mac, 64, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_mac_verify(verify_only, alg, message, 11, want, 32), PSA_SUCCESS);
    assert_int_equal(psa_mac_verify(key, alg, message, 11, want, 31), PSA_ERROR_INVALID_SIGNATURE);
    want[31] ^= 1;
    assert_int_equal(psa_mac_verify(key, alg, message, 11, want, 32), PSA_ERROR_INVALID_SIGNATURE);
    psa_destroy_key(key);
    psa_destroy_key(verify_only);
}

static void aead_works_in_place_and_obeys_policy(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_CHACHA20_POLY1305;
    const psa_key_usage_t both = PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT;
    psa_key_id_t key = import(PSA_KEY_TYPE_CHACHA20, both, alg, key32, 32);
    psa_key_id_t decrypt_only = import(PSA_KEY_TYPE_CHACHA20, PSA_KEY_USAGE_DECRYPT, alg, key32, 32);
    uint8_t nonce[12] = {3}, buffer[27];
    size_t len = 5;

    memcpy(buffer, message, 11);
    assert_int_equal(psa_aead_encrypt(decrypt_only, alg, nonce, 12, NULL, 0, buffer, 11, buffer, 27, &len),
                     PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(len, 0);
    assert_int_equal(psa_aead_encrypt(key, alg, nonce, 12, NULL, 0, buffer, 11, buffer, 26, &len),
                     PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(psa_aead_encrypt(key, alg, nonce, 11, NULL, 0, buffer, 11, buffer, 27, &len),
                     PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_aead_encrypt(key, alg, nonce, 12, NULL, 1, buffer, 11, buffer, 27, &len),
                     PSA_ERROR_INVALID_ARGUMENT);
    assert_memory_equal(buffer, message, 11);
    assert_int_equal(psa_aead_encrypt(key, alg, nonce, 12, message, 3, buffer, 11, buffer, 27, &len), PSA_SUCCESS);
    assert_int_equal(len, 27);
    assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, message, 3, buffer, 15, buffer, 27, &len),
                     PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, message, 3, buffer, 27, buffer, 10, &len),
                     PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(psa_aead_decrypt(decrypt_only, alg, nonce, 12, message, 3, buffer, 27, buffer, 27, &len),
                     PSA_SUCCESS);
    assert_int_equal(len, 11);
    assert_memory_equal(buffer, message, 11);
    psa_destroy_key(key);
    psa_destroy_key(decrypt_only);
}

static void aead_of_nothing_is_a_tag(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_CHACHA20_POLY1305;
    psa_key_id_t key = import(PSA_KEY_TYPE_CHACHA20, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, alg, key32, 32);
    uint8_t nonce[12] = {3}, tag[16];
    size_t len;
    assert_int_equal(psa_aead_encrypt(key, alg, nonce, 12, NULL, 0, NULL, 0, tag, 16, &len), PSA_SUCCESS);
    assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, NULL, 0, tag, 16, NULL, 0, &len), PSA_SUCCESS);
    assert_int_equal(len, 0);
    tag[0] ^= 1;
    assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, NULL, 0, tag, 16, NULL, 0, &len),
                     PSA_ERROR_INVALID_SIGNATURE);
    psa_destroy_key(key);
}

static void ctr_begins_with_a_fresh_counter(void **state)
{
    psa_key_id_t key = import(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, PSA_ALG_CTR, key32, 16);
    uint8_t a[27], b[27], back[11];
    size_t len;
    assert_int_equal(psa_cipher_encrypt(key, PSA_ALG_CTR, message, 11, a, 26, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(psa_cipher_encrypt(key, PSA_ALG_CTR, message, 11, a, 27, &len), PSA_SUCCESS);
    assert_int_equal(psa_cipher_encrypt(key, PSA_ALG_CTR, message, 11, b, 27, &len), PSA_SUCCESS);
    assert_memory_not_equal(a, b, 16);
    assert_int_equal(psa_cipher_decrypt(key, PSA_ALG_CTR, a, 27, back, 11, &len), PSA_SUCCESS);
    assert_int_equal(len, 11);
    assert_memory_equal(back, message, 11);
    assert_int_equal(psa_cipher_decrypt(key, PSA_ALG_CTR, a, 15, back, 11, &len), PSA_ERROR_INVALID_ARGUMENT);
    psa_destroy_key(key);
}

static void signatures_verify_by_pair_and_by_public_key(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_PURE_EDDSA;
    psa_key_attributes_t attributes = test_attributes(EDWARDS, 255, SIGN_AND_VERIFY, alg);
    psa_key_id_t key;
    uint8_t signature[64], public_key[32], secret[32];
    size_t len;

    assert_int_equal(psa_generate_key(&attributes, &key), PSA_SUCCESS);
    assert_int_equal(psa_sign_message(key, alg, message, 11, signature, 63, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(psa_sign_message(key, alg, message, 11, signature, 64, &len), PSA_SUCCESS);
    assert_int_equal(len, 64);
    assert_int_equal(psa_verify_message(key, alg, message, 11, signature, 64), PSA_SUCCESS);
    assert_int_equal(psa_export_key(key, secret, 32, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_export_public_key(key, public_key, 31, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(psa_export_public_key(key, public_key, 32, &len), PSA_SUCCESS);
    psa_key_id_t peer = import(EDWARDS_PUBLIC, PSA_KEY_USAGE_VERIFY_MESSAGE, alg, public_key, 32);
    assert_int_equal(psa_verify_message(peer, alg, message, 11, signature, 64), PSA_SUCCESS);
    assert_int_equal(psa_verify_message(peer, alg, message, 10, signature, 64), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_verify_message(peer, alg, message, 11, signature, 63), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_sign_message(peer, alg, message, 11, signature, 64, &len), PSA_ERROR_NOT_PERMITTED);
    psa_destroy_key(key);
    psa_destroy_key(peer);
}

static void agreement_gives_both_sides_one_secret_and_refuses_low_order(void **state)
{
    psa_key_attributes_t attributes = test_attributes(MONTGOMERY, 255, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH);
    psa_key_id_t a, b;
    uint8_t pa[32], pb[32], za[32], zb[32], zero[32] = {0};
    size_t len;

    assert_int_equal(psa_generate_key(&attributes, &a), PSA_SUCCESS);
    assert_int_equal(psa_generate_key(&attributes, &b), PSA_SUCCESS);
    assert_int_equal(psa_export_public_key(a, pa, 32, &len), PSA_SUCCESS);
    assert_int_equal(psa_export_public_key(b, pb, 32, &len), PSA_SUCCESS);
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, a, pb, 32, za, 32, &len), PSA_SUCCESS);
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, b, pa, 32, zb, 32, &len), PSA_SUCCESS);
    assert_memory_equal(za, zb, 32);
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, a, zero, 32, za, 32, &len), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(len, 0);
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, a, pb, 31, za, 32, &len), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, a, pb, 32, za, 31, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    psa_destroy_key(a);
    psa_destroy_key(b);
}

/* A location that signs with a key of its own and refuses on demand. */
static psa_status_t away_says = PSA_SUCCESS;

static psa_status_t away_sign(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                              uint8_t *out, size_t cap, size_t *len)
{
    if (cap < 64) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    *len = 64;
    assert_ptr_equal(ctx, &away_says);
    assert_int_equal(key->note_len, 4);
    memset(out, 0x55, 64);
    if (away_says == PSA_SUCCESS) {
        mico_ed25519_sign(away_seed, away_public, text, out);
    }
    return away_says;
}

static psa_status_t away_export_public(void *ctx, const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    assert_true(cap >= 32);
    memcpy(out, away_public, 32);
    *len = 32;
    return PSA_SUCCESS;
}

static void a_key_of_another_location_stays_there(void **state)
{
    static const struct mico_psa_driver away = {
        .location = 0x800042, .sign_message = away_sign, .export_public = away_export_public};
    const psa_algorithm_t alg = PSA_ALG_PURE_EDDSA;
    psa_key_attributes_t attributes =
        test_attributes(EDWARDS, 255, SIGN_AND_VERIFY | PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY, alg);
    psa_key_attributes_t here = test_attributes(EDWARDS, 255, SIGN_AND_VERIFY | PSA_KEY_USAGE_EXPORT, alg);
    uint8_t signature[64], note[4] = {1, 2, 3, 4}, out[32];
    psa_key_id_t key, twin;
    size_t len;

    mico_ed25519_public(away_seed, away_public);
    psa_set_key_id(&attributes, 7);
    psa_set_key_lifetime(&attributes, 0x80004201);
    assert_int_equal(mico_psa_register_key(&attributes, MICO_SPAN(note), &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(mico_psa_attach_driver(&away, &away_says), PSA_SUCCESS);
    assert_int_equal(mico_psa_register_key(&attributes, MICO_SPAN(note), &key), PSA_SUCCESS);
    assert_int_equal(key, 7);
    assert_int_equal(mico_psa_register_key(&attributes, MICO_SPAN(note), &twin), PSA_ERROR_ALREADY_EXISTS);
    assert_int_equal(psa_sign_message(key, alg, message, 11, signature, 64, &len), PSA_SUCCESS);
    assert_int_equal(psa_verify_message(key, alg, message, 11, signature, 64), PSA_SUCCESS);
    assert_int_equal(psa_export_key(key, out, 32, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_copy_key(key, &here, &twin),
                     PSA_ERROR_NOT_SUPPORTED); /* not into memory, whatever usage says */
    psa_set_key_lifetime(&here, 0x80004200);
    assert_int_equal(psa_copy_key(key, &here, &twin), PSA_ERROR_NOT_SUPPORTED); /* nor beside itself */
    assert_int_equal(twin, PSA_KEY_ID_NULL);
    assert_int_equal(psa_purge_key(key), PSA_SUCCESS);
    assert_int_equal(mico_psa_persist_in(NULL, NULL), PSA_SUCCESS);
    assert_int_equal(psa_sign_message(key, alg, message, 11, signature, 64, &len), PSA_SUCCESS);
    assert_int_equal(psa_generate_key(&attributes, &twin), PSA_ERROR_ALREADY_EXISTS);
    psa_set_key_id(&attributes, 8);
    assert_int_equal(psa_generate_key(&attributes, &twin), PSA_ERROR_NOT_SUPPORTED);
    away_says = PSA_ERROR_COMMUNICATION_FAILURE;
    assert_int_equal(psa_sign_message(key, alg, message, 11, signature, 64, &len), PSA_ERROR_COMMUNICATION_FAILURE);
    assert_true(len == 0 && mico_ct_is_zero(signature, 64));
    assert_int_equal(psa_destroy_key(key), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
    assert_int_equal(psa_sign_message(key, alg, message, 11, signature, 64, &len), PSA_ERROR_INVALID_HANDLE);
}

static void the_lock_was_taken_and_given_back(void **state)
{
    assert_int_equal(depth, 0);
    assert_true(entries > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_works_before_init),
        cmocka_unit_test(values_are_the_specifications),
        cmocka_unit_test(keys_are_what_their_attributes_say),
        cmocka_unit_test(persistent_keys_have_no_place_in_memory),
        cmocka_unit_test(a_destroyed_keys_identifier_is_dead),
        cmocka_unit_test(slots_run_out_and_come_back),
        cmocka_unit_test(hashes_check_size_state_and_algorithm),
        cmocka_unit_test(macs_obey_policy_and_size),
        cmocka_unit_test(aead_works_in_place_and_obeys_policy),
        cmocka_unit_test(aead_of_nothing_is_a_tag),
        cmocka_unit_test(ctr_begins_with_a_fresh_counter),
        cmocka_unit_test(signatures_verify_by_pair_and_by_public_key),
        cmocka_unit_test(agreement_gives_both_sides_one_secret_and_refuses_low_order),
        cmocka_unit_test(a_key_of_another_location_stays_there),
        cmocka_unit_test(the_lock_was_taken_and_given_back),
    };
    mico_psa_lock_with(lock, unlock);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

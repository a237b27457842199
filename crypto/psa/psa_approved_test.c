/* SPDX-License-Identifier: Apache-2.0 */
/* The approved mode, zeroisation and the error state. Two of them last until the program ends, so the tests come in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/psa/psa_dsa_domain.h"
#include "crypto/tests/rsa_test_key.h"
#include "os/store/store.h"
#include "os/store/test_flash.h"

#define ALL_USES                                                                                                 \
    (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE | \
     PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH | PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_WRAP |           \
     PSA_KEY_USAGE_EXPORT)
#define NIST PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define EDWARDS PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define MONTGOMERY PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY)
#define FFDHE PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919)
#define SRP PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526)
#define SHA1 PSA_ALG_SHA_1
#define SHA2 PSA_ALG_SHA_256

/* Every algorithm that PSA offers, with each kind of key whose answer differs. */
static struct use {
    psa_algorithm_t alg;
    psa_key_type_t type;
    uint16_t bits;
    bool approved;
    psa_key_id_t key;
} uses[] = {
    {PSA_ALG_MD5, 0, 0, false, 0},
    {PSA_ALG_SHA_1, 0, 0, true, 0},
    {PSA_ALG_SHA_224, 0, 0, true, 0},
    {PSA_ALG_SHA_256, 0, 0, true, 0},
    {PSA_ALG_SHA_384, 0, 0, true, 0},
    {PSA_ALG_SHA_512, 0, 0, true, 0},
    {PSA_ALG_HMAC(PSA_ALG_MD5), PSA_KEY_TYPE_HMAC, 256, false, 0},
    {PSA_ALG_HMAC(SHA1), PSA_KEY_TYPE_HMAC, 112, true, 0},
    {PSA_ALG_HMAC(SHA2), PSA_KEY_TYPE_HMAC, 104, false, 0},
    {PSA_ALG_HMAC(SHA2), PSA_KEY_TYPE_HMAC, 256, true, 0},
    {PSA_ALG_TRUNCATED_MAC(PSA_ALG_HMAC(SHA2), 16), PSA_KEY_TYPE_HMAC, 256, true, 0},
    {PSA_ALG_CMAC, PSA_KEY_TYPE_AES, 192, true, 0},
    {PSA_ALG_CMAC, PSA_KEY_TYPE_DES, 192, false, 0},
    {PSA_ALG_ECB_NO_PADDING, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_CBC_NO_PADDING, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_CBC_PKCS7, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_CTR, PSA_KEY_TYPE_AES, 256, true, 0},
    {PSA_ALG_CFB, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_OFB, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_CCM_STAR_NO_TAG, PSA_KEY_TYPE_AES, 128, false, 0},
    {PSA_ALG_ECB_NO_PADDING, PSA_KEY_TYPE_DES, 64, false, 0},
    {PSA_ALG_CBC_NO_PADDING, PSA_KEY_TYPE_DES, 192, false, 0},
    {PSA_ALG_CBC_PKCS7, PSA_KEY_TYPE_DES, 128, false, 0},
    {PSA_ALG_STREAM_CIPHER, PSA_KEY_TYPE_CHACHA20, 256, false, 0},
    {PSA_ALG_CCM, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 8), PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_GCM, PSA_KEY_TYPE_AES, 256, true, 0},
    {PSA_ALG_CHACHA20_POLY1305, PSA_KEY_TYPE_CHACHA20, 256, false, 0},
    {PSA_ALG_KW, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_KWP, PSA_KEY_TYPE_AES, 256, true, 0},
    {PSA_ALG_HKDF(PSA_ALG_MD5), 0, 0, false, 0},
    {PSA_ALG_HKDF(SHA2), 0, 0, true, 0},
    {PSA_ALG_HKDF_EXTRACT(SHA2), 0, 0, true, 0},
    {PSA_ALG_HKDF_EXPAND(SHA2), 0, 0, true, 0},
    {PSA_ALG_PBKDF2_HMAC(SHA1), 0, 0, true, 0},
    {PSA_ALG_PBKDF2_AES_CMAC_PRF_128, 0, 0, false, 0},
    {PSA_ALG_SP800_108_COUNTER_HMAC(SHA2), 0, 0, true, 0},
    {PSA_ALG_SP800_108_COUNTER_HMAC(PSA_ALG_MD5), 0, 0, false, 0},
    {PSA_ALG_SP800_108_COUNTER_CMAC, PSA_KEY_TYPE_AES, 128, true, 0},
    {PSA_ALG_TLS12_PRF(PSA_ALG_SHA_384), 0, 0, true, 0},
    {PSA_ALG_TLS12_PSK_TO_MS(SHA2), 0, 0, true, 0},
    {PSA_ALG_SRP_PASSWORD_HASH(PSA_ALG_SHA_512), 0, 0, false, 0},
    {PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(PSA_ALG_MD5)), 0, 0, false, 0},
    {PSA_ALG_RSA_PKCS1V15_SIGN(SHA2), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, true, 0},
    {PSA_ALG_RSA_PKCS1V15_SIGN(SHA1), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_RSA_PKCS1V15_SIGN_RAW, PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_RSA_PSS(SHA2), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, true, 0},
    {PSA_ALG_RSA_PSS_ANY_SALT(SHA2), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_RSA_OAEP(SHA1), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, true, 0},
    {PSA_ALG_RSA_PKCS1V15_CRYPT, PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_ECDSA(SHA2), NIST, 256, true, 0},
    {PSA_ALG_ECDSA(PSA_ALG_SHA_384), NIST, 384, true, 0},
    {PSA_ALG_ECDSA(SHA1), NIST, 256, false, 0},
    {PSA_ALG_ECDSA_ANY, NIST, 256, false, 0},
    {PSA_ALG_DETERMINISTIC_ECDSA(SHA2), NIST, 256, true, 0},
    {PSA_ALG_PURE_EDDSA, EDWARDS, 255, true, 0},
    {PSA_ALG_ED25519PH, EDWARDS, 255, true, 0},
    {PSA_ALG_DSA(SHA2), PSA_KEY_TYPE_DSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_DETERMINISTIC_DSA(SHA2), PSA_KEY_TYPE_DSA_KEY_PAIR, 2048, false, 0},
    {PSA_ALG_ECDH, NIST, 256, true, 0},
    {PSA_ALG_ECDH, NIST, 384, true, 0},
    {PSA_ALG_ECDH, MONTGOMERY, 255, false, 0},
    {PSA_ALG_FFDH, FFDHE, 2048, true, 0},
    {PSA_ALG_SRP_6(PSA_ALG_SHA_512), SRP, 3072, false, 0},
};
#define USES (sizeof uses / sizeof uses[0])

static uint8_t big[1024];

static psa_key_attributes_t attributes_of(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, type);
    psa_set_key_bits(&attributes, bits);
    psa_set_key_usage_flags(&attributes, ALL_USES);
    psa_set_key_algorithm(&attributes, alg);
    return attributes;
}

static psa_key_id_t make(const struct use *use)
{
    static const psa_custom_key_parameters_t plain = PSA_CUSTOM_KEY_PARAMETERS_INIT;
    psa_key_attributes_t attributes = attributes_of(use->type, use->bits, use->alg);
    psa_key_id_t key;
    if (use->type == PSA_KEY_TYPE_RSA_KEY_PAIR) {
        assert_int_equal(psa_import_key(&attributes, rsa_test_key, sizeof rsa_test_key, &key), PSA_SUCCESS);
    } else if (use->type == PSA_KEY_TYPE_DSA_KEY_PAIR) {
        assert_int_equal(psa_generate_key_custom(&attributes, &plain, dsa_domain, sizeof dsa_domain, &key),
                         PSA_SUCCESS);
    } else if (use->type == SRP) {
        assert_int_equal(psa_import_key(&attributes, rsa_test_key, 64, &key), PSA_SUCCESS);
    } else {
        assert_int_equal(psa_generate_key(&attributes, &key), PSA_SUCCESS);
    }
    return key;
}

static psa_status_t start_pake(const struct use *use)
{
    psa_pake_operation_t op = PSA_PAKE_OPERATION_INIT;
    psa_pake_cipher_suite_t suite = PSA_PAKE_CIPHER_SUITE_INIT;
    psa_pake_cs_set_algorithm(&suite, use->alg);
    psa_pake_cs_set_primitive(&suite, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, use->bits));
    psa_pake_cs_set_key_confirmation(&suite, PSA_PAKE_CONFIRMED_KEY);
    psa_status_t status = psa_pake_setup(&op, use->key, &suite);
    assert_int_equal(psa_pake_abort(&op), PSA_SUCCESS);
    return status;
}

static psa_status_t start_derivation(psa_algorithm_t alg)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_status_t status = psa_key_derivation_setup(&op, alg);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    return status;
}

static psa_status_t sign_and_verify(const struct use *use)
{
    uint8_t hash[64] = {1};
    size_t len, hash_len = PSA_HASH_LENGTH(PSA_ALG_SIGN_GET_HASH(use->alg));
    hash_len = hash_len == 0 ? 32 : hash_len;
    if (use->alg == PSA_ALG_PURE_EDDSA) {
        psa_status_t status = psa_sign_message(use->key, use->alg, hash, 32, big, sizeof big, &len);
        return status == PSA_SUCCESS ? psa_verify_message(use->key, use->alg, hash, 32, big, len) : status;
    }
    psa_status_t status = psa_sign_hash(use->key, use->alg, hash, hash_len, big, sizeof big, &len);
    psa_status_t checked = psa_verify_hash(use->key, use->alg, hash, hash_len, big, len);
    assert_int_equal(status, checked); /* nothing is permitted for verification alone */
    return status;
}

static psa_status_t agree(const struct use *use)
{
    static uint8_t peer[1024];
    size_t peer_len, len;
    psa_status_t status = psa_export_public_key(use->key, peer, sizeof peer, &peer_len);
    assert_int_equal(status, PSA_SUCCESS);
    return psa_raw_key_agreement(use->alg, use->key, peer, peer_len, big, sizeof big, &len);
}

/* Begin a use, as far as PSA answers whether it is permitted. */
static psa_status_t begin(const struct use *use)
{
    psa_hash_operation_t hash = PSA_HASH_OPERATION_INIT;
    psa_mac_operation_t mac = PSA_MAC_OPERATION_INIT;
    psa_cipher_operation_t cipher = PSA_CIPHER_OPERATION_INIT;
    psa_aead_operation_t aead = PSA_AEAD_OPERATION_INIT;
    psa_status_t status = PSA_ERROR_GENERIC_ERROR;
    size_t len;
    switch (use->alg & PSA_ALG_CATEGORY_MASK) {
    case PSA_ALG_CATEGORY_HASH:
        status = psa_hash_setup(&hash, use->alg);
        assert_int_equal(psa_hash_abort(&hash), PSA_SUCCESS);
        assert_int_equal(psa_hash_compute(use->alg, big, 3, big, sizeof big, &len), status);
        break;
    case PSA_ALG_CATEGORY_MAC:
        status = psa_mac_sign_setup(&mac, use->key, use->alg);
        assert_int_equal(psa_mac_abort(&mac), PSA_SUCCESS);
        break;
    case PSA_ALG_CATEGORY_CIPHER:
        status = psa_cipher_decrypt_setup(&cipher, use->key, use->alg);
        assert_int_equal(psa_cipher_abort(&cipher), PSA_SUCCESS);
        assert_int_equal(psa_cipher_encrypt_setup(&cipher, use->key, use->alg), status);
        assert_int_equal(psa_cipher_abort(&cipher), PSA_SUCCESS);
        break;
    case PSA_ALG_CATEGORY_AEAD:
        status = psa_aead_encrypt_setup(&aead, use->key, use->alg);
        assert_int_equal(psa_aead_abort(&aead), PSA_SUCCESS);
        assert_int_equal(psa_aead_encrypt(use->key, use->alg, big, 12, NULL, 0, big, 5, big + 64, 64, &len), status);
        break;
    case PSA_ALG_CATEGORY_SIGN:
        return sign_and_verify(use);
    case PSA_ALG_CATEGORY_ASYMMETRIC_ENCRYPTION:
        return psa_asymmetric_encrypt(use->key, use->alg, big, 5, NULL, 0, big + 512, 512, &len);
    case PSA_ALG_CATEGORY_KEY_DERIVATION:
        return start_derivation(use->alg);
    case PSA_ALG_CATEGORY_KEY_AGREEMENT:
        return use->type == 0 ? start_derivation(use->alg) : agree(use);
    case PSA_ALG_CATEGORY_KEY_WRAP:
        return psa_wrap_key(use->key, use->alg, use->key, big, sizeof big, &len);
    case PSA_ALG_CATEGORY_PAKE:
        return start_pake(use);
    }
    return status;
}

static void every_algorithm_serves_outside_of_the_approved_mode(void **state)
{
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(mico_psa_approved_mode(true), PSA_ERROR_BAD_STATE); /* nothing is tested yet */
    for (size_t i = 0; i < USES; i++) {
        uses[i].key = uses[i].type == 0 ? 0 : make(&uses[i]);
        if (begin(&uses[i]) != PSA_SUCCESS) {
            fail_msg("algorithm %08x, key type %04x: %d", (unsigned)uses[i].alg, uses[i].type, (int)begin(&uses[i]));
        }
        assert_int_equal(uses[i].key == 0 ? PSA_SUCCESS : psa_destroy_key(uses[i].key), PSA_SUCCESS);
    }
}

/* Keys that are generated, and of a kind that the mode does not make any more; others are imported in it. */
static bool made_before(const struct use *use)
{
    return use->type != 0 && !use->approved && use->type != PSA_KEY_TYPE_RSA_KEY_PAIR && use->type != SRP;
}

static void the_approved_mode_refuses_what_no_publication_approves(void **state)
{
    psa_key_id_t key;
    for (size_t i = 0; i < USES; i++) {
        uses[i].key = made_before(&uses[i]) ? make(&uses[i]) : 0;
    }
    mico_psa_self_tested(true);
    assert_int_equal(mico_psa_approved_mode(false), PSA_SUCCESS);
    assert_false(mico_psa_is_approved_mode());
    assert_int_equal(mico_psa_approved_mode(true), PSA_SUCCESS);
    assert_true(mico_psa_is_approved_mode());
    for (size_t i = 0; i < USES; i++) {
        psa_status_t wanted = uses[i].approved ? PSA_SUCCESS : PSA_ERROR_NOT_PERMITTED;
        if (uses[i].type != 0 && !made_before(&uses[i])) {
            uses[i].key = make(&uses[i]);
        }
        if (begin(&uses[i]) != wanted) {
            fail_msg("algorithm %08x, key type %04x, %u bits: %d", (unsigned)uses[i].alg, uses[i].type, uses[i].bits,
                     (int)begin(&uses[i]));
        }
        assert_int_equal(uses[i].key == 0 ? PSA_SUCCESS : psa_destroy_key(uses[i].key), PSA_SUCCESS);
    }
    static const struct {
        psa_key_type_t type;
        uint16_t bits;
    } refused[] = {{MONTGOMERY, 255}, {PSA_KEY_TYPE_DES, 192}, {PSA_KEY_TYPE_CHACHA20, 256}, {PSA_KEY_TYPE_HMAC, 104}};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        psa_key_attributes_t attributes = attributes_of(refused[i].type, refused[i].bits, 0);
        assert_int_equal(psa_generate_key(&attributes, &key), PSA_ERROR_NOT_PERMITTED);
    }
}

static void the_approved_mode_has_no_way_back(void **state)
{
    assert_int_equal(mico_psa_approved_mode(false), PSA_ERROR_NOT_PERMITTED);
    mico_psa_zeroise();
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    mico_psa_self_tested(true);
    assert_true(mico_psa_is_approved_mode());
    assert_int_equal(start_derivation(PSA_ALG_HKDF(PSA_ALG_MD5)), PSA_ERROR_NOT_PERMITTED);
}

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
    psa_key_id_t key = import_planted(0, 0, PSA_ALG_CTR), kept = import_planted(1, 7, PSA_ALG_HMAC(SHA2));
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

/* Which state gives these random numbers next? Hash_DRBG's first 32 bytes are SHA-256 of its V of 55 (SP 800-90A 10.1.1.4). */
__attribute__((no_sanitize("address"))) static unsigned states_that_give(const uint8_t random[32])
{
    unsigned count = 0;
    for (const volatile uint8_t *at = __data_start; at + 55 <= _end; at++) {
        uint8_t v[55], hash[32];
        for (size_t i = 0; i < sizeof v; i++) {
            v[i] = at[i];
        }
        mico_sha256(v, sizeof v, hash);
        count += memcmp(hash, random, sizeof hash) == 0;
    }
    return count;
}

static void zeroisation_forgets_the_generators_state(void **state)
{
    int ends[2];
    uint8_t next[32];
    assert_int_equal(psa_generate_random(next, sizeof next), PSA_SUCCESS);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork(); /* it has the same state, and says what it gives next */
    if (child == 0) {
        bool drawn = psa_generate_random(next, sizeof next) == PSA_SUCCESS;
        _exit(drawn && write(ends[1], next, sizeof next) == sizeof next ? 0 : 1);
    }
    assert_true(child > 0);
    assert_int_equal(read(ends[0], next, sizeof next), sizeof next);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(states_that_give(next) >= 1);
    mico_psa_zeroise();
    assert_int_equal(states_that_give(next), 0);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
}

static void a_failed_self_test_ends_every_service(void **state)
{
    static psa_hash_operation_t hash;
    static psa_mac_operation_t mac;
    static psa_key_derivation_operation_t derivation;
    psa_key_attributes_t attributes = attributes_of(PSA_KEY_TYPE_AES, 128, PSA_ALG_CTR);
    uint8_t out[64];
    size_t len;
    psa_key_id_t key = import_planted(0, 0, PSA_ALG_HMAC(SHA2));
    assert_int_equal(psa_hash_setup(&hash, SHA2), PSA_SUCCESS);
    assert_int_equal(psa_mac_sign_setup(&mac, key, PSA_ALG_HMAC(SHA2)), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_setup(&derivation, PSA_ALG_HKDF(SHA2)), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&derivation, PSA_KEY_DERIVATION_INPUT_SECRET, out, sizeof out),
                     PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&derivation, PSA_KEY_DERIVATION_INPUT_INFO, NULL, 0), PSA_SUCCESS);

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
            if (uses[j].alg != PSA_ALG_ECDH && uses[j].alg != PSA_ALG_FFDH) { /* begin exports first */
                assert_int_equal(begin(&uses[j]), PSA_ERROR_CORRUPTION_DETECTED);
            }
            assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, 1, out, 1, out, sizeof out, &len),
                             PSA_ERROR_CORRUPTION_DETECTED);
        }
        assert_int_equal(mico_psa_approved_mode(true), PSA_ERROR_CORRUPTION_DETECTED);
        mico_psa_self_tested(true);
    }
    assert_int_equal(psa_mac_abort(&mac), PSA_SUCCESS);
    assert_int_equal(psa_hash_abort(&hash), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_abort(&derivation), PSA_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroisation_leaves_no_key_in_memory),
        cmocka_unit_test(zeroisation_forgets_the_generators_state),
        cmocka_unit_test(every_algorithm_serves_outside_of_the_approved_mode),
        cmocka_unit_test(the_approved_mode_refuses_what_no_publication_approves),
        cmocka_unit_test(the_approved_mode_has_no_way_back),
        cmocka_unit_test(a_failed_self_test_ends_every_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

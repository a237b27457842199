/* SPDX-License-Identifier: Apache-2.0 */
/* A program that knows PSA alone, with a whole chip at the other end of the line: what each key of the chip's does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/psa_mscp.h"
#include "crypto/tests/bad_points.h"
#include "mscp/chip/test_rig.h"
#include "mscp/protocol/evidence.h"
#include "psa/initial_attestation.h"

static struct rig rig;
static struct mscp_binding binding;
static uint8_t message[MSCP_MESSAGE_MAX];
static const uint8_t secret[32] = {1, 2, 3}, scalar[32] = {[31] = 9};

#define SIGN_ID 0x300u
#define AGREE_ID 0x301u
#define MAC_ID 0x302u
#define CIPHER_ID 0x303u
#define INSIDE_ID 0x304u
#define DERIVE_ID 0x305u
#define X_ID 0x306u
#define RAW_ID (MSCP_ID_GENERAL + 1) /* where the keys are that sign anything */
#define LOST_ID 0x3FFu               /* of no object */

static void make_keys(void)
{
    static const struct mscp_attributes tls = {.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_TLS_CLIENT};
    static const struct mscp_attributes agree = {.type = MSCP_KEY_P256, .usage = MSCP_USE_AGREE};
    static const struct mscp_attributes mac = {.type = MSCP_SECRET, .usage = MSCP_USE_MAC};
    static const struct mscp_attributes cipher = {.type = MSCP_SECRET, .usage = MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT};
    static const struct mscp_attributes inside = {.type = MSCP_KEY_X25519,
                                                  .usage = MSCP_USE_AGREE | MSCP_RELEASE_INSIDE};
    static const struct mscp_attributes derive = {.type = MSCP_SECRET, .usage = MSCP_USE_DERIVE};
    static const struct mscp_attributes x25519 = {.type = MSCP_KEY_X25519, .usage = MSCP_USE_AGREE};
    const struct mscp_import keys[] = {
        {.id = INSIDE_ID, .attributes = &inside, .key = MICO_SPAN(scalar)},
        {.id = DERIVE_ID, .attributes = &derive, .key = MICO_SPAN(secret)},
        {.id = X_ID, .attributes = &x25519, .key = MICO_SPAN(scalar)},
        {.id = AGREE_ID, .attributes = &agree, .key = MICO_SPAN(scalar)},
        {.id = MAC_ID, .attributes = &mac, .key = MICO_SPAN(secret)},
        {.id = CIPHER_ID, .attributes = &cipher, .key = MICO_SPAN(secret)},
    };
    uint8_t key[MSCP_P256_SIZE];
    assert_int_equal(mscp_host_generate_p256(&rig.host, SIGN_ID, &tls, key), MICO_OK);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_int_equal(mscp_host_import(&rig.host, &keys[i], NULL), MICO_OK);
    }
}

static int start(void **state)
{
    rig_start(&rig);
    rig_provision(&rig, &binding, false);
    make_keys();
    assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    assert_int_equal(mico_psa_attach_mscp(&rig.host), PSA_SUCCESS);
    return 0;
}

/* A token: only a chip that is not operational may have a key that signs anything. */
static int start_token(void **state)
{
    static const struct mscp_attributes raw = {.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_RAW};
    uint8_t key[MSCP_P256_SIZE];
    rig_start(&rig);
    rig_provision(&rig, &binding, false);
    assert_int_equal(mscp_host_generate_p256(&rig.host, RAW_ID, &raw, key), MICO_OK);
    assert_int_equal(mico_psa_attach_mscp(&rig.host), PSA_SUCCESS);
    return 0;
}

static int end(void **state)
{
    rig_end(&rig);
    return 0;
}

static psa_key_id_t know(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, uint32_t object)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key = 0;
    psa_set_key_type(&a, type);
    psa_set_key_usage_flags(&a, usage);
    psa_set_key_algorithm(&a, alg);
    assert_int_equal(mico_psa_register_mscp_key(&a, object, &key), PSA_SUCCESS);
    return key;
}

static void a_p256_key_signs_a_tls_handshake_and_nothing_else(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_ECDSA(PSA_ALG_SHA_256);
    const psa_key_type_t type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
    uint8_t signature[64], digest[32], key_bytes[65];
    size_t len, size = rig_transcript(message, 2000);
    psa_key_id_t key = know(type, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_SIGN_HASH, alg, SIGN_ID);
    assert_int_equal(psa_sign_message(key, alg, message, size, signature, sizeof signature, &len), PSA_SUCCESS);
    assert_int_equal(psa_export_public_key(key, key_bytes, sizeof key_bytes, &len), PSA_SUCCESS);
    assert_int_equal(len, 65);
    mico_sha256(message, size, digest);
    assert_int_equal(mico_p256_verify(key_bytes, digest, signature), MICO_OK);
    assert_int_equal(psa_sign_message(key, alg, message, size - 1, signature, 64, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_sign_hash(key, alg, digest, 32, signature, 64, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_sign_message(key, alg, message, size, signature, 63, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

static void a_p256_key_that_may_signs_a_hash(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_ECDSA(PSA_ALG_SHA_256), longer = PSA_ALG_ECDSA(PSA_ALG_SHA_384);
    const psa_key_type_t type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
    uint8_t signature[64], digest[48] = {1, 2, 3};
    size_t len;
    psa_key_id_t key = know(type, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH, alg, RAW_ID);
    assert_int_equal(psa_sign_hash(key, alg, digest, 32, signature, 64, &len), PSA_SUCCESS);
    assert_int_equal(len, 64);
    assert_int_equal(psa_verify_hash(key, alg, digest, 32, signature, 64), PSA_SUCCESS);
    digest[0] ^= 1;
    assert_int_equal(psa_verify_hash(key, alg, digest, 32, signature, 64), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_sign_hash(key, alg, digest, 32, signature, 63, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
    key = know(type, PSA_KEY_USAGE_SIGN_HASH, longer, RAW_ID);
    assert_int_equal(psa_sign_hash(key, longer, digest, 48, signature, 64, &len), PSA_ERROR_NOT_SUPPORTED);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

static void a_key_that_the_chip_has_not_is_no_key(void **state)
{
    const psa_algorithm_t hmac = PSA_ALG_HMAC(PSA_ALG_SHA_256);
    uint8_t out[64];
    size_t len;
    psa_key_id_t pair = know(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), PSA_KEY_USAGE_SIGN_MESSAGE,
                             PSA_ALG_PURE_EDDSA, LOST_ID);
    psa_key_id_t secret_key = know(PSA_KEY_TYPE_HMAC, PSA_KEY_USAGE_SIGN_MESSAGE, hmac, LOST_ID);
    assert_int_equal(psa_sign_message(pair, PSA_ALG_PURE_EDDSA, message, 5, out, 64, &len), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(psa_export_public_key(pair, out, 64, &len), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(psa_mac_compute(secret_key, hmac, message, 5, out, 64, &len), PSA_ERROR_INVALID_HANDLE);
    assert_int_equal(len, 0);
    assert_int_equal(mico_psa_forget_key(pair), PSA_SUCCESS);
    assert_int_equal(mico_psa_forget_key(secret_key), PSA_SUCCESS);
}

static void a_token_is_the_chips_evidence_about_itself(void **state)
{
    static const size_t sizes[] = {PSA_INITIAL_ATTEST_CHALLENGE_SIZE_32, PSA_INITIAL_ATTEST_CHALLENGE_SIZE_48,
                                   PSA_INITIAL_ATTEST_CHALLENGE_SIZE_64};
    uint8_t challenge[64] = {4, 5, 6}, token[PSA_INITIAL_ATTEST_MAX_TOKEN_SIZE], identity[32];
    struct mscp_evidence evidence;
    size_t len;
    assert_int_equal(mscp_host_public_key(&rig.host, MSCP_ID_IDENTITY, identity), MICO_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(psa_initial_attest_get_token(challenge, sizes[i], token, sizeof token, &len), PSA_SUCCESS);
        assert_int_equal(mscp_evidence_verify((struct mico_span){token, len}, MICO_SPAN(identity), &evidence), MICO_OK);
        assert_int_equal(evidence.nonce_len, sizes[i]);
        assert_memory_equal(evidence.nonce, challenge, sizes[i]);
        assert_false(evidence.has_key);
    }
    token[len / 2] ^= 1;
    assert_int_not_equal(mscp_evidence_verify((struct mico_span){token, len}, MICO_SPAN(identity), &evidence), MICO_OK);
}

static void a_p256_key_agrees(void **state)
{
    const psa_key_type_t type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
    uint8_t own[32], peer[65], shared[32], expected[32];
    size_t len;
    assert_int_equal(mico_p256_generate(own, peer), MICO_OK);
    assert_int_equal(mico_p256_agree(scalar, peer, expected), MICO_OK);
    psa_key_id_t key = know(type, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH, AGREE_ID);
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer, 65, shared, 32, &len), PSA_SUCCESS);
    assert_memory_equal(shared, expected, 32);
    peer[64] ^= 1;
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer, 65, shared, 32, &len), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer, 32, shared, 32, &len), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

/* What a key of the chip's says to a peer that is none: nothing comes out, and a good peer is served after it. */
static void no_secret(psa_key_id_t key, struct mico_span peer)
{
    uint8_t shared[32] = {0};
    size_t len = 7;
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer.data, peer.len, shared, sizeof shared, &len),
                     PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(len, 0);
    assert_true(mico_ct_is_zero(shared, sizeof shared));
}

static void a_p256_key_refuses_what_is_no_point(void **state)
{
    uint8_t own[32], good[65], point[66], shared[32];
    size_t len;
    psa_key_id_t key =
        know(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH, AGREE_ID);
    for (size_t i = 0; i < sizeof bad_p256 / sizeof bad_p256[0]; i++) {
        assert_int_equal(mico_unhex(bad_p256[i], point, 65), MICO_OK);
        no_secret(key, (struct mico_span){point, 65});
    }
    assert_int_equal(mico_p256_generate(own, good), MICO_OK);
    for (size_t bit = 0; bit < 8 * sizeof good; bit += 3) {
        memcpy(point, good, sizeof good);
        point[bit / 8] ^= (uint8_t)(1 << bit % 8);
        no_secret(key, (struct mico_span){point, 65});
    }
    memcpy(point, good, sizeof good);
    for (size_t cut = 0; cut <= 66; cut += cut < 64 ? 8 : 2) {
        no_secret(key, (struct mico_span){point, cut});
    }
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, key, good, 65, shared, 32, &len), PSA_SUCCESS);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

static void an_x25519_key_gives_no_secret_of_a_point_of_small_order(void **state)
{
    uint8_t point[33] = {9}, shared[32], expected[32];
    size_t len;
    psa_key_id_t key =
        know(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY), PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH, X_ID);
    for (size_t i = 0; i < sizeof bad_x25519 / sizeof bad_x25519[0]; i++) {
        assert_int_equal(mico_unhex(bad_x25519[i], point, 32), MICO_OK);
        no_secret(key, (struct mico_span){point, 32});
    }
    memset(point, 0, sizeof point);
    point[0] = 9;
    no_secret(key, (struct mico_span){point, 31});
    no_secret(key, (struct mico_span){point, 33});
    mico_x25519_public(scalar, expected);
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, key, point, 32, shared, 32, &len), PSA_SUCCESS);
    assert_memory_equal(shared, expected, 32);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

/* The signature of a chip's key is checked by PSA, as any other. */
static void a_signature_that_the_chip_did_not_make_is_refused(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_ECDSA(PSA_ALG_SHA_256);
    uint8_t signature[65] = {0}, tried[65] = {0};
    size_t len, size = rig_transcript(message, 400);
    psa_key_id_t key = know(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1),
                            PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, alg, SIGN_ID);
    assert_int_equal(psa_sign_message(key, alg, message, size, signature, 64, &len), PSA_SUCCESS);
    assert_int_equal(psa_verify_message(key, alg, message, size, signature, 64), PSA_SUCCESS);
    for (size_t bit = 0; bit < 512; bit += 5) {
        memcpy(tried, signature, sizeof tried);
        tried[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(psa_verify_message(key, alg, message, size, tried, 64), PSA_ERROR_INVALID_SIGNATURE);
    }
    for (size_t half = 0; half < 64; half += 32) { /* r, then s, of 0 and of all ones */
        for (int fill = 0; fill < 256; fill += 255) {
            memcpy(tried, signature, sizeof tried);
            memset(tried + half, fill, 32);
            assert_int_equal(psa_verify_message(key, alg, message, size, tried, 64), PSA_ERROR_INVALID_SIGNATURE);
        }
    }
    assert_int_equal(psa_verify_message(key, alg, message, size, signature, 63), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_verify_message(key, alg, message, size, signature, 65), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_verify_message(key, alg, message, size - 1, signature, 64), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

static void an_altered_or_cut_text_or_mac_gives_nothing(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_CHACHA20_POLY1305, hmac = PSA_ALG_HMAC(PSA_ALG_SHA_256);
    static const uint8_t nonce[12] = {5}, zeros[32];
    uint8_t sealed[20 + 16], text[32], mac[33] = {0};
    size_t len;
    psa_key_id_t key = know(PSA_KEY_TYPE_CHACHA20, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, alg, CIPHER_ID);
    assert_int_equal(psa_aead_encrypt(key, alg, nonce, 12, NULL, 0, message, 20, sealed, sizeof sealed, &len),
                     PSA_SUCCESS);
    for (size_t bit = 0; bit < 8 * sizeof sealed; bit += 3) {
        memset(text, 0, sizeof text);
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, NULL, 0, sealed, sizeof sealed, text, sizeof text, &len),
                         PSA_ERROR_INVALID_SIGNATURE);
        assert_int_equal(len, 0);
        assert_memory_equal(text, zeros, sizeof text);
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t cut = 0; cut < sizeof sealed; cut += 5) {
        assert_int_not_equal(psa_aead_decrypt(key, alg, nonce, 12, NULL, 0, sealed, cut, text, sizeof text, &len),
                             PSA_SUCCESS);
        assert_memory_equal(text, zeros, sizeof text);
    }
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
    key = know(PSA_KEY_TYPE_HMAC, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, hmac, MAC_ID);
    assert_int_equal(psa_mac_compute(key, hmac, message, 20, mac, 32, &len), PSA_SUCCESS);
    for (size_t bit = 0; bit < 256; bit += 3) {
        mac[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(psa_mac_verify(key, hmac, message, 20, mac, 32), PSA_ERROR_INVALID_SIGNATURE);
        mac[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t cut = 0; cut <= 33; cut++) {
        assert_int_equal(psa_mac_verify(key, hmac, message, 20, mac, cut),
                         cut == 32 ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE);
    }
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

static void a_secret_makes_and_checks_macs_of_what_waits_for_it(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_HMAC(PSA_ALG_SHA_256);
    const size_t most = MSCP_MESSAGE_MAX, in_parts = MICO_PSA_MSCP_MAC_MAX;
    uint8_t mac[32], expected[32];
    size_t len;
    psa_key_id_t key = know(PSA_KEY_TYPE_HMAC, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, alg, MAC_ID);
    mico_hmac_sha256(MICO_SPAN(secret), (struct mico_span){message, most}, expected);
    assert_int_equal(psa_mac_compute(key, alg, message, most, mac, sizeof mac, &len), PSA_SUCCESS);
    assert_memory_equal(mac, expected, sizeof mac);
    assert_int_equal(psa_mac_verify(key, alg, message, most, mac, sizeof mac), PSA_SUCCESS);
    mac[3] ^= 1;
    assert_int_equal(psa_mac_verify(key, alg, message, most, mac, 32), PSA_ERROR_INVALID_SIGNATURE);
    mico_hmac_sha256(MICO_SPAN(secret), (struct mico_span){message, in_parts}, expected);
    psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
    assert_int_equal(psa_mac_sign_setup(&operation, key, alg), PSA_SUCCESS);
    assert_int_equal(psa_mac_update(&operation, message, 100), PSA_SUCCESS);
    assert_int_equal(psa_mac_update(&operation, message + 100, in_parts - 100), PSA_SUCCESS);
    assert_int_equal(psa_mac_sign_finish(&operation, mac, sizeof mac, &len), PSA_SUCCESS);
    assert_memory_equal(mac, expected, sizeof mac);
    assert_int_equal(psa_mac_sign_setup(&operation, key, alg), PSA_SUCCESS);
    assert_int_equal(psa_mac_update(&operation, message, in_parts), PSA_SUCCESS);
    assert_int_equal(psa_mac_update(&operation, message, 1), PSA_ERROR_INSUFFICIENT_MEMORY);
    assert_int_equal(psa_mac_abort(&operation), PSA_SUCCESS);
    assert_int_equal(psa_mac_compute(key, alg, message, most + 1, mac, 32, &len), PSA_ERROR_INSUFFICIENT_MEMORY);
    assert_int_equal(psa_export_key(key, mac, sizeof mac, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

static void a_secret_seals_and_opens(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_CHACHA20_POLY1305;
    static const uint8_t nonce[12] = {5}, aad[20] = {6};
    static uint8_t sealed[MSCP_TEXT_MAX + 16], expected[MSCP_TEXT_MAX + 16], text[MSCP_TEXT_MAX + 1];
    size_t len;
    psa_key_id_t key = know(PSA_KEY_TYPE_CHACHA20, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, alg, CIPHER_ID);
    mico_chachapoly_seal(secret, nonce, MICO_SPAN(aad), (struct mico_span){message, MSCP_TEXT_MAX}, expected);
    assert_int_equal(
        psa_aead_encrypt(key, alg, nonce, 12, aad, 20, message, MSCP_TEXT_MAX, sealed, sizeof sealed, &len),
        PSA_SUCCESS);
    assert_int_equal(len, sizeof sealed);
    assert_memory_equal(sealed, expected, sizeof sealed);
    assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, aad, 20, sealed, sizeof sealed, text, sizeof text, &len),
                     PSA_SUCCESS);
    assert_memory_equal(text, message, MSCP_TEXT_MAX);
    sealed[9] ^= 1;
    assert_int_equal(psa_aead_decrypt(key, alg, nonce, 12, aad, 20, sealed, sizeof sealed, text, sizeof text, &len),
                     PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

static const psa_algorithm_t hkdf = PSA_ALG_HKDF(PSA_ALG_SHA_256);

static void set_up(psa_key_derivation_operation_t *operation, psa_algorithm_t alg)
{
    assert_int_equal(psa_key_derivation_setup(operation, alg), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(operation, PSA_KEY_DERIVATION_INPUT_SALT, message, 10),
                     PSA_SUCCESS);
}

static void give_info(psa_key_derivation_operation_t *operation)
{
    assert_int_equal(psa_key_derivation_input_bytes(operation, PSA_KEY_DERIVATION_INPUT_INFO, message, 5), PSA_SUCCESS);
}

static void a_secret_derives_piece_by_piece_what_hkdf_says(void **state)
{
    uint8_t out[300], expected[300];
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_id_t key = know(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, hkdf, DERIVE_ID);
    const struct mico_span salt = {message, 10}, info = {message, 5};
    assert_int_equal(mico_hkdf_sha256(salt, MICO_SPAN(secret), info, expected, sizeof expected), MICO_OK);
    set_up(&operation, hkdf);
    assert_int_equal(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, key), PSA_SUCCESS);
    give_info(&operation);
    assert_int_equal(psa_key_derivation_output_bytes(&operation, out, 7), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_output_bytes(&operation, out + 7, sizeof out - 7), PSA_SUCCESS);
    assert_memory_equal(out, expected, sizeof out);
    assert_int_equal(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    set_up(&operation, hkdf); /* too early, then nothing but abort is left */
    assert_int_equal(psa_key_derivation_output_bytes(&operation, out, 7), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

/* X25519, HKDF and HMAC, all in the chip; the program sees the MAC. */
static void a_chain_from_an_agreement_to_a_mac_never_leaves_the_chip(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, hkdf), hmac = PSA_ALG_HMAC(PSA_ALG_SHA_256);
    const psa_key_type_t type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY);
    static const uint8_t own[32] = {77};
    uint8_t peer[32], chip_public[32], shared[32], derived[32], expected[32], mac[32];
    size_t len;
    psa_key_id_t key = know(type, PSA_KEY_USAGE_DERIVE, alg, INSIDE_ID), made = 0;
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    mico_x25519_public(own, peer);
    mico_x25519_public(scalar, chip_public);
    assert_int_equal(mico_x25519(own, chip_public, shared), MICO_OK);
    assert_int_equal(mico_hkdf_sha256((struct mico_span){message, 10}, MICO_SPAN(shared),
                                      (struct mico_span){message, 5}, derived, sizeof derived),
                     MICO_OK);
    mico_hmac_sha256(MICO_SPAN(derived), MICO_SPAN("said"), expected);
    set_up(&operation, alg);
    assert_int_equal(psa_key_derivation_key_agreement(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, key, peer, 32),
                     PSA_SUCCESS);
    give_info(&operation);
    psa_set_key_lifetime(
        &a, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_VOLATILE, MICO_PSA_LOCATION_MSCP));
    psa_set_key_type(&a, PSA_KEY_TYPE_HMAC);
    psa_set_key_bits(&a, 256);
    psa_set_key_usage_flags(&a, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_EXPORT);
    psa_set_key_algorithm(&a, hmac);
    assert_int_equal(psa_key_derivation_output_key(&a, &operation, &made), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_output_bytes(&operation, mac, 8), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    assert_int_equal(psa_mac_compute(made, hmac, (const uint8_t *)"said", 5, mac, sizeof mac, &len), PSA_SUCCESS);
    assert_memory_equal(mac, expected, sizeof mac);
    assert_int_equal(psa_export_key(made, mac, sizeof mac, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_destroy_key(made), PSA_SUCCESS);
    for (unsigned i = 0; i < MSCP_VOLATILE_MAX; i++) { /* nothing is left behind */
        assert_int_equal(rig.chip.volatiles.secrets[i].id, 0);
    }
    assert_int_equal(psa_destroy_key(key), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

/* A key that was derived in the chip is the secret of further derivations; it is there until it is destroyed. */
static void a_derived_key_outlives_the_derivations_from_it(void **state)
{
    uint8_t first[32], expected[32], out[32];
    const struct mico_span salt = {message, 10}, info = {message, 5};
    psa_key_id_t key = know(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, hkdf, DERIVE_ID), made = 0;
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    assert_int_equal(mico_hkdf_sha256(salt, MICO_SPAN(secret), info, first, sizeof first), MICO_OK);
    assert_int_equal(mico_hkdf_sha256(salt, MICO_SPAN(first), info, expected, sizeof expected), MICO_OK);
    psa_set_key_lifetime(
        &a, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_VOLATILE, MICO_PSA_LOCATION_MSCP));
    psa_set_key_type(&a, PSA_KEY_TYPE_DERIVE);
    psa_set_key_bits(&a, 256);
    psa_set_key_usage_flags(&a, PSA_KEY_USAGE_DERIVE);
    psa_set_key_algorithm(&a, hkdf);
    set_up(&operation, hkdf);
    assert_int_equal(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, key), PSA_SUCCESS);
    give_info(&operation);
    assert_int_equal(psa_key_derivation_output_key(&a, &operation, &made), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    for (int i = 0; i < 2; i++) {
        set_up(&operation, hkdf);
        assert_int_equal(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, made), PSA_SUCCESS);
        give_info(&operation);
        assert_int_equal(psa_key_derivation_output_bytes(&operation, out, sizeof out), PSA_SUCCESS);
        assert_memory_equal(out, expected, sizeof out);
        assert_int_equal(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    }
    assert_int_equal(psa_destroy_key(made), PSA_SUCCESS);
    for (unsigned i = 0; i < MSCP_VOLATILE_MAX; i++) {
        assert_int_equal(rig.chip.volatiles.secrets[i].id, 0);
    }
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_p256_key_signs_a_tls_handshake_and_nothing_else, start, end),
        cmocka_unit_test_setup_teardown(a_p256_key_that_may_signs_a_hash, start_token, end),
        cmocka_unit_test_setup_teardown(a_key_that_the_chip_has_not_is_no_key, start, end),
        cmocka_unit_test_setup_teardown(a_token_is_the_chips_evidence_about_itself, start, end),
        cmocka_unit_test_setup_teardown(a_p256_key_agrees, start, end),
        cmocka_unit_test_setup_teardown(a_p256_key_refuses_what_is_no_point, start, end),
        cmocka_unit_test_setup_teardown(an_x25519_key_gives_no_secret_of_a_point_of_small_order, start, end),
        cmocka_unit_test_setup_teardown(a_signature_that_the_chip_did_not_make_is_refused, start, end),
        cmocka_unit_test_setup_teardown(an_altered_or_cut_text_or_mac_gives_nothing, start, end),
        cmocka_unit_test_setup_teardown(a_secret_makes_and_checks_macs_of_what_waits_for_it, start, end),
        cmocka_unit_test_setup_teardown(a_secret_seals_and_opens, start, end),
        cmocka_unit_test_setup_teardown(a_secret_derives_piece_by_piece_what_hkdf_says, start, end),
        cmocka_unit_test_setup_teardown(a_chain_from_an_agreement_to_a_mac_never_leaves_the_chip, start, end),
        cmocka_unit_test_setup_teardown(a_derived_key_outlives_the_derivations_from_it, start, end),
    };
    if (psa_crypto_init() != PSA_SUCCESS) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

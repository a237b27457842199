/* SPDX-License-Identifier: Apache-2.0 */
/* The coprocessor's location, with a coprocessor that says what the test wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/psa_mscp.h"
#include "psa/initial_attestation.h"

static const uint8_t seed[32] = {7}, agree_key[32] = {8};
static uint8_t public_key[32];
static mico_err chip_says;
static uint32_t asked_for;
static struct mscp_host *const the_chip = (struct mscp_host *)&chip_says; /* only its address is used */

mico_err mscp_host_sign(struct mscp_host *host, uint32_t id, struct mico_span message, uint8_t out[64])
{
    assert_ptr_equal(host, the_chip);
    asked_for = id;
    if (chip_says == MICO_OK) {
        mico_ed25519_sign(seed, public_key, message, out);
    }
    return chip_says;
}

mico_err mscp_host_agree(struct mscp_host *host, uint32_t id, const uint8_t peer[32], uint8_t out[32])
{
    assert_ptr_equal(host, the_chip);
    asked_for = id;
    return chip_says == MICO_OK ? mico_x25519(agree_key, peer, out) : chip_says;
}

mico_err mscp_host_public_key(struct mscp_host *host, uint32_t id, uint8_t out[32])
{
    assert_ptr_equal(host, the_chip);
    asked_for = id;
    if (chip_says == MICO_OK) {
        memcpy(out, public_key, 32);
    }
    return chip_says;
}

/* What mscp/chip/psa_chip_test.c tries with a real chip. */
mico_err mscp_host_public_key_p256(struct mscp_host *host, uint32_t id, uint8_t out[MSCP_P256_SIZE])
{
    return MICO_ERR_UNSUPPORTED;
}

mico_err mscp_host_agree_p256(struct mscp_host *host, uint32_t id, const uint8_t peer[MSCP_P256_SIZE], uint8_t out[32])
{
    return MICO_ERR_UNSUPPORTED;
}

mico_err mscp_host_sign_digest(struct mscp_host *host, uint32_t id, const uint8_t digest[32], uint8_t out[64])
{
    return MICO_ERR_UNSUPPORTED;
}

mico_err mscp_host_mac(struct mscp_host *host, uint32_t id, struct mico_span message, uint8_t out[32])
{
    return MICO_ERR_UNSUPPORTED;
}

mico_err mscp_host_encrypt(struct mscp_host *host, uint32_t id, struct mscp_nonce *nonce, struct mico_span aad,
                           struct mico_span text, uint8_t *sealed)
{
    return MICO_ERR_UNSUPPORTED;
}

mico_err mscp_host_decrypt(struct mscp_host *host, uint32_t id, const uint8_t nonce[12], struct mico_span aad,
                           struct mico_span sealed, uint8_t *text)
{
    return MICO_ERR_UNSUPPORTED;
}

mico_err mscp_host_attributes(struct mscp_host *host, uint32_t id, struct mscp_attributes *attributes, bool *found)
{
    return MICO_ERR_UNSUPPORTED;
}

mico_err mscp_host_agree_inside(struct mscp_host *host, uint32_t id, struct mico_span peer, uint32_t target,
                                const struct mscp_attributes *attributes)
{
    return MICO_ERR_UNSUPPORTED;
}

mico_err mscp_host_derive(struct mscp_host *host, const struct mscp_derivation *derivation, uint8_t *out)
{
    return MICO_ERR_UNSUPPORTED;
}

mico_err mscp_host_evidence(struct mscp_host *host, uint32_t id, struct mico_span challenge,
                            uint8_t out[MSCP_EVIDENCE_MAX], size_t *len)
{
    assert_ptr_equal(host, the_chip);
    assert_int_equal(id, 0);
    memcpy(out, challenge.data, challenge.len);
    *len = challenge.len;
    return chip_says;
}

mico_err mscp_host_generate(struct mscp_host *host, uint32_t id, const struct mscp_attributes *attributes,
                            uint8_t out[32])
{
    return MICO_ERR_UNSUPPORTED;
}

mico_err mscp_host_generate_p256(struct mscp_host *host, uint32_t id, const struct mscp_attributes *attributes,
                                 uint8_t out[MSCP_P256_SIZE])
{
    return MICO_ERR_UNSUPPORTED;
}

mico_err mscp_host_delete(struct mscp_host *host, uint32_t id)
{
    return MICO_ERR_UNSUPPORTED;
}

static psa_key_id_t register_key(psa_ecc_family_t family, psa_key_usage_t usage, psa_algorithm_t alg, uint32_t object)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(family));
    psa_set_key_usage_flags(&attributes, usage | PSA_KEY_USAGE_EXPORT);
    psa_set_key_algorithm(&attributes, alg);
    assert_int_equal(mico_psa_register_mscp_key(&attributes, object, &key), PSA_SUCCESS);
    return key;
}

static void no_key_without_a_chip(void **state)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key = 5;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    assert_int_equal(mico_psa_register_mscp_key(&attributes, MSCP_ID_IDENTITY, &key), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(key, PSA_KEY_ID_NULL);
}

static void no_token_without_a_chip(void **state)
{
    uint8_t token[64];
    size_t len = 9;
    assert_int_equal(psa_initial_attest_get_token(seed, 32, token, sizeof token, &len), PSA_ERROR_SERVICE_FAILURE);
    assert_int_equal(len, 0);
}

static void a_token_wants_a_challenge_of_its_size_and_room(void **state)
{
    uint8_t token[64], challenge[65];
    size_t len;
    memset(challenge, 0x3C, sizeof challenge);
    for (size_t size = 0; size <= sizeof challenge; size++) {
        bool fits = size == 32 || size == 48 || size == 64;
        psa_status_t wanted = fits ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
        assert_int_equal(psa_initial_attest_get_token(challenge, size, token, sizeof token, &len), wanted);
        assert_int_equal(len, fits ? size : 0);
        assert_memory_equal(token, challenge, len);
        assert_int_equal(psa_initial_attest_get_token_size(size, &len), wanted);
        assert_int_equal(len, fits ? PSA_INITIAL_ATTEST_MAX_TOKEN_SIZE : 0);
    }
    assert_int_equal(psa_initial_attest_get_token(seed, 32, token, 31, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(psa_initial_attest_get_token(NULL, 32, token, 64, &len), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_initial_attest_get_token(seed, 32, NULL, 64, &len), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_initial_attest_get_token(seed, 32, token, 64, NULL), PSA_ERROR_INVALID_ARGUMENT);
    chip_says = MICO_ERR_SIZE; /* of a chip with older firmware */
    assert_int_equal(psa_initial_attest_get_token(challenge, 64, token, 64, &len), PSA_ERROR_NOT_SUPPORTED);
    chip_says = MICO_ERR_TIMEOUT;
    assert_int_equal(psa_initial_attest_get_token(seed, 32, token, 64, &len), PSA_ERROR_COMMUNICATION_FAILURE);
    assert_int_equal(len, 0);
    chip_says = MICO_OK;
}

static void the_identity_key_signs_and_never_comes_out(void **state)
{
    const psa_algorithm_t alg = PSA_ALG_PURE_EDDSA;
    uint8_t signature[64], out[64];
    size_t len;
    assert_int_equal(mico_psa_attach_mscp(the_chip), PSA_SUCCESS);
    psa_key_id_t key = register_key(PSA_ECC_FAMILY_TWISTED_EDWARDS,
                                    PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, alg, MSCP_ID_IDENTITY);
    psa_key_attributes_t attributes;
    assert_int_equal(psa_get_key_attributes(key, &attributes), PSA_SUCCESS);
    assert_int_equal(psa_get_key_lifetime(&attributes), 0x80000101);
    assert_int_equal(psa_get_key_bits(&attributes), 255);
    assert_int_equal(psa_sign_message(key, alg, seed, 32, signature, 64, &len), PSA_SUCCESS);
    assert_int_equal(asked_for, MSCP_ID_IDENTITY);
    assert_int_equal(psa_export_public_key(key, out, 64, &len), PSA_SUCCESS);
    assert_int_equal(len, 32);
    assert_memory_equal(out, public_key, 32);
    assert_int_equal(psa_verify_message(key, alg, seed, 32, signature, 64), PSA_SUCCESS);
    assert_int_equal(psa_export_key(key, out, 64, &len), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(psa_destroy_key(key), PSA_ERROR_NOT_PERMITTED);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

static void the_firmware_key_agrees(void **state)
{
    uint8_t peer[32], out[32], want[32];
    size_t len;
    psa_key_id_t key = register_key(PSA_ECC_FAMILY_MONTGOMERY, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH, MSCP_ID_FIRMWARE);
    mico_x25519_public(seed, peer);
    assert_int_equal(mico_x25519(agree_key, peer, want), MICO_OK);
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer, 32, out, 32, &len), PSA_SUCCESS);
    assert_int_equal(asked_for, MSCP_ID_FIRMWARE);
    assert_memory_equal(out, want, 32);
    memset(peer, 0, 32);
    assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer, 32, out, 32, &len), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
}

/* Every call that gives bytes or keys made of a key's own bytes, with a usage that allows all: none does. */
static void no_call_gives_a_private_key_of_the_chip(void **state)
{
    const psa_key_usage_t all = PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY | PSA_KEY_USAGE_ENCRYPT |
                                PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_SIGN_HASH |
                                PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_VERIFY_DERIVATION | PSA_KEY_USAGE_WRAP |
                                PSA_KEY_USAGE_UNWRAP;
    static const psa_algorithm_t algs[] = {PSA_ALG_ECDH,
                                           PSA_ALG_PURE_EDDSA,
                                           PSA_ALG_KW,
                                           PSA_ALG_GCM,
                                           PSA_ALG_CTR,
                                           PSA_ALG_HKDF(PSA_ALG_SHA_256),
                                           PSA_ALG_HMAC(PSA_ALG_SHA_256)};
    static const psa_ecc_family_t families[] = {PSA_ECC_FAMILY_MONTGOMERY, PSA_ECC_FAMILY_TWISTED_EDWARDS};
    uint8_t out[256], input[32] = {9};
    size_t len;
    for (size_t i = 0; i < 2 * sizeof algs / sizeof algs[0]; i++) {
        psa_algorithm_t alg = algs[i / 2];
        psa_key_id_t key = register_key(families[i % 2], all, alg, MSCP_ID_IDENTITY), other;
        psa_key_attributes_t here = PSA_KEY_ATTRIBUTES_INIT, wrapping = PSA_KEY_ATTRIBUTES_INIT;
        psa_key_derivation_operation_t kdf = PSA_KEY_DERIVATION_OPERATION_INIT;
        psa_key_id_t kek;
        psa_set_key_usage_flags(&here, all);
        psa_set_key_algorithm(&here, alg);
        psa_set_key_type(&wrapping, PSA_KEY_TYPE_AES);
        psa_set_key_algorithm(&wrapping, PSA_ALG_KWP);
        psa_set_key_usage_flags(&wrapping, PSA_KEY_USAGE_WRAP);
        assert_int_equal(psa_import_key(&wrapping, input, 16, &kek), PSA_SUCCESS);
        memset(out, 0, sizeof out);
        assert_int_equal(psa_export_key(key, out, sizeof out, &len), PSA_ERROR_NOT_PERMITTED);
        assert_int_not_equal(psa_copy_key(key, &here, &other), PSA_SUCCESS);
        assert_int_equal(psa_wrap_key(kek, PSA_ALG_KWP, key, out, sizeof out, &len), PSA_ERROR_NOT_PERMITTED);
        assert_int_not_equal(psa_wrap_key(key, PSA_ALG_KW, kek, out, sizeof out, &len), PSA_SUCCESS);
        assert_int_not_equal(psa_mac_compute(key, alg, input, 32, out, sizeof out, &len), PSA_SUCCESS);
        assert_int_not_equal(psa_cipher_encrypt(key, alg, input, 32, out, sizeof out, &len), PSA_SUCCESS);
        assert_int_not_equal(psa_aead_encrypt(key, alg, input, 12, NULL, 0, input, 32, out, sizeof out, &len),
                             PSA_SUCCESS);
        if (psa_key_derivation_setup(&kdf, alg) == PSA_SUCCESS) {
            assert_int_not_equal(psa_key_derivation_input_key(&kdf, PSA_KEY_DERIVATION_INPUT_SECRET, key), PSA_SUCCESS);
        }
        assert_int_equal(psa_key_derivation_abort(&kdf), PSA_SUCCESS);
        assert_true(mico_ct_is_zero(out, sizeof out));
        assert_int_equal(psa_destroy_key(kek), PSA_SUCCESS);
        assert_int_equal(mico_psa_forget_key(key), PSA_SUCCESS);
    }
}

static void the_chips_refusals_come_through(void **state)
{
    static const struct {
        mico_err says;
        psa_status_t status;
    } cases[] = {
        {MICO_ERR_TIMEOUT, PSA_ERROR_COMMUNICATION_FAILURE}, {MICO_ERR_AUTH, PSA_ERROR_COMMUNICATION_FAILURE},
        {MICO_ERR_DENIED, PSA_ERROR_NOT_PERMITTED},          {MICO_ERR_PARAM, PSA_ERROR_INVALID_ARGUMENT},
        {MICO_ERR_CORRUPT, PSA_ERROR_DATA_CORRUPT},          {MICO_ERR_STATE, PSA_ERROR_INVALID_HANDLE},
        {MICO_ERR_BUSY, PSA_ERROR_HARDWARE_FAILURE},
    };
    uint8_t signature[64];
    size_t len;
    psa_key_id_t key =
        register_key(PSA_ECC_FAMILY_TWISTED_EDWARDS, PSA_KEY_USAGE_SIGN_MESSAGE, PSA_ALG_PURE_EDDSA, MSCP_ID_PAIRING);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        chip_says = cases[i].says;
        memset(signature, 0x55, 64);
        assert_int_equal(psa_sign_message(key, PSA_ALG_PURE_EDDSA, seed, 32, signature, 64, &len), cases[i].status);
        assert_int_equal(len, 0);
        assert_true(mico_ct_is_zero(signature, 64));
    }
    chip_says = MICO_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_token_without_a_chip),
        cmocka_unit_test(no_key_without_a_chip),
        cmocka_unit_test(the_identity_key_signs_and_never_comes_out),
        cmocka_unit_test(the_firmware_key_agrees),
        cmocka_unit_test(no_call_gives_a_private_key_of_the_chip),
        cmocka_unit_test(the_chips_refusals_come_through),
        cmocka_unit_test(a_token_wants_a_challenge_of_its_size_and_room),
    };
    if (psa_crypto_init() != PSA_SUCCESS) {
        return 1;
    }
    mico_ed25519_public(seed, public_key);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

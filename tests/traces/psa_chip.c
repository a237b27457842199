/* SPDX-License-Identifier: Apache-2.0 */
/* A program that knows PSA alone, with its keys in the chip. */
#include <string.h>

#include "crypto/psa/psa_mscp.h"
#include "tests/traces/cases.h"

#define SIGN_ID MSCP_ID_GENERAL
#define AGREE_ID (MSCP_ID_GENERAL + 1)
#define MAC_ID (MSCP_ID_GENERAL + 2)
#define CIPHER_ID (MSCP_ID_GENERAL + 3)
#define DERIVE_ID (MSCP_ID_GENERAL + 4)

static const uint8_t message[70] = "what PSA has the chip do";

/* A secret key in the chip, known to PSA. */
static psa_key_id_t know(uint32_t id, const struct mscp_attributes *there, psa_key_type_t type, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key;
    uint8_t bytes[32];
    secret(bytes, sizeof bytes);
    const struct mscp_import what = {.id = id, .attributes = there, .key = MICO_SPAN(bytes)};
    ct_must(mscp_host_import(&line_host, &what, NULL));
    psa_set_key_type(&attributes, type);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_SIGN_HASH |
                                             PSA_KEY_USAGE_VERIFY_MESSAGE | PSA_KEY_USAGE_ENCRYPT |
                                             PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_DERIVE);
    psa_set_key_algorithm(&attributes, alg);
    ct_expect(mico_psa_register_mscp_key(&attributes, id, &key), PSA_SUCCESS);
    return key;
}

static void sign(void)
{
    static const struct mscp_attributes there = {.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_RAW};
    const psa_algorithm_t alg = PSA_ALG_ECDSA(PSA_ALG_SHA_256);
    psa_key_id_t key = know(SIGN_ID, &there, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), alg);
    uint8_t out[65];
    size_t len;
    ct_expect(psa_sign_message(key, alg, message, sizeof message, out, sizeof out, &len), PSA_SUCCESS);
    ct_expect(psa_sign_hash(key, alg, message, 32, out, sizeof out, &len), PSA_SUCCESS);
    ct_expect(psa_export_public_key(key, out, sizeof out, &len), PSA_SUCCESS);
}

static void mac(void)
{
    static const struct mscp_attributes there = {.type = MSCP_SECRET, .usage = MSCP_USE_MAC};
    const psa_algorithm_t alg = PSA_ALG_HMAC(PSA_ALG_SHA_256);
    psa_key_id_t key = know(MAC_ID, &there, PSA_KEY_TYPE_HMAC, alg);
    psa_mac_operation_t op = PSA_MAC_OPERATION_INIT;
    uint8_t out[32];
    size_t len;
    ct_expect(psa_mac_compute(key, alg, message, sizeof message, out, sizeof out, &len), PSA_SUCCESS);
    ct_expect(psa_mac_verify(key, alg, message, sizeof message, out, len), PSA_SUCCESS);
    ct_expect(psa_mac_verify_setup(&op, key, alg), PSA_SUCCESS);
    ct_expect(psa_mac_update(&op, message, sizeof message), PSA_SUCCESS);
    spoil(out, sizeof out);
    ct_expect(psa_mac_verify_finish(&op, out, sizeof out), PSA_ERROR_INVALID_SIGNATURE);
}

static void cipher(void)
{
    static const struct mscp_attributes there = {.type = MSCP_SECRET, .usage = MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT};
    const psa_algorithm_t alg = PSA_ALG_CHACHA20_POLY1305;
    psa_key_id_t key = know(CIPHER_ID, &there, PSA_KEY_TYPE_CHACHA20, alg);
    uint8_t text[50], sealed[sizeof text + 16];
    size_t len;
    secret(text, sizeof text);
    ct_expect(psa_aead_encrypt(key, alg, message, 12, message, 20, text, sizeof text, sealed, sizeof sealed, &len),
              PSA_SUCCESS);
    ct_expect(psa_aead_decrypt(key, alg, message, 12, message, 20, sealed, len, text, sizeof text, &len), PSA_SUCCESS);
    spoil(sealed + sizeof text, 16);
    ct_expect(psa_aead_decrypt(key, alg, message, 12, message, 20, sealed, sizeof sealed, text, sizeof text, &len),
              PSA_ERROR_INVALID_SIGNATURE);
}

static psa_key_derivation_operation_t start_derivation(psa_key_id_t key, bool agree)
{
    static const uint8_t base[32] = {9};
    const psa_algorithm_t hkdf = PSA_ALG_HKDF(PSA_ALG_SHA_256);
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    ct_expect(psa_key_derivation_setup(&op, agree ? PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, hkdf) : hkdf), PSA_SUCCESS);
    ct_expect(agree ? psa_key_derivation_key_agreement(&op, PSA_KEY_DERIVATION_INPUT_SECRET, key, base, sizeof base)
                    : psa_key_derivation_input_key(&op, PSA_KEY_DERIVATION_INPUT_SECRET, key),
              PSA_SUCCESS);
    ct_expect(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_INFO, message, 5), PSA_SUCCESS);
    return op;
}

/* HKDF of a secret of the chip's, or of one that it agreed on: bytes, and a key that stays there. */
static void derive(psa_key_id_t key, bool agree)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t made;
    uint8_t out[40];
    psa_key_derivation_operation_t op = start_derivation(key, agree);
    ct_expect(psa_key_derivation_output_bytes(&op, out, sizeof out), PSA_SUCCESS);
    ct_expect(psa_key_derivation_abort(&op), PSA_SUCCESS);
    op = start_derivation(key, agree);
    psa_set_key_type(&attributes, PSA_KEY_TYPE_HMAC);
    psa_set_key_bits(&attributes, 256);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    psa_set_key_algorithm(&attributes, PSA_ALG_HMAC(PSA_ALG_SHA_256));
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_VOLATILE,
                                                                                     MICO_PSA_LOCATION_MSCP));
    ct_expect(psa_key_derivation_output_key(&attributes, &op, &made), PSA_SUCCESS);
    ct_expect(psa_key_derivation_abort(&op), PSA_SUCCESS);
    ct_expect(psa_destroy_key(made), PSA_SUCCESS);
}

void psa_chip_reset(void)
{
    ct_expect(mico_psa_attach_mscp(&line_host), PSA_SUCCESS);
}

void psa_chip(void)
{
    static const struct mscp_attributes derives = {.type = MSCP_SECRET, .usage = MSCP_USE_DERIVE},
                                        agrees = {.type = MSCP_KEY_X25519, .usage = MSCP_USE_AGREE};
    static const uint8_t base[32] = {9};
    uint8_t shared[32];
    size_t len;
    line_start();
    sign();
    mac();
    cipher();
    derive(know(DERIVE_ID, &derives, PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256)), false);
    psa_key_id_t key = know(AGREE_ID, &agrees, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY),
                            PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(PSA_ALG_SHA_256)));
    derive(key, true);
    ct_expect(mico_psa_forget_key(key), PSA_SUCCESS);
    psa_key_attributes_t raw = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&raw, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY));
    psa_set_key_usage_flags(&raw, PSA_KEY_USAGE_DERIVE);
    psa_set_key_algorithm(&raw, PSA_ALG_ECDH);
    ct_expect(mico_psa_register_mscp_key(&raw, AGREE_ID, &key), PSA_SUCCESS);
    ct_expect(psa_raw_key_agreement(PSA_ALG_ECDH, key, base, sizeof base, shared, sizeof shared, &len), PSA_SUCCESS);
}

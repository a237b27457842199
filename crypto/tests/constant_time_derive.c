/* SPDX-License-Identifier: Apache-2.0 */
/* PSA: what comes from secrets by derivation, agreement and password-authenticated exchange. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "crypto/tests/constant_time.h"
#include "crypto/tests/constant_time_keys_of.h"

static uint8_t out[100];

static void give(psa_key_derivation_operation_t *op, psa_key_derivation_step_t step)
{
    static const uint8_t bytes[20] = {1, 2, 3};
    ct_expect(psa_key_derivation_input_bytes(op, step, bytes, sizeof bytes), PSA_SUCCESS);
}

/* Bytes, a key, and a comparison with what is right and what is not. */
static void take(psa_key_derivation_operation_t *op)
{
    psa_key_attributes_t attributes = ct_attributes(PSA_KEY_TYPE_AES, 128, PSA_ALG_CTR);
    psa_key_id_t key;
    ct_expect(psa_key_derivation_output_bytes(op, out, 20), PSA_SUCCESS);
    ct_expect(psa_key_derivation_output_key(&attributes, op, &key), PSA_SUCCESS);
    open_up(&key, sizeof key);
    ct_destroy(key);
    secret(out, 12);
    ct_expect(psa_key_derivation_verify_bytes(op, out, 12), PSA_ERROR_INVALID_SIGNATURE);
    ct_expect(psa_key_derivation_abort(op), PSA_SUCCESS);
}

static void derive(psa_algorithm_t alg, const psa_key_derivation_step_t *before, psa_key_derivation_step_t step,
                   const psa_key_derivation_step_t *after)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_id_t key = ct_secret_key(PSA_KEY_TYPE_DERIVE, alg, 32);
    ct_expect(psa_key_derivation_setup(&op, alg), PSA_SUCCESS);
    for (; before != NULL && *before != 0; before++) {
        give(&op, *before);
    }
    ct_expect(psa_key_derivation_input_key(&op, step, key), PSA_SUCCESS);
    for (; after != NULL && *after != 0; after++) {
        give(&op, *after);
    }
    if (PSA_ALG_IS_HKDF_EXTRACT(alg)) {
        ct_expect(psa_key_derivation_output_bytes(&op, out, 32), PSA_SUCCESS);
        ct_expect(psa_key_derivation_abort(&op), PSA_SUCCESS);
    } else {
        take(&op);
    }
    ct_destroy(key);
}

void ct_psa_derive(void)
{
    static const psa_key_derivation_step_t salt[] = {PSA_KEY_DERIVATION_INPUT_SALT, 0},
                                           info[] = {PSA_KEY_DERIVATION_INPUT_INFO, 0},
                                           seed[] = {PSA_KEY_DERIVATION_INPUT_SEED, 0},
                                           label[] = {PSA_KEY_DERIVATION_INPUT_LABEL, 0};
    derive(PSA_ALG_HKDF(PSA_ALG_SHA_256), salt, PSA_KEY_DERIVATION_INPUT_SECRET, info);
    derive(PSA_ALG_HKDF(PSA_ALG_SHA_512), salt, PSA_KEY_DERIVATION_INPUT_SECRET, info);
    derive(PSA_ALG_HKDF_EXTRACT(PSA_ALG_SHA_256), salt, PSA_KEY_DERIVATION_INPUT_SECRET, NULL);
    derive(PSA_ALG_HKDF_EXPAND(PSA_ALG_SHA_256), NULL, PSA_KEY_DERIVATION_INPUT_SECRET, info);
    derive(PSA_ALG_TLS12_PRF(PSA_ALG_SHA_256), seed, PSA_KEY_DERIVATION_INPUT_SECRET, label);
    derive(PSA_ALG_TLS12_PSK_TO_MS(PSA_ALG_SHA_256), seed, PSA_KEY_DERIVATION_INPUT_SECRET, label);
}

static void stretch(psa_algorithm_t alg)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_id_t password = ct_secret_key(PSA_KEY_TYPE_PASSWORD, alg, 12), expected;
    ct_expect(psa_key_derivation_setup(&op, alg), PSA_SUCCESS);
    ct_expect(psa_key_derivation_input_integer(&op, PSA_KEY_DERIVATION_INPUT_COST, 3), PSA_SUCCESS);
    give(&op, PSA_KEY_DERIVATION_INPUT_SALT);
    ct_expect(psa_key_derivation_input_key(&op, PSA_KEY_DERIVATION_INPUT_PASSWORD, password), PSA_SUCCESS);
    ct_destroy(password);
    expected = ct_secret_key(PSA_KEY_TYPE_PASSWORD_HASH, alg, 16);
    ct_expect(psa_key_derivation_verify_key(&op, expected), PSA_ERROR_INVALID_SIGNATURE);
    ct_destroy(expected);
    take(&op);
}

/* The hash that SRP makes of a password, as a key. */
static void srp_hash(void)
{
    psa_algorithm_t hash = PSA_ALG_SRP_PASSWORD_HASH(PSA_ALG_SHA_512);
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_attributes_t pair =
        ct_attributes(PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526), 3072, PSA_ALG_SRP_6(PSA_ALG_SHA_512));
    psa_key_id_t password = ct_secret_key(PSA_KEY_TYPE_PASSWORD, hash, 10), key;
    ct_expect(psa_key_derivation_setup(&op, hash), PSA_SUCCESS);
    give(&op, PSA_KEY_DERIVATION_INPUT_INFO);
    ct_expect(psa_key_derivation_input_key(&op, PSA_KEY_DERIVATION_INPUT_PASSWORD, password), PSA_SUCCESS);
    give(&op, PSA_KEY_DERIVATION_INPUT_SALT);
    ct_expect(psa_key_derivation_output_key(&pair, &op, &key), PSA_SUCCESS);
    open_up(&key, sizeof key);
    ct_destroy(key);
    ct_destroy(password);
    ct_expect(psa_key_derivation_abort(&op), PSA_SUCCESS);
}

void ct_psa_password(void)
{
    srp_hash();
    stretch(PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256));
    stretch(PSA_ALG_PBKDF2_AES_CMAC_PRF_128);
}

static void agree(psa_key_type_t type, psa_algorithm_t alg, size_t len, const uint8_t *peer, size_t peer_len)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_algorithm_t into = PSA_ALG_KEY_AGREEMENT(alg, PSA_ALG_HKDF(PSA_ALG_SHA_256));
    psa_key_attributes_t attributes = ct_attributes(PSA_KEY_TYPE_DERIVE, 0, PSA_ALG_HKDF(PSA_ALG_SHA_256));
    static uint8_t raw[256];
    size_t got;
    psa_key_id_t key = ct_secret_key(type, alg, len), shared;
    ct_expect(psa_raw_key_agreement(alg, key, peer, peer_len, raw, sizeof raw, &got), PSA_SUCCESS);
    ct_expect(psa_key_agreement(key, peer, peer_len, alg, &attributes, &shared), PSA_SUCCESS);
    open_up(&shared, sizeof shared);
    ct_destroy(shared);
    ct_destroy(key);
    key = ct_secret_key(type, into, len);
    ct_expect(psa_key_derivation_setup(&op, into), PSA_SUCCESS);
    ct_expect(psa_key_derivation_key_agreement(&op, PSA_KEY_DERIVATION_INPUT_SECRET, key, peer, peer_len), PSA_SUCCESS);
    give(&op, PSA_KEY_DERIVATION_INPUT_INFO);
    take(&op);
    ct_destroy(key);
}

void ct_psa_agree(void)
{
    static const uint8_t x25519[32] = {9}, one[48] = {[31] = 1}, other[48] = {[47] = 1};
    uint8_t p256[65], p384[97];
    ct_must(mico_p256_public(one, p256));
    ct_must(mico_p384_public(other, p384));
    agree(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY), PSA_ALG_ECDH, 32, x25519, 32);
    agree(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), PSA_ALG_ECDH, 32, p256, sizeof p256);
    agree(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), PSA_ALG_ECDH, 48, p384, sizeof p384);
}

#define SRP PSA_ALG_SRP_6(PSA_ALG_SHA_512)
#define GROUP PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, 1024)

static const uint8_t user[] = {'u', 's', 'e', 'r'}, salt[16] = {1, 2, 3};

static psa_pake_operation_t begun(psa_key_id_t key, psa_pake_role_t role)
{
    psa_pake_operation_t op = PSA_PAKE_OPERATION_INIT;
    psa_pake_cipher_suite_t suite = PSA_PAKE_CIPHER_SUITE_INIT;
    psa_pake_cs_set_algorithm(&suite, SRP);
    psa_pake_cs_set_primitive(&suite, GROUP);
    psa_pake_cs_set_key_confirmation(&suite, PSA_PAKE_CONFIRMED_KEY);
    ct_expect(psa_pake_setup(&op, key, &suite), PSA_SUCCESS);
    ct_expect(psa_pake_set_role(&op, role), PSA_SUCCESS);
    ct_expect(psa_pake_set_user(&op, user, sizeof user), PSA_SUCCESS);
    ct_expect(psa_pake_input(&op, PSA_PAKE_STEP_SALT, salt, sizeof salt), PSA_SUCCESS);
    return op;
}

/* What one says to the other is public. */
static void pass(psa_pake_operation_t *from, psa_pake_operation_t *to, psa_pake_step_t step)
{
    static uint8_t message[MICO_PSA_PAKE_SHARE_MAX];
    size_t len;
    ct_expect(psa_pake_output(from, step, message, sizeof message, &len), PSA_SUCCESS);
    open_up(&len, sizeof len);
    open_up(message, len);
    ct_expect(psa_pake_input(to, step, message, len), PSA_SUCCESS);
}

static void end(psa_pake_operation_t *op)
{
    psa_key_attributes_t attributes = ct_attributes(PSA_KEY_TYPE_DERIVE, 0, 0);
    psa_key_id_t key;
    ct_expect(psa_pake_get_shared_key(op, &attributes, &key), PSA_SUCCESS);
    open_up(&key, sizeof key);
    ct_destroy(key);
}

/* From the password's hash on: the verifier, both sides. The hash's first bits are public: srp_math.h. */
void ct_psa_pake(void)
{
    uint8_t x[64];
    static uint8_t verifier[128];
    size_t len;
    secret(x, sizeof x);
    open_up(x, 1);
    x[0] = 0xC3;
    psa_key_attributes_t pair = ct_attributes(PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526), 1024, SRP);
    psa_key_id_t client_key;
    ct_expect(psa_import_key(&pair, x, sizeof x, &client_key), PSA_SUCCESS);
    open_up(&client_key, sizeof client_key);
    ct_expect(psa_export_public_key(client_key, verifier, sizeof verifier, &len), PSA_SUCCESS);
    psa_key_id_t server_key =
        ct_import(PSA_KEY_TYPE_SRP_PUBLIC_KEY(PSA_DH_FAMILY_RFC3526), SRP, verifier, sizeof verifier);
    psa_pake_operation_t client = begun(client_key, PSA_PAKE_ROLE_CLIENT),
                         server = begun(server_key, PSA_PAKE_ROLE_SERVER);
    pass(&client, &server, PSA_PAKE_STEP_KEY_SHARE);
    pass(&server, &client, PSA_PAKE_STEP_KEY_SHARE);
    pass(&client, &server, PSA_PAKE_STEP_CONFIRM);
    pass(&server, &client, PSA_PAKE_STEP_CONFIRM);
    end(&client);
    end(&server);
    ct_destroy(client_key);
    ct_destroy(server_key);
}

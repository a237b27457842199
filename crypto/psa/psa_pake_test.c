/* SPDX-License-Identifier: Apache-2.0 */
/* SRP-6a through PSA: both sides, crypto/srp as the other side, every step out of order, wrong passwords and shares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/srp/srp.h"

#define ALG PSA_ALG_SRP_6(PSA_ALG_SHA_512)
#define PAIR PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526)
#define VERIFIER PSA_KEY_TYPE_SRP_PUBLIC_KEY(PSA_DH_FAMILY_RFC3526)
#define GROUP PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, 3072)

static const uint8_t user[] = {'P', 'a', 'i', 'r', '-', 'S', 'e', 't', 'u', 'p'};
static const uint8_t salt[16] = {1, 2, 3};
static const char code[] = "123-45-678";
static psa_key_id_t client_key, server_key;
static uint8_t verifier[MICO_SRP_SIZE];

static psa_key_attributes_t attributes_of(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, type);
    psa_set_key_usage_flags(&attributes, usage);
    psa_set_key_algorithm(&attributes, alg);
    return attributes;
}

static psa_pake_cipher_suite_t suite_of(psa_algorithm_t alg, psa_pake_primitive_t primitive, uint32_t confirmation)
{
    psa_pake_cipher_suite_t suite = PSA_PAKE_CIPHER_SUITE_INIT;
    psa_pake_cs_set_algorithm(&suite, alg);
    psa_pake_cs_set_primitive(&suite, primitive);
    psa_pake_cs_set_key_confirmation(&suite, confirmation);
    return suite;
}

/* The password's hash, as a key. */
static psa_key_id_t client_key_of(const char *password)
{
    psa_algorithm_t hash = PSA_ALG_SRP_PASSWORD_HASH(PSA_ALG_SHA_512);
    psa_key_attributes_t attributes = attributes_of(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, hash);
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_id_t secret, key;
    assert_int_equal(psa_import_key(&attributes, (const uint8_t *)password, strlen(password), &secret), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_setup(&op, hash), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_INFO, user, sizeof user),
                     PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_key(&op, PSA_KEY_DERIVATION_INPUT_PASSWORD, secret), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SALT, salt, sizeof salt),
                     PSA_SUCCESS);
    attributes = attributes_of(PAIR, PSA_KEY_USAGE_DERIVE, ALG);
    psa_set_key_bits(&attributes, 3072);
    assert_int_equal(psa_key_derivation_output_key(&attributes, &op, &key), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(secret), PSA_SUCCESS);
    return key;
}

static int make_keys(void **state)
{
    size_t len;
    psa_key_attributes_t attributes = attributes_of(VERIFIER, PSA_KEY_USAGE_DERIVE, ALG);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    client_key = client_key_of(code);
    assert_int_equal(psa_export_public_key(client_key, verifier, sizeof verifier, &len), PSA_SUCCESS);
    assert_int_equal(psa_import_key(&attributes, verifier, len, &server_key), PSA_SUCCESS);
    return 0;
}

/* An operation that waits for the salt. */
static psa_pake_operation_t begun(psa_key_id_t key, psa_pake_role_t role)
{
    psa_pake_operation_t op = PSA_PAKE_OPERATION_INIT;
    psa_pake_cipher_suite_t suite = suite_of(ALG, GROUP, PSA_PAKE_CONFIRMED_KEY);
    assert_int_equal(psa_pake_setup(&op, key, &suite), PSA_SUCCESS);
    assert_int_equal(psa_pake_set_role(&op, role), PSA_SUCCESS);
    assert_int_equal(psa_pake_set_user(&op, user, sizeof user), PSA_SUCCESS);
    assert_int_equal(psa_pake_input(&op, PSA_PAKE_STEP_SALT, salt, sizeof salt), PSA_SUCCESS);
    return op;
}

static void pass(psa_pake_operation_t *from, psa_pake_operation_t *to, psa_pake_step_t step, psa_status_t want)
{
    uint8_t message[PSA_PAKE_OUTPUT_MAX_SIZE];
    size_t len;
    assert_int_equal(psa_pake_output(from, step, message, sizeof message, &len), PSA_SUCCESS);
    assert_true(len == PSA_PAKE_OUTPUT_SIZE(ALG, GROUP, step));
    assert_int_equal(psa_pake_input(to, step, message, len), want);
}

static void read_shared(psa_pake_operation_t *op, uint8_t out[64])
{
    psa_key_attributes_t attributes = attributes_of(PSA_KEY_TYPE_RAW_DATA, PSA_KEY_USAGE_EXPORT, 0);
    psa_key_id_t key;
    size_t len;
    assert_int_equal(psa_pake_get_shared_key(op, &attributes, &key), PSA_SUCCESS);
    assert_int_equal(psa_export_key(key, out, 64, &len), PSA_SUCCESS);
    assert_int_equal(len, 64);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    assert_int_equal(psa_pake_get_shared_key(op, &attributes, &key), PSA_ERROR_BAD_STATE);
}

static void both_sides_get_one_key(void **state)
{
    uint8_t ours[64], theirs[64];
    psa_pake_operation_t client = begun(client_key, PSA_PAKE_ROLE_CLIENT),
                         server = begun(server_key, PSA_PAKE_ROLE_SERVER);
    pass(&client, &server, PSA_PAKE_STEP_KEY_SHARE, PSA_SUCCESS);
    pass(&server, &client, PSA_PAKE_STEP_KEY_SHARE, PSA_SUCCESS);
    pass(&client, &server, PSA_PAKE_STEP_CONFIRM, PSA_SUCCESS);
    pass(&server, &client, PSA_PAKE_STEP_CONFIRM, PSA_SUCCESS);
    read_shared(&client, ours);
    read_shared(&server, theirs);
    assert_memory_equal(ours, theirs, 64);
}

static void the_verifier_is_crypto_srps(void **state)
{
    uint8_t want[MICO_SRP_SIZE];
    mico_srp_verifier((struct mico_span){(const uint8_t *)code, strlen(code)}, salt, want);
    assert_memory_equal(verifier, want, sizeof want);
}

static void a_client_agrees_with_crypto_srps_server(void **state)
{
    struct mico_srp_server server;
    uint8_t A[MICO_SRP_SIZE], B[MICO_SRP_SIZE], first[64], second[64], key[64], ours[64];
    size_t len;
    psa_pake_operation_t client = begun(client_key, PSA_PAKE_ROLE_CLIENT);
    assert_int_equal(mico_srp_server_start(&server, salt, verifier, B), MICO_OK);
    assert_int_equal(psa_pake_output(&client, PSA_PAKE_STEP_KEY_SHARE, A, sizeof A, &len), PSA_SUCCESS);
    assert_int_equal(psa_pake_input(&client, PSA_PAKE_STEP_KEY_SHARE, B, sizeof B), PSA_SUCCESS);
    assert_int_equal(psa_pake_output(&client, PSA_PAKE_STEP_CONFIRM, first, 64, &len), PSA_SUCCESS);
    assert_int_equal(mico_srp_server_finish(&server, MICO_SPAN(A), first, second, key), MICO_OK);
    assert_int_equal(psa_pake_input(&client, PSA_PAKE_STEP_CONFIRM, second, 64), PSA_SUCCESS);
    read_shared(&client, ours);
    assert_memory_equal(ours, key, 64);
}

static void a_server_agrees_with_crypto_srps_client(void **state)
{
    struct mico_srp_client client;
    uint8_t A[MICO_SRP_SIZE], B[MICO_SRP_SIZE], first[64], second[64], key[64], ours[64];
    size_t len;
    psa_pake_operation_t server = begun(server_key, PSA_PAKE_ROLE_SERVER);
    assert_int_equal(mico_srp_client_start(&client), MICO_OK);
    assert_int_equal(psa_pake_output(&server, PSA_PAKE_STEP_KEY_SHARE, B, sizeof B, &len), PSA_SUCCESS);
    assert_int_equal(mico_srp_client_prove(&client, salt, MICO_SPAN(B),
                                           (struct mico_span){(const uint8_t *)code, strlen(code)}, A, first),
                     MICO_OK);
    assert_int_equal(psa_pake_input(&server, PSA_PAKE_STEP_KEY_SHARE, A, sizeof A), PSA_SUCCESS);
    assert_int_equal(psa_pake_input(&server, PSA_PAKE_STEP_CONFIRM, first, 64), PSA_SUCCESS);
    assert_int_equal(psa_pake_output(&server, PSA_PAKE_STEP_CONFIRM, second, 64, &len), PSA_SUCCESS);
    assert_int_equal(mico_srp_client_check(&client, second, key), MICO_OK);
    read_shared(&server, ours);
    assert_memory_equal(ours, key, 64);
}

static void a_wrong_password_is_one_guess(void **state)
{
    psa_key_id_t wrong = client_key_of("123-45-679");
    psa_pake_operation_t client = begun(wrong, PSA_PAKE_ROLE_CLIENT), server = begun(server_key, PSA_PAKE_ROLE_SERVER);
    uint8_t out[64];
    size_t len = 5;
    pass(&client, &server, PSA_PAKE_STEP_KEY_SHARE, PSA_SUCCESS);
    pass(&server, &client, PSA_PAKE_STEP_KEY_SHARE, PSA_SUCCESS);
    pass(&client, &server, PSA_PAKE_STEP_CONFIRM, PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_pake_output(&server, PSA_PAKE_STEP_CONFIRM, out, 64, &len), PSA_ERROR_BAD_STATE);
    assert_int_equal(len, 0);
    assert_int_equal(psa_pake_abort(&server), PSA_SUCCESS);
    assert_int_equal(psa_pake_abort(&client), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(wrong), PSA_SUCCESS);
}

static void shares_of_nothing_are_refused(void **state)
{
    uint8_t share[MICO_SRP_SIZE + 1] = {0};
    static const size_t lengths[] = {1, MICO_SRP_SIZE, MICO_SRP_SIZE + 1};
    for (size_t i = 0; i < 3; i++) {
        psa_pake_operation_t server = begun(server_key, PSA_PAKE_ROLE_SERVER);
        assert_int_equal(psa_pake_input(&server, PSA_PAKE_STEP_KEY_SHARE, share, lengths[i]),
                         PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(psa_pake_input(&server, PSA_PAKE_STEP_KEY_SHARE, salt, 16), PSA_ERROR_BAD_STATE);
        assert_int_equal(psa_pake_abort(&server), PSA_SUCCESS);
    }
}

static void suites_and_keys_that_do_not_fit_are_refused(void **state)
{
    psa_pake_operation_t op = PSA_PAKE_OPERATION_INIT;
    const struct {
        psa_algorithm_t alg;
        psa_pake_primitive_t primitive;
        uint32_t confirmation;
        psa_status_t status;
    } cases[] = {
        {PSA_ALG_HKDF(PSA_ALG_SHA_512), GROUP, 0, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_ALG_JPAKE(PSA_ALG_SHA_256), GROUP, 0, PSA_ERROR_NOT_SUPPORTED},
        {PSA_ALG_SPAKE2P_MATTER, GROUP, 0, PSA_ERROR_NOT_SUPPORTED},
        {ALG, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_ECC, PSA_ECC_FAMILY_SECP_R1, 256), 0,
         PSA_ERROR_INVALID_ARGUMENT},
        {ALG, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, 2048), 0, PSA_ERROR_NOT_SUPPORTED},
        {ALG, GROUP, PSA_PAKE_UNCONFIRMED_KEY, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_ALG_SRP_6(PSA_ALG_SHA_256), GROUP, 0, PSA_ERROR_NOT_PERMITTED}, /* the key's policy has SHA-512 */
        {ALG, GROUP, 0, PSA_SUCCESS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        psa_pake_cipher_suite_t suite = suite_of(cases[i].alg, cases[i].primitive, cases[i].confirmation);
        assert_int_equal(psa_pake_setup(&op, client_key, &suite), cases[i].status);
    }
    assert_int_equal(psa_pake_set_role(&op, PSA_PAKE_ROLE_SERVER), PSA_ERROR_INVALID_ARGUMENT); /* a client's key */
    assert_int_equal(psa_pake_set_role(&op, PSA_PAKE_ROLE_CLIENT), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_pake_abort(&op), PSA_SUCCESS);
}

static void steps_out_of_order_end_the_exchange(void **state)
{
    uint8_t out[PSA_PAKE_OUTPUT_MAX_SIZE] = {7};
    size_t len;
    psa_pake_operation_t op = PSA_PAKE_OPERATION_INIT;
    assert_int_equal(psa_pake_set_role(&op, PSA_PAKE_ROLE_CLIENT), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_pake_output(&op, PSA_PAKE_STEP_KEY_SHARE, out, sizeof out, &len), PSA_ERROR_BAD_STATE);
    op = begun(client_key, PSA_PAKE_ROLE_CLIENT);
    assert_int_equal(psa_pake_set_user(&op, user, sizeof user), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_pake_abort(&op), PSA_SUCCESS);
    op = begun(client_key, PSA_PAKE_ROLE_CLIENT);
    assert_int_equal(psa_pake_output(&op, PSA_PAKE_STEP_CONFIRM, out, sizeof out, &len), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_pake_abort(&op), PSA_SUCCESS);
    op = begun(client_key, PSA_PAKE_ROLE_CLIENT);
    assert_int_equal(psa_pake_output(&op, PSA_PAKE_STEP_KEY_SHARE, out, 383, &len), PSA_ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(psa_pake_abort(&op), PSA_SUCCESS);
    op = begun(server_key, PSA_PAKE_ROLE_SERVER);
    assert_int_equal(psa_pake_set_peer(&op, user, sizeof user), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_pake_abort(&op), PSA_SUCCESS);
    op = begun(server_key, PSA_PAKE_ROLE_SERVER);
    assert_int_equal(psa_pake_input(&op, PSA_PAKE_STEP_ZK_PROOF, out, 4), PSA_ERROR_INVALID_ARGUMENT);
    assert_int_equal(psa_pake_abort(&op), PSA_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_get_one_key),
        cmocka_unit_test(the_verifier_is_crypto_srps),
        cmocka_unit_test(a_client_agrees_with_crypto_srps_server),
        cmocka_unit_test(a_server_agrees_with_crypto_srps_client),
        cmocka_unit_test(a_wrong_password_is_one_guess),
        cmocka_unit_test(shares_of_nothing_are_refused),
        cmocka_unit_test(suites_and_keys_that_do_not_fit_are_refused),
        cmocka_unit_test(steps_out_of_order_end_the_exchange),
    };
    return cmocka_run_group_tests(tests, make_keys, NULL);
}

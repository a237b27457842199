/* SPDX-License-Identifier: Apache-2.0 */
/* SRP-6a through PSA: both sides in every group, crypto/srp as the other side, every step out of order, wrong passwords
 * and shares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/psa/test_attributes.h"
#include "crypto/srp/srp.h"
#include "crypto/srp/srp_math.h"

#define ALG PSA_ALG_SRP_6(PSA_ALG_SHA_512)
#define PAIR PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526)
#define VERIFIER PSA_KEY_TYPE_SRP_PUBLIC_KEY(PSA_DH_FAMILY_RFC3526)
#define GROUP PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, 3072)

static const uint8_t user[] = {'P', 'a', 'i', 'r', '-', 'S', 'e', 't', 'u', 'p'};
static const uint8_t salt[16] = {1, 2, 3};
static const char code[] = "123-45-678";
static psa_key_id_t client_key, server_key;
static uint8_t verifier[MICO_SRP_SIZE];

static psa_pake_cipher_suite_t suite_of(psa_algorithm_t alg, psa_pake_primitive_t primitive, uint32_t confirmation)
{
    psa_pake_cipher_suite_t suite = PSA_PAKE_CIPHER_SUITE_INIT;
    psa_pake_cs_set_algorithm(&suite, alg);
    psa_pake_cs_set_primitive(&suite, primitive);
    psa_pake_cs_set_key_confirmation(&suite, confirmation);
    return suite;
}

/* The password's hash, as a key of a group and a hash. */
static psa_key_id_t client_key_in(const char *password, size_t bits, psa_algorithm_t hash_alg)
{
    psa_algorithm_t hash = PSA_ALG_SRP_PASSWORD_HASH(hash_alg);
    psa_key_attributes_t attributes = test_attributes(PSA_KEY_TYPE_PASSWORD, 0, PSA_KEY_USAGE_DERIVE, hash);
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_id_t secret, key;
    assert_int_equal(psa_import_key(&attributes, (const uint8_t *)password, strlen(password), &secret), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_setup(&op, hash), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_INFO, user, sizeof user),
                     PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_key(&op, PSA_KEY_DERIVATION_INPUT_PASSWORD, secret), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SALT, salt, sizeof salt),
                     PSA_SUCCESS);
    attributes = test_attributes(PAIR, 0, PSA_KEY_USAGE_DERIVE, PSA_ALG_SRP_6(hash_alg));
    psa_set_key_bits(&attributes, bits);
    assert_int_equal(psa_key_derivation_output_key(&attributes, &op, &key), PSA_SUCCESS);
    assert_int_equal(psa_key_derivation_abort(&op), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(secret), PSA_SUCCESS);
    return key;
}

static psa_key_id_t client_key_of(const char *password)
{
    return client_key_in(password, 3072, PSA_ALG_SHA_512);
}

/* The verifier of a client's key, as a key; its length says the group. */
static psa_key_id_t server_key_of(psa_key_id_t client, psa_algorithm_t alg)
{
    uint8_t data[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE];
    size_t len;
    psa_key_id_t key;
    psa_key_attributes_t attributes = test_attributes(VERIFIER, 0, PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_EXPORT, alg),
                         got;
    assert_int_equal(psa_export_public_key(client, data, sizeof data, &len), PSA_SUCCESS);
    assert_int_equal(psa_import_key(&attributes, data, len, &key), PSA_SUCCESS);
    assert_int_equal(psa_get_key_attributes(key, &got), PSA_SUCCESS);
    assert_int_equal(psa_get_key_bits(&got), len * 8);
    assert_true(len <= PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(VERIFIER, len * 8));
    return key;
}

static int make_keys(void **state)
{
    size_t len;
    psa_key_attributes_t attributes = test_attributes(VERIFIER, 0, PSA_KEY_USAGE_DERIVE, ALG);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    client_key = client_key_of(code);
    assert_int_equal(psa_export_public_key(client_key, verifier, sizeof verifier, &len), PSA_SUCCESS);
    assert_int_equal(psa_import_key(&attributes, verifier, len, &server_key), PSA_SUCCESS);
    return 0;
}

/* An operation that waits for the shares. */
static psa_pake_operation_t begun_in(psa_algorithm_t alg, psa_pake_primitive_t group, psa_key_id_t key,
                                     psa_pake_role_t role)
{
    psa_pake_operation_t op = PSA_PAKE_OPERATION_INIT;
    psa_pake_cipher_suite_t suite = suite_of(alg, group, PSA_PAKE_CONFIRMED_KEY);
    assert_int_equal(psa_pake_setup(&op, key, &suite), PSA_SUCCESS);
    assert_int_equal(psa_pake_set_role(&op, role), PSA_SUCCESS);
    assert_int_equal(psa_pake_set_user(&op, user, sizeof user), PSA_SUCCESS);
    assert_int_equal(psa_pake_input(&op, PSA_PAKE_STEP_SALT, salt, sizeof salt), PSA_SUCCESS);
    return op;
}

static psa_pake_operation_t begun(psa_key_id_t key, psa_pake_role_t role)
{
    return begun_in(ALG, GROUP, key, role);
}

static void pass(psa_pake_operation_t *from, psa_pake_operation_t *to, psa_pake_step_t step, psa_status_t want)
{
    uint8_t message[PSA_PAKE_OUTPUT_MAX_SIZE];
    size_t len, size = PSA_PAKE_OUTPUT_SIZE(from->alg, from->primitive, step);
    assert_int_equal(psa_pake_output(from, step, message, size, &len), PSA_SUCCESS);
    assert_true(len == size);
    assert_int_equal(psa_pake_input(to, step, message, len), want);
}

static size_t read_secret(psa_pake_operation_t *op, uint8_t out[64])
{
    psa_key_attributes_t attributes = test_attributes(PSA_KEY_TYPE_RAW_DATA, 0, PSA_KEY_USAGE_EXPORT, 0);
    psa_key_id_t key;
    size_t len;
    assert_int_equal(psa_pake_get_shared_key(op, &attributes, &key), PSA_SUCCESS);
    assert_int_equal(psa_export_key(key, out, 64, &len), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    assert_int_equal(psa_pake_get_shared_key(op, &attributes, &key), PSA_ERROR_BAD_STATE);
    return len;
}

static void read_shared(psa_pake_operation_t *op, uint8_t out[64])
{
    assert_int_equal(read_secret(op, out), 64);
}

static void both_sides_get_one_key_in(size_t bits, psa_algorithm_t hash)
{
    uint8_t ours[64], theirs[64];
    psa_algorithm_t alg = PSA_ALG_SRP_6(hash);
    psa_pake_primitive_t group = PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, bits);
    psa_key_id_t client_side = client_key_in(code, bits, hash), server_side = server_key_of(client_side, alg);
    psa_pake_operation_t client = begun_in(alg, group, client_side, PSA_PAKE_ROLE_CLIENT),
                         server = begun_in(alg, group, server_side, PSA_PAKE_ROLE_SERVER);
    pass(&client, &server, PSA_PAKE_STEP_KEY_SHARE, PSA_SUCCESS);
    pass(&server, &client, PSA_PAKE_STEP_KEY_SHARE, PSA_SUCCESS);
    pass(&client, &server, PSA_PAKE_STEP_CONFIRM, PSA_SUCCESS);
    pass(&server, &client, PSA_PAKE_STEP_CONFIRM, PSA_SUCCESS);
    size_t len = read_secret(&client, ours);
    assert_int_equal(len, PSA_HASH_LENGTH(hash));
    assert_int_equal(read_secret(&server, theirs), len);
    assert_memory_equal(ours, theirs, len);
    assert_int_equal(psa_destroy_key(client_side), PSA_SUCCESS);
    assert_int_equal(psa_destroy_key(server_side), PSA_SUCCESS);
}

static void both_sides_get_one_key_in_every_group_with_every_hash(void **state)
{
    static const size_t sizes[] = {1024, 1536, 2048, 3072, 4096, 6144, 8192};
    static const psa_algorithm_t hashes[] = {PSA_ALG_SHA_1, PSA_ALG_SHA_256, PSA_ALG_SHA_512};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (size_t j = 0; j < sizeof hashes / sizeof hashes[0]; j++) {
            both_sides_get_one_key_in(sizes[i], hashes[j]);
        }
    }
}

static void a_key_of_another_group_or_hash_is_refused(void **state)
{
    static const uint8_t x[20] = {1};
    psa_pake_operation_t op = PSA_PAKE_OPERATION_INIT;
    psa_pake_cipher_suite_t suite = suite_of(ALG, GROUP, PSA_PAKE_CONFIRMED_KEY);
    psa_key_id_t keys[3] = {client_key_in(code, 2048, PSA_ALG_SHA_512)};
    psa_key_attributes_t attributes = test_attributes(PAIR, 0, PSA_KEY_USAGE_DERIVE, ALG);
    keys[1] = server_key_of(keys[0], ALG);
    assert_int_equal(psa_import_key(&attributes, x, sizeof x, &keys[2]), PSA_SUCCESS); /* of SHA-1's length */
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(psa_pake_setup(&op, keys[i], &suite), PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(psa_destroy_key(keys[i]), PSA_SUCCESS);
    }
}

static void keys_have_their_groups_sizes(void **state)
{
    static uint8_t data[1025], out[1024];
    const struct {
        psa_key_type_t type;
        size_t bits, len;
        psa_status_t status;
        size_t got;
    } cases[] = {
        {VERIFIER, 0, 128, PSA_SUCCESS, 1024},
        {VERIFIER, 0, 1024, PSA_SUCCESS, 8192},
        {VERIFIER, 6144, 768, PSA_SUCCESS, 6144},
        {VERIFIER, 6144, 767, PSA_ERROR_INVALID_ARGUMENT, 0},
        {VERIFIER, 6144, 769, PSA_ERROR_INVALID_ARGUMENT, 0},
        {VERIFIER, 0, 127, PSA_ERROR_INVALID_ARGUMENT, 0},
        {VERIFIER, 0, 1025, PSA_ERROR_INVALID_ARGUMENT, 0},
        {VERIFIER, 1025, 129, PSA_ERROR_NOT_SUPPORTED, 0},
        {VERIFIER, 512, 64, PSA_ERROR_NOT_SUPPORTED, 0},
        {PAIR, 0, 64, PSA_SUCCESS, 3072},
        {PAIR, 1024, 20, PSA_SUCCESS, 1024},
        {PAIR, 8192, 32, PSA_SUCCESS, 8192},
        {PAIR, 8192, 15, PSA_ERROR_INVALID_ARGUMENT, 0},
        {PAIR, 8192, 65, PSA_ERROR_INVALID_ARGUMENT, 0},
        {PAIR, 8200, 32, PSA_ERROR_NOT_SUPPORTED, 0},
        {PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC7919), 2048, 32, PSA_ERROR_NOT_SUPPORTED, 0},
    };
    memset(data, 0x2A, sizeof data);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        psa_key_attributes_t attributes = test_attributes(cases[i].type, 0, PSA_KEY_USAGE_EXPORT, ALG);
        psa_key_id_t key;
        size_t len, public_len = cases[i].got / 8;
        psa_set_key_bits(&attributes, cases[i].bits);
        assert_int_equal(psa_import_key(&attributes, data, cases[i].len, &key), cases[i].status);
        if (cases[i].status != PSA_SUCCESS) {
            continue;
        }
        assert_int_equal(psa_get_key_attributes(key, &attributes), PSA_SUCCESS);
        assert_int_equal(psa_get_key_bits(&attributes), cases[i].got);
        assert_int_equal(psa_export_key(key, out, cases[i].len - 1, &len), PSA_ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(psa_export_key(key, out, sizeof out, &len), PSA_SUCCESS);
        assert_int_equal(len, cases[i].len);
        assert_memory_equal(out, data, len);
        assert_int_equal(psa_export_public_key(key, out, public_len - 1, &len), PSA_ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(psa_export_public_key(key, out, public_len, &len), PSA_SUCCESS);
        assert_int_equal(len, public_len);
        assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static void the_verifier_is_crypto_srps(void **state)
{
    uint8_t want[MICO_SRP_SIZE];
    assert_int_equal(mico_srp_verifier((struct mico_span){(const uint8_t *)code, strlen(code)}, salt, want), MICO_OK);
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
    static uint8_t zeros[MICO_SRP_SIZE + 1];
    const struct mico_span shares[] = {
        {zeros, 1}, {zeros, MICO_SRP_SIZE}, {zeros, sizeof zeros}, {zeros, 0}, {srp_N, MICO_SRP_SIZE}};
    for (size_t i = 0; i < 2 * sizeof shares / sizeof shares[0]; i++) {
        struct mico_span share = shares[i / 2];
        psa_pake_operation_t op =
            i % 2 == 0 ? begun(server_key, PSA_PAKE_ROLE_SERVER) : begun(client_key, PSA_PAKE_ROLE_CLIENT);
        assert_int_equal(psa_pake_input(&op, PSA_PAKE_STEP_KEY_SHARE, share.data, share.len),
                         PSA_ERROR_INVALID_ARGUMENT);
        assert_int_equal(psa_pake_input(&op, PSA_PAKE_STEP_KEY_SHARE, salt, 16), PSA_ERROR_BAD_STATE);
        assert_int_equal(psa_pake_abort(&op), PSA_SUCCESS);
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
        {ALG, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, 2049), 0, PSA_ERROR_NOT_SUPPORTED},
        {ALG, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, 0), 0, PSA_ERROR_NOT_SUPPORTED},
        {ALG, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC7919, 3072), 0, PSA_ERROR_NOT_SUPPORTED},
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
        cmocka_unit_test(both_sides_get_one_key_in_every_group_with_every_hash),
        cmocka_unit_test(a_key_of_another_group_or_hash_is_refused),
        cmocka_unit_test(keys_have_their_groups_sizes),
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

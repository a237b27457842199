/* SPDX-License-Identifier: Apache-2.0 */
/* Every call of derivations, password exchanges and interruptible signatures in every state: state_table.h says what the
 * letters are. */
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

static void ok(psa_status_t status)
{
    assert_int_equal(status, PSA_SUCCESS);
}

static psa_key_id_t import(psa_key_type_t type, size_t bits, psa_key_usage_t usage, psa_algorithm_t alg,
                           const uint8_t *data, size_t len)
{
    psa_key_attributes_t attributes = test_attributes(type, bits, usage, alg);
    psa_key_id_t key;
    ok(psa_import_key(&attributes, data, len, &key));
    return key;
}

static psa_status_t destroy_if(psa_status_t status, psa_key_id_t key)
{
    if (status == PSA_SUCCESS) {
        ok(psa_destroy_key(key));
    }
    return status;
}

/* ---- derivations ---- */

static psa_key_derivation_operation_t kdf;
static psa_algorithm_t kdf_alg;
static psa_key_id_t kdf_secret, kdf_expected;

static psa_status_t kdf_set_up(void)
{
    return psa_key_derivation_setup(&kdf, kdf_alg);
}

static psa_status_t kdf_abort(void)
{
    return psa_key_derivation_abort(&kdf);
}

static bool kdf_failed(void)
{
    return psa_key_derivation_get_capacity(&kdf, &length) == PSA_ERROR_BAD_STATE;
}

static psa_status_t kdf_bytes(psa_key_derivation_step_t step)
{
    return psa_key_derivation_input_bytes(&kdf, step, (const uint8_t *)"ab", 2);
}

static psa_status_t kdf_secret_key(void)
{
    return psa_key_derivation_input_key(&kdf, PSA_KEY_DERIVATION_INPUT_SECRET, kdf_secret);
}

/* The calls that every derivation has, from column 3 on; the first three are the algorithm's other inputs. */
static psa_status_t kdf_call(int column)
{
    psa_key_attributes_t attributes = test_attributes(PSA_KEY_TYPE_AES, 128, 0, 0);
    psa_key_id_t key = 0;
    switch (column) {
    case 3:
        return kdf_secret_key();
    case 4:
        return kdf_set_up();
    case 5:
        return psa_key_derivation_get_capacity(&kdf, &length);
    case 6: /* never to rise */
        return psa_key_derivation_set_capacity(&kdf, kdf.capacity);
    case 7: /* no algorithm here has it */
        return psa_key_derivation_input_integer(&kdf, PSA_KEY_DERIVATION_INPUT_COST, 1);
    case 8:
        return psa_key_derivation_output_bytes(&kdf, bytes, 16);
    case 9: {
        psa_status_t status = psa_key_derivation_output_key(&attributes, &kdf, &key);
        return destroy_if(status, key);
    }
    case 10:
        return psa_key_derivation_verify_bytes(&kdf, wrong, 16);
    case 11:
        return psa_key_derivation_verify_key(&kdf, kdf_expected);
    default:
        return kdf_abort();
    }
}

static void kdf_fail(void)
{
    ok(kdf_set_up());
    assert_int_equal(psa_key_derivation_input_bytes(&kdf, PSA_KEY_DERIVATION_INPUT_SEED, wrong, 1),
                     PSA_ERROR_INVALID_ARGUMENT);
}

static void kdf_use_up(void)
{
    ok(psa_key_derivation_set_capacity(&kdf, 16));
    ok(psa_key_derivation_output_bytes(&kdf, bytes, 16));
}

static void kdf_keys(psa_algorithm_t alg)
{
    kdf_alg = alg;
    kdf_secret = import(PSA_KEY_TYPE_DERIVE, 0, PSA_KEY_USAGE_DERIVE, alg, (const uint8_t *)"secret", 6);
    kdf_expected = import(PSA_KEY_TYPE_PASSWORD_HASH, 0, PSA_KEY_USAGE_VERIFY_DERIVATION, alg,
                          (const uint8_t *)"sixteen bytes ok", 16);
}

static psa_status_t hkdf_call(int column)
{
    switch (column) {
    case 0:
        return kdf_bytes(PSA_KEY_DERIVATION_INPUT_SALT);
    case 1:
        return kdf_bytes(PSA_KEY_DERIVATION_INPUT_INFO);
    case 2:
        return psa_key_derivation_input_bytes(&kdf, PSA_KEY_DERIVATION_INPUT_SECRET, wrong, 0);
    default:
        return kdf_call(column);
    }
}

static void hkdf_reach(int state)
{
    if (state == 0) {
        return;
    }
    if (state == 8) {
        kdf_fail();
        return;
    }
    ok(kdf_set_up());
    if (state == 2) {
        ok(kdf_bytes(PSA_KEY_DERIVATION_INPUT_SALT));
    }
    if (state >= 3) {
        ok(kdf_secret_key());
    }
    if (state >= 4 && state != 7) {
        ok(kdf_bytes(PSA_KEY_DERIVATION_INPUT_INFO));
    }
    if (state == 5) {
        ok(psa_key_derivation_output_bytes(&kdf, bytes, 3));
    } else if (state == 6) {
        kdf_use_up();
    } else if (state == 7) {
        ok(psa_key_derivation_set_capacity(&kdf, 0));
    }
}

static void hkdf_keeps_to_its_table(void **state)
{
    static const char *const rows[] = {"FFFFANFFFFFFI not set up", "AAAANAAPFQFFI set up",
                                       "FAAANAAPFQFFI salt",       "FAFFNAAPFFFFI secret",
                                       "FFFFNAAPAAVVI all inputs", "FFFFNAAPAAVVI some output",
                                       "FFFFNAAPDDDDI all output", "FAFFNAAPFFFFI no capacity, info missing",
                                       "FFFFNNFFFFFFI failed",     NULL};
    kdf_keys(PSA_ALG_HKDF(PSA_ALG_SHA_256));
    every_call_in_every_state(
        &(struct state_table){"SALT INFO SECRET-as-bytes SECRET setup get_capacity set_capacity input_integer "
                              "output_bytes output_key verify_bytes verify_key abort",
                              rows, hkdf_reach, hkdf_call, kdf_set_up, kdf_failed, kdf_abort});
}

static psa_status_t counter_call(int column)
{
    switch (column) {
    case 0:
        return kdf_bytes(PSA_KEY_DERIVATION_INPUT_LABEL);
    case 1:
        return kdf_bytes(PSA_KEY_DERIVATION_INPUT_CONTEXT);
    case 2:
        return kdf_bytes(PSA_KEY_DERIVATION_INPUT_SALT);
    default:
        return kdf_call(column);
    }
}

static void counter_reach(int state)
{
    if (state == 0) {
        return;
    }
    if (state == 7) {
        kdf_fail();
        return;
    }
    ok(kdf_set_up());
    if (state >= 2) {
        ok(kdf_secret_key());
    }
    if (state == 3) {
        ok(kdf_bytes(PSA_KEY_DERIVATION_INPUT_LABEL));
    } else if (state == 4) {
        ok(kdf_bytes(PSA_KEY_DERIVATION_INPUT_CONTEXT));
    } else if (state == 5) {
        ok(psa_key_derivation_output_bytes(&kdf, bytes, 3));
    } else if (state == 6) {
        kdf_use_up();
    }
}

static void sp800_108_keeps_to_its_table_and_fixes_its_capacity_with_the_first_output(void **state)
{
    static const char *const rows[] = {"FFFFANFFFFFFI not set up", "FFPANAAPFQFFI set up",  "AAPFNAAPAAVVI secret",
                                       "FAPFNAAPAAVVI label",      "FFPFNAAPAAVVI context", "FFPFNAFPAAVVI some output",
                                       "FFPFNAFPDDDDI all output", "FFFFNNFFFFFFI failed",  NULL};
    kdf_keys(PSA_ALG_SP800_108_COUNTER_HMAC(PSA_ALG_SHA_256));
    every_call_in_every_state(
        &(struct state_table){"LABEL CONTEXT SALT SECRET setup get_capacity set_capacity input_integer output_bytes "
                              "output_key verify_bytes verify_key abort",
                              rows, counter_reach, counter_call, kdf_set_up, kdf_failed, kdf_abort});
}

/* ---- password exchanges ---- */

#define SRP_ALG PSA_ALG_SRP_6(PSA_ALG_SHA_256)
#define SRP_BITS 1024
static psa_pake_operation_t client, server; /* the server goes along, outside of the table */
static psa_pake_cipher_suite_t suite;
static psa_key_id_t password, verifier;
static uint8_t client_share[SRP_BITS / 8], server_share[SRP_BITS / 8], server_proof[32];

static psa_status_t pake_set_up(void)
{
    return psa_pake_setup(&client, password, &suite);
}

static psa_status_t pake_abort(void)
{
    ok(psa_pake_abort(&server));
    return psa_pake_abort(&client);
}

/* Some call is open in every state that is active. */
static bool pake_failed(void)
{
    psa_key_attributes_t attributes = test_attributes(PSA_KEY_TYPE_DERIVE, 0, 0, 0);
    psa_pake_operation_t was = client;
    psa_key_id_t key = 0;
    bool open = false;
    open |= psa_pake_set_role(&client, PSA_PAKE_ROLE_CLIENT) != PSA_ERROR_BAD_STATE;
    client = was;
    open |= psa_pake_set_user(&client, bytes, 1) != PSA_ERROR_BAD_STATE;
    client = was;
    open |= psa_pake_input(&client, PSA_PAKE_STEP_SALT, wrong, 1) != PSA_ERROR_BAD_STATE;
    client = was;
    open |= psa_pake_input(&client, PSA_PAKE_STEP_KEY_SHARE, wrong, 1) != PSA_ERROR_BAD_STATE;
    client = was;
    open |= psa_pake_output(&client, PSA_PAKE_STEP_KEY_SHARE, bytes, sizeof bytes, &length) != PSA_ERROR_BAD_STATE;
    client = was;
    open |= psa_pake_output(&client, PSA_PAKE_STEP_CONFIRM, bytes, sizeof bytes, &length) != PSA_ERROR_BAD_STATE;
    client = was;
    open |= psa_pake_input(&client, PSA_PAKE_STEP_CONFIRM, wrong, 32) != PSA_ERROR_BAD_STATE;
    client = was;
    open |= destroy_if(psa_pake_get_shared_key(&client, &attributes, &key), key) != PSA_ERROR_BAD_STATE;
    return !open;
}

enum { SET_UP = 1, ROLE, USER, SALT, OWN_SHARE, SHARES, M1, M2, PAKE_FAILED };

static void serve(void)
{
    ok(psa_pake_setup(&server, verifier, &suite));
    ok(psa_pake_set_role(&server, PSA_PAKE_ROLE_SERVER));
    ok(psa_pake_set_user(&server, (const uint8_t *)"user", 4));
    ok(psa_pake_input(&server, PSA_PAKE_STEP_SALT, wrong, 16));
    ok(psa_pake_output(&server, PSA_PAKE_STEP_KEY_SHARE, server_share, sizeof server_share, &length));
}

static void pake_reach(int state)
{
    if (state == 0) {
        return;
    }
    if (state == PAKE_FAILED) {
        assert_int_equal(psa_pake_set_role(&client, PSA_PAKE_ROLE_CLIENT), PSA_ERROR_BAD_STATE);
        return;
    }
    ok(pake_set_up());
    serve();
    if (state >= ROLE) {
        ok(psa_pake_set_role(&client, PSA_PAKE_ROLE_CLIENT));
    }
    if (state >= USER) {
        ok(psa_pake_set_user(&client, (const uint8_t *)"user", 4));
    }
    if (state >= SALT && state != OWN_SHARE) {
        ok(psa_pake_input(&client, PSA_PAKE_STEP_SALT, wrong, 16));
    }
    if (state >= OWN_SHARE) {
        ok(psa_pake_output(&client, PSA_PAKE_STEP_KEY_SHARE, client_share, sizeof client_share, &length));
    }
    if (state >= SHARES) {
        ok(psa_pake_input(&client, PSA_PAKE_STEP_KEY_SHARE, server_share, sizeof server_share));
    }
    if (state >= M1) {
        ok(psa_pake_output(&client, PSA_PAKE_STEP_CONFIRM, bytes, sizeof bytes, &length));
        ok(psa_pake_input(&server, PSA_PAKE_STEP_KEY_SHARE, client_share, sizeof client_share));
        ok(psa_pake_input(&server, PSA_PAKE_STEP_CONFIRM, bytes, length));
        ok(psa_pake_output(&server, PSA_PAKE_STEP_CONFIRM, server_proof, sizeof server_proof, &length));
    }
    if (state >= M2) {
        ok(psa_pake_input(&client, PSA_PAKE_STEP_CONFIRM, server_proof, sizeof server_proof));
    }
}

static psa_status_t pake_call(int column)
{
    psa_key_attributes_t attributes = test_attributes(PSA_KEY_TYPE_DERIVE, 0, 0, 0);
    psa_key_id_t key = 0;
    switch (column) {
    case 0:
        return pake_set_up();
    case 1:
        return psa_pake_set_role(&client, PSA_PAKE_ROLE_CLIENT);
    case 2:
        return psa_pake_set_user(&client, (const uint8_t *)"user", 4);
    case 3:
        return psa_pake_set_peer(&client, (const uint8_t *)"peer", 4);
    case 4:
        return psa_pake_set_context(&client, (const uint8_t *)"context", 7);
    case 5:
        return psa_pake_output(&client, PSA_PAKE_STEP_KEY_SHARE, bytes, sizeof bytes, &length);
    case 6:
        return psa_pake_output(&client, PSA_PAKE_STEP_CONFIRM, bytes, sizeof bytes, &length);
    case 7:
        return psa_pake_input(&client, PSA_PAKE_STEP_SALT, wrong, 16);
    case 8:
        return psa_pake_input(&client, PSA_PAKE_STEP_KEY_SHARE, server_share, sizeof server_share);
    case 9:
        return psa_pake_input(&client, PSA_PAKE_STEP_CONFIRM, server_proof, sizeof server_proof);
    case 10:
        return psa_pake_input(&client, PSA_PAKE_STEP_CONFIRM, wrong, 32);
    case 11: {
        psa_status_t status = psa_pake_get_shared_key(&client, &attributes, &key);
        return destroy_if(status, key);
    }
    default:
        return pake_abort();
    }
}

static void password_exchanges_keep_to_their_table(void **state)
{
    static const char *const rows[] = {"AFFFFFFFFFFFI not set up",
                                       "NAAFFFFFFFFFI set up",
                                       "NFAFFFFFFFFFI role",
                                       "NFFFFAFAAFFFI role and user",
                                       "NFFFFAFFAFFFI salt",
                                       "NFFFFFFAAFFFI own share",
                                       "NFFFFFAFFFFFI salt and shares",
                                       "NFFFFFFFFASFI own proof",
                                       "NFFFFFFFFFFII both proofs",
                                       "NFFFFFFFFFFFI failed",
                                       NULL};
    psa_pake_cs_set_algorithm(&suite, SRP_ALG);
    psa_pake_cs_set_primitive(&suite, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, SRP_BITS));
    password = import(PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526), SRP_BITS, PSA_KEY_USAGE_DERIVE, SRP_ALG,
                      (const uint8_t *)"thirty-two bytes of a password's", 32);
    ok(psa_export_public_key(password, bytes, sizeof bytes, &length));
    verifier = import(PSA_KEY_TYPE_SRP_PUBLIC_KEY(PSA_DH_FAMILY_RFC3526), SRP_BITS, PSA_KEY_USAGE_DERIVE, SRP_ALG,
                      bytes, length);
    every_call_in_every_state(
        &(struct state_table){"setup set_role set_user set_peer set_context give-share give-proof take-salt take-share "
                              "take-proof take-wrong-proof get_shared_key abort",
                              rows, pake_reach, pake_call, pake_set_up, pake_failed, pake_abort});
}

/* ---- interruptible signatures: not of 1.2; a start that fails ends in the error state, as Mbed TLS's suites have it ---- */

static psa_sign_hash_interruptible_operation_t signing;
static psa_verify_hash_interruptible_operation_t verifying;
static psa_key_id_t pair;

static psa_status_t sign_set_up(void)
{
    return psa_sign_hash_start(&signing, pair, PSA_ALG_ECDSA(PSA_ALG_SHA_256), wrong, 32);
}

static psa_status_t sign_complete(void)
{
    return psa_sign_hash_complete(&signing, bytes, sizeof bytes, &length);
}

static psa_status_t sign_abort(void)
{
    return psa_sign_hash_abort(&signing);
}

static psa_status_t verify_set_up(void)
{
    return psa_verify_hash_start(&verifying, pair, PSA_ALG_ECDSA(PSA_ALG_SHA_256), wrong, 32, wrong, 64);
}

static psa_status_t verify_complete(void)
{
    return psa_verify_hash_complete(&verifying);
}

static psa_status_t verify_abort(void)
{
    return psa_verify_hash_abort(&verifying);
}

static void interruptible_signatures_have_three_states(void **state)
{
    pair = import(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256,
                  PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH, PSA_ALG_ECDSA(PSA_ALG_SHA_256),
                  (const uint8_t *)"thirty-two bytes of a private key", 32);
    const struct {
        psa_status_t (*start)(void), (*complete)(void), (*abort)(void);
        psa_status_t whole; /* of start and complete */
    } both[] = {{sign_set_up, sign_complete, sign_abort, PSA_SUCCESS},
                {verify_set_up, verify_complete, verify_abort, PSA_ERROR_INVALID_SIGNATURE}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(both[i].complete(), PSA_ERROR_BAD_STATE); /* not started, so: only abort is left */
        assert_int_equal(both[i].start(), PSA_ERROR_BAD_STATE);
        ok(both[i].abort());
        ok(both[i].start());
        assert_int_equal(both[i].start(), PSA_ERROR_BAD_STATE); /* started already, so: only abort is left */
        assert_int_equal(both[i].complete(), PSA_ERROR_BAD_STATE);
        ok(both[i].abort());
        ok(both[i].start());
        assert_int_equal(both[i].complete(), both[i].whole);
        assert_int_equal(both[i].start(), both[i].whole == PSA_SUCCESS ? PSA_SUCCESS : PSA_ERROR_BAD_STATE);
        ok(both[i].abort());
        ok(both[i].abort());
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hkdf_keeps_to_its_table),
        cmocka_unit_test(sp800_108_keeps_to_its_table_and_fixes_its_capacity_with_the_first_output),
        cmocka_unit_test(password_exchanges_keep_to_their_table),
        cmocka_unit_test(interruptible_signatures_have_three_states),
    };
    ok(psa_crypto_init());
    return cmocka_run_group_tests(tests, NULL, NULL);
}

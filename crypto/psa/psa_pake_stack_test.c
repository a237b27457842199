/* SPDX-License-Identifier: Apache-2.0 */
/* How much stack a password exchange takes: both sides run on a stack that was painted before. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/mico_psa.h"

#define ALG PSA_ALG_SRP_6(PSA_ALG_SHA_512)
#define STACK (512 * 1024)
#define PAINT 0xA5

static _Alignas(4096) uint8_t stack[STACK];
static struct {
    psa_key_id_t client, server;
    size_t bits;
} with;
static psa_pake_operation_t client, server; /* not on the stack that is measured */
static uint8_t bytes[1024];
static size_t length;

static void ok(psa_status_t status)
{
    if (status != PSA_SUCCESS) {
        abort(); /* cmocka cannot leave another thread */
    }
}

static void begin(psa_pake_operation_t *operation, psa_key_id_t key, psa_pake_role_t role)
{
    psa_pake_cipher_suite_t suite = PSA_PAKE_CIPHER_SUITE_INIT;
    psa_pake_cs_set_algorithm(&suite, ALG);
    psa_pake_cs_set_primitive(&suite, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, with.bits));
    ok(psa_pake_setup(operation, key, &suite));
    ok(psa_pake_set_role(operation, role));
    ok(psa_pake_set_user(operation, (const uint8_t *)"user", 4));
    ok(psa_pake_input(operation, PSA_PAKE_STEP_SALT, (const uint8_t *)"salt", 4));
}

static void pass(psa_pake_operation_t *from, psa_pake_operation_t *to, psa_pake_step_t step)
{
    ok(psa_pake_output(from, step, bytes, sizeof bytes, &length));
    ok(psa_pake_input(to, step, bytes, length));
}

static void *exchange(void *unused)
{
    begin(&client, with.client, PSA_PAKE_ROLE_CLIENT);
    begin(&server, with.server, PSA_PAKE_ROLE_SERVER);
    pass(&client, &server, PSA_PAKE_STEP_KEY_SHARE);
    pass(&server, &client, PSA_PAKE_STEP_KEY_SHARE);
    pass(&client, &server, PSA_PAKE_STEP_CONFIRM);
    pass(&server, &client, PSA_PAKE_STEP_CONFIRM);
    ok(psa_pake_abort(&client));
    ok(psa_pake_abort(&server));
    return NULL;
}

static void *nothing(void *unused)
{
    return NULL;
}

static size_t stack_of(void *(*work)(void *))
{
    pthread_attr_t attributes;
    pthread_t thread;
    size_t unused = 0;
    memset(stack, PAINT, sizeof stack);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, stack, sizeof stack), 0);
    assert_int_equal(pthread_create(&thread, &attributes, work, NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    while (unused < sizeof stack && stack[unused] == PAINT) {
        unused++;
    }
    return sizeof stack - unused;
}

static void an_exchange_takes_no_more_stack_than_the_header_says(void **state)
{
    static const size_t groups[] = {1024, 3072, 4096, 8192};
    size_t thread_itself = stack_of(nothing);
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
        with.bits = groups[i];
        psa_set_key_type(&attributes, PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526));
        psa_set_key_bits(&attributes, with.bits);
        psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_DERIVE);
        psa_set_key_algorithm(&attributes, ALG);
        memset(bytes, 7, 64);
        assert_int_equal(psa_import_key(&attributes, bytes, 64, &with.client), PSA_SUCCESS);
        assert_int_equal(psa_export_public_key(with.client, bytes, sizeof bytes, &length), PSA_SUCCESS);
        psa_set_key_type(&attributes, PSA_KEY_TYPE_SRP_PUBLIC_KEY(PSA_DH_FAMILY_RFC3526));
        assert_int_equal(psa_import_key(&attributes, bytes, length, &with.server), PSA_SUCCESS);
        size_t taken = stack_of(exchange) - thread_itself;
        print_message("%zu bits: %zu bytes of stack\n", with.bits, taken);
        assert_true(taken <= MICO_PSA_PAKE_STACK(with.bits));
        assert_int_equal(psa_destroy_key(with.client), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(with.server), PSA_SUCCESS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_exchange_takes_no_more_stack_than_the_header_says)};
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* This program has power-on tests (mico_self_tested) and a fault to be switched on in each (MICO_SELFTEST_FAULT): nothing is let out
 * before they have passed, each one that fails ends every service, and only a new start leads out. The error state lasts, so each
 * case is a process of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/selftest/selftest.h"
#include "crypto/srp/srp.h"
#include "crypto/tls/tls.h"
#include "os/port/clock.h"
#include "os/port/rng.h"

const char *mico_selftest_fault; /* crypto/selftest/selftest.c, built for this test */

#define MOST 100
static struct seen {
    const char *names[MOST]; /* the program's, so they are the same in each process */
    psa_status_t results[MOST];
    size_t count;
} * seen; /* shared by the processes */

/* So this is a program with TLS, which has tests of its own. */
mico_err (*const connects)(struct mico_tls *tls, const struct mico_tls_config *config) = mico_tls_connect;

uint64_t mico_clock_ms(void)
{
    return 1;
}

static bool dry;

mico_err mico_entropy(uint8_t *out, size_t len)
{
    return !dry && getrandom(out, len, 0) == (ssize_t)len ? MICO_OK : MICO_ERR_ENTROPY;
}

static void collect(void *ctx, const char *name, psa_status_t status)
{
    if (seen->count < MOST) {
        seen->names[seen->count] = name;
        seen->results[seen->count++] = status;
    }
}

static psa_status_t run(void)
{
    seen->count = 0;
    return mico_crypto_selftest(collect, NULL);
}

/* What the log said. */
static char said[1024];
static void listen(const char *line, size_t len)
{
    size_t at = strlen(said);
    if (at + len < sizeof said) {
        memcpy(said + at, line, len);
        said[at + len] = '\0';
    }
}

static uint64_t no_clock(void)
{
    return 0;
}

/* True when what it does holds. */
static bool in_a_child(bool (*holds)(const char *), const char *with)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        mico_log_to(listen, no_clock);
        _exit(holds(with) ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Every door that needs no key. */
static bool all_is_closed(psa_status_t status)
{
    static struct mico_srp_client client;
    uint8_t out[64], salt[16] = {0};
    static uint8_t verifier[MICO_SRP_SIZE];
    size_t len;
    return mico_random(out, 1) == MICO_ERR_STATE && psa_generate_random(out, 1) == status &&
           psa_hash_compute(PSA_ALG_SHA_256, out, 1, out, sizeof out, &len) == status &&
           mico_srp_client_start(&client) == MICO_ERR_STATE &&
           mico_srp_verifier(MICO_SPAN(salt), salt, verifier) == MICO_ERR_STATE;
}

static void nothing_is_let_out_before_the_power_on_tests(void **state)
{
    assert_true(all_is_closed(PSA_ERROR_BAD_STATE));
    assert_int_equal(mico_crypto_selftest(NULL, NULL), PSA_ERROR_BAD_STATE);
    assert_int_equal(mico_psa_approved_mode(true), PSA_ERROR_BAD_STATE);
}

static bool they_pass_and_open_the_doors(const char *unused)
{
    uint8_t byte;
    return psa_crypto_init() == PSA_SUCCESS && mico_random(&byte, 1) == MICO_OK && said[0] == '\0' &&
           run() == PSA_SUCCESS && /* on demand as well */
           mico_psa_approved_mode(true) == PSA_SUCCESS;
}

static bool ran(const char *name)
{
    bool found = false;
    for (size_t i = 0; i < seen->count; i++) {
        found = found || strcmp(seen->names[i], name) == 0;
    }
    return found;
}

static void the_first_init_runs_them(void **state)
{
    if (!in_a_child(they_pass_and_open_the_doors, NULL)) {
        for (size_t i = 0; i < seen->count; i++) {
            if (seen->results[i] != PSA_SUCCESS) {
                fail_msg("%s: %d", seen->names[i], (int)seen->results[i]);
            }
        }
        fail_msg("psa_crypto_init failed, or what comes after it");
    }
    assert_true(seen->count >= 60);
    assert_string_equal(seen->names[0], "random numbers");
    assert_string_equal(seen->names[1], "integrity");
    assert_true(ran("TLS 1.2 key schedule") && ran("TLS 1.3 key schedule") && ran("AES-CCM of records") &&
                ran("RSA PKCS #1 v1.5 of peers") && ran("RSA-PSS of peers"));
}

static bool only_the_first_does(const char *unused)
{
    bool good = psa_crypto_init() == PSA_SUCCESS;
    mico_selftest_fault = "SHA-256";
    return good && psa_crypto_init() == PSA_SUCCESS && run() == PSA_ERROR_CORRUPTION_DETECTED;
}

static void a_second_init_does_not(void **state)
{
    assert_true(in_a_child(only_the_first_does, NULL));
}

static bool they_are_still_to_come(const char *unused)
{
    dry = true;
    bool closed = psa_crypto_init() == PSA_ERROR_INSUFFICIENT_ENTROPY && all_is_closed(PSA_ERROR_BAD_STATE);
    dry = false;
    mico_selftest_fault = "SHA-256"; /* shows that they run */
    return closed && psa_crypto_init() == PSA_ERROR_CORRUPTION_DETECTED;
}

static void without_entropy_they_are_put_off(void **state)
{
    assert_true(in_a_child(they_are_still_to_come, NULL));
}

/* The log names the one that failed, and no other. */
static bool it_ends_every_service(const char *name)
{
    char wanted[80];
    mico_selftest_fault = name;
    if (psa_crypto_init() != PSA_ERROR_CORRUPTION_DETECTED || !all_is_closed(PSA_ERROR_CORRUPTION_DETECTED)) {
        return false;
    }
    snprintf(wanted, sizeof wanted, "self-test failed: %s (", name);
    const char *first = strstr(said, "self-test failed: ");
    bool one =
        first != NULL && strncmp(first, wanted, strlen(wanted)) == 0 && strstr(first + 1, "self-test failed") == NULL;
    mico_selftest_fault = NULL; /* there is no way back, though nothing would fail any more */
    mico_psa_self_tested(true);
    mico_psa_zeroise();
    return one && psa_crypto_init() == PSA_ERROR_CORRUPTION_DETECTED && run() == PSA_ERROR_CORRUPTION_DETECTED &&
           all_is_closed(PSA_ERROR_CORRUPTION_DETECTED) &&
           mico_psa_approved_mode(true) == PSA_ERROR_CORRUPTION_DETECTED;
}

static void a_fault_in_any_of_them_ends_every_service(void **state)
{
    const char *all[MOST];
    size_t many = seen->count;
    assert_true(many >= 60); /* the_first_init_runs_them has collected them */
    memcpy(all, seen->names, sizeof all);
    for (size_t i = 0; i < many; i++) {
        if (!in_a_child(it_ends_every_service, all[i])) {
            fail_msg("%s: a fault did not end every service", all[i]);
        }
    }
}

static bool the_approved_mode_leaves_out_what_it_refuses(const char *unused)
{
    size_t refused = 0;
    if (psa_crypto_init() != PSA_SUCCESS || mico_psa_approved_mode(true) != PSA_SUCCESS || run() != PSA_SUCCESS) {
        return false;
    }
    for (size_t i = 0; i < seen->count; i++) {
        refused += seen->results[i] == PSA_ERROR_NOT_PERMITTED;
    }
    return refused >= 10 && refused < seen->count / 2;
}

static void the_tests_run_again_in_the_approved_mode(void **state)
{
    assert_true(in_a_child(the_approved_mode_leaves_out_what_it_refuses, NULL));
}

int main(void)
{
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_let_out_before_the_power_on_tests),
        cmocka_unit_test(the_first_init_runs_them),
        cmocka_unit_test(a_fault_in_any_of_them_ends_every_service),
        cmocka_unit_test(a_second_init_does_not),
        cmocka_unit_test(without_entropy_they_are_put_off),
        cmocka_unit_test(the_tests_run_again_in_the_approved_mode),
    };
    return seen == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The self-tests pass; each algorithm that is broken makes them fail, and PSA end its services; a changed program does too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/selftest/selftest.h"

const char *mico_selftest_fault; /* crypto/selftest/selftest.c, built for this test */

#define MOST 100
static const char *names[MOST];
static psa_status_t results[MOST];
static size_t count;

static void collect(void *ctx, const char *name, psa_status_t status)
{
    assert_true(count < MOST);
    names[count] = name;
    results[count++] = status;
}

static psa_status_t run(void)
{
    count = 0;
    return mico_crypto_selftest(collect, NULL);
}

static void nothing_is_tested_before_init(void **state)
{
    assert_int_equal(mico_crypto_selftest(NULL, NULL), PSA_ERROR_BAD_STATE);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
}

static void every_algorithm_passes(void **state)
{
    psa_status_t status = run();
    for (size_t i = 0; i < count; i++) {
        if (results[i] != PSA_SUCCESS) {
            fail_msg("%s: %d", names[i], (int)results[i]);
        }
    }
    assert_int_equal(status, PSA_SUCCESS);
    assert_true(count >= 60);
    assert_int_equal(mico_psa_approved_mode(false), PSA_SUCCESS);
}

/* A process of its own: the error state lasts. Its exit status is 0 when all is as it must be. */
static bool in_a_child(bool (*does)(const char *), const char *with)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        mico_random_forget();
        _exit(does(with) ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool a_fault_is_found(const char *name)
{
    size_t failed = 0, it = 0;
    uint8_t byte;
    mico_selftest_fault = name;
    if (run() != PSA_ERROR_CORRUPTION_DETECTED) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        bool here = results[i] != PSA_SUCCESS;
        failed += here;
        it += here && strcmp(names[i], name) == 0;
    }
    mico_selftest_fault = NULL;
    return failed == 1 && it == 1 && psa_generate_random(&byte, 1) == PSA_ERROR_CORRUPTION_DETECTED &&
           run() == PSA_ERROR_CORRUPTION_DETECTED && count == 0 &&
           mico_psa_approved_mode(true) == PSA_ERROR_CORRUPTION_DETECTED;
}

static void a_fault_in_any_algorithm_ends_every_service(void **state)
{
    const char *all[MOST];
    assert_int_equal(run(), PSA_SUCCESS);
    size_t many = count;
    memcpy(all, names, sizeof all);
    for (size_t i = 2; i < many; i++) { /* the first two are not answers */
        if (!in_a_child(a_fault_is_found, all[i])) {
            fail_msg("%s: a fault was not found", all[i]);
        }
    }
}

static bool the_approved_mode_leaves_out_what_it_refuses(const char *unused)
{
    size_t refused = 0;
    if (run() != PSA_SUCCESS || mico_psa_approved_mode(true) != PSA_SUCCESS || run() != PSA_SUCCESS) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        refused += results[i] == PSA_ERROR_NOT_PERMITTED;
    }
    return refused >= 10 && refused < count / 2;
}

static void the_tests_run_again_in_the_approved_mode(void **state)
{
    assert_true(in_a_child(the_approved_mode_leaves_out_what_it_refuses, NULL));
}

/* This program, with one bit of its code turned, run to say what its integrity is. */
static int integrity_of_a_copy(long turned)
{
    char copy[] = "selftest_copy_XXXXXX", command[64];
    static uint8_t chunk[1 << 16];
    int fd = mkstemp(copy);
    FILE *in = fopen("/proc/self/exe", "rb");
    assert_true(fd >= 0 && in != NULL);
    for (size_t got, at = 0; (got = fread(chunk, 1, sizeof chunk, in)) != 0; at += got) {
        if (turned >= 0 && (size_t)turned >= at && (size_t)turned < at + got) {
            chunk[(size_t)turned - at] ^= 1;
        }
        assert_int_equal(write(fd, chunk, got), got);
    }
    fclose(in);
    assert_int_equal(fchmod(fd, 0700), 0);
    close(fd);
    snprintf(command, sizeof command, "./%s integrity", copy);
    int status = system(command);
    unlink(copy);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Where the code lies in the file, from this process's memory map. */
static long offset_of(const void *code)
{
    char line[512];
    unsigned long from, to, offset;
    long found = -1;
    FILE *maps = fopen("/proc/self/maps", "r");
    assert_non_null(maps);
    while (found < 0 && fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%lx-%lx %*s %lx", &from, &to, &offset) == 3 && (uintptr_t)code >= from &&
            (uintptr_t)code < to) {
            found = (long)((uintptr_t)code - from + offset);
        }
    }
    fclose(maps);
    return found;
}

static void a_changed_program_is_found(void **state)
{
    long code = offset_of((const void *)(uintptr_t)&offset_of);
    assert_true(code > 0);
    assert_int_equal(integrity_of_a_copy(-1), 0);
    assert_int_equal(integrity_of_a_copy(code), 1); /* a function that a copy asked for its integrity does not run */
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "integrity") == 0) {
        return mico_crypto_integrity() == PSA_SUCCESS ? 0 : 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_tested_before_init),
        cmocka_unit_test(every_algorithm_passes),
        cmocka_unit_test(a_fault_in_any_algorithm_ends_every_service),
        cmocka_unit_test(the_tests_run_again_in_the_approved_mode),
        cmocka_unit_test(a_changed_program_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The health tests of the entropy source: their limits, what they must notice, and what they must let through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <cmocka.h>

#include "crypto/primitives/entropy.h"
#include "crypto/primitives/primitives.h"
#include "os/port/rng.h"

static size_t given, dry_after = SIZE_MAX, stuck_after = SIZE_MAX;

mico_err mico_entropy(uint8_t *out, size_t len)
{
    if (given + len > dry_after || getrandom(out, len, 0) != (ssize_t)len) {
        memset(out, 0, len);
        return MICO_ERR_ENTROPY;
    }
    for (size_t i = 0; i < len; i++, given++) {
        if (given >= stuck_after) {
            out[i] = 0x42;
        }
    }
    return MICO_OK;
}

static int reset(void **state)
{
    uint8_t byte;
    given = 0;
    dry_after = 0;
    assert_int_equal(mico_entropy_tested(&byte, 1), MICO_ERR_ENTROPY); /* forgets what it has seen */
    mico_random_forget();
    dry_after = stuck_after = SIZE_MAX;
    return 0;
}

/* P[X >= count] of a window of fair bytes. */
static long double tail(int count)
{
    long double sum = 0, term = 1; /* of k matches: C(W, k) p^k (1 - p)^(W - k) */
    for (int i = 0; i < MICO_ENTROPY_WINDOW; i++) {
        term *= 255.0L / 256;
    }
    for (int k = 0; k <= MICO_ENTROPY_WINDOW; k++) {
        sum += k >= count ? term : 0;
        term *= (long double)(MICO_ENTROPY_WINDOW - k) / (k + 1) / 255;
    }
    return sum;
}

static void the_limits_are_those_of_one_in_2_to_the_40(void **state)
{
    const long double alarm = 1.0L / (1ull << 40);
    assert_int_equal(MICO_ENTROPY_REPEATS, 1 + 40 / 8);
    assert_true(tail(MICO_ENTROPY_PROPORTION) <= alarm);
    assert_true(tail(MICO_ENTROPY_PROPORTION - 1) > alarm);
}

static void six_equal_bytes_in_a_row_are_noticed(void **state)
{
    struct mico_entropy_health health = {0};
    static const uint8_t five[] = {1, 7, 7, 7, 7, 7, 2}, six[] = {1, 7, 7, 7, 7, 7, 7};
    assert_true(mico_entropy_check(&health, five, sizeof five));
    assert_false(mico_entropy_check(&health, six, sizeof six));
    assert_false(mico_entropy_check(&health, five, sizeof five)); /* and not forgotten */
}

static void a_byte_that_comes_too_often_is_noticed(void **state)
{
    struct mico_entropy_health health = {0};
    uint8_t samples[MICO_ENTROPY_WINDOW];
    for (size_t i = 0; i < sizeof samples; i++) {
        samples[i] = (uint8_t)i;
    }
    for (size_t i = 0; i < MICO_ENTROPY_PROPORTION - 3; i++) { /* 0 comes twice already */
        samples[3 + 3 * i] = 0;
    }
    assert_true(mico_entropy_check(&health, samples, sizeof samples));
    samples[511] = 0;
    assert_false(mico_entropy_check(&health, samples, sizeof samples));
}

static void good_bytes_pass_by_the_million(void **state)
{
    struct mico_entropy_health health = {0};
    static uint8_t samples[1u << 22];
    srandom(1);
    for (size_t i = 0; i < sizeof samples; i++) {
        samples[i] = (uint8_t)(random() >> 7);
    }
    assert_true(mico_entropy_check(&health, samples, sizeof samples));
}

static void the_first_seed_comes_after_the_start_up_test(void **state)
{
    uint8_t out[32];
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    assert_true(given >= MICO_ENTROPY_STARTUP + 32);
    size_t before = given;
    mico_random_forget();
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    assert_true(given - before < MICO_ENTROPY_STARTUP); /* a second seed needs no second one */
}

static void a_source_that_is_stuck_gives_no_random_numbers(void **state)
{
    static const uint8_t none[32];
    for (size_t from = 0; from < 1200; from += 150) { /* in the start-up test, and in the seed */
        uint8_t out[32];
        reset(NULL);
        stuck_after = given + from;
        memset(out, 1, sizeof out);
        mico_err err = mico_random(out, sizeof out);
        if (from < MICO_ENTROPY_STARTUP) {
            assert_int_equal(err, MICO_ERR_ENTROPY);
            assert_memory_equal(out, none, sizeof out);
        }
        stuck_after = SIZE_MAX;
        assert_int_equal(mico_random(out, sizeof out), MICO_OK); /* mended: tested anew */
    }
}

static void a_dry_source_gives_no_random_numbers(void **state)
{
    uint8_t out[32];
    dry_after = given + MICO_ENTROPY_STARTUP;
    assert_int_equal(mico_random(out, sizeof out), MICO_ERR_ENTROPY);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        CASE(the_limits_are_those_of_one_in_2_to_the_40),   CASE(six_equal_bytes_in_a_row_are_noticed),
        CASE(a_byte_that_comes_too_often_is_noticed),       CASE(good_bytes_pass_by_the_million),
        CASE(the_first_seed_comes_after_the_start_up_test), CASE(a_source_that_is_stuck_gives_no_random_numbers),
        CASE(a_dry_source_gives_no_random_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

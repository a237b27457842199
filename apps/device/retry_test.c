/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/device/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <psa/crypto.h>

#define FLEET 2000u

/* The limits of the first waits. */
static const uint32_t limits_ms[] = {4000, 8000, 16000, 32000, 60000, 60000, 60000};
#define LIMITS (sizeof limits_ms / sizeof limits_ms[0])

static void waits_reach_over_all_of_a_limit_that_doubles_to_a_bound(void **state)
{
    uint32_t least[LIMITS], most[LIMITS] = {0};
    for (unsigned i = 0; i < FLEET; i++) {
        struct mico_retry retry;
        mico_retry_start(&retry);
        for (size_t n = 0; n < LIMITS; n++) {
            uint32_t ms = mico_retry_next(&retry, 0);
            least[n] = i == 0 || ms < least[n] ? ms : least[n];
            most[n] = ms > most[n] ? ms : most[n];
        }
    }
    for (size_t n = 0; n < LIMITS; n++) { /* 2000 draws miss 2 % of a range with a probability of 3e-18 */
        assert_in_range(most[n], limits_ms[n] - limits_ms[n] / 50, limits_ms[n]);
        assert_in_range(least[n], 0, limits_ms[n] / 50);
    }
}

/* In every tenth of the time there comes about a tenth of the fleet. */
static void fleet_that_fell_at_once_does_not_come_back_at_once(void **state)
{
    unsigned tenth[10] = {0};
    for (unsigned i = 0; i < FLEET; i++) {
        struct mico_retry retry;
        mico_retry_start(&retry);
        uint32_t ms = mico_retry_next(&retry, 0);
        tenth[ms < 4000 ? ms / 400 : 9]++;
    }
    for (int i = 0; i < 10; i++) { /* 200 expected, deviation 13.4 */
        assert_in_range(tenth[i], 80, 320);
    }
}

static uint32_t longest_of_next(struct mico_retry retry, uint64_t stood_ms)
{
    uint32_t longest = 0;
    for (unsigned i = 0; i < FLEET; i++) {
        struct mico_retry copy = retry;
        uint32_t ms = mico_retry_next(&copy, stood_ms);
        longest = ms > longest ? ms : longest;
    }
    return longest;
}

static void only_a_connection_that_stood_begins_anew(void **state)
{
    struct mico_retry retry;
    mico_retry_start(&retry);
    for (int n = 0; n < 10; n++) {
        (void)mico_retry_next(&retry, 0);
    }
    assert_in_range(longest_of_next(retry, MICO_RETRY_STEADY_MS - 1), 30000, 60000);
    assert_in_range(longest_of_next(retry, MICO_RETRY_STEADY_MS), 2000, 4000);
}

static int start(void **state)
{
    return psa_crypto_init() == PSA_SUCCESS ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_reach_over_all_of_a_limit_that_doubles_to_a_bound),
        cmocka_unit_test(fleet_that_fell_at_once_does_not_come_back_at_once),
        cmocka_unit_test(only_a_connection_that_stood_begins_anew),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}

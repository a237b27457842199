/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cloud/broker/throttle.h"

static struct mico_throttle throttle;

static int fresh(void **state)
{
    memset(&throttle, 0, sizeof throttle);
    return 0;
}

static void exhaust(const char *address, int64_t now_ms)
{
    for (int i = 0; i < MICO_THROTTLE_TRIES; i++) {
        assert_true(mico_throttle_may(&throttle, address, "mallory", now_ms));
        mico_throttle_wrong(&throttle, address, "mallory", now_ms);
    }
    assert_false(mico_throttle_may(&throttle, address, "mallory", now_ms));
}

static void tries_run_out_and_come_back_one_by_one(void **state)
{
    exhaust("192.0.2.1", 1000);
    assert_true(mico_throttle_may(&throttle, "192.0.2.2", "mallory", 1000)); /* a neighbour */
    assert_false(mico_throttle_may(&throttle, "192.0.2.1", "mallory", 1000 + MICO_THROTTLE_BACK_MS - 1));
    assert_true(mico_throttle_may(&throttle, "192.0.2.1", "mallory", 1000 + MICO_THROTTLE_BACK_MS));
    mico_throttle_wrong(&throttle, "192.0.2.1", "mallory", 1000 + MICO_THROTTLE_BACK_MS);
    assert_false(mico_throttle_may(&throttle, "192.0.2.1", "mallory", 1000 + MICO_THROTTLE_BACK_MS));
    exhaust("192.0.2.1", 1000 + 100 * MICO_THROTTLE_BACK_MS); /* never more than all */
}

static void one_network_of_ipv6_is_one_stranger(void **state)
{
    exhaust("2001:db8:1:2::1", 1000);
    assert_false(mico_throttle_may(&throttle, "2001:db8:1:2:ffff::9", "mallory", 1000));
    assert_true(mico_throttle_may(&throttle, "2001:db8:1:3::1", "mallory", 1000));
    exhaust("::ffff:192.0.2.1", 1000); /* IPv4 at an IPv6 listener */
    assert_false(mico_throttle_may(&throttle, "192.0.2.1", "mallory", 1000));
    assert_true(mico_throttle_may(&throttle, "::ffff:192.0.2.2", "mallory", 1000));
}

static void address_that_is_none_is_bounded_too(void **state)
{
    exhaust(NULL, 1000);
    assert_false(mico_throttle_may(&throttle, "somewhere", "mallory", 1000));
}

/* One more address in the world. */
static const char *next_address(void)
{
    static char text[32];
    static unsigned i;
    i++;
    snprintf(text, sizeof text, "2001:db8:%x:%x::1", i >> 16, i & 0xFFFF);
    return text;
}

static void guesses_from_all_the_world_are_bounded_together(void **state)
{
    for (int i = 0; i < MICO_THROTTLE_ALL_TRIES; i++) {
        const char *address = next_address();
        assert_true(mico_throttle_may(&throttle, address, "alice", 1000));
        mico_throttle_wrong(&throttle, address, "alice", 1000);
    }
    assert_false(mico_throttle_may(&throttle, next_address(), "alice", 1000));
    assert_true(mico_throttle_may(&throttle, next_address(), "alice", 1000 + MICO_THROTTLE_ALL_BACK_MS));
}

static void who_is_known_at_an_address_tries_while_strangers_wait(void **state)
{
    mico_throttle_right(&throttle, "192.0.2.1", "alice", 1000);
    exhaust("192.0.2.1", 1000);
    while (mico_throttle_may(&throttle, "192.0.2.9", "mallory", 1000)) {
        mico_throttle_wrong(&throttle, next_address(), "mallory", 1000);
    }
    assert_true(mico_throttle_may(&throttle, "192.0.2.1", "alice", 1000));
    assert_false(mico_throttle_may(&throttle, "192.0.2.2", "alice", 1000));
    for (int i = 0; i < MICO_THROTTLE_TRIES; i++) {
        assert_true(mico_throttle_may(&throttle, "192.0.2.1", "alice", 1000));
        mico_throttle_wrong(&throttle, "192.0.2.1", "alice", 1000);
    }
    assert_false(mico_throttle_may(&throttle, "192.0.2.1", "alice", 1000));
    assert_true(mico_throttle_may(&throttle, "192.0.2.1", "alice", 1000 + MICO_THROTTLE_BACK_MS));
}

static void user_at_many_addresses_drives_nobody_out(void **state)
{
    mico_throttle_right(&throttle, "192.0.2.1", "alice", 1000);
    for (int i = 0; i < MICO_THROTTLE_KNOWN + 100; i++) {
        mico_throttle_right(&throttle, next_address(), "mallory", 2000 + i);
    }
    exhaust("192.0.2.1", 9000);
    assert_true(mico_throttle_may(&throttle, "192.0.2.1", "alice", 9000));
}

/* For 20 minutes the world guesses as fast as it may, from a fresh address each time, and one stranger goes on. */
static void many_addresses_do_not_free_the_worst(void **state)
{
    int tries = 0;
    int64_t now_ms = 1000, end_ms = now_ms + 1200000;
    for (; now_ms < end_ms; now_ms += MICO_THROTTLE_ALL_BACK_MS) {
        if (mico_throttle_may(&throttle, "192.0.2.1", "mallory", now_ms)) {
            mico_throttle_wrong(&throttle, "192.0.2.1", "mallory", now_ms);
            tries++;
        }
        for (const char *a = next_address(); mico_throttle_may(&throttle, a, "bob", now_ms); a = next_address()) {
            mico_throttle_wrong(&throttle, a, "bob", now_ms);
        }
    }
    assert_in_range(tries, 1, MICO_THROTTLE_TRIES + 1200000 / MICO_THROTTLE_BACK_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tries_run_out_and_come_back_one_by_one, fresh),
        cmocka_unit_test_setup(one_network_of_ipv6_is_one_stranger, fresh),
        cmocka_unit_test_setup(address_that_is_none_is_bounded_too, fresh),
        cmocka_unit_test_setup(guesses_from_all_the_world_are_bounded_together, fresh),
        cmocka_unit_test_setup(who_is_known_at_an_address_tries_while_strangers_wait, fresh),
        cmocka_unit_test_setup(user_at_many_addresses_drives_nobody_out, fresh),
        cmocka_unit_test_setup(many_addresses_do_not_free_the_worst, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

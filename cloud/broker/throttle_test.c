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
        assert_true(mico_throttle_may(&throttle, address, now_ms));
        mico_throttle_wrong(&throttle, address, now_ms);
    }
    assert_false(mico_throttle_may(&throttle, address, now_ms));
}

static void tries_run_out_and_come_back_one_by_one(void **state)
{
    exhaust("192.0.2.1", 1000);
    assert_true(mico_throttle_may(&throttle, "192.0.2.2", 1000)); /* a neighbour */
    assert_false(mico_throttle_may(&throttle, "192.0.2.1", 1000 + MICO_THROTTLE_BACK_MS - 1));
    assert_true(mico_throttle_may(&throttle, "192.0.2.1", 1000 + MICO_THROTTLE_BACK_MS));
    mico_throttle_wrong(&throttle, "192.0.2.1", 1000 + MICO_THROTTLE_BACK_MS);
    assert_false(mico_throttle_may(&throttle, "192.0.2.1", 1000 + MICO_THROTTLE_BACK_MS));
    exhaust("192.0.2.1", 1000 + 100 * MICO_THROTTLE_BACK_MS); /* never more than all */
}

static void one_network_of_ipv6_is_one_stranger(void **state)
{
    exhaust("2001:db8:1:2::1", 1000);
    assert_false(mico_throttle_may(&throttle, "2001:db8:1:2:ffff::9", 1000));
    assert_true(mico_throttle_may(&throttle, "2001:db8:1:3::1", 1000));
    exhaust("::ffff:192.0.2.1", 1000); /* IPv4 at an IPv6 listener */
    assert_false(mico_throttle_may(&throttle, "192.0.2.1", 1000));
    assert_true(mico_throttle_may(&throttle, "::ffff:192.0.2.2", 1000));
}

static void address_that_is_none_is_bounded_too(void **state)
{
    exhaust(NULL, 1000);
    assert_false(mico_throttle_may(&throttle, "somewhere", 1000));
}

/* With more strangers than places the worst are remembered: who is closest to peace gives way. */
static void many_addresses_do_not_free_the_worst(void **state)
{
    char address[32];
    exhaust("192.0.2.1", 1000);
    for (int i = 0; i < 5 * MICO_THROTTLE_PLACES; i++) {
        snprintf(address, sizeof address, "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        mico_throttle_wrong(&throttle, address, 1000);
    }
    assert_false(mico_throttle_may(&throttle, "192.0.2.1", 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tries_run_out_and_come_back_one_by_one, fresh),
        cmocka_unit_test_setup(one_network_of_ipv6_is_one_stranger, fresh),
        cmocka_unit_test_setup(address_that_is_none_is_bounded_too, fresh),
        cmocka_unit_test_setup(many_addresses_do_not_free_the_worst, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/device/places.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct mico_places places;

/* All places taken, a second apart: place 0 at 1 s. */
static int all_taken(void **state)
{
    places = (struct mico_places){0};
    for (size_t i = 0; i < MICO_PLACES; i++) {
        mico_places_take(&places, i, 1000 * (i + 1));
    }
    return 0;
}

/* One digit for each place, 1: it is leaving. */
static unsigned leaving(void)
{
    unsigned digits = 0;
    for (size_t i = 0; i < MICO_PLACES; i++) {
        digits = 10 * digits + mico_places_leaving(&places, i);
    }
    return digits;
}

static void nobody_leaves_while_nobody_waits(void **state)
{
    mico_places_wait(&places, 0, UINT64_C(1) << 40);
    assert_int_equal(leaving(), 0);
}

static void nobody_leaves_while_a_place_is_free(void **state)
{
    mico_places_free(&places, 2);
    mico_places_wait(&places, 1, 100000);
    mico_places_wait(&places, 1, 200000);
    assert_int_equal(leaving(), 0);
}

static void who_has_not_verified_in_time_leaves_at_once(void **state)
{
    mico_places_wait(&places, 1, 11000);
    assert_int_equal(leaving(), 1000);
    mico_places_wait(&places, 1, 60000); /* one newcomer, one place */
    assert_int_equal(leaving(), 1000);
    mico_places_wait(&places, 3, 60000);
    assert_int_equal(leaving(), 1110);
}

static void who_still_has_time_leaves_when_the_newcomer_has_waited(void **state)
{
    mico_places_wait(&places, 2, 4000);
    mico_places_wait(&places, 2, 4999);
    assert_int_equal(leaving(), 0);
    mico_places_wait(&places, 2, 5000);
    assert_int_equal(leaving(), 1000);
    mico_places_wait(&places, 2, 5999); /* patience anew */
    assert_int_equal(leaving(), 1000);
    mico_places_wait(&places, 2, 6000);
    assert_int_equal(leaving(), 1100);
}

static void patience_of_one_newcomer_is_not_lent_to_a_later_one(void **state)
{
    mico_places_wait(&places, 1, 4000);
    mico_places_free(&places, 3);
    mico_places_wait(&places, 1, 4500);
    mico_places_take(&places, 3, 4600);
    mico_places_wait(&places, 1, 5500);
    assert_int_equal(leaving(), 0);
    mico_places_wait(&places, 1, 6500);
    assert_int_equal(leaving(), 1000);
}

static void verified_ones_stay_while_a_stranger_is_there(void **state)
{
    for (size_t i = 0; i < 3; i++) {
        mico_places_verified(&places, i, 5000 + i);
    }
    mico_places_wait(&places, 4, 10000);
    mico_places_wait(&places, 4, 1000000);
    mico_places_wait(&places, 4, 2000000);
    assert_int_equal(leaving(), 1);
    mico_places_free(&places, 3);
    mico_places_wait(&places, 4, 3000000);
    assert_int_equal(leaving(), 0);
}

static void when_all_have_verified_the_last_to_do_so_leaves_and_no_other(void **state)
{
    for (size_t i = 0; i < MICO_PLACES; i++) {
        mico_places_verified(&places, i, 9000 - i);
        mico_places_verified(&places, i, 20000 + i); /* its next request: no news */
    }
    mico_places_wait(&places, 1, 30000);
    assert_int_equal(leaving(), 0);
    mico_places_wait(&places, 4, 31000);
    assert_int_equal(leaving(), 1000);
    mico_places_wait(&places, 4, 1000000);
    assert_int_equal(leaving(), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nobody_leaves_while_nobody_waits, all_taken),
        cmocka_unit_test_setup(nobody_leaves_while_a_place_is_free, all_taken),
        cmocka_unit_test_setup(who_has_not_verified_in_time_leaves_at_once, all_taken),
        cmocka_unit_test_setup(who_still_has_time_leaves_when_the_newcomer_has_waited, all_taken),
        cmocka_unit_test_setup(patience_of_one_newcomer_is_not_lent_to_a_later_one, all_taken),
        cmocka_unit_test_setup(verified_ones_stay_while_a_stranger_is_there, all_taken),
        cmocka_unit_test_setup(when_all_have_verified_the_last_to_do_so_leaves_and_no_other, all_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

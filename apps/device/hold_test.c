/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "apps/device/hold.h"
#include "os/boards/posix/posix.h"
#include "os/port/board.h"

static unsigned resets;

static void held(void *ctx)
{
    resets += *(unsigned *)ctx;
}

/* Hold the button, then let it go. */
static void press_for(uint32_t ms)
{
    mico_posix_press(0, true);
    mico_thread_sleep_ms(ms);
    mico_posix_press(0, false);
    mico_thread_sleep_ms(300);
}

static void button_that_is_stuck_from_the_start_resets_nothing(void **state)
{
    press_for(60000); /* it was down before the watch began: main */
    assert_int_equal(resets, 0);
}

static void held_button_resets_once_each_time(void **state)
{
    press_for(5500);
    assert_int_equal(resets, 1);
    press_for(60000);
    assert_int_equal(resets, 2);
}

static void touches_however_many_reset_nothing(void **state)
{
    for (int i = 0; i < 20; i++) {
        press_for(4500);
    }
    assert_int_equal(resets, 2);
}

static void run_all(void *arg)
{
    static struct mico_hold hold;
    static unsigned one = 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(button_that_is_stuck_from_the_start_resets_nothing),
        cmocka_unit_test(held_button_resets_once_each_time),
        cmocka_unit_test(touches_however_many_reset_nothing),
    };
    mico_posix_press(0, true);
    hold = (struct mico_hold){.button = 0, .hold_ms = 5000, .held = held, .ctx = &one};
    mico_hold_start(&hold);
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[4096];
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}

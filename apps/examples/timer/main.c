/* SPDX-License-Identifier: Apache-2.0 */
/* Periodic timers in both spellings; one stops itself. */
#include "mico.h"

#define timer_log(...) custom_log("TIMER", __VA_ARGS__)

static mico_timer_t fast, slow;
static mico_semaphore_t finished;
static int fast_count, slow_count;

static void on_fast(void *arg)
{
    fast_count++;
}

static void on_slow(void *arg)
{
    timer_log("%s %d", (const char *)arg, ++slow_count);
    if (slow_count == 3) {
        mico_rtos_stop_timer(&slow);
        mico_rtos_deinit_timer(&slow);
        mico_rtos_set_semaphore(&finished);
    }
}

int application_start(void)
{
    OSStatus err = mico_rtos_init_semaphore(&finished, 1);
    require_noerr(err, exit);
    err = mico_init_timer(&fast, 5, on_fast, NULL);
    require_noerr(err, exit);
    err = mico_rtos_init_timer(&slow, 40, on_slow, "slow");
    require_noerr(err, exit);
    mico_start_timer(&fast);
    mico_rtos_start_timer(&slow);
    err = mico_rtos_get_semaphore(&finished, MICO_WAIT_FOREVER);
    require_noerr(err, exit);
    timer_log("fast came first %s", fast_count >= slow_count ? "each time" : "not always");
    mico_stop_timer(&fast);
    timer_log("fast runs: %s", mico_is_timer_running(&fast) ? "yes" : "no");
    mico_deinit_timer(&fast);

exit:
    return err;
}

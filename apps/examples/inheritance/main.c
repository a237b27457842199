/* SPDX-License-Identifier: Apache-2.0 */
/* A thread of low priority holds what one of high priority waits for, while one between them is busy. It inherits the high
 * priority until it lets go, so the busy one cannot keep the high one waiting. */
#include "mico.h"

#define inheritance_log(...) custom_log("INHERITANCE", __VA_ARGS__)

#define BUSY_MS 2000u

static mico_mutex_t lock;
static mico_semaphore_t held;
static volatile bool busy_is_done;

static void low(mico_thread_arg_t arg)
{
    mico_rtos_lock_mutex(&lock);
    mico_rtos_set_semaphore(&held);
    mico_thread_msleep(100);
    mico_rtos_unlock_mutex(&lock);
    mico_rtos_delete_thread(NULL);
}

static void high(mico_thread_arg_t arg)
{
    mico_rtos_lock_mutex(&lock);
    inheritance_log("high has the lock, and the busy one is %s", busy_is_done ? "done" : "at work still");
    mico_rtos_unlock_mutex(&lock);
    mico_rtos_delete_thread(NULL);
}

static void busy(mico_thread_arg_t arg)
{
    for (uint32_t start = mico_rtos_get_time(); mico_rtos_get_time() - start < BUSY_MS;) {
        mico_rtos_thread_yield(); /* to its equals, of which there are none */
    }
    busy_is_done = true;
    inheritance_log("the busy one is done");
    mico_rtos_delete_thread(NULL);
}

int application_start(void)
{
    mico_thread_t first, second, third;
    OSStatus err = mico_rtos_init_mutex(&lock);
    require_noerr(err, exit);
    err = mico_rtos_init_semaphore(&held, 1);
    require_noerr(err, exit);
    err = mico_rtos_create_thread(&first, 9, "low", low, 0x800, 0);
    require_noerr(err, exit);
    mico_rtos_get_semaphore(&held, MICO_WAIT_FOREVER);
    err = mico_rtos_create_thread(&second, 4, "high", high, 0x800, 0);
    require_noerr(err, exit);
    err = mico_rtos_create_thread(&third, 6, "busy", busy, 0x800, 0);
    require_noerr(err, exit);
    mico_rtos_thread_join(&first);
    mico_rtos_thread_join(&second);
    mico_rtos_thread_join(&third);
    inheritance_log("all have ended");

exit:
    return err;
}

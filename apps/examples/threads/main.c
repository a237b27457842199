/* SPDX-License-Identifier: Apache-2.0 */
/* A thread with an argument, one that deletes itself, and one that is woken from an endless sleep. */
#include "mico.h"

#define threads_log(...) custom_log("THREADS", __VA_ARGS__)

static void add(mico_thread_arg_t arg)
{
    int *sum = (int *)arg;
    *sum += 40;
    mico_rtos_delete_thread(NULL);
}

static void sleeper(mico_thread_arg_t arg)
{
    mico_thread_sleep(MICO_NEVER_TIMEOUT);
    threads_log("awake");
}

OSStatus application_start(void *arg)
{
    OSStatus err = kNoErr;
    mico_thread_t adder = NULL, sleeping = NULL;
    int sum = 2;

    err = mico_rtos_create_thread(&adder, MICO_APPLICATION_PRIORITY, "adder", add, 0x500, (mico_thread_arg_t)&sum);
    require_noerr_string(err, exit, "no thread for the adder");
    mico_rtos_thread_join(&adder);
    threads_log("sum %d", sum);

    err = mico_rtos_create_thread(&sleeping, MICO_APPLICATION_PRIORITY, "sleeper", sleeper, 0x800, 0);
    require_noerr_string(err, exit, "no thread for the sleeper");
    mico_thread_msleep(30);
    threads_log("waking");
    mico_rtos_thread_force_awake(&sleeping);
    mico_rtos_thread_join(&sleeping);
    threads_log("done");

exit:
    return err;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Work that somebody else does: asynchronous and timed events, and a queue that is full. */
#include "mico.h"

#define worker_log(...) custom_log("WORKER", __VA_ARGS__)

static mico_semaphore_t go, ticked;
static int ticks;

static OSStatus say(void *arg)
{
    worker_log("%s", (const char *)arg);
    return kNoErr;
}

static OSStatus wait_for_go(void *arg)
{
    return mico_rtos_get_semaphore(&go, MICO_WAIT_FOREVER);
}

static OSStatus tick(void *arg)
{
    if (++ticks == 3) {
        mico_rtos_set_semaphore(&ticked);
    }
    return kNoErr;
}

int application_start(void)
{
    mico_worker_thread_t mine;
    mico_timed_event_t regular;
    OSStatus err = mico_rtos_init_semaphore(&go, 1);
    require_noerr(err, exit);
    err = mico_rtos_init_semaphore(&ticked, 1);
    require_noerr(err, exit);

    err = mico_rtos_create_worker_thread(&mine, MICO_DEFAULT_WORKER_PRIORITY, 0x800, 2);
    require_noerr(err, exit);
    mico_rtos_send_asynchronous_event(&mine, wait_for_go, NULL);
    mico_rtos_send_asynchronous_event(&mine, say, "one");
    mico_rtos_send_asynchronous_event(&mine, say, "two");
    worker_log("a third: %d", mico_rtos_send_asynchronous_event(&mine, say, "three"));
    mico_rtos_set_semaphore(&go);

    err = mico_rtos_register_timed_event(&regular, MICO_NETWORKING_WORKER_THREAD, tick, 15, NULL);
    require_noerr(err, exit);
    err = mico_rtos_get_semaphore(&ticked, MICO_WAIT_FOREVER);
    require_noerr(err, exit);
    mico_rtos_deregister_timed_event(&regular);
    worker_log("ticked");
    mico_rtos_delete_worker_thread(&mine);

exit:
    return err;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Event flags: one thread waits for any of what may happen, another until all of it has. */
#include "mico.h"

#define flags_log(...) custom_log("FLAGS", __VA_ARGS__)

#define NETWORK_UP 0x1u
#define CLOCK_SET 0x2u
#define BUTTON 0x4u

static mico_event_flags_t flags;
static mico_semaphore_t ready;

static void waiter(mico_thread_arg_t arg)
{
    uint32_t seen = 0;
    mico_rtos_wait_for_event_flags(&flags, NETWORK_UP | CLOCK_SET, &seen, MICO_FALSE, WAIT_FOR_ALL_EVENTS,
                                   MICO_WAIT_FOREVER);
    flags_log("network and clock are there: %lx", (unsigned long)seen);
    mico_rtos_set_semaphore(&ready);
    mico_rtos_delete_thread(NULL);
}

int application_start(void)
{
    uint32_t seen = 0;
    OSStatus err = mico_rtos_init_event_flags(&flags);
    require_noerr(err, exit);
    err = mico_rtos_init_semaphore(&ready, 1);
    require_noerr(err, exit);
    err = mico_rtos_create_thread(NULL, MICO_APPLICATION_PRIORITY, "waiter", waiter, 0x800, 0);
    require_noerr(err, exit);
    mico_rtos_set_event_flags(&flags, NETWORK_UP);
    flags_log("one is not enough: %s",
              mico_rtos_get_semaphore(&ready, 50) == kTimeoutErr ? "it waits" : "it does not wait");
    mico_rtos_set_event_flags(&flags, CLOCK_SET | BUTTON);
    mico_rtos_get_semaphore(&ready, MICO_WAIT_FOREVER);
    err = mico_rtos_wait_for_event_flags(&flags, BUTTON, &seen, MICO_TRUE, WAIT_FOR_ANY_EVENT, MICO_NO_WAIT);
    require_noerr(err, exit);
    flags_log("the button: %lx", (unsigned long)(seen & BUTTON));
    err = mico_rtos_wait_for_event_flags(&flags, BUTTON, &seen, MICO_TRUE, WAIT_FOR_ANY_EVENT, 10);
    flags_log("it was taken: %s", err == kTimeoutErr ? "yes" : "no");
    mico_rtos_deinit_event_flags(&flags);

exit:
    return kNoErr;
}

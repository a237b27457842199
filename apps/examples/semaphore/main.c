/* SPDX-License-Identifier: Apache-2.0 */
/* One thread waits for what another signals; a wait that is too long ends by its timeout. */
#include "mico.h"

#define sem_log(...) custom_log("SEMAPHORE", __VA_ARGS__)

static mico_semaphore_t signal_sem;

static void signaller(mico_thread_arg_t arg)
{
    for (int i = 0; i < 3; i++) {
        mico_thread_msleep(20);
        mico_rtos_set_semaphore(&signal_sem);
    }
    mico_rtos_delete_thread(NULL);
}

int application_start(void)
{
    OSStatus err = mico_rtos_init_semaphore(&signal_sem, 1);
    require_noerr(err, exit);
    err = mico_rtos_create_thread(NULL, MICO_APPLICATION_PRIORITY, "signaller", signaller, 0x500, 0);
    require_noerr(err, exit);
    for (int i = 1; i <= 3; i++) {
        err = mico_rtos_get_semaphore(&signal_sem, MICO_WAIT_FOREVER);
        require_noerr(err, exit);
        sem_log("signal %d", i);
    }
    if (mico_rtos_get_semaphore(&signal_sem, 50) == kTimeoutErr) {
        sem_log("no more");
    }
    mico_rtos_deinit_semaphore(&signal_sem);

exit:
    if (err != kNoErr) {
        sem_log("ended with %d", err);
    }
    mico_rtos_delete_thread(NULL);
    return err;
}

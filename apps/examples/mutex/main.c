/* SPDX-License-Identifier: Apache-2.0 */
/* Two threads change one number in two steps; a mutex keeps the steps together. It nests. */
#include "mico.h"

#define mutex_log(...) custom_log("MUTEX", __VA_ARGS__)

static mico_mutex_t lock;
static int account = 1000;

static void take_one(void)
{
    mico_rtos_lock_mutex(&lock);
    int seen = account;
    mico_rtos_thread_yield();
    account = seen - 1;
    mico_rtos_unlock_mutex(&lock);
}

static void spender(mico_thread_arg_t arg)
{
    for (int i = 0; i < 100; i++) {
        mico_rtos_lock_mutex(&lock);
        take_one();
        take_one();
        mico_rtos_unlock_mutex(&lock);
    }
}

int application_start(void)
{
    mico_thread_t first, second;
    OSStatus err = mico_rtos_init_mutex(&lock);
    require_noerr(err, exit);
    err = mico_rtos_create_thread(&first, MICO_APPLICATION_PRIORITY, "first", spender, 0x500, 0);
    require_noerr(err, exit);
    err = mico_rtos_create_thread(&second, MICO_APPLICATION_PRIORITY, "second", spender, 0x500, 0);
    require_noerr(err, exit);
    mico_rtos_thread_join(&first);
    mico_rtos_thread_join(&second);
    mutex_log("account %d", account);
    mutex_log("unlocking what is not locked: %d", mico_rtos_unlock_mutex(&lock));
    mico_rtos_deinit_mutex(&lock);

exit:
    return err;
}

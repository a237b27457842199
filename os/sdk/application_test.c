/* SPDX-License-Identifier: Apache-2.0 */
/* An application as SDK v3's were written: one header, its names, its habits. rtos_test.c runs it. */
#define DEBUG 1
#include "mico.h"

#define app_log(...) custom_log("APP", __VA_ARGS__)

OSStatus application_start(void *arg);
extern int application_sum;

int application_sum;

static mico_queue_t numbers;
static mico_semaphore_t done;
static mico_timer_t beat;
static mico_thread_t worker;

static void beat_handler(void *arg)
{
    static int beats;
    int next = ++beats;
    mico_rtos_push_to_queue(&numbers, &next, MICO_NO_WAIT);
    if (next == 4) {
        mico_stop_timer(&beat);
        mico_deinit_timer(&beat);
    }
}

static void worker_thread(mico_thread_arg_t arg)
{
    int number = 0;
    while (number < (int)arg) {
        if (mico_rtos_pop_from_queue(&numbers, &number, MICO_WAIT_FOREVER) == kNoErr) {
            application_sum += number;
        }
    }
    mico_rtos_set_semaphore(&done);
    mico_rtos_delete_thread(NULL);
}

OSStatus application_start(void *arg)
{
    OSStatus err = kNoErr;
    app_log("start");
    err = mico_rtos_init_queue(&numbers, "numbers", sizeof(int), 2);
    require_noerr(err, exit);
    err = mico_rtos_init_semaphore(&done, 1);
    require_noerr_action(err, exit, app_log("no semaphore: %d", err));
    err = mico_rtos_create_thread(&worker, MICO_APPLICATION_PRIORITY, "worker", worker_thread, 0x800, 4);
    require_noerr_string(err, exit, "no thread");
    err = mico_init_timer(&beat, 50, beat_handler, NULL);
    require_noerr(err, exit);
    mico_start_timer(&beat);
    err = mico_rtos_get_semaphore(&done, 1 * SECONDS);
    require_noerr(err, exit);
    mico_rtos_thread_join(&worker);
    mico_rtos_deinit_queue(&numbers);
    mico_rtos_deinit_semaphore(&done);
exit:
    return err;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* One thread waits for a semaphore and for a queue at once, with select. */
#include "mico.h"

#define event_log(...) custom_log("EVENT", __VA_ARGS__)

static mico_semaphore_t button;
static mico_queue_t letters;

static void world(mico_thread_arg_t arg)
{
    for (char letter = 'a'; letter <= 'b'; letter++) {
        mico_thread_msleep(20);
        mico_rtos_push_to_queue(&letters, &letter, MICO_WAIT_FOREVER);
    }
    mico_thread_msleep(20);
    mico_rtos_set_semaphore(&button);
    mico_rtos_delete_thread(NULL);
}

OSStatus application_start(void *arg)
{
    OSStatus err = mico_rtos_init_semaphore(&button, 1);
    require_noerr(err, exit);
    err = mico_rtos_init_queue(&letters, "letters", 1, 4);
    require_noerr(err, exit);
    int button_fd = mico_create_event_fd(button);
    int letters_fd = mico_create_event_fd(letters);
    require_action(button_fd >= 0 && letters_fd >= 0, exit, err = kNoResourcesErr);
    err = mico_rtos_create_thread(NULL, MICO_APPLICATION_PRIORITY, "world", world, 0x500, 0);
    require_noerr(err, exit);

    struct timeval limit = {.tv_sec = 1, .tv_usec = 0};
    for (;;) {
        fd_set readable;
        char letter;
        FD_ZERO(&readable);
        FD_SET(button_fd, &readable);
        FD_SET(letters_fd, &readable);
        if (select(24, &readable, NULL, NULL, &limit) == 0) {
            event_log("nothing for a second");
            break;
        }
        if (FD_ISSET(letters_fd, &readable) && mico_rtos_pop_from_queue(&letters, &letter, 0) == kNoErr) {
            event_log("letter %c", letter);
        }
        if (FD_ISSET(button_fd, &readable) && mico_rtos_get_semaphore(&button, 0) == kNoErr) {
            event_log("button");
        }
    }
    mico_delete_event_fd(button_fd);
    mico_delete_event_fd(letters_fd);

exit:
    return err;
}

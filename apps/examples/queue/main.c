/* SPDX-License-Identifier: Apache-2.0 */
/* A producer and a consumer with a queue between them that is shorter than what goes through. */
#include "mico.h"

#define queue_log(...) custom_log("QUEUE", __VA_ARGS__)

typedef struct {
    int number;
    char word[8];
} message_t;

static mico_queue_t messages;

static void producer(mico_thread_arg_t arg)
{
    static const char *const words[] = {"red", "green", "blue", "end"};
    for (int i = 0; i < 4; i++) {
        message_t message = {.number = i};
        strcpy(message.word, words[i]);
        mico_rtos_push_to_queue(&messages, &message, MICO_WAIT_FOREVER);
    }
    mico_rtos_delete_thread(NULL);
}

int application_start(void)
{
    message_t got = {0};
    OSStatus err = mico_rtos_init_queue(&messages, "messages", sizeof(message_t), 2);
    require_noerr(err, exit);
    err = mico_rtos_create_thread(NULL, MICO_APPLICATION_PRIORITY, "producer", producer, 0x500, 0);
    require_noerr(err, exit);
    while (strcmp(got.word, "end") != 0) {
        err = mico_rtos_pop_from_queue(&messages, &got, MICO_WAIT_FOREVER);
        require_noerr(err, exit);
        queue_log("%d is %s", got.number, got.word);
    }
    queue_log("empty: %s", mico_rtos_is_queue_empty(&messages) ? "yes" : "no");
    queue_log("one more: %d", mico_rtos_pop_from_queue(&messages, &got, 10));

exit:
    return err;
}

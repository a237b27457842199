/* SPDX-License-Identifier: Apache-2.0 */
/* Telling of threads; see tasks.h. */
#include "os/sdk/tasks.h"

#include "os/sdk/mico_rtos.h"

#include <stdio.h>
#include <string.h>

#define WORDS_AT_ONCE 64u /* of a stack, looked at with interrupts masked */

size_t sdk_tasks(const struct mico_thread *out[SDK_TASKS_MAX])
{
    size_t count = 0;
    uint32_t irq = mico_irq_save();
    for (const struct mico_thread *at = mico_thread_next(NULL); at != NULL && count < SDK_TASKS_MAX;
         at = mico_thread_next(at)) {
        out[count++] = at;
    }
    mico_irq_restore(irq);
    return count;
}

/* With interrupts masked. Another thread in the same storage is as good. */
static bool alive(const struct mico_thread *thread)
{
    const struct mico_thread *at = mico_thread_next(NULL);
    while (at != NULL && at != thread) {
        at = mico_thread_next(at);
    }
    return at != NULL;
}

static const char *state_of(const struct mico_thread *thread)
{
    if (thread == mico_thread_self()) {
        return "running";
    }
    if (mico_thread_suspended(thread)) {
        return "suspended";
    }
    return mico_thread_ready(thread) ? "ready" : "waiting";
}

static bool tell_all_but_unused(const struct mico_thread *thread, struct sdk_task *out)
{
    memset(out, 0, sizeof *out);
    uint32_t irq = mico_irq_save();
    bool there = alive(thread);
    if (there) {
        strncpy(out->name, thread->name != NULL ? thread->name : "", sizeof out->name - 1);
        out->priority = mico_thread_priority(thread);
        out->state = state_of(thread);
        out->stack_size = thread->stack_size;
    }
    mico_irq_restore(irq);
    return there;
}

/* Count on from words of its stack that were never touched; true when there may be more. The first of a stack is one as long as
 * the thread lives: touched, it stops the board. */
static bool count_on(const struct mico_thread *thread, size_t *words)
{
    uint32_t irq = mico_irq_save();
    size_t size = alive(thread) ? thread->stack_size / sizeof(uint32_t) : 0;
    size_t until = size < *words + WORDS_AT_ONCE ? size : *words + WORDS_AT_ONCE;
    const uint32_t *stack = size > 0 ? thread->stack : NULL;
    while (*words < until && stack[*words] == stack[0]) {
        ++*words;
    }
    mico_irq_restore(irq);
    return *words == until && until < size;
}

bool sdk_task(const struct mico_thread *thread, struct sdk_task *out)
{
    size_t words = 0;
    bool there = tell_all_but_unused(thread, out);
    while (there && count_on(thread, &words)) {
    }
    out->stack_unused = words * sizeof(uint32_t);
    return there;
}

OSStatus mico_rtos_print_thread_status(char *buffer, int length)
{
    const struct mico_thread *threads[SDK_TASKS_MAX];
    struct sdk_task task;
    size_t left = length > 0 ? (size_t)length : 0;
    if (buffer == NULL || left == 0) {
        return kParamErr;
    }
    if (mico_in_interrupt()) {
        return kGeneralErr;
    }
    buffer[0] = '\0';
    size_t count = sdk_tasks(threads);
    for (size_t i = 0; i < count; i++) {
        if (!sdk_task(threads[i], &task)) {
            continue;
        }
        int len = snprintf(buffer, left, "%-16s %u %-8s %u %u\r\n", task.name, task.priority, task.state,
                           (unsigned)task.stack_size, (unsigned)task.stack_unused);
        if (len < 0 || (size_t)len >= left) {
            return kSizeErr;
        }
        buffer += len;
        left -= (size_t)len;
    }
    return kNoErr;
}

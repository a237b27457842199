/* SPDX-License-Identifier: Apache-2.0 */
/* Telling of threads; see tasks.h. */
#include "os/sdk/tasks.h"

#include "os/sdk/mico_rtos.h"

#include <stdio.h>
#include <string.h>

static const char *state_of(const struct mico_thread *thread)
{
    if (thread == mico_thread_self()) {
        return "running";
    }
    if (mico_thread_suspended(thread)) {
        return "suspended";
    }
    return mico_thread_ended(thread) ? "ended" : mico_thread_ready(thread) ? "ready" : "waiting";
}

static void tell(const struct mico_thread *thread, struct sdk_task *out)
{
    snprintf(out->name, sizeof out->name, "%s", thread->name != NULL ? thread->name : "");
    out->priority = mico_thread_priority(thread);
    out->state = state_of(thread);
    out->stack_size = thread->stack_size;
    out->stack_unused = mico_thread_stack_unused(thread);
}

bool sdk_task(size_t index, struct sdk_task *out)
{
    if (index >= SDK_TASKS_MAX) {
        return false;
    }
    if (index >= SDK_THREADS) {
        const struct mico_thread *thread = cmsis_thread_at(index - SDK_THREADS);
        if (thread != NULL) {
            tell(thread, out);
        }
        return thread != NULL;
    }
    struct mico_thread *thread = sdk_thread_hold(index);
    if (thread != NULL) {
        tell(thread, out);
        sdk_thread_let_go(index);
    }
    return thread != NULL;
}

OSStatus mico_rtos_print_thread_status(char *buffer, int length)
{
    struct sdk_task task;
    size_t left = length > 0 ? (size_t)length : 0;
    if (buffer == NULL || left == 0) {
        return kParamErr;
    }
    if (mico_in_interrupt()) {
        return kGeneralErr;
    }
    buffer[0] = '\0';
    for (size_t i = 0; i < SDK_TASKS_MAX; i++) {
        if (!sdk_task(i, &task)) {
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

/* SPDX-License-Identifier: Apache-2.0 */
/* Telling of threads; see tasks.h. */
#include "os/sdk/tasks.h"

#include <stdio.h>
#include <string.h>

static const char *state_of(const struct mico_thread *thread)
{
    if (thread == mico_thread_self()) {
        return "running";
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

/* SPDX-License-Identifier: Apache-2.0 */
/* Telling of threads: all that the kernel has, its own, the network's and those of both faces. */
#ifndef OS_SDK_TASKS_H
#define OS_SDK_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/kernel/kernel.h"

struct sdk_task {
    char name[17];
    unsigned priority; /* with what it inherits; 10 is the kernel's idle thread */
    const char *state;
    size_t stack_size;
    size_t stack_unused;
};

#define SDK_TASKS_MAX 64u

/** The threads there are now, the oldest first; their number. Those beyond the 64th are left out. Not in interrupts. */
size_t sdk_tasks(const struct mico_thread *out[SDK_TASKS_MAX]);

/** Tell of a thread of that list; false when it has ended meanwhile. Interrupts are masked for a few microseconds at a time. */
bool sdk_task(const struct mico_thread *thread, struct sdk_task *out);

/* Whether the kernel's thread is one of mico_rtos_create_thread. */
bool sdk_thread_is_own(const struct mico_thread *thread);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The threads that the SDK knows, of both faces. */
#ifndef OS_SDK_TASKS_H
#define OS_SDK_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/kernel/kernel.h"
#include "os/sdk/pool.h"

struct sdk_task {
    char name[17];
    unsigned priority;
    const char *state;
    size_t stack_size;
    size_t stack_unused;
};

#define SDK_TASKS_MAX (SDK_THREADS + SDK_POOL_MAX)

/** The thread in that place; false when the place is empty. */
bool sdk_task(size_t index, struct sdk_task *out);

/* For tasks.c: the kernel's thread in a place of each face, kept from going away until it is let go; NULL. Threads of SDK v3
 * that have also used CMSIS-RTOS2 are told once. */
struct mico_thread *sdk_thread_hold(size_t index);
void sdk_thread_let_go(size_t index);
bool sdk_thread_is_own(const struct mico_thread *thread);
struct mico_thread *cmsis_thread_at(size_t index);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the CMSIS-RTOS2 files share. */
#ifndef OS_SDK_CMSIS_H
#define OS_SDK_CMSIS_H

#include <stdbool.h>

#include "os/kernel/kernel.h"
#include "os/sdk/cmsis_os2.h"
#include "os/sdk/pool.h"

/** osOK when the caller may wait for timeout; osErrorParameter in interrupts, osErrorResource while the kernel is locked
 * or does not run. */
osStatus_t cmsis_may_wait(uint32_t timeout);

/** The status of a wait that ended with err: without a time to wait there is no timeout, the resource is not there. */
osStatus_t cmsis_status(mico_err err, uint32_t timeout);

/** Do threads wait at this address, or near it in the same object, through calls of CMSIS-RTOS2? Those waits may be ended by
 * osThreadResume; others are of code that does not reckon with it. */
bool cmsis_sync_has(const void *at);
bool cmsis_memory_has(const void *at);

static inline bool cmsis_within(const void *at, const void *objects, size_t size)
{
    return (uintptr_t)at - (uintptr_t)objects < size;
}

/** Whether an object with these attributes can be made here: not in an interrupt, and not one that asks for a safety class. */
static inline bool cmsis_may_make(uint32_t attr_bits)
{
    return !mico_in_interrupt() && (attr_bits & (osSafetyClass_Msk | osSafetyClass_Valid)) == 0;
}

/** True when a thread with this affinity_mask may run on the one processor. */
bool cmsis_processors_are_there(uint32_t affinity_mask);

/** Leave locked state: the caller ends. */
void cmsis_unlock_for_good(void);

/** The id of a kernel thread, whoever created it; NULL when none is left. */
osThreadId_t cmsis_id_of(struct mico_thread *thread);

/** Waiting for flags with CMSIS's options and error codes. */
uint32_t cmsis_wait_flags(struct mico_event *event, uint32_t flags, uint32_t options, uint32_t timeout);

#endif

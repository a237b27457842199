/* SPDX-License-Identifier: Apache-2.0 */
/* CMSIS-RTOS2's process isolation (2.2) and choice of processors (2.3), for a kernel that has neither: every thread is in safety
 * class 0 and zone 0 and may touch all memory, and the one processor is number 0. What would isolate is refused, not ignored. */
#include "os/sdk/cmsis.h"

#define CLASSES 16u
#define ZONES 64u

bool cmsis_processors_are_there(uint32_t affinity_mask)
{
    return affinity_mask == 0 || (affinity_mask & osThreadProcessor(0)) != 0;
}

/* What asking for isolation gives: a complaint about the caller first. */
static osStatus_t refuse(bool parameters_are_right)
{
    return mico_in_interrupt() ? osErrorISR : parameters_are_right ? osError : osErrorParameter;
}

static osStatus_t refuse_classes(uint32_t safety_class, uint32_t mode)
{
    const uint32_t modes = osSafetyWithSameClass | osSafetyWithLowerClass;
    return refuse(safety_class < CLASSES && (mode & ~modes) == 0);
}

osStatus_t osKernelProtect(uint32_t safety_class)
{
    return refuse(safety_class < CLASSES);
}

osStatus_t osKernelDestroyClass(uint32_t safety_class, uint32_t mode)
{
    return refuse_classes(safety_class, mode);
}

osStatus_t osThreadSuspendClass(uint32_t safety_class, uint32_t mode)
{
    return refuse_classes(safety_class, mode);
}

osStatus_t osThreadResumeClass(uint32_t safety_class, uint32_t mode)
{
    return refuse_classes(safety_class, mode);
}

osStatus_t osThreadTerminateZone(uint32_t zone)
{
    return refuse(zone < ZONES);
}

osStatus_t osThreadFeedWatchdog(uint32_t ticks)
{
    return refuse(true);
}

osStatus_t osThreadProtectPrivileged(void)
{
    return refuse(true);
}

static bool is_thread(osThreadId_t id)
{
    return osThreadGetState(id) != osThreadError;
}

uint32_t osThreadGetClass(osThreadId_t thread_id)
{
    return is_thread(thread_id) ? 0 : osErrorId;
}

uint32_t osThreadGetZone(osThreadId_t thread_id)
{
    return is_thread(thread_id) ? 0 : osErrorId;
}

osStatus_t osThreadSetAffinityMask(osThreadId_t thread_id, uint32_t affinity_mask)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    return is_thread(thread_id) && affinity_mask != 0 && cmsis_processors_are_there(affinity_mask) ? osOK
                                                                                                   : osErrorParameter;
}

uint32_t osThreadGetAffinityMask(osThreadId_t thread_id)
{
    return is_thread(thread_id) ? osThreadProcessor(0) : 0;
}

void osFaultResume(void)
{
}

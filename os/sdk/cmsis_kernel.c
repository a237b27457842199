/* SPDX-License-Identifier: Apache-2.0 */
/* CMSIS-RTOS2: the kernel as a whole. While it is locked interrupts are masked, so that nothing can switch. */
#include "os/sdk/cmsis.h"

#include <stdio.h>

#include "os/port/clock.h"

static bool initialized, locked, suspended;
static uint32_t irq_before_lock;

osStatus_t cmsis_may_wait(uint32_t timeout)
{
    if (timeout == 0) {
        return osOK;
    }
    return mico_in_interrupt() ? osErrorParameter : locked || !mico_kernel_running() ? osErrorResource : osOK;
}

osStatus_t cmsis_status(mico_err err, uint32_t timeout)
{
    return err == MICO_OK ? osOK : err == MICO_ERR_TIMEOUT && timeout != 0 ? osErrorTimeout : osErrorResource;
}

osStatus_t osKernelInitialize(void)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    if (mico_kernel_running()) {
        return osError;
    }
    initialized = true;
    return osOK;
}

osStatus_t osKernelGetInfo(osVersion_t *version, char *id_buf, uint32_t id_size)
{
    if (version != NULL) {
        *version = (osVersion_t){.api = 20030000, .kernel = 10000};
    }
    if (id_buf != NULL && id_size > 0) {
        snprintf(id_buf, id_size, "MiCO");
    }
    return osOK;
}

osKernelState_t osKernelGetState(void)
{
    if (!mico_kernel_running()) {
        return initialized ? osKernelReady : osKernelInactive;
    }
    return suspended ? osKernelSuspended : locked ? osKernelLocked : osKernelRunning;
}

static void nothing(void *arg)
{
}

osStatus_t osKernelStart(void)
{
    static uint64_t stack[1024 / sizeof(uint64_t)];
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    if (osKernelGetState() != osKernelReady) {
        return osError;
    }
    mico_kernel_start(nothing, NULL, stack, sizeof stack);
}

static void lock(void)
{
    uint32_t irq = mico_irq_save();
    if (!locked) {
        locked = true;
        irq_before_lock = irq;
    }
}

static void unlock(void)
{
    if (locked) {
        locked = false;
        mico_irq_restore(irq_before_lock);
    }
}

void cmsis_unlock_for_good(void)
{
    unlock();
}

int32_t osKernelRestoreLock(int32_t wanted)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    if (!mico_kernel_running() || suspended || (wanted != 0 && wanted != 1)) {
        return osError;
    }
    if (wanted == 1) {
        lock();
    } else {
        unlock();
    }
    return wanted;
}

static int32_t change_lock(int32_t wanted)
{
    int32_t before = locked ? 1 : 0;
    int32_t now = osKernelRestoreLock(wanted);
    return now < 0 ? now : before;
}

int32_t osKernelLock(void)
{
    return change_lock(1);
}

int32_t osKernelUnlock(void)
{
    return change_lock(0);
}

/* One tick: what the kernel waits for next is its own affair. */
uint32_t osKernelSuspend(void)
{
    if (mico_in_interrupt() || osKernelGetState() != osKernelRunning) {
        return 0;
    }
    lock();
    suspended = true;
    return 1;
}

void osKernelResume(uint32_t sleep_ticks)
{
    if (!mico_in_interrupt() && suspended) {
        suspended = false;
        unlock();
    }
}

uint32_t osKernelGetTickCount(void)
{
    return (uint32_t)mico_clock_ms();
}

uint32_t osKernelGetTickFreq(void)
{
    return 1000;
}

uint32_t osKernelGetSysTimerCount(void)
{
    return (uint32_t)mico_clock_us();
}

uint32_t osKernelGetSysTimerFreq(void)
{
    return 1000000;
}

osStatus_t osDelay(uint32_t ticks)
{
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    if (ticks == 0) {
        return osErrorParameter;
    }
    if (cmsis_may_wait(ticks) != osOK) {
        return osError;
    }
    mico_thread_sleep_ms(ticks);
    return osOK;
}

osStatus_t osDelayUntil(uint32_t ticks)
{
    uint32_t left = ticks - osKernelGetTickCount();
    if (mico_in_interrupt()) {
        return osErrorISR;
    }
    return left > 0x7FFFFFFFu ? osErrorParameter : osDelay(left);
}

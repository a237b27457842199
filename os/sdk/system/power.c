/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: what the system is, restarting it, the watchdog, and monitors that restart it. */
#include "base/log.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/heap.h"
#include "os/port/watchdog.h"
#include "os/sdk/debug.h"
#include "os/sdk/mico_platform.h"
#include "os/sdk/pool.h"
#include "os/sdk/system/notify.h"

#define VERSION "MiCO 3.6.0"
#define MONITORS 5u
#define LOOK_MS 100u

int mico_debug_enabled = 1;

static mico_system_monitor_t *monitors[MONITORS];
static struct mico_timer looking;
static bool started;

void mico_sdk_version(uint8_t *major, uint8_t *minor, uint8_t *revision)
{
    if (major != NULL && minor != NULL && revision != NULL) {
        *major = 3;
        *minor = 6;
        *revision = 0;
    }
}

char *MicoGetVer(void)
{
    static char version[] = VERSION;
    return version;
}

void mico_app_info(char *out, int size)
{
    if (out != NULL && size > 0) {
        snprintf(out, (size_t)size, VERSION " on %s", mico_board_name());
    }
}

micoMemInfo_t *MicoGetMemoryInfo(void)
{
    static micoMemInfo_t info;
    struct mico_heap heap = mico_board_heap();
    size_t arena = sdk_arena_used();
    info.num_of_chunks = (int)heap.blocks;
    info.total_memory = (int)(heap.total + SDK_ARENA);
    info.allocted_memory = (int)(heap.used + arena);
    info.free_memory = info.total_memory - info.allocted_memory;
    return &info;
}

void MicoSystemReboot(void)
{
    mico_board_reset();
}

void MicoSystemStandBy(uint32_t secondsToWakeup)
{
}

void MicoMcuPowerSaveConfig(int enable)
{
}

bool MicoShouldEnterMFGMode(void)
{
    return false;
}

bool MicoShouldEnterATEMode(void)
{
    return false;
}

bool MicoShouldEnterBootloader(void)
{
    return false;
}

OSStatus mico_system_power_perform(mico_Context_t *context, mico_system_state_t new_state)
{
    if (context == NULL || context != mico_system_context_get() || (unsigned)new_state > eState_Standby) {
        return kParamErr;
    }
    if (mico_in_interrupt()) {
        return kGeneralErr;
    }
    if (new_state == eState_Normal) {
        return kNoErr;
    }
    if (new_state == eState_Restore_default) {
        OSStatus err = mico_system_context_restore(context);
        if (err != kNoErr && err != kUnsupportedErr) {
            return err;
        }
    } else if (new_state != eState_Software_Reset) {
        return kUnsupportedErr;
    }
    sdk_notify(mico_notify_SYS_WILL_POWER_OFF, 0);
    mico_board_reset();
}

OSStatus MicoWdgInitialize(uint32_t timeout)
{
    if (timeout == 0) {
        return kParamErr;
    }
    return mico_watchdog_start(timeout) ? kNoErr : kUnsupportedErr;
}

void MicoWdgReload(void)
{
    mico_watchdog_feed();
}

OSStatus MicoWdgFinalize(void)
{
    mico_watchdog_stop();
    return kNoErr;
}

static void look(void *arg)
{
    uint32_t now = (uint32_t)mico_clock_ms();
    for (size_t i = 0; i < MONITORS; i++) {
        const mico_system_monitor_t *m = monitors[i];
        if (m != NULL && now - m->last_update > m->longest_permitted_delay) {
            MICO_LOG("monitor", "a monitor did not report in time: reset");
            mico_board_reset();
        }
    }
}

OSStatus mico_system_monitor_daemen_start(void)
{
    if (mico_in_interrupt()) {
        return kGeneralErr;
    }
    uint32_t irq = mico_irq_save();
    bool first = !started;
    started = true;
    mico_irq_restore(irq);
    if (first) {
        mico_timer_init(&looking, look, NULL, LOOK_MS, true);
        mico_timer_start(&looking);
    }
    return kNoErr;
}

OSStatus mico_system_monitor_update(mico_system_monitor_t *system_monitor, uint32_t permitted_delay)
{
    if (system_monitor == NULL) {
        return kParamErr;
    }
    uint32_t irq = mico_irq_save();
    system_monitor->last_update = (uint32_t)mico_clock_ms();
    system_monitor->longest_permitted_delay = permitted_delay;
    mico_irq_restore(irq);
    return kNoErr;
}

OSStatus mico_system_monitor_register(mico_system_monitor_t *system_monitor, uint32_t initial_permitted_delay)
{
    OSStatus err = mico_system_monitor_update(system_monitor, initial_permitted_delay);
    if (err != kNoErr) {
        return err;
    }
    size_t place = MONITORS;
    uint32_t irq = mico_irq_save();
    for (size_t i = MONITORS; i-- > 0;) {
        place = monitors[i] == NULL ? i : place;
    }
    for (size_t i = 0; i < MONITORS; i++) {
        place = monitors[i] == system_monitor ? i : place;
    }
    if (place < MONITORS) {
        monitors[place] = system_monitor;
    }
    mico_irq_restore(irq);
    return place < MONITORS ? kNoErr : kNoResourcesErr;
}

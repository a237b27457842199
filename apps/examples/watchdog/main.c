/* SPDX-License-Identifier: Apache-2.0 */
/* An application that hangs is started again: first by a monitor that hears nothing from it, then by the board's watchdog,
 * which even a hung system cannot escape. How far it has come is remembered in flash. */
#include "mico.h"

#define watchdog_log(...) custom_log("WATCHDOG", __VA_ARGS__)

static mico_system_monitor_t monitor;

static void hang_quietly(void)
{
    for (int i = 0; i < 5; i++) {
        mico_system_monitor_update(&monitor, 1000);
        mico_thread_msleep(100);
    }
    watchdog_log("no more reports");
    mico_thread_sleep(MICO_NEVER_TIMEOUT);
}

static void hang_with_interrupts_masked(void)
{
    for (int i = 0; i < 5; i++) {
        MicoWdgReload();
        mico_thread_msleep(100);
    }
    watchdog_log("no more food");
    mico_rtos_enter_critical();
    for (;;) {
    }
}

int application_start(void)
{
    mico_Context_t *context = mico_system_context_init(sizeof(uint32_t));
    uint32_t *starts = mico_system_context_get_user_data(context);
    uint32_t start = ++*starts;
    OSStatus err = mico_system_context_update(context);
    require_noerr(err, exit);
    watchdog_log("start %lu", (unsigned long)start);
    if (start == 1) {
        err = mico_system_monitor_register(&monitor, 1000);
        require_noerr(err, exit);
        err = mico_system_monitor_daemen_start();
        require_noerr(err, exit);
        hang_quietly();
    }
    if (start == 2) {
        err = MicoWdgInitialize(1000);
        require_noerr(err, exit);
        hang_with_interrupts_masked();
    }
    watchdog_log("well and alive");

exit:
    return err;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Being told when the network is there. */
#include "mico.h"

#define notify_log(...) custom_log("NOTIFY", __VA_ARGS__)

static mico_semaphore_t connected;

static void on_address(IPStatusTypedef *status, void *arg)
{
    notify_log("the address is known: %s", strcmp(status->ip, "0.0.0.0") != 0 ? "yes" : "no");
}

static void on_status(WiFiEvent event, void *arg)
{
    if (event == NOTIFY_STATION_UP) {
        notify_log("station up");
        mico_rtos_set_semaphore(&connected);
    }
}

int application_start(void)
{
    OSStatus err = mico_rtos_init_semaphore(&connected, 1);
    require_noerr(err, exit);
    err = mico_system_notify_register(mico_notify_DHCP_COMPLETED, (void *)on_address, NULL);
    require_noerr(err, exit);
    err = mico_system_notify_register(mico_notify_WIFI_STATUS_CHANGED, (void *)on_status, NULL);
    require_noerr(err, exit);
    err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    err = mico_rtos_get_semaphore(&connected, MICO_WAIT_FOREVER);
    require_noerr(err, exit);
    notify_log("removed: %d", mico_system_notify_remove(mico_notify_WIFI_STATUS_CHANGED, (void *)on_status));
    notify_log("removed again: %d", mico_system_notify_remove(mico_notify_WIFI_STATUS_CHANGED, (void *)on_status));

exit:
    return err;
}

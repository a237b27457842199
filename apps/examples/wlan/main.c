/* SPDX-License-Identifier: Apache-2.0 */
/* The network interface as SDK v3 sees it: a scan, joining, the link, leaving. */
#include "mico.h"

#define wlan_log(...) custom_log("WLAN", __VA_ARGS__)

static mico_semaphore_t scanned;
static char found[33];

static void on_scan(ScanResult *result, void *arg)
{
    wlan_log("%d access point: %s", result->ApNum, result->ApList[0].ssid);
    strncpy(found, result->ApList[0].ssid, 32);
    mico_rtos_set_semaphore(&scanned);
}

static void on_status(WiFiEvent event, void *arg)
{
    wlan_log("station %s", event == NOTIFY_STATION_UP ? "up" : "down");
}

int application_start(void)
{
    LinkStatusTypeDef link;
    network_InitTypeDef_st wish = {.wifi_mode = Station, .dhcpMode = DHCP_Client};
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    mico_rtos_init_semaphore(&scanned, 1);
    mico_system_notify_register(mico_notify_WIFI_SCAN_COMPLETED, (void *)on_scan, NULL);
    mico_system_notify_register(mico_notify_WIFI_STATUS_CHANGED, (void *)on_status, NULL);
    micoWlanStartScan();
    mico_rtos_get_semaphore(&scanned, MICO_NEVER_TIMEOUT);
    memcpy(wish.wifi_ssid, found, sizeof(wish.wifi_ssid));
    err = micoWlanStart(&wish);
    require_noerr(err, exit);
    micoWlanGetLinkStatus(&link);
    wlan_log("joined: %d", link.is_connected);
    micoWlanSuspendStation();
    micoWlanGetLinkStatus(&link);
    wlan_log("joined: %d", link.is_connected);
    wish.wifi_mode = Soft_AP;
    wlan_log("soft-AP: %s", micoWlanStart(&wish) == kUnsupportedErr ? "needs a radio" : "?");

exit:
    return err;
}

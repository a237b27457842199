/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's network interface over os/net: one access point that is the Ethernet. */
#include "os/sdk/mico_wlan.h"

#include "os/net/net.h"
#include "os/net/tcp.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/system/notify.h"

#define RSSI_DBM (-30) /* as near as can be */

static bool left; /* by micoWlanSuspend and the like */

static void put_address(char out[16], const uint8_t ip[4])
{
    snprintf(out, 16, "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
}

OSStatus micoWlanGetIPStatus(IPStatusTypedef *out, wlanInterfaceTypedef interface)
{
    struct mico_net_info info;
    uint8_t broadcast[4];
    if (out == NULL || interface != Station) {
        return kParamErr;
    }
    mico_net_info(&info);
    for (int i = 0; i < 4; i++) {
        broadcast[i] = info.ip[i] | (uint8_t)~info.mask[i];
    }
    out->dhcp = DHCP_Client;
    put_address(out->ip, info.ip);
    put_address(out->gate, info.gateway);
    put_address(out->mask, info.mask);
    put_address(out->dns, info.dns);
    put_address(out->broadcastip, broadcast);
    snprintf(out->mac, sizeof out->mac, "%02X%02X%02X%02X%02X%02X", info.mac[0], info.mac[1], info.mac[2], info.mac[3],
             info.mac[4], info.mac[5]);
    return kNoErr;
}

static bool is_joined(void)
{
    struct mico_net_info info;
    mico_net_info(&info);
    return info.up && !left;
}

OSStatus micoWlanGetLinkStatus(LinkStatusTypeDef *out)
{
    if (out == NULL) {
        return kParamErr;
    }
    memset(out, 0, sizeof *out);
    if (is_joined()) {
        out->is_connected = 1;
        out->rssi = RSSI_DBM;
        memcpy(out->ssid, MICO_WLAN_SSID, sizeof MICO_WLAN_SSID);
    }
    return kNoErr;
}

void mico_wlan_get_mac_address(uint8_t *mac)
{
    struct mico_net_info info;
    mico_net_info(&info);
    memcpy(mac, info.mac, sizeof info.mac);
}

static OSStatus join(const char ssid[32], bool named, char dhcp_mode)
{
    if (dhcp_mode == DHCP_Server || dhcp_mode == DHCP_Disable) {
        return kUnsupportedErr;
    }
    if (named && strncmp(ssid, MICO_WLAN_SSID, 32) != 0) {
        sdk_notify(mico_notify_WIFI_CONNECT_FAILED, kNotFoundErr);
        return kNoErr;
    }
    mico_err err = mico_net_up(0);
    if (err != MICO_OK && err != MICO_ERR_TIMEOUT) {
        sdk_notify(mico_notify_WIFI_CONNECT_FAILED, kGeneralErr);
        return kNoErr;
    }
    left = false;
    if (err == MICO_OK) {
        sdk_notify(mico_notify_DHCP_COMPLETED, 0);
        sdk_notify(mico_notify_WIFI_STATUS_CHANGED, NOTIFY_STATION_UP);
    }
    return kNoErr;
}

OSStatus micoWlanStart(network_InitTypeDef_st *parameters)
{
    if (parameters == NULL) {
        return kParamErr;
    }
    return parameters->wifi_mode == Station ? join(parameters->wifi_ssid, true, parameters->dhcpMode) : kUnsupportedErr;
}

/* Without a name it is the access point that was given by its address: the one there is. */
OSStatus micoWlanStartAdv(network_InitTypeDef_adv_st *parameters)
{
    if (parameters == NULL) {
        return kParamErr;
    }
    return join(parameters->ap_info.ssid, parameters->ap_info.ssid[0] != '\0', parameters->dhcpMode);
}

static OSStatus tell_scan(void *arg)
{
    static __typeof__(*((ScanResult *)0)->ApList) point;
    ScanResult result = {1, &point};
    snprintf(point.ssid, sizeof point.ssid, "%s", MICO_WLAN_SSID);
    point.rssi = RSSI_DBM;
    sdk_notify(mico_notify_WIFI_SCAN_COMPLETED, (intptr_t)&result);
    return kNoErr;
}

static OSStatus tell_scan_adv(void *arg)
{
    static __typeof__(*((ScanResult_adv *)0)->ApList) point;
    ScanResult_adv result = {1, &point};
    snprintf(point.ssid, sizeof point.ssid, "%s", MICO_WLAN_SSID);
    point.rssi = RSSI_DBM;
    point.security = SECURITY_TYPE_NONE;
    sdk_notify(mico_notify_WIFI_SCAN_ADV_COMPLETED, (intptr_t)&result);
    return kNoErr;
}

/* In the worker; when that has no room, here. */
static void soon(event_handler_t tell)
{
    if (mico_rtos_send_asynchronous_event(MICO_NETWORKING_WORKER_THREAD, tell, NULL) != kNoErr) {
        (void)tell(NULL);
    }
}

void micoWlanStartScan(void)
{
    soon(tell_scan);
}

void micoWlanStartScanAdv(void)
{
    soon(tell_scan_adv);
}

OSStatus micoWlanSuspendStation(void)
{
    bool joined = is_joined();
    left = true;
    if (joined) {
        sdk_notify(mico_notify_WIFI_STATUS_CHANGED, NOTIFY_STATION_DOWN);
    }
    return kNoErr;
}

OSStatus micoWlanSuspend(void)
{
    return micoWlanSuspendStation();
}

OSStatus micoWlanPowerOff(void)
{
    return micoWlanSuspendStation();
}

OSStatus micoWlanPowerOn(void)
{
    return kNoErr;
}

OSStatus micoWlanSuspendSoftAP(void)
{
    return kUnsupportedErr;
}

OSStatus micoWlanStartEasyLink(int timeout_ms)
{
    return kUnsupportedErr;
}

OSStatus micoWlanStopEasyLink(void)
{
    return kUnsupportedErr;
}

OSStatus micoWlanStartEasyLinkPlus(int timeout_ms)
{
    return kUnsupportedErr;
}

OSStatus micoWlanStopEasyLinkPlus(void)
{
    return kUnsupportedErr;
}

OSStatus micoWlanStartAirkiss(int timeout_ms)
{
    return kUnsupportedErr;
}

OSStatus micoWlanStopAirkiss(void)
{
    return kUnsupportedErr;
}

void micoWlanEnablePowerSave(void)
{
}

void micoWlanDisablePowerSave(void)
{
}

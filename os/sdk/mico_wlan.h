/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the network interface.
 *
 * There is no radio: the network is the board's Ethernet (on posix the host's network), seen as one access point, called
 * MICO_WLAN_SSID, that is always there. A scan finds it and a station joins it; leaving it is noted and notified, while the
 * Ethernet stays up. Soft-AP, EasyLink, Airkiss and WPS need a radio: kUnsupportedErr. Notifications come in the
 * networking worker thread, or in the thread that calls. None of these calls is allowed in interrupts. */
#ifndef OS_SDK_MICO_WLAN_H
#define OS_SDK_MICO_WLAN_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MICO_WLAN_SSID "MiCO Ethernet"

#define kWlanNoErr 0

#define DHCP_Disable 0
#define DHCP_Client 1
#define DHCP_Server 2

typedef enum {
    NOTIFY_STATION_UP = 1,
    NOTIFY_STATION_DOWN,
    NOTIFY_AP_UP,
    NOTIFY_AP_DOWN,
} notify_wlan_t;
typedef notify_wlan_t WiFiEvent;

typedef enum {
    Soft_AP,
    Station,
} wlanInterfaceTypedef;
typedef wlanInterfaceTypedef WiFi_Interface;

enum wlan_sec_type_e {
    SECURITY_TYPE_NONE,
    SECURITY_TYPE_WEP,
    SECURITY_TYPE_WPA_TKIP,
    SECURITY_TYPE_WPA_AES,
    SECURITY_TYPE_WPA2_TKIP,
    SECURITY_TYPE_WPA2_AES,
    SECURITY_TYPE_WPA2_MIXED,
    SECURITY_TYPE_AUTO,
};
typedef uint8_t wlan_sec_type_t;

/* Addresses as text; what is not known is "0.0.0.0". */
typedef struct {
    uint8_t dhcp; /* DHCP_Client: the address comes from the network */
    char ip[16];
    char gate[16];
    char mask[16];
    char dns[16];
    char mac[16]; /* "0242AC110002" */
    char broadcastip[16];
} IPStatusTypedef;
typedef IPStatusTypedef net_para_st;

typedef struct _ScanResult {
    char ApNum;
    struct {
        char ssid[32];
        int16_t rssi; /* dBm */
    } * ApList;
} ScanResult;

typedef struct _ScanResult_adv {
    char ApNum;
    struct {
        char ssid[32];
        char bssid[6];
        char channel; /* 0: none */
        wlan_sec_type_t security;
        int16_t rssi;
    } * ApList;
} ScanResult_adv;

typedef struct _network_InitTypeDef_st {
    char wifi_mode; /* wlanInterfaceTypedef */
    char wifi_ssid[32];
    char wifi_key[64]; /* not used */
    char local_ip_addr[16];
    char net_mask[16];
    char gateway_ip_addr[16];
    char dnsServer_ip_addr[16];
    char dhcpMode; /* DHCP_Client */
    char reserved[32];
    int wifi_retry_interval;
} network_InitTypeDef_st;

typedef struct {
    char ssid[32];
    char bssid[6];
    uint8_t channel;
    wlan_sec_type_t security;
} apinfo_adv_t;

typedef struct _network_InitTypeDef_adv_st {
    apinfo_adv_t ap_info;
    char key[64];
    int key_len;
    char local_ip_addr[16];
    char net_mask[16];
    char gateway_ip_addr[16];
    char dnsServer_ip_addr[16];
    char dhcpMode;
    char reserved[32];
    int wifi_retry_interval;
} network_InitTypeDef_adv_st;

typedef struct _linkStatus_t {
    int is_connected;
    int rssi;
    uint8_t ssid[32];
    uint8_t bssid[6];
    int channel;
} LinkStatusTypeDef;

/** The station's addresses. kParamErr, also for Soft_AP. */
OSStatus micoWlanGetIPStatus(IPStatusTypedef *out, wlanInterfaceTypedef interface);

/** Whether the station has joined, and what. Not joined: all zero. kParamErr. */
OSStatus micoWlanGetLinkStatus(LinkStatusTypeDef *out);

/** The interface's address; zeros before the network is up. */
void mico_wlan_get_mac_address(uint8_t *mac);

/** Join MICO_WLAN_SSID and notify: WIFI_STATUS_CHANGED and DHCP_COMPLETED. Another ssid is no error either, but notified
 * as WIFI_CONNECT_FAILED (kNotFoundErr). kParamErr; kUnsupportedErr for Soft_AP and fixed addresses. */
OSStatus micoWlanStart(network_InitTypeDef_st *parameters);
OSStatus micoWlanStartAdv(network_InitTypeDef_adv_st *parameters);

/** Look, and notify of the one access point: WIFI_SCAN_COMPLETED with a ScanResult, WIFI_SCAN_ADV_COMPLETED with a
 * ScanResult_adv, which last until the function returns. */
void micoWlanStartScan(void);
void micoWlanStartScanAdv(void);

/** Leave, and notify. kNoErr. */
OSStatus micoWlanSuspend(void);
OSStatus micoWlanSuspendStation(void);
OSStatus micoWlanPowerOff(void);
/** kNoErr; joining again is micoWlanStart's. */
OSStatus micoWlanPowerOn(void);

/** kUnsupportedErr. */
OSStatus micoWlanSuspendSoftAP(void);
OSStatus micoWlanStartEasyLink(int timeout_ms);
OSStatus micoWlanStopEasyLink(void);
OSStatus micoWlanStartEasyLinkPlus(int timeout_ms);
OSStatus micoWlanStopEasyLinkPlus(void);
OSStatus micoWlanStartAirkiss(int timeout_ms);
OSStatus micoWlanStopAirkiss(void);

/** Without effect: the kernel sleeps whenever it can. */
void micoWlanEnablePowerSave(void);
void micoWlanDisablePowerSave(void);

#ifdef __cplusplus
}
#endif

#endif

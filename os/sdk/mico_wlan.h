/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the network interface.
 *
 * There is no radio: the network is the board's Ethernet (on posix the host's network), seen as one station that is
 * always there. None of these calls is allowed in interrupts. */
#ifndef OS_SDK_MICO_WLAN_H
#define OS_SDK_MICO_WLAN_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

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

typedef struct {
    uint8_t dhcp; /* 1: the address comes from the network */
    char ip[16];
} IPStatusTypedef;

/** The station's address. kParamErr, also for Soft_AP. */
OSStatus micoWlanGetIPStatus(IPStatusTypedef *out, wlanInterfaceTypedef interface);

#ifdef __cplusplus
}
#endif

#endif

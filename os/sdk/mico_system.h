/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: system start, notifications, and the network interface.
 *
 * There is no radio: the network is the board's Ethernet (on posix the host's network), seen as one station that is
 * always there. Scanning and soft-AP are not offered. None of these calls is allowed in interrupts. */
#ifndef OS_SDK_MICO_SYSTEM_H
#define OS_SDK_MICO_SYSTEM_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MICO_SYSTEM_USER_DATA_MAX 1024u

typedef struct {
    void *user_config_data; /* zeroed at the start; in RAM only */
    uint32_t user_config_data_size;
} mico_Context_t;

/** The one context, with size bytes of the application's own. NULL when size is above MICO_SYSTEM_USER_DATA_MAX. */
mico_Context_t *mico_system_context_init(uint32_t size);
/** The context; NULL before mico_system_context_init. */
mico_Context_t *mico_system_context_get(void);
/** The application's own data in context; NULL without a context. */
void *mico_system_context_get_user_data(mico_Context_t *context);

/** Bring the network up, at most 20 s, and notify. kParamErr, kTimeoutErr. */
OSStatus mico_system_init(mico_Context_t *context);

typedef enum {
    mico_notify_WIFI_STATUS_CHANGED,
    mico_notify_DHCP_COMPLETED,
} mico_notify_types_t;

typedef enum {
    NOTIFY_STATION_UP = 1,
    NOTIFY_STATION_DOWN,
    NOTIFY_AP_UP,
    NOTIFY_AP_DOWN,
} WiFiEvent;

typedef enum {
    Soft_AP,
    Station,
} wlanInterfaceTypedef;

typedef struct {
    uint8_t dhcp; /* 1: the address comes from the network */
    char ip[16];
} IPStatusTypedef;

/** Have function called when the network comes up: void function(WiFiEvent, void *arg) for WIFI_STATUS_CHANGED, void
 * function(IPStatusTypedef *, void *arg) for DHCP_COMPLETED. In the thread of mico_system_init. kNoResourcesErr past 8.
 */
OSStatus mico_system_notify_register(mico_notify_types_t type, void *function, void *arg);
/** kNotFoundErr. */
OSStatus mico_system_notify_remove(mico_notify_types_t type, void *function);

/** The station's address. kParamErr, also for Soft_AP. */
OSStatus micoWlanGetIPStatus(IPStatusTypedef *out, wlanInterfaceTypedef interface);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: telling of services by multicast DNS (os/net/mdns). None of these calls is allowed in interrupts. */
#ifndef OS_SDK_NETWORK_MICO_MDNS_H
#define OS_SDK_NETWORK_MICO_MDNS_H

#include "os/sdk/common.h"
#include "os/sdk/mico_wlan.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct _mdns_init_t {
    char *service_name;  /* "_easylink._tcp.local." */
    char *host_name;     /* "lamp.local." */
    char *instance_name; /* any text of 1 to 63 bytes */
    char *txt_record;    /* "key=value.key=value", where "/." is a dot within; NULL: nothing */
    uint16_t service_port;
} mdns_init_t;

/** Tell of a service; the network must be up. The first call claims host_name, which the device keeps from then on: the
 * names of later ones are not used. Names that others have get a number. time_to_live is in seconds (0: 4500). kParamErr;
 * kUnsupportedErr for Soft_AP; kNoResourcesErr past 4 services; kAlreadyInUseErr for a service_name that is told of
 * already; kGeneralErr. */
OSStatus mdns_add_record(mdns_init_t record, wlanInterfaceTypedef interface, uint32_t time_to_live);

/** Say goodbye for a service, and with will_remove forget it. What is not known is no error. */
void mdns_suspend_record(char *service_name, wlanInterfaceTypedef interface, bool will_remove);
void mdns_resume_record(char *service_name, wlanInterfaceTypedef interface);

/** Tell another text; a malformed or too long one (384 bytes) changes nothing. */
void mdns_update_txt_record(char *service_name, wlanInterfaceTypedef interface, char *txt_record);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the time of day from servers (SNTP, os/net/sntp). It is not authenticated: nothing that security rests on
 * may rest on it. None of these calls is allowed in interrupts. */
#ifndef OS_SDK_NETWORK_SNTP_H
#define OS_SDK_NETWORK_SNTP_H

#include "os/sdk/common.h"
#include "os/sdk/mico_socket.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NUM_NTP_SERVERS 10u

typedef struct {
    uint32_t seconds; /* since 1970 */
    uint32_t microseconds;
} ntp_timestamp_t;

typedef void (*time_synced_fun)(void);

/** Ask one server, at most three times. kParamErr; kTimeoutErr; kResponseErr when it does not know the time or wants to be
 * left alone; kGeneralErr. */
OSStatus sntp_get_time(const struct in_addr *addr, ntp_timestamp_t *timestamp);

/** A server to ask, in place of the names of pool.ntp.org. kParamErr for an index from NUM_NTP_SERVERS on. */
OSStatus sntp_set_server_ip_address(uint32_t index, struct in_addr address);
OSStatus sntp_clr_server_ip_address(uint32_t index);

/** Set the clock of mico_time_get_utc_time now and every interval_ms (at least 15 s), and call call_back (may be NULL)
 * after each time, in a thread of its own; servers are asked in turn until one answers, and again after 15 s when none
 * does. kAlreadyInUseErr; kNoResourcesErr, kNoMemoryErr. */
OSStatus sntp_start_auto_time_sync(uint32_t interval_ms, time_synced_fun call_back);
/** No further ones; one that is under way may still set the clock. kNotInUseErr. */
OSStatus sntp_stop_auto_time_sync(void);

#ifdef __cplusplus
}
#endif

#endif

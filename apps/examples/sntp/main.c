/* SPDX-License-Identifier: Apache-2.0 */
/* The time of day from a server of the host. */
#include "mico.h"
#include "sntp.h"

#define time_log(...) custom_log("TIME", __VA_ARGS__)

#ifndef SERVER_ADDRESS
#define SERVER_ADDRESS "10.0.2.2"
#endif

static mico_semaphore_t synced;

static void on_synced(void)
{
    mico_rtos_set_semaphore(&synced);
}

int application_start(void)
{
    iso8601_time_t now;
    struct in_addr server = {inet_addr(SERVER_ADDRESS)};
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    err = mico_rtos_init_semaphore(&synced, 1);
    require_noerr(err, exit);
    mico_time_get_iso8601_time(&now);
    time_log("before: %.13s", (char *)&now);
    err = sntp_set_server_ip_address(0, server);
    require_noerr(err, exit);
    err = sntp_start_auto_time_sync(HOURS, on_synced);
    require_noerr(err, exit);
    mico_rtos_get_semaphore(&synced, MICO_NEVER_TIMEOUT);
    mico_time_get_iso8601_time(&now);
    time_log("after: %.13s", (char *)&now);

exit:
    return err;
}

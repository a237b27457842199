/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's network time over os/net/sntp; the clock it sets is the system's. */
#include "os/sdk/network/sntp.h"

#include "os/kernel/kernel.h"
#include "os/net/sntp/sntp.h"
#include "os/net/tcp.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/mico_system.h"

#define TRIES 3
#define ANSWER_MS 2000u
#define INTERVAL_MIN_MS 15000u
#define STACK_SIZE 3072u
#define PRIORITY 6u

static struct in_addr servers[NUM_NTP_SERVERS]; /* 0.0.0.0: none */
static mico_thread_t thread;
static mico_semaphore_t stop;
static bool running;
static uint32_t interval;
static time_synced_fun synced;

static OSStatus status_of(mico_err err)
{
    switch (err) {
    case MICO_OK:
        return kNoErr;
    case MICO_ERR_TIMEOUT:
        return kTimeoutErr;
    case MICO_ERR_DENIED:
    case MICO_ERR_STATE:
        return kResponseErr;
    default:
        return kGeneralErr;
    }
}

/* A server that says no is not asked again. */
static mico_err ask(const struct in_addr *server, uint64_t *utc_us)
{
    mico_err err = MICO_ERR_TIMEOUT;
    for (int i = 0; i < TRIES && err == MICO_ERR_TIMEOUT; i++) {
        err = mico_sntp_ask((const uint8_t *)server, MICO_SNTP_PORT, ANSWER_MS, utc_us);
    }
    return err;
}

OSStatus sntp_get_time(const struct in_addr *addr, ntp_timestamp_t *timestamp)
{
    uint64_t utc_us;
    if (addr == NULL || timestamp == NULL) {
        return kParamErr;
    }
    mico_err err = ask(addr, &utc_us);
    if (err == MICO_OK) {
        *timestamp = (ntp_timestamp_t){(uint32_t)(utc_us / 1000000), (uint32_t)(utc_us % 1000000)};
    }
    return status_of(err);
}

OSStatus sntp_set_server_ip_address(uint32_t index, struct in_addr address)
{
    if (index >= NUM_NTP_SERVERS) {
        return kParamErr;
    }
    servers[index] = address;
    return kNoErr;
}

OSStatus sntp_clr_server_ip_address(uint32_t index)
{
    return sntp_set_server_ip_address(index, (struct in_addr){0});
}

static bool set_from(const struct in_addr *server)
{
    uint64_t utc_us;
    if (ask(server, &utc_us) != MICO_OK) {
        return false;
    }
    mico_utc_time_ms_t utc_ms = utc_us / 1000;
    return mico_time_set_utc_time_ms(&utc_ms) == kNoErr;
}

static bool set_from_any(void)
{
    static const char *const pool[] = {"0.pool.ntp.org", "1.pool.ntp.org", "2.pool.ntp.org"};
    bool own = false;
    for (size_t i = 0; i < NUM_NTP_SERVERS; i++) {
        if (servers[i].s_addr != 0) {
            own = true;
            if (set_from(&servers[i])) {
                return true;
            }
        }
    }
    for (size_t i = 0; i < sizeof pool / sizeof pool[0] && !own; i++) {
        struct in_addr server;
        if (mico_net_resolve(pool[i], (uint8_t *)&server) == MICO_OK && set_from(&server)) {
            return true;
        }
    }
    return false;
}

static void synchronise(mico_thread_arg_t arg)
{
    bool set;
    do {
        set = set_from_any();
        if (set && synced != NULL) {
            synced();
        }
    } while (mico_rtos_get_semaphore(&stop, set ? interval : INTERVAL_MIN_MS) == kTimeoutErr);
    mico_rtos_deinit_semaphore(&stop);
    running = false;
    mico_rtos_delete_thread(NULL);
}

OSStatus sntp_start_auto_time_sync(uint32_t interval_ms, time_synced_fun call_back)
{
    if (running) {
        return kAlreadyInUseErr;
    }
    OSStatus status = mico_rtos_init_semaphore(&stop, 1);
    if (status != kNoErr) {
        return status;
    }
    interval = interval_ms < INTERVAL_MIN_MS ? INTERVAL_MIN_MS : interval_ms;
    synced = call_back;
    running = true;
    status = mico_rtos_create_thread(&thread, PRIORITY, "sntp", synchronise, STACK_SIZE, 0);
    if (status != kNoErr) {
        running = false;
        mico_rtos_deinit_semaphore(&stop);
    }
    return status;
}

OSStatus sntp_stop_auto_time_sync(void)
{
    if (!running) {
        return kNotInUseErr;
    }
    (void)mico_rtos_set_semaphore(&stop); /* at its maximum it says the same */
    return kNoErr;
}

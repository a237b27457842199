/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: system start and notifications over os/net. */
#include "os/net/tcp.h"
#include "os/port/context.h"
#include "os/sdk/debug.h"
#include "os/sdk/mico_system.h"

#define NETWORK_MS 20000u
#define NOTIFIED 8u

int mico_debug_enabled = 1;

static mico_Context_t the_context;
static uint64_t the_data[MICO_SYSTEM_USER_DATA_MAX / sizeof(uint64_t)];

static struct {
    mico_notify_types_t type;
    void *function; /* NULL: free */
    void *arg;
} notified[NOTIFIED];

mico_Context_t *mico_system_context_init(uint32_t size)
{
    if (size > MICO_SYSTEM_USER_DATA_MAX) {
        return NULL;
    }
    memset(the_data, 0, sizeof the_data);
    the_context = (mico_Context_t){.user_config_data = the_data, .user_config_data_size = size};
    return &the_context;
}

mico_Context_t *mico_system_context_get(void)
{
    return the_context.user_config_data != NULL ? &the_context : NULL;
}

void *mico_system_context_get_user_data(mico_Context_t *context)
{
    return context != NULL ? context->user_config_data : NULL;
}

static void notify(mico_notify_types_t type)
{
    IPStatusTypedef status;
    for (size_t i = 0; i < NOTIFIED; i++) {
        if (notified[i].function == NULL || notified[i].type != type) {
            continue;
        }
        if (type == mico_notify_WIFI_STATUS_CHANGED) {
            ((void (*)(WiFiEvent, void *))notified[i].function)(NOTIFY_STATION_UP, notified[i].arg);
        } else if (micoWlanGetIPStatus(&status, Station) == kNoErr) {
            ((void (*)(IPStatusTypedef *, void *))notified[i].function)(&status, notified[i].arg);
        }
    }
}

OSStatus mico_system_init(mico_Context_t *context)
{
    if (context == NULL) {
        return kParamErr;
    }
    mico_err err = mico_net_up(NETWORK_MS);
    if (err != MICO_OK) {
        return err == MICO_ERR_TIMEOUT ? kTimeoutErr : kGeneralErr;
    }
    notify(mico_notify_DHCP_COMPLETED);
    notify(mico_notify_WIFI_STATUS_CHANGED);
    return kNoErr;
}

OSStatus mico_system_notify_register(mico_notify_types_t type, void *function, void *arg)
{
    if (function == NULL || (type != mico_notify_WIFI_STATUS_CHANGED && type != mico_notify_DHCP_COMPLETED)) {
        return kParamErr;
    }
    OSStatus status = kNoResourcesErr;
    uint32_t irq = mico_irq_save();
    for (size_t i = 0; i < NOTIFIED && status != kNoErr; i++) {
        if (notified[i].function == NULL) {
            notified[i].type = type;
            notified[i].function = function;
            notified[i].arg = arg;
            status = kNoErr;
        }
    }
    mico_irq_restore(irq);
    return status;
}

OSStatus mico_system_notify_remove(mico_notify_types_t type, void *function)
{
    OSStatus status = kNotFoundErr;
    uint32_t irq = mico_irq_save();
    for (size_t i = 0; i < NOTIFIED && function != NULL; i++) {
        if (notified[i].function == function && notified[i].type == type) {
            notified[i].function = NULL;
            status = kNoErr;
        }
    }
    mico_irq_restore(irq);
    return status;
}

OSStatus micoWlanGetIPStatus(IPStatusTypedef *out, wlanInterfaceTypedef interface)
{
    if (out == NULL || interface != Station) {
        return kParamErr;
    }
    out->dhcp = 1;
    mico_net_address(out->ip);
    return kNoErr;
}

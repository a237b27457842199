/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's notifications, and the start of the network, which causes most of them. */
#include "os/sdk/system/notify.h"

#include "os/net/tcp.h"
#include "os/port/context.h"

#define NETWORK_MS 20000u
#define NOTIFIED 8u

static struct notified {
    mico_notify_types_t type;
    void *function; /* NULL: free */
    void *arg;
} notified[NOTIFIED];

static void call(const struct notified *n, intptr_t value)
{
    IPStatusTypedef status;
    switch (n->type) {
    case mico_notify_WIFI_STATUS_CHANGED:
        ((void (*)(WiFiEvent, void *))n->function)((WiFiEvent)value, n->arg);
        break;
    case mico_notify_WIFI_CONNECT_FAILED:
        ((void (*)(OSStatus, void *))n->function)((OSStatus)value, n->arg);
        break;
    case mico_notify_WIFI_SCAN_COMPLETED:
    case mico_notify_WIFI_SCAN_ADV_COMPLETED:
        ((void (*)(void *, void *))n->function)((void *)value, n->arg);
        break;
    case mico_notify_SYS_WILL_POWER_OFF:
        ((void (*)(void *))n->function)(n->arg);
        break;
    default:
        if (micoWlanGetIPStatus(&status, Station) == kNoErr) {
            ((void (*)(IPStatusTypedef *, void *))n->function)(&status, n->arg);
        }
        break;
    }
}

void sdk_notify(mico_notify_types_t type, intptr_t value)
{
    for (size_t i = 0; i < NOTIFIED; i++) {
        uint32_t irq = mico_irq_save();
        struct notified now = notified[i];
        mico_irq_restore(irq);
        if (now.function != NULL && now.type == type) {
            call(&now, value);
        }
    }
}

OSStatus mico_system_init(mico_Context_t *context)
{
    if (context == NULL || context != mico_system_context_get()) {
        return kParamErr;
    }
    if (mico_in_interrupt()) {
        return kGeneralErr;
    }
    mico_err err = mico_net_up(NETWORK_MS);
    if (err != MICO_OK) {
        return err == MICO_ERR_TIMEOUT ? kTimeoutErr : kGeneralErr;
    }
    sdk_notify(mico_notify_DHCP_COMPLETED, 0);
    sdk_notify(mico_notify_WIFI_STATUS_CHANGED, NOTIFY_STATION_UP);
    return kNoErr;
}

static struct notified *find(mico_notify_types_t type, const void *function)
{
    for (size_t i = 0; i < NOTIFIED; i++) {
        if (notified[i].function == function && (function == NULL || notified[i].type == type)) {
            return &notified[i];
        }
    }
    return NULL;
}

OSStatus mico_system_notify_register(mico_notify_types_t type, void *function, void *arg)
{
    if (function == NULL || (unsigned)type > mico_notify_Stack_Overflow_ERROR) {
        return kParamErr;
    }
    uint32_t irq = mico_irq_save();
    struct notified *n = find(type, function);
    n = n != NULL ? n : find(type, NULL);
    if (n != NULL) {
        *n = (struct notified){type, function, arg};
    }
    mico_irq_restore(irq);
    return n != NULL ? kNoErr : kNoResourcesErr;
}

OSStatus mico_system_notify_remove(mico_notify_types_t type, void *function)
{
    uint32_t irq = mico_irq_save();
    struct notified *n = function != NULL ? find(type, function) : NULL;
    if (n != NULL) {
        n->function = NULL;
    }
    mico_irq_restore(irq);
    return n != NULL ? kNoErr : kNotFoundErr;
}

OSStatus mico_system_notify_remove_all(mico_notify_types_t type)
{
    if ((unsigned)type > mico_notify_Stack_Overflow_ERROR) {
        return kParamErr;
    }
    uint32_t irq = mico_irq_save();
    for (size_t i = 0; i < NOTIFIED; i++) {
        if (notified[i].type == type) {
            notified[i].function = NULL;
        }
    }
    mico_irq_restore(irq);
    return kNoErr;
}

OSStatus mico_system_get_status_wlan(mico_system_status_wlan_t **status)
{
    static mico_system_status_wlan_t now;
    IPStatusTypedef ip;
    if (status == NULL) {
        return kParamErr;
    }
    if (micoWlanGetIPStatus(&ip, Station) == kNoErr) {
        memcpy(now.localIp, ip.ip, sizeof now.localIp);
        memcpy(now.netMask, ip.mask, sizeof now.netMask);
        memcpy(now.gateWay, ip.gate, sizeof now.gateWay);
        memcpy(now.dnsServer, ip.dns, sizeof now.dnsServer);
        memcpy(now.mac, ip.mac, sizeof ip.mac);
    }
    *status = &now;
    return kNoErr;
}

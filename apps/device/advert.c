/* SPDX-License-Identifier: Apache-2.0 */
/* The device tells controllers on the local network of itself: _hap._tcp by mDNS, docs/PAIRING.md. */
#include <stdio.h>
#include <string.h>

#include "apps/device/internal.h"
#include "apps/device/port.h"
#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "os/net/mdns/service.h"

#define HAP_PORT 80u /* where no other stands for it */

static int service = -1; /* what mDNS knows it by */
static bool tried, told_paired;
static char label_hash[9]; /* "sh", or "" */

/* RFC 4648, of four bytes. */
static void base64_of_4(const uint8_t in[4], char out[9])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint64_t bits = (uint64_t)mico_load_be32(in) << 16; /* to 48: two zero bytes behind */
    for (int i = 0; i < 8; i++) {
        out[i] = i < 6 ? digits[bits >> (42 - 6 * i) & 63] : '=';
    }
    out[8] = '\0';
}

/* "sh": the first bytes of SHA-512(setup id | device id), so that a controller which has read the label finds it. */
static void hash_label(struct mico_device *device)
{
    uint8_t id[MICO_SETUP_ID_SIZE], digest[64];
    size_t len = 0;
    bool found = false;
    struct mico_sha512 hash;
    if (mico_store_get(&device->provision, MICO_RECORD_SETUP_ID, id, sizeof id, &len, &found) != MICO_OK || !found ||
        len != sizeof id) {
        return;
    }
    mico_sha512_start(&hash);
    mico_sha512_add(&hash, id, sizeof id);
    mico_sha512_add(&hash, device->id, strlen(device->id));
    mico_sha512_finish(&hash, digest);
    base64_of_4(digest, label_hash);
}

static void put(uint8_t txt[MICO_MDNS_TXT_MAX], size_t *len, const char *key, const char *value)
{
    char text[128];
    int n = snprintf(text, sizeof text, "%s=%s", key, value);
    if (n > 0 && (size_t)n < sizeof text && *len + 1 + (size_t)n <= MICO_MDNS_TXT_MAX) {
        txt[*len] = (uint8_t)n;
        memcpy(txt + *len + 1, text, (size_t)n);
        *len += 1 + (size_t)n;
    }
}

/* The database of a product never changes: c# and s# are 1. ff 0: plain pairing; the certificate is MiCO's own addition. */
static size_t make_txt(struct mico_device *device, bool paired, uint8_t txt[MICO_MDNS_TXT_MAX])
{
    size_t len = 0;
    char category[4];
    bool lock = device->product->service == &mico_service_lock;
    snprintf(category, sizeof category, "%d", lock ? MICO_CATEGORY_LOCK : MICO_CATEGORY_LIGHT);
    put(txt, &len, "c#", "1");
    put(txt, &len, "ff", "0");
    put(txt, &len, "id", device->id);
    put(txt, &len, "md", device->product->model);
    put(txt, &len, "pv", "1.1");
    put(txt, &len, "s#", "1");
    put(txt, &len, "sf", paired ? "0" : "1");
    put(txt, &len, "ci", category);
    if (label_hash[0] != '\0') {
        put(txt, &len, "sh", label_hash);
    }
    return len;
}

/* Without mDNS a device is still one that its address leads to: what goes wrong is said once. */
static void start(struct mico_device *device, bool paired)
{
    uint8_t txt[MICO_MDNS_TXT_MAX];
    char host[sizeof device->id + 8] = "mico-";
    size_t n = strlen(host);
    for (const char *at = device->id; *at != '\0'; at++) {
        if (*at != ':') {
            host[n++] = *at;
        }
    }
    host[n] = '\0';
    hash_label(device);
    uint16_t port = mico_device_port();
    mico_err err = mico_mdns_start(host);
    if (err == MICO_OK) {
        err = mico_mdns_publish(device->product->name, "_hap._tcp", port != 0 ? port : HAP_PORT, txt,
                                make_txt(device, paired, txt), 0, &service);
    }
    if (err != MICO_OK) {
        MICO_LOG("device", "not told of by mDNS (%s)", mico_err_name(err));
    }
}

void mico_device_advertise(struct mico_device *device)
{
    uint8_t txt[MICO_MDNS_TXT_MAX];
    mico_device_lock(&device->advert_lock);
    mico_device_lock(&device->accessory_lock);
    bool paired = mico_accessory_paired(&device->accessory), first = !tried, changed = paired != told_paired;
    tried = true;
    told_paired = paired;
    mico_mutex_unlock(&device->accessory_lock);
    if (first) {
        start(device, paired);
    } else if (changed && service >= 0 &&
               mico_mdns_publish_txt(service, txt, make_txt(device, paired, txt)) != MICO_OK) {
        MICO_LOG("device", "mDNS does not take the new state");
    }
    mico_mutex_unlock(&device->advert_lock);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's mDNS names over os/net/mdns. */
#include "os/net/mdns/service.h"
#include "os/sdk/network/mico_mdns.h"

static struct record {
    char type[MICO_MDNS_TYPE_MAX + 1]; /* "_easylink._tcp"; "": free */
    int id;
} records[MICO_MDNS_SERVICES];

/* name without ".local" and dots at its end. False when that does not fit. */
static bool take_name(const char *name, char *out, size_t cap)
{
    static const char local[] = ".local";
    size_t len = name == NULL ? 0 : strlen(name);
    len -= len > 0 && name[len - 1] == '.';
    if (len >= sizeof local - 1 && strncmp(name + len - (sizeof local - 1), local, sizeof local - 1) == 0) {
        len -= sizeof local - 1;
    }
    if (len == 0 || len >= cap) {
        return false;
    }
    memcpy(out, name, len);
    out[len] = '\0';
    return true;
}

/* "a=b.c=d" as strings with their lengths. False when a string or the whole is too long. */
static bool take_text(const char *text, uint8_t out[MICO_MDNS_TXT_MAX], size_t *out_len)
{
    size_t start = 0, at = 1; /* of the string that is written: its length, then its bytes */
    *out_len = 0;
    if (text == NULL || *text == '\0') {
        return true;
    }
    for (;; text++) {
        bool escaped = text[0] == '/' && text[1] == '.';
        if (!escaped && (*text == '.' || *text == '\0')) {
            size_t len = at - start - 1;
            if (len > 255) {
                return false;
            }
            out[start] = (uint8_t)len;
            start = len > 0 ? at : start; /* an empty one is left out */
            at = start + 1;
            if (*text == '\0') {
                *out_len = start;
                return true;
            }
            continue;
        }
        text += escaped;
        if (at >= MICO_MDNS_TXT_MAX) {
            return false;
        }
        out[at++] = (uint8_t)*text;
    }
}

/* The record of type, or with "" a free one; NULL when there is none. */
static struct record *find(const char *type)
{
    for (size_t i = 0; i < MICO_MDNS_SERVICES; i++) {
        if (strcmp(records[i].type, type) == 0) {
            return &records[i];
        }
    }
    return NULL;
}

static struct record *find_named(const char *service_name, wlanInterfaceTypedef interface)
{
    char type[MICO_MDNS_TYPE_MAX + 1];
    return interface == Station && take_name(service_name, type, sizeof type) ? find(type) : NULL;
}

OSStatus mdns_add_record(mdns_init_t record, wlanInterfaceTypedef interface, uint32_t time_to_live)
{
    char type[MICO_MDNS_TYPE_MAX + 1], host[MICO_MDNS_LABEL_MAX + 1];
    uint8_t txt[MICO_MDNS_TXT_MAX];
    size_t txt_len;
    if (interface != Station) {
        return kUnsupportedErr;
    }
    if (!take_name(record.service_name, type, sizeof type) || !take_name(record.host_name, host, sizeof host) ||
        !take_text(record.txt_record, txt, &txt_len)) {
        return kParamErr;
    }
    if (find(type) != NULL) {
        return kAlreadyInUseErr;
    }
    struct record *place = find("");
    if (place == NULL) {
        return kNoResourcesErr;
    }
    mico_err err = mico_mdns_start(host);
    if (err == MICO_OK || err == MICO_ERR_STATE) { /* it runs already */
        err =
            mico_mdns_publish(record.instance_name, type, record.service_port, txt, txt_len, time_to_live, &place->id);
    }
    if (err != MICO_OK) {
        return err == MICO_ERR_PARAM || err == MICO_ERR_SIZE ? kParamErr
               : err == MICO_ERR_FULL                        ? kNoResourcesErr
                                                             : kGeneralErr;
    }
    memcpy(place->type, type, sizeof type);
    return kNoErr;
}

void mdns_suspend_record(char *service_name, wlanInterfaceTypedef interface, bool will_remove)
{
    struct record *record = find_named(service_name, interface);
    if (record == NULL) {
        return;
    }
    if (will_remove) {
        mico_mdns_publish_end(record->id);
        record->type[0] = '\0';
    } else {
        mico_mdns_publish_suspend(record->id);
    }
}

void mdns_resume_record(char *service_name, wlanInterfaceTypedef interface)
{
    struct record *record = find_named(service_name, interface);
    if (record != NULL) {
        mico_mdns_publish_resume(record->id);
    }
}

void mdns_update_txt_record(char *service_name, wlanInterfaceTypedef interface, char *txt_record)
{
    uint8_t txt[MICO_MDNS_TXT_MAX];
    size_t txt_len;
    struct record *record = find_named(service_name, interface);
    if (record != NULL && take_text(txt_record, txt, &txt_len) &&
        mico_mdns_publish_txt(record->id, txt, txt_len) != MICO_OK) {
        return; /* the old text stays */
    }
}

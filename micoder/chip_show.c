/* SPDX-License-Identifier: Apache-2.0 */
/* What `mico chip` prints; see chip_show.h. */
#include "micoder/chip_show.h"

#include <stdio.h>
#include <stdlib.h>

#include "micoder/chip_words.h"

#define HEX_MAX 256

static const char *version_text(uint32_t version, char out[24])
{
    snprintf(out, 24, "%u.%u.%u", version >> 24, version >> 16 & 0xFF, version & 0xFFFF);
    return out;
}

static void add_hex(cJSON *json, const char *name, const uint8_t *bytes, size_t len)
{
    char hex[2 * HEX_MAX + 1];
    mico_hex(bytes, len < HEX_MAX ? len : HEX_MAX, hex);
    cJSON_AddStringToObject(json, name, hex);
}

/* ---- information ---- */

cJSON *chip_info_json(const struct mscp_info *info)
{
    char version[24];
    cJSON *json = cJSON_CreateObject();
    add_hex(json, "serial", info->serial, sizeof info->serial);
    cJSON_AddStringToObject(json, "firmware", version_text(info->firmware_version, version));
    cJSON_AddNumberToObject(json, "security_version", info->security_version);
    cJSON_AddStringToObject(json, "lifecycle", chip_stage_name(info->lifecycle));
    cJSON_AddBoolToObject(json, "paired", info->paired);
    cJSON_AddNumberToObject(json, "boot_counter", info->boot_counter);
    cJSON_AddNumberToObject(json, "link_failures", info->failures);
    return json;
}

void chip_print_info(const struct mscp_info *info)
{
    char serial[2 * MSCP_SERIAL_SIZE + 1], version[24];
    mico_hex(info->serial, sizeof info->serial, serial);
    printf("chip %s: firmware %s (security version %u), %s, %s, start %u, %u failures on its link remembered\n", serial,
           version_text(info->firmware_version, version), info->security_version, chip_stage_name(info->lifecycle),
           info->paired ? "bound to a host" : "bound to nobody", info->boot_counter, info->failures);
}

/* ---- objects ---- */

cJSON *chip_object_json(uint32_t id, const struct mscp_attributes *attributes)
{
    char words[4 * CHIP_WORDS];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "id", id);
    cJSON_AddStringToObject(json, "type", chip_type_name(attributes->type));
    cJSON_AddStringToObject(json, "origin", chip_origin_name(attributes->origin));
    chip_usage_words(attributes->usage, words);
    cJSON_AddStringToObject(json, "usage", words);
    chip_access_words(attributes->read, words);
    cJSON_AddStringToObject(json, "read", words);
    chip_access_words(attributes->write, words);
    cJSON_AddStringToObject(json, "write", words);
    cJSON_AddNumberToObject(json, "life", attributes->life);
    chip_policy_words(attributes, words, sizeof words);
    cJSON_AddStringToObject(json, "policy", words);
    return json;
}

void chip_print_object(uint32_t id, const struct mscp_attributes *attributes)
{
    char usage[CHIP_WORDS], read[CHIP_WORDS], write[CHIP_WORDS], policy[4 * CHIP_WORDS];
    chip_usage_words(attributes->usage, usage);
    chip_access_words(attributes->read, read);
    chip_access_words(attributes->write, write);
    chip_policy_words(attributes, policy, sizeof policy);
    printf("0x%08x  %-11s  %-9s  read %s, write %s%s%s%s%s\n", id, chip_type_name(attributes->type),
           chip_origin_name(attributes->origin), read, write, usage[0] != '\0' ? ", " : "", usage,
           policy[0] != '\0' ? "; only " : "", policy);
}

/* ---- evidence ---- */

static void add_chain(cJSON *json, const char *name, const struct mscp_chain *chain)
{
    cJSON *one = cJSON_AddObjectToObject(json, name);
    cJSON_AddNumberToObject(one, "count", (double)chain->count);
    add_hex(one, "head", chain->head, sizeof chain->head);
}

cJSON *chip_evidence_json(const struct mscp_evidence *e)
{
    char version[24];
    cJSON *json = cJSON_CreateObject();
    add_hex(json, "nonce", e->nonce, e->nonce_len);
    add_hex(json, "ueid", e->ueid, sizeof e->ueid);
    add_hex(json, "serial", e->serial, sizeof e->serial);
    cJSON_AddStringToObject(json, "firmware", version_text(e->firmware_version, version));
    cJSON_AddNumberToObject(json, "security_version", e->security_version);
    cJSON_AddStringToObject(json, "lifecycle", chip_stage_name(e->lifecycle));
    cJSON_AddNumberToObject(json, "boot_counter", e->boot_counter);
    add_hex(json, "host_binding", e->host_binding, sizeof e->host_binding);
    cJSON *registers = cJSON_AddArrayToObject(json, "registers");
    for (size_t i = 0; i < MSCP_REGISTERS; i++) {
        char hex[65];
        mico_hex(e->registers[i], 32, hex);
        cJSON_AddItemToArray(registers, cJSON_CreateString(hex));
    }
    add_chain(json, "login_chain", &e->login);
    add_chain(json, "audit_log", &e->audit);
    if (e->has_key) {
        cJSON *key = chip_object_json(e->key.id, &e->key.attributes);
        add_hex(key, "spki", e->key.spki, e->key.spki_len);
        cJSON_AddItemToObject(json, "key", key);
    }
    return json;
}

void chip_print_evidence(const struct mscp_evidence *e)
{
    char serial[2 * MSCP_SERIAL_SIZE + 1], version[24], nonce[2 * MSCP_CHALLENGE_MAX + 1], host[65],
        spki[2 * MSCP_SPKI_MAX + 1];
    mico_hex(e->serial, sizeof e->serial, serial);
    mico_hex(e->nonce, e->nonce_len, nonce);
    mico_hex(e->host_binding, sizeof e->host_binding, host);
    printf("chip %s: firmware %s (security version %u), %s, start %u\n", serial,
           version_text(e->firmware_version, version), e->security_version, chip_stage_name(e->lifecycle),
           e->boot_counter);
    printf("nonce         %s\nhost binding  %s\n", nonce, host);
    printf("logins        %llu\naudit log     %llu entries\n", (unsigned long long)e->login.count,
           (unsigned long long)e->audit.count);
    if (e->has_key) {
        mico_hex(e->key.spki, e->key.spki_len, spki);
        printf("key           %s\n              ", spki);
        chip_print_object(e->key.id, &e->key.attributes);
    }
}

/* ---- audit log ---- */

cJSON *chip_audit_json(const struct mscp_audit_entry *entry)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "number", entry->number);
    cJSON_AddNumberToObject(json, "boot", entry->boot);
    cJSON_AddNumberToObject(json, "seconds", entry->seconds);
    cJSON_AddStringToObject(json, "event", mscp_audit_event_name(entry->event));
    cJSON_AddNumberToObject(json, "command", entry->command);
    cJSON_AddStringToObject(json, "status", mscp_status_name((enum mscp_status)entry->status));
    cJSON_AddNumberToObject(json, "detail", entry->detail);
    cJSON_AddNumberToObject(json, "subject", entry->subject);
    return json;
}

void chip_print_audit(const struct mscp_audit_entry *entry)
{
    printf("%6u  start %u + %u s  %-9s  command 0x%02x, %s, detail %u, subject 0x%x\n", entry->number, entry->boot,
           entry->seconds, mscp_audit_event_name(entry->event), entry->command,
           mscp_status_name((enum mscp_status)entry->status), entry->detail, entry->subject);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of the manifest: JSON both ways, hash, and the checks against its certificate. */
#include "identity/manifest_entry.h"

#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS 10
#define MADE_AT_MAX 253402300799u /* the last second of the year 9999 */
#define OID_SERIAL_NUMBER "2.5.4.5"

static void sha256(const void *data, size_t len, uint8_t out[32])
{
    int failed = gnutls_hash_fast(GNUTLS_DIG_SHA256, data, len, out);
    if (failed != 0) {
        abort(); /* SHA-256 of memory cannot fail in a sound library: going on would sign an unknown value */
    }
}

void mico_manifest_start(const char *maker, uint8_t out[32])
{
    static const char label[] = "MiCO manifest v1";
    uint8_t text[sizeof label + 256];
    struct mico_writer w = mico_writer_of(text, sizeof text);
    mico_write_bytes(&w, label, sizeof label);
    mico_write_bytes(&w, maker, strnlen(maker, 256));
    sha256(text, w.len, out);
}

void mico_manifest_entry_hash(const struct mico_manifest_entry *entry, uint8_t out[32])
{
    static const char label[] = "MiCO manifest entry v1";
    uint8_t text[256];
    struct mico_writer w = mico_writer_of(text, sizeof text);
    mico_write_bytes(&w, label, sizeof label);
    mico_write_bytes(&w, entry->prev, sizeof entry->prev);
    mico_write_be32(&w, entry->index);
    mico_write_bytes(&w, entry->device_id, MICO_DEVICE_ID_SIZE);
    mico_write_bytes(&w, entry->serial, sizeof entry->serial);
    mico_write_bytes(&w, entry->identity_key, sizeof entry->identity_key);
    mico_write_bytes(&w, entry->firmware_key, sizeof entry->firmware_key);
    mico_write_le64(&w, entry->made_at);
    mico_write_bytes(&w, entry->certificate_sha256, sizeof entry->certificate_sha256);
    sha256(text, w.len, out);
}

static bool add_hex(cJSON *json, const char *name, const uint8_t *data, size_t len)
{
    char text[65];
    mico_hex(data, len, text);
    return cJSON_AddStringToObject(json, name, text) != NULL;
}

static bool add_base64(cJSON *json, const char *name, struct mico_span data)
{
    const gnutls_datum_t in = {(unsigned char *)(uintptr_t)data.data, (unsigned)data.len};
    gnutls_datum_t text;
    if (gnutls_base64_encode2(&in, &text) != 0) {
        return false;
    }
    bool good = cJSON_AddStringToObject(json, name, (const char *)text.data) != NULL; /* encode2 adds a NUL */
    gnutls_free(text.data);
    return good;
}

cJSON *mico_manifest_entry_to_json(const struct mico_manifest_entry *entry)
{
    cJSON *json = cJSON_CreateObject();
    if (json == NULL) {
        return NULL;
    }
    bool good = cJSON_AddNumberToObject(json, "index", entry->index) != NULL &&
                cJSON_AddStringToObject(json, "device_id", entry->device_id) != NULL &&
                add_hex(json, "serial", entry->serial, sizeof entry->serial) &&
                add_hex(json, "identity_key", entry->identity_key, sizeof entry->identity_key) &&
                add_hex(json, "firmware_key", entry->firmware_key, sizeof entry->firmware_key) &&
                cJSON_AddNumberToObject(json, "made_at", (double)entry->made_at) != NULL &&
                add_hex(json, "certificate_sha256", entry->certificate_sha256, sizeof entry->certificate_sha256) &&
                add_base64(json, "certificate", entry->certificate) &&
                add_hex(json, "prev", entry->prev, sizeof entry->prev) &&
                add_hex(json, "hash", entry->hash, sizeof entry->hash);
    if (!good) {
        cJSON_Delete(json);
        return NULL;
    }
    return json;
}

static const char *get_text(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name)); /* NULL when absent or no string */
}

/* Lower-case hexadecimal of exactly len bytes. */
static bool get_hex(const cJSON *json, const char *name, uint8_t *out, size_t len)
{
    const char *text = get_text(json, name);
    char again[65];
    if (text == NULL || mico_unhex(text, out, len) != MICO_OK) {
        return false;
    }
    mico_hex(out, len, again);
    return strcmp(text, again) == 0;
}

/* A whole number from 1 to max. */
static bool get_number(const cJSON *json, const char *name, uint64_t max, uint64_t *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 1 && item->valuedouble <= (double)max)) {
        return false;
    }
    *out = (uint64_t)item->valuedouble;
    return (double)*out == item->valuedouble;
}

/* Base64 in its one spelling, onto the heap. */
static bool get_base64(const cJSON *json, const char *name, struct mico_span *out)
{
    const char *text = get_text(json, name);
    if (text == NULL || text[0] == '\0') {
        return false;
    }
    const gnutls_datum_t in = {(unsigned char *)(uintptr_t)text, (unsigned)strlen(text)};
    gnutls_datum_t data = {NULL, 0}, again = {NULL, 0};
    bool good = gnutls_base64_decode2(&in, &data) == 0 && gnutls_base64_encode2(&data, &again) == 0 &&
                again.size == in.size && memcmp(again.data, in.data, in.size) == 0;
    gnutls_free(again.data);
    if (!good) {
        gnutls_free(data.data);
        return false;
    }
    *out = (struct mico_span){data.data, data.size};
    return true;
}

static const char *read_fields(const cJSON *json, struct mico_manifest_entry *entry)
{
    uint64_t index;
    if (!cJSON_IsObject(json) || cJSON_GetArraySize(json) != FIELDS) {
        return "number of fields";
    }
    if (!get_number(json, "index", UINT32_MAX, &index)) {
        return "index";
    }
    entry->index = (uint32_t)index;
    const char *id = get_text(json, "device_id");
    if (id == NULL || strlen(id) != MICO_DEVICE_ID_SIZE) {
        return "device_id";
    }
    memcpy(entry->device_id, id, sizeof entry->device_id);
    if (!get_number(json, "made_at", MADE_AT_MAX, &entry->made_at)) {
        return "made_at";
    }
    const struct {
        const char *name;
        uint8_t *out;
        size_t len;
    } hex[] = {
        {"serial", entry->serial, sizeof entry->serial},
        {"identity_key", entry->identity_key, sizeof entry->identity_key},
        {"firmware_key", entry->firmware_key, sizeof entry->firmware_key},
        {"certificate_sha256", entry->certificate_sha256, sizeof entry->certificate_sha256},
        {"prev", entry->prev, sizeof entry->prev},
        {"hash", entry->hash, sizeof entry->hash},
    };
    for (size_t i = 0; i < sizeof hex / sizeof hex[0]; i++) {
        if (!get_hex(json, hex[i].name, hex[i].out, hex[i].len)) {
            return hex[i].name;
        }
    }
    return get_base64(json, "certificate", &entry->certificate) ? NULL : "certificate";
}

mico_err mico_manifest_entry_from_json(const cJSON *json, struct mico_manifest_entry *entry, const char **bad_field)
{
    memset(entry, 0, sizeof *entry);
    *bad_field = read_fields(json, entry);
    if (*bad_field != NULL) {
        memset(entry, 0, sizeof *entry);
        return MICO_ERR_FORMAT;
    }
    return MICO_OK;
}

void mico_manifest_entry_free(struct mico_manifest_entry *entry)
{
    gnutls_free((void *)(uintptr_t)entry->certificate.data);
    memset(entry, 0, sizeof *entry);
}

/* True when the certificate's subject has `oid` once, with this value. */
static bool subject_has(gnutls_x509_crt_t certificate, const char *oid, const char *value)
{
    char text[64];
    size_t len = sizeof text;
    if (gnutls_x509_crt_get_dn_by_oid(certificate, oid, 0, 0, text, &len) != 0 || len != strlen(value) ||
        memcmp(text, value, len) != 0) {
        return false;
    }
    len = sizeof text;
    return gnutls_x509_crt_get_dn_by_oid(certificate, oid, 1, 0, text, &len) == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

static bool key_is(gnutls_x509_crt_t certificate, const uint8_t identity_key[32])
{
    gnutls_ecc_curve_t curve;
    gnutls_datum_t x = {NULL, 0};
    if (gnutls_x509_crt_get_pk_ecc_raw(certificate, &curve, &x, NULL) != 0) {
        return false;
    }
    bool same = curve == GNUTLS_ECC_CURVE_ED25519 && x.size == 32 && memcmp(x.data, identity_key, 32) == 0;
    gnutls_free(x.data);
    return same;
}

static bool issued_by(gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer)
{
    unsigned status, is_ca = 1;
    int pathlen;
    if (gnutls_x509_crt_get_basic_constraints(certificate, NULL, &is_ca, &pathlen) < 0 || is_ca != 0) {
        return false;
    }
    return issuer == NULL ||
           (gnutls_x509_crt_verify(certificate, &issuer, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status) == 0 &&
            status == 0);
}

static const char *bad_beside_certificate(const struct mico_manifest_entry *entry, gnutls_x509_crt_t certificate,
                                          gnutls_x509_crt_t issuer)
{
    const gnutls_datum_t der = {(unsigned char *)(uintptr_t)entry->certificate.data, (unsigned)entry->certificate.len};
    char serial[2 * MSCP_SERIAL_SIZE + 1], id[MICO_DEVICE_ID_SIZE + 1];
    if (gnutls_x509_crt_import(certificate, &der, GNUTLS_X509_FMT_DER) != 0 || !issued_by(certificate, issuer)) {
        return "certificate";
    }
    if (!key_is(certificate, entry->identity_key)) {
        return "identity_key";
    }
    mico_device_id(entry->identity_key, id);
    if (strcmp(entry->device_id, id) != 0 || !subject_has(certificate, GNUTLS_OID_X520_COMMON_NAME, id)) {
        return "device_id";
    }
    mico_hex(entry->serial, sizeof entry->serial, serial);
    return subject_has(certificate, OID_SERIAL_NUMBER, serial) ? NULL : "serial";
}

mico_err mico_manifest_entry_check(const struct mico_manifest_entry *entry, uint32_t index, const uint8_t prev[32],
                                   gnutls_x509_crt_t issuer, const char **bad_field)
{
    uint8_t hash[32];
    *bad_field = NULL;
    if (entry->index != index) {
        *bad_field = "index";
    } else if (memcmp(entry->prev, prev, 32) != 0) {
        *bad_field = "prev";
    } else {
        sha256(entry->certificate.data, entry->certificate.len, hash);
        *bad_field = memcmp(hash, entry->certificate_sha256, 32) != 0 ? "certificate_sha256" : NULL;
    }
    if (*bad_field == NULL) {
        gnutls_x509_crt_t certificate;
        if (gnutls_x509_crt_init(&certificate) != 0) {
            *bad_field = "certificate";
            return MICO_ERR_AUTH;
        }
        *bad_field = bad_beside_certificate(entry, certificate, issuer);
        gnutls_x509_crt_deinit(certificate);
    }
    if (*bad_field == NULL) {
        mico_manifest_entry_hash(entry, hash);
        *bad_field = memcmp(hash, entry->hash, 32) != 0 ? "hash" : NULL;
    }
    return *bad_field == NULL ? MICO_OK : MICO_ERR_AUTH;
}

static int by_device_id(const void *a, const void *b)
{
    const struct mico_manifest_entry *const *x = a, *const *y = b;
    int order = strcmp((*x)->device_id, (*y)->device_id);
    return order != 0 ? order : (*x < *y ? -1 : 1);
}

static int by_serial(const void *a, const void *b)
{
    const struct mico_manifest_entry *const *x = a, *const *y = b;
    int order = memcmp((*x)->serial, (*y)->serial, MSCP_SERIAL_SIZE);
    return order != 0 ? order : (*x < *y ? -1 : 1);
}

size_t mico_manifest_repeated(const struct mico_manifest_entry *entries, size_t count, const char **bad_field)
{
    const struct mico_manifest_entry **sorted = calloc(count + 1, sizeof *sorted);
    size_t first = 0;
    *bad_field = NULL;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; sorted != NULL && i < count; i++) {
            sorted[i] = &entries[i];
        }
        if (sorted == NULL) {
            abort(); /* out of memory: an unchecked manifest must not pass */
        }
        qsort(sorted, count, sizeof *sorted, pass == 0 ? by_serial : by_device_id);
        for (size_t i = 1; i < count; i++) {
            bool same = pass == 0 ? memcmp(sorted[i - 1]->serial, sorted[i]->serial, MSCP_SERIAL_SIZE) == 0
                                  : strcmp(sorted[i - 1]->device_id, sorted[i]->device_id) == 0;
            size_t at = (size_t)(sorted[i] - entries) + 1;
            if (same && (first == 0 || at < first)) {
                first = at;
                *bad_field = pass == 0 ? "serial" : "device_id";
            }
        }
    }
    free(sorted);
    return first;
}

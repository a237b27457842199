/* SPDX-License-Identifier: Apache-2.0 */
/* psa_its_* and psa_ps_*: assets as sealed records (sealed.c). The record of uid 0x0123456789abcdef has the name
 * "its-0123456789abcdef" or "ps-…"; its text is the flags, 4 bytes little-endian, and the data. */
#include <string.h>

#include "crypto/psa/core.h"
#include "crypto/psa/sealed.h"
#include "psa/internal_trusted_storage.h"
#include "psa/protected_storage.h"

#define FIXED 4
#define FLAGS \
    (PSA_STORAGE_FLAG_WRITE_ONCE | PSA_STORAGE_FLAG_NO_CONFIDENTIALITY | PSA_STORAGE_FLAG_NO_REPLAY_PROTECTION)
_Static_assert(FIXED + MICO_PSA_STORAGE_MAX <= PSA_SEALED_MAX, "a text holds every asset");

struct name {
    char text[sizeof "its-0123456789abcdef"];
};

static struct name name_of(const char *service, psa_storage_uid_t uid)
{
    struct name name = {{0}};
    size_t at = strlen(service);
    memcpy(name.text, service, at);
    for (int shift = 60; shift >= 0; shift -= 4) {
        name.text[at++] = "0123456789abcdef"[uid >> shift & 15];
    }
    return name;
}

/* Lock, and what every call asks for. */
static psa_status_t begin(psa_storage_uid_t uid)
{
    psa_status_t status = psa_enter();
    return status != PSA_SUCCESS      ? status
           : uid == 0                 ? PSA_ERROR_INVALID_ARGUMENT
           : !psa_sealed_have_store() ? PSA_ERROR_STORAGE_FAILURE
                                      : PSA_SUCCESS;
}

/* The asset's text in psa_sealed_text, and its flags; *size 0 and *found false when there is none. */
static psa_status_t read(const struct name *name, size_t *size, psa_storage_create_flags_t *flags, bool *found)
{
    size_t len = 0;
    *flags = 0;
    psa_status_t status = psa_sealed_get(name->text, &len, found);
    if (status == PSA_SUCCESS && *found && len < FIXED) {
        status = PSA_ERROR_DATA_CORRUPT;
    }
    bool there = status == PSA_SUCCESS && *found;
    *size = there ? len - FIXED : 0;
    *flags = there ? mico_load_le32(psa_sealed_text()) : 0;
    return status;
}

static psa_status_t set(const char *service, psa_storage_uid_t uid, struct mico_span data,
                        psa_storage_create_flags_t flags)
{
    struct name name = name_of(service, uid);
    psa_storage_create_flags_t had = 0;
    size_t size;
    bool found = false;
    psa_status_t status = begin(uid);
    if (status == PSA_SUCCESS && !psa_pointer_ok(data.data, data.len)) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    if (status == PSA_SUCCESS && (flags & ~FLAGS) != 0) {
        status = PSA_ERROR_NOT_SUPPORTED;
    }
    if (status == PSA_SUCCESS && data.len > MICO_PSA_STORAGE_MAX) {
        status = PSA_ERROR_INSUFFICIENT_STORAGE;
    }
    if (status == PSA_SUCCESS) {
        status = read(&name, &size, &had, &found);
        psa_sealed_wipe();
    }
    if (status == PSA_SUCCESS && (had & PSA_STORAGE_FLAG_WRITE_ONCE) != 0) {
        status = PSA_ERROR_NOT_PERMITTED;
    }
    if (status == PSA_SUCCESS) {
        mico_store_le32(psa_sealed_text(), flags);
        if (data.len != 0) {
            memcpy(psa_sealed_text() + FIXED, data.data, data.len);
        }
        status = psa_sealed_put(name.text, FIXED + data.len);
    }
    return psa_leave(status);
}

static psa_status_t get(const char *service, psa_storage_uid_t uid, size_t offset, void *out, size_t cap, size_t *len)
{
    struct name name = name_of(service, uid);
    psa_storage_create_flags_t flags;
    size_t size = 0;
    bool found = false;
    if (len != NULL) {
        *len = 0;
    }
    psa_status_t status = begin(uid);
    if (status == PSA_SUCCESS && (len == NULL || !psa_pointer_ok(out, cap))) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    if (status == PSA_SUCCESS) {
        status = read(&name, &size, &flags, &found);
    }
    if (status == PSA_SUCCESS) {
        status = !found ? PSA_ERROR_DOES_NOT_EXIST : offset > size ? PSA_ERROR_INVALID_ARGUMENT : PSA_SUCCESS;
    }
    if (status == PSA_SUCCESS) {
        *len = size - offset < cap ? size - offset : cap;
        if (*len != 0) {
            memcpy(out, psa_sealed_text() + FIXED + offset, *len);
        }
    }
    psa_sealed_wipe();
    return psa_leave(status);
}

static psa_status_t get_info(const char *service, psa_storage_uid_t uid, struct psa_storage_info_t *info)
{
    struct name name = name_of(service, uid);
    struct psa_storage_info_t has = {0, 0, 0};
    bool found = false;
    psa_status_t status = begin(uid);
    if (status == PSA_SUCCESS && info == NULL) {
        status = PSA_ERROR_INVALID_ARGUMENT;
    }
    if (status == PSA_SUCCESS) {
        status = read(&name, &has.size, &has.flags, &found);
        psa_sealed_wipe();
    }
    if (status == PSA_SUCCESS && !found) {
        status = PSA_ERROR_DOES_NOT_EXIST;
    }
    if (status == PSA_SUCCESS) {
        has.capacity = has.size;
        *info = has;
    }
    return psa_leave(status);
}

/* What is corrupt may go: nothing says any more that it was write-once. */
static psa_status_t drop(const char *service, psa_storage_uid_t uid)
{
    struct name name = name_of(service, uid);
    psa_storage_create_flags_t flags = 0;
    size_t size;
    bool found = false;
    psa_status_t status = begin(uid);
    if (status == PSA_SUCCESS) {
        status = read(&name, &size, &flags, &found);
        psa_sealed_wipe();
        bool corrupt = status == PSA_ERROR_DATA_CORRUPT || status == PSA_ERROR_DATA_INVALID;
        status = corrupt                                      ? PSA_SUCCESS
                 : status == PSA_SUCCESS && !found            ? PSA_ERROR_DOES_NOT_EXIST
                 : (flags & PSA_STORAGE_FLAG_WRITE_ONCE) != 0 ? PSA_ERROR_NOT_PERMITTED
                                                              : status;
    }
    if (status == PSA_SUCCESS) {
        status = psa_sealed_delete(name.text);
    }
    return psa_leave(status);
}

psa_status_t psa_its_set(psa_storage_uid_t uid, size_t data_length, const void *p_data,
                         psa_storage_create_flags_t create_flags)
{
    return set("its-", uid, (struct mico_span){p_data, data_length}, create_flags);
}

psa_status_t psa_its_get(psa_storage_uid_t uid, size_t data_offset, size_t data_size, void *p_data,
                         size_t *p_data_length)
{
    return get("its-", uid, data_offset, p_data, data_size, p_data_length);
}

psa_status_t psa_its_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *p_info)
{
    return get_info("its-", uid, p_info);
}

psa_status_t psa_its_remove(psa_storage_uid_t uid)
{
    return drop("its-", uid);
}

psa_status_t psa_ps_set(psa_storage_uid_t uid, size_t data_length, const void *p_data,
                        psa_storage_create_flags_t create_flags)
{
    return set("ps-", uid, (struct mico_span){p_data, data_length}, create_flags);
}

psa_status_t psa_ps_get(psa_storage_uid_t uid, size_t data_offset, size_t data_size, void *p_data,
                        size_t *p_data_length)
{
    return get("ps-", uid, data_offset, p_data, data_size, p_data_length);
}

psa_status_t psa_ps_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *p_info)
{
    return get_info("ps-", uid, p_info);
}

psa_status_t psa_ps_remove(psa_storage_uid_t uid)
{
    return drop("ps-", uid);
}

psa_status_t psa_ps_create(psa_storage_uid_t uid, size_t capacity, psa_storage_create_flags_t create_flags)
{
    return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_ps_set_extended(psa_storage_uid_t uid, size_t data_offset, size_t data_length, const void *p_data)
{
    return PSA_ERROR_NOT_SUPPORTED;
}

uint32_t psa_ps_get_support(void)
{
    return 0;
}

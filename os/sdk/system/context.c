/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's context: in RAM for whoever asks, in two records of a store of its own. */
#include "os/kernel/kernel.h"
#include "os/port/flash.h"
#include "os/sdk/mico_system.h"
#include "os/sdk/system/places.h"
#include "os/store/store.h"

#define SYSTEM_RECORD "system"
#define USER_RECORD "user"

static mico_Context_t the_context;
static uint64_t the_data[MICO_SYSTEM_USER_DATA_MAX / sizeof(uint64_t)];
static uint32_t the_size;
static bool the_context_is_there;
static struct mico_store the_store;

/* One thread at a time is in the store. */
static struct mico_mutex the_lock;
static bool the_lock_is_there;

static bool lock(void)
{
    uint32_t irq = mico_irq_save();
    if (!the_lock_is_there) {
        mico_mutex_init(&the_lock);
        the_lock_is_there = true;
    }
    mico_irq_restore(irq);
    return mico_mutex_lock(&the_lock, MICO_FOREVER) == MICO_OK;
}

/* *found: a record of just that size was read. */
static mico_err read_record(const char *name, void *out, size_t size, bool *found)
{
    size_t len = 0;
    mico_err err = mico_store_get(&the_store, name, out, size, &len, found);
    if (err == MICO_ERR_SIZE || err == MICO_ERR_CORRUPT ||
        (*found && len != size)) { /* of another application, or spoilt */
        *found = false;
        memset(out, 0, size);
        return MICO_OK;
    }
    return err;
}

static mico_err read_both(bool *found)
{
    *found = false;
    if (!mico_board_has_flash()) {
        return MICO_OK;
    }
    mico_err err = mico_store_open(&the_store, mico_board_flash(), SDK_FLASH_CONTEXT, SDK_FLASH_CONTEXT_SIZE);
    if (err == MICO_OK) {
        err = read_record(SYSTEM_RECORD, &the_context.micoSystemConfig, sizeof the_context.micoSystemConfig, found);
    }
    if (err == MICO_OK && *found) {
        *found = the_size == 0;
        err = the_size > 0 ? read_record(USER_RECORD, the_data, the_size, found) : MICO_OK;
    }
    return err;
}

mico_Context_t *mico_system_context_init(uint32_t size)
{
    bool found;
    if (size > MICO_SYSTEM_USER_DATA_MAX || mico_in_interrupt() || !lock()) {
        return NULL;
    }
    the_size = size;
    memset(&the_context, 0, sizeof the_context);
    memset(the_data, 0, sizeof the_data);
    the_context_is_there = read_both(&found) == MICO_OK;
    (void)mico_mutex_unlock(&the_lock);
    if (the_context_is_there && !found) {
        (void)mico_system_context_restore(&the_context); /* what could not be written is found out at the next update */
    }
    return mico_system_context_get();
}

mico_Context_t *mico_system_context_get(void)
{
    return the_context_is_there ? &the_context : NULL;
}

static bool is_the_context(const mico_Context_t *context)
{
    return the_context_is_there && context == &the_context;
}

void *mico_system_context_get_user_data(mico_Context_t *context)
{
    return is_the_context(context) ? the_data : NULL;
}

OSStatus mico_system_context_update(mico_Context_t *context)
{
    if (!is_the_context(context)) {
        return kParamErr;
    }
    if (mico_in_interrupt() || !lock()) {
        return kGeneralErr;
    }
    mico_err err = mico_board_has_flash() ? MICO_OK : MICO_ERR_UNSUPPORTED;
    the_context.micoSystemConfig.seed++;
    if (err == MICO_OK && the_size > 0) {
        err = mico_store_put(&the_store, USER_RECORD, the_data, the_size);
    }
    if (err == MICO_OK) {
        err = mico_store_put(&the_store, SYSTEM_RECORD, &the_context.micoSystemConfig,
                             sizeof the_context.micoSystemConfig);
    }
    (void)mico_mutex_unlock(&the_lock);
    switch (err) {
    case MICO_OK:
        return kNoErr;
    case MICO_ERR_UNSUPPORTED:
        return kUnsupportedErr;
    case MICO_ERR_FULL:
        return kNoSpaceErr;
    default:
        return kWriteErr;
    }
}

__attribute__((weak)) void appRestoreDefault_callback(void *const user_config_data, uint32_t size)
{
}

OSStatus mico_system_context_restore(mico_Context_t *context)
{
    if (!is_the_context(context)) {
        return kParamErr;
    }
    memset(&the_context, 0, sizeof the_context);
    memset(the_data, 0, sizeof the_data);
    the_context.micoSystemConfig.dhcpEnable = true;
    appRestoreDefault_callback(the_data, the_size);
    return mico_system_context_update(context);
}

/* Where size bytes at offset of the section lie. */
static OSStatus find_section(int section, uint32_t offset, uint32_t size, uint8_t **out)
{
    uint8_t *start = section == PARA_BOOT_TABLE_SECTION  ? (uint8_t *)&the_context.bootTable
                     : section == PARA_MICO_DATA_SECTION ? (uint8_t *)&the_context.micoSystemConfig
                     : section == PARA_APP_DATA_SECTION  ? (uint8_t *)the_data
                                                         : NULL;
    uint32_t length = section == PARA_BOOT_TABLE_SECTION  ? sizeof the_context.bootTable
                      : section == PARA_MICO_DATA_SECTION ? sizeof the_context.micoSystemConfig
                                                          : the_size;
    if (start == NULL) {
        return kParamErr;
    }
    if (!the_context_is_there) {
        return kNotPreparedErr;
    }
    if (offset > length || size > length - offset) {
        return kSizeErr;
    }
    *out = start + offset;
    return kNoErr;
}

OSStatus mico_system_para_read(void **info_ptr, int section, uint32_t offset, uint32_t size)
{
    uint8_t *place = NULL;
    OSStatus err = info_ptr == NULL ? kParamErr : find_section(section, offset, size, &place);
    if (err == kNoErr) {
        *info_ptr = place;
    }
    return err;
}

OSStatus mico_system_para_read_release(void *info_ptr)
{
    return info_ptr != NULL ? kNoErr : kParamErr;
}

OSStatus mico_system_para_write(const void *info_ptr, int section, uint32_t offset, uint32_t size)
{
    uint8_t *place = NULL;
    OSStatus err = info_ptr == NULL ? kParamErr : find_section(section, offset, size, &place);
    if (err == kNoErr) {
        memmove(place, info_ptr, size);
        err = mico_system_context_update(&the_context);
    }
    return err;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A device finds out who it is: the factory's records, the chip's keys and certificate. */
#include <string.h>

#include "apps/device/internal.h"
#include "apps/device/port.h"
#include "base/log.h"
#include "crypto/psa/psa_mscp.h"
#include "mscp/host/transport_uart_kernel.h"

/* Read a record that must be there with exactly len bytes. */
static mico_err record(struct mico_store *store, const char *name, void *out, size_t len)
{
    size_t got = 0;
    bool found = false;
    mico_err err = mico_store_get(store, name, out, len, &got, &found);
    if (err == MICO_OK && (!found || got != len)) {
        err = found ? MICO_ERR_SIZE : MICO_ERR_STATE;
    }
    if (err != MICO_OK) {
        MICO_LOG("device", "the factory's record %s: %s", name, found ? mico_err_name(err) : "missing");
    }
    return err;
}

static mico_err open_stores(struct mico_device *device)
{
    const struct mico_flash *flash = mico_board_flash();
    mico_err err = mico_store_open(&device->provision, flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE);
    if (err == MICO_OK) {
        err = mico_store_open(&device->records, flash, MICO_FLASH_APP, MICO_FLASH_APP_SIZE);
    }
    if (err != MICO_OK) {
        MICO_LOG("device", "cannot open the flash's records (%s)", mico_err_name(err));
    }
    return err;
}

static mico_err read_records(struct mico_device *device)
{
    mico_err err = record(&device->provision, MICO_RECORD_DEVICE_ID, device->id, MICO_DEVICE_ID_SIZE);
    if (err == MICO_OK) {
        err = record(&device->provision, MICO_RECORD_SETUP, device->setup, sizeof device->setup);
    }
    return err != MICO_OK ? err : mico_provision_get_cloud(&device->provision, &device->cloud);
}

static mico_err open_chip(struct mico_device *device)
{
    uint8_t encoded[MSCP_BINDING_SIZE];
    struct mscp_binding binding;
    mico_err err = record(&device->provision, MSCP_BINDING_RECORD, encoded, sizeof encoded);
    if (err == MICO_OK) {
        err = mscp_binding_decode(&binding, encoded, sizeof encoded);
    }
    if (err == MICO_OK) {
        mscp_uart_kernel(&device->transport);
        mscp_host_start(&device->chip, &device->transport, &binding);
        mico_hex(binding.serial, sizeof binding.serial, device->serial);
        err = mscp_host_read(&device->chip, MSCP_ID_CHAIN, device->chain, sizeof device->chain, &device->chain_len);
        MICO_LOG("device", "chip %s: %s", device->serial, err == MICO_OK ? "session open" : mico_err_name(err));
    }
    mico_wipe(encoded, sizeof encoded);
    mico_wipe(&binding, sizeof binding);
    return err;
}

static mico_err key(uint32_t object_id, psa_key_id_t *out)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_bits(&attributes, 255);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    psa_status_t status = mico_psa_register_mscp_key(&attributes, object_id, out);
    if (status != PSA_SUCCESS) {
        MICO_LOG("device", "PSA does not take the chip's key %lu (%ld)", (unsigned long)object_id, (long)status);
    }
    return status == PSA_SUCCESS ? MICO_OK : MICO_ERR_STATE;
}

static mico_err open_keys(struct mico_device *device)
{
    if (psa_crypto_init() != PSA_SUCCESS || mico_psa_attach_mscp(&device->chip) != PSA_SUCCESS) {
        MICO_LOG("device", "cannot start PSA Crypto");
        return MICO_ERR_ENTROPY;
    }
    mico_err err = key(MSCP_ID_IDENTITY, &device->identity_key);
    return err != MICO_OK ? err : key(MSCP_ID_PAIRING, &device->pairing_key);
}

mico_err mico_device_identify(struct mico_device *device)
{
    mico_err err = open_stores(device);
    if (err == MICO_OK) {
        err = read_records(device);
    }
    if (err == MICO_OK) {
        err = open_chip(device);
    }
    return err != MICO_OK ? err : open_keys(device);
}

void mico_device_confirm(struct mico_device *device)
{
    const struct mico_handoff *handoff = mico_device_handoff();
    static bool done;
    if (handoff == NULL || done) {
        return;
    }
    mico_device_lock(&device->chip_lock);
    mico_err err = mscp_host_counter_raise(&device->chip, MSCP_ID_ROLLBACK, handoff->security_counter);
    mico_mutex_unlock(&device->chip_lock);
    done = err == MICO_OK;
    if (done) {
        MICO_LOG("device", "firmware %u.%u.%u confirmed: nothing below security counter %lu boots again",
                 handoff->version.major, handoff->version.minor, handoff->version.revision,
                 (unsigned long)handoff->security_counter);
    } else {
        MICO_LOG("device", "the chip does not raise its rollback counter (%s)", mico_err_name(err));
    }
}

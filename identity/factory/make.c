/* SPDX-License-Identifier: Apache-2.0 */
/* Making one device. The steps stand in a table, in an order that a crash at any point leaves something to go on from:
 *
 *   binding   chip and host pair; into the flash, synced; only then a session makes the chip keep it
 *   label     on the station's disk: from here on this station knows that the chip is its own
 *   keys      those that are not there yet
 *   attest    the chip's statements about them
 *   certify   the chain into the chip, or the one that is there checked
 *   provision the other records into the flash, synced
 *   lock      after a dry run
 *   log       the line that makes it a device, synced
 */
#include "identity/factory/make.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "identity/factory/certify.h"
#include "identity/factory/log.h"
#include "identity/factory/pending.h"
#include "identity/factory/say.h"
#include "os/boards/posix/posix.h"

struct making {
    const struct station *station;
    const struct station_order *order;
    struct station_log log;
    struct station_chip chip;
    struct mico_posix_flash flash;
    struct mico_store store; /* the device's provision store */
    struct mscp_binding binding;
    struct station_made *made;
    bool begun;  /* by an earlier run, whose label we have */
    bool locked; /* by an earlier run */
};

static void reached(const struct making *m, const char *step)
{
    if (m->order->after_step != NULL) {
        m->order->after_step(m->order->ctx, step);
    }
}

static mico_err sync_flash(const struct making *m)
{
    mico_err err = mico_posix_flash_sync(&m->flash);
    return err == MICO_OK ? MICO_OK : station_fail(err, "check the disk", "%s: cannot be synced", m->order->flash);
}

static mico_err store_record(struct making *m, const char *name, const void *value, size_t len)
{
    mico_err err = mico_store_put(&m->store, name, value, len);
    return err == MICO_OK ? MICO_OK
                          : station_fail(err, "check the flash file", "%s: record %s: %s", m->order->flash, name,
                                         mico_err_name(err));
}

/* ---- binding ---- */

static mico_err load_binding(struct making *m, bool *found)
{
    uint8_t record[MSCP_BINDING_SIZE];
    char serial[2 * MSCP_SERIAL_SIZE + 1];
    size_t len;
    mico_err err = mico_store_get(&m->store, MSCP_BINDING_RECORD, record, sizeof record, &len, found);
    if (err == MICO_OK && *found) {
        err = mscp_binding_decode(&m->binding, record, len);
    }
    mico_wipe(record, sizeof record);
    if (err != MICO_OK) {
        return station_fail(err, "give a new file", "%s: its record %s cannot be used: %s", m->order->flash,
                            MSCP_BINDING_RECORD, mico_err_name(err));
    }
    if (*found && memcmp(m->binding.serial, m->chip.info.serial, MSCP_SERIAL_SIZE) != 0) {
        mico_hex(m->binding.serial, MSCP_SERIAL_SIZE, serial);
        return station_fail(MICO_ERR_DENIED, "give this device's own flash, or the name of a new file",
                            "%s belongs to chip %s, not to %s", m->order->flash, serial, m->chip.serial);
    }
    return MICO_OK;
}

static mico_err pair(struct making *m)
{
    uint8_t record[MSCP_BINDING_SIZE];
    mico_err err = station_chip_pair(&m->chip, &m->binding);
    if (err != MICO_OK) {
        return err;
    }
    reached(m, "paired");
    mscp_binding_encode(&m->binding, record);
    err = store_record(m, MSCP_BINDING_RECORD, record, sizeof record);
    mico_wipe(record, sizeof record);
    if (err == MICO_OK) {
        err = sync_flash(m);
    }
    reached(m, "bound");
    return err;
}

static mico_err step_binding(struct making *m)
{
    bool have, known = false;
    mico_err err = load_binding(m, &have);
    if (err == MICO_OK && have) {
        err = station_chip_resume(&m->chip, &m->binding, &known);
    }
    if (err != MICO_OK || known) {
        return err;
    }
    if (m->locked) {
        return station_fail(MICO_ERR_DENIED, "give the --flash that was used with this chip before",
                            "chip %s is locked, but not in the log, and %s is not the flash that it is bound to",
                            m->chip.serial, m->order->flash);
    }
    err = pair(m);
    if (err == MICO_OK) {
        err = station_chip_resume(&m->chip, &m->binding, &known);
    }
    if (err == MICO_OK && !known) {
        err = station_fail(MICO_ERR_AUTH, "run the same command again", "chip %s does not know its new binding",
                           m->chip.serial);
    }
    return err;
}

/* ---- label, keys and certificate ---- */

static mico_err step_label(struct making *m)
{
    struct station_label *label = &m->made->label;
    if (m->begun) {
        return MICO_OK;
    }
    mico_err err = station_label_draw(label);
    return err == MICO_OK ? station_pending_save(m->station, m->chip.info.serial, label) : err;
}

static mico_err step_keys(struct making *m)
{
    struct mico_manifest_entry *entry = &m->made->entry;
    mico_err err = station_chip_make_keys(&m->chip, entry->identity_key, entry->firmware_key);
    if (err != MICO_OK) {
        return err;
    }
    mico_device_id(entry->identity_key, entry->device_id);
    const struct mico_manifest_entry *other = station_log_find_id(&m->log, entry->device_id);
    if (other != NULL) {
        return station_fail(MICO_ERR_DENIED, "this chip is scrap: ids have 48 bits, and this one is taken",
                            "chip %s: device id %s is that of entry %u", m->chip.serial, entry->device_id,
                            other->index);
    }
    return MICO_OK;
}

static mico_err step_attest(struct making *m)
{
    return station_chip_attest(&m->chip, &m->binding, m->made->entry.identity_key, m->made->entry.firmware_key);
}

static mico_err step_certify(struct making *m)
{
    return station_certify_chip(m->station, &m->log, &m->chip, &m->made->entry);
}

/* ---- flash, lock, log ---- */

static mico_err step_provision(struct making *m)
{
    uint8_t setup[MICO_SETUP_SALT_SIZE + MICO_SETUP_VERIFIER_SIZE];
    mico_err err = station_label_verifier(&m->made->label, setup);
    if (err == MICO_OK) {
        err = store_record(m, MICO_RECORD_SETUP, setup, sizeof setup);
    }
    if (err == MICO_OK) {
        err = store_record(m, MICO_RECORD_SETUP_ID, m->made->label.id, MICO_SETUP_ID_SIZE);
    }
    if (err == MICO_OK) {
        err = store_record(m, MICO_RECORD_DEVICE_ID, m->made->entry.device_id, MICO_DEVICE_ID_SIZE);
    }
    if (err == MICO_OK && m->order->cloud != NULL) {
        err = mico_provision_put_cloud(&m->store, m->order->cloud);
        err = err == MICO_OK ? MICO_OK
                             : station_fail(err, "check --cloud and --cloud-root", "%s: record %s: %s", m->order->flash,
                                            MICO_RECORD_CLOUD, mico_err_name(err));
    }
    mico_wipe(setup, sizeof setup);
    return err == MICO_OK ? sync_flash(m) : err;
}

static mico_err step_lock(struct making *m)
{
    if (m->locked) {
        return MICO_OK;
    }
    mico_err err = station_chip_lock(&m->chip, true);
    if (err == MICO_OK) {
        reached(m, "dry-run");
        err = station_chip_lock(&m->chip, false);
    }
    return err;
}

/* The line, from here on a device. The log takes a copy of the certificate: the caller keeps its own. */
static mico_err step_log(struct making *m)
{
    struct mico_manifest_entry entry = m->made->entry;
    uint8_t *copy = gnutls_malloc(entry.certificate.len);
    if (copy == NULL) {
        return station_fail(MICO_ERR_FULL, NULL, "no memory for a certificate");
    }
    memcpy(copy, entry.certificate.data, entry.certificate.len);
    entry.certificate.data = copy;
    mico_err err = station_log_append(&m->log, m->station, &entry);
    if (err != MICO_OK) {
        gnutls_free(copy);
    }
    return err;
}

static const struct step {
    const char *name;
    mico_err (*run)(struct making *m);
} steps[] = {
    {"binding", step_binding}, {"label", step_label},         {"keys", step_keys}, {"attest", step_attest},
    {"certify", step_certify}, {"provision", step_provision}, {"lock", step_lock}, {"log", step_log},
};

/* ---- a chip that is in the log already ---- */

static mico_err give_again(struct making *m, const struct mico_manifest_entry *logged)
{
    bool found;
    mico_err err = station_pending_load(m->station, logged->serial, &m->made->label, &found);
    if (err != MICO_OK) {
        return err;
    }
    if (!found) {
        return station_fail(MICO_ERR_DENIED, "take a new chip", "chip %s was made already: entry %u, device %s",
                            m->chip.serial, logged->index, logged->device_id);
    }
    station_say("chip %s: made by an earlier run, which did not give out the label", m->chip.serial);
    uint8_t *copy = gnutls_malloc(logged->certificate.len);
    if (copy == NULL) {
        return station_fail(MICO_ERR_FULL, NULL, "no memory for a certificate");
    }
    memcpy(copy, logged->certificate.data, logged->certificate.len);
    m->made->entry = *logged;
    m->made->entry.certificate.data = copy;
    return MICO_OK;
}

/* Whether this chip may become a device, or go on becoming one. */
static mico_err check_life(struct making *m)
{
    uint8_t life = m->chip.info.lifecycle;
    m->locked = life == MSCP_OPERATIONAL;
    if (!m->locked && life != MSCP_CREATED && life != MSCP_FACTORY) {
        return station_fail(MICO_ERR_DENIED, "take a new chip", "chip %s is at the end of its life (0x%02x)",
                            m->chip.serial, life);
    }
    mico_err err = station_pending_load(m->station, m->chip.info.serial, &m->made->label, &m->begun);
    if (err == MICO_OK && m->locked && !m->begun) {
        return station_fail(MICO_ERR_DENIED, "find out which station made it; it cannot become a device again",
                            "chip %s is locked, but not in this station's log", m->chip.serial);
    }
    if (err == MICO_OK && m->begun) {
        station_say("chip %s: going on with what an earlier run began", m->chip.serial);
    }
    return err;
}

static mico_err open_flash(struct making *m)
{
    const char *path = m->order->flash;
    mico_err err = mico_posix_flash_open(&m->flash, path);
    if (err != MICO_OK) {
        return station_fail(err, "check the path, its permissions and the free space", "cannot use the flash %s: %s",
                            path, mico_err_name(err));
    }
    if (m->flash.flash.size != MICO_POSIX_FLASH_SIZE) {
        return station_fail(MICO_ERR_PARAM, "give a flash of 16 MiB, or the name of a new file",
                            "%s is no flash: %u bytes, not %u", path, m->flash.flash.size, MICO_POSIX_FLASH_SIZE);
    }
    err = mico_store_open(&m->store, &m->flash.flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE);
    return err == MICO_OK
               ? MICO_OK
               : station_fail(err, "give a new file", "%s: its provision store: %s", path, mico_err_name(err));
}

static mico_err run_steps(struct making *m)
{
    mico_err err = check_life(m);
    if (err != MICO_OK) {
        return err;
    }
    memcpy(m->made->entry.serial, m->chip.info.serial, MSCP_SERIAL_SIZE);
    err = open_flash(m);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && err == MICO_OK; i++) {
        err = steps[i].run(m);
        if (err == MICO_OK) {
            reached(m, steps[i].name);
        }
    }
    return err;
}

mico_err station_make(const struct station *station, const struct station_order *order, struct station_made *made)
{
    struct making m = {.station = station, .order = order, .made = made};
    memset(made, 0, sizeof *made);
    mico_err err = station_pending_sweep(station);
    if (err == MICO_OK) {
        err = station_log_open(&m.log, station, false);
    }
    if (err != MICO_OK) {
        return err;
    }
    err = station_chip_open(&m.chip, order->link);
    if (err == MICO_OK) {
        const struct mico_manifest_entry *logged = station_log_find(&m.log, m.chip.info.serial);
        err = logged != NULL ? give_again(&m, logged) : run_steps(&m);
    }
    if (err == MICO_OK) {
        station_label_payload(&made->label, order->category, made->payload);
    } else {
        station_made_close(made);
    }
    station_chip_close(&m.chip);
    if (m.flash.memory != NULL) {
        mico_posix_flash_close(&m.flash);
    }
    station_log_close(&m.log);
    mico_wipe(&m.binding, sizeof m.binding);
    return err;
}

mico_err station_made_delivered(const struct station *station, const struct station_made *made)
{
    return station_pending_remove(station, made->entry.serial);
}

void station_made_close(struct station_made *made)
{
    mico_manifest_entry_free(&made->entry);
    mico_wipe(made, sizeof *made);
}

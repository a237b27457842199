/* SPDX-License-Identifier: Apache-2.0 */
/* The steps from a flash that may hold anything to an image that may run.
 *
 * Against faults (a skipped instruction, a flipped bit) no single comparison opens the door: the steps stand in a table
 * and each adds its own odd number to `passed` where it succeeds; the sum is compared twice; signature and counter are
 * checked before the payload is decrypted, and again afterwards by other code over the digest that was computed; until the
 * chip has told its counter no image is new enough. The verdict is a word of many bits. */
#include "boot/loader/loader.h"

#include <string.h>

#include "boot/image/format.h"
#include "identity/provision.h"

#define CHIP_TRIES 3 /* of 5 s each: a chip that starts when the device does may be late */

#define MARK_BINDING 0x1D872B41u
#define MARK_KEYS 0x2E5F9C03u
#define MARK_CHIP 0x0B7A64F5u
#define MARK_FORM 0x17C3E8A9u
#define MARK_SIGNATURE 0x3349D5E7u
#define MARK_COUNTER 0x0A96B30Du
#define MARK_UNWRAP 0x24E17F5Bu
#define MARK_LOAD 0x11F8A2C7u
#define MARK_GENUINE 0x09D53E6Fu
#define MARK_ALL                                                                                                  \
    (MARK_BINDING + MARK_KEYS + MARK_CHIP + MARK_FORM + MARK_SIGNATURE + MARK_COUNTER + MARK_UNWRAP + MARK_LOAD + \
     MARK_GENUINE)

static mico_err refuse(struct loader *loader, mico_err err, const char *text)
{
    return mico_refuse(&loader->reason, err, "%s", text);
}

/* What binds this device to its chip, from the store that the factory wrote. Opening a store only reads. */
static mico_err take_binding(struct loader *loader)
{
    struct mico_store store;
    uint8_t record[MSCP_BINDING_SIZE];
    size_t len = 0;
    bool found = false;
    mico_err err = mico_store_open(&store, loader->place->flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE);
    if (err == MICO_OK) {
        err = mico_store_get(&store, MSCP_BINDING_RECORD, record, sizeof record, &len, &found);
    }
    if (err == MICO_OK && !found) {
        err = refuse(loader, MICO_ERR_STATE,
                     "provision: flash holds no binding to a chip: provision the device at the station");
    } else if (err == MICO_OK && mscp_binding_decode(&loader->binding, record, len) == MICO_OK) {
        loader->passed += MARK_BINDING;
    } else {
        err = mico_refuse(&loader->reason, err != MICO_OK ? err : MICO_ERR_CORRUPT,
                          "provision: the binding to the chip is damaged: provision the device at the station");
    }
    mico_wipe(record, sizeof record);
    return err;
}

static bool all_bytes_are(const uint8_t bytes[32], uint8_t value)
{
    uint8_t differs = 0;
    for (int i = 0; i < 32; i++) {
        differs |= bytes[i] ^ value;
    }
    return differs == 0;
}

static mico_err take_keys(struct loader *loader)
{
    const uint8_t *page = loader->place->key_page;
    uint32_t count = mico_load_le32(page + 4);
    if (memcmp(page, "MOTP", 4) != 0 || count < 1 || count > LOADER_KEYS_MAX) {
        return refuse(loader, MICO_ERR_FORMAT,
                      "key page: no trusted firmware keys there: write it with mico image otp");
    }
    memcpy(loader->key_hashes, page + 8, 32 * count);
    for (uint32_t i = 0; i < count; i++) {
        if (all_bytes_are(loader->key_hashes[i], 0x00) || all_bytes_are(loader->key_hashes[i], 0xFF)) {
            return mico_refuse(&loader->reason, MICO_ERR_FORMAT, "key page: key %u of %u is empty", (unsigned)i + 1,
                               (unsigned)count);
        }
    }
    loader->key_hash_count = count;
    loader->passed += MARK_KEYS;
    return MICO_OK;
}

static mico_err refuse_chip(struct loader *loader, mico_err err)
{
    switch (err) {
    case MICO_ERR_TIMEOUT:
    case MICO_ERR_IO:
    case MICO_ERR_CLOSED:
        return mico_refuse(&loader->reason, err, "chip: does not answer (%s): check its link and supply",
                           mico_err_name(err));
    case MICO_ERR_AUTH:
        return refuse(loader, err, "chip: is not the one that this device is bound to");
    case MICO_ERR_ENTROPY:
        return refuse(loader, err, "chip: no random numbers for the session: check the entropy source");
    default:
        return mico_refuse(&loader->reason, err, "chip: does not give the rollback counter (%s, status %s)",
                           mico_err_name(err), mscp_status_name(mscp_host_last_status(&loader->host)));
    }
}

/* The first command opens the session: the chip proves that it is the one of the binding, we that we are its device. */
static mico_err open_chip(struct loader *loader)
{
    char serial[2 * MSCP_SERIAL_SIZE + 1];
    struct mico_reason line;
    mico_err err = MICO_ERR_TIMEOUT;
    loader->lowest_counter = UINT64_MAX; /* nothing may boot until the chip has said what may */
    mscp_host_start(&loader->host, loader->place->transport, &loader->binding);
    for (int tries = 0; tries < CHIP_TRIES && err == MICO_ERR_TIMEOUT; tries++) {
        err = mscp_host_counter(&loader->host, MSCP_ID_ROLLBACK, &loader->lowest_counter);
    }
    if (err != MICO_OK) {
        return refuse_chip(loader, err);
    }
    mico_hex(loader->binding.serial, MSCP_SERIAL_SIZE, serial);
    mico_reason_write(&line, "loader: chip %s, session open", serial);
    loader->place->say(line.text);
    loader->passed += MARK_CHIP;
    return MICO_OK;
}

/* The format allows more than a device of ours runs. */
static mico_err check_form(struct loader *loader)
{
    const struct loader_place *place = loader->place;
    const struct mico_image *image = &loader->image;
    struct mico_image_source slot = mico_update_source(&loader->slot);
    loader->began_ms = place->now_ms();
    mico_err err = mico_image_parse(&loader->image, &slot, &loader->reason);
    if (err != MICO_OK) {
        return err;
    }
    if (!mico_image_is_encrypted(image) || image->wrap_len == 0) {
        return refuse(loader, MICO_ERR_DENIED, "image: is not encrypted; this device runs encrypted images only");
    }
    if ((image->flags & IMAGE_RAM_LOAD) == 0 || image->load_addr != place->load_addr) {
        return mico_refuse(&loader->reason, MICO_ERR_FORMAT, "image: load address is %x%s; this board loads to %x",
                           (unsigned)image->load_addr, image->flags & IMAGE_RAM_LOAD ? "" : " without RAM_LOAD",
                           (unsigned)place->load_addr);
    }
    if (image->header_size != place->header_size) {
        return mico_refuse(&loader->reason, MICO_ERR_FORMAT,
                           "image: header size is %u; this board's programs are linked for %u", image->header_size,
                           place->header_size);
    }
    loader->passed += MARK_FORM;
    return MICO_OK;
}

static struct mico_image_trust trust_of(const struct loader *loader)
{
    return (struct mico_image_trust){.key_hashes = (const uint8_t(*)[32])loader->key_hashes,
                                     .key_hash_count = loader->key_hash_count};
}

static mico_err check_signature(struct loader *loader)
{
    struct mico_image_trust trust = trust_of(loader);
    mico_err err = mico_image_verify(&loader->image, &trust, loader->image.digest, &loader->reason);
    if (err == MICO_OK) {
        loader->passed += MARK_SIGNATURE;
    }
    return err;
}

static mico_err check_counter(struct loader *loader)
{
    mico_err err = mico_image_check_counter(&loader->image, loader->lowest_counter, &loader->reason);
    if (err == MICO_OK) {
        loader->passed += MARK_COUNTER;
    }
    return err;
}

static mico_err agree_in_chip(void *ctx, const uint8_t peer[32], uint8_t out[32])
{
    return mscp_host_agree(ctx, MSCP_ID_FIRMWARE, peer, out);
}

static mico_err unwrap(struct loader *loader)
{
    mico_err err =
        mico_image_unwrap(&loader->image, agree_in_chip, &loader->host, &loader->content_key, &loader->reason);
    if (err == MICO_OK) {
        loader->passed += MARK_UNWRAP;
    }
    return err;
}

static mico_err load(struct loader *loader)
{
    struct mico_image_source slot = mico_update_source(&loader->slot);
    mico_err err = mico_image_load(&loader->image, &slot, &loader->content_key, loader->place->load,
                                   loader->place->load_size, loader->digest, &loader->reason);
    mico_wipe(&loader->content_key, sizeof loader->content_key);
    if (err == MICO_OK) {
        loader->passed += MARK_LOAD;
    }
    return err;
}

/* A program for this board begins with a stack in RAM and an entry, in Thumb code, inside itself. */
static bool has_vectors(const struct loader *loader)
{
    const struct loader_place *place = loader->place;
    if (loader->image.payload_size < 8) {
        return false;
    }
    uint32_t stack = mico_load_le32(place->load + place->header_size);
    uint32_t entry = mico_load_le32(place->load + place->header_size + 4);
    uint32_t start = loader_vectors(loader);
    return stack > place->ram_start && stack <= place->ram_end && stack % 8 == 0 && (entry & 1) != 0 && entry > start &&
           entry - start < loader->image.payload_size;
}

/* Once more, in other code, over what was really found: with the digest genuine, counter and version are so too. The proof
 * itself goes into the sum. */
static mico_err check_genuine(struct loader *loader)
{
    struct mico_image_trust trust = trust_of(loader);
    volatile uint32_t proof = mico_image_proof(&loader->image, &trust, loader->digest);
    if (proof != MICO_IMAGE_PROVEN) {
        return refuse(loader, MICO_ERR_AUTH, "image: the Ed25519 signature is not over what was loaded");
    }
    if (mico_image_counter(&loader->image) != loader->image.security_counter ||
        loader->image.security_counter < loader->lowest_counter) {
        return refuse(loader, MICO_ERR_ROLLBACK, "image: security counter is older than the chip allows");
    }
    if (!has_vectors(loader)) {
        return refuse(loader, MICO_ERR_FORMAT, "image: does not begin with a stack and an entry of this board");
    }
    loader->passed += MARK_GENUINE - MICO_IMAGE_PROVEN + proof;
    return MICO_OK;
}

/* What the device is, and then what an image is. */
static mico_err (*const steps[])(struct loader *) = {
    take_binding, take_keys, open_chip, check_form, check_signature, check_counter, unwrap, load, check_genuine,
};
#define STEPS_OF_DEVICE 3u
#define STEPS_OF_IMAGE (sizeof steps / sizeof steps[0] - STEPS_OF_DEVICE)

static mico_err run(struct loader *loader, mico_err (*const step[])(struct loader *), size_t count)
{
    mico_err err = MICO_OK;
    for (size_t i = 0; i < count && err == MICO_OK; i++) {
        err = step[i](loader);
    }
    return err;
}

/* An update that passes everything is copied to slot A, and what starts is checked there again: a fault here can only write
 * what cannot start. One that does not pass is forgotten, and slot A stays as it is. What has passed does not count. */
static void install_update(struct loader *loader)
{
    const struct mico_flash *flash = loader->place->flash;
    uint32_t passed = loader->passed;
    struct mico_reason line;
    bool requested = false;
    if (mico_update_requested(flash, &requested) != MICO_OK || !requested) {
        return;
    }
    loader->slot.start = MICO_FLASH_SLOT_B;
    mico_err err = run(loader, steps + STEPS_OF_DEVICE, STEPS_OF_IMAGE);
    if (err == MICO_OK && loader->passed == MARK_ALL) {
        err = mico_update_install(flash, loader->image.size);
        mico_reason_write(&line, "loader: update installed%s", err == MICO_OK ? "" : " in part: the flash fails");
    } else {
        err = mico_update_forget(flash);
        mico_reason_write(&line, "loader: update refused: %s%s", loader->reason.text,
                          err == MICO_OK ? "" : " (and the flash fails)");
    }
    loader->place->say(line.text);
    mico_wipe(&loader->content_key, sizeof loader->content_key);
    mico_wipe(loader->place->load, loader->place->load_size);
    mico_wipe(loader->digest, sizeof loader->digest);
    memset(&loader->image, 0, sizeof loader->image);
    loader->reason.text[0] = '\0';
    loader->slot.start = MICO_FLASH_SLOT_A;
    loader->passed = passed;
}

static void fill_handoff(const struct loader *loader, struct mico_handoff *handoff)
{
    memset(handoff, 0, sizeof *handoff);
    handoff->magic = MICO_HANDOFF_MAGIC;
    handoff->security_counter = loader->image.security_counter;
    handoff->version = loader->image.version;
    memcpy(handoff->digest, loader->digest, sizeof handoff->digest);
}

static void say_start(const struct loader *loader)
{
    const struct mico_boot_version *v = &loader->image.version;
    struct mico_reason line, build = {""};
    if (v->build != 0) {
        mico_reason_write(&build, "+%u", (unsigned)v->build);
    }
    mico_reason_write(&line, "loader: starting %u.%u.%u%s (security counter %u), verified and decrypted in %u ms",
                      v->major, v->minor, v->revision, build.text, (unsigned)loader->image.security_counter,
                      (unsigned)(loader->place->now_ms() - loader->began_ms));
    loader->place->say(line.text);
}

/* The chip's evidence then tells what runs. A measurement that is missing shows there as zeros, so it need not stop the start. */
static void measure(struct loader *loader)
{
    if (mscp_host_measure(&loader->host, LOADER_REGISTER, loader->digest) != MICO_OK) {
        loader->place->say("loader: the chip did not take the measurement of the image");
    }
}

static enum loader_verdict refuse_to_start(struct loader *loader, struct mico_handoff *handoff)
{
    struct mico_reason line;
    mico_reason_write(&line, "loader: refused: %s",
                      loader->reason.text[0] != '\0' ? loader->reason.text : "a check was passed over (fault?)");
    mico_wipe(loader->place->load, loader->place->load_size);
    mico_wipe(handoff, sizeof *handoff);
    loader->place->say(line.text);
    return LOADER_REFUSED;
}

enum loader_verdict loader_decide(struct loader *loader, const struct loader_place *place, struct mico_handoff *handoff)
{
    memset(loader, 0, sizeof *loader);
    loader->place = place;
    loader->slot = (struct mico_update_slot){place->flash, MICO_FLASH_SLOT_A};
    mico_err err = run(loader, steps, STEPS_OF_DEVICE);
    if (err == MICO_OK) {
        install_update(loader);
        err = run(loader, steps + STEPS_OF_DEVICE, STEPS_OF_IMAGE);
    }
    if (err == MICO_OK) {
        measure(loader);
    }
    mico_wipe(&loader->content_key, sizeof loader->content_key);
    mico_wipe(&loader->binding, sizeof loader->binding);
    if (loader->host.transport.write != NULL) {
        mscp_host_stop(&loader->host);
    }

    const volatile uint32_t *passed = &loader->passed; /* read from memory each time */
    if (err != MICO_OK || *passed != MARK_ALL) {
        return refuse_to_start(loader, handoff);
    }
    fill_handoff(loader, handoff);
    if (*passed != MARK_ALL || !mico_ct_equal(loader->digest, loader->image.digest, sizeof loader->digest)) {
        return refuse_to_start(loader, handoff);
    }
    say_start(loader);
    return *passed == MARK_ALL ? LOADER_START : LOADER_REFUSED;
}

uint32_t loader_vectors(const struct loader *loader)
{
    return loader->place->load_addr + loader->place->header_size;
}

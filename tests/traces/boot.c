/* SPDX-License-Identifier: Apache-2.0 */
/* An encrypted image, whose key and text are secret: made, unwrapped, loaded; the loader's whole decision, with the chip. */
#include <string.h>

#include "boot/image/format.h"
#include "boot/image/image_make.h"
#include "boot/loader/loader.h"
#include "crypto/primitives/primitives.h"
#include "identity/provision.h"
#include "os/store/store.h"
#include "tests/traces/cases.h"

#define LOAD_ADDR 0x40000u
#define IMAGE_MAX 8192

static const uint8_t maker_seed[32] = {0x4D, 0x69, 0x43, 0x4F};
static uint8_t maker_public[32], image_bytes[IMAGE_MAX], payload[5000], load[IMAGE_MAX];
static uint8_t provision[MICO_FLASH_PROVISION_SIZE];
static size_t image_len;
static struct mico_reason reason;

/* ---- a device's flash, of which slot A's begin and the provision store exist; the rest is erased ---- */

static mico_err flash_read(const struct mico_flash *flash, uint32_t address, void *out, size_t len)
{
    memset(out, 0xFF, len);
    if (address >= MICO_FLASH_PROVISION) {
        memcpy(out, provision + (address - MICO_FLASH_PROVISION), len);
    } else if (address < image_len) {
        memcpy(out, image_bytes + address, len < image_len - address ? len : image_len - address);
    }
    return MICO_OK;
}

static mico_err flash_program(const struct mico_flash *flash, uint32_t address, const void *data, size_t len)
{
    memcpy(provision + (address - MICO_FLASH_PROVISION), data, len);
    return MICO_OK;
}

static mico_err flash_erase(const struct mico_flash *flash, uint32_t address, size_t len)
{
    memset(provision + (address - MICO_FLASH_PROVISION), 0xFF, len);
    return MICO_OK;
}

static const struct mico_flash device_flash = {.size = MICO_FLASH_PROVISION + MICO_FLASH_PROVISION_SIZE,
                                               .sector_size = 4096,
                                               .program_size = 1,
                                               .read = flash_read,
                                               .program = flash_program,
                                               .erase = flash_erase};

void boot_reset(void)
{
    memset(provision, 0xFF, sizeof provision);
    image_len = 0;
}

/* ---- the image ---- */

static mico_err sign(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    mico_ed25519_sign(maker_seed, maker_public, (struct mico_span){digest, 32}, signature);
    return MICO_OK;
}

static void make_image(const uint8_t device_key[32], const struct mico_image_key *key)
{
    struct mico_image_recipe recipe = {.payload = MICO_SPAN(payload),
                                       .version = {1, 2, 3, 4},
                                       .security_counter = 5,
                                       .load_addr = LOAD_ADDR,
                                       .ram_load = true,
                                       .header_size = 0x400,
                                       .carry_public_key = true,
                                       .sign = sign,
                                       .content_key = key,
                                       .device_key = device_key};
    mico_ed25519_public(maker_seed, maker_public);
    memcpy(recipe.public_key, maker_public, 32);
    secret(payload, sizeof payload);
    mico_store_le32(payload, 0x20010000); /* a stack and an entry, as every program has */
    mico_store_le32(payload + 4, LOAD_ADDR + 0x400 + 0x101);
    ct_must(mico_image_make(&recipe, image_bytes, sizeof image_bytes, &image_len, &reason));
}

static mico_err agree(void *ctx, const uint8_t peer[32], uint8_t out[32])
{
    return mico_x25519(ctx, peer, out);
}

void boot_image(void)
{
    static struct mico_image image;
    struct mico_image_key key, found;
    uint8_t device[32], public_key[32], digest[32];
    const struct mico_span bytes = {image_bytes, sizeof image_bytes};
    struct mico_image_source source = mico_image_in_memory(&bytes);
    mico_x25519_public(secret(device, sizeof device), public_key);
    for (size_t len = 16; len <= 32; len += 16) {
        ct_must(mico_image_make_key(&key, len));
        make_image(public_key, &key);
        ct_must(mico_image_parse(&image, &source, &reason));
        ct_must(mico_image_unwrap(&image, agree, device, &found, &reason));
        ct_must(mico_image_load(&image, &source, &found, load, sizeof load, digest, &reason));
        ct_must(mico_image_check_digest(&image, &source, &found, digest, &reason));
    }
    spoil(image.wrap + IMAGE_WRAP_TAG, 32);
    ct_must(mico_image_unwrap(&image, agree, device, &found, &reason) == MICO_ERR_AUTH ? MICO_OK : MICO_ERR_STATE);
    ct_must(mico_image_rewrap(image_bytes, image_len, &key, maker_public, &reason));
    ct_must(mico_image_parse(&image, &source, &reason));
    ct_must(mico_image_unwrap(&image, agree, device, &found, &reason) == MICO_ERR_AUTH ? MICO_OK : MICO_ERR_STATE);
}

/* ---- the loader ---- */

static void say(const char *line)
{
}

void boot_loader(void)
{
    static struct loader loader;
    static const struct mscp_attributes firmware = {.type = MSCP_KEY_X25519, .usage = MSCP_USE_AGREE},
                                        counter = {.type = MSCP_COUNTER, .read = MSCP_SESSION, .write = MSCP_SESSION};
    struct mico_handoff handoff;
    struct mico_store store;
    struct mico_image_key key;
    uint8_t device_key[32], private_key[32], binding[MSCP_BINDING_SIZE], key_page[LOADER_KEY_PAGE_SIZE] = "MOTP\1";
    const struct mscp_import import = {
        .id = MSCP_ID_FIRMWARE, .attributes = &firmware, .key = {secret(private_key, 32), 32}};
    line_start();
    ct_must(mscp_host_import(&line_host, &import, device_key));
    ct_must(mscp_host_create(&line_host, MSCP_ID_ROLLBACK, &counter, (struct mico_span){NULL, 0}));
    mscp_binding_encode(&line_binding, binding);
    ct_must(mico_store_open(&store, &device_flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE));
    ct_must(mico_store_put(&store, MSCP_BINDING_RECORD, binding, sizeof binding));
    ct_must(mico_image_make_key(&key, 16));
    make_image(device_key, &key);
    mico_image_key_hash(maker_public, key_page + 8);
    const struct loader_place place = {.flash = &device_flash,
                                       .key_page = key_page,
                                       .load = load,
                                       .load_addr = LOAD_ADDR,
                                       .load_size = sizeof load,
                                       .header_size = 0x400,
                                       .ram_start = 0x20000000,
                                       .ram_end = 0x203FFFC0,
                                       .transport = &line_host.transport,
                                       .now_ms = line_now_ms,
                                       .say = say};
    ct_must(loader_decide(&loader, &place, &handoff) == LOADER_START ? MICO_OK : MICO_ERR_STATE);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* An image from its parts, in the order imgtool writes them. */
#include "boot/image/image_make.h"

#include <string.h>

#include "boot/image/format.h"
#include "boot/image/wrap.h"
#include "crypto/primitives/primitives.h"

static size_t padded_payload(const struct mico_image_recipe *recipe)
{
    size_t len = recipe->payload.len;
    return recipe->content_key != NULL ? (len + 15) / 16 * 16 : len;
}

static size_t protected_size(const struct mico_image_recipe *recipe)
{
    return IMAGE_AREA_INFO + IMAGE_TLV_HEADER + 4 + recipe->more_protected.len;
}

static size_t unprotected_size(const struct mico_image_recipe *recipe)
{
    size_t size = IMAGE_AREA_INFO + 3 * IMAGE_TLV_HEADER + 32 + 32 + 64;
    if (recipe->carry_public_key) {
        size += IMAGE_TLV_HEADER + IMAGE_SPKI_SIZE;
    }
    if (recipe->content_key != NULL) {
        size += IMAGE_TLV_HEADER + IMAGE_WRAP_KEY + recipe->content_key->len;
    }
    return size;
}

size_t mico_image_make_size(const struct mico_image_recipe *recipe)
{
    return recipe->header_size + padded_payload(recipe) + protected_size(recipe) + unprotected_size(recipe);
}

static uint32_t flags_of(const struct mico_image_recipe *recipe)
{
    uint32_t flags = 0;
    if (recipe->content_key != NULL) {
        flags |= recipe->content_key->len == 32 ? IMAGE_AES256 : IMAGE_AES128;
    }
    flags |= recipe->ram_load ? IMAGE_RAM_LOAD : 0;
    flags |= recipe->rom_fixed ? IMAGE_ROM_FIXED : 0;
    return flags;
}

static void write_header(struct mico_writer *w, const struct mico_image_recipe *recipe)
{
    mico_write_le32(w, IMAGE_MAGIC);
    mico_write_le32(w, recipe->load_addr);
    mico_write_le16(w, recipe->header_size);
    mico_write_le16(w, (uint16_t)protected_size(recipe));
    mico_write_le32(w, (uint32_t)padded_payload(recipe));
    mico_write_le32(w, flags_of(recipe));
    mico_write_u8(w, recipe->version.major);
    mico_write_u8(w, recipe->version.minor);
    mico_write_le16(w, recipe->version.revision);
    mico_write_le32(w, recipe->version.build);
    mico_write_le32(w, 0);
    for (size_t i = MICO_IMAGE_HEADER_SIZE; i < recipe->header_size; i++) {
        mico_write_u8(w, 0xFF);
    }
}

static void write_payload(struct mico_writer *w, const struct mico_image_recipe *recipe)
{
    mico_write_bytes(w, recipe->payload.data, recipe->payload.len);
    for (size_t i = recipe->payload.len; i < padded_payload(recipe); i++) {
        mico_write_u8(w, 0);
    }
}

static void write_tlv(struct mico_writer *w, uint16_t type, const void *value, size_t len)
{
    mico_write_le16(w, type);
    mico_write_le16(w, (uint16_t)len);
    mico_write_bytes(w, value, len);
}

static void write_protected(struct mico_writer *w, const struct mico_image_recipe *recipe)
{
    uint8_t counter[4];
    mico_store_le32(counter, recipe->security_counter);
    mico_write_le16(w, IMAGE_PROTECTED_MAGIC);
    mico_write_le16(w, (uint16_t)protected_size(recipe));
    write_tlv(w, TLV_SECURITY_COUNTER, counter, sizeof counter);
    mico_write_bytes(w, recipe->more_protected.data, recipe->more_protected.len);
}

static mico_err write_unprotected(struct mico_writer *w, const struct mico_image_recipe *recipe,
                                  struct mico_reason *reason)
{
    uint8_t digest[32], hash[32], signature[64], wrap[MICO_IMAGE_WRAP_MAX];
    uint8_t der[IMAGE_SPKI_SIZE] = IMAGE_SPKI_PREFIX;
    mico_sha256(w->out, w->len, digest);
    mico_image_key_hash(recipe->public_key, hash);
    memcpy(der + IMAGE_SPKI_PREFIX_SIZE, recipe->public_key, 32);
    mico_err err = recipe->sign(recipe->sign_ctx, digest, signature);
    if (err != MICO_OK) {
        return mico_refuse(reason, err, "image: the digest could not be signed (%s)", mico_err_name(err));
    }
    mico_write_le16(w, IMAGE_UNPROTECTED_MAGIC);
    mico_write_le16(w, (uint16_t)unprotected_size(recipe));
    write_tlv(w, TLV_SHA256, digest, sizeof digest);
    write_tlv(w, TLV_KEY_HASH, hash, sizeof hash);
    if (recipe->carry_public_key) {
        write_tlv(w, TLV_PUBLIC_KEY, der, sizeof der);
    }
    write_tlv(w, TLV_ED25519, signature, sizeof signature);
    if (recipe->content_key == NULL) {
        return MICO_OK;
    }
    err = mico_image_wrap(recipe->content_key, recipe->device_key, wrap);
    if (err != MICO_OK) {
        return mico_refuse(reason, err, "image: the content key could not be wrapped for that device key (%s)",
                           mico_err_name(err));
    }
    write_tlv(w, TLV_ENC_X25519, wrap, IMAGE_WRAP_KEY + recipe->content_key->len);
    return MICO_OK;
}

static mico_err encrypt_payload(const struct mico_image_recipe *recipe, uint8_t *out)
{
    uint8_t counter[16] = {0};
    struct mico_span key = {recipe->content_key->bytes, recipe->content_key->len};
    uint8_t *payload = out + recipe->header_size;
    return mico_aes_ctr(key, counter, (struct mico_span){payload, padded_payload(recipe)}, payload);
}

static mico_err build(const struct mico_image_recipe *recipe, uint8_t *out, size_t cap, size_t *len,
                      struct mico_reason *reason)
{
    struct mico_writer w = mico_writer_of(out, cap);
    struct mico_image check;
    write_header(&w, recipe);
    write_payload(&w, recipe);
    write_protected(&w, recipe);
    mico_err err = write_unprotected(&w, recipe, reason);
    if (err == MICO_OK && recipe->content_key != NULL) {
        err = encrypt_payload(recipe, out);
    }
    if (err != MICO_OK) {
        return err;
    }
    *len = w.len;
    struct mico_span span = {out, w.len};
    struct mico_image_source source = mico_image_in_memory(&span);
    struct mico_image_trust trust = {.keys = &recipe->public_key, .key_count = 1};
    uint8_t digest[32];
    err = mico_image_parse(&check, &source, reason);
    if (err == MICO_OK) {
        err = mico_image_check_digest(&check, &source, recipe->content_key, digest, reason);
    }
    return err != MICO_OK ? err : mico_image_verify(&check, &trust, digest, reason);
}

mico_err mico_image_make(const struct mico_image_recipe *recipe, uint8_t *out, size_t cap, size_t *len,
                         struct mico_reason *reason)
{
    *len = 0;
    if (recipe->header_size < MICO_IMAGE_HEADER_SIZE) {
        return mico_refuse(reason, MICO_ERR_PARAM, "image: header size is %u; it must be %u or more", recipe->header_size,
                           MICO_IMAGE_HEADER_SIZE);
    }
    if (recipe->content_key != NULL &&
        (recipe->device_key == NULL || (recipe->content_key->len != 16 && recipe->content_key->len != 32))) {
        return mico_refuse(reason, MICO_ERR_PARAM, "image: encryption needs a device key and a content key of 16 or 32 bytes");
    }
    if (protected_size(recipe) > MICO_IMAGE_PROTECTED_MAX || recipe->payload.len > UINT32_MAX / 2) {
        return mico_refuse(reason, MICO_ERR_SIZE, "image: payload or protected TLVs are too long");
    }
    size_t need = mico_image_make_size(recipe);
    if (need > cap) {
        return mico_refuse(reason, MICO_ERR_SIZE, "image: %u bytes are needed, there is room for %u", (unsigned)need,
                           (unsigned)cap);
    }
    mico_err err = build(recipe, out, cap, len, reason);
    if (err != MICO_OK) {
        mico_wipe(out, need);
        *len = 0;
    }
    return err;
}

mico_err mico_image_make_key(struct mico_image_key *key, size_t len)
{
    mico_wipe(key, sizeof *key);
    if (len != 16 && len != 32) {
        return MICO_ERR_PARAM;
    }
    key->len = (uint8_t)len;
    return mico_random(key->bytes, len);
}

mico_err mico_image_wrap_with(const struct mico_image_key *key, const uint8_t device_key[32], const uint8_t ephemeral[32],
                              uint8_t out[MICO_IMAGE_WRAP_MAX])
{
    struct image_wrap_keys keys;
    struct mico_span wrapped = {out + IMAGE_WRAP_KEY, key->len};
    uint8_t secret[32];
    mico_x25519_public(ephemeral, out);
    mico_err err = mico_x25519(ephemeral, device_key, secret);
    if (err == MICO_OK) {
        err = image_wrap_derive(&keys, secret, key->len);
    }
    if (err == MICO_OK) {
        err = image_wrap_crypt(&keys, (struct mico_span){key->bytes, key->len}, out + IMAGE_WRAP_KEY);
    }
    if (err == MICO_OK) {
        image_wrap_tag(&keys, wrapped, out + IMAGE_WRAP_TAG);
    }
    mico_wipe(secret, sizeof secret);
    mico_wipe(&keys, sizeof keys);
    return err;
}

mico_err mico_image_wrap(const struct mico_image_key *key, const uint8_t device_key[32], uint8_t out[MICO_IMAGE_WRAP_MAX])
{
    uint8_t ephemeral[32];
    mico_err err = mico_random(ephemeral, sizeof ephemeral);
    if (err == MICO_OK) {
        err = mico_image_wrap_with(key, device_key, ephemeral, out);
    }
    mico_wipe(ephemeral, sizeof ephemeral);
    return err;
}

/* The wrapped key's place in an image that parses: the parser lets each TLV be there once. */
static uint8_t *find_wrap(uint8_t *image, const struct mico_image *parsed)
{
    uint8_t *at = image + parsed->header_size + parsed->payload_size + parsed->protected_size + IMAGE_AREA_INFO;
    while (mico_load_le16(at) != TLV_ENC_X25519) {
        at += IMAGE_TLV_HEADER + mico_load_le16(at + 2);
    }
    return at + IMAGE_TLV_HEADER;
}

mico_err mico_image_rewrap(uint8_t *image, size_t len, const struct mico_image_key *key, const uint8_t device_key[32],
                           struct mico_reason *reason)
{
    struct mico_image parsed;
    struct mico_span span = {image, len};
    struct mico_image_source source = mico_image_in_memory(&span);
    uint8_t wrap[MICO_IMAGE_WRAP_MAX], digest[32];
    mico_err err = mico_image_parse(&parsed, &source, reason);
    if (err != MICO_OK) {
        return err;
    }
    if (parsed.wrap_len != IMAGE_WRAP_KEY + key->len) {
        return mico_refuse(reason, MICO_ERR_PARAM, "image: %s", parsed.wrap_len == 0
                           ? "is not encrypted: there is nothing to wrap" : "the content key has another length");
    }
    err = mico_image_check_digest(&parsed, &source, key, digest, reason);
    if (err == MICO_OK) {
        err = mico_image_wrap(key, device_key, wrap);
    }
    if (err == MICO_OK) {
        memcpy(find_wrap(image, &parsed), wrap, parsed.wrap_len);
    }
    return err;
}

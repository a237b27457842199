/* SPDX-License-Identifier: Apache-2.0 */
/* Making images: for the tool and the tests. One signed image serves every device; what differs is the wrapped content
 * key, which lies outside the signature. */
#ifndef BOOT_IMAGE_IMAGE_MAKE_H
#define BOOT_IMAGE_IMAGE_MAKE_H

#include "boot/image/image.h"

/* Sign the 32 bytes of a digest with pure Ed25519, wherever the key is. */
typedef mico_err (*mico_image_sign)(void *ctx, const uint8_t digest[32], uint8_t signature[64]);

struct mico_image_recipe {
    struct mico_span payload;
    struct mico_boot_version version;
    uint32_t security_counter;
    uint32_t load_addr;
    bool ram_load;  /* load_addr is where the loader copies the image to */
    bool rom_fixed; /* load_addr is where the image must lie */
    uint16_t header_size; /* 32 or more; the rest is filled with 0xFF */
    struct mico_span more_protected; /* encoded TLVs to follow the security counter; may be empty */

    uint8_t public_key[32]; /* of the signer, Ed25519 */
    bool carry_public_key;  /* so that a device which only knows the key's hash can check the signature */
    mico_image_sign sign;
    void *sign_ctx;

    const struct mico_image_key *content_key; /* NULL: not encrypted */
    const uint8_t *device_key;                /* X25519 public key, 32 bytes, to wrap the content key for */
};

/** Bytes that mico_image_make will write. */
size_t mico_image_make_size(const struct mico_image_recipe *recipe);

/** Build the image into out. MICO_ERR_SIZE (cap, or a field that does not fit), MICO_ERR_PARAM (header size, addresses),
 * MICO_ERR_ENTROPY, or what sign returns; out wiped then. What was made is parsed again before it is handed out. */
MICO_MUST_USE mico_err mico_image_make(const struct mico_image_recipe *recipe, uint8_t *out, size_t cap, size_t *len,
                                       struct mico_reason *reason);

/** A fresh content key of len (16 or 32) bytes. */
MICO_MUST_USE mico_err mico_image_make_key(struct mico_image_key *key, size_t len);

/** Wrap key for a device. out gets 64 + key->len bytes. MICO_ERR_CRYPTO for a device key of low order. */
MICO_MUST_USE mico_err mico_image_wrap(const struct mico_image_key *key, const uint8_t device_key[32],
                                       uint8_t out[MICO_IMAGE_WRAP_MAX]);
/** The same with a given ephemeral private key; two wraps must never share one. For tests. */
MICO_MUST_USE mico_err mico_image_wrap_with(const struct mico_image_key *key, const uint8_t device_key[32],
                                            const uint8_t ephemeral[32], uint8_t out[MICO_IMAGE_WRAP_MAX]);

/** Make an encrypted image one for another device: replaces the wrapped key in place, after checking that key is the
 * image's content key (its digest must come out). Signature and payload stay as they are. */
MICO_MUST_USE mico_err mico_image_rewrap(uint8_t *image, size_t len, const struct mico_image_key *key,
                                         const uint8_t device_key[32], struct mico_reason *reason);

#endif

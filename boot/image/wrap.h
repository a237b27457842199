/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of a wrapped content key; shared by unwrapping and wrapping. */
#ifndef BOOT_IMAGE_WRAP_H
#define BOOT_IMAGE_WRAP_H

#include "boot/image/image.h"

struct image_wrap_keys {
    uint8_t bytes[32 + 32]; /* the AES key, 16 or 32, then the HMAC key, 32 */
    uint8_t aes_len;
};

/** From an X25519 secret, by HKDF-SHA-256; aes_len is the content key's length. keys wiped on error. */
MICO_MUST_USE mico_err image_wrap_derive(struct image_wrap_keys *keys, const uint8_t secret[32], uint8_t aes_len);
/** HMAC-SHA-256 of the wrapped key. */
void image_wrap_tag(const struct image_wrap_keys *keys, struct mico_span wrapped, uint8_t tag[32]);
/** AES-CTR from a zero block: wraps and unwraps. */
MICO_MUST_USE mico_err image_wrap_crypt(const struct image_wrap_keys *keys, struct mico_span in, uint8_t *out);

#endif

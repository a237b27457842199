/* SPDX-License-Identifier: Apache-2.0 */
/* Images that imgtool made, the keys they were made with, and hands to change them with; for this room's tests. */
#ifndef BOOT_IMAGE_TEST_VECTORS_H
#define BOOT_IMAGE_TEST_VECTORS_H

#include "boot/image/image.h"
#include "boot/image/image_make.h"

extern const uint8_t vector_root_seed[32], vector_root_public[32];
extern const uint8_t vector_device_private[32], vector_device_public[32];
extern const struct mico_image_trust vector_trust; /* of the root key itself */

/** The bytes of vectors/NAME, read once and kept; the caller may not change them. */
struct mico_span vector_file(const char *name);

/** Parse an image in memory. */
mico_err vector_parse(struct mico_image *image, struct mico_span bytes, struct mico_reason *reason);
/** X25519 with the vectors' device key. */
mico_err vector_agree(void *ctx, const uint8_t peer[32], uint8_t out[32]);
/** Ed25519 with the vectors' root key. */
mico_err vector_sign(void *ctx, const uint8_t digest[32], uint8_t signature[64]);

/** All that a loader would do with an image in memory, decrypting with the vectors' device key: parse, signature, counter
 * 0, unwrap, digest. payload (room for 16 KiB) may be NULL. */
mico_err vector_accept(struct mico_span bytes, const struct mico_image_trust *trust, uint8_t *loaded,
                       struct mico_reason *reason);

#endif

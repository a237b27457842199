/* SPDX-License-Identifier: Apache-2.0 */
/* The two TLV areas behind an image's payload: which TLV may stand where, how long, how often. */
#ifndef BOOT_IMAGE_TLV_H
#define BOOT_IMAGE_TLV_H

#include "boot/image/image.h"

/** Take the protected area, whose copy is image->protected_area. */
MICO_MUST_USE mico_err image_take_protected(struct mico_image *image, struct mico_reason *reason);
/** Take the unprotected area. */
MICO_MUST_USE mico_err image_take_unprotected(struct mico_image *image, struct mico_span area,
                                              struct mico_reason *reason);

#endif

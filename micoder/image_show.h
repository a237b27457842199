/* SPDX-License-Identifier: Apache-2.0 */
/* An image in words and in JSON. */
#ifndef MICODER_IMAGE_SHOW_H
#define MICODER_IMAGE_SHOW_H

#include <stdbool.h>

#include "boot/image/image.h"

/** "1.2.3+4" */
void image_version_text(const struct mico_boot_version *version, char out[32]);
/** Print every field; trailing is how many bytes of the file follow the image. */
void image_show(const char *path, const struct mico_image *image, size_t trailing, bool json);

#endif

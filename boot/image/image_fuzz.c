/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever bytes come, the parser stays inside them, says why it refuses, and what it takes is consistent. */
#include <stdlib.h>
#include <string.h>

#include "boot/image/format.h"
#include "boot/image/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool count(void *ctx, uint16_t type, struct mico_span value)
{
    *(size_t *)ctx += IMAGE_TLV_HEADER + value.len;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mico_image image;
    struct mico_reason reason = {""};
    struct mico_span span = {data, size};
    struct mico_image_source source = mico_image_in_memory(&span);
    uint8_t digest[32];
    mico_err err = mico_image_parse(&image, &source, &reason);
    if (err != MICO_OK) {
        if (strncmp(reason.text, "image: ", 7) != 0 || !mico_ct_is_zero(&image, sizeof image)) {
            abort();
        }
        return 0;
    }
    size_t listed = IMAGE_AREA_INFO;
    mico_image_each_protected(&image, count, &listed);
    if (listed != image.protected_size || image.size > size || image.payload_size == 0 ||
        mico_image_counter(&image) != image.security_counter) {
        abort();
    }
    struct mico_image_key key = {.len = (uint8_t)(image.wrap_len - IMAGE_WRAP_KEY)};
    err = mico_image_check_digest(&image, &source, image.wrap_len != 0 ? &key : NULL, digest, NULL);
    if (err != MICO_OK && err != MICO_ERR_AUTH) {
        abort();
    }
    return 0;
}

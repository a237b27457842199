/* SPDX-License-Identifier: Apache-2.0 */
#include "boot/image/test_vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/primitives/primitives.h"
#include "os/port/rng.h"

#ifndef MICO_SOURCE_DIR
#define MICO_SOURCE_DIR "."
#endif

mico_err mico_entropy(uint8_t *out, size_t len)
{
    return getrandom(out, len, 0) == (ssize_t)len ? MICO_OK : MICO_ERR_ENTROPY;
}

/* The keys of vectors/root-ed25519.pem and vectors/device-x25519.pem. */
const uint8_t vector_root_seed[32] = {
    0xAC, 0xCC, 0xC1, 0xC1, 0x3C, 0x52, 0x39, 0xE2, 0xFB, 0x06, 0xDF, 0x78, 0x54, 0xB9, 0xE3, 0x9F,
    0x4D, 0x51, 0xD7, 0x58, 0xCD, 0x89, 0x31, 0x31, 0xEC, 0x81, 0x91, 0x5B, 0xA6, 0x1D, 0x60, 0xF5,
};
const uint8_t vector_root_public[32] = {
    0x0C, 0x6C, 0xBC, 0xF8, 0xBF, 0x12, 0x3B, 0xC1, 0x8C, 0x0A, 0xBE, 0xB7, 0x6D, 0xAC, 0x9B, 0x8C,
    0x00, 0x3B, 0x94, 0x3A, 0x47, 0x4A, 0x5D, 0xC7, 0xE7, 0xEF, 0xB8, 0x6B, 0xD1, 0xD9, 0xF3, 0xF5,
};
const uint8_t vector_device_private[32] = {
    0xA8, 0x3C, 0x04, 0xCD, 0x27, 0x25, 0xC5, 0xC2, 0xB1, 0x45, 0x82, 0x31, 0x8D, 0x19, 0x54, 0xEA,
    0x86, 0x46, 0xA8, 0x6A, 0x6F, 0x59, 0x50, 0x20, 0xB9, 0x55, 0x1E, 0x3D, 0x5E, 0x31, 0x43, 0x50,
};
const uint8_t vector_device_public[32] = {
    0xF5, 0x43, 0xE5, 0x83, 0x5D, 0xCD, 0x60, 0x05, 0x05, 0x70, 0xC3, 0x4A, 0xC8, 0x60, 0xAD, 0x0C,
    0x5C, 0xFC, 0xD9, 0x9B, 0x9F, 0x3E, 0x80, 0x8E, 0x62, 0x0B, 0x2B, 0x63, 0xB8, 0x3E, 0x0A, 0x43,
};
const struct mico_image_trust vector_trust = {.keys = &vector_root_public, .key_count = 1};

struct mico_span vector_file(const char *name)
{
    static struct { char name[64]; struct mico_span bytes; } kept[24];
    size_t i = 0;
    while (kept[i].name[0] != '\0') {
        if (strcmp(kept[i].name, name) == 0) {
            return kept[i].bytes;
        }
        i++;
    }
    char path[512];
    snprintf(path, sizeof path, MICO_SOURCE_DIR "/boot/image/vectors/%s", name);
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(1 << 17);
    if (file == NULL || bytes == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        abort();
    }
    size_t len = fread(bytes, 1, 1 << 17, file);
    fclose(file);
    snprintf(kept[i].name, sizeof kept[i].name, "%s", name);
    kept[i].bytes = (struct mico_span){bytes, len};
    return kept[i].bytes;
}

mico_err vector_parse(struct mico_image *image, struct mico_span bytes, struct mico_reason *reason)
{
    struct mico_image_source source = mico_image_in_memory(&bytes);
    return mico_image_parse(image, &source, reason);
}

mico_err vector_agree(void *ctx, const uint8_t peer[32], uint8_t out[32])
{
    return mico_x25519(vector_device_private, peer, out);
}

mico_err vector_sign(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    mico_ed25519_sign(vector_root_seed, vector_root_public, (struct mico_span){digest, 32}, signature);
    return MICO_OK;
}

mico_err vector_accept(struct mico_span bytes, const struct mico_image_trust *trust, uint8_t *loaded,
                       struct mico_reason *reason)
{
    struct mico_image_source source = mico_image_in_memory(&bytes);
    struct mico_image image;
    struct mico_image_key key;
    uint8_t digest[32];
    mico_err err = mico_image_parse(&image, &source, reason);
    if (err == MICO_OK) {
        err = mico_image_verify(&image, trust, image.digest, reason);
    }
    if (err == MICO_OK && mico_image_is_encrypted(&image)) {
        err = mico_image_unwrap(&image, vector_agree, NULL, &key, reason);
    }
    if (err != MICO_OK) {
        return err;
    }
    const struct mico_image_key *with = mico_image_is_encrypted(&image) ? &key : NULL;
    return loaded != NULL ? mico_image_load(&image, &source, with, loaded, 16384, digest, reason)
                          : mico_image_check_digest(&image, &source, with, digest, reason);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Files and keys of `mico image`. Whatever fails says so on stderr, with what to try, and returns false. */
#ifndef MICODER_IMAGE_FILES_H
#define MICODER_IMAGE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gnutls/abstract.h>

#include "boot/image/image.h"

/* Bytes of a file, on the heap. */
struct image_bytes {
    uint8_t *data;
    size_t len;
};
bool image_read_file(const char *path, struct image_bytes *bytes);
void image_free(struct image_bytes *bytes); /* wiped first */
/** Replace path, at once and whole. */
bool image_write_file(const char *path, const uint8_t *data, size_t len);
/** Make path, readable by its owner only; a file that is there already is not touched and is an error. */
bool image_write_secret(const char *path, const uint8_t *data, size_t len);

/* A firmware signing key: an Ed25519 private key in a PKCS#8 PEM file, or in a token by its pkcs11: URI. */
struct image_signer {
    gnutls_privkey_t key;
    uint8_t public_key[32];
};
bool image_signer_open(struct image_signer *signer, const char *name);
void image_signer_close(struct image_signer *signer);
mico_err image_signer_sign(void *signer, const uint8_t digest[32], uint8_t signature[64]);

/** Make a fresh Ed25519 key in a new file; its public key in PEM goes to public_path when that is not NULL. */
bool image_keygen(const char *path, const char *public_path, uint8_t public_key[32]);

/** An Ed25519 public key: PEM of the public or the private key, or a pkcs11: URI. */
bool image_read_verifier(const char *name, uint8_t public_key[32]);
/** An X25519 public key: 64 hexadecimal digits, or a PEM file. */
bool image_read_device_key(const char *name, uint8_t public_key[32]);

/* A content key in a file of its owner's: one line of hexadecimal digits. */
bool image_save_content_key(const char *path, const struct mico_image_key *key);
bool image_load_content_key(const char *path, struct mico_image_key *key);

#endif

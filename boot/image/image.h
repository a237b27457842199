/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware images in MCUboot's format: parsed strictly into a view, checked, unwrapped, decrypted.
 *
 * The image need not be in memory; it is read through a source. Whatever is believed is read once: header, TLV areas and
 * payload are checked in the copy that is used afterwards, so that a flash which changes its mind gains nothing.
 *
 * Every function that refuses an image says why in *reason (which may be NULL), naming the field. */
#ifndef BOOT_IMAGE_IMAGE_H
#define BOOT_IMAGE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "boot/handoff.h"
#include "boot/image/reason.h"

#define MICO_IMAGE_HEADER_SIZE 32
#define MICO_IMAGE_PROTECTED_MAX 512 /* bytes of the protected TLV area */
#define MICO_IMAGE_WRAP_MAX 96       /* bytes of a wrapped content key, AES-256 */

/* Where an image is read from: flash, a file, memory. */
struct mico_image_source {
    mico_err (*read)(void *ctx, uint32_t offset, void *out, size_t len);
    void *ctx;
    uint32_t size; /* bytes there are; the image may be shorter */
};

/* A source over bytes in memory; span must outlive it. */
struct mico_image_source mico_image_in_memory(const struct mico_span *span);

/* What parsing leaves: a copy of all that is small. Nothing in it is trusted before the signature and the digest are. */
struct mico_image {
    uint32_t load_addr;
    uint16_t header_size;
    uint32_t payload_size;
    uint32_t flags; /* enum image_flag; only what this parser allows */
    struct mico_boot_version version;
    uint32_t security_counter;
    uint32_t size; /* bytes of the whole image */
    uint8_t digest[32];
    uint8_t key_hash[32]; /* SHA-256 of the signer's key, DER SubjectPublicKeyInfo */
    bool has_public_key;
    uint8_t public_key[32];
    uint8_t signature[64];
    uint8_t wrap[MICO_IMAGE_WRAP_MAX]; /* ephemeral key | tag | wrapped content key */
    uint8_t wrap_len;                  /* 80, 96, or 0 when the image is not encrypted */
    uint8_t header[MICO_IMAGE_HEADER_SIZE];
    uint8_t protected_area[MICO_IMAGE_PROTECTED_MAX];
    uint16_t protected_size;
};

/* AES-128 or AES-256 key of one image's payload. Secret. */
struct mico_image_key {
    uint8_t bytes[32];
    uint8_t len; /* 16 or 32 */
};

/* Whose signatures count. An image that carries its signer's key is held to the hashes; one that carries the key's hash
 * only needs the key itself here. */
struct mico_image_trust {
    const uint8_t (*key_hashes)[32]; /* SHA-256 of DER SubjectPublicKeyInfo */
    size_t key_hash_count;
    const uint8_t (*keys)[32]; /* raw Ed25519 */
    size_t key_count;
};

/** Parse and check the form: every field, both TLV areas, nothing unknown, nothing twice, nothing out of its place.
 * MICO_ERR_FORMAT, MICO_ERR_SIZE (longer than the source), MICO_ERR_UNSUPPORTED (the format has it, MiCO does not take
 * it), MICO_ERR_IO; *image is wiped then. */
MICO_MUST_USE mico_err mico_image_parse(struct mico_image *image, const struct mico_image_source *source,
                                        struct mico_reason *reason);

/** True when the payload is encrypted. */
bool mico_image_is_encrypted(const struct mico_image *image);

/** Check that a trusted key signed `digest` (image->digest before the payload is known, the computed one after).
 * MICO_ERR_AUTH. */
MICO_MUST_USE mico_err mico_image_verify(const struct mico_image *image, const struct mico_image_trust *trust,
                                         const uint8_t digest[32], struct mico_reason *reason);

/** The same question asked in other code, for a loader to ask it twice, of an image that carries its signer's key:
 * MICO_IMAGE_PROVEN or 0, with no error value on the way that a fault could turn into success. */
#define MICO_IMAGE_PROVEN 0x6A95C3D2u
uint32_t mico_image_proof(const struct mico_image *image, const struct mico_image_trust *trust, const uint8_t digest[32]);

/** The security counter once more, read in other code from the protected area, which the digest covers; 0 when it has none. */
uint32_t mico_image_counter(const struct mico_image *image);

/** Refuse an image older than `lowest` allows. MICO_ERR_ROLLBACK. */
MICO_MUST_USE mico_err mico_image_check_counter(const struct mico_image *image, uint64_t lowest,
                                                struct mico_reason *reason);

/** X25519 between the device's firmware key, which stays where it is, and peer. */
typedef mico_err (*mico_image_agree)(void *ctx, const uint8_t peer[32], uint8_t out[32]);

/** Unwrap the content key. MICO_ERR_AUTH (not wrapped for this device, or damaged), MICO_ERR_FORMAT (not an encrypted
 * image), or what agree returns; *key is wiped on every error. */
MICO_MUST_USE mico_err mico_image_unwrap(const struct mico_image *image, mico_image_agree agree, void *ctx,
                                         struct mico_image_key *key, struct mico_reason *reason);

/** Copy header, padding and payload to out, decrypted (key NULL for an image in the clear), hash what lies there and
 * compare. digest gets what was computed. MICO_ERR_AUTH, MICO_ERR_SIZE (cap), MICO_ERR_IO, MICO_ERR_PARAM (a key for an
 * image in the clear, none for an encrypted one); out and digest are wiped on every error. */
MICO_MUST_USE mico_err mico_image_load(const struct mico_image *image, const struct mico_image_source *source,
                                       const struct mico_image_key *key, uint8_t *out, size_t cap, uint8_t digest[32],
                                       struct mico_reason *reason);

/** The same without keeping the payload. */
MICO_MUST_USE mico_err mico_image_check_digest(const struct mico_image *image, const struct mico_image_source *source,
                                               const struct mico_image_key *key, uint8_t digest[32],
                                               struct mico_reason *reason);

/** Call visit for each TLV of the protected area, in order, until it returns false. */
void mico_image_each_protected(const struct mico_image *image,
                               bool (*visit)(void *ctx, uint16_t type, struct mico_span value), void *ctx);

/** The name of a TLV type, such as "security counter"; NULL when the format has none. */
const char *mico_image_tlv_name(uint16_t type);

/** Negative, 0 or positive as a is older than, equal to or newer than b. */
int mico_boot_version_compare(const struct mico_boot_version *a, const struct mico_boot_version *b);

/** SHA-256 of the DER SubjectPublicKeyInfo of a raw Ed25519 key. */
void mico_image_key_hash(const uint8_t key[32], uint8_t out[32]);

#endif

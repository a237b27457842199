/* SPDX-License-Identifier: Apache-2.0 */
/* Is this image genuine and new enough: signature, counter, and the digest of what is really there. */
#include <string.h>

#include "boot/image/format.h"
#include "boot/image/image.h"
#include "crypto/primitives/primitives.h"

#define PIECE 1024 /* bytes hashed at a time when the payload is not kept; a multiple of 16 */

void mico_image_key_hash(const uint8_t key[32], uint8_t out[32])
{
    uint8_t der[IMAGE_SPKI_SIZE] = IMAGE_SPKI_PREFIX;
    memcpy(der + IMAGE_SPKI_PREFIX_SIZE, key, 32);
    mico_sha256(der, sizeof der, out);
}

/* Two comparisons by different code: where a fault passes one over, the other still stands. Neither hash is secret. */
static bool same_hash(const uint8_t a[32], const uint8_t b[32])
{
    return mico_ct_equal(a, b, 32) && memcmp(a, b, 32) == 0;
}

static bool hash_is_trusted(const struct mico_image *image, const struct mico_image_trust *trust)
{
    for (size_t i = 0; i < trust->key_hash_count; i++) {
        if (same_hash(image->key_hash, trust->key_hashes[i])) {
            return true;
        }
    }
    return false;
}

/* The signer's key: the trusted one whose hash the image names, or the one it carries under a trusted hash. */
static const uint8_t *signer_of(const struct mico_image *image, const struct mico_image_trust *trust)
{
    for (size_t i = 0; i < trust->key_count; i++) {
        uint8_t hash[32];
        mico_image_key_hash(trust->keys[i], hash);
        if (same_hash(hash, image->key_hash)) {
            return trust->keys[i];
        }
    }
    return image->has_public_key && hash_is_trusted(image, trust) ? image->public_key : NULL;
}

mico_err mico_image_verify(const struct mico_image *image, const struct mico_image_trust *trust,
                           const uint8_t digest[32], struct mico_reason *reason)
{
    const uint8_t *key = signer_of(image, trust);
    if (key == NULL && hash_is_trusted(image, trust)) {
        return mico_refuse(reason, MICO_ERR_AUTH,
                           "image: the key hash is trusted, but the image does not carry the public key (TLV 0x2)");
    }
    if (key == NULL) {
        char hex[17];
        mico_hex(image->key_hash, 8, hex);
        return mico_refuse(reason, MICO_ERR_AUTH, "image: the key hash %s... is none of the %u that are trusted", hex,
                           (unsigned)(trust->key_hash_count + trust->key_count));
    }
    if (mico_ed25519_verify(key, (struct mico_span){digest, 32}, image->signature) != MICO_OK) {
        return mico_refuse(reason, MICO_ERR_AUTH, "image: the Ed25519 signature is wrong");
    }
    return MICO_OK;
}

/* Nothing here is shared with mico_image_verify but the hash and the signature primitive. */
uint32_t mico_image_proof(const struct mico_image *image, const struct mico_image_trust *trust,
                          const uint8_t digest[32])
{
    uint8_t hash[32];
    uint32_t trusted = 0;
    mico_image_key_hash(image->public_key, hash);
    for (size_t i = trust->key_hash_count; i-- != 0;) {
        trusted |= memcmp(trust->key_hashes[i], hash, sizeof hash) == 0 ? MICO_IMAGE_PROVEN : 0;
    }
    if (mico_ed25519_verify(image->public_key, (struct mico_span){digest, 32}, image->signature) != MICO_OK) {
        trusted = 0;
    }
    return trusted;
}

mico_err mico_image_check_counter(const struct mico_image *image, uint64_t lowest, struct mico_reason *reason)
{
    if (image->security_counter < lowest) {
        return mico_refuse(reason, MICO_ERR_ROLLBACK, "image: security counter %u is older than the chip allows (%u)",
                           (unsigned)image->security_counter, (unsigned)(lowest < UINT32_MAX ? lowest : UINT32_MAX));
    }
    return MICO_OK;
}

/* One pass over an image. */
struct pass {
    const struct mico_image *image;
    const struct mico_image_source *source;
    const struct mico_image_key *key;
    struct mico_sha256 hash;
    uint8_t counter[16];
};

/* Bring bytes [offset, offset + len) to `to` and hash them there. Payload pieces come in order and, but for the last, in
 * multiples of 16, so the key stream's block number follows by itself. */
static mico_err take_piece(struct pass *pass, uint32_t offset, uint8_t *to, size_t len, struct mico_reason *reason)
{
    if (pass->source->read(pass->source->ctx, offset, to, len) != MICO_OK) {
        return mico_refuse(reason, MICO_ERR_IO, "image: bytes from %u on could not be read", (unsigned)offset);
    }
    if (pass->key != NULL && offset >= pass->image->header_size) {
        struct mico_span key = {pass->key->bytes, pass->key->len};
        mico_err err = mico_aes_ctr(key, pass->counter, (struct mico_span){to, len}, to);
        if (err != MICO_OK) {
            return mico_refuse(reason, err, "image: the payload could not be decrypted");
        }
    }
    mico_sha256_add(&pass->hash, to, len);
    return MICO_OK;
}

/* Take [from, end): to its place in out, whole, so that the key is set up once; or, out NULL, through the scratch piece. */
static mico_err take_range(struct pass *pass, uint32_t from, uint32_t end, uint8_t *out, struct mico_reason *reason)
{
    uint8_t scratch[PIECE];
    mico_err err = MICO_OK;
    uint32_t piece = out != NULL ? end - from : PIECE;
    while (from < end && err == MICO_OK) {
        uint32_t len = end - from < piece ? end - from : piece;
        err = take_piece(pass, from, out != NULL ? out + from : scratch, len, reason);
        from += len;
    }
    if (out == NULL && pass->key != NULL) {
        mico_wipe(scratch, sizeof scratch);
    }
    return err;
}

/* Hash the image as it is signed: the header that was parsed, the rest of the header, the payload in the clear, the
 * protected area that was parsed. */
static mico_err pass_over(struct pass *pass, uint8_t *out, uint8_t digest[32], struct mico_reason *reason)
{
    const struct mico_image *image = pass->image;
    uint32_t end = image->header_size + image->payload_size;
    if ((pass->key != NULL) != mico_image_is_encrypted(image)) {
        return mico_refuse(reason, MICO_ERR_PARAM, "image: %s",
                           pass->key != NULL ? "is not encrypted, and a content key was given"
                                             : "is encrypted, and no content key was given");
    }
    mico_sha256_start(&pass->hash);
    mico_sha256_add(&pass->hash, image->header, sizeof image->header);
    mico_err err = take_range(pass, MICO_IMAGE_HEADER_SIZE, image->header_size, out, reason);
    if (err == MICO_OK) {
        err = take_range(pass, image->header_size, end, out, reason);
    }
    mico_sha256_add(&pass->hash, image->protected_area, image->protected_size);
    mico_sha256_finish(&pass->hash, digest);
    if (err == MICO_OK && !same_hash(digest, image->digest)) {
        err =
            mico_refuse(reason, MICO_ERR_AUTH, "image: the SHA-256 digest is not that of header, payload and counter");
    }
    return err;
}

mico_err mico_image_load(const struct mico_image *image, const struct mico_image_source *source,
                         const struct mico_image_key *key, uint8_t *out, size_t cap, uint8_t digest[32],
                         struct mico_reason *reason)
{
    struct pass pass = {.image = image, .source = source, .key = key};
    size_t len = (size_t)image->header_size + image->payload_size;
    if (len > cap) {
        mico_wipe(digest, 32);
        return mico_refuse(reason, MICO_ERR_SIZE, "image: header and payload are %u bytes; there is room for %u",
                           (unsigned)len, (unsigned)cap);
    }
    memcpy(out, image->header, sizeof image->header);
    mico_err err = pass_over(&pass, out, digest, reason);
    if (err != MICO_OK) {
        mico_wipe(out, len);
        mico_wipe(digest, 32);
    }
    return err;
}

mico_err mico_image_check_digest(const struct mico_image *image, const struct mico_image_source *source,
                                 const struct mico_image_key *key, uint8_t digest[32], struct mico_reason *reason)
{
    struct pass pass = {.image = image, .source = source, .key = key};
    mico_err err = pass_over(&pass, NULL, digest, reason);
    if (err != MICO_OK) {
        mico_wipe(digest, 32);
    }
    return err;
}

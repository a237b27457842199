/* SPDX-License-Identifier: Apache-2.0 */
/* Unwrapping a content key: X25519 where the device's key is, then HKDF, HMAC and AES-CTR here. */
#include "boot/image/wrap.h"

#include <string.h>

#include "boot/image/format.h"
#include "crypto/primitives/primitives.h"

mico_err image_wrap_derive(struct image_wrap_keys *keys, const uint8_t secret[32], uint8_t aes_len)
{
    static const uint8_t salt[32];
    struct mico_span label = {(const uint8_t *)IMAGE_WRAP_LABEL, sizeof IMAGE_WRAP_LABEL - 1};
    keys->aes_len = aes_len;
    return mico_hkdf_sha256(MICO_SPAN(salt), (struct mico_span){secret, 32}, label, keys->bytes, (size_t)aes_len + 32);
}

void image_wrap_tag(const struct image_wrap_keys *keys, struct mico_span wrapped, uint8_t tag[32])
{
    mico_hmac_sha256((struct mico_span){keys->bytes + keys->aes_len, 32}, wrapped, tag);
}

mico_err image_wrap_crypt(const struct image_wrap_keys *keys, struct mico_span in, uint8_t *out)
{
    uint8_t counter[16] = {0};
    return mico_aes_ctr((struct mico_span){keys->bytes, keys->aes_len}, counter, in, out);
}

/* With the shared secret: check the tag, then open. */
static mico_err open_wrapped(const struct mico_image *image, const uint8_t secret[32], struct mico_image_key *key,
                             struct mico_reason *reason)
{
    struct image_wrap_keys keys;
    struct mico_span wrapped = {image->wrap + IMAGE_WRAP_KEY, image->wrap_len - IMAGE_WRAP_KEY};
    uint8_t tag[32];
    mico_err err = image_wrap_derive(&keys, secret, (uint8_t)wrapped.len);
    if (err == MICO_OK) {
        image_wrap_tag(&keys, wrapped, tag);
        if (!mico_ct_equal(tag, image->wrap + IMAGE_WRAP_TAG, sizeof tag)) {
            err = mico_refuse(reason, MICO_ERR_AUTH, "image: the content key is not wrapped for this device (HMAC differs)");
        }
    }
    if (err == MICO_OK) {
        key->len = (uint8_t)wrapped.len;
        err = image_wrap_crypt(&keys, wrapped, key->bytes);
    }
    mico_wipe(&keys, sizeof keys);
    mico_wipe(tag, sizeof tag);
    return err;
}

mico_err mico_image_unwrap(const struct mico_image *image, mico_image_agree agree, void *ctx, struct mico_image_key *key,
                           struct mico_reason *reason)
{
    uint8_t secret[32] = {0};
    mico_wipe(key, sizeof *key);
    if (image->wrap_len == 0) {
        return mico_refuse(reason, MICO_ERR_FORMAT, "image: is not encrypted: there is no content key to unwrap");
    }
    mico_err err = agree(ctx, image->wrap, secret);
    if (err != MICO_OK) {
        mico_refuse(reason, err, "image: the key agreement for the content key failed (%s)", mico_err_name(err));
    } else if (mico_ct_is_zero(secret, sizeof secret)) {
        err = mico_refuse(reason, MICO_ERR_CRYPTO, "image: the ephemeral key of the content key is a low-order point");
    } else {
        err = open_wrapped(image, secret, key, reason);
    }
    mico_wipe(secret, sizeof secret);
    if (err != MICO_OK) {
        mico_wipe(key, sizeof *key);
    }
    return err;
}

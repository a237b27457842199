/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/primitives/rsa_mask.h"

#include "crypto/primitives/primitives.h"

void rsa_mask(const struct mico_rsa_hash *hash, struct mico_span seed, uint8_t *data, size_t len)
{
    uint8_t counter[4], block[RSA_HASH_MAX];

    for (size_t at = 0; at < len; at++) {
        size_t in_block = at % hash->len;
        if (in_block == 0) {
            mico_store_be32(counter, (uint32_t)(at / hash->len));
            hash->digest((const struct mico_span[]){seed, {counter, 4}}, 2, block);
        }
        data[at] ^= block[in_block];
    }
    mico_wipe(block, sizeof block);
}

static void sha256(const struct mico_span *pieces, size_t count, uint8_t *out)
{
    struct mico_sha256 hash;
    mico_sha256_start(&hash);
    for (size_t i = 0; i < count; i++) {
        mico_sha256_add(&hash, pieces[i].data, pieces[i].len);
    }
    mico_sha256_finish(&hash, out);
}

static void sha384(const struct mico_span *pieces, size_t count, uint8_t *out)
{
    struct mico_sha512 hash;
    mico_sha384_start(&hash);
    for (size_t i = 0; i < count; i++) {
        mico_sha512_add(&hash, pieces[i].data, pieces[i].len);
    }
    mico_sha384_finish(&hash, out);
}

static void sha512(const struct mico_span *pieces, size_t count, uint8_t *out)
{
    struct mico_sha512 hash;
    mico_sha512_start(&hash);
    for (size_t i = 0; i < count; i++) {
        mico_sha512_add(&hash, pieces[i].data, pieces[i].len);
    }
    mico_sha512_finish(&hash, out);
}

const struct mico_rsa_hash mico_rsa_sha256 = {32, sha256}, mico_rsa_sha384 = {48, sha384},
                           mico_rsa_sha512 = {64, sha512};

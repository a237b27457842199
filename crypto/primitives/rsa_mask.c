/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/primitives/rsa_mask.h"

void rsa_hash(const struct mico_digest *hash, const struct mico_span *pieces, size_t count, uint8_t *out)
{
    struct mico_digest_state state;
    hash->start(&state);
    for (size_t i = 0; i < count; i++) {
        hash->add(&state, pieces[i].data, pieces[i].len);
    }
    hash->finish(&state, out);
}

void rsa_mask(const struct mico_digest *hash, struct mico_span seed, uint8_t *data, size_t len)
{
    uint8_t counter[4], block[MICO_DIGEST_MAX];

    for (size_t at = 0; at < len; at++) {
        size_t in_block = at % hash->size;
        if (in_block == 0) {
            mico_store_be32(counter, (uint32_t)(at / hash->size));
            rsa_hash(hash, (const struct mico_span[]){seed, {counter, 4}}, 2, block);
        }
        data[at] ^= block[in_block];
    }
    mico_wipe(block, sizeof block);
}

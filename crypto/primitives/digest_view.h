/* SPDX-License-Identifier: Apache-2.0 */
/* For digest.c and digest_legacy.c alone: the state of a wolfCrypt hash of 32-bit words, taken out and put back. */
#ifndef CRYPTO_PRIMITIVES_DIGEST_VIEW_H
#define CRYPTO_PRIMITIVES_DIGEST_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DIGEST_BLOCK 64

struct digest_view {
    unsigned *chain; /* wolfCrypt's word32 */
    size_t words;
    bool little; /* how the result's bytes are taken from words */
    void *block;
    unsigned *used, *low, *high; /* bytes in block, bytes so far */
};

static inline uint32_t digest_swap(const struct digest_view *view, uint32_t word)
{
    return view->little ? word : __builtin_bswap32(word); /* every processor of MiCO is little-endian */
}

static inline void digest_view_save(const struct digest_view *view, uint8_t *chain, uint8_t *rest)
{
    for (size_t i = 0; i < view->words; i++) {
        uint32_t word = digest_swap(view, view->chain[i]);
        memcpy(chain + 4 * i, &word, 4);
    }
    memcpy(rest, view->block, *view->used);
}

/* After the hash's own start. */
static inline void digest_view_load(const struct digest_view *view, const uint8_t *chain, const uint8_t *rest,
                                    uint64_t count)
{
    for (size_t i = 0; i < view->words; i++) {
        uint32_t word;
        memcpy(&word, chain + 4 * i, 4);
        view->chain[i] = digest_swap(view, word);
    }
    *view->used = (uint32_t)(count % DIGEST_BLOCK);
    memcpy(view->block, rest, *view->used);
    *view->low = (uint32_t)count;
    *view->high = (uint32_t)(count >> 32);
}

static inline uint64_t digest_view_count(const struct digest_view *view)
{
    return (uint64_t)*view->high << 32 | *view->low;
}

#endif

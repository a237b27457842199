/* SPDX-License-Identifier: Apache-2.0 */
/* Every hash under one interface, and HMAC over it: MD5 (RFC 1321) and SHA-1 for old formats, SHA-2 (FIPS 180-4). A hash
 * is named by its table, so a program links only those that it names. */
#ifndef CRYPTO_PRIMITIVES_DIGEST_H
#define CRYPTO_PRIMITIVES_DIGEST_H

#include "crypto/primitives/primitives.h"

#define MICO_DIGEST_MAX 64        /* bytes of the longest hash */
#define MICO_DIGEST_BLOCK_MAX 128 /* bytes of the longest block */

struct mico_digest_state {
    _Alignas(16) uint64_t opaque[48];
};
/* Where wolfCrypt keeps in a state what a hash has taken in so far: offsets in bytes. */
struct mico_digest_layout {
    uint8_t word;                          /* bytes of a word of the chaining value, and of low and high */
    bool little;                           /* how the result's bytes are taken from words */
    uint16_t chain, rest, used, low, high; /* words; bytes that fill no block yet, and how many; bytes so far */
};
struct mico_digest {
    uint8_t size, block; /* bytes of the hash and of a block */
    uint8_t inside;      /* bytes of the chaining value */
    uint8_t length_size; /* bytes in which an input's length is counted */
    void (*start)(struct mico_digest_state *state);
    void (*add)(struct mico_digest_state *state, const void *data, size_t len);
    void (*finish)(struct mico_digest_state *state, uint8_t *out); /* wipes the state */
    const struct mico_digest_layout *layout;
};
extern const struct mico_digest mico_md5_digest, mico_sha1_digest, mico_sha224_digest, mico_sha256_digest,
    mico_sha384_digest, mico_sha512_digest;

/* What a hash has taken in so far: the chaining value, digest->inside bytes as its words are written in the result, and the
 * bytes that fill no block yet. load begins a state from the two, with the count of bytes before. */
uint64_t mico_digest_count(const struct mico_digest *digest, const struct mico_digest_state *state);
void mico_digest_save(const struct mico_digest *digest, const struct mico_digest_state *state, uint8_t *chain,
                      uint8_t *rest);
void mico_digest_load(const struct mico_digest *digest, struct mico_digest_state *state, const uint8_t *chain,
                      const uint8_t *rest, uint64_t count);

/** out has digest->size bytes. */
void mico_digest_of(const struct mico_digest *digest, struct mico_span data, uint8_t *out);

/* HMAC (RFC 2104) in parts. */
struct mico_hmac {
    const struct mico_digest *digest;
    uint8_t outer[MICO_DIGEST_BLOCK_MAX]; /* the key, padded, xor 0x5c */
    struct mico_digest_state state;
};
void mico_hmac_start(struct mico_hmac *hmac, const struct mico_digest *digest, struct mico_span key);
void mico_hmac_add(struct mico_hmac *hmac, struct mico_span data);
/** out has digest->size bytes. The state is wiped. */
void mico_hmac_finish(struct mico_hmac *hmac, uint8_t *out);
void mico_hmac(const struct mico_digest *digest, struct mico_span key, struct mico_span data, uint8_t *out);

#endif

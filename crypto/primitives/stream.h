/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticated encryption in parts, ChaCha20 as a stream, and Poly1305 alone.
 *
 * Each: start (the key), begin (the nonce), aad in pieces, text in pieces, finish (the tag, which the caller compares when
 * opening). Text comes out as it goes in, byte by byte; in place is allowed. Texts are the caller's to hold back until
 * the tag is compared. finish wipes; whoever stops before wipes the state himself. */
#ifndef CRYPTO_PRIMITIVES_STREAM_H
#define CRYPTO_PRIMITIVES_STREAM_H

#include "crypto/primitives/block.h"

struct mico_gcm {
    bool encrypting;
    uint8_t waiting, spent; /* these lines on Cortex-M only: see gcm_thumb2.c */
    _Alignas(8) uint8_t hash[16];
    _Alignas(8) uint8_t rest[16];
    _Alignas(8) uint8_t counter[16];
    _Alignas(8) uint8_t cover[16];
    _Alignas(8) uint8_t pad[16];
    uint64_t aad_len, text_len;
    _Alignas(16) uint64_t opaque[MICO_BLOCK_STATE];
};
/** Key of 16, 24 or 32 bytes: MICO_ERR_PARAM. */
MICO_MUST_USE mico_err mico_gcm_start(struct mico_gcm *gcm, struct mico_span key, bool encrypting);
/** Any nonce but an empty one: MICO_ERR_PARAM. */
MICO_MUST_USE mico_err mico_gcm_begin(struct mico_gcm *gcm, struct mico_span nonce);
void mico_gcm_aad(struct mico_gcm *gcm, struct mico_span aad);
void mico_gcm_text(struct mico_gcm *gcm, struct mico_span in, uint8_t *out);
void mico_gcm_finish(struct mico_gcm *gcm, uint8_t tag[16]);

/* CCM must know the lengths from the start, and CCM* without a tag is its counter mode. */
struct mico_ccm {
    bool encrypting, in_text;
    uint8_t mac[16], counter[16], pad[16];
    uint8_t mixed, spent; /* bytes of mac that are mixed in, of pad that are used; 16: the block waits for the cipher */
    struct mico_block_state aes;
};
MICO_MUST_USE mico_err mico_ccm_start(struct mico_ccm *ccm, struct mico_span key, bool encrypting);
/** A nonce of 7 to 13 bytes, a tag of 4, 6 … 16, a text whose length fits 15 - nonce.len bytes: MICO_ERR_PARAM. */
MICO_MUST_USE mico_err mico_ccm_begin(struct mico_ccm *ccm, struct mico_span nonce, size_t aad_len, size_t text_len,
                                      size_t tag_len);
void mico_ccm_aad(struct mico_ccm *ccm, struct mico_span aad);
void mico_ccm_text(struct mico_ccm *ccm, struct mico_span in, uint8_t *out);
void mico_ccm_finish(struct mico_ccm *ccm, uint8_t tag[16]);

struct mico_chacha20 {
    _Alignas(16) uint64_t opaque[24];
};
/** Key of 32 bytes, nonce of 12, the first block's number. */
void mico_chacha20_start(struct mico_chacha20 *chacha, const uint8_t key[32], const uint8_t nonce[12], uint32_t block);
void mico_chacha20_text(struct mico_chacha20 *chacha, struct mico_span in, uint8_t *out);

struct mico_poly1305 {
    _Alignas(16) uint64_t opaque[16];
};
void mico_poly1305_start(struct mico_poly1305 *poly, const uint8_t key[32]);
void mico_poly1305_add(struct mico_poly1305 *poly, struct mico_span data);
void mico_poly1305_finish(struct mico_poly1305 *poly, uint8_t tag[16]);
/** RFC 8439 section 2.5, standing alone: a key is for one message. */
void mico_poly1305(const uint8_t key[32], struct mico_span data, uint8_t tag[16]);

struct mico_chachapoly {
    bool encrypting;
    uint8_t key[32];
    uint64_t aad_len, text_len;
    struct mico_chacha20 chacha;
    struct mico_poly1305 poly;
};
void mico_chachapoly_start(struct mico_chachapoly *stream, const uint8_t key[32], bool encrypting);
void mico_chachapoly_begin(struct mico_chachapoly *stream, const uint8_t nonce[12]);
void mico_chachapoly_aad(struct mico_chachapoly *stream, struct mico_span aad);
void mico_chachapoly_text(struct mico_chachapoly *stream, struct mico_span in, uint8_t *out);
void mico_chachapoly_finish(struct mico_chachapoly *stream, uint8_t tag[16]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* AES-CCM (SP 800-38C), ChaCha20, Poly1305 and both together (RFC 8439), in parts. gcm.c has GCM. */
#include "crypto/primitives/stream.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/chacha.h>
#include <wolfssl/wolfcrypt/poly1305.h>

#include "crypto/primitives/must.h"

_Static_assert(sizeof(ChaCha) <= sizeof(struct mico_chacha20), "the state holds wolfCrypt's");
_Static_assert(sizeof(Poly1305) <= sizeof(struct mico_poly1305), "the state holds wolfCrypt's");

mico_err mico_ccm_start(struct mico_ccm *ccm, struct mico_span key, bool encrypting)
{
    memset(ccm, 0, sizeof *ccm);
    ccm->encrypting = encrypting;
    return mico_aes.start(&ccm->aes, key, true);
}

/* A block that is full waits for the next byte, or for a block of key stream to go through the cipher with. */
static void mix(struct mico_ccm *ccm, struct mico_span data)
{
    for (size_t i = 0; i < data.len; i++) {
        if (ccm->mixed == 16) {
            mico_aes.work(&ccm->aes, ccm->mac, ccm->mac);
            ccm->mixed = 0;
        }
        ccm->mac[ccm->mixed++] ^= data.data[i];
    }
}

/* Zeros up to the end of a block. */
static void mix_padding(struct mico_ccm *ccm)
{
    ccm->mixed = 16; /* a text's length stands in the first block: there is always something */
}

/* Section A.2.2: how long the additional data are, before them. */
static void mix_aad_length(struct mico_ccm *ccm, size_t aad_len)
{
    uint32_t len = mico_word32(aad_len);
    const uint8_t head[6] = {0xFF, 0xFE, (uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8), (uint8_t)len};
    size_t skip = len < 0xFF00 ? 4 : 0;
    if (len != 0) {
        mix(ccm, (struct mico_span){head + skip, 6 - skip});
    }
}

mico_err mico_ccm_begin(struct mico_ccm *ccm, struct mico_span nonce, size_t aad_len, size_t text_len, size_t tag_len)
{
    uint8_t first[16] = {0};
    if (nonce.len < 7 || nonce.len > 13 || tag_len < 4 || tag_len > 16 || tag_len % 2 != 0 || aad_len > UINT32_MAX) {
        return MICO_ERR_PARAM;
    }
    size_t room = 15 - nonce.len; /* bytes that hold the text's length */
    if (room < sizeof text_len && text_len >> (8 * room) != 0) {
        return MICO_ERR_PARAM;
    }
    first[0] = (uint8_t)((aad_len != 0 ? 64 : 0) | (tag_len - 2) / 2 << 3 | (room - 1));
    memcpy(first + 1, nonce.data, nonce.len);
    for (size_t i = 0; i < room && i < sizeof text_len; i++) {
        first[15 - i] = (uint8_t)(text_len >> (8 * i));
    }
    mix(ccm, MICO_SPAN(first));
    mix_aad_length(ccm, aad_len);
    ccm->counter[0] = (uint8_t)(room - 1);
    memcpy(ccm->counter + 1, nonce.data, nonce.len);
    ccm->spent = 16; /* block 0 covers the tag, the text begins with block 1 */
    return MICO_OK;
}

void mico_ccm_aad(struct mico_ccm *ccm, struct mico_span aad)
{
    mix(ccm, aad);
}

/* The key stream that the counter gives, and the block that waits. */
static void next_pad(struct mico_ccm *ccm)
{
    memcpy(ccm->pad, ccm->counter, 16);
    if (ccm->mixed == 16) {
        mico_aes.two(&ccm->aes, ccm->mac, ccm->pad);
        ccm->mixed = 0;
    } else {
        mico_aes.work(&ccm->aes, ccm->pad, ccm->pad);
    }
    ccm->spent = 0;
}

void mico_ccm_text(struct mico_ccm *ccm, struct mico_span in, uint8_t *out)
{
    if (!ccm->in_text && in.len != 0) {
        mix_padding(ccm); /* of the additional data */
        ccm->in_text = true;
    }
    for (size_t i = 0; i < in.len; i++) {
        if (ccm->spent == 16) {
            for (size_t k = 15; ++ccm->counter[k] == 0; k--) {
            }
            next_pad(ccm);
        }
        uint8_t byte = in.data[i] ^ ccm->pad[ccm->spent++];
        mix(ccm, (struct mico_span){ccm->encrypting ? &in.data[i] : &byte, 1});
        out[i] = byte;
    }
}

void mico_ccm_finish(struct mico_ccm *ccm, uint8_t tag[16])
{
    size_t room = ccm->counter[0] + 1u;
    mix_padding(ccm);
    memset(ccm->counter + 16 - room, 0, room);
    next_pad(ccm);
    for (size_t i = 0; i < 16; i++) {
        tag[i] = ccm->mac[i] ^ ccm->pad[i];
    }
    mico_aes.stop(&ccm->aes);
    mico_wipe(ccm, sizeof *ccm);
}

void mico_chacha20_start(struct mico_chacha20 *chacha, const uint8_t key[32], const uint8_t nonce[12], uint32_t block)
{
    MICO_MUST(wc_Chacha_SetKey((ChaCha *)chacha->opaque, key, 32) == 0);
    MICO_MUST(wc_Chacha_SetIV((ChaCha *)chacha->opaque, nonce, block) == 0);
}

void mico_chacha20_text(struct mico_chacha20 *chacha, struct mico_span in, uint8_t *out)
{
    if (in.len != 0) {
        MICO_MUST(wc_Chacha_Process((ChaCha *)chacha->opaque, out, in.data, mico_word32(in.len)) == 0);
    }
}

void mico_poly1305_start(struct mico_poly1305 *poly, const uint8_t key[32])
{
    MICO_MUST(wc_Poly1305SetKey((Poly1305 *)poly->opaque, key, 32) == 0);
}

void mico_poly1305_add(struct mico_poly1305 *poly, struct mico_span data)
{
    if (data.len != 0) {
        MICO_MUST(wc_Poly1305Update((Poly1305 *)poly->opaque, data.data, mico_word32(data.len)) == 0);
    }
}

void mico_poly1305_finish(struct mico_poly1305 *poly, uint8_t tag[16])
{
    MICO_MUST(wc_Poly1305Final((Poly1305 *)poly->opaque, tag) == 0);
    mico_wipe(poly, sizeof *poly);
}

void mico_poly1305(const uint8_t key[32], struct mico_span data, uint8_t tag[16])
{
    struct mico_poly1305 poly;
    mico_poly1305_start(&poly, key);
    mico_poly1305_add(&poly, data);
    mico_poly1305_finish(&poly, tag);
}

void mico_chachapoly_start(struct mico_chachapoly *stream, const uint8_t key[32], bool encrypting)
{
    memset(stream, 0, sizeof *stream);
    memcpy(stream->key, key, 32);
    stream->encrypting = encrypting;
}

/* Section 2.6: block 0's first half is the key of Poly1305, the text begins with block 1. */
void mico_chachapoly_begin(struct mico_chachapoly *stream, const uint8_t nonce[12])
{
    uint8_t one_time[32] = {0};
    mico_chacha20_start(&stream->chacha, stream->key, nonce, 0);
    mico_chacha20_text(&stream->chacha, MICO_SPAN(one_time), one_time);
    mico_poly1305_start(&stream->poly, one_time);
    mico_chacha20_start(&stream->chacha, stream->key, nonce, 1);
    mico_wipe(stream->key, sizeof stream->key);
    mico_wipe(one_time, sizeof one_time);
}

static void pad(struct mico_chachapoly *stream, uint64_t len)
{
    static const uint8_t zeros[16];
    mico_poly1305_add(&stream->poly, (struct mico_span){zeros, (16 - len % 16) % 16});
}

void mico_chachapoly_aad(struct mico_chachapoly *stream, struct mico_span aad)
{
    mico_poly1305_add(&stream->poly, aad);
    stream->aad_len += aad.len;
}

void mico_chachapoly_text(struct mico_chachapoly *stream, struct mico_span in, uint8_t *out)
{
    if (in.len != 0 && stream->text_len == 0) {
        pad(stream, stream->aad_len);
    }
    stream->text_len += in.len;
    if (!stream->encrypting) {
        mico_poly1305_add(&stream->poly, in);
    }
    mico_chacha20_text(&stream->chacha, in, out);
    if (stream->encrypting) {
        mico_poly1305_add(&stream->poly, (struct mico_span){out, in.len});
    }
}

void mico_chachapoly_finish(struct mico_chachapoly *stream, uint8_t tag[16])
{
    uint8_t lengths[16];
    pad(stream, stream->text_len == 0 ? stream->aad_len : stream->text_len);
    mico_store_le64(lengths, stream->aad_len);
    mico_store_le64(lengths + 8, stream->text_len);
    mico_poly1305_add(&stream->poly, MICO_SPAN(lengths));
    mico_poly1305_finish(&stream->poly, tag);
    mico_wipe(stream, sizeof *stream);
}

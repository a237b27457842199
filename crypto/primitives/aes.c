/* SPDX-License-Identifier: Apache-2.0 */
/* AES-GCM (SP 800-38D), AES-CCM (SP 800-38C) and AES-CMAC (SP 800-38B, RFC 4493). CCM and CMAC are put together from
 * single blocks here, so that TLS gets neither CBC nor CCM suites with them. */
#include "crypto/primitives/primitives.h"

#include <stdbool.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/aes.h>

#include "crypto/primitives/must.h"

static bool key_ok(struct mico_span key)
{
    return key.len == 16 || key.len == 24 || key.len == 32;
}

static void done(Aes *aes)
{
    wc_AesFree(aes);
    mico_wipe(aes, sizeof *aes);
}

static void start_blocks(Aes *aes, struct mico_span key)
{
    MICO_MUST(wc_AesInit(aes, NULL, INVALID_DEVID) == 0);
    MICO_MUST(wc_AesSetKeyDirect(aes, key.data, (uint32_t)key.len, NULL, AES_ENCRYPTION) == 0);
}

/* wolfCrypt's code for AES instructions would ask for memory to align a block. */
static void encrypt_block(Aes *aes, uint8_t block[16])
{
    _Alignas(16) uint8_t in[16];
    _Alignas(16) uint8_t out[16];
    memcpy(in, block, 16);
    MICO_MUST(wc_AesEncryptDirect(aes, out, in) == 0);
    memcpy(block, out, 16);
    mico_wipe(in, sizeof in);
    mico_wipe(out, sizeof out);
}

/* Does the code for this processor work without the table of H that wc_AesGcmSetKey makes? The one for AES instructions
 * does; 400 cycles a message. */
static bool needs_no_table(const Aes *aes)
{
#ifdef WOLFSSL_AESNI
    return aes->use_aesni != 0;
#else
    return false;
#endif
}

static mico_err start_gcm(Aes *aes, struct mico_span key, struct mico_span nonce, size_t tag_len)
{
    if (!key_ok(key) || nonce.len == 0 || tag_len < 4 || tag_len > 16) {
        return MICO_ERR_PARAM;
    }
    MICO_MUST(wc_AesInit(aes, NULL, INVALID_DEVID) == 0);
    MICO_MUST(wc_AesSetKeyDirect(aes, key.data, (uint32_t)key.len, NULL, AES_ENCRYPTION) == 0);
    if (!needs_no_table(aes)) {
        MICO_MUST(wc_AesGcmSetKey(aes, key.data, (uint32_t)key.len) == 0);
    }
    return MICO_OK;
}

mico_err mico_aes_gcm_seal(struct mico_span key, struct mico_span nonce, struct mico_span aad, struct mico_span text,
                           uint8_t *sealed, size_t tag_len)
{
    Aes aes;
    uint8_t tag[16];
    mico_err err = start_gcm(&aes, key, nonce, tag_len);
    if (err != MICO_OK) {
        return err;
    }
    MICO_MUST(wc_AesGcmEncrypt(&aes, sealed, text.data, mico_word32(text.len), nonce.data, mico_word32(nonce.len), tag,
                               16, aad.data, mico_word32(aad.len)) == 0);
    memcpy(sealed + text.len, tag, tag_len);
    done(&aes);
    return MICO_OK;
}

mico_err mico_aes_gcm_open(struct mico_span key, struct mico_span nonce, struct mico_span aad, struct mico_span sealed,
                           uint8_t *text, size_t tag_len)
{
    Aes aes;
    uint8_t nothing;
    if (sealed.len < tag_len) {
        return MICO_ERR_SIZE;
    }
    size_t len = sealed.len - tag_len;
    mico_err err = start_gcm(&aes, key, nonce, tag_len);
    if (err != MICO_OK) {
        return err;
    }
    if (wc_AesGcmDecrypt(&aes, len == 0 ? &nothing : text, sealed.data, mico_word32(len), nonce.data,
                         mico_word32(nonce.len), sealed.data + len, (uint32_t)tag_len, aad.data,
                         mico_word32(aad.len)) != 0) {
        mico_wipe(text, len);
        err = MICO_ERR_AUTH;
    }
    done(&aes);
    return err;
}

/* CBC-MAC: bytes come in any pieces; a block is encrypted when it is full. */
struct cbc_mac {
    Aes *aes;
    uint8_t block[16];
    size_t used; /* bytes of block that are mixed in and not yet encrypted */
};

static void mix(struct cbc_mac *mac, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        mac->block[mac->used++] ^= data[i];
        if (mac->used == 16) {
            encrypt_block(mac->aes, mac->block);
            mac->used = 0;
        }
    }
}

/* Zeros up to the end of a block. */
static void mix_padding(struct cbc_mac *mac)
{
    if (mac->used != 0) {
        encrypt_block(mac->aes, mac->block);
        mac->used = 0;
    }
}

static mico_err ccm_check(struct mico_span key, struct mico_span nonce, size_t text_len, size_t tag_len)
{
    if (!key_ok(key) || nonce.len < 7 || nonce.len > 13 || tag_len < 4 || tag_len > 16 || tag_len % 2 != 0) {
        return MICO_ERR_PARAM;
    }
    size_t room = 15 - nonce.len; /* bytes that hold the text's length */
    return room < sizeof text_len && text_len >> (8 * room) != 0 ? MICO_ERR_PARAM : MICO_OK;
}

/* Section A.2: the first block and the additional data, formatted. */
static void ccm_begin(struct cbc_mac *mac, struct mico_span nonce, struct mico_span aad, size_t text_len,
                      size_t tag_len)
{
    uint8_t block[16] = {0};
    size_t room = 15 - nonce.len;
    block[0] = (uint8_t)((aad.len != 0 ? 64 : 0) | (tag_len - 2) / 2 << 3 | (room - 1));
    memcpy(block + 1, nonce.data, nonce.len);
    for (size_t i = 0; i < room && i < sizeof text_len; i++) {
        block[15 - i] = (uint8_t)(text_len >> (8 * i));
    }
    mix(mac, block, 16);
    if (aad.len != 0) {
        uint32_t len = mico_word32(aad.len);
        const uint8_t head[6] = {0xFF,        0xFE, (uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8),
                                 (uint8_t)len};
        size_t skip = len < 0xFF00 ? 4 : 0;
        mix(mac, head + skip, 6 - skip);
        mix(mac, aad.data, aad.len);
        mix_padding(mac);
    }
}

/* Counter mode from block 1 on; also gives block 0's key stream, which covers the tag. Section A.3. */
static void ccm_crypt(Aes *aes, struct mico_span nonce, struct mico_span in, uint8_t *out, uint8_t cover[16])
{
    uint8_t stream[16];
    size_t room = 15 - nonce.len;
    for (size_t n = 0; n == 0 || (n - 1) * 16 < in.len; n++) {
        memset(stream, 0, 16);
        stream[0] = (uint8_t)(room - 1);
        memcpy(stream + 1, nonce.data, nonce.len);
        for (size_t i = 0; i < room && i < sizeof n; i++) {
            stream[15 - i] = (uint8_t)(n >> (8 * i));
        }
        encrypt_block(aes, stream);
        if (n == 0) {
            memcpy(cover, stream, 16);
        }
        for (size_t i = 0; n != 0 && i < 16 && (n - 1) * 16 + i < in.len; i++) {
            out[(n - 1) * 16 + i] = in.data[(n - 1) * 16 + i] ^ stream[i];
        }
    }
    mico_wipe(stream, sizeof stream);
}

mico_err mico_aes_ccm_seal(struct mico_span key, struct mico_span nonce, struct mico_span aad, struct mico_span text,
                           uint8_t *sealed, size_t tag_len)
{
    Aes aes;
    uint8_t cover[16];
    mico_err err = ccm_check(key, nonce, text.len, tag_len);
    if (err != MICO_OK) {
        return err;
    }
    start_blocks(&aes, key);
    struct cbc_mac mac = {.aes = &aes};
    ccm_begin(&mac, nonce, aad, text.len, tag_len);
    mix(&mac, text.data, text.len);
    mix_padding(&mac);
    ccm_crypt(&aes, nonce, text, sealed, cover);
    for (size_t i = 0; i < tag_len; i++) {
        sealed[text.len + i] = mac.block[i] ^ cover[i];
    }
    mico_wipe(&mac, sizeof mac);
    mico_wipe(cover, sizeof cover);
    done(&aes);
    return MICO_OK;
}

mico_err mico_aes_ccm_open(struct mico_span key, struct mico_span nonce, struct mico_span aad, struct mico_span sealed,
                           uint8_t *text, size_t tag_len)
{
    Aes aes;
    uint8_t cover[16], tag[16];
    if (sealed.len < tag_len) {
        return MICO_ERR_SIZE;
    }
    size_t len = sealed.len - tag_len;
    mico_err err = ccm_check(key, nonce, len, tag_len);
    if (err != MICO_OK) {
        return err;
    }
    memcpy(tag, sealed.data + len, tag_len); /* text may be sealed's own place */
    start_blocks(&aes, key);
    ccm_crypt(&aes, nonce, (struct mico_span){sealed.data, len}, text, cover);
    struct cbc_mac mac = {.aes = &aes};
    ccm_begin(&mac, nonce, aad, len, tag_len);
    mix(&mac, text, len);
    mix_padding(&mac);
    for (size_t i = 0; i < tag_len; i++) {
        cover[i] ^= mac.block[i];
    }
    if (!mico_ct_equal(tag, cover, tag_len)) {
        mico_wipe(text, len);
        err = MICO_ERR_AUTH;
    }
    mico_wipe(&mac, sizeof mac);
    mico_wipe(cover, sizeof cover);
    done(&aes);
    return err;
}

/* Section 6.1: multiply by x, without a branch on the key's bits. */
static void twice(uint8_t block[16])
{
    uint8_t top = (uint8_t)(0 - (block[0] >> 7));
    for (int i = 0; i < 15; i++) {
        block[i] = (uint8_t)(block[i] << 1 | block[i + 1] >> 7);
    }
    block[15] = (uint8_t)(block[15] << 1 ^ (top & 0x87));
}

mico_err mico_aes_cmac(struct mico_span key, struct mico_span data, uint8_t out[16])
{
    Aes aes;
    uint8_t sub[16] = {0};
    if (!key_ok(key)) {
        return MICO_ERR_PARAM;
    }
    start_blocks(&aes, key);
    encrypt_block(&aes, sub);
    twice(sub);
    struct cbc_mac mac = {.aes = &aes};
    size_t last = data.len == 0 ? 0 : (data.len - 1) / 16 * 16; /* where the last block begins, full or not */
    mix(&mac, data.data, last);
    uint8_t block[16] = {0};
    if (data.len - last < 16) {
        twice(sub);
        block[data.len - last] = 0x80;
    }
    for (size_t i = last; i < data.len; i++) {
        block[i - last] = data.data[i];
    }
    for (size_t i = 0; i < 16; i++) {
        block[i] ^= sub[i];
    }
    mix(&mac, block, 16);
    memcpy(out, mac.block, 16);
    mico_wipe(&mac, sizeof mac);
    mico_wipe(sub, sizeof sub);
    mico_wipe(block, sizeof block);
    done(&aes);
    return MICO_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* ChaCha20-Poly1305 (RFC 8439) and AES-CTR (SP 800-38A).
 *
 * The sealing is put together from ChaCha20 and Poly1305 here, since wolfCrypt's own has refused empty texts. */
#include "crypto/primitives/primitives.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/chacha.h>
#include <wolfssl/wolfcrypt/poly1305.h>

#include "crypto/primitives/must.h"

/* ChaCha20 for key and nonce, at block 1; one_time gets block 0's first half, the Poly1305 key (section 2.6). */
static void chacha_start(ChaCha *chacha, const uint8_t key[32], const uint8_t nonce[12], uint8_t one_time[32])
{
    memset(one_time, 0, 32);
    MICO_MUST(wc_Chacha_SetKey(chacha, key, 32) == 0);
    MICO_MUST(wc_Chacha_SetIV(chacha, nonce, 0) == 0);
    MICO_MUST(wc_Chacha_Process(chacha, one_time, one_time, 32) == 0);
    MICO_MUST(wc_Chacha_SetIV(chacha, nonce, 1) == 0);
}

/* Add bytes and the zeros that fill them up to a block. */
static void poly_add_padded(Poly1305 *poly, const uint8_t *data, size_t len)
{
    static const uint8_t zeros[16];
    if (len != 0) {
        MICO_MUST(wc_Poly1305Update(poly, data, mico_word32(len)) == 0);
    }
    if (len % 16 != 0) {
        MICO_MUST(wc_Poly1305Update(poly, zeros, (uint32_t)(16 - len % 16)) == 0);
    }
}

/* The tag of section 2.8. Wipes one_time. */
static void tag_of(uint8_t one_time[32], struct mico_span aad, const uint8_t *sealed, size_t len, uint8_t tag[16])
{
    Poly1305 poly;
    uint8_t lengths[16];

    MICO_MUST(wc_Poly1305SetKey(&poly, one_time, 32) == 0);
    poly_add_padded(&poly, aad.data, aad.len);
    poly_add_padded(&poly, sealed, len);
    mico_store_le64(lengths, aad.len);
    mico_store_le64(lengths + 8, len);
    MICO_MUST(wc_Poly1305Update(&poly, lengths, 16) == 0);
    MICO_MUST(wc_Poly1305Final(&poly, tag) == 0);
    mico_wipe(&poly, sizeof poly);
    mico_wipe(one_time, 32);
}

void mico_chachapoly_seal(const uint8_t key[32], const uint8_t nonce[12], struct mico_span aad, struct mico_span text,
                          uint8_t *sealed)
{
    ChaCha chacha;
    uint8_t one_time[32];

    chacha_start(&chacha, key, nonce, one_time);
    if (text.len != 0) {
        MICO_MUST(wc_Chacha_Process(&chacha, sealed, text.data, mico_word32(text.len)) == 0);
    }
    tag_of(one_time, aad, sealed, text.len, sealed + text.len);
    mico_wipe(&chacha, sizeof chacha);
}

mico_err mico_chachapoly_open(const uint8_t key[32], const uint8_t nonce[12], struct mico_span aad,
                              struct mico_span sealed, uint8_t *text)
{
    ChaCha chacha;
    uint8_t one_time[32], tag[16];

    if (sealed.len < 16) {
        return MICO_ERR_SIZE;
    }
    size_t len = sealed.len - 16;
    mico_err err = MICO_OK;
    chacha_start(&chacha, key, nonce, one_time);
    tag_of(one_time, aad, sealed.data, len, tag);
    if (!mico_ct_equal(tag, sealed.data + len, 16)) {
        mico_wipe(text, len);
        err = MICO_ERR_AUTH;
    } else if (len != 0) {
        MICO_MUST(wc_Chacha_Process(&chacha, text, sealed.data, mico_word32(len)) == 0);
    }
    mico_wipe(&chacha, sizeof chacha);
    mico_wipe(tag, sizeof tag);
    return err;
}

mico_err mico_aes_ctr(struct mico_span key, uint8_t counter[16], struct mico_span in, uint8_t *out)
{
    Aes aes;

    if (key.len != 16 && key.len != 24 && key.len != 32) {
        return MICO_ERR_SIZE;
    }
    if (in.len == 0) {
        return MICO_OK;
    }
    MICO_MUST(wc_AesInit(&aes, NULL, INVALID_DEVID) == 0);
    MICO_MUST(wc_AesSetKeyDirect(&aes, key.data, (uint32_t)key.len, counter, AES_ENCRYPTION) == 0);
    MICO_MUST(wc_AesCtrEncrypt(&aes, out, in.data, mico_word32(in.len)) == 0);
    memcpy(counter, aes.reg, 16);
    wc_AesFree(&aes);
    mico_wipe(&aes, sizeof aes);
    return MICO_OK;
}

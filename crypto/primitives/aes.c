/* SPDX-License-Identifier: Apache-2.0 */
/* AES-GCM (SP 800-38D), AES-CCM (SP 800-38C) and AES-CMAC (SP 800-38B, RFC 4493) in one call. CCM and CMAC are put together
 * from blocks (stream.c, block.c), so that TLS gets neither CBC nor CCM suites with them. */
#include "crypto/primitives/stream.h"

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

static mico_err start_ccm(struct mico_ccm *ccm, struct mico_span key, struct mico_span nonce, struct mico_span aad,
                          size_t text_len, size_t tag_len, bool encrypting)
{
    mico_err err = mico_ccm_start(ccm, key, encrypting);
    if (err == MICO_OK) {
        err = mico_ccm_begin(ccm, nonce, aad.len, text_len, tag_len);
    }
    if (err != MICO_OK) {
        mico_wipe(ccm, sizeof *ccm);
        return err;
    }
    mico_ccm_aad(ccm, aad);
    return MICO_OK;
}

mico_err mico_aes_ccm_seal(struct mico_span key, struct mico_span nonce, struct mico_span aad, struct mico_span text,
                           uint8_t *sealed, size_t tag_len)
{
    struct mico_ccm ccm;
    uint8_t tag[16];
    mico_err err = start_ccm(&ccm, key, nonce, aad, text.len, tag_len, true);
    if (err != MICO_OK) {
        return err;
    }
    mico_ccm_text(&ccm, text, sealed);
    mico_ccm_finish(&ccm, tag);
    memcpy(sealed + text.len, tag, tag_len);
    return MICO_OK;
}

mico_err mico_aes_ccm_open(struct mico_span key, struct mico_span nonce, struct mico_span aad, struct mico_span sealed,
                           uint8_t *text, size_t tag_len)
{
    struct mico_ccm ccm;
    uint8_t came[16], tag[16];
    if (sealed.len < tag_len) {
        return MICO_ERR_SIZE;
    }
    size_t len = sealed.len - tag_len;
    mico_err err = start_ccm(&ccm, key, nonce, aad, len, tag_len, false);
    if (err != MICO_OK) {
        return err;
    }
    memcpy(came, sealed.data + len, tag_len); /* text may be sealed's own place */
    mico_ccm_text(&ccm, (struct mico_span){sealed.data, len}, text);
    mico_ccm_finish(&ccm, tag);
    if (!mico_ct_equal(tag, came, tag_len)) {
        mico_wipe(text, len);
        err = MICO_ERR_AUTH;
    }
    mico_wipe(tag, sizeof tag);
    return err;
}

mico_err mico_aes_cmac(struct mico_span key, struct mico_span data, uint8_t out[16])
{
    struct mico_cmac cmac;
    mico_err err = mico_cmac_start(&cmac, &mico_aes, key);
    if (err == MICO_OK) {
        mico_cmac_add(&cmac, data);
        mico_cmac_finish(&cmac, out);
    }
    return err;
}

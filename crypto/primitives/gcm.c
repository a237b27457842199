/* SPDX-License-Identifier: Apache-2.0 */
/* AES-GCM in parts (SP 800-38D), by wolfCrypt. */
#include "crypto/primitives/stream.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/aes.h>

#include "crypto/primitives/must.h"

_Static_assert(sizeof(Aes) <= sizeof(((struct mico_gcm *)NULL)->opaque), "the state holds wolfCrypt's");

mico_err mico_gcm_start(struct mico_gcm *gcm, struct mico_span key, bool encrypting)
{
    Aes *aes = (Aes *)gcm->opaque;
    if (key.len != 16 && key.len != 24 && key.len != 32) {
        return MICO_ERR_PARAM;
    }
    gcm->encrypting = encrypting;
    MICO_MUST(wc_AesInit(aes, NULL, INVALID_DEVID) == 0);
    MICO_MUST(wc_AesGcmInit(aes, key.data, (uint32_t)key.len, NULL, 0) == 0);
    return MICO_OK;
}

mico_err mico_gcm_begin(struct mico_gcm *gcm, struct mico_span nonce)
{
    if (nonce.len == 0) {
        return MICO_ERR_PARAM;
    }
    MICO_MUST(wc_AesGcmInit((Aes *)gcm->opaque, NULL, 0, nonce.data, mico_word32(nonce.len)) == 0);
    return MICO_OK;
}

void mico_gcm_aad(struct mico_gcm *gcm, struct mico_span aad)
{
    if (aad.len != 0) {
        MICO_MUST(wc_AesGcmEncryptUpdate((Aes *)gcm->opaque, NULL, NULL, 0, aad.data, mico_word32(aad.len)) == 0);
    }
}

void mico_gcm_text(struct mico_gcm *gcm, struct mico_span in, uint8_t *out)
{
    int (*work)(Aes *, byte *, const byte *, word32, const byte *, word32) =
        gcm->encrypting ? wc_AesGcmEncryptUpdate : wc_AesGcmDecryptUpdate;
    if (in.len != 0) {
        MICO_MUST(work((Aes *)gcm->opaque, out, in.data, mico_word32(in.len), NULL, 0) == 0);
    }
}

#ifdef WOLFSSL_AESNI
/* Where wolfCrypt's code for AES instructions keeps ciphertext that fills no block: by direction. */
#define LAST_HASHED(aes) ((aes)->streamData + 3 * 16)
#define LAST_DECRYPTED(aes) ((aes)->streamData + 4 * 16)

static void find_last_block(const struct mico_gcm *gcm, Aes *aes)
{
    if (!gcm->encrypting && aes->use_aesni && aes->cOver != 0) {
        memcpy(LAST_HASHED(aes), LAST_DECRYPTED(aes), 16);
    }
}
#else
static void find_last_block(const struct mico_gcm *gcm, Aes *aes)
{
}
#endif

/* The tag is a function of the ciphertext, whichever way it came; wolfCrypt gives it out when encrypting only. */
void mico_gcm_finish(struct mico_gcm *gcm, uint8_t tag[16])
{
    find_last_block(gcm, (Aes *)gcm->opaque);
    MICO_MUST(wc_AesGcmEncryptFinal((Aes *)gcm->opaque, tag, 16) == 0);
    wc_AesFree((Aes *)gcm->opaque);
    mico_wipe(gcm, sizeof *gcm);
}

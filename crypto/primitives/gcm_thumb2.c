/* SPDX-License-Identifier: Apache-2.0 */
/* AES-GCM in parts (SP 800-38D) on Cortex-M, where wolfCrypt has its two halves, a block of AES and a product of GHASH, but
 * does not put them together in parts. Letters as in the standard's section 7. */
#include <string.h>

#include "crypto/primitives/stream.h"

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/aes.h>

#include "crypto/primitives/aes_even.h"
#include "crypto/primitives/must.h"

_Static_assert(sizeof(Aes) <= sizeof(((struct mico_gcm *)NULL)->opaque), "the state holds wolfCrypt's");

mico_err mico_gcm_start(struct mico_gcm *gcm, struct mico_span key, bool encrypting)
{
    Aes *aes = (Aes *)gcm->opaque;
    if (key.len != 16 && key.len != 24 && key.len != 32) {
        return MICO_ERR_PARAM;
    }
    memset(gcm, 0, sizeof *gcm);
    gcm->encrypting = encrypting;
    MICO_MUST(wc_AesInit(aes, NULL, INVALID_DEVID) == 0);
    MICO_MUST(wc_AesGcmSetKey(aes, key.data, (uint32_t)key.len) == 0);
    return MICO_OK;
}

static void multiply(struct mico_gcm *gcm, const uint8_t *blocks, size_t len)
{
    const Aes *aes = (const Aes *)gcm->opaque;
    GCM_gmult_len(gcm->hash, aes->gcm.H, blocks, len);
}

/* GHASH takes bytes in any pieces; rest holds what fills no block yet. */
static void hash(struct mico_gcm *gcm, struct mico_span data)
{
    for (size_t i = 0; i < data.len; i++) {
        if (gcm->waiting == 0 && data.len - i >= 16) {
            size_t whole = (data.len - i) / 16 * 16;
            multiply(gcm, data.data + i, whole);
            i += whole - 1;
            continue;
        }
        gcm->rest[gcm->waiting++] = data.data[i];
        if (gcm->waiting == 16) {
            multiply(gcm, gcm->rest, 16);
            gcm->waiting = 0;
        }
    }
}

/* Zeros up to the end of a block. */
static void hash_padding(struct mico_gcm *gcm)
{
    if (gcm->waiting != 0) {
        memset(gcm->rest + gcm->waiting, 0, (size_t)(16 - gcm->waiting));
        multiply(gcm, gcm->rest, 16);
        gcm->waiting = 0;
    }
}

static void hash_lengths(struct mico_gcm *gcm, uint64_t a, uint64_t b)
{
    uint8_t lengths[16];
    for (size_t i = 0; i < 8; i++) {
        lengths[7 - i] = (uint8_t)(a * 8 >> (8 * i));
        lengths[15 - i] = (uint8_t)(b * 8 >> (8 * i));
    }
    multiply(gcm, lengths, 16);
}

mico_err mico_gcm_begin(struct mico_gcm *gcm, struct mico_span nonce)
{
    if (nonce.len == 0) {
        return MICO_ERR_PARAM;
    }
    if (nonce.len == 12) {
        memcpy(gcm->counter, nonce.data, 12);
        gcm->counter[15] = 1;
    } else {
        hash(gcm, nonce);
        hash_padding(gcm);
        hash_lengths(gcm, 0, nonce.len);
        memcpy(gcm->counter, gcm->hash, 16);
        memset(gcm->hash, 0, 16);
    }
    MICO_MUST(wc_AesEncryptDirect((Aes *)gcm->opaque, gcm->cover, gcm->counter) == 0);
    gcm->spent = 16;
    return MICO_OK;
}

void mico_gcm_aad(struct mico_gcm *gcm, struct mico_span aad)
{
    gcm->aad_len += aad.len;
    hash(gcm, aad);
}

static void crypt(struct mico_gcm *gcm, struct mico_span in, uint8_t *out)
{
    for (size_t i = 0; i < in.len; i++) {
        if (gcm->spent == 16) {
            for (size_t k = 15; ++gcm->counter[k] == 0 && k > 12; k--) {
            }
            MICO_MUST(wc_AesEncryptDirect((Aes *)gcm->opaque, gcm->pad, gcm->counter) == 0);
            gcm->spent = 0;
        }
        out[i] = in.data[i] ^ gcm->pad[gcm->spent++];
    }
}

void mico_gcm_text(struct mico_gcm *gcm, struct mico_span in, uint8_t *out)
{
    if (gcm->text_len == 0) {
        hash_padding(gcm); /* of the additional data */
    }
    gcm->text_len += in.len;
    if (!gcm->encrypting) {
        hash(gcm, in);
    }
    crypt(gcm, in, out);
    if (gcm->encrypting) {
        hash(gcm, (struct mico_span){out, in.len});
    }
}

/* The tag is a function of the ciphertext, whichever way it came. */
void mico_gcm_finish(struct mico_gcm *gcm, uint8_t tag[16])
{
    hash_padding(gcm);
    hash_lengths(gcm, gcm->aad_len, gcm->text_len);
    for (size_t i = 0; i < 16; i++) {
        tag[i] = gcm->hash[i] ^ gcm->cover[i];
    }
    wc_AesFree((Aes *)gcm->opaque);
    mico_wipe(gcm, sizeof *gcm);
}

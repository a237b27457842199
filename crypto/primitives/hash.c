/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-2 (FIPS 180-4), HMAC (RFC 2104) and HKDF (RFC 5869). */
#include "crypto/primitives/primitives.h"

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/hmac.h>
#include <wolfssl/wolfcrypt/sha256.h>
#include <wolfssl/wolfcrypt/sha512.h>

#include "crypto/primitives/must.h"

_Static_assert(_Alignof(wc_Sha256) <= 16 && _Alignof(wc_Sha512) <= 16, "the contexts are aligned as wolfCrypt's");
_Static_assert(sizeof(wc_Sha256) <= sizeof(struct mico_sha256), "the context holds wolfCrypt's");
_Static_assert(sizeof(wc_Sha512) <= sizeof(struct mico_sha512), "the context holds wolfCrypt's");

void mico_sha256_start(struct mico_sha256 *hash)
{
    MICO_MUST(wc_InitSha256((wc_Sha256 *)hash->opaque) == 0);
}

void mico_sha256_add(struct mico_sha256 *hash, const void *data, size_t len)
{
    MICO_MUST(len == 0 || wc_Sha256Update((wc_Sha256 *)hash->opaque, data, mico_word32(len)) == 0);
}

void mico_sha256_finish(struct mico_sha256 *hash, uint8_t out[32])
{
    MICO_MUST(wc_Sha256Final((wc_Sha256 *)hash->opaque, out) == 0);
    mico_wipe(hash, sizeof *hash);
}

void mico_sha256(const void *data, size_t len, uint8_t out[32])
{
    struct mico_sha256 hash;
    mico_sha256_start(&hash);
    mico_sha256_add(&hash, data, len);
    mico_sha256_finish(&hash, out);
}

void mico_sha512_start(struct mico_sha512 *hash)
{
    MICO_MUST(wc_InitSha512((wc_Sha512 *)hash->opaque) == 0);
}

void mico_sha512_add(struct mico_sha512 *hash, const void *data, size_t len)
{
    MICO_MUST(len == 0 || wc_Sha512Update((wc_Sha512 *)hash->opaque, data, mico_word32(len)) == 0);
}

void mico_sha512_finish(struct mico_sha512 *hash, uint8_t out[64])
{
    MICO_MUST(wc_Sha512Final((wc_Sha512 *)hash->opaque, out) == 0);
    mico_wipe(hash, sizeof *hash);
}

void mico_sha384_start(struct mico_sha512 *hash)
{
    MICO_MUST(wc_InitSha384((wc_Sha384 *)hash->opaque) == 0);
}

void mico_sha384_finish(struct mico_sha512 *hash, uint8_t out[48])
{
    MICO_MUST(wc_Sha384Final((wc_Sha384 *)hash->opaque, out) == 0);
    mico_wipe(hash, sizeof *hash);
}

void mico_sha512(const void *data, size_t len, uint8_t out[64])
{
    struct mico_sha512 hash;
    mico_sha512_start(&hash);
    mico_sha512_add(&hash, data, len);
    mico_sha512_finish(&hash, out);
}

/* HMAC over three pieces, so that HKDF needs no buffer to join them. type is wolfCrypt's. */
static void hmac3(int type, struct mico_span key, struct mico_span a, struct mico_span b, struct mico_span c,
                  uint8_t *out)
{
    Hmac hmac;
    struct mico_span pieces[] = {a, b, c};
    static const uint8_t none[1];

    MICO_MUST(wc_HmacInit(&hmac, NULL, INVALID_DEVID) == 0);
    MICO_MUST(wc_HmacSetKey(&hmac, type, key.len == 0 ? none : key.data, mico_word32(key.len)) == 0);
    for (size_t i = 0; i < 3; i++) {
        if (pieces[i].len != 0) {
            MICO_MUST(wc_HmacUpdate(&hmac, pieces[i].data, mico_word32(pieces[i].len)) == 0);
        }
    }
    MICO_MUST(wc_HmacFinal(&hmac, out) == 0);
    wc_HmacFree(&hmac);
    mico_wipe(&hmac, sizeof hmac);
}

static const struct mico_span nothing;

void mico_hmac_sha256(struct mico_span key, struct mico_span data, uint8_t out[32])
{
    hmac3(WC_SHA256, key, data, nothing, nothing, out);
}

void mico_hmac_sha384(struct mico_span key, struct mico_span data, uint8_t out[48])
{
    hmac3(WC_SHA384, key, data, nothing, nothing, out);
}

void mico_hmac_sha512(struct mico_span key, struct mico_span data, uint8_t out[64])
{
    hmac3(WC_SHA512, key, data, nothing, nothing, out);
}

/* RFC 5869 sections 2.2 and 2.3: T(i) = HMAC(PRK, T(i-1) | info | i). */
static mico_err hkdf(int type, size_t size, struct mico_span salt, struct mico_span ikm, struct mico_span info,
                     uint8_t *out, size_t out_len)
{
    uint8_t prk[64], block[64];
    size_t before = 0;

    if (out_len > 255 * size) {
        return MICO_ERR_SIZE;
    }
    hmac3(type, salt, ikm, nothing, nothing, prk);
    for (uint8_t i = 1; out_len > 0; i++) {
        size_t take = out_len < size ? out_len : size;
        hmac3(type, (struct mico_span){prk, size}, (struct mico_span){block, before}, info, (struct mico_span){&i, 1},
              block);
        before = size;
        for (size_t k = 0; k < take; k++) {
            out[k] = block[k];
        }
        out += take;
        out_len -= take;
    }
    mico_wipe(prk, sizeof prk);
    mico_wipe(block, sizeof block);
    return MICO_OK;
}

mico_err mico_hkdf_sha256(struct mico_span salt, struct mico_span ikm, struct mico_span info, uint8_t *out,
                          size_t out_len)
{
    return hkdf(WC_SHA256, 32, salt, ikm, info, out, out_len);
}

mico_err mico_hkdf_sha512(struct mico_span salt, struct mico_span ikm, struct mico_span info, uint8_t *out,
                          size_t out_len)
{
    return hkdf(WC_SHA512, 64, salt, ikm, info, out, out_len);
}

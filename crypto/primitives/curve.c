/* SPDX-License-Identifier: Apache-2.0 */
/* X25519 (RFC 7748), Ed25519 and Ed25519ph (RFC 8032), with the checks that wolfCrypt leaves to its caller. */
#include "crypto/primitives/primitives.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/curve25519.h>
#include <wolfssl/wolfcrypt/ed25519.h>

#include "crypto/primitives/must.h"

/* RFC 7748 section 5: the scalar is clamped and the top bit of the coordinate is ignored. */
static void x25519_raw(const uint8_t private_key[32], const uint8_t peer[32], uint8_t out[32])
{
    _Alignas(8) uint8_t scalar[32], u[32], result[32]; /* the Thumb-2 code stores whole words */

    memcpy(scalar, private_key, 32);
    memcpy(u, peer, 32);
    scalar[0] &= 0xF8;
    scalar[31] = (uint8_t)((scalar[31] & 0x7F) | 0x40);
    u[31] &= 0x7F;
    MICO_MUST(wc_curve25519_generic(32, result, 32, scalar, 32, u) == 0);
    memcpy(out, result, 32);
    mico_wipe(result, sizeof result);
    mico_wipe(scalar, sizeof scalar);
}

mico_err mico_x25519(const uint8_t private_key[32], const uint8_t peer[32], uint8_t out[32])
{
    x25519_raw(private_key, peer, out);
    return mico_ct_is_zero(out, 32) ? MICO_ERR_CRYPTO : MICO_OK;
}

void mico_x25519_public(const uint8_t private_key[32], uint8_t out[32])
{
    static const uint8_t base[32] = {9};
    x25519_raw(private_key, base, out);
}

void mico_ed25519_public(const uint8_t seed[32], uint8_t out[32])
{
    ed25519_key key;
    _Alignas(8) uint8_t point[32]; /* whole words again, here and below */

    MICO_MUST(wc_ed25519_init(&key) == 0);
    MICO_MUST(wc_ed25519_import_private_only(seed, 32, &key) == 0);
    MICO_MUST(wc_ed25519_make_public(&key, point, 32) == 0);
    memcpy(out, point, 32);
    wc_ed25519_free(&key);
    mico_wipe(&key, sizeof key);
}

/* Signs the message, or, with ph, the digest of one. */
static void sign(const uint8_t seed[32], const uint8_t public_key[32], struct mico_span message, bool ph,
                 uint8_t out[64])
{
    ed25519_key key;
    _Alignas(8) uint8_t signature[64];
    word32 len = 64;
    static const uint8_t none[1];

    MICO_MUST(wc_ed25519_init(&key) == 0);
    /* "Trusted": not compared with the seed's, which would double the price. The contract is the header's. */
    MICO_MUST(wc_ed25519_import_private_key_ex(seed, 32, public_key, 32, &key, 1) == 0);
    MICO_MUST(wc_ed25519_sign_msg_ex(message.len == 0 ? none : message.data, mico_word32(message.len), signature, &len,
                                     &key, ph ? Ed25519ph : Ed25519, NULL, 0) == 0);
    memcpy(out, signature, 64);
    wc_ed25519_free(&key);
    mico_wipe(&key, sizeof key);
}

void mico_ed25519_sign(const uint8_t seed[32], const uint8_t public_key[32], struct mico_span message, uint8_t out[64])
{
    sign(seed, public_key, message, false, out);
}

void mico_ed25519ph_sign(const uint8_t seed[32], const uint8_t public_key[32], const uint8_t digest[64],
                         uint8_t out[64])
{
    sign(seed, public_key, (struct mico_span){digest, 64}, true, out);
}

/* Little-endian a < b, both public. */
static bool less(const uint8_t a[32], const uint8_t b[32])
{
    for (int i = 31; i >= 0; i--) {
        if (a[i] != b[i]) {
            return a[i] < b[i];
        }
    }
    return false;
}

/* True when the encoded point is canonical (y < p = 2^255 - 19) and not one of the eight of small order. Those have the
 * y coordinates 0 (order 4), 1 (the identity), p - 1 (order 2) and the two below (order 8); the sign bit of x is left
 * out, so an encoding of x = 0 with the sign set goes too. */
static bool point_acceptable(const uint8_t point[32])
{
    static const uint8_t p[32] = {0xED, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F};
    static const uint8_t order8[2][32] = {
        {0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
         0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05},
        {0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
         0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A},
    };
    static const uint8_t two[32] = {2};
    uint8_t y[32], minus_one[32];

    memcpy(y, point, 32);
    y[31] &= 0x7F;
    memcpy(minus_one, p, 32);
    minus_one[0]--;
    return less(y, minus_one) && !less(y, two) && memcmp(y, order8[0], 32) != 0 && memcmp(y, order8[1], 32) != 0;
}

static mico_err verify(const uint8_t public_key[32], struct mico_span message, bool ph, const uint8_t signature[64])
{
    static const uint8_t order[32] = {0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7,
                                      0xA2, 0xDE, 0xF9, 0xDE, 0x14, 0,    0,    0,    0,    0,    0,
                                      0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    static const uint8_t none[1];
    ed25519_key key;
    _Alignas(8) uint8_t aligned[64];
    int valid = 0;

    if (!less(signature + 32, order) || !point_acceptable(public_key) || !point_acceptable(signature)) {
        return MICO_ERR_AUTH;
    }
    MICO_MUST(wc_ed25519_init(&key) == 0);
    /* wc_ed25519_import_public would link the 48 KiB table of signing into programs that only verify, such as the
     * loader; what it checks, that y is below p, has been checked above. */
    memcpy(key.p, public_key, 32);
    key.pubKeySet = 1;
    memcpy(aligned, signature, 64);
    int failed = wc_ed25519_verify_msg_ex(aligned, 64, message.len == 0 ? none : message.data, mico_word32(message.len),
                                          &valid, &key, ph ? Ed25519ph : Ed25519, NULL, 0);
    wc_ed25519_free(&key);
    return failed == 0 && valid == 1 ? MICO_OK : MICO_ERR_AUTH;
}

mico_err mico_ed25519_verify(const uint8_t public_key[32], struct mico_span message, const uint8_t signature[64])
{
    return verify(public_key, message, false, signature);
}

mico_err mico_ed25519ph_verify(const uint8_t public_key[32], const uint8_t digest[64], const uint8_t signature[64])
{
    return verify(public_key, (struct mico_span){digest, 64}, true, signature);
}

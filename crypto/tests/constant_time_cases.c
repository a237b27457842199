/* SPDX-License-Identifier: Apache-2.0 */
/* The table of cases, and those of the primitives under PSA. */
#include <string.h>

#include "crypto/primitives/aes_even.h"
#include "crypto/primitives/entropy.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/stream.h"
#include "crypto/tests/constant_time.h"

static uint8_t key[64], text[256], out[256];

void ct_reset(void)
{
    static const uint8_t key_at_first[sizeof key] = {1, 2, 3}, text_at_first[sizeof text] = {4, 5};
    uint8_t drawn;
    entropy_is_public = false;
    memcpy(key, key_at_first, sizeof key);
    memcpy(text, text_at_first, sizeof text);
    mico_psa_zeroise();
    mico_entropy_forget();
    ct_expect(psa_crypto_init(), PSA_SUCCESS);
    ct_must(mico_random(&drawn, 1)); /* seeds */
}

static void x25519(void)
{
    static const uint8_t base[32] = {9};
    mico_x25519_public(secret(key, 32), out);
    ct_must(mico_x25519(key, base, out)); /* whether the result is zero is public */
}

static void ed25519(void)
{
    uint8_t public_key[32];
    mico_ed25519_public(secret(key, 32), public_key);
    open_up(public_key, 32);
    mico_ed25519_sign(key, public_key, MICO_SPAN(text), out);
    mico_ed25519ph_sign(key, public_key, text, out);
}

static void p256_sign(void)
{
    uint8_t public_key[65];
    secret(key, 32);
    ct_must(mico_p256_public(key, public_key));
    ct_must(mico_p256_sign(key, text, out));
    ct_must(mico_p256_sign_deterministic(key, text, out));
}

static void p256_agree(void)
{
    uint8_t peer[65];
    ct_must(mico_p256_public(text, peer));
    ct_must(mico_p256_agree(secret(key, 32), peer, out));
}

static void p256_generate(void)
{
    uint8_t public_key[65];
    ct_must(mico_p256_generate(key, public_key));
}

static void chachapoly(void)
{
    uint8_t sealed[sizeof text + 16];
    secret(text, sizeof text);
    mico_chachapoly_seal(secret(key, 32), key + 32, (struct mico_span){key + 40, 20}, MICO_SPAN(text), sealed);
    open_up(sealed, sizeof sealed);
    ct_must(mico_chachapoly_open(key, key + 32, (struct mico_span){key + 40, 20}, MICO_SPAN(sealed), text));
    mico_poly1305(key, (struct mico_span){text, 100}, out);
}

static void hmac(void)
{
    mico_hmac_sha256((struct mico_span){secret(key, 64), 64}, (struct mico_span){secret(text, 256), 256}, out);
    mico_hmac_sha384((struct mico_span){key, 64}, (struct mico_span){text, 256}, out);
    mico_hmac_sha512((struct mico_span){key, 64}, (struct mico_span){text, 256}, out);
    mico_sha256(text, sizeof text, out);
    mico_sha512(text, sizeof text, out);
}

static void hkdf(void)
{
    struct mico_span ikm = {secret(key, 32), 32}, info = {text, 20};
    ct_must(mico_hkdf_sha256(info, ikm, info, out, 128));
    ct_must(mico_hkdf_sha512(info, ikm, info, out, 128));
}

static void aes_ctr(void)
{
    uint8_t counter[16] = {0};
    ct_must(mico_aes_ctr((struct mico_span){secret(key, 32), 32}, counter, (struct mico_span){secret(text, 256), 256},
                         out));
}

/* Opening one's own sealed text, and one that was altered. */
static void aes_modes(void)
{
    uint8_t sealed[sizeof text + 16];
    struct mico_span k = {secret(key, 32), 32}, iv = {key + 32, 12}, aad = {key + 44, 20};
    secret(text, sizeof text);
    ct_must(mico_aes_gcm_seal(k, iv, aad, MICO_SPAN(text), sealed, 16));
    open_up(sealed, sizeof sealed);
    ct_must(mico_aes_gcm_open(k, iv, aad, MICO_SPAN(sealed), text, 16));
    ct_must(mico_aes_ccm_seal(k, iv, aad, MICO_SPAN(text), sealed, 16));
    open_up(sealed, sizeof sealed);
    ct_must(mico_aes_ccm_open(k, iv, aad, MICO_SPAN(sealed), text, 16));
    ct_must(mico_aes_cmac(k, MICO_SPAN(text), out));
}

/* The boards' own, which the cases before do not come to on a machine that has instructions for AES. */
static void aes_even(void)
{
    static const unsigned bits[] = {128, 192, 256};
    uint32_t words[60];
    uint8_t *schedule = (uint8_t *)words, counter[16];
    for (size_t i = 0; i < 3; i++) {
        int rounds = (int)(bits[i] / 32 + 6);
        AES_set_encrypt_key(secret(key, 32), bits[i], schedule);
        secret(text, sizeof text);
        AES_ECB_encrypt(text, out, 80, schedule, rounds);
        AES_invert_key(schedule, (unsigned)rounds);
        AES_ECB_decrypt(text, out, 80, schedule, rounds);
        AES_CTR_encrypt(text, out, 80, schedule, rounds, secret(counter, 16));
        AES_GCM_encrypt(text, out, 80, schedule, rounds, secret(counter, 16));
        GCM_gmult_len(secret(key + 32, 16), key, text, 80);
    }
}

static void ct_equal(void)
{
    secret(key, 32);
    secret(text, 32);
    bool equal = mico_ct_equal(key, text, 32), zero = mico_ct_is_zero(key, 32);
    out[0] = (uint8_t)(equal | zero << 1);
    secret(key, 1); /* another first byte, another last one */
    secret(text + 31, 1);
    out[1] = mico_ct_equal(key, text, 32);
}

/* The generator itself: what it is seeded with is secret. */
static void drbg(void)
{
    ct_must(mico_random(text, sizeof text));
    mico_random_forget();
    ct_must(mico_random(text, sizeof text));
}

/* ---- the controls: each must be reported ---- */

static void branch(void)
{
    secret(key, 2);
    if (key[0] > 0x40) {
        ((volatile uint8_t *)out)[0] = 1;
    }
}

const struct ct_case ct_cases[] = {
    {"branch", branch, 8, false}, /* the controls first */
    {"index", ct_control_index, 8, false},
    {"compare", ct_control_compare, 8, false},
    {"x25519", x25519, 8, false},
    {"ed25519", ed25519, 8, false},
    {"p256-sign", p256_sign, 6, false},
    {"p256-agree", p256_agree, 6, false},
    {"p256-generate", p256_generate, 6, false},
    {"p384", ct_p384, 2, true},
    {"rsa-sign", ct_rsa_sign, 2, true},
    {"rsa-decrypt", ct_rsa_decrypt, 2, true},
    {"ffdh", ct_ffdh, 2, true},
    {"dsa", ct_dsa, 2, true},
    {"srp", ct_srp3072, 2, true},
    {"srp-hap", ct_srp_hap, 2, true},
    {"srp6", ct_srp6, 2, true},
    {"chachapoly", chachapoly, 8, false},
    {"hmac", hmac, 8, false},
    {"hkdf", hkdf, 8, false},
    {"aes-ctr", aes_ctr, 8, true},
    {"aes-modes", aes_modes, 8, true},
    {"aes-even", aes_even, 8, true},
    {"ct-equal", ct_equal, 8, false},
    {"drbg", drbg, 8, false},
    {"psa-keys", ct_psa_keys, 3, true},
    {"psa-keys-rsa", ct_psa_keys_rsa, 2, true},
    {"psa-generate", ct_psa_generate, 3, true},
    {"psa-hash", ct_psa_hash, 8, false},
    {"psa-mac", ct_psa_mac, 8, false},
    {"psa-cipher", ct_psa_cipher, 8, true},
    {"psa-padding", ct_psa_padding, 8, true},
    {"psa-aead", ct_psa_aead, 8, false},
    {"psa-wrap", ct_psa_wrap, 8, true},
    {"psa-derive", ct_psa_derive, 6, false},
    {"psa-password", ct_psa_password, 6, false},
    {"psa-agree", ct_psa_agree, 2, true},
    {"psa-pake", ct_psa_pake, 2, true},
    {"psa-sign", ct_psa_sign, 2, true},
    {"psa-sign-rsa", ct_psa_sign_rsa, 2, true},
    {"psa-sign-dsa", ct_psa_sign_dsa, 2, true},
    {"psa-decrypt", ct_psa_decrypt, 2, true},
};
const size_t ct_case_count = sizeof ct_cases / sizeof ct_cases[0];

/* SPDX-License-Identifier: Apache-2.0 */
/* Under valgrind: secrets are marked undefined, so that memcheck reports every branch and every address that depends on
 * them. ctest runs it once for each case; `branch` and `index` are the positive controls, which
 * must be reported. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/random.h>

#include <valgrind/memcheck.h>

#include "crypto/primitives/primitives.h"
#include "crypto/srp/srp.h"
#include "crypto/srp/srp_math.h"
#include "crypto/srp/srp_test_entry.h"
#include "crypto/tests/constant_time.h"
#include "os/port/rng.h"

void *secret(void *data, size_t len)
{
    VALGRIND_MAKE_MEM_UNDEFINED(data, len);
    return data;
}

void open_up(void *data, size_t len)
{
    VALGRIND_MAKE_MEM_DEFINED(data, len);
}

/* Random numbers are secret too: nonces, blinding. */
bool entropy_is_public;
mico_err mico_entropy(uint8_t *bytes, size_t len)
{
    if (getrandom(bytes, len, 0) != (ssize_t)len) {
        return MICO_ERR_ENTROPY;
    }
    if (!entropy_is_public) {
        secret(bytes, len);
    }
    return MICO_OK;
}

static uint8_t key[64] = {1, 2, 3}, text[256] = {4, 5}, out[MICO_SRP_SIZE];

static void x25519(void)
{
    static const uint8_t base[32] = {9};
    mico_x25519_public(secret(key, 32), out);
    mico_err err = mico_x25519(key, base, out);
    open_up(&err, sizeof err); /* whether the result is zero is public */
    if (err == MICO_ERR_CRYPTO) {
        abort();
    }
}

static void ed25519_sign(void)
{
    uint8_t public_key[32];
    mico_ed25519_public(secret(key, 32), public_key);
    open_up(public_key, 32);
    mico_ed25519_sign(key, public_key, MICO_SPAN(text), out);
}

static void p256_sign(void)
{
    uint8_t public_key[65];
    secret(key, 32);
    if (mico_p256_public(key, public_key) != MICO_OK || mico_p256_sign(key, text, out) != MICO_OK ||
        mico_p256_sign_deterministic(key, text, out) != MICO_OK) {
        abort();
    }
}

static void p256_agree(void)
{
    uint8_t peer[65];
    if (mico_p256_public(text, peer) != MICO_OK || mico_p256_agree(secret(key, 32), peer, out) != MICO_OK) {
        abort();
    }
}

static void chachapoly(void)
{
    uint8_t sealed[sizeof text + 16];
    secret(text, sizeof text);
    mico_chachapoly_seal(secret(key, 32), key + 32, (struct mico_span){key + 40, 20}, MICO_SPAN(text), sealed);
    open_up(sealed, sizeof sealed);
    if (mico_chachapoly_open(key, key + 32, (struct mico_span){key + 40, 20}, MICO_SPAN(sealed), text) != MICO_OK) {
        abort();
    }
}

static void hmac(void)
{
    mico_hmac_sha256((struct mico_span){secret(key, 64), 64}, (struct mico_span){secret(text, 256), 256}, out);
    mico_hmac_sha512((struct mico_span){key, 64}, (struct mico_span){text, 256}, out);
}

static void hkdf(void)
{
    struct mico_span ikm = {secret(key, 32), 32}, info = {text, 20};
    if (mico_hkdf_sha512(info, ikm, info, out, 128) != MICO_OK) {
        abort();
    }
}

static void aes_ctr(void)
{
    uint8_t counter[16] = {0};
    if (mico_aes_ctr((struct mico_span){secret(key, 32), 32}, counter, (struct mico_span){secret(text, 256), 256},
                     out) != MICO_OK) {
        abort();
    }
}

/* Sealing only: what opening says is no secret. */
static void aes_modes(void)
{
    uint8_t sealed[sizeof text + 16];
    struct mico_span k = {secret(key, 32), 32}, iv = {key + 32, 12}, aad = {key + 44, 20};
    secret(text, sizeof text);
    if (mico_aes_gcm_seal(k, iv, aad, MICO_SPAN(text), sealed, 16) != MICO_OK ||
        mico_aes_ccm_seal(k, iv, aad, MICO_SPAN(text), sealed, 16) != MICO_OK ||
        mico_aes_cmac(k, MICO_SPAN(text), out) != MICO_OK) {
        abort();
    }
}

static void ct_equal(void)
{
    bool equal = mico_ct_equal(secret(key, 32), secret(text, 32), 32);
    bool zero = mico_ct_is_zero(key, 32);
    out[0] = (uint8_t)(equal | zero << 1);
}

/* Exponentiation and product of SRP. The exponent's top bit is public: its length is, as srp_math.h says. */
static void srp(void)
{
    uint8_t b[32];
    memset(b, 0xA5, sizeof b);
    secret(b, sizeof b);
    b[0] |= 0x80;
    srp_exp(out, srp_g, MICO_SPAN(b));
    srp_mul(out, out, srp_g);
    srp_exp(out, out, MICO_SPAN(b));
}

static void branch(void)
{
    secret(key, 1);
    if (key[0] == 7) {
        out[0] = 1;
    }
}

static void index_by(void)
{
    secret(key, 1);
    out[0] = ((volatile uint8_t *)text)[key[0]];
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } cases[] = {
        {"x25519", x25519},
        {"p256-sign", p256_sign},
        {"p256-agree", p256_agree},
        {"ed25519", ed25519_sign},
        {"chachapoly", chachapoly},
        {"hmac", hmac},
        {"hkdf", hkdf},
        {"aes-ctr", aes_ctr},
        {"ct-equal", ct_equal},
        {"srp", srp},
        {"aes-modes", aes_modes},
        {"p384", ct_p384},
        {"rsa-sign", ct_rsa_sign},
        {"rsa-decrypt", ct_rsa_decrypt},
        {"ffdh", ct_ffdh},
        {"dsa", ct_dsa},
        {"srp6", ct_srp6},
        {"branch", branch},
        {"index", index_by},
    };
    for (size_t i = 0; argc == 2 && i < sizeof cases / sizeof cases[0]; i++) {
        if (strcmp(argv[1], cases[i].name) == 0) {
            cases[i].run();
            return RUNNING_ON_VALGRIND ? 0 : 2;
        }
    }
    fprintf(stderr, "usage: valgrind constant_time CASE\n");
    return 2;
}

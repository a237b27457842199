/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers: wolfCrypt's SP 800-90A Hash_DRBG (SHA-256). One generator for the program.
 *
 * Instantiation (section 9.1): 32 bytes of entropy, a nonce of 16, both from the tested source (entropy.h), and the
 * personalisation string. Reseeding (9.2): 32 bytes of entropy, after a million requests and whenever prediction resistance
 * is asked for (9.3). wolfCrypt runs its known answers before instantiation and before the former kind of reseeding (11.3);
 * uninstantiation clears the state and looks that it is clear (9.4). */
#include "crypto/primitives/primitives.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/random.h>

#include "crypto/primitives/entropy.h"
#include "crypto/primitives/random_fork.h"
#include "crypto/primitives/trust.h"
#include "crypto/primitives/wolf_platform.h"

#define PIECE 4096 /* bytes of one request; section 10.1 permits 65536 */
#define ENTROPY 32
#define NONCE 16

static WC_RNG generator;
static bool seeded;
static uint8_t personal[NONCE + MICO_RANDOM_PERSONAL]; /* room for the nonce before it */
static size_t personal_len;
static void (*lock_hook)(void);
static void (*unlock_hook)(void);

void mico_random_lock_with(void (*lock)(void), void (*unlock)(void))
{
    lock_hook = lock;
    unlock_hook = unlock;
}

void mico_wolf_lock(void)
{
    if (lock_hook != NULL) {
        lock_hook();
    }
}

void mico_wolf_unlock(void)
{
    if (unlock_hook != NULL) {
        unlock_hook();
    }
}

static void forget(void)
{
    if (seeded) {
        (void)wc_FreeRng(&generator);
        seeded = false;
    }
}

/* A known answer was wrong, or a seed repeated itself: FIPS 140-2 section 4.9.2. */
static bool done(int ret)
{
    if (ret == DRBG_CONT_FIPS_E) {
        mico_trust_fail();
    }
    return ret == 0;
}

static mico_err seed(void)
{
    if (seeded) {
        return MICO_OK;
    }
    mico_err err = mico_entropy_tested(personal, NONCE);
    if (err == MICO_OK) {
        word32 len = (word32)(NONCE + personal_len);
        seeded = done(wc_InitRngNonce_ex(&generator, personal, len, MICO_WOLF_STATIC, INVALID_DEVID));
        err = seeded ? MICO_OK : MICO_ERR_ENTROPY;
    }
    mico_wipe(personal, NONCE);
    return err;
}

static mico_err reseed(void)
{
    uint8_t fresh[ENTROPY];
    mico_err err = seed();
    if (err == MICO_OK) {
        err = mico_entropy_tested(fresh, sizeof fresh);
    }
    if (err == MICO_OK && !done(wc_RNG_DRBG_Reseed(&generator, fresh, sizeof fresh))) {
        err = MICO_ERR_ENTROPY;
    }
    mico_wipe(fresh, sizeof fresh);
    return err;
}

static mico_err generate(uint8_t *out, size_t len)
{
    mico_err err = MICO_OK;
    for (size_t at = 0; err == MICO_OK && at < len;) {
        size_t piece = len - at < PIECE ? len - at : PIECE;
        err = done(wc_RNG_GenerateBlock(&generator, out + at, (word32)piece)) ? MICO_OK : MICO_ERR_ENTROPY;
        at += piece;
    }
    return err;
}

/* first is seed or reseed; a program that never asks for the latter has none. A generator that has failed once is thrown away,
 * and seeded anew by the next call. A process that was forked off has a copy of its parent's. */
static mico_err draw(mico_err (*first)(void), uint8_t *out, size_t len)
{
    mico_wolf_lock();
    mico_err err = mico_trust_ask();
    if (mico_random_forked()) {
        forget();
    }
    if (err == MICO_OK) {
        err = first();
    }
    if (err == MICO_OK) {
        err = generate(out, len);
    }
    if (err != MICO_OK) {
        forget();
        mico_wipe(out, len);
    }
    mico_wolf_unlock();
    return err;
}

mico_err mico_random(uint8_t *out, size_t len)
{
    return draw(seed, out, len);
}

mico_err mico_random_fresh(uint8_t *out, size_t len)
{
    return draw(reseed, out, len);
}

void mico_random_forget(void)
{
    mico_wolf_lock();
    forget();
    mico_wolf_unlock();
}

mico_err mico_random_personalise(struct mico_span text)
{
    if (text.len > MICO_RANDOM_PERSONAL) {
        return MICO_ERR_SIZE;
    }
    mico_wolf_lock();
    forget();
    memset(personal, 0, sizeof personal);
    if (text.len != 0) {
        memcpy(personal + NONCE, text.data, text.len);
    }
    personal_len = text.len;
    mico_wolf_unlock();
    return MICO_OK;
}

mico_err mico_random_answer(const uint8_t seed[48], const uint8_t reseed[32], uint8_t out[MICO_RANDOM_ANSWER])
{
    int ret = wc_RNG_HealthTest(1, seed, 48, reseed, 32, out, MICO_RANDOM_ANSWER);
    return ret == 0 ? MICO_OK : MICO_ERR_CRYPTO;
}

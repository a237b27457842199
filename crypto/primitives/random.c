/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers: wolfCrypt's SP 800-90A Hash_DRBG (SHA-256), seeded through wolf_platform.c from os/port/rng.h and
 * reseeded every million requests. One generator for the program. */
#include "crypto/primitives/primitives.h"

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/random.h>

#include "crypto/primitives/wolf_platform.h"

#define PIECE 4096 /* bytes of one request; below wolfCrypt's 65536 */

static WC_RNG generator;
static bool seeded;
static void (*lock_hook)(void);
static void (*unlock_hook)(void);

void mico_random_lock_with(void (*lock)(void), void (*unlock)(void))
{
    lock_hook = lock;
    unlock_hook = unlock;
}

/* A generator that has failed once is thrown away and seeded anew by the next call. */
static mico_err fail(uint8_t *out, size_t len)
{
    if (seeded) {
        (void)wc_FreeRng(&generator);
        seeded = false;
    }
    mico_wipe(out, len);
    return MICO_ERR_ENTROPY;
}

static mico_err generate(uint8_t *out, size_t len)
{
    if (!seeded) {
        if (wc_InitRng_ex(&generator, MICO_WOLF_STATIC, INVALID_DEVID) != 0) {
            return fail(out, len);
        }
        seeded = true;
    }
    for (size_t done = 0; done < len;) {
        size_t piece = len - done < PIECE ? len - done : PIECE;
        if (wc_RNG_GenerateBlock(&generator, out + done, (word32)piece) != 0) {
            return fail(out, len);
        }
        done += piece;
    }
    return MICO_OK;
}

void mico_random_forget(void)
{
    if (seeded) {
        (void)wc_FreeRng(&generator);
        seeded = false;
    }
}

mico_err mico_random(uint8_t *out, size_t len)
{
    if (lock_hook != NULL) {
        lock_hook();
    }
    mico_err err = generate(out, len);
    if (unlock_hook != NULL) {
        unlock_hook();
    }
    return err;
}

mico_err mico_random_answer(const uint8_t seed[48], const uint8_t reseed[32], uint8_t out[MICO_RANDOM_ANSWER])
{
    int ret = wc_RNG_HealthTest(1, seed, 48, reseed, 32, out, MICO_RANDOM_ANSWER);
    return ret == 0 ? MICO_OK : MICO_ERR_CRYPTO;
}

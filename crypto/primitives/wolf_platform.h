/* SPDX-License-Identifier: Apache-2.0 */
/* What wolfSSL gets from MiCO; for crypto/ only. */
#ifndef CRYPTO_PRIMITIVES_WOLF_PLATFORM_H
#define CRYPTO_PRIMITIVES_WOLF_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

/* wolfSSL's heap hint for memory from static slots; mico_random's lock guards them. */
extern const char mico_wolf_static_mark;
#define MICO_WOLF_STATIC ((void *)&mico_wolf_static_mark)

/* The generator's lock (mico_random_lock_with): for what is short and calls nothing that draws. random.c. */
void mico_wolf_lock(void);
void mico_wolf_unlock(void);

/* Everything above wolfCrypt's primitives (TLS) needs a heap: whoever uses it installs one, so that the loader and the
 * coprocessor's firmware link none. Install before the first use; never changed after. */
struct mico_wolf_heap {
    void *(*alloc)(size_t len);
    void *(*resize)(void *block, size_t len);
    void (*release)(void *block);
    uint64_t (*clock_ms)(void); /* what the time goes on by */
};
void mico_wolf_use_heap(const struct mico_wolf_heap *heap);

/* Seconds since 1970, for the dates of certificates and sessions; the heap's clock counts on from it. 0, the start, makes
 * every certificate not yet valid. */
void mico_wolf_set_time(uint64_t now_s);

#endif

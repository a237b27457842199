/* SPDX-License-Identifier: Apache-2.0 */
/* wolfSSL's platform: memory, seed and time. See crypto/user_settings.h. */
#include "crypto/primitives/wolf_platform.h"

#include <stdbool.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/types.h>

#include "base/bytes.h"
#include "crypto/primitives/entropy.h"
#include "crypto/primitives/trust.h"

/* Two generator states live at once: the one of crypto/primitives/random.c, and that of its health test at start. */
#define SLOTS 2
#define SLOT_SIZE 384
static struct {
    _Alignas(16) uint64_t bytes[SLOT_SIZE / 8];
    bool used;
} slots[SLOTS];

const char mico_wolf_static_mark;
static const struct mico_wolf_heap *heap_in_use;
static uint64_t set_s, set_at_ms; /* the time that was told, and the clock then */

void mico_wolf_use_heap(const struct mico_wolf_heap *heap)
{
    heap_in_use = heap;
}

static uint64_t clock_ms(void)
{
    return heap_in_use != NULL ? heap_in_use->clock_ms() : 0;
}

void mico_wolf_set_time(uint64_t now_s)
{
    set_s = now_s;
    set_at_ms = clock_ms();
}

static int slot_of(const void *block)
{
    for (int i = 0; i < SLOTS; i++) {
        if (block == slots[i].bytes) {
            return i;
        }
    }
    return -1;
}

void *mico_wolf_malloc(size_t len, void *heap, int type)
{
    for (int i = 0; heap == MICO_WOLF_STATIC && len <= SLOT_SIZE && i < SLOTS; i++) {
        if (!slots[i].used) {
            slots[i].used = true;
            return slots[i].bytes;
        }
    }
    return heap_in_use != NULL ? heap_in_use->alloc(len) : NULL;
}

void *mico_wolf_realloc(void *block, size_t len, void *heap, int type)
{
    if (slot_of(block) >= 0) {
        return len <= SLOT_SIZE ? block : NULL;
    }
    return heap_in_use != NULL ? heap_in_use->resize(block, len) : NULL;
}

void mico_wolf_free(void *block, void *heap, int type)
{
    int slot = slot_of(block);
    if (slot >= 0) {
        mico_wipe(slots[slot].bytes, SLOT_SIZE);
        slots[slot].used = false;
    } else if (block != NULL && heap_in_use != NULL) {
        heap_in_use->release(block);
    }
}

/* Under the generator's lock: it, and TLS where a connection gets a generator of its own. */
int mico_wolf_seed(unsigned char *out, unsigned int len)
{
    return mico_trust_ask() == MICO_OK && mico_entropy_tested(out, len) == MICO_OK ? 0 : RNG_FAILURE_E;
}

long long mico_wolf_time_ms(time_t *out)
{
    /* Never 0, which wolfSSL takes for a clock that is broken: tickets count from here even where the time is not known. */
    return (long long)(set_s * 1000 + (clock_ms() - set_at_ms)) + (set_s == 0);
}

time_t mico_wolf_time(time_t *out)
{
    time_t now = (time_t)(mico_wolf_time_ms(NULL) / 1000);
    if (out != NULL) {
        *out = now;
    }
    return now;
}

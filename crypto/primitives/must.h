/* SPDX-License-Identifier: Apache-2.0 */
/* Calls into wolfCrypt that cannot fail for arguments that our callers have checked: stopping is the only safe answer,
 * in every build, since going on would use a key or digest that is not one. */
#ifndef CRYPTO_PRIMITIVES_MUST_H
#define CRYPTO_PRIMITIVES_MUST_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define MICO_MUST(condition) \
    do {                     \
        if (!(condition)) {  \
            abort();         \
        }                    \
    } while (0)

/* wolfCrypt counts in 32 bits; more is a caller's mistake. */
static inline uint32_t mico_word32(size_t len)
{
    MICO_MUST(len <= UINT32_MAX);
    return (uint32_t)len;
}

#endif

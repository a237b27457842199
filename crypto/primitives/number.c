/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/primitives/number.h"

#include <string.h>

#include "crypto/primitives/must.h"

#define DIGIT sizeof(mp_digit)

void number_load(mp_int *to, const uint8_t *bytes, size_t len)
{
    MICO_MUST(len > 0 && len <= SP_INT_BITS / 8);
    memset(to, 0, sizeof *to);
    to->size = SP_INT_DIGITS;
    to->used = (unsigned)((len + DIGIT - 1) / DIGIT);
    for (size_t i = 0; i < len; i++) {
        to->dp[i / DIGIT] |= (mp_digit)bytes[len - 1 - i] << (8 * (i % DIGIT));
    }
}

void number_load_public(mp_int *to, struct mico_span bytes)
{
    number_load(to, bytes.data, bytes.len);
    mp_clamp(to);
}

void number_store(const mp_int *from, uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        mp_digit digit = i / DIGIT < from->used ? from->dp[i / DIGIT] : 0;
        bytes[len - 1 - i] = (uint8_t)(digit >> (8 * (i % DIGIT)));
    }
}

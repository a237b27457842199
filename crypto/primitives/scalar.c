/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/primitives/scalar.h"

#include <string.h>

/* out = a - (b & mask), out may be NULL. Returns the borrow: 1 when a is the less. */
static unsigned subtract(uint8_t *out, const uint8_t *a, const uint8_t *b, uint8_t mask, size_t len)
{
    unsigned borrow = 0;
    for (size_t i = len; i-- > 0;) {
        unsigned difference = (unsigned)a[i] - (b[i] & mask) - borrow;
        borrow = difference >> 8 & 1;
        if (out != NULL) {
            out[i] = (uint8_t)difference;
        }
    }
    return borrow;
}

bool scalar_in_range(const uint8_t *a, const uint8_t *bound, size_t len)
{
    return (subtract(NULL, a, bound, 0xFF, len) & !mico_ct_is_zero(a, len)) != 0;
}

void scalar_of_digest(uint8_t *out, struct mico_span digest, struct mico_span order)
{
    size_t take = digest.len < order.len ? digest.len : order.len;

    memset(out, 0, order.len - take);
    memcpy(out + order.len - take, digest.data, take);
    /* The order's top bit is set, so one subtraction is enough. */
    uint8_t at_or_above = (uint8_t)(subtract(NULL, out, order.data, 0xFF, order.len) - 1);
    (void)subtract(out, out, order.data, at_or_above, order.len);
}

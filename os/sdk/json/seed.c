/* SPDX-License-Identifier: Apache-2.0 */
/* The seed of json-c's hash tables, so that nobody can send names that all fall into one place. */
#include <stdint.h>

#include "crypto/primitives/primitives.h"
#include "os/port/clock.h"

int json_c_get_random_seed(void);

/* json-c asks until it gets something other than -1. Without entropy the time is better than nothing. */
int json_c_get_random_seed(void)
{
    int32_t seed;
    if (mico_random((uint8_t *)&seed, sizeof seed) != MICO_OK) {
        seed = (int32_t)mico_clock_us();
    }
    return seed == -1 ? 0 : seed;
}

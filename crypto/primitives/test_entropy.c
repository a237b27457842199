/* SPDX-License-Identifier: Apache-2.0 */
/* Linux's entropy for tests of crypto/, so that they need no board. */
#include <sys/random.h>

#include "os/port/rng.h"

mico_err mico_entropy(uint8_t *out, size_t len)
{
    return getrandom(out, len, 0) == (ssize_t)len ? MICO_OK : MICO_ERR_ENTROPY;
}

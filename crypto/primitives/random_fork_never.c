/* SPDX-License-Identifier: Apache-2.0 */
/* A board's program has no processes. */
#include "crypto/primitives/random_fork.h"

bool mico_random_forked(void)
{
    return false;
}

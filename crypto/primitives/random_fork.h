/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/primitives: has the generator's memory been copied into another process? Only Linux can (random_fork_linux.c);
 * elsewhere there is one program (random_fork_never.c). */
#ifndef CRYPTO_PRIMITIVES_RANDOM_FORK_H
#define CRYPTO_PRIMITIVES_RANDOM_FORK_H

#include <stdbool.h>

/** Is this a process that was forked off since the last call? Under the generator's lock. */
bool mico_random_forked(void);

#endif

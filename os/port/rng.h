/* SPDX-License-Identifier: Apache-2.0 */
/* The board's entropy source: seeds the generator in crypto/; nothing else reads it. */
#ifndef OS_PORT_RNG_H
#define OS_PORT_RNG_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/** len bytes of full entropy. Blocks at most a second; MICO_ERR_ENTROPY (out wiped) when the source is dry or stuck. */
MICO_MUST_USE mico_err mico_entropy(uint8_t *out, size_t len);

#endif

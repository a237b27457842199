/* SPDX-License-Identifier: Apache-2.0 */
/* The chip in the Secure world, behind the gate. */
#ifndef MSCP_TRUSTZONE_WORLD_H
#define MSCP_TRUSTZONE_WORLD_H

#include <stddef.h>
#include <stdint.h>

/** Bytes of the link, already in Secure memory. */
void mscp_world_input(const uint8_t *bytes, size_t len);

/** At most cap bytes of what the chip has answered; how many. */
size_t mscp_world_output(uint8_t *out, size_t cap);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The link to the coprocessor in this processor's Secure world: what Non-secure may call. Link mscp_secure_gate. For
 * mscp/host/transport_trustzone.h; who drives the chip uses that.
 *
 * The calls take the link's bytes (docs/MSCP.md, "Line") and do not trust their caller: memory that is not wholly Non-secure's is
 * refused before a byte of it is touched, and bytes are copied before they are looked at. Interrupts of Non-secure go on during
 * a call; another call meanwhile is refused. */
#ifndef MSCP_TRUSTZONE_GATE_H
#define MSCP_TRUSTZONE_GATE_H

#include <stdint.h>

#include "base/err.h"

/** Give len bytes to the chip; what they complete is carried out before this returns. MICO_ERR_PARAM: data is not
 * Non-secure memory; MICO_ERR_BUSY: a call is going on. */
int32_t mscp_secure_write(const uint8_t *data, uint32_t len);

/** Take at most cap bytes of the chip's answers; how many, 0 when there are none. MICO_ERR_PARAM, MICO_ERR_BUSY. */
int32_t mscp_secure_read(uint8_t *out, uint32_t cap);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* DER elements (X.690) on a reader: what certificates and certification requests are made of. */
#ifndef MSCP_CHIP_DER_H
#define MSCP_CHIP_DER_H

#include "base/bytes.h"

#define MSCP_DER_INTEGER 0x02
#define MSCP_DER_OID 0x06
#define MSCP_DER_SEQUENCE 0x30
#define MSCP_DER_SET 0x31
#define MSCP_DER_CONTEXT_0 0xA0
#define MSCP_DER_CONSTRUCTED 0x20

/* Read a tag and a definite length of at most two bytes (8.1.3), minimal as DER asks. 0, and r failed, for another. */
size_t mscp_der_header(struct mico_reader *r, uint8_t tag);

/* A reader of the content of the next element, which must have this tag; r stands behind it. A failed r gives a failed
 * reader. */
struct mico_reader mscp_der_enter(struct mico_reader *r, uint8_t tag);
/* The same for any tag of one byte. */
struct mico_reader mscp_der_any(struct mico_reader *r);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The few DER forms (X.690) that key formats need: SEQUENCE, and INTEGERs that are not negative. For crypto/ alone. */
#ifndef CRYPTO_PRIMITIVES_DER_H
#define CRYPTO_PRIMITIVES_DER_H

#include "base/bytes.h"

/* Read: a length that is not the shortest, an indefinite one, an INTEGER that is negative, empty or has a zero byte too many
 * make the reader fail, as running past the end does. */

/** A reader of the SEQUENCE's contents; `in` goes on after it. */
struct mico_reader der_read_sequence(struct mico_reader *in);
/** Without leading zeros; 0 is one zero byte. */
struct mico_span der_read_integer(struct mico_reader *in);

/** Write a SEQUENCE of numbers, whose leading zeros are left out. MICO_ERR_SIZE (der wiped): cap is too small. */
MICO_MUST_USE mico_err der_write_numbers(const struct mico_span *numbers, size_t count, uint8_t *der, size_t cap,
                                         size_t *len);

#endif

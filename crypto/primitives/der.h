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

/* Write from back to front, since a length comes before what it counts: start with at = end of the buffer. */
struct der_writer {
    uint8_t *begin, *at; /* at: the first byte written */
    bool failed;         /* it did not fit; nothing more is written */
};
/** Leading zeros of the number are left out. */
void der_write_integer(struct der_writer *out, struct mico_span number);
/** Around all that was written since at was `end`. */
void der_write_sequence(struct der_writer *out, const uint8_t *end);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate chain as the chip keeps it: DER certificates one after the other, the device's own first. */
#ifndef IDENTITY_CHAIN_H
#define IDENTITY_CHAIN_H

#include "base/bytes.h"
#include "base/err.h"

#define MICO_CHAIN_MAX 4 /* certificates */

/** Bytes of the DER SEQUENCE at the front of der, header included: its length must be definite, minimal (X.690 section
 * 10.1) and lie within der. *len is 0 on error. Returns MICO_OK or MICO_ERR_FORMAT. */
MICO_MUST_USE mico_err mico_der_sequence(struct mico_span der, size_t *len);

/** Split chain into its certificates, in order; the views point into chain.
 * At least one, at most MICO_CHAIN_MAX, nothing between or after them. Only the outermost length is looked at: whoever
 * uses a certificate verifies it.
 * Returns MICO_OK, MICO_ERR_FORMAT, MICO_ERR_FULL (too many); *count is 0 on error. */
MICO_MUST_USE mico_err mico_chain_split(struct mico_span chain, struct mico_span certificates[MICO_CHAIN_MAX],
                                        size_t *count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a certification request's signer signs: CertificationRequestInfo of RFC 2986. */
#ifndef MSCP_CHIP_CSR_H
#define MSCP_CHIP_CSR_H

#include "base/bytes.h"

/** True when message is exactly a CertificationRequestInfo in DER, version 1, well-formed down to its names and
 * attributes, for the public key key: 32 bytes of Ed25519 (RFC 8410), 65 of P-256 (RFC 5480). */
bool mscp_is_csr_of(struct mico_span message, struct mico_span key);

#endif

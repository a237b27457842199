/* SPDX-License-Identifier: Apache-2.0 */
/* The one thing that the chip asks of an X.509 certificate: whose key it certifies. It verifies no signature. */
#ifndef MSCP_CHIP_CERTIFICATE_H
#define MSCP_CHIP_CERTIFICATE_H

#include "base/bytes.h"

/** The Ed25519 public key (RFC 8410) of the certificate at the front of der (what follows it does not matter; der may
 * end inside the certificate, behind the key). False when it is not such a certificate. */
bool mscp_certificate_key(struct mico_span der, uint8_t key[32]);

#endif

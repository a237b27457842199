/* SPDX-License-Identifier: Apache-2.0 */
/* The one thing that the chip asks of an X.509 certificate: whose key it certifies. It verifies no signature. */
#ifndef MSCP_CHIP_CERTIFICATE_H
#define MSCP_CHIP_CERTIFICATE_H

#include "base/bytes.h"

/** Does the certificate at the front of der certify the key of this SubjectPublicKeyInfo? What follows it does not matter; der may end
 * inside the certificate, behind the key. */
bool mscp_certificate_is_of(struct mico_span der, struct mico_span spki);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Inside os/sdk: what stands between the lines of PEM (RFC 7468), which the SDK's TLS takes. */
#ifndef OS_SDK_PEM_H
#define OS_SDK_PEM_H

#include "base/bytes.h"

/** The DER of the next block of text whose label ends in label ("CERTIFICATE", "PRIVATE KEY"); *text goes behind it. *len 0:
 * there is none. MICO_ERR_FORMAT (no base64, no end), MICO_ERR_SIZE (longer than cap), out wiped. */
MICO_MUST_USE mico_err sdk_pem_next(const char **text, const char *label, uint8_t *out, size_t cap, size_t *len);

#endif

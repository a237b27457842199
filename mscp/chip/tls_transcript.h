/* SPDX-License-Identifier: Apache-2.0 */
/* What a TLS 1.2 client signs to authenticate (RFC 5246, 7.4.8): all handshake messages from ClientHello on. */
#ifndef MSCP_CHIP_TLS_TRANSCRIPT_H
#define MSCP_CHIP_TLS_TRANSCRIPT_H

#include "base/bytes.h"

/** True when message is exactly ClientHello, ServerHello, Certificate, [ServerKeyExchange,] CertificateRequest,
 * ServerHelloDone, Certificate, ClientKeyExchange, each well-formed down to its vectors. */
bool mscp_is_tls_client_transcript(struct mico_span message);

#endif

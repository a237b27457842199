/* SPDX-License-Identifier: Apache-2.0 */
/* What a TLS 1.2 client signs to authenticate (RFC 5246, 7.4.8): all handshake messages from ClientHello on; and
 * what a TLS 1.3 client signs. */
#ifndef MSCP_CHIP_TLS_TRANSCRIPT_H
#define MSCP_CHIP_TLS_TRANSCRIPT_H

#include "base/bytes.h"

/** True when message is exactly ClientHello, ServerHello, Certificate, [ServerKeyExchange,] CertificateRequest,
 * ServerHelloDone, Certificate, ClientKeyExchange, each well-formed down to its vectors. */
bool mscp_is_tls_client_transcript(struct mico_span message);

/** True for what a TLS 1.3 client signs (RFC 8446, 4.4.3): 64 spaces, its context string and a zero, then the
 * transcript's hash of 32 or 48 bytes. */
bool mscp_is_tls13_client_message(struct mico_span message);

#endif

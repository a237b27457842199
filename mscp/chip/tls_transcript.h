/* SPDX-License-Identifier: Apache-2.0 */
/* What a TLS client signs to authenticate: in TLS 1.2 (RFC 5246, 7.4.8) and DTLS 1.2 (RFC 6347, 4.2.6) all handshake messages from
 * ClientHello on, in TLS 1.3 its context and a hash; and what a server signs. */
#ifndef MSCP_CHIP_TLS_TRANSCRIPT_H
#define MSCP_CHIP_TLS_TRANSCRIPT_H

#include "base/bytes.h"

/** True when message is exactly ClientHello, ServerHello, Certificate, [ServerKeyExchange,] CertificateRequest,
 * ServerHelloDone, Certificate, ClientKeyExchange, each well-formed down to its vectors; all of TLS or all of DTLS. */
bool mscp_is_tls_client_transcript(struct mico_span message);

/** True for what a TLS 1.3 client signs (RFC 8446, 4.4.3): 64 spaces, its context string and a zero, then the
 * transcript's hash of 32 or 48 bytes. */
bool mscp_is_tls13_client_message(struct mico_span message);

/** True for what a server signs: the same of TLS 1.3's server; or the ServerKeyExchange of TLS and DTLS 1.2 (RFC 8422, 5.4): both
 * randoms, the named curve X25519, P-256 or P-384, and a point of its length. */
bool mscp_is_tls_server_message(struct mico_span message);

#endif

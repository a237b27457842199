/* SPDX-License-Identifier: Apache-2.0 */
/* The time of day from a server: a client of SNTP version 4 (RFC 4330), one question at a time. It sets no clock.
 *
 * The time is as trustworthy as the network: whoever can alter datagrams can alter it. An answer counts only when it repeats
 * the question's 64 random bits. */
#ifndef OS_NET_SNTP_SNTP_H
#define OS_NET_SNTP_SNTP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MICO_SNTP_PORT 123u
#define MICO_SNTP_PACKET 48u /* bytes */

/** Ask the server at ip, once, and take half of what the question and answer took on their way as the answer's age.
 *
 * utc_us          microseconds since 1970, at the return; untouched on error
 * Returns MICO_ERR_TIMEOUT; MICO_ERR_DENIED when the server wants to be left alone ("kiss of death", any code);
 * MICO_ERR_STATE when it does not know the time itself; MICO_ERR_FULL, MICO_ERR_IO. Datagrams that are no answer to this
 * question are dropped, and waiting goes on. */
MICO_MUST_USE mico_err mico_sntp_ask(const uint8_t ip[4], uint16_t port, uint32_t timeout_ms, uint64_t *utc_us);

/* ---- the packets, as pure functions ---- */

void mico_sntp_write(uint8_t out[MICO_SNTP_PACKET], const uint8_t nonce[8]);

/** Read an answer to the question with nonce. round_us is the time between the two.
 * MICO_ERR_FORMAT (not an answer, or to another question), MICO_ERR_DENIED, MICO_ERR_STATE as above. */
MICO_MUST_USE mico_err mico_sntp_read(const uint8_t *data, size_t len, const uint8_t nonce[8], uint64_t round_us,
                                      uint64_t *utc_us);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of a session that is resumed from the binding key, without a Diffie-Hellman. docs/MSCP.md, "Resumption". */
#ifndef MSCP_PROTOCOL_RESUME_H
#define MSCP_PROTOCOL_RESUME_H

#include "mscp/protocol/record.h"

struct mscp_resumption {
    uint8_t host_nonce[32];
    uint8_t chip_nonce[32];
    uint32_t boot_counter; /* of the chip's start in which this is */
};

/** Open session, whose id is set, with keys that come from both nonces; proof is what the chip shows for it. */
void mscp_resume(const struct mscp_resumption *resumption, const uint8_t binding_key[32], struct mscp_session *session,
                 uint8_t proof[32]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Resumed sessions; see resume.h. */
#include "mscp/protocol/resume.h"

#include <assert.h>
#include <string.h>

#include "crypto/primitives/primitives.h"

#define LABEL "MSCP1 resume"

void mscp_resume(const struct mscp_resumption *r, const uint8_t binding_key[32], struct mscp_session *session,
                 uint8_t proof[32])
{
    uint8_t salt[64], info[sizeof LABEL - 1 + 8], keys[96];
    memcpy(salt, r->host_nonce, 32);
    memcpy(salt + 32, r->chip_nonce, 32);
    memcpy(info, LABEL, sizeof LABEL - 1);
    mico_store_le32(info + sizeof LABEL - 1, r->boot_counter);
    mico_store_le32(info + sizeof LABEL + 3, session->id);
    mico_err err =
        mico_hkdf_sha256(MICO_SPAN(salt), (struct mico_span){binding_key, 32}, MICO_SPAN(info), keys, sizeof keys);
    assert(err == MICO_OK); /* fails for long outputs only */
    (void)err;
    memcpy(session->to_chip, keys, 32);
    memcpy(session->to_host, keys + 32, 32);
    memcpy(proof, keys + 64, 32);
    session->next = 0;
    session->open = true;
    mico_wipe(keys, sizeof keys);
}

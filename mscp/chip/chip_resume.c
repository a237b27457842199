/* SPDX-License-Identifier: Apache-2.0 */
/* A session from the binding key alone, without a curve. docs/MSCP.md, "Resumption". */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/protocol/resume.h"

mscp_status_t mscp_chip_resume(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_resumption r;
    uint8_t id[4], proof[32];
    if (!chip->paired) {
        return MSCP_NOT_PAIRED;
    }
    if (mscp_tlv_u32(in, MSCP_TAG_BOOT) != chip->boot_counter) {
        return MSCP_SESSION_INVALID; /* the host speaks of another start: it has to ask */
    }
    memcpy(r.host_nonce, in->value[MSCP_TAG_NONCE].data, sizeof r.host_nonce);
    if (mico_random(r.chip_nonce, sizeof r.chip_nonce) != MICO_OK || mscp_link_draw_id(chip, id) != MICO_OK) {
        return MSCP_ENTROPY;
    }
    r.boot_counter = chip->boot_counter;
    struct mscp_session session = {.id = mico_load_le32(id)};
    mscp_resume(&r, chip->pairing.key, &session, proof);
    mscp_link_offer(chip, &session, MSCP_BY_PAIRED);
    mscp_put_bytes(out, MSCP_TAG_NONCE, r.chip_nonce, sizeof r.chip_nonce);
    mscp_put_u32(out, MSCP_TAG_ID, session.id);
    mscp_put_bytes(out, MSCP_TAG_PROOF, proof, sizeof proof);
    mico_wipe(&session, sizeof session);
    return MSCP_OK;
}

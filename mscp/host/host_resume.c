/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's resumed sessions; see mscp_host.h. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/host/host_internal.h"

mico_err mscp_host_resume_sessions(struct mscp_host *host, bool on)
{
    struct mscp_info info;
    host->resumes = on;
    host->boot_counter = 0;
    return on ? mscp_host_info(host, &info) : MICO_OK;
}

mico_err mscp_resume_ask(struct mscp_host *host)
{
    mico_err err = mico_random(host->resumption.host_nonce, sizeof host->resumption.host_nonce);
    if (err != MICO_OK) {
        return err;
    }
    host->resumption.boot_counter = host->boot_counter;
    struct mico_writer body = mico_writer_of(host->frame + MSCP_REQUEST_HEADER, MSCP_BODY_MAX);
    mscp_put_bytes(&body, MSCP_TAG_NONCE, host->resumption.host_nonce, sizeof host->resumption.host_nonce);
    mscp_put_u32(&body, MSCP_TAG_BOOT, host->boot_counter);
    return mscp_link_send(host, MSCP_RESUME_SESSION, 0, 0, body.len);
}

#define ANSWER (MSCP_TAG_BIT(MSCP_TAG_NONCE) | MSCP_TAG_BIT(MSCP_TAG_ID) | MSCP_TAG_BIT(MSCP_TAG_PROOF))

bool mscp_resume_accept(struct mscp_host *host, const struct mscp_response *response)
{
    struct mscp_tlvs tlvs;
    uint8_t proof[32];
    if (mscp_tlvs_parse(response->body, &tlvs) != MICO_OK || (tlvs.present & ANSWER) != ANSWER ||
        tlvs.value[MSCP_TAG_NONCE].len != 32) {
        return false;
    }
    struct mscp_session session = {.id = mscp_tlv_u32(&tlvs, MSCP_TAG_ID)};
    memcpy(host->resumption.chip_nonce, tlvs.value[MSCP_TAG_NONCE].data, 32);
    mscp_resume(&host->resumption, host->binding.key, &session, proof);
    bool good = mico_ct_equal(proof, tlvs.value[MSCP_TAG_PROOF].data, sizeof proof);
    if (good) {
        host->session = session;
        host->sessions++;
    }
    mico_wipe(&session, sizeof session);
    return good;
}

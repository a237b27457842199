/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's start and stop, and the chip's public facts; see mscp_host.h. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/host/host_internal.h"
#include "mscp/host/mscp_async.h"

void mscp_host_start(struct mscp_host *host, const struct mscp_transport *transport, const struct mscp_binding *binding)
{
    memset(host, 0, sizeof *host);
    host->transport = *transport;
    host->timeout_ms = MSCP_HOST_TIMEOUT_MS;
    if (binding != NULL) {
        host->binding = *binding;
        host->bound = true;
    }
}

void mscp_host_stop(struct mscp_host *host)
{
    mscp_async_cancel(host);
    if (host->session.open) {
        /* Best effort: a chip that does not hear it forgets the session when the next one opens. */
        mico_err ignored = mscp_call(host, &(struct mscp_call){.command = MSCP_CLOSE_SESSION});
        (void)ignored;
    }
    mico_wipe(host, sizeof *host);
}

enum mscp_status mscp_host_last_status(const struct mscp_host *host)
{
    return host->last_status;
}

uint16_t mscp_host_last_detail(const struct mscp_host *host)
{
    return host->last_detail;
}

/* GetInfo in the clear: its body stands in host->frame. Accepts the first answer with these four bytes back. */
static mico_err ask_plainly(struct mscp_host *host, size_t body_len, const uint8_t echo[4])
{
    const uint64_t answer = MSCP_INFO_TAGS | MSCP_TAG_BIT(MSCP_TAG_ECHO);
    size_t bytes_left = MSCP_LINK_BYTES;
    mico_err err =
        host->engine.state != MSCP_ENGINE_IDLE ? MICO_ERR_BUSY : mscp_link_send(host, MSCP_GET_INFO, 0, 0, body_len);
    while (err == MICO_OK) {
        struct mscp_response response;
        err = mscp_link_receive(host, &bytes_left, &response);
        if (err != MICO_OK) {
            break;
        }
        if (response.status != MSCP_OK) {
            return mscp_link_status(host, response.status, response.detail);
        }
        if (mscp_tlvs_parse(response.body, &host->reply) == MICO_OK && (host->reply.present & answer) == answer &&
            memcmp(host->reply.value[MSCP_TAG_ECHO].data, echo, 4) == 0) {
            return mscp_link_status(host, MSCP_OK, 0);
        }
    }
    return err;
}

mico_err mscp_host_info(struct mscp_host *host, struct mscp_info *info)
{
    uint8_t echo[4];
    mico_err err = mico_random(echo, sizeof echo);
    for (unsigned attempt = 0; attempt < 2; attempt++) { /* it has no effect: a lost frame is sent again */
        if (err != MICO_OK && err != MICO_ERR_TIMEOUT && err != MICO_ERR_CLOSED) {
            return err;
        }
        struct mico_writer body = mico_writer_of(host->frame + MSCP_REQUEST_HEADER, MSCP_BODY_MAX);
        mscp_put_bytes(&body, MSCP_TAG_ECHO, echo, sizeof echo);
        err = ask_plainly(host, body.len, echo);
        if (err == MICO_OK) {
            break;
        }
    }
    if (err != MICO_OK) {
        return err;
    }
    memcpy(info->serial, host->reply.value[MSCP_TAG_SERIAL].data, MSCP_SERIAL_SIZE);
    info->firmware_version = mscp_tlv_u32(&host->reply, MSCP_TAG_FIRMWARE);
    info->lifecycle = mscp_tlv_u8(&host->reply, MSCP_TAG_LIFECYCLE);
    info->paired = mscp_tlv_u8(&host->reply, MSCP_TAG_PAIRED) == 1;
    info->boot_counter = mscp_tlv_u32(&host->reply, MSCP_TAG_BOOT);
    host->boot_counter = host->resumes ? info->boot_counter : 0;
    info->failures = mscp_tlv_u32(&host->reply, MSCP_TAG_BUDGET);
    info->security_version = mscp_tlv_u32(&host->reply, MSCP_TAG_SECURITY);
    return MICO_OK;
}

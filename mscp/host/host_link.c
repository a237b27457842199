/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's frames: sending, receiving, what a status means; see host_internal.h. */
#include <string.h>

#include "base/log.h"
#include "mscp/host/host_internal.h"
#include "mscp/protocol/status.h"

#define DRAIN_READS 64 /* of 256 bytes: more than a whole UART ring */

static void drain(struct mscp_host *host)
{
    size_t len;
    for (unsigned i = 0; i < DRAIN_READS; i++) {
        if (host->transport.read(host->transport.ctx, host->input, sizeof host->input, &len, 0) != MICO_OK) {
            break;
        }
    }
    host->input_at = 0;
    host->input_len = 0;
    memset(&host->deframer, 0, sizeof host->deframer);
}

mico_err mscp_link_send(struct mscp_host *host, uint8_t command, uint8_t flags, uint32_t session, size_t body_len)
{
    drain(host);
    mscp_request_header(host->frame, body_len, command, flags, session);
    size_t len = mscp_wire_encode((struct mico_span){host->frame, MSCP_REQUEST_HEADER + body_len}, host->wire);
    host->round_trips++;
    host->bytes_sent += (uint32_t)len;
    return host->transport.write(host->transport.ctx, host->wire, len);
}

mico_err mscp_link_read(struct mscp_host *host, uint32_t timeout_ms)
{
    size_t len = 0;
    host->input_at = 0;
    host->input_len = 0;
    mico_err err = host->transport.read(host->transport.ctx, host->input, sizeof host->input, &len, timeout_ms);
    if (err == MICO_OK) {
        host->input_len = (uint16_t)len;
        host->bytes_received += (uint32_t)len;
    }
    return err;
}

bool mscp_link_take(struct mscp_host *host, size_t *bytes_left, struct mscp_response *response)
{
    while (host->input_at<host->input_len && * bytes_left> 0) {
        struct mico_span frame;
        (*bytes_left)--;
        if (mscp_deframe(&host->deframer, host->input[host->input_at++], &frame) &&
            mscp_response_parse(frame, response) == MICO_OK && response->body.len <= sizeof host->reply_body) {
            memcpy(host->reply_body, response->body.data, response->body.len);
            response->body.data = host->reply_body;
            return true;
        }
    }
    return false;
}

mico_err mscp_link_receive(struct mscp_host *host, size_t *bytes_left, struct mscp_response *response)
{
    while (!mscp_link_take(host, bytes_left, response)) {
        mico_err err = *bytes_left == 0 ? MICO_ERR_TIMEOUT : mscp_link_read(host, host->timeout_ms);
        if (err != MICO_OK) {
            return err;
        }
    }
    return MICO_OK;
}

mico_err mscp_link_status(struct mscp_host *host, int16_t status, uint16_t detail)
{
    static const signed char meaning[] = {
        [-MSCP_OK] = MICO_OK,
        [-MSCP_UNKNOWN_COMMAND] = MICO_ERR_UNSUPPORTED,
        [-MSCP_BAD_LENGTH] = MICO_ERR_SIZE,
        [-MSCP_BAD_PARAM] = MICO_ERR_PARAM,
        [-MSCP_NOT_SUPPORTED] = MICO_ERR_UNSUPPORTED,
        [-MSCP_NO_SUCH_OBJECT] = MICO_ERR_STATE,
        [-MSCP_OBJECT_EXISTS] = MICO_ERR_STATE,
        [-MSCP_NO_SPACE] = MICO_ERR_FULL,
        [-MSCP_POLICY_DENIED] = MICO_ERR_DENIED,
        [-MSCP_AUTH_REQUIRED] = MICO_ERR_AUTH,
        [-MSCP_AUTH_FAILED] = MICO_ERR_AUTH,
        [-MSCP_SESSION_REQUIRED] = MICO_ERR_CLOSED,
        [-MSCP_SESSION_INVALID] = MICO_ERR_CLOSED,
        [-MSCP_REPLAY] = MICO_ERR_CLOSED,
        [-MSCP_LINK_MAC] = MICO_ERR_CLOSED,
        [-MSCP_WRONG_LIFECYCLE] = MICO_ERR_DENIED,
        [-MSCP_RATE_LIMITED] = MICO_ERR_BUSY,
        [-MSCP_USE_LIMIT] = MICO_ERR_DENIED,
        [-MSCP_COUNTER_OVERFLOW] = MICO_ERR_FULL,
        [-MSCP_ROLLBACK] = MICO_ERR_ROLLBACK,
        [-MSCP_VERIFY_FAILED] = MICO_ERR_CRYPTO,
        [-MSCP_NOT_PAIRED] = MICO_ERR_AUTH,
        [-MSCP_ALREADY_PAIRED] = MICO_ERR_STATE,
        [-MSCP_STORAGE] = MICO_ERR_IO,
        [-MSCP_CORRUPT] = MICO_ERR_CORRUPT,
        [-MSCP_ENTROPY] = MICO_ERR_ENTROPY,
        [-MSCP_TAMPER] = MICO_ERR_CORRUPT,
        [-MSCP_SELFTEST] = MICO_ERR_CORRUPT,
        [-MSCP_BUSY] = MICO_ERR_BUSY,
        [-MSCP_TERMINATED] = MICO_ERR_DENIED,
    };
    host->last_status = (enum mscp_status)status;
    host->last_detail = detail;
    if (status == MSCP_OK) {
        return MICO_OK;
    }
    MICO_LOG("MSCP", "chip answered %s (%d), detail %u", mscp_status_name((enum mscp_status)status), status, detail);
    return status < 0 && status >= MSCP_TERMINATED ? (mico_err)meaning[-status] : MICO_ERR_FORMAT;
}

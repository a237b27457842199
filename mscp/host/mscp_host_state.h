/* SPDX-License-Identifier: Apache-2.0 */
/* The storage of a driver. Include it where a struct mscp_host is declared; its fields are the driver's own. */
#ifndef MSCP_HOST_MSCP_HOST_STATE_H
#define MSCP_HOST_MSCP_HOST_STATE_H

#include "mscp/host/mscp_host.h"
#include "mscp/protocol/frame.h"
#include "mscp/protocol/record.h"
#include "mscp/protocol/tlv.h"

#define MSCP_HOST_TIMEOUT_MS 5000 /* how long a command may take; mscp_host_start sets it, callers may change it */

struct mscp_host {
    struct mscp_transport transport;
    uint32_t timeout_ms;
    bool bound;
    struct mscp_binding binding;
    struct mscp_session session;
    enum mscp_status last_status;
    uint16_t last_detail;
    bool refused_on_link; /* the chip said, in the clear, that it did not take the command */
    uint32_t sessions;    /* opened since the start */
    uint32_t round_trips; /* commands sent since the start, and the bytes of both directions on the line */
    uint32_t bytes_sent;
    uint32_t bytes_received;
    uint8_t frame[MSCP_FRAME_MAX];
    uint8_t wire[MSCP_WIRE_MAX];
    struct mscp_deframer deframer;
    uint8_t input[256]; /* read from the transport, not yet deframed */
    uint16_t input_at;
    uint16_t input_len;
    uint8_t reply_body[MSCP_BODY_MAX];
    struct mscp_tlvs reply; /* views of reply_body */
};

#endif

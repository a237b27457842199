/* SPDX-License-Identifier: Apache-2.0 */
/* Frames, and how they stand on a serial line. docs/MSCP.md, "Line" and "Frame".
 *
 * On the line: 0x00 | COBS(frame | CRC-32, little-endian) | 0x00. COBS leaves no zero byte inside, so whatever was cut,
 * flipped or doubled, the next zero begins a new frame; the CRC and the frame's own length find what was damaged. */
#ifndef MSCP_PROTOCOL_FRAME_H
#define MSCP_PROTOCOL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "mscp/protocol/mscp.h"

#define MSCP_CHUNK_MAX 1024 /* bytes of a message or value that one frame carries */
#define MSCP_BODY_MAX 1120  /* a chunk, its TLVs (at most 64 bytes), counter and tag */
#define MSCP_REQUEST_HEADER 8
#define MSCP_RESPONSE_HEADER 6
#define MSCP_FRAME_MAX (MSCP_REQUEST_HEADER + MSCP_BODY_MAX)
#define MSCP_CRC_SIZE 4
/* Two zeros, and one COBS code for each 254 bytes begun. */
#define MSCP_WIRE_MAX (2 + MSCP_FRAME_MAX + MSCP_CRC_SIZE + (MSCP_FRAME_MAX + MSCP_CRC_SIZE) / 254 + 1)

#define MSCP_FLAG_SEALED 0x01 /* the body is a record of the session */

struct mscp_request {
    uint8_t command;
    uint8_t flags;
    uint32_t session; /* 0 outside a session */
    struct mico_span body;
};

struct mscp_response {
    int16_t status;
    uint16_t detail;
    struct mico_span body;
};

/** Encode the header in front of body_len bytes (at most MSCP_BODY_MAX). */
void mscp_request_header(uint8_t out[MSCP_REQUEST_HEADER], size_t body_len, uint8_t command, uint8_t flags,
                         uint32_t session);
void mscp_response_header(uint8_t out[MSCP_RESPONSE_HEADER], size_t body_len, int16_t status, uint16_t detail);

/** View of a frame; MICO_ERR_SIZE when its length field is not the frame's. */
MICO_MUST_USE mico_err mscp_request_parse(struct mico_span frame, struct mscp_request *request);
MICO_MUST_USE mico_err mscp_response_parse(struct mico_span frame, struct mscp_response *response);

/** What goes on the line for frame (at most MSCP_FRAME_MAX bytes). Returns the bytes written to out. */
size_t mscp_wire_encode(struct mico_span frame, uint8_t out[MSCP_WIRE_MAX]);

/* Takes bytes off a line, gives frames. The caller's storage; zeros are its start. */
struct mscp_deframer {
    uint8_t bytes[MSCP_FRAME_MAX + MSCP_CRC_SIZE];
    uint16_t len;       /* bytes of the frame so far */
    uint8_t left;       /* bytes that the last COBS code still announces */
    bool zero_due;      /* the last code ends in a zero, unless the frame ends there */
    bool broken;        /* skip to the next zero */
    uint32_t discarded; /* damaged frames since the start */
};

/** Take one byte. True when it ended a whole, undamaged frame: *frame views it until the next call. */
bool mscp_deframe(struct mscp_deframer *deframer, uint8_t byte, struct mico_span *frame);

#endif

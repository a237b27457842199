/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes on the line: never past a buffer; what comes out encodes and decodes to itself. */
#include <stdlib.h>
#include <string.h>

#include "mscp/protocol/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct mscp_deframer line, again;
    uint8_t wire[MSCP_WIRE_MAX];
    /* The bytes as a line. */
    for (size_t i = 0; i < len; i++) {
        struct mico_span frame;
        if (mscp_deframe(&line, data[i], &frame)) {
            struct mscp_request request;
            struct mscp_response response;
            if (mscp_request_parse(frame, &request) == MICO_OK && request.body.len > MSCP_BODY_MAX) {
                abort();
            }
            if (mscp_response_parse(frame, &response) == MICO_OK && response.body.len + 6 != frame.len) {
                abort();
            }
        }
    }
    /* The bytes as a frame. */
    struct mico_span frame = {data, len > MSCP_FRAME_MAX ? MSCP_FRAME_MAX : len}, got = {NULL, 0};
    size_t wire_len = mscp_wire_encode(frame, wire);
    bool whole = false;
    for (size_t i = 0; i < wire_len; i++) {
        whole = mscp_deframe(&again, wire[i], &got) || whole;
    }
    if (frame.len > 0 && (!whole || got.len != frame.len || memcmp(got.data, data, got.len) != 0)) {
        abort();
    }
    return 0;
}

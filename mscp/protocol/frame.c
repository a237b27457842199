/* SPDX-License-Identifier: Apache-2.0 */
/* Frames and their delimiting; see frame.h. */
#include "mscp/protocol/frame.h"

#include <string.h>

#define COBS_RUN_MAX 254

void mscp_request_header(uint8_t out[MSCP_REQUEST_HEADER], size_t body_len, uint8_t command, uint8_t flags,
                         uint32_t session)
{
    mico_store_le16(out, (uint16_t)body_len);
    out[2] = command;
    out[3] = flags;
    mico_store_le32(out + 4, session);
}

void mscp_response_header(uint8_t out[MSCP_RESPONSE_HEADER], size_t body_len, int16_t status, uint16_t detail)
{
    mico_store_le16(out, (uint16_t)body_len);
    mico_store_le16(out + 2, (uint16_t)status);
    mico_store_le16(out + 4, detail);
}

mico_err mscp_request_parse(struct mico_span frame, struct mscp_request *request)
{
    struct mico_reader r = mico_reader_of(frame.data, frame.len);
    uint16_t length = mico_read_le16(&r);
    struct mscp_request parsed = {.command = mico_read_u8(&r), .flags = mico_read_u8(&r)};
    parsed.session = mico_read_le32(&r);
    parsed.body = mico_read_bytes(&r, length);
    if (!mico_reader_done(&r)) {
        return MICO_ERR_SIZE;
    }
    *request = parsed;
    return MICO_OK;
}

mico_err mscp_response_parse(struct mico_span frame, struct mscp_response *response)
{
    struct mico_reader r = mico_reader_of(frame.data, frame.len);
    uint16_t length = mico_read_le16(&r);
    struct mscp_response parsed = {.status = (int16_t)mico_read_le16(&r)};
    parsed.detail = mico_read_le16(&r);
    parsed.body = mico_read_bytes(&r, length);
    if (!mico_reader_done(&r)) {
        return MICO_ERR_SIZE;
    }
    *response = parsed;
    return MICO_OK;
}

/* Where the encoder stands: out[code] is the code of the run being written, out[len] the next free byte. */
struct encoder {
    uint8_t *out;
    size_t code;
    size_t len;
};

static void end_run(struct encoder *e)
{
    e->out[e->code] = (uint8_t)(e->len - e->code);
    e->code = e->len++;
}

static void encode_bytes(struct encoder *e, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i] == 0) {
            end_run(e);
            continue;
        }
        e->out[e->len++] = data[i];
        if (e->len - e->code == COBS_RUN_MAX + 1) {
            end_run(e);
        }
    }
}

size_t mscp_wire_encode(struct mico_span frame, uint8_t out[MSCP_WIRE_MAX])
{
    uint8_t crc[MSCP_CRC_SIZE];
    mico_store_le32(crc, mico_crc32(0, frame.data, frame.len));
    out[0] = 0;
    struct encoder e = {.out = out, .code = 1, .len = 2};
    encode_bytes(&e, frame.data, frame.len);
    encode_bytes(&e, crc, sizeof crc);
    end_run(&e);
    out[e.code] = 0; /* the place of the next code becomes the closing delimiter */
    return e.len;
}

static void append(struct mscp_deframer *d, uint8_t byte)
{
    if (d->len == sizeof d->bytes) {
        d->broken = true;
        return;
    }
    d->bytes[d->len++] = byte;
}

/* A zero came: true when what stands before it is an undamaged frame. */
static bool finish(struct mscp_deframer *d, struct mico_span *frame)
{
    bool begun = d->len > 0 || d->left > 0 || d->zero_due || d->broken;
    bool whole = !d->broken && d->left == 0 && d->len > MSCP_CRC_SIZE;
    size_t len = whole ? (size_t)d->len - MSCP_CRC_SIZE : 0;
    whole = whole && mico_crc32(0, d->bytes, len) == mico_load_le32(d->bytes + len);
    if (begun && !whole) {
        d->discarded++;
    }
    d->len = 0;
    d->left = 0;
    d->zero_due = false;
    d->broken = false;
    *frame = (struct mico_span){d->bytes, len};
    return whole;
}

bool mscp_deframe(struct mscp_deframer *d, uint8_t byte, struct mico_span *frame)
{
    if (byte == 0) {
        return finish(d, frame);
    }
    if (d->broken) {
        return false;
    }
    if (d->left > 0) {
        append(d, byte);
        d->left--;
        return false;
    }
    if (d->zero_due) {
        append(d, 0);
    }
    d->left = (uint8_t)(byte - 1);
    d->zero_due = byte != COBS_RUN_MAX + 1;
    return false;
}

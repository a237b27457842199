/* SPDX-License-Identifier: Apache-2.0 */
/* DER elements; see der.h. */
#include "mscp/chip/der.h"

#define LONG_TAG 0x1F

static size_t read_length(struct mico_reader *r)
{
    size_t len = mico_read_u8(r);
    if (len == 0x81) {
        len = mico_read_u8(r);
        r->failed = r->failed || len < 0x80;
    } else if (len == 0x82) {
        len = mico_read_be16(r);
        r->failed = r->failed || len < 0x100;
    } else if (len >= 0x80) {
        r->failed = true;
    }
    return r->failed ? 0 : len;
}

size_t mscp_der_header(struct mico_reader *r, uint8_t tag)
{
    if (mico_read_u8(r) != tag) {
        r->failed = true;
        return 0;
    }
    return read_length(r);
}

static struct mico_reader content(struct mico_reader *r, size_t len)
{
    struct mico_span bytes = mico_read_bytes(r, len);
    struct mico_reader inner = mico_reader_of(bytes.data, r->failed ? 0 : bytes.len);
    inner.failed = r->failed;
    return inner;
}

struct mico_reader mscp_der_enter(struct mico_reader *r, uint8_t tag)
{
    size_t len = mscp_der_header(r, tag);
    return content(r, len);
}

struct mico_reader mscp_der_any(struct mico_reader *r)
{
    uint8_t tag = mico_read_u8(r);
    r->failed = r->failed || (tag & LONG_TAG) == LONG_TAG;
    size_t len = read_length(r);
    return content(r, len);
}

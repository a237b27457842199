/* SPDX-License-Identifier: Apache-2.0 */
/* See test_say.h. */
#include "mscp/chip/test_say.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct said said;

void say_begin(void)
{
    said.body = mico_writer_of(said.bytes, sizeof said.bytes);
}

void say_begin_id(uint32_t id)
{
    say_begin();
    mscp_put_u32(&said.body, MSCP_TAG_ID, id);
}

void say_attributes(const struct mscp_attributes *a)
{
    uint8_t bytes[MSCP_ATTRIBUTES_MAX];
    size_t len = mscp_attributes_encode(a, bytes);
    mscp_put_bytes(&said.body, MSCP_TAG_ATTRIBUTES, bytes, len);
}

void say_piece(uint16_t total, uint16_t offset, const void *bytes, size_t len)
{
    mscp_put_u16(&said.body, MSCP_TAG_TOTAL, total);
    mscp_put_u16(&said.body, MSCP_TAG_OFFSET, offset);
    mscp_put_bytes(&said.body, MSCP_TAG_BYTES, bytes, len);
}

struct mico_span said_span(void)
{
    return (struct mico_span){said.bytes, said.body.len};
}

int say_to(struct rig *rig, uint8_t command)
{
    assert_false(said.body.failed);
    return rig_record(rig, command, said_span(), rig->host.session.next, &said.answer);
}

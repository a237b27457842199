/* SPDX-License-Identifier: Apache-2.0 */
/* Attestation statements; see statement.h. */
#include "mscp/protocol/statement.h"

#include <assert.h>

#include "mscp/protocol/tlv.h"

#define VERSION 1

void mscp_statement_encode(const struct mscp_statement_fields *f, uint8_t out[MSCP_STATEMENT_SIZE])
{
    uint8_t attributes[MSCP_ATTRIBUTES_SIZE];
    mscp_attributes_encode(&f->attributes, attributes);
    struct mico_writer w = mico_writer_of(out, MSCP_STATEMENT_SIZE);
    mico_write_u8(&w, VERSION);
    mico_write_bytes(&w, f->nonce, 32);
    mico_write_bytes(&w, f->serial, MSCP_SERIAL_SIZE);
    mico_write_le32(&w, f->firmware_version);
    mico_write_u8(&w, f->lifecycle);
    mico_write_le32(&w, f->key_id);
    mico_write_bytes(&w, attributes, sizeof attributes);
    mico_write_bytes(&w, f->public_key, 32);
    mico_write_bytes(&w, f->host_binding, 32);
    mico_write_le32(&w, f->boot_counter);
    assert(!w.failed && w.len == MSCP_STATEMENT_SIZE);
}

mico_err mscp_statement_decode(struct mico_span statement, struct mscp_statement_fields *fields)
{
    struct mico_reader r = mico_reader_of(statement.data, statement.len);
    if (statement.len != MSCP_STATEMENT_SIZE || mico_read_u8(&r) != VERSION) {
        return MICO_ERR_FORMAT;
    }
    struct mscp_statement_fields f = {.nonce = mico_read_bytes(&r, 32).data};
    f.serial = mico_read_bytes(&r, MSCP_SERIAL_SIZE).data;
    f.firmware_version = mico_read_le32(&r);
    f.lifecycle = mico_read_u8(&r);
    f.key_id = mico_read_le32(&r);
    const uint8_t *attributes = mico_read_bytes(&r, MSCP_ATTRIBUTES_SIZE).data;
    f.public_key = mico_read_bytes(&r, 32).data;
    f.host_binding = mico_read_bytes(&r, 32).data;
    f.boot_counter = mico_read_le32(&r);
    if (!mico_reader_done(&r) || attributes[MSCP_ATTRIBUTES_SIZE - 1] != 0) {
        return MICO_ERR_FORMAT;
    }
    f.attributes = mscp_attributes_decode(attributes);
    *fields = f;
    return MICO_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's update of the chip's firmware; see mscp_host.h. */
#include <string.h>

#include "mscp/host/host_internal.h"

enum step { ASK = 0, BEGIN = 1, DATA = 2, COMMIT = 3 };

#define VERSIONS (MSCP_TAG_BIT(MSCP_TAG_FIRMWARE) | MSCP_TAG_BIT(MSCP_TAG_SECURITY))

static mico_err do_step(struct mscp_host *host, enum step step, const uint64_t *value, struct mico_span piece,
                        uint64_t answer)
{
    uint8_t bytes[MSCP_CHUNK_MAX + 32];
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mscp_put_u8(&w, MSCP_TAG_STEP, (uint8_t)step);
    if (value != NULL) {
        mscp_put_u64(&w, MSCP_TAG_VALUE, *value);
    }
    if (piece.len > 0) {
        mscp_put_bytes(&w, MSCP_TAG_BYTES, piece.data, piece.len);
    }
    /* A doubled commit would be refused: the caller asks what became of it. */
    return mscp_call(host, &(struct mscp_call){.command = MSCP_UPDATE_FIRMWARE,
                                               .repeatable = step != COMMIT,
                                               .head = {bytes, w.len},
                                               .answer = answer});
}

static const struct mico_span none;

mico_err mscp_host_update_ask(struct mscp_host *host, uint32_t *address, uint32_t *version)
{
    mico_err err = do_step(host, ASK, NULL, none, VERSIONS | MSCP_TAG_BIT(MSCP_TAG_VALUE));
    if (err == MICO_OK) {
        *address = (uint32_t)mscp_tlv_u64(&host->reply, MSCP_TAG_VALUE);
        *version = mscp_tlv_u32(&host->reply, MSCP_TAG_FIRMWARE);
    }
    return err;
}

mico_err mscp_host_update(struct mscp_host *host, struct mico_span image, uint32_t *version)
{
    const uint64_t size = image.len;
    mico_err err = do_step(host, BEGIN, &size, none, 0);
    for (uint64_t at = 0; at < size && err == MICO_OK; at += MSCP_CHUNK_MAX) {
        size_t len = size - at < MSCP_CHUNK_MAX ? (size_t)(size - at) : MSCP_CHUNK_MAX;
        err = do_step(host, DATA, &at, (struct mico_span){image.data + at, len}, 0);
    }
    if (err == MICO_OK) {
        err = do_step(host, COMMIT, NULL, none, VERSIONS);
    }
    if (err == MICO_OK) {
        *version = mscp_tlv_u32(&host->reply, MSCP_TAG_FIRMWARE);
    }
    return err;
}

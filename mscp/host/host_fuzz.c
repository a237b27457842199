/* SPDX-License-Identifier: Apache-2.0 */
/* A driver whose chip answers what it likes. The first byte chooses the call, the second how the rest comes: as bytes on the
 * line, as the bodies of answers in the clear, or as what good records say; a body is led by its length (2) and status (1).
 * Whatever comes, outputs are as long as their callers' room. */
#include <stdlib.h>
#include <string.h>

#include "mscp/host/mscp_host_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum how { ON_THE_LINE, IN_THE_CLEAR, IN_A_RECORD, HOWS };

static struct mscp_host host;
static struct mico_reader input;
static enum how how;
static uint8_t line[MSCP_WIRE_MAX];
static size_t line_at, line_len;

static mico_err write_line(void *ctx, const uint8_t *data, size_t len)
{
    return MICO_OK;
}

/* The next answer of the input, on the line. */
static bool answer(void)
{
    uint8_t frame[MSCP_FRAME_MAX], associated[MSCP_RESPONSE_HEADER + MSCP_REQUEST_HEADER];
    size_t len = mico_read_be16(&input) % 1000;
    int8_t status = (int8_t)mico_read_u8(&input);
    len = len < input.left ? len : input.left;
    if (input.failed) {
        return false;
    }
    struct mico_span body = mico_read_bytes(&input, len);
    size_t offset = how == IN_A_RECORD ? MSCP_RECORD_COUNTER + 4 : 0;
    uint8_t *at = frame + MSCP_RESPONSE_HEADER;
    memset(frame, 0, sizeof frame);
    memcpy(at + offset, body.data, len);
    if (how == IN_A_RECORD) {
        mico_store_le16(at + MSCP_RECORD_COUNTER, (uint16_t)status);
        mscp_response_header(associated, len + 4 + MSCP_RECORD_OVERHEAD, 0, 0);
        memcpy(associated + MSCP_RESPONSE_HEADER, host.frame, MSCP_REQUEST_HEADER);
        mscp_record_seal(host.session.to_host, host.session.next, (struct mico_span)MICO_SPAN(associated), at, len + 4);
        len += 4 + MSCP_RECORD_OVERHEAD;
        status = 0;
    }
    mscp_response_header(frame, len, status, 0);
    line_len = mscp_wire_encode((struct mico_span){frame, MSCP_RESPONSE_HEADER + len}, line);
    line_at = 0;
    return true;
}

static mico_err read_line(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    if (timeout_ms == 0) { /* what came before the question: nothing */
        return MICO_ERR_TIMEOUT;
    }
    if (how == ON_THE_LINE) {
        *len = input.left < cap ? input.left : cap;
        if (*len == 0) {
            return MICO_ERR_CLOSED;
        }
        memcpy(out, mico_read_bytes(&input, *len).data, *len);
        return MICO_OK;
    }
    if (line_at == line_len && !answer()) {
        return MICO_ERR_CLOSED;
    }
    *len = line_len - line_at < cap ? line_len - line_at : cap;
    memcpy(out, line + line_at, *len);
    line_at += *len;
    return MICO_OK;
}

static mico_err call_keys(uint8_t which, uint8_t *out)
{
    static const uint8_t bytes[65] = {4};
    const struct mscp_attributes attributes = {.type = MSCP_KEY_ED25519};
    const struct mscp_derivation derivation = {.id = 1, .algorithm = MSCP_HKDF_SHA256, .len = 64};
    struct mscp_nonce nonce = {.given = false};
    switch (which) {
    case 0:
        return mscp_host_generate(&host, 1, &attributes, out);
    case 1:
        return mscp_host_public_key_p256(&host, 1, out);
    case 2:
        return mscp_host_sign(&host, 1, (struct mico_span)MICO_SPAN(bytes), out);
    case 3:
        return mscp_host_agree(&host, 1, bytes, out);
    case 4:
        return mscp_host_derive(&host, &derivation, out);
    case 5:
        return mscp_host_mac(&host, 1, (struct mico_span)MICO_SPAN(bytes), out);
    case 6:
        return mscp_host_encrypt(&host, 1, &nonce, (struct mico_span){bytes, 3}, (struct mico_span){bytes, 20}, out);
    default:
        return mscp_host_decrypt(&host, 1, bytes, (struct mico_span){bytes, 3}, (struct mico_span){bytes, 40}, out);
    }
}

static mico_err call_objects(uint8_t which, uint8_t *out)
{
    static struct mscp_listed listed[MSCP_OBJECTS_MAX];
    static struct mscp_audit_part part;
    static const uint8_t nonce[32];
    struct mscp_attributes attributes;
    struct mscp_login_proof proof;
    struct mscp_info info;
    struct mscp_binding binding;
    uint64_t value;
    size_t len;
    bool found;
    switch (which) {
    case 0:
        return mscp_host_info(&host, &info);
    case 1:
        return mscp_host_pair(&host, &binding);
    case 2:
        return mscp_host_attributes(&host, 1, &attributes, &found);
    case 3:
        return mscp_host_list(&host, listed, &len);
    case 4:
        return mscp_host_read(&host, 1, out, 300, &len);
    case 5:
        return mscp_host_counter(&host, 1, &value);
    case 6:
        return mscp_host_evidence(&host, 1, MICO_SPAN(nonce), out, &len);
    case 7:
        return mscp_host_audit(&host, 0, &part);
    default:
        return mscp_host_login_proof(&host, nonce, &proof);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const struct mscp_transport transport = {NULL, write_line, read_line};
    static const struct mscp_binding binding = {.key = {7}};
    input = mico_reader_of(data, len);
    uint8_t which = mico_read_u8(&input) % 17;
    how = (enum how)(mico_read_u8(&input) % HOWS);
    line_at = line_len = 0;
    if (input.failed) {
        return 0;
    }
    mscp_host_start(&host, &transport, &binding);
    if (how == IN_A_RECORD) {
        host.session = (struct mscp_session){.open = true, .id = 5, .to_chip = {1}, .to_host = {2}};
    }
    uint8_t *out = malloc(MSCP_EVIDENCE_MAX); /* its own block, so that the sanitizer sees a write past its end */
    (void)(which < 8 ? call_keys(which, out) : call_objects(which - 8, out));
    free(out);
    mscp_host_stop(&host);
    return 0;
}

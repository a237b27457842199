/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's sessions: the messages that open one, and the records inside. docs/MSCP.md, "Sessions" and "Records". When
 * which of them goes out is host_engine.c's. */
#include <string.h>

#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "mscp/host/host_internal.h"
#include "mscp/protocol/noise.h"

#define PIECE_TLVS (5 + 5 + 3) /* TOTAL, OFFSET, and the head of BYTES */
#define INNER_HEADER 4         /* i16 status | u16 detail, sealed, in front of a reply's TLVs */
#define SESSION_ID_SIZE 4

void mscp_session_forget(struct mscp_host *host)
{
    mico_wipe(&host->session, sizeof host->session);
}

bool mscp_session_accept(struct mscp_host *host, const struct mscp_response *response)
{
    struct mscp_tlvs tlvs;
    if (host->resuming) {
        return mscp_resume_accept(host, response);
    }
    if (mscp_tlvs_parse(response->body, &tlvs) != MICO_OK || (tlvs.present & MSCP_TAG_BIT(MSCP_TAG_HANDSHAKE)) == 0) {
        return false;
    }
    struct mscp_noise attempt = host->engine.handshake;
    uint8_t id[SESSION_ID_SIZE];
    bool good = mscp_noise_read(&attempt, tlvs.value[MSCP_TAG_HANDSHAKE], id, sizeof id) == MICO_OK;
    if (good) {
        host->session.id = mico_load_le32(id);
        host->session.next = 0;
        mscp_noise_split(&attempt, host->session.to_chip, host->session.to_host);
        host->session.open = true;
        host->sessions++;
    }
    mscp_noise_wipe(&attempt);
    return good;
}

mico_err mscp_session_ask(struct mscp_host *host)
{
    host->resuming = host->resumes && host->boot_counter != 0;
    if (host->resuming) {
        return mscp_resume_ask(host);
    }
    const struct mscp_binding *b = &host->binding;
    uint8_t ephemeral[32];
    mico_err err = mico_random(ephemeral, sizeof ephemeral);
    if (err != MICO_OK) {
        return err;
    }
    struct mscp_noise *noise = &host->engine.handshake;
    const struct mscp_noise_keys keys = {b->host_private,
                                         ephemeral,
                                         b->chip_public,
                                         b->key,
                                         {(const uint8_t *)MSCP_PROLOGUE_SESSION, sizeof MSCP_PROLOGUE_SESSION - 1}};
    mscp_noise_start(noise, MSCP_NOISE_KKPSK0, true, &keys);
    uint8_t message[32 + MSCP_NOISE_TAG];
    struct mico_writer m = mico_writer_of(message, sizeof message);
    err = mscp_noise_write(noise, (struct mico_span){NULL, 0}, &m);
    if (err == MICO_OK) {
        struct mico_writer body = mico_writer_of(host->frame + MSCP_REQUEST_HEADER, MSCP_BODY_MAX);
        mscp_put_bytes(&body, MSCP_TAG_HANDSHAKE, message, m.len);
        err = mscp_link_send(host, MSCP_OPEN_SESSION, 0, 0, body.len);
    }
    mico_wipe(ephemeral, sizeof ephemeral);
    return err;
}

mico_err mscp_session_send(struct mscp_host *host, const struct mscp_call *call, size_t offset, size_t len)
{
    uint8_t *body = host->frame + MSCP_REQUEST_HEADER;
    struct mico_writer text = mico_writer_of(body + MSCP_RECORD_COUNTER, MSCP_BODY_MAX - MSCP_RECORD_OVERHEAD);
    mico_write_bytes(&text, call->head.data, call->head.len);
    if (call->streamed) {
        mscp_put_u16(&text, MSCP_TAG_TOTAL, (uint16_t)call->stream.len);
        mscp_put_u16(&text, MSCP_TAG_OFFSET, (uint16_t)offset);
        mscp_put_bytes(&text, MSCP_TAG_BYTES, call->stream.len > 0 ? call->stream.data + offset : NULL, len);
    }
    if (text.failed) {
        return MICO_ERR_SIZE;
    }
    size_t body_len = text.len + MSCP_RECORD_OVERHEAD;
    mscp_request_header(host->frame, body_len, call->command, MSCP_FLAG_SEALED, host->session.id);
    mscp_record_seal(host->session.to_chip, host->session.next, (struct mico_span){host->frame, MSCP_REQUEST_HEADER},
                     body, text.len);
    return mscp_link_send(host, call->command, MSCP_FLAG_SEALED, host->session.id, body_len);
}

mico_err mscp_session_open_answer(struct mscp_host *host, const struct mscp_response *response, bool *stray)
{
    *stray = response->body.len < MSCP_RECORD_OVERHEAD || mico_load_le64(response->body.data) < host->session.next;
    if (*stray) {
        return MICO_OK;
    }
    uint8_t associated[MSCP_RESPONSE_HEADER + MSCP_REQUEST_HEADER];
    mscp_response_header(associated, response->body.len, response->status, response->detail);
    memcpy(associated + MSCP_RESPONSE_HEADER, host->frame, MSCP_REQUEST_HEADER);
    uint64_t counter;
    struct mico_span text;
    mico_err err = mscp_record_open(host->session.to_host, MICO_SPAN(associated), host->reply_body, response->body.len,
                                    &counter, &text);
    if (err != MICO_OK || counter != host->session.next || text.len < INNER_HEADER) {
        MICO_LOG("MSCP", "an answer was altered on the link; the session is closed");
        mscp_session_forget(host);
        return MICO_ERR_AUTH;
    }
    mscp_session_advance(&host->session);
    struct mico_span tlvs = {text.data + INNER_HEADER, text.len - INNER_HEADER};
    err = mscp_link_status(host, (int16_t)mico_load_le16(text.data), mico_load_le16(text.data + 2));
    if (mscp_tlvs_parse(tlvs, &host->reply) != MICO_OK) {
        return MICO_ERR_FORMAT;
    }
    return err;
}

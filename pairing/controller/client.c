/* SPDX-License-Identifier: Apache-2.0 */
/* A controller's requests and answers, in the clear and in frames; see client.h. */
#include "pairing/controller/client.h"

#include <stdio.h>
#include <string.h>

#define HEAD_MAX 512

mico_err mico_client_fail(struct mico_client *client, enum mico_client_trouble trouble, mico_err err, const char *why)
{
    client->trouble = trouble;
    client->why = why;
    return err;
}

void mico_client_start(struct mico_client *client, const struct mico_wire *wire, uint32_t timeout_ms)
{
    memset(client, 0, sizeof *client);
    mico_http_init(&client->reply, MICO_HTTP_RESPONSE | MICO_HTTP_CHUNKED_ALLOWED | MICO_HTTP_EVENTS_ALLOWED,
                   client->reply_head, sizeof client->reply_head, client->reply_body, MICO_REPLY_BODY_MAX);
    client->wire = *wire;
    client->timeout_ms = timeout_ms;
}

void mico_client_stop(struct mico_client *client)
{
    mico_session_end(&client->session);
    mico_wipe(client, sizeof *client);
}

static mico_err send_bytes(struct mico_client *client, const uint8_t *data, size_t len)
{
    if (!client->secure) {
        return client->wire.send(client->wire.ctx, data, len);
    }
    while (len > 0) {
        uint8_t frame[MICO_FRAME_MAX];
        size_t frame_len;
        size_t piece = len < MICO_FRAME_TEXT_MAX ? len : MICO_FRAME_TEXT_MAX;
        mico_err err = mico_session_seal(&client->session, data, piece, frame, &frame_len);
        if (err == MICO_OK) {
            err = client->wire.send(client->wire.ctx, frame, frame_len);
        }
        if (err != MICO_OK) {
            return err;
        }
        data += piece;
        len -= piece;
    }
    return MICO_OK;
}

/* Have unused bytes in `arrived`. */
static mico_err want_arrived(struct mico_client *client, uint32_t timeout_ms)
{
    if (client->arrived_at < client->arrived_len) {
        return MICO_OK;
    }
    client->arrived_at = 0;
    client->arrived_len = 0;
    return client->wire.receive(client->wire.ctx, client->arrived, sizeof client->arrived, &client->arrived_len,
                                timeout_ms);
}

/* Have unused bytes in `text`: what arrives, out of its frames when there is a session. */
static mico_err want_text(struct mico_client *client, uint32_t timeout_ms)
{
    while (client->text_at == client->text_len) {
        mico_err err = want_arrived(client, timeout_ms);
        if (err != MICO_OK) {
            return err;
        }
        const uint8_t *data = client->arrived + client->arrived_at;
        size_t len = client->arrived_len - client->arrived_at;
        size_t used = len;
        client->text_at = 0;
        client->text_len = len;
        if (client->secure) {
            err = mico_session_receive(&client->session, data, len, &used, client->text, &client->text_len);
        } else {
            memcpy(client->text, data, len);
        }
        client->arrived_at += used;
        if (err != MICO_OK) {
            client->text_len = 0;
            return mico_client_fail(client, MICO_TROUBLE_PROTOCOL, err, "a frame of the session does not check");
        }
    }
    return MICO_OK;
}

/* One whole message into client->reply. */
static mico_err read_message(struct mico_client *client, uint32_t timeout_ms)
{
    mico_http_reset(&client->reply);
    while (!client->reply.complete) {
        mico_err err = want_text(client, timeout_ms);
        if (err != MICO_OK) {
            return client->trouble != MICO_TROUBLE_NONE
                       ? err
                       : mico_client_fail(client, MICO_TROUBLE_WIRE, err, mico_err_name(err));
        }
        size_t used;
        err = mico_http_feed(&client->reply, client->text + client->text_at, client->text_len - client->text_at, &used);
        client->text_at += used;
        if (err != MICO_OK) {
            return mico_client_fail(client, MICO_TROUBLE_PROTOCOL, err, "the answer is not HTTP as accessories speak it");
        }
    }
    return MICO_OK;
}

static void tell_event(struct mico_client *client)
{
    if (client->on_event != NULL) {
        client->on_event(client->event_ctx, (const char *)client->reply.body, client->reply.body_len);
    }
}

static mico_err send_request(struct mico_client *client, const char *method, const char *path, const char *type,
                             struct mico_span body)
{
    uint8_t message[HEAD_MAX + 4096];
    int head_len = snprintf((char *)message, HEAD_MAX, "%s %s HTTP/1.1\r\nHost: accessory\r\n", method, path);
    if (type != NULL && head_len < HEAD_MAX) {
        head_len += snprintf((char *)message + head_len, (size_t)(HEAD_MAX - head_len),
                             "Content-Type: %s\r\nContent-Length: %u\r\n", type, (unsigned)body.len);
    }
    if (head_len + 2 >= HEAD_MAX || body.len > sizeof message - HEAD_MAX) {
        return MICO_ERR_SIZE;
    }
    memcpy(message + head_len, "\r\n", 2);
    if (body.len > 0) {
        memcpy(message + head_len + 2, body.data, body.len);
    }
    mico_err err = send_bytes(client, message, (size_t)head_len + 2 + body.len);
    mico_wipe(message, sizeof message);
    return err;
}

mico_err mico_client_request(struct mico_client *client, const char *method, const char *path, const char *type,
                             struct mico_span body)
{
    client->trouble = MICO_TROUBLE_NONE;
    client->why = NULL;
    mico_err err = send_request(client, method, path, type, body);
    if (err != MICO_OK) {
        return mico_client_fail(client, MICO_TROUBLE_WIRE, err, mico_err_name(err));
    }
    do {
        err = read_message(client, client->timeout_ms);
        if (err == MICO_OK && client->reply.event) {
            tell_event(client);
        }
    } while (err == MICO_OK && client->reply.event);
    return err;
}

mico_err mico_client_wait_event(struct mico_client *client, uint32_t timeout_ms)
{
    client->trouble = MICO_TROUBLE_NONE;
    mico_err err = read_message(client, timeout_ms);
    if (err != MICO_OK) {
        return err;
    }
    if (!client->reply.event) {
        return mico_client_fail(client, MICO_TROUBLE_PROTOCOL, MICO_ERR_FORMAT, "an answer came that nobody asked for");
    }
    tell_event(client);
    return MICO_OK;
}

mico_err mico_client_exchange(struct mico_client *client, const char *path, struct mico_span tlv, uint8_t state,
                              struct mico_tlv8 *answer)
{
    client->hap_error = MICO_HAP_OK;
    client->step = state;
    mico_err err = mico_client_request(client, "POST", path, "application/pairing+tlv8", tlv);
    if (err != MICO_OK) {
        return err;
    }
    if (client->reply.status != 200) {
        return mico_client_fail(client, MICO_TROUBLE_REFUSED, MICO_ERR_DENIED, "the HTTP status says so");
    }
    err = mico_tlv8_parse(client->reply.body, client->reply.body_len, answer, NULL);
    if (err == MICO_OK && answer->has[MICO_TLV8_ERROR]) {
        int error = mico_tlv8_byte(answer, MICO_TLV8_ERROR);
        client->hap_error = error > 0 ? (enum mico_hap_error)error : MICO_HAP_UNKNOWN;
        return mico_client_fail(client, MICO_TROUBLE_REFUSED, MICO_ERR_DENIED, NULL);
    }
    if (err != MICO_OK || mico_tlv8_byte(answer, MICO_TLV8_STATE) != state) {
        return mico_client_fail(client, MICO_TROUBLE_PROTOCOL, MICO_ERR_FORMAT, "the answer's TLV8 is malformed");
    }
    return MICO_OK;
}

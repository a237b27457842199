/* SPDX-License-Identifier: Apache-2.0 */
/* Connections of an accessory: bytes in, requests to their handlers, answers out; see accessory.h. */
#include "pairing/accessory/accessory.h"

#include <string.h>

#include "base/log.h"
#include "pairing/accessory/internal.h"

/* Who may ask for what. Anything not listed is 404; a listed path with another method is 405. */
enum gate { NEAR_ONLY, CLEAR_ONLY, VERIFIED, ANYONE }; /* NEAR_ONLY: in the clear, and not through the relay */

static void identify(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response)
{
    if (mico_accessory_paired(acc)) {
        response->status = 400;
        mico_json_text(&response->body, "{\"status\":-70401}");
        return;
    }
    if (acc->config.identify != NULL) {
        acc->config.identify(acc->config.ctx);
    }
    response->status = 204;
}

static const struct route {
    const char *path;
    enum mico_http_method method;
    enum gate gate;
    void (*handle)(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response);
} routes[] = {
    {"/identify", MICO_HTTP_POST, ANYONE, identify},
    {"/pair-setup", MICO_HTTP_POST, NEAR_ONLY, mico_setup_handle},
    {"/pair-verify", MICO_HTTP_POST, CLEAR_ONLY, mico_verify_handle},
    {"/pairings", MICO_HTTP_POST, VERIFIED, mico_pairings_handle},
    {"/accessories", MICO_HTTP_GET, VERIFIED, mico_accessories_get},
    {"/characteristics", MICO_HTTP_GET, VERIFIED, mico_characteristics_get},
    {"/characteristics", MICO_HTTP_PUT, VERIFIED, mico_characteristics_put},
    {"/prepare", MICO_HTTP_PUT, VERIFIED, mico_prepare_put},
};

static const struct route *find_route(const struct mico_http *request, bool *path_known)
{
    *path_known = false;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (strcmp(request->path, routes[i].path) == 0) {
            *path_known = true;
            if (routes[i].method == request->method) {
                return &routes[i];
            }
        }
    }
    return NULL;
}

static void dispatch(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response)
{
    bool path_known;
    const struct route *route = find_route(&conn->request, &path_known);
    if (route == NULL) {
        response->status = path_known ? 405 : 404;
    } else if ((route->gate == VERIFIED && !conn->secure) || (route->gate == NEAR_ONLY && conn->relayed)) {
        response->status = 470;
        mico_json_text(&response->body, "{\"status\":-70401}");
    } else if ((route->gate == CLEAR_ONLY || route->gate == NEAR_ONLY) && conn->secure) {
        response->status = 400;
    } else {
        route->handle(acc, conn, response);
    }
}

void mico_answer_error(struct mico_response *response, uint8_t state, enum mico_hap_error error)
{
    response->type = MICO_TYPE_TLV8;
    response->body.len = 0;
    mico_tlv8_put_byte(&response->body, MICO_TLV8_STATE, state);
    mico_tlv8_put_byte(&response->body, MICO_TLV8_ERROR, (uint8_t)error);
}

void mico_answer_malformed(struct mico_response *response)
{
    response->status = 400;
    response->body.len = 0;
}

/* Send clear bytes as they are, or cut into frames. */
static mico_err send_bytes(struct mico_accessory *acc, struct mico_connection *conn, const uint8_t *data, size_t len,
                           mico_accessory_reply reply, void *reply_ctx)
{
    if (!conn->secure) {
        reply(reply_ctx, data, len);
        return MICO_OK;
    }
    while (len > 0) {
        size_t piece = len < MICO_FRAME_TEXT_MAX ? len : MICO_FRAME_TEXT_MAX;
        size_t frame_len;
        mico_err err = mico_session_seal(&conn->session, data, piece, acc->frame, &frame_len);
        if (err != MICO_OK) {
            MICO_LOG("Pairing", "a frame could not be sealed (%s): closing", mico_err_name(err));
            return err;
        }
        reply(reply_ctx, acc->frame, frame_len);
        data += piece;
        len -= piece;
    }
    return MICO_OK;
}

/* The body lies at response + HEAD_MAX; the head goes right in front of it, so that both leave together. */
static mico_err send_with_head(struct mico_accessory *acc, struct mico_connection *conn, const struct mico_writer *head,
                               size_t body_len, mico_accessory_reply reply, void *reply_ctx)
{
    uint8_t *start = acc->response + MICO_RESPONSE_HEAD_MAX - head->len;
    memcpy(start, head->out, head->len);
    return send_bytes(acc, conn, start, head->len + body_len, reply, reply_ctx);
}

static struct mico_writer body_writer(struct mico_accessory *acc)
{
    return mico_writer_of(acc->response + MICO_RESPONSE_HEAD_MAX, MICO_RESPONSE_BODY_MAX);
}

static mico_err send_response(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response,
                              mico_accessory_reply reply, void *reply_ctx)
{
    uint8_t head_bytes[MICO_RESPONSE_HEAD_MAX];
    struct mico_writer head = mico_writer_of(head_bytes, sizeof head_bytes);
    if (response->body.failed) {
        MICO_LOG("Pairing", "an answer to %s does not fit %d bytes", conn->request.path, MICO_RESPONSE_BODY_MAX);
        response->status = 500;
        response->body.len = 0;
    }
    mico_http_put_head(&head, response->status, response->type, response->body.len);
    return send_with_head(acc, conn, &head, response->body.len, reply, reply_ctx);
}

/* One complete request: answer it, then take up what it changed. */
static mico_err serve(struct mico_accessory *acc, struct mico_connection *conn, mico_accessory_reply reply, void *reply_ctx)
{
    struct mico_response response = {.status = 200, .type = MICO_TYPE_JSON, .body = body_writer(acc)};
    dispatch(acc, conn, &response);
    mico_err err = send_response(acc, conn, &response, reply, reply_ctx);
    mico_wipe(&acc->work, sizeof acc->work);
    mico_http_reset(&conn->request);
    conn->secure = conn->session.open; /* encryption begins behind the clear M4 */
    return err == MICO_OK && !conn->closing ? MICO_OK : MICO_ERR_CLOSED;
}

static mico_err feed_http(struct mico_accessory *acc, struct mico_connection *conn, const uint8_t *data, size_t len,
                          size_t *used, mico_accessory_reply reply, void *reply_ctx)
{
    mico_err err = mico_http_feed(&conn->request, data, len, used);
    if (err != MICO_OK) {
        struct mico_response refusal = {mico_http_refusal(err), MICO_TYPE_JSON, body_writer(acc)};
        MICO_LOG("Pairing", "request refused (%s): answering %d and closing", mico_err_name(err), refusal.status);
        conn->request.path = "?";
        (void)send_response(acc, conn, &refusal, reply, reply_ctx);
        return MICO_ERR_CLOSED;
    }
    return conn->request.complete ? serve(acc, conn, reply, reply_ctx) : MICO_OK;
}

/* At most one frame of data; its text is one or more pieces of requests. */
static mico_err feed_frame(struct mico_accessory *acc, struct mico_connection *conn, const uint8_t *data, size_t len,
                           size_t *used, mico_accessory_reply reply, void *reply_ctx)
{
    size_t text_len;
    mico_err err = mico_session_receive(&conn->session, data, len, used, acc->text, &text_len);
    if (err != MICO_OK) {
        MICO_LOG("Pairing", "frame refused (%s): closing", mico_err_name(err));
        return MICO_ERR_CLOSED;
    }
    size_t at = 0;
    while (at < text_len && err == MICO_OK) {
        size_t taken;
        err = feed_http(acc, conn, acc->text + at, text_len - at, &taken, reply, reply_ctx);
        at += taken;
    }
    mico_wipe(acc->text, text_len);
    return err;
}

mico_err mico_accessory_input(struct mico_accessory *acc, struct mico_connection *conn, const uint8_t *data, size_t len,
                              mico_accessory_reply reply, void *reply_ctx)
{
    mico_err err = conn->closing ? MICO_ERR_CLOSED : MICO_OK;
    while (len > 0 && err == MICO_OK) {
        size_t used;
        err = conn->secure ? feed_frame(acc, conn, data, len, &used, reply, reply_ctx)
                           : feed_http(acc, conn, data, len, &used, reply, reply_ctx);
        data += used;
        len -= used;
    }
    conn->closing = conn->closing || err != MICO_OK;
    return err;
}

mico_err mico_accessory_poll(struct mico_accessory *acc, struct mico_connection *conn, mico_accessory_reply reply,
                             void *reply_ctx)
{
    if (conn->closing) {
        return MICO_ERR_CLOSED;
    }
    uint64_t now_ms = acc->config.now_ms();
    bool early = conn->told && now_ms - conn->last_event_ms < MICO_ACCESSORY_EVENT_GAP_MS;
    if (conn->changed == 0 || !conn->secure || early) {
        return MICO_OK;
    }
    uint8_t head_bytes[MICO_RESPONSE_HEAD_MAX];
    struct mico_writer head = mico_writer_of(head_bytes, sizeof head_bytes);
    struct mico_writer body = body_writer(acc);
    mico_characteristics_event(acc, conn->changed, &body);
    mico_http_put_event_head(&head, body.len);
    conn->changed = 0;
    conn->last_event_ms = now_ms;
    conn->told = true;
    if (send_with_head(acc, conn, &head, body.len, reply, reply_ctx) != MICO_OK) {
        conn->closing = true;
        return MICO_ERR_CLOSED;
    }
    return MICO_OK;
}

/* The first field that cannot be worked with, or NULL. */
static const char *wrong_field(const struct mico_accessory_config *config)
{
    if (config->device_id == NULL || strlen(config->device_id) != MICO_ACCESSORY_ID_SIZE) {
        return "device_id";
    }
    if (!config->name || !config->manufacturer || !config->model || !config->serial || !config->firmware) {
        return "name, manufacturer, model, serial or firmware";
    }
    if (config->setup_salt == NULL || config->setup_verifier == NULL) {
        return "setup_salt or setup_verifier";
    }
    if (config->chain.len > MICO_ACCESSORY_CHAIN_MAX) {
        return "chain";
    }
    if (config->store == NULL || config->product == NULL || !config->get || !config->set || !config->now_ms) {
        return "store, product, get, set or now_ms";
    }
    return NULL;
}

mico_err mico_accessory_start(struct mico_accessory *acc, const struct mico_accessory_config *config)
{
    const char *wrong = wrong_field(config);
    if (wrong != NULL) {
        MICO_LOG("Pairing", "configuration: %s is missing or has the wrong size", wrong);
        return MICO_ERR_PARAM;
    }
    memset(acc, 0, sizeof *acc);
    acc->config = *config;
    mico_err err = mico_controllers_load(&acc->controllers, config->store);
    return err == MICO_OK ? mico_tries_load(acc) : err;
}

void mico_accessory_open(struct mico_accessory *acc, struct mico_connection *conn)
{
    memset(conn, 0, sizeof *conn);
    mico_http_init(&conn->request, 0, conn->head, sizeof conn->head, conn->body, sizeof conn->body);
    conn->controller = -1;
    conn->next = acc->connections;
    acc->connections = conn;
}

void mico_accessory_open_relayed(struct mico_accessory *acc, struct mico_connection *conn)
{
    mico_accessory_open(acc, conn);
    conn->relayed = true;
}

void mico_accessory_close(struct mico_accessory *acc, struct mico_connection *conn)
{
    struct mico_connection **link = &acc->connections;
    while (*link != NULL && *link != conn) {
        link = &(*link)->next;
    }
    if (*link != NULL) {
        *link = conn->next;
    }
    mico_setup_release(acc, conn);
    mico_session_end(&conn->session);
    mico_wipe(conn, sizeof *conn);
    conn->closing = true;
    conn->controller = -1;
}

void mico_accessory_changed(struct mico_accessory *acc, uint16_t iid)
{
    for (struct mico_connection *conn = acc->connections; conn != NULL; conn = conn->next) {
        if (conn != acc->writer && iid < 32) {
            conn->changed |= conn->subscribed & (UINT32_C(1) << iid);
        }
    }
}

bool mico_accessory_verified(const struct mico_connection *conn)
{
    return conn->secure && conn->controller >= 0 && !conn->closing;
}

bool mico_accessory_paired(const struct mico_accessory *acc)
{
    return mico_controllers_paired(&acc->controllers);
}

void mico_end_sessions_without_pairing(struct mico_accessory *acc)
{
    for (struct mico_connection *conn = acc->connections; conn != NULL; conn = conn->next) {
        if (conn->controller >= 0 && acc->controllers.slot[conn->controller].id_len == 0) {
            conn->closing = true;
        }
    }
}

mico_err mico_accessory_forget(struct mico_accessory *acc)
{
    mico_err err = mico_controllers_clear(&acc->controllers);
    mico_end_sessions_without_pairing(acc);
    mico_err tries_err = mico_tries_put(acc, 0);
    return err != MICO_OK ? err : tries_err;
}

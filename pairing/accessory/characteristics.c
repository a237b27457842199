/* SPDX-License-Identifier: Apache-2.0 */
/* /accessories, /characteristics, /prepare and events: the accessory's values as JSON. Facts: docs/PAIRING.md. */
#include <string.h>

#include "base/log.h"
#include "pairing/accessory/internal.h"

#define IDS_MAX 16 /* characteristics in one request */

static const struct mico_service *service_at(const struct mico_accessory *acc, size_t index)
{
    const struct mico_service *services[] = {&mico_service_information, acc->config.product, &mico_service_protocol};
    return index < sizeof services / sizeof services[0] ? services[index] : NULL;
}

static const struct mico_characteristic *find(const struct mico_accessory *acc, uint64_t aid, uint64_t iid)
{
    const struct mico_service *service;
    for (size_t s = 0; aid == MICO_AID && (service = service_at(acc, s)) != NULL; s++) {
        for (size_t i = 0; i < service->count; i++) {
            if (service->characteristics[i].iid == iid) {
                return &service->characteristics[i];
            }
        }
    }
    return NULL;
}

static const char *string_value(const struct mico_accessory *acc, uint16_t iid)
{
    switch (iid) {
    case MICO_IID_MANUFACTURER:
        return acc->config.manufacturer;
    case MICO_IID_MODEL:
        return acc->config.model;
    case MICO_IID_NAME:
        return acc->config.name;
    case MICO_IID_SERIAL:
        return acc->config.serial;
    case MICO_IID_FIRMWARE:
        return acc->config.firmware;
    default:
        return "1.1.0"; /* MICO_IID_VERSION: of the protocol */
    }
}

static int status_of(mico_err err)
{
    switch (err) {
    case MICO_OK:
        return MICO_STATUS_OK;
    case MICO_ERR_BUSY:
        return MICO_STATUS_BUSY;
    case MICO_ERR_FULL:
        return MICO_STATUS_RESOURCES;
    case MICO_ERR_TIMEOUT:
        return MICO_STATUS_TIMEOUT;
    case MICO_ERR_PARAM:
        return MICO_STATUS_VALUE;
    default:
        return MICO_STATUS_UNABLE;
    }
}

/* Append the value, or leave body alone and return why not. */
static int put_value(struct mico_accessory *acc, const struct mico_characteristic *c, struct mico_writer *body)
{
    if (c->format == MICO_FORMAT_STRING) {
        mico_json_string(body, string_value(acc, c->iid));
        return MICO_STATUS_OK;
    }
    uint8_t value = 0;
    mico_err err = acc->config.get(acc->config.ctx, c->iid, &value);
    if (err != MICO_OK) {
        MICO_LOG("Pairing", "characteristic %u: not read (%s)", c->iid, mico_err_name(err));
        return status_of(err);
    }
    if (c->format == MICO_FORMAT_BOOL) {
        mico_json_bool(body, value != 0);
    } else {
        mico_json_number(body, value);
    }
    return MICO_STATUS_OK;
}

static void put_hex_type(uint8_t type, struct mico_writer *body)
{
    static const char digits[] = "0123456789ABCDEF";
    char text[] = {'"', digits[type >> 4], digits[type & 15], '"', '\0'};
    mico_json_text(body, text);
}

static void put_permissions(uint8_t permissions, struct mico_writer *body)
{
    static const char *const names[] = {"pr", "pw", "ev"};
    bool first = true;
    mico_json_text(body, ",\"perms\":[");
    for (int i = 0; i < 3; i++) {
        if ((permissions & (1 << i)) != 0) {
            mico_json_text(body, first ? "" : ",");
            mico_json_string(body, names[i]);
            first = false;
        }
    }
    mico_json_text(body, "]");
}

static void put_meta(const struct mico_characteristic *c, struct mico_writer *body)
{
    static const char *const formats[] = {"bool", "uint8", "string"};
    mico_json_text(body, ",\"format\":");
    mico_json_string(body, formats[c->format]);
    if (c->format == MICO_FORMAT_UINT8) {
        mico_json_text(body, ",\"minValue\":0,\"maxValue\":");
        mico_json_number(body, c->max);
        mico_json_text(body, ",\"minStep\":1");
    }
}

static void put_member_number(const char *name, long value, struct mico_writer *body)
{
    mico_json_text(body, name);
    mico_json_number(body, value);
}

static void put_characteristic(struct mico_accessory *acc, const struct mico_characteristic *c, struct mico_writer *body)
{
    put_member_number("{\"iid\":", c->iid, body);
    mico_json_text(body, ",\"type\":");
    put_hex_type(c->type, body);
    put_permissions(c->permissions, body);
    put_meta(c, body);
    if ((c->permissions & MICO_PERM_READ) != 0) {
        mico_json_text(body, ",\"value\":");
        if (put_value(acc, c, body) != MICO_STATUS_OK) {
            mico_json_text(body, "null");
        }
    }
    mico_json_text(body, "}");
}

void mico_accessories_get(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response)
{
    struct mico_writer *body = &response->body;
    const struct mico_service *service;
    put_member_number("{\"accessories\":[{\"aid\":", MICO_AID, body);
    mico_json_text(body, ",\"services\":[");
    for (size_t s = 0; (service = service_at(acc, s)) != NULL; s++) {
        put_member_number(s == 0 ? "{\"iid\":" : ",{\"iid\":", service->iid, body);
        mico_json_text(body, ",\"type\":");
        put_hex_type(service->type, body);
        mico_json_text(body, ",\"characteristics\":[");
        for (size_t i = 0; i < service->count; i++) {
            mico_json_text(body, i == 0 ? "" : ",");
            put_characteristic(acc, &service->characteristics[i], body);
        }
        mico_json_text(body, "]}");
    }
    mico_json_text(body, "]}]}");
}

/* One "aid.iid" at *at; moves behind it and its comma. */
static bool parse_id(struct mico_span *at, uint64_t id[2])
{
    for (int part = 0; part < 2; part++) {
        size_t digits = 0;
        id[part] = 0;
        while (digits < at->len && at->data[digits] >= '0' && at->data[digits] <= '9') {
            if (digits == 9) {
                return false; /* no id of ours is that long */
            }
            id[part] = id[part] * 10 + (uint64_t)(at->data[digits++] - '0');
        }
        char separator = part == 0 ? '.' : ',';
        bool ends = part == 1 && digits == at->len;
        if (digits == 0 || (!ends && (digits + 1 >= at->len || at->data[digits] != separator))) {
            return false; /* a separator has something behind it */
        }
        size_t step = ends ? digits : digits + 1;
        at->data += step;
        at->len -= step;
    }
    return true;
}

static bool wants(const struct mico_connection *conn, const char *name)
{
    struct mico_span value = mico_http_query(conn->request.query, name);
    return value.len == 1 && value.data[0] == '1';
}

/* Append one item of a GET; the status member comes where `statuses` asks. */
static int put_read_item(struct mico_accessory *acc, const struct mico_connection *conn, const uint64_t id[2],
                         bool statuses, struct mico_writer *body)
{
    const struct mico_characteristic *c = find(acc, id[0], id[1]);
    int status = c == NULL ? MICO_STATUS_ABSENT : MICO_STATUS_OK;
    if (c != NULL && (c->permissions & MICO_PERM_READ) == 0) {
        status = MICO_STATUS_WRITE_ONLY;
    }
    put_member_number("{\"aid\":", (long)id[0], body);
    put_member_number(",\"iid\":", (long)id[1], body);
    if (status == MICO_STATUS_OK) {
        size_t before = body->len;
        mico_json_text(body, ",\"value\":");
        status = put_value(acc, c, body);
        body->len = status == MICO_STATUS_OK ? body->len : before;
    }
    if (status == MICO_STATUS_OK && wants(conn, "type")) {
        mico_json_text(body, ",\"type\":");
        put_hex_type(c->type, body);
    }
    if (status == MICO_STATUS_OK && wants(conn, "perms")) {
        put_permissions(c->permissions, body);
    }
    if (status == MICO_STATUS_OK && wants(conn, "meta")) {
        put_meta(c, body);
    }
    if (status == MICO_STATUS_OK && wants(conn, "ev")) {
        mico_json_text(body, ",\"ev\":");
        mico_json_bool(body, (conn->subscribed & (UINT32_C(1) << c->iid)) != 0);
    }
    if (statuses) {
        put_member_number(",\"status\":", status, body);
    }
    mico_json_text(body, "}");
    return status;
}

/* All items of a GET; false when the list of ids is malformed. *all_ok tells whether each could be read. */
static bool put_read_items(struct mico_accessory *acc, const struct mico_connection *conn, bool statuses,
                           struct mico_writer *body, bool *all_ok)
{
    struct mico_span ids = mico_http_query(conn->request.query, "id");
    *all_ok = true;
    mico_json_text(body, "{\"characteristics\":[");
    for (int count = 0; count == 0 || ids.len > 0; count++) {
        uint64_t id[2];
        if (count == IDS_MAX || !parse_id(&ids, id)) {
            return false;
        }
        mico_json_text(body, count == 0 ? "" : ",");
        *all_ok = put_read_item(acc, conn, id, statuses, body) == MICO_STATUS_OK && *all_ok;
    }
    mico_json_text(body, "]}");
    return true;
}

static void answer_status(struct mico_response *response, int http, int status)
{
    response->status = http;
    response->body.len = 0;
    put_member_number("{\"status\":", status, &response->body);
    mico_json_text(&response->body, "}");
}

void mico_characteristics_get(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response)
{
    bool all_ok;
    bool understood = put_read_items(acc, conn, false, &response->body, &all_ok);
    if (understood && !all_ok) { /* then every item carries a status */
        response->status = 207;
        response->body.len = 0;
        understood = put_read_items(acc, conn, true, &response->body, &all_ok);
    }
    if (!understood) {
        answer_status(response, 400, MICO_STATUS_VALUE);
    }
}

static int write_value(struct mico_accessory *acc, struct mico_connection *conn, const struct mico_characteristic *c,
                       const struct mico_json *json, int index)
{
    bool flag = false;
    uint64_t number = 0;
    if ((c->permissions & MICO_PERM_WRITE) == 0) {
        return MICO_STATUS_READ_ONLY;
    }
    if (mico_json_get_bool(json, index, &flag)) {
        number = flag ? 1 : 0;
    } else if (!mico_json_get_uint(json, index, &number) || number > c->max) {
        return MICO_STATUS_VALUE;
    }
    if (c->iid == MICO_IID_IDENTIFY) {
        if (number == 1 && acc->config.identify != NULL) {
            acc->config.identify(acc->config.ctx);
        }
        return MICO_STATUS_OK;
    }
    acc->writer = conn;
    mico_err err = acc->config.set(acc->config.ctx, c->iid, (uint8_t)number);
    if (err == MICO_OK) {
        mico_accessory_changed(acc, c->iid); /* everyone but the writer */
    } else {
        MICO_LOG("Pairing", "characteristic %u: not written (%s)", c->iid, mico_err_name(err));
    }
    acc->writer = NULL;
    return status_of(err);
}

static int subscribe(struct mico_connection *conn, const struct mico_characteristic *c, const struct mico_json *json,
                     int index)
{
    bool on;
    if (!mico_json_get_bool(json, index, &on)) {
        return MICO_STATUS_VALUE;
    }
    if ((c->permissions & MICO_PERM_EVENT) == 0) {
        return MICO_STATUS_NO_NOTIFICATION;
    }
    uint32_t bit = UINT32_C(1) << c->iid;
    conn->subscribed = on ? conn->subscribed | bit : conn->subscribed & ~bit;
    conn->changed &= conn->subscribed;
    return MICO_STATUS_OK;
}

/* Carry out one item of a PUT. */
static int write_item(struct mico_accessory *acc, struct mico_connection *conn, const struct mico_json *json, int item,
                      const uint64_t id[2])
{
    const struct mico_characteristic *c = find(acc, id[0], id[1]);
    int event = mico_json_member(json, item, "ev");
    int value = mico_json_member(json, item, "value");
    if (c == NULL) {
        return MICO_STATUS_ABSENT;
    }
    int status = event >= 0 ? subscribe(conn, c, json, event) : MICO_STATUS_OK;
    if (status == MICO_STATUS_OK && value >= 0) {
        status = write_value(acc, conn, c, json, value);
    }
    return status;
}

/* A timed write is allowed once, with the announced pid, before its time is up. */
static bool in_time(struct mico_accessory *acc, struct mico_connection *conn, const struct mico_json *json)
{
    int index = mico_json_member(json, 0, "pid");
    if (index < 0) {
        return true;
    }
    uint64_t pid;
    bool allowed = conn->prepared && mico_json_get_uint(json, index, &pid) && pid == conn->prepared_pid &&
                   acc->config.now_ms() <= conn->prepared_until_ms;
    conn->prepared = false;
    return allowed;
}

static bool item_id(const struct mico_json *json, int item, uint64_t id[2])
{
    return mico_json_get_uint(json, mico_json_member(json, item, "aid"), &id[0]) &&
           mico_json_get_uint(json, mico_json_member(json, item, "iid"), &id[1]) && id[0] <= INT32_MAX &&
           id[1] <= INT32_MAX;
}

/* Every item has its ids and there are not too many: else nothing is carried out. */
static bool items_are_sound(const struct mico_json *json, int items)
{
    int count = 0;
    for (int item = mico_json_first(json, items); item >= 0; item = mico_json_next(json, item)) {
        uint64_t id[2];
        if (++count > IDS_MAX || !item_id(json, item, id)) {
            return false;
        }
    }
    return count > 0;
}

void mico_characteristics_put(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response)
{
    struct mico_json *json = &acc->work.json;
    mico_err err = mico_json_parse(json, (const char *)conn->request.body, conn->request.body_len);
    int items = err == MICO_OK ? mico_json_member(json, 0, "characteristics") : -1;
    if (!items_are_sound(json, items)) {
        answer_status(response, 400, MICO_STATUS_VALUE);
        return;
    }
    bool allowed = in_time(acc, conn, json);
    bool all_ok = true;
    bool first = true;
    struct mico_writer *body = &response->body;
    mico_json_text(body, "{\"characteristics\":[");
    for (int item = mico_json_first(json, items); item >= 0; item = mico_json_next(json, item)) {
        uint64_t id[2] = {0, 0};
        int status = item_id(json, item, id) && allowed ? write_item(acc, conn, json, item, id) : MICO_STATUS_VALUE;
        put_member_number(first ? "{\"aid\":" : ",{\"aid\":", (long)id[0], body);
        put_member_number(",\"iid\":", (long)id[1], body);
        put_member_number(",\"status\":", status, body);
        mico_json_text(body, "}");
        all_ok = all_ok && status == MICO_STATUS_OK;
        first = false;
    }
    mico_json_text(body, "]}");
    response->status = all_ok ? 204 : 207;
    body->len = all_ok ? 0 : body->len;
}

void mico_prepare_put(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response)
{
    struct mico_json *json = &acc->work.json;
    uint64_t ttl_ms, pid;
    mico_err err = mico_json_parse(json, (const char *)conn->request.body, conn->request.body_len);
    if (err != MICO_OK || !mico_json_get_uint(json, mico_json_member(json, 0, "ttl"), &ttl_ms) ||
        !mico_json_get_uint(json, mico_json_member(json, 0, "pid"), &pid)) {
        answer_status(response, 400, MICO_STATUS_VALUE);
        return;
    }
    conn->prepared = true;
    conn->prepared_pid = pid;
    conn->prepared_until_ms = acc->config.now_ms() + ttl_ms;
    answer_status(response, 200, MICO_STATUS_OK);
}

void mico_characteristics_event(struct mico_accessory *acc, uint32_t iids, struct mico_writer *body)
{
    bool first = true;
    mico_json_text(body, "{\"characteristics\":[");
    for (uint16_t iid = 0; iid < 32; iid++) {
        const struct mico_characteristic *c = (iids & (UINT32_C(1) << iid)) != 0 ? find(acc, MICO_AID, iid) : NULL;
        if (c == NULL) {
            continue;
        }
        size_t before = body->len;
        put_member_number(first ? "{\"aid\":" : ",{\"aid\":", MICO_AID, body);
        put_member_number(",\"iid\":", iid, body);
        mico_json_text(body, ",\"value\":");
        if (put_value(acc, c, body) != MICO_STATUS_OK) {
            body->len = before; /* its next change tells */
            continue;
        }
        mico_json_text(body, "}");
        first = false;
    }
    mico_json_text(body, "]}");
}

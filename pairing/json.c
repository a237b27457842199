/* SPDX-License-Identifier: Apache-2.0 */
/* JSON on a device; see json.h. RFC 8259. */
#define JSMN_STATIC
#include "pairing/json.h"

#include <stdio.h>
#include <string.h>

#define EXACT_MAX (UINT64_C(1) << 53) /* above it a double no longer holds every integer */

void mico_json_text(struct mico_writer *w, const char *text)
{
    mico_write_bytes(w, text, strlen(text));
}

void mico_json_string(struct mico_writer *w, const char *text)
{
    mico_write_u8(w, '"');
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < ' ') {
            char escape[8];
            (void)snprintf(escape, sizeof escape, "\\u%04x", c);
            mico_json_text(w, escape);
            continue;
        }
        if (c == '"' || c == '\\') {
            mico_write_u8(w, '\\');
        }
        mico_write_u8(w, c);
    }
    mico_write_u8(w, '"');
}

void mico_json_number(struct mico_writer *w, long value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%ld", value);
    mico_json_text(w, text);
}

void mico_json_bool(struct mico_writer *w, bool value)
{
    mico_json_text(w, value ? "true" : "false");
}

/* Bytes of the UTF-8 character at text, or 0. RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
static size_t utf8_len(const uint8_t *text, size_t len)
{
    static const struct {
        uint8_t mask, lead, second_mask;
        size_t len;
    } forms[] = {{0x80, 0x00, 0, 1}, {0xE0, 0xC0, 0, 2}, {0xF0, 0xE0, 0x20, 3}, {0xF8, 0xF0, 0x30, 4}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if ((text[0] & forms[i].mask) != forms[i].lead) {
            continue;
        }
        if (forms[i].len > len) {
            return 0;
        }
        for (size_t k = 1; k < forms[i].len; k++) {
            if ((text[k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        bool overlong = (forms[i].len == 2 && text[0] < 0xC2) ||
                        (forms[i].len > 2 && text[0] == forms[i].lead && (text[1] & forms[i].second_mask) == 0);
        bool surrogate = text[0] == 0xED && text[1] >= 0xA0;
        bool above = text[0] > 0xF4 || (text[0] == 0xF4 && text[1] > 0x8F);
        return overlong || (forms[i].len == 3 && surrogate) || (forms[i].len == 4 && above) ? 0 : forms[i].len;
    }
    return 0;
}

static bool is_text(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len) {
        size_t step = utf8_len((const uint8_t *)text + at, len - at);
        if (step == 0 || text[at] == '\0') {
            return false;
        }
        at += step;
    }
    return true;
}

static bool token_is(const struct mico_json *json, int index, const char *word)
{
    const jsmntok_t *token = &json->token[index];
    size_t len = (size_t)(token->end - token->start);
    return len == strlen(word) && memcmp(json->text + token->start, word, len) == 0;
}

static bool is_literal(const struct mico_json *json, int index)
{
    const jsmntok_t *token = &json->token[index];
    char first = json->text[token->start];
    if (first != '-' && (first < '0' || first > '9')) {
        return token_is(json, index, "true") || token_is(json, index, "false") || token_is(json, index, "null");
    }
    for (int at = token->start; at < token->end; at++) {
        if (strchr("0123456789+-.eE", json->text[at]) == NULL) {
            return false;
        }
    }
    return true;
}

static int depth_of(const struct mico_json *json, int index)
{
    int depth = 0;
    for (int at = index; at >= 0; at = json->token[at].parent) {
        depth++;
    }
    return depth;
}

/* A key is a string in an object and holds one value; everything else stands under a key, in an array, or alone. */
static bool is_placed(const struct mico_json *json, int index)
{
    const jsmntok_t *token = &json->token[index];
    bool container = token->type == JSMN_OBJECT || token->type == JSMN_ARRAY;
    if (token->parent < 0) {
        return index == 0 && (container || token->size == 0);
    }
    if (json->token[token->parent].type == JSMN_OBJECT) {
        return token->type == JSMN_STRING && token->size == 1;
    }
    return container || token->size == 0;
}

static mico_err check(const struct mico_json *json)
{
    for (int i = 0; i < json->count; i++) {
        if (!is_placed(json, i) || (json->token[i].type == JSMN_PRIMITIVE && !is_literal(json, i))) {
            return MICO_ERR_FORMAT;
        }
        if (depth_of(json, i) > 2 * MICO_JSON_DEPTH) { /* a key counts as a level */
            return MICO_ERR_SIZE;
        }
    }
    return MICO_OK;
}

mico_err mico_json_parse(struct mico_json *json, const char *text, size_t len)
{
    jsmn_parser parser;
    jsmn_init(&parser);
    json->text = text;
    json->count = 0;
    if (!is_text(text, len)) {
        return MICO_ERR_FORMAT;
    }
    int count = jsmn_parse(&parser, text, len, json->token, MICO_JSON_TOKENS);
    if (count == JSMN_ERROR_NOMEM) {
        return MICO_ERR_SIZE;
    }
    if (count <= 0) {
        return MICO_ERR_FORMAT;
    }
    json->count = count;
    mico_err err = check(json);
    if (err != MICO_OK) {
        json->count = 0;
    }
    return err;
}

int mico_json_member(const struct mico_json *json, int index, const char *key)
{
    if (index < 0 || index >= json->count || json->token[index].type != JSMN_OBJECT) {
        return -1;
    }
    for (int i = index + 1; i < json->count && json->token[i].start < json->token[index].end; i++) {
        if (json->token[i].parent == index && token_is(json, i, key)) {
            return i + 1; /* a key's value is the token behind it */
        }
    }
    return -1;
}

int mico_json_first(const struct mico_json *json, int index)
{
    bool array = index >= 0 && index < json->count && json->token[index].type == JSMN_ARRAY;
    return array && json->token[index].size > 0 ? index + 1 : -1;
}

int mico_json_next(const struct mico_json *json, int element)
{
    for (int i = element + 1; i < json->count; i++) {
        if (json->token[i].parent == json->token[element].parent) {
            return i;
        }
    }
    return -1;
}

bool mico_json_get_uint(const struct mico_json *json, int index, uint64_t *value)
{
    if (index < 0 || json->token[index].type != JSMN_PRIMITIVE) {
        return false;
    }
    uint64_t number = 0;
    for (int at = json->token[index].start; at < json->token[index].end; at++) {
        char digit = json->text[at];
        if (digit < '0' || digit > '9') {
            return false;
        }
        number = number * 10 + (uint64_t)(digit - '0');
        if (number > EXACT_MAX) {
            return false;
        }
    }
    *value = number;
    return true;
}

bool mico_json_get_bool(const struct mico_json *json, int index, bool *value)
{
    if (index < 0 || json->token[index].type != JSMN_PRIMITIVE) {
        return false;
    }
    bool is_true = token_is(json, index, "true");
    if (!is_true && !token_is(json, index, "false")) {
        return false;
    }
    *value = is_true;
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* JSON on a device: bounded text out, and a bounded token view in. jsmn splits the text; this checks what jsmn leaves
 * open (UTF-8, depth, keys, literals, one document). No heap, no recursion. */
#ifndef PAIRING_JSON_H
#define PAIRING_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#ifndef JSMN_STATIC
#define JSMN_HEADER /* declarations only; json.c has the one copy of the code */
#endif
#include <jsmn.h>

#include "base/bytes.h"
#include "base/err.h"

/* Text out, by a writer of bytes.h: what does not fit sets its `failed`. */
void mico_json_text(struct mico_writer *w, const char *text);   /* as it is: punctuation and names */
void mico_json_string(struct mico_writer *w, const char *text); /* quoted and escaped */
void mico_json_number(struct mico_writer *w, long value);
void mico_json_bool(struct mico_writer *w, bool value);

/* Text in. */
#define MICO_JSON_TOKENS 160
#define MICO_JSON_DEPTH 8

struct mico_json {
    const char *text;
    jsmntok_t token[MICO_JSON_TOKENS];
    int count;
};

/** Split and check a document; token 0 is the whole of it. Keeps text. MICO_ERR_FORMAT, or MICO_ERR_SIZE (too many
 * tokens, too deep). */
MICO_MUST_USE mico_err mico_json_parse(struct mico_json *json, const char *text, size_t len);

/** Index of the value of key in the object at index; -1 when it is absent or index is no object (-1 included). */
int mico_json_member(const struct mico_json *json, int index, const char *key);

/** Index of the first element of the array at index, and of the one after element; -1 when there is none. */
int mico_json_first(const struct mico_json *json, int index);
int mico_json_next(const struct mico_json *json, int element);

/** Digits alone, at most 2^53; `true` or `false`. *value untouched when the token is something else. */
bool mico_json_get_uint(const struct mico_json *json, int index, uint64_t *value);
bool mico_json_get_bool(const struct mico_json *json, int index, bool *value);

#endif

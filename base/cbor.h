/* SPDX-License-Identifier: Apache-2.0 */
/* Deterministic CBOR: RFC 8949 with the core requirements of its section 4.2.1, on the cursors of bytes.h.
 *
 * Written are integers, byte and text strings, arrays, maps and tags, each with the shortest head; whoever writes a map
 * puts its keys in order. Read is exactly that and nothing else: a longer head than needed, an indefinite length, a float or
 * simple value, text that is not UTF-8, map keys out of order or twice set `failed` of the reader, as everything does that
 * runs past the end. */
#ifndef BASE_CBOR_H
#define BASE_CBOR_H

#include "base/bytes.h"

void mico_cbor_put_uint(struct mico_writer *w, uint64_t value);
void mico_cbor_put_int(struct mico_writer *w, int64_t value);
/** The head of a byte string alone; its len bytes follow by mico_write_bytes. */
void mico_cbor_put_bytes_head(struct mico_writer *w, size_t len);
void mico_cbor_put_bytes(struct mico_writer *w, const void *data, size_t len);
void mico_cbor_put_text(struct mico_writer *w, const char *text);
/** The head of an array of count items, or of a map of count pairs, which follow. */
void mico_cbor_put_array(struct mico_writer *w, size_t count);
void mico_cbor_put_map(struct mico_writer *w, size_t count);
void mico_cbor_put_tag(struct mico_writer *w, uint64_t tag);

uint64_t mico_cbor_uint(struct mico_reader *r);
int64_t mico_cbor_int(struct mico_reader *r);
/** Views of what is read. */
struct mico_span mico_cbor_bytes(struct mico_reader *r);
struct mico_span mico_cbor_text(struct mico_reader *r);
/** The number of items that follow, at most the bytes that are left; 0 after a failure. */
size_t mico_cbor_array(struct mico_reader *r);
/** True when the next item is tagged with tag, which is then read. */
bool mico_cbor_tag(struct mico_reader *r, uint64_t tag);

/* A map with integer keys while it is being read. */
struct mico_cbor_map {
    size_t left; /* pairs */
    bool begun;
    int64_t last; /* key */
};

struct mico_cbor_map mico_cbor_map(struct mico_reader *r);
/** The next key, whose value the caller reads before the next call. False behind the last pair and after a failure. */
bool mico_cbor_key(struct mico_reader *r, struct mico_cbor_map *map, int64_t *key);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as CBOR: what is read lies inside them, and written again it is the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define DEPTH_MAX 8
#define ROOM 4096

static uint8_t again[ROOM];

static void copy_item(struct mico_reader *r, struct mico_writer *w, unsigned depth);

static void copy_map(struct mico_reader *r, struct mico_writer *w, unsigned depth)
{
    int64_t key;
    struct mico_cbor_map map = mico_cbor_map(r);
    mico_cbor_put_map(w, map.left);
    while (mico_cbor_key(r, &map, &key)) {
        mico_cbor_put_int(w, key);
        copy_item(r, w, depth + 1);
    }
}

static void copy_array(struct mico_reader *r, struct mico_writer *w, unsigned depth)
{
    size_t count = mico_cbor_array(r);
    mico_cbor_put_array(w, count);
    for (size_t i = 0; i < count && !r->failed; i++) {
        copy_item(r, w, depth + 1);
    }
}

static void copy_text(struct mico_reader *r, struct mico_writer *w)
{
    char text[ROOM];
    struct mico_span span = mico_cbor_text(r);
    if (span.len >= sizeof text || (span.len > 0 && memchr(span.data, 0, span.len) != NULL)) {
        r->failed = true;
        return;
    }
    memcpy(text, span.len > 0 ? (const char *)span.data : "", span.len);
    text[span.len] = '\0';
    mico_cbor_put_text(w, text);
}

static void copy_item(struct mico_reader *r, struct mico_writer *w, unsigned depth)
{
    if (r->failed || r->left == 0 || depth > DEPTH_MAX) {
        r->failed = true;
        return;
    }
    struct mico_span bytes;
    switch (r->at[0] >> 5) {
    case 0:
        mico_cbor_put_uint(w, mico_cbor_uint(r));
        break;
    case 1:
        mico_cbor_put_int(w, mico_cbor_int(r));
        break;
    case 2:
        bytes = mico_cbor_bytes(r);
        mico_cbor_put_bytes(w, bytes.data, bytes.len);
        break;
    case 3:
        copy_text(r, w);
        break;
    case 4:
        copy_array(r, w, depth);
        break;
    case 5:
        copy_map(r, w, depth);
        break;
    default:
        r->failed = !mico_cbor_tag(r, 18);
        mico_cbor_put_tag(w, 18);
        copy_item(r, w, depth + 1);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct mico_reader r = mico_reader_of(data, len);
    struct mico_writer w = mico_writer_of(again, sizeof again);
    if (len > ROOM) {
        return 0;
    }
    copy_item(&r, &w, 0);
    if (mico_reader_done(&r) && (w.failed || w.len != len || memcmp(again, data, len) != 0)) {
        abort();
    }
    return 0;
}

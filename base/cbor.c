/* SPDX-License-Identifier: Apache-2.0 */
/* Deterministic CBOR; see cbor.h. Section numbers are RFC 8949's. */
#include "base/cbor.h"

#include <string.h>

enum major { UINT = 0, NEGATIVE = 1, BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5, TAG = 6 };

/* Section 3: values up to 23 in the first byte, else 1, 2, 4 or 8 bytes behind it. */
#define INLINE_MAX 23
#define ONE_BYTE 24

static void put_head(struct mico_writer *w, enum major major, uint64_t value)
{
    uint8_t first = (uint8_t)(major << 5);
    if (value <= INLINE_MAX) {
        mico_write_u8(w, (uint8_t)(first | value));
        return;
    }
    unsigned size = value <= UINT8_MAX ? 0 : value <= UINT16_MAX ? 1 : value <= UINT32_MAX ? 2 : 3; /* 2^size bytes */
    mico_write_u8(w, (uint8_t)(first | (ONE_BYTE + size)));
    for (int shift = (8 << size) - 8; shift >= 0; shift -= 8) {
        mico_write_u8(w, (uint8_t)(value >> shift));
    }
}

void mico_cbor_put_uint(struct mico_writer *w, uint64_t value)
{
    put_head(w, UINT, value);
}

void mico_cbor_put_int(struct mico_writer *w, int64_t value)
{
    put_head(w, value < 0 ? NEGATIVE : UINT, value < 0 ? (uint64_t) - (value + 1) : (uint64_t)value);
}

void mico_cbor_put_bytes_head(struct mico_writer *w, size_t len)
{
    put_head(w, BYTES, len);
}

void mico_cbor_put_bytes(struct mico_writer *w, const void *data, size_t len)
{
    put_head(w, BYTES, len);
    mico_write_bytes(w, data, len);
}

void mico_cbor_put_text(struct mico_writer *w, const char *text)
{
    put_head(w, TEXT, strlen(text));
    mico_write_bytes(w, text, strlen(text));
}

void mico_cbor_put_array(struct mico_writer *w, size_t count)
{
    put_head(w, ARRAY, count);
}

void mico_cbor_put_map(struct mico_writer *w, size_t count)
{
    put_head(w, MAP, count);
}

void mico_cbor_put_tag(struct mico_writer *w, uint64_t tag)
{
    put_head(w, TAG, tag);
}

/* ---- reading ---- */

/* A head in its shortest form; 0 after a failure. */
static uint64_t read_head(struct mico_reader *r, uint8_t *major)
{
    uint8_t first = mico_read_u8(r);
    uint8_t info = first & 0x1F;
    *major = first >> 5;
    if (info <= INLINE_MAX) {
        return r->failed ? 0 : info;
    }
    unsigned size = info - ONE_BYTE;
    if (size > 3) {
        r->failed = true; /* reserved, or of indefinite length */
        return 0;
    }
    uint64_t value = 0;
    for (unsigned i = 0; i < 1u << size; i++) {
        value = value << 8 | mico_read_u8(r);
    }
    uint64_t least = size == 0 ? INLINE_MAX + 1 : UINT64_C(1) << (8u << (size - 1));
    r->failed = r->failed || value < least;
    return r->failed ? 0 : value;
}

static uint64_t expect(struct mico_reader *r, enum major major)
{
    uint8_t found;
    uint64_t value = read_head(r, &found);
    r->failed = r->failed || found != major;
    return r->failed ? 0 : value;
}

uint64_t mico_cbor_uint(struct mico_reader *r)
{
    return expect(r, UINT);
}

int64_t mico_cbor_int(struct mico_reader *r)
{
    uint8_t major;
    uint64_t value = read_head(r, &major);
    r->failed = r->failed || major > NEGATIVE || value > INT64_MAX;
    if (r->failed) {
        return 0;
    }
    return major == UINT ? (int64_t)value : -1 - (int64_t)value;
}

static struct mico_span read_string(struct mico_reader *r, enum major major)
{
    uint64_t len = expect(r, major);
    r->failed = r->failed || len > r->left;
    return r->failed ? (struct mico_span){NULL, 0} : mico_read_bytes(r, (size_t)len);
}

struct mico_span mico_cbor_bytes(struct mico_reader *r)
{
    return read_string(r, BYTES);
}

/* RFC 3629: the bytes of one character from at on, 0 when they are none. */
static size_t character(const uint8_t *at, size_t left)
{
    size_t size = at[0] < 0x80             ? 1
                  : (at[0] & 0xE0) == 0xC0 ? 2
                  : (at[0] & 0xF0) == 0xE0 ? 3
                  : (at[0] & 0xF8) == 0xF0 ? 4
                                           : 0;
    if (size == 0 || size > left) {
        return 0;
    }
    uint32_t code = size == 1 ? at[0] : at[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
        code = code << 6 | (at[i] & 0x3Fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < least[size] || code > 0x10FFFF || surrogate ? 0 : size;
}

struct mico_span mico_cbor_text(struct mico_reader *r)
{
    struct mico_span text = read_string(r, TEXT);
    for (size_t at = 0; at < text.len;) {
        size_t size = character(text.data + at, text.len - at);
        if (size == 0) {
            r->failed = true;
            return (struct mico_span){NULL, 0};
        }
        at += size;
    }
    return text;
}

/* Each item is a byte or more, so a count beyond what is left is a lie. */
static size_t read_count(struct mico_reader *r, enum major major, size_t least_size)
{
    uint64_t count = expect(r, major);
    r->failed = r->failed || count > r->left / least_size;
    return r->failed ? 0 : (size_t)count;
}

size_t mico_cbor_array(struct mico_reader *r)
{
    return read_count(r, ARRAY, 1);
}

bool mico_cbor_tag(struct mico_reader *r, uint64_t tag)
{
    struct mico_reader after = *r;
    if (r->failed || expect(&after, TAG) != tag || after.failed) {
        return false;
    }
    *r = after;
    return true;
}

struct mico_cbor_map mico_cbor_map(struct mico_reader *r)
{
    return (struct mico_cbor_map){.left = read_count(r, MAP, 2)};
}

/* Section 4.2.1: keys stand in the order of their encodings: 0, 1, 2 ..., then -1, -2 ... */
static bool comes_after(int64_t key, int64_t last)
{
    if ((key < 0) != (last < 0)) {
        return key < 0;
    }
    return key < 0 ? key < last : key > last;
}

bool mico_cbor_key(struct mico_reader *r, struct mico_cbor_map *map, int64_t *key)
{
    if (r->failed || map->left == 0) {
        return false;
    }
    *key = mico_cbor_int(r);
    r->failed = r->failed || (map->begun && !comes_after(*key, map->last));
    map->begun = true;
    map->last = *key;
    map->left--;
    return !r->failed;
}

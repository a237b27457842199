/* SPDX-License-Identifier: Apache-2.0 */
/* Byte strings; see bytes.h. */
#include "base/bytes.h"

#include <string.h>

void mico_wipe(void *secret, size_t len)
{
    if (len == 0) {
        return;
    }
    memset(secret, 0, len);
    __asm__ volatile("" : : "r"(secret) : "memory"); /* the zeros count as read, so the store stays */
}

bool mico_ct_equal(const void *a, const void *b, size_t len)
{
    const volatile uint8_t *x = a;
    const volatile uint8_t *y = b;
    uint32_t difference = 0;
    for (size_t i = 0; i < len; i++) {
        difference |= (uint32_t)(x[i] ^ y[i]);
    }
    return ((difference - 1) >> 31) != 0; /* difference is at most 255: only 0 borrows into bit 31 */
}

bool mico_ct_is_zero(const void *a, size_t len)
{
    const volatile uint8_t *x = a;
    uint32_t bits = 0;
    for (size_t i = 0; i < len; i++) {
        bits |= x[i];
    }
    return ((bits - 1) >> 31) != 0;
}

uint16_t mico_load_le16(const uint8_t in[2])
{
    return (uint16_t)(in[0] | in[1] << 8);
}

uint32_t mico_load_le32(const uint8_t in[4])
{
    return (uint32_t)mico_load_le16(in) | (uint32_t)mico_load_le16(in + 2) << 16;
}

uint64_t mico_load_le64(const uint8_t in[8])
{
    return (uint64_t)mico_load_le32(in) | (uint64_t)mico_load_le32(in + 4) << 32;
}

uint16_t mico_load_be16(const uint8_t in[2])
{
    return (uint16_t)(in[0] << 8 | in[1]);
}

uint32_t mico_load_be32(const uint8_t in[4])
{
    return (uint32_t)mico_load_be16(in) << 16 | (uint32_t)mico_load_be16(in + 2);
}

void mico_store_le16(uint8_t out[2], uint16_t value)
{
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
}

void mico_store_le32(uint8_t out[4], uint32_t value)
{
    mico_store_le16(out, (uint16_t)value);
    mico_store_le16(out + 2, (uint16_t)(value >> 16));
}

void mico_store_le64(uint8_t out[8], uint64_t value)
{
    mico_store_le32(out, (uint32_t)value);
    mico_store_le32(out + 4, (uint32_t)(value >> 32));
}

void mico_store_be16(uint8_t out[2], uint16_t value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

void mico_store_be32(uint8_t out[4], uint32_t value)
{
    mico_store_be16(out, (uint16_t)(value >> 16));
    mico_store_be16(out + 2, (uint16_t)value);
}

void mico_hex(const uint8_t *in, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[in[i] >> 4];
        out[2 * i + 1] = digits[in[i] & 15];
    }
    out[2 * len] = '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

mico_err mico_unhex(const char *hex, uint8_t *out, size_t len)
{
    if (strlen(hex) != 2 * len) {
        return MICO_ERR_SIZE;
    }
    for (size_t i = 0; i < 2 * len; i++) {
        if (hex_digit(hex[i]) < 0) {
            return MICO_ERR_FORMAT;
        }
    }
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
    }
    return MICO_OK;
}

/* What a bit of a byte adds to a CRC-32, chosen by a mask: the bytes may be secret, such as a chip's root, and which entry of a
 * table is read could show. */
static inline uint32_t added_by(uint32_t byte, int bit, uint32_t value)
{
    return value & (0 - (byte >> bit & 1));
}

uint32_t mico_crc32(uint32_t crc, const uint8_t *data, size_t len)
{
    crc = ~crc;
    for (size_t i = 0; i < len; i++) {
        uint32_t byte = crc ^ data[i];
        crc = crc >> 8 ^ added_by(byte, 0, 0x77073096) ^ added_by(byte, 1, 0xEE0E612C) ^ added_by(byte, 2, 0x076DC419) ^
              added_by(byte, 3, 0x0EDB8832) ^ added_by(byte, 4, 0x1DB71064) ^ added_by(byte, 5, 0x3B6E20C8) ^
              added_by(byte, 6, 0x76DC4190) ^ added_by(byte, 7, 0xEDB88320);
    }
    return ~crc;
}

struct mico_reader mico_reader_of(const uint8_t *data, size_t len)
{
    return (struct mico_reader){data, len, false};
}

struct mico_span mico_read_bytes(struct mico_reader *r, size_t len)
{
    if (r->failed || len > r->left) {
        r->failed = true;
        return (struct mico_span){NULL, 0};
    }
    struct mico_span span = {r->at, len};
    r->at += len;
    r->left -= len;
    return span;
}

/* The next n (at most 8) bytes, or zeros after a failure. */
static const uint8_t *next(struct mico_reader *r, size_t n)
{
    static const uint8_t zeros[8];
    struct mico_span span = mico_read_bytes(r, n);
    return r->failed ? zeros : span.data;
}

uint8_t mico_read_u8(struct mico_reader *r)
{
    return next(r, 1)[0];
}

uint16_t mico_read_le16(struct mico_reader *r)
{
    return mico_load_le16(next(r, 2));
}

uint32_t mico_read_le32(struct mico_reader *r)
{
    return mico_load_le32(next(r, 4));
}

uint64_t mico_read_le64(struct mico_reader *r)
{
    return mico_load_le64(next(r, 8));
}

uint16_t mico_read_be16(struct mico_reader *r)
{
    return mico_load_be16(next(r, 2));
}

uint32_t mico_read_be24(struct mico_reader *r)
{
    const uint8_t *in = next(r, 3);
    return (uint32_t)in[0] << 16 | (uint32_t)mico_load_be16(in + 1);
}

uint32_t mico_read_be32(struct mico_reader *r)
{
    return mico_load_be32(next(r, 4));
}

bool mico_reader_done(const struct mico_reader *r)
{
    return !r->failed && r->left == 0;
}

struct mico_writer mico_writer_of(uint8_t *out, size_t cap)
{
    return (struct mico_writer){out, cap, 0, false};
}

void mico_write_bytes(struct mico_writer *w, const void *data, size_t len)
{
    if (w->failed || len > w->cap - w->len) {
        w->failed = true;
        return;
    }
    if (len > 0) {
        memcpy(w->out + w->len, data, len);
    }
    w->len += len;
}

void mico_write_u8(struct mico_writer *w, uint8_t value)
{
    mico_write_bytes(w, &value, 1);
}

void mico_write_le16(struct mico_writer *w, uint16_t value)
{
    uint8_t out[2];
    mico_store_le16(out, value);
    mico_write_bytes(w, out, sizeof out);
}

void mico_write_le32(struct mico_writer *w, uint32_t value)
{
    uint8_t out[4];
    mico_store_le32(out, value);
    mico_write_bytes(w, out, sizeof out);
}

void mico_write_le64(struct mico_writer *w, uint64_t value)
{
    uint8_t out[8];
    mico_store_le64(out, value);
    mico_write_bytes(w, out, sizeof out);
}

void mico_write_be16(struct mico_writer *w, uint16_t value)
{
    uint8_t out[2];
    mico_store_be16(out, value);
    mico_write_bytes(w, out, sizeof out);
}

void mico_write_be32(struct mico_writer *w, uint32_t value)
{
    uint8_t out[4];
    mico_store_be32(out, value);
    mico_write_bytes(w, out, sizeof out);
}

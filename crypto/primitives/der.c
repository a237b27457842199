/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/primitives/der.h"

#include <string.h>

#define TAG_INTEGER 0x02
#define TAG_SEQUENCE 0x30

/* X.690 sections 8.1.3 and 10.1: lengths in the shortest form; up to 65535 here. */
static struct mico_span read_element(struct mico_reader *in, uint8_t tag)
{
    bool wrong = mico_read_u8(in) != tag;
    size_t len = mico_read_u8(in);
    if (len == 0x81) {
        len = mico_read_u8(in);
        wrong = wrong || len < 0x80;
    } else if (len == 0x82) {
        len = mico_read_be16(in);
        wrong = wrong || len < 0x100;
    } else {
        wrong = wrong || len >= 0x80;
    }
    in->failed = in->failed || wrong;
    return mico_read_bytes(in, len);
}

struct mico_reader der_read_sequence(struct mico_reader *in)
{
    struct mico_span contents = read_element(in, TAG_SEQUENCE);
    struct mico_reader inside = mico_reader_of(contents.data, contents.len);
    inside.failed = in->failed;
    return inside;
}

struct mico_span der_read_integer(struct mico_reader *in)
{
    struct mico_span number = read_element(in, TAG_INTEGER);
    if (in->failed || number.len == 0 || (number.data[0] & 0x80) != 0) {
        in->failed = true;
        return (struct mico_span){NULL, 0};
    }
    if (number.len > 1 && number.data[0] == 0) {
        number.data++;
        number.len--;
        in->failed = in->failed || (number.data[0] & 0x80) == 0;
    }
    return number;
}

/* Writes from back to front, since a length comes before what it counts. */
struct backwards {
    uint8_t *begin, *at; /* at: the first byte written */
    bool failed;         /* it did not fit; nothing more is written */
};

static void write_bytes(struct backwards *out, const uint8_t *bytes, size_t len)
{
    if (out->failed || (size_t)(out->at - out->begin) < len) {
        out->failed = true;
    } else if (len > 0) {
        out->at -= len;
        memcpy(out->at, bytes, len);
    }
}

static void write_header(struct backwards *out, uint8_t tag, size_t len)
{
    const uint8_t header[] = {tag, 0x82, (uint8_t)(len >> 8), (uint8_t)len};
    if (len < 0x80) {
        write_bytes(out, header + 3, 1);
    } else if (len < 0x100) {
        write_bytes(out, (const uint8_t[]){0x81, (uint8_t)len}, 2);
    } else {
        write_bytes(out, header + 1, 3);
        out->failed = out->failed || len > 0xFFFF;
    }
    write_bytes(out, header, 1);
}

static void write_integer(struct backwards *out, struct mico_span number)
{
    while (number.len > 1 && number.data[0] == 0) {
        number.data++;
        number.len--;
    }
    bool sign = (number.data[0] & 0x80) != 0;
    write_bytes(out, number.data, number.len);
    write_bytes(out, (const uint8_t[]){0}, sign);
    write_header(out, TAG_INTEGER, number.len + sign);
}

mico_err der_write_numbers(const struct mico_span *numbers, size_t count, uint8_t *der, size_t cap, size_t *len)
{
    struct backwards out = {.begin = der, .at = der + cap};

    for (size_t i = count; i-- > 0;) {
        write_integer(&out, numbers[i]);
    }
    write_header(&out, TAG_SEQUENCE, (size_t)(der + cap - out.at));
    if (out.failed) {
        mico_wipe(der, cap);
        return MICO_ERR_SIZE;
    }
    *len = (size_t)(der + cap - out.at);
    memmove(der, out.at, *len);
    mico_wipe(der + *len, cap - *len);
    return MICO_OK;
}

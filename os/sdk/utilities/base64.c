/* SPDX-License-Identifier: Apache-2.0 */
/* Base64; see base64.h. */
#include "os/sdk/utilities/base64.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define LINE 72 /* characters */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Four characters of the count (1 to 3) bytes at src. */
static void encode_group(const unsigned char *src, int count, unsigned char out[4])
{
    uint32_t bits = (uint32_t)src[0] << 16 | (count > 1 ? (uint32_t)src[1] << 8 : 0) | (count > 2 ? src[2] : 0);
    for (int i = 0; i < 4; i++) {
        out[i] = (unsigned char)(i <= count ? alphabet[bits >> (18 - 6 * i) & 63] : '=');
    }
}

unsigned char *base64_encode(const unsigned char *src, int len, int *out_len)
{
    if (src == NULL || len < 0 || len > INT_MAX / 2) {
        return NULL;
    }
    size_t groups = ((size_t)len + 2) / 3;
    unsigned char *out = malloc(4 * groups + 4 * groups / LINE + 2);
    int at = 0, column = 0;
    for (int i = 0; out != NULL && i < len; i += 3) {
        encode_group(src + i, len - i < 3 ? len - i : 3, out + at);
        at += 4;
        column += 4;
        if (column == LINE || i + 3 >= len) {
            out[at++] = '\n';
            column = 0;
        }
    }
    if (out != NULL) {
        out[at] = '\0';
    }
    if (out != NULL && out_len != NULL) {
        *out_len = at;
    }
    return out;
}

static int value_of(unsigned char c)
{
    for (int i = 0; i < 64; i++) {
        if ((unsigned char)alphabet[i] == c) {
            return i;
        }
    }
    return -1;
}

/* What has been read of a text: bits that make no whole byte yet, and the padding at its end. */
struct reading {
    uint32_t bits;
    unsigned bit_count;
    unsigned characters; /* of the alphabet */
    unsigned padding;
    int len;
};

/* False when c may not stand there. */
static bool decode_one(struct reading *r, unsigned char c, unsigned char *out)
{
    int value = value_of(c);
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
        return true;
    }
    if (c == '=') {
        return ++r->padding <= 2;
    }
    if (value < 0 || r->padding > 0) {
        return false;
    }
    r->characters++;
    r->bits = r->bits << 6 | (uint32_t)value;
    r->bit_count += 6;
    if (r->bit_count >= 8) {
        r->bit_count -= 8;
        out[r->len++] = (unsigned char)(r->bits >> r->bit_count);
        r->bits &= (1u << r->bit_count) - 1;
    }
    return true;
}

unsigned char *base64_decode(const unsigned char *text, int len, int *out_len)
{
    struct reading r = {0};
    unsigned char *out = text != NULL && len >= 0 && out_len != NULL ? malloc((size_t)len + 1) : NULL;
    bool good = out != NULL;
    for (int i = 0; good && i < len; i++) {
        good = decode_one(&r, text[i], out);
    }
    if (!good || (r.characters + r.padding) % 4 != 0 || r.bits != 0 || r.bit_count >= 6) {
        free(out);
        return NULL;
    }
    *out_len = r.len;
    return out;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "os/sdk/pem.h"

#include <string.h>

static const char begin[] = "-----BEGIN ", end[] = "-----END ", dashes[] = "-----";

/* 1 when c is from first to last. */
static uint32_t within(uint32_t c, char first, char last)
{
    return (((uint32_t)first - 1 - c) & (c - (uint32_t)last - 1)) >> 31;
}

/* -1: none. By arithmetic: a private key's digits choose no path and no address. */
static int digit(char letter)
{
    uint32_t c = (uint8_t)letter;
    return (int)(within(c, 'A', 'Z') * (c - 'A' + 1) + within(c, 'a', 'z') * (c - 'a' + 27) +
                 within(c, '0', '9') * (c - '0' + 53) + within(c, '+', '+') * 63 + within(c, '/', '/') * 64) -
           1;
}

/* Base64 up to stop, white space left out, `=` only at the end. */
static mico_err decode(const char *from, const char *stop, uint8_t *out, size_t cap, size_t *len)
{
    uint32_t bits = 0;
    unsigned held = 0, padding = 0;
    *len = 0;
    for (; from < stop; from++) {
        if (strchr(" \t\r\n", *from) != NULL) {
            continue;
        }
        int value = *from == '=' ? 0 : digit(*from);
        padding += *from == '=';
        if (value < 0 || (padding != 0 && *from != '=') || padding > 2) {
            return MICO_ERR_FORMAT;
        }
        bits = bits << 6 | (uint32_t)value;
        if (++held < 4) {
            continue;
        }
        if (cap - *len < 3 - padding) {
            return MICO_ERR_SIZE;
        }
        for (unsigned i = 0; i < 3 - padding; i++) {
            out[(*len)++] = (uint8_t)(bits >> (16 - 8 * i));
        }
        bits = held = 0;
    }
    return held == 0 && *len > 0 ? MICO_OK : MICO_ERR_FORMAT;
}

/* strstr for what begins with dashes. Base64 has none, and strstr itself would look its characters up in a table. */
static const char *find(const char *text, const char *what)
{
    const char *at = strchr(text, '-');
    while (at != NULL && strncmp(at, what, strlen(what)) != 0) {
        at = strchr(at + 1, '-');
    }
    return at;
}

/* The block's content, from the end of its first line to its last. */
static bool find_block(const char *text, const char *label, const char **from, const char **stop)
{
    for (const char *at = find(text, begin); at != NULL; at = find(at, begin)) {
        at += sizeof begin - 1;
        const char *name_end = find(at, dashes);
        size_t len = name_end == NULL ? 0 : (size_t)(name_end - at), want = strlen(label);
        if (len >= want && len < 40 && memcmp(name_end - want, label, want) == 0) {
            *from = name_end + sizeof dashes - 1;
            *stop = find(*from, end);
            return true;
        }
    }
    return false;
}

mico_err sdk_pem_next(const char **text, const char *label, uint8_t *out, size_t cap, size_t *len)
{
    const char *from, *stop;
    *len = 0;
    if (!find_block(*text, label, &from, &stop)) {
        return MICO_OK;
    }
    mico_err err = stop == NULL ? MICO_ERR_FORMAT : decode(from, stop, out, cap, len);
    if (err == MICO_OK) {
        *text = stop + sizeof end - 1;
    } else {
        mico_wipe(out, cap);
        *len = 0;
    }
    return err;
}

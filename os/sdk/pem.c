/* SPDX-License-Identifier: Apache-2.0 */
#include "os/sdk/pem.h"

#include <string.h>

static const char begin[] = "-----BEGIN ", end[] = "-----END ", dashes[] = "-----";

static int digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
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

/* The block's content, from the end of its first line to its last. */
static bool find_block(const char *text, const char *label, const char **from, const char **stop)
{
    for (const char *at = strstr(text, begin); at != NULL; at = strstr(at, begin)) {
        at += sizeof begin - 1;
        const char *name_end = strstr(at, dashes);
        size_t len = name_end == NULL ? 0 : (size_t)(name_end - at), want = strlen(label);
        if (len >= want && len < 40 && memcmp(name_end - want, label, want) == 0) {
            *from = name_end + sizeof dashes - 1;
            *stop = strstr(*from, end);
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

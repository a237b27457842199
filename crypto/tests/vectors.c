/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tests/vectors.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void vectors_open(struct vectors *v, const char *path)
{
    char full[512];
    memset(v, 0, sizeof *v);
    snprintf(full, sizeof full, "%s/%s", MICO_VECTORS_DIR, path);
    v->file = fopen(full, "r");
    if (v->file == NULL) {
        fail_msg("%s is missing\n  try: apt-get install python3-cryptography-vectors", full);
    }
}

static unsigned place_of(struct vectors *v, const char *name)
{
    unsigned i = 0;
    while (i < v->count && strcmp(v->values[i].name, name) != 0) {
        i++;
    }
    return i;
}

static void keep(struct vectors *v, const char *name, const char *text)
{
    unsigned i = place_of(v, name);
    if (i == v->count) {
        assert_true(v->count < VECTORS_NAMES_MAX);
        strcpy(v->values[v->count++].name, name);
    }
    assert_true(strlen(text) < sizeof v->values[0].text);
    strcpy(v->values[i].text, text);
}

bool vectors_next(struct vectors *v, const char *last)
{
    static char line[2 * VECTORS_VALUE_MAX + 64];
    while (fgets(line, sizeof line, v->file) != NULL) {
        char *text = line + strspn(line, " "), *equals = strstr(text, " = ");
        text[strcspn(text, "\r\n")] = '\0';
        if (text[0] == '[') {
            snprintf(v->section, sizeof v->section, "%.*s", (int)strcspn(text + 1, "]"), text + 1);
        } else if (text[0] != '#' && equals != NULL && equals - text < (ptrdiff_t)sizeof v->values[0].name) {
            *equals = '\0';
            keep(v, text, equals + 3);
            if (strcmp(text, last) == 0) {
                return true;
            }
        }
    }
    fclose(v->file);
    return false;
}

const char *vectors_text(struct vectors *v, const char *name)
{
    unsigned i = place_of(v, name);
    assert_true(i < v->count);
    return v->values[i].text;
}

struct mico_span vectors_hex(struct vectors *v, const char *name)
{
    unsigned i = place_of(v, name);
    char even[2 * VECTORS_VALUE_MAX + 2] = "0";
    assert_true(i < v->count);
    size_t digits = strspn(v->values[i].text, "0123456789abcdefABCDEF");
    assert_true(digits < sizeof even - 1);
    snprintf(even + digits % 2, sizeof even - 1, "%.*s", (int)digits, v->values[i].text);
    size_t len = (digits + 1) / 2;
    assert_int_equal(mico_unhex(even, v->values[i].bytes, len), MICO_OK);
    return (struct mico_span){v->values[i].bytes, len};
}

struct mico_span vectors_number(struct vectors *v, const char *name)
{
    struct mico_span number = vectors_hex(v, name);
    while (number.len > 1 && number.data[0] == 0) {
        number.data++;
        number.len--;
    }
    return number;
}

struct mico_span vectors_padded(struct vectors *v, const char *name, size_t len)
{
    struct mico_span number = vectors_number(v, name);
    uint8_t *out = v->values[place_of(v, name)].bytes;
    assert_true(number.len <= len || number.data[0] != 0);
    if (number.len > len) { /* longer than it may be: the caller finds out */
        return number;
    }
    memmove(out + len - number.len, number.data, number.len);
    memset(out, 0, len - number.len);
    return (struct mico_span){out, len};
}

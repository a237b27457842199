/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tests/vectors.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char line[2 * VECTORS_VALUE_MAX + 64]; /* what was read last, trimmed; its name, once it has been taken apart */

FILE *vectors_file(const char *path)
{
    char full[512];
    bool ours = strncmp(path, VECTORS_OURS, strlen(VECTORS_OURS)) == 0;
    snprintf(full, sizeof full, "%s/%s", ours ? MICO_SOURCE_DIR "/crypto/tests" : MICO_VECTORS_DIR, path);
    FILE *file = fopen(full, "r");
    if (file == NULL) {
        fail_msg("%s is missing\n  try: apt-get install python3-cryptography-vectors", full);
    }
    return file;
}

void vectors_open(struct vectors *v, const char *path)
{
    memset(v, 0, sizeof *v);
    v->file = vectors_file(path);
    v->path = path;
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
    v->values[i].of_case = v->cases;
}

static char *trimmed(char *text)
{
    size_t len;
    text += strspn(text, " \t");
    for (len = strlen(text); len > 0 && isspace((unsigned char)text[len - 1]); len--) {
        text[len - 1] = '\0';
    }
    return text;
}

/* Splits `Name = value`; NULL for what is none. */
static char *value_of(char *text)
{
    size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_ ");
    if (len == 0 || text[len] != '=') {
        return NULL;
    }
    text[len] = '\0';
    trimmed(text);
    return text[0] != '\0' && strlen(text) < VECTORS_NAME_MAX ? trimmed(text + len + 1) : NULL;
}

static void keep_heading(struct vectors *v, char *text)
{
    char *end = text + strlen(text) - 1, *rest, *part;
    assert_true(*end == ']' && strlen(text) <= sizeof v->section);
    *end = '\0';
    strcpy(v->section, text + 1);
    for (part = strtok_r(text + 1, ",", &rest); part != NULL; part = strtok_r(NULL, ",", &rest)) {
        part = trimmed(part);
        char *value = value_of(part);
        if (value != NULL) {
            keep(v, part, value);
        }
    }
}

/* The next line that says something; false at the end. */
static bool read_line(struct vectors *v)
{
    char *text;
    do {
        if (fgets(line, sizeof line, v->file) == NULL) {
            fclose(v->file);
            v->file = NULL;
            return false;
        }
        assert_true(strchr(line, '\n') != NULL || feof(v->file)); /* else it is too long for us */
        v->line++;
        text = trimmed(line);
    } while (text[0] == '\0' || text[0] == '#');
    memmove(line, text, strlen(text) + 1);
    return true;
}

/* Keep what the line says, and leave its name in it. */
static void take_line(struct vectors *v)
{
    if (line[0] == '[') {
        keep_heading(v, line);
        line[0] = '\0';
    } else if (strcmp(line, "FAIL") == 0) {
        keep(v, line, "");
    } else {
        char *value = value_of(line);
        if (value == NULL) {
            fail_msg("%s, line %u: neither a heading nor Name = value: %.60s", v->path, v->line, line);
        }
        keep(v, line, value);
    }
}

bool vectors_next(struct vectors *v, const char *last)
{
    while (read_line(v)) {
        take_line(v);
        if (strcmp(line, last) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_named(const char *name)
{
    size_t len = strlen(name);
    return strncmp(line, name, len) == 0 && line[len + strspn(line + len, " ")] == '=';
}

bool vectors_case(struct vectors *v, const char *first)
{
    bool open = false;
    while (v->held || (v->file != NULL && read_line(v))) {
        bool begins = is_named(first);
        v->held = open && (begins || line[0] == '[');
        if (v->held) {
            return true;
        }
        v->cases += begins;
        open |= begins;
        take_line(v);
    }
    return open;
}

bool vectors_known(struct vectors *v, const char *name)
{
    return place_of(v, name) < v->count;
}

bool vectors_has(struct vectors *v, const char *name)
{
    return vectors_known(v, name) && v->values[place_of(v, name)].of_case == v->cases;
}

const char *vectors_text(struct vectors *v, const char *name)
{
    unsigned i = place_of(v, name);
    if (i == v->count) {
        fail_msg("%s, line %u: no %s yet", v->path, v->line, name);
    }
    return v->values[i].text;
}

static struct mico_span bytes_of(struct vectors *v, const char *name)
{
    static char even[2 * VECTORS_VALUE_MAX + 2];
    const char *text = vectors_text(v, name);
    uint8_t *out = v->values[place_of(v, name)].bytes;
    size_t digits = strlen(text), len = (digits + 1) / 2;
    assert_true(len <= VECTORS_VALUE_MAX);
    snprintf(even, sizeof even, "%s%s", digits % 2 == 0 ? "" : "0", text);
    if (mico_unhex(even, out, len) != MICO_OK) {
        fail_msg("%s, line %u: %s is not hexadecimal: %.60s", v->path, v->line, name, text);
    }
    return (struct mico_span){out, len};
}

struct mico_span vectors_hex(struct vectors *v, const char *name)
{
    const char *text = vectors_text(v, name);
    size_t len = strlen(text);
    if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
        return (struct mico_span){(const uint8_t *)text + 1, len - 2};
    }
    assert_int_equal(len % 2, 0);
    return bytes_of(v, name);
}

struct mico_span vectors_number(struct vectors *v, const char *name)
{
    struct mico_span number = bytes_of(v, name);
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

unsigned long vectors_decimal(struct vectors *v, const char *name)
{
    const char *text = vectors_text(v, name);
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    assert_true(isdigit((unsigned char)text[0]) && *end == '\0');
    return number;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* REFERENCE.md has a row for each public function of the SDK's headers, and no row for anything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <glob.h>

#define FUNCTIONS_MAX 800

/* Headers that applications do not include. */
static const char *const internal[] = {
    "pool.h",   "cmsis.h",  "tasks.h", "bad_input.h", "descriptor.h", "socket_port.h", "sockets.h",        "uart.h",
    "notify.h", "places.h", "line.h",  "commands.h",  "config.h",     "json_config.h", "httpd_internal.h", "pem.h"};
static char functions[FUNCTIONS_MAX][64];
static size_t count;
static char text[1 << 17];

static const char *load(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof text - 1, file);
    assert_true(len < sizeof text - 1);
    text[len] = '\0';
    fclose(file);
    return text;
}

/* A declaration stands at the start of a line and has "name(" before anything that only definitions and macros have. */
static void note_declaration(const char *line)
{
    size_t len = strcspn(line, "(\n");
    bool other = line[len] != '(' || !(isalpha((unsigned char)line[0]) || line[0] == '_') ||
                 strncmp(line, "typedef", 7) == 0 || strncmp(line, "extern", 6) == 0 || strncmp(line, "static", 6) == 0;
    if (strncmp(line, "__attribute__((noreturn)) ", 26) == 0) {
        note_declaration(line + 26);
        return;
    }
    size_t start = len;
    while (start > 0 && (isalnum((unsigned char)line[start - 1]) || line[start - 1] == '_')) {
        start--;
    }
    if (other || start == 0 || start == len) {
        return;
    }
    assert_true(count < FUNCTIONS_MAX && len - start < sizeof functions[0]);
    memcpy(functions[count], line + start, len - start);
    functions[count++][len - start] = '\0';
}

static bool is_internal(const char *path)
{
    bool found = false;
    for (size_t i = 0; i < sizeof internal / sizeof internal[0]; i++) {
        found = found || strcmp(strrchr(path, '/') + 1, internal[i]) == 0;
    }
    return found;
}

static void find_functions_in(const char *pattern)
{
    glob_t headers;
    assert_int_equal(glob(pattern, 0, NULL, &headers), 0);
    for (size_t i = 0; i < headers.gl_pathc; i++) {
        const char *line = is_internal(headers.gl_pathv[i]) ? "" : load(headers.gl_pathv[i]);
        for (; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n') {
            note_declaration(line);
        }
    }
    globfree(&headers);
}

static void find_functions(void)
{
    count = 0;
    find_functions_in(MICO_SOURCE_DIR "/os/sdk/*.h");
    find_functions_in(MICO_SOURCE_DIR "/os/sdk/*/*.h");
}

static void every_public_function_is_on_the_page(void **state)
{
    find_functions();
    const char *page = load(MICO_SOURCE_DIR "/os/sdk/REFERENCE.md");
    size_t missing = 0;
    assert_in_range(count, 150, FUNCTIONS_MAX); /* the headers were understood */
    for (size_t i = 0; i < count; i++) {
        char row[80];
        snprintf(row, sizeof row, "\n| `%s` |", functions[i]);
        if (strstr(page, row) == NULL) {
            print_error("os/sdk/REFERENCE.md has no row for %s\n", functions[i]);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}

static bool is_function(const char *name, size_t len)
{
    size_t i = 0;
    while (i < count && (strlen(functions[i]) != len || memcmp(functions[i], name, len) != 0)) {
        i++;
    }
    return i < count;
}

static void every_row_of_the_page_is_a_public_function(void **state)
{
    find_functions();
    for (const char *at = load(MICO_SOURCE_DIR "/os/sdk/REFERENCE.md"); (at = strstr(at, "\n| `")) != NULL;) {
        at += 4;
        size_t len = strcspn(at, "`");
        if (!is_function(at, len)) {
            fail_msg("os/sdk/REFERENCE.md has a row for %.*s, which is no function of the headers", (int)len, at);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_public_function_is_on_the_page),
        cmocka_unit_test(every_row_of_the_page_is_a_public_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

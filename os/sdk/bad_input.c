/* SPDX-License-Identifier: Apache-2.0 */
/* See bad_input.h. */
#include "os/sdk/bad_input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CALLS_MAX 800

static char calls[CALLS_MAX][64];
static size_t count;
static char page[1 << 17];

static bool is_noted(const char *name, size_t len)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(calls[i]) == len && memcmp(calls[i], name, len) == 0) {
            return true;
        }
    }
    return false;
}

void tried(const char *text, int64_t got, int64_t wanted, int line)
{
    size_t len = strcspn(text, "(");
    if (!is_noted(text, len)) {
        assert_true(count < CALLS_MAX && len < sizeof calls[0]);
        memcpy(calls[count], text, len);
        calls[count++][len] = '\0';
    }
    if (got != wanted) {
        fail_msg("line %d: %s gave %lld, not %lld", line, text, (long long)got, (long long)wanted);
    }
}

static bool is_among(const char *at, size_t len, const char *const *names, size_t names_count)
{
    for (size_t i = 0; i < names_count; i++) {
        if (strlen(names[i]) == len && memcmp(at, names[i], len) == 0) {
            return true;
        }
    }
    return false;
}

int untried(const char *const *elsewhere, size_t elsewhere_count, const char *const *harmless, size_t harmless_count)
{
    FILE *file = fopen(MICO_SOURCE_DIR "/os/sdk/REFERENCE.md", "r");
    assert_non_null(file);
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    fclose(file);
    int missing = 0, rows = 0;
    bool skip = false;
    for (const char *at = page; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n') {
        if (strncmp(at, "## ", 3) == 0) {
            skip = is_among(at + 3, strcspn(at + 3, "\n"), elsewhere, elsewhere_count);
        }
        size_t len = strncmp(at, "| `", 3) == 0 ? strcspn(at + 3, "`") : 0;
        if (skip || len == 0 || is_among(at + 3, len, harmless, harmless_count)) {
            continue;
        }
        rows++;
        if (!is_noted(at + 3, len)) {
            print_error("bad input was not tried on %.*s\n", (int)len, at + 3);
            missing++;
        }
    }
    assert_true(rows > 200); /* the page was understood */
    return missing;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* See test_doc.h. */
#include "mscp/protocol/test_doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void test_doc_vector(const char *name, char *out, size_t cap)
{
    char line[4096];
    size_t len = strlen(name);
    FILE *f = fopen(MICO_SOURCE_DIR "/docs/MSCP.md", "r");
    assert_non_null(f);
    out[0] = '\0';
    while (out[0] == '\0' && fgets(line, sizeof line, f) != NULL) {
        if (strncmp(line, name, len) == 0 && line[len] == ' ') {
            snprintf(out, cap, "%s", line + len + 1);
            out[strcspn(out, "\n")] = '\0';
        }
    }
    fclose(f);
    if (out[0] == '\0') {
        fail_msg("docs/MSCP.md has no test vector %s", name);
    }
}

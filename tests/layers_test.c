/* SPDX-License-Identifier: Apache-2.0 */
/* Dependencies go down only: every #include of our sources, against the layers of docs/ARCHITECTURE.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <ftw.h>

/* Rooms by path; the longest prefix counts. Programs stand on top (8), tests and benches above them (9). */
static const struct {
    const char *room;
    int layer;
} rooms[] = {
    {"base/", 0},
    {"os/port/", 1},
    {"os/crash/", 1},
    {"os/kernel/", 2},
    {"os/store/", 2},
    {"os/boards/", 2},
    {"crypto/primitives/", 2},
    {"mscp/protocol/", 2},
    {"crypto/", 3},
    {"mscp/host/", 3},
    {"boot/image/", 3},
    {"boot/handoff.h", 1},
    {"os/net/", 4},
    {"identity/", 4},
    {"pairing/", 5},
    {"os/sdk/", 6},
    {"apps/", 6},
    {"boot/loader/", 8},
    {"mscp/chip/", 8},
    {"mscp/tap/", 8},
    {"identity/factory/", 8},
    {"pairing/controller/", 8},
    {"cloud/", 8},
    {"micoder/", 8},
    {"tests/", 9},
    {"bench/", 9},
};

/* Arrows that must never exist, whatever the layers say. */
static const struct {
    const char *from, *to;
} never[] = {
    {"", "apps/"},
    {"", "tests/"},
    {"boot/loader/", "os/kernel/"},
    {"boot/loader/", "os/net/"},
    {"boot/loader/", "pairing/"},
    {"pairing/", "crypto/primitives/"},
    {"pairing/", "mscp/"},
    {"mscp/chip/", "mscp/host/"},
    {"mscp/host/", "mscp/chip/"},
    {"cloud/", "mscp/"},
    {"cloud/", "pairing/"},
    {"apps/", "cloud/"},
    {"apps/", "mscp/chip/"},
    {"os/boards/", "os/net/"},
    {"os/boards/", "crypto/"},
    {"os/boards/", "mscp/"},
};

static char wrong[8192];
static int includes;

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static int layer_of(const char *path)
{
    size_t best = 0;
    int layer = -1;
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        size_t len = strlen(rooms[i].room);
        if (starts(path, rooms[i].room) && len > best) {
            best = len;
            layer = rooms[i].layer;
        }
    }
    return layer;
}

/* Test and fuzz sources stand above their room. */
static bool is_test(const char *path)
{
    return strstr(path, "test") != NULL || strstr(path, "fuzz") != NULL;
}

static bool same_room(const char *file, const char *included)
{
    const char *slash = strrchr(file, '/');
    return slash != NULL && strncmp(file, included, (size_t)(slash - file) + 1) == 0;
}

static void complain(const char *file, const char *included, const char *why)
{
    size_t used = strlen(wrong);
    snprintf(wrong + used, sizeof wrong - used, "  %s includes %s: %s\n", file, included, why);
}

static void check(const char *file, const char *included)
{
    int to = layer_of(included);
    if (to < 0 || same_room(file, included)) {
        return; /* not ours, or its own */
    }
    includes++;
    int from = layer_of(file);
    if (from >= 0 && from < to) {
        complain(file, included, "upward");
    }
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        bool own = starts(file, never[i].to); /* a room may include itself */
        if (starts(file, never[i].from) && starts(included, never[i].to) && !own) {
            complain(file, included, "an arrow that must never exist");
        }
    }
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    const char *name = path + strlen(MICO_SOURCE_DIR) + 1;
    size_t len = strlen(path);
    if (type != FTW_F || len < 2 || (strcmp(path + len - 2, ".c") != 0 && strcmp(path + len - 2, ".h") != 0) ||
        layer_of(name) < 0 || is_test(name)) {
        return 0;
    }
    FILE *f = fopen(path, "r");
    char line[512], included[256];
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        if (sscanf(line, " #include \"%255[^\"]\"", included) == 1) {
            check(name, included);
        }
    }
    if (f != NULL) {
        fclose(f);
    }
    return 0;
}

static void no_source_includes_what_lies_above_it(void **state)
{
    nftw(MICO_SOURCE_DIR, visit, 32, FTW_PHYS);
    assert_true(includes > 100); /* the walk did see the house */
    if (wrong[0] != '\0') {
        fail_msg("arrows that docs/ARCHITECTURE.md forbids:\n%s", wrong);
    }
}

/* The checker itself: it must find a wrong arrow when there is one. */
static void the_check_finds_a_wrong_arrow(void **state)
{
    wrong[0] = '\0';
    check("base/bytes.c", "os/port/clock.h");
    assert_non_null(strstr(wrong, "upward"));
    wrong[0] = '\0';
    check("pairing/session.c", "crypto/primitives/primitives.h");
    assert_non_null(strstr(wrong, "never exist"));
    wrong[0] = '\0';
    check("pairing/session.c", "base/bytes.h");
    assert_string_equal(wrong, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_check_finds_a_wrong_arrow),
        cmocka_unit_test(no_source_includes_what_lies_above_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the documents name exists: every relative link, and every ./mico command that they show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <ftw.h>
#include <unistd.h>

static char wrong[8192], help[8192];
static int documents, links, commands;

static void complain(const char *file, const char *what, const char *name)
{
    size_t used = strlen(wrong);
    snprintf(wrong + used, sizeof wrong - used, "  %s: %s: %s\n", file, what, name);
}

/* [text](target): a relative target must exist, beside the document. */
static void check_links(const char *file, const char *line)
{
    for (const char *at = strstr(line, "]("); at != NULL; at = strstr(at + 1, "](")) {
        char target[512], path[1200];
        if (sscanf(at, "](%511[^)#])", target) != 1 || strstr(target, "://") != NULL) {
            continue;
        }
        links++;
        const char *slash = strrchr(file, '/');
        snprintf(path, sizeof path, "%.*s/%s", (int)(slash - file), file, target);
        if (access(path, F_OK) != 0) {
            complain(file, "links to what is not there", target);
        }
    }
}

/* ./mico WORD: WORD must be in ./mico help. */
static void check_commands(const char *file, const char *line)
{
    for (const char *at = strstr(line, "./mico "); at != NULL; at = strstr(at + 1, "./mico ")) {
        char word[64], entry[80];
        if (sscanf(at, "./mico %63[a-z]", word) != 1) {
            continue;
        }
        commands++;
        snprintf(entry, sizeof entry, "\n  %s ", word);
        if (strstr(help, entry) == NULL) {
            complain(file, "shows a command that ./mico help does not know", word);
        }
    }
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    const char *name = path + ftw->base;
    if (type == FTW_D && (strcmp(name, "build") == 0 || strcmp(name, "node_modules") == 0 || name[0] == '.') &&
        ftw->level > 0) {
        return FTW_SKIP_SUBTREE;
    }
    size_t len = strlen(name);
    if (type != FTW_F || len < 3 || strcmp(name + len - 3, ".md") != 0) {
        return 0;
    }
    FILE *f = fopen(path, "r");
    char line[4096];
    assert_non_null(f);
    documents++;
    while (fgets(line, sizeof line, f) != NULL) {
        check_links(path, line);
        check_commands(path, line);
    }
    fclose(f);
    return 0;
}

static void documents_name_only_what_exists(void **state)
{
    FILE *pipe = popen("'" MICO_SOURCE_DIR "/mico' help", "r");
    assert_non_null(pipe);
    size_t len = fread(help, 1, sizeof help - 1, pipe);
    help[len] = '\0';
    assert_int_equal(pclose(pipe), 0);
    nftw(MICO_SOURCE_DIR, visit, 32, FTW_PHYS | FTW_ACTIONRETVAL);
    assert_true(documents > 10 && links > 10 && commands > 10); /* it did see them */
    if (wrong[0] != '\0') {
        fail_msg("\n%s", wrong);
    }
}

static void the_check_finds_a_dead_link_and_a_wrong_command(void **state)
{
    snprintf(help, sizeof help, "\n  demo  \n");
    check_links("/tmp/x.md", "see [it](nowhere/at-all.md)");
    check_commands("/tmp/x.md", "run ./mico dmeo");
    assert_non_null(strstr(wrong, "nowhere/at-all.md"));
    assert_non_null(strstr(wrong, "dmeo"));
    wrong[0] = '\0';
    check_commands("/tmp/x.md", "run ./mico demo");
    assert_string_equal(wrong, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_check_finds_a_dead_link_and_a_wrong_command),
        cmocka_unit_test(documents_name_only_what_exists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* docs/KEYS.md, as a reader types it: each block of commands, in one shell, in an empty folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define PAGE MICO_SOURCE_DIR "/docs/KEYS.md"
#define BLOCKS 10 /* that the page has */

static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    close(fd);
    return ntohs(address.sin_port);
}

/* The commands into a script that stops at the first that fails, names it, and leaves no program behind. A line that begins with
 * "!" must fail, which the shell's own rules would let pass. */
static int write_script(void)
{
    char line[1000];
    int blocks = 0, inside = 0;
    FILE *page = fopen(PAGE, "r"), *script = fopen("guide.sh", "w");
    assert_non_null(page);
    assert_non_null(script);
    fputs("set -eux\ntrap 'kill $(cat server.pid token/pid) 2>/dev/null || true' EXIT\n", script);
    while (fgets(line, sizeof line, page) != NULL) {
        if (strncmp(line, "```", 3) == 0) {
            inside = !inside && strcmp(line, "```sh\n") == 0;
            blocks += inside;
        } else if (inside && line[0] == '!') {
            line[strcspn(line, "\n")] = '\0';
            fprintf(script, "if %s; then exit 1; fi\n", line + 1);
        } else if (inside) {
            fputs(line, script);
        }
    }
    fclose(page);
    fclose(script);
    return blocks;
}

static void every_command_of_the_guide_holds(void **state)
{
    char folder[] = "/tmp/mico-guide-XXXXXX", port[8], said[900], clean[100];
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(write_script(), BLOCKS);
    snprintf(port, sizeof port, "%u", free_port());
    setenv("PORT", port, 1);
    setenv("MICO", MICO_SOURCE_DIR, 1);
    if (system("bash -o pipefail guide.sh > said.txt 2>&1 < /dev/null") != 0) {
        FILE *f = fopen("said.txt", "r");
        assert_non_null(f);
        fseek(f, 0, SEEK_END);
        long size = ftell(f), from = size > (long)sizeof said - 1 ? size - (long)sizeof said + 1 : 0;
        fseek(f, from, SEEK_SET);
        said[fread(said, 1, sizeof said - 1, f)] = '\0';
        fclose(f);
        fail_msg("a command of %s failed:\n%s", PAGE, said);
    }
    assert_int_equal(chdir("/"), 0);
    snprintf(clean, sizeof clean, "rm -r %s", folder);
    assert_int_equal(system(clean), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_command_of_the_guide_holds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

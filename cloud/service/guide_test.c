/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of this room's README, as a reader types them: beside a station's folder with one device, in one shell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cloud/service/test_net.h"

#define PAGE MICO_SOURCE_DIR "/cloud/service/README.md"
#define COMMANDS 10 /* that the page has */

/* What a reader has already: a station, and a device that it made. */
static const char before[] =
    "set -eux\n"
    "export PATH=$(dirname " MICO_STATION "):$(dirname " MICO_CLOUD_PROGRAM "):/usr/sbin:/usr/bin:/sbin:/bin\n"
    "trap 'kill $(jobs -p) || true' EXIT\n"
    "up() { until (exec 3<>/dev/tcp/127.0.0.1/$1) 2>/dev/null; do sleep 0.05; done; }\n"
    "mico-station init --dir factory --maker 'Example Lights'\n" MSCPD
    " --flash chip.bin --listen chip.sock --survive process &\n"
    "until [ -S chip.sock ]; do sleep 0.05; done\n"
    "mico-station make --dir factory --link chip.sock --flash device-flash.bin --json >made.json\n"
    "ID=$(grep -o '[0-9A-F:]\\{17\\}' made.json | head -n 1)\n"
    "echo 'correct horse' >alice.txt\n"
    "cp " MICO_BROKER_PLUGIN " mico_broker.so\n";

/* Of each number or name on the page, what it is here. */
static struct {
    const char *there;
    char here[16];
} words[] = {{"8883", ""}, {"8884", ""}, {"8443", ""}, {"A1:B2:C3:D4:E5:F6", "$ID"}};

static void put(FILE *script, const char *command)
{
    while (*command) {
        size_t i = 0;
        while (i < sizeof words / sizeof *words && strncmp(command, words[i].there, strlen(words[i].there)) != 0) {
            i++;
        }
        if (i < sizeof words / sizeof *words) {
            fputs(words[i].here, script);
            command += strlen(words[i].there);
        } else {
            fputc(*command++, script);
        }
    }
}

/* One command; what a reader sees or waits for is a condition of it. */
static void put_command(FILE *script, const char *command)
{
    put(script, command);
    if (strncmp(command, "curl ", 5) == 0) {
        fputs(" | grep \"$ID\"", script);
    } else if (strncmp(command, "mosquitto_sub ", 14) == 0) {
        fputs(" -E -W 20", script); /* until it is subscribed, where a reader goes on to look */
    } else if (command[strlen(command) - 1] == '&') {
        fprintf(script, "\nup %s", strncmp(command, "mosquitto ", 10) == 0 ? words[0].here : words[2].here);
    }
    fputc('\n', script);
}

static int write_script(void)
{
    char line[1000], command[2000] = "";
    int commands = 0;
    FILE *page = fopen(PAGE, "r"), *script = fopen("guide.sh", "w");
    assert_non_null(page);
    assert_non_null(script);
    fputs(before, script);
    while (fgets(line, sizeof line, page) != NULL) {
        size_t len = strcspn(line, "\n"), used = strlen(command);
        bool goes_on = len > 0 && line[len - 1] == '\\';
        line[goes_on ? len - 1 : len] = '\0';
        if (strncmp(line, "    ", 4) == 0) {
            snprintf(command + used, sizeof command - used, "%s", line + 4);
        }
        if (command[0] && !goes_on) {
            put_command(script, command);
            command[0] = '\0';
            commands++;
        }
    }
    fclose(page);
    fclose(script);
    return commands;
}

static void every_command_of_the_readme_holds(void **state)
{
    static char said[65536];
    char folder[] = "/tmp/mico-cloud-guide-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    for (size_t i = 0; i < 3; i++) {
        snprintf(words[i].here, sizeof words[i].here, "%u", test_free_port());
    }
    assert_int_equal(write_script(), COMMANDS);
    if (test_run(said, sizeof said, "bash -o pipefail guide.sh </dev/null") != 0) {
        size_t len = strlen(said);
        fail_msg("a command of %s failed:\n%s", PAGE, len > 2000 ? said + len - 2000 : said);
    }
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(test_run(said, sizeof said, "rm -r %s", folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_command_of_the_readme_holds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

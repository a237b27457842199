/* SPDX-License-Identifier: Apache-2.0 */
/* MiCoder, the tool behind ./mico: a table of commands. */
#include "micoder/commands.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "micoder/chip_cmd.h"
#include "micoder/crash_cmd.h"
#include "micoder/image_cmd.h"

/* The folder `up` levels above this program, which is TOP/build/PRESET/micoder/micoder. */
static void above(int up, char out[PATH_MAX])
{
    ssize_t len = readlink("/proc/self/exe", out, PATH_MAX - 1);
    if (len <= 0) {
        fprintf(stderr, "error: /proc is not mounted, so the tool cannot find its folder\n");
        exit(2);
    }
    out[len] = '\0';
    for (int i = 0; i < up; i++) {
        char *slash = strrchr(out, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
    }
}

const char *mico_top(void)
{
    static char top[PATH_MAX];
    if (top[0] == '\0') {
        above(4, top);
    }
    return top;
}

const char *mico_build(void)
{
    static char build[PATH_MAX];
    if (build[0] == '\0') {
        above(2, build);
    }
    return build;
}

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"demo", mico_demo_command, "live a device's whole life on emulated boards"},
    {"test", mico_test_command, "run every test"},
    {"bench", mico_bench_command, "measure sizes and times"},
    {"crash", mico_crash_command, "say what a crash has left"},
    {"image", mico_image_command, "make, show and verify firmware images"},
    {"chip", mico_chip_command, "ask, provision, lock and believe a security coprocessor"},
};

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(name, commands[i].name) == 0) {
            int status = commands[i].run(argc - 1, argv + 1);
            if (status == 0 && (fflush(stdout) != 0 || ferror(stdout))) {
                fprintf(stderr, "error: the answer cannot be written\n  try: see where the output goes\n");
                status = 1;
            }
            return status;
        }
    }
    fprintf(stderr, "error: no command '%s'\n  try: ./mico help\n", name);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        fprintf(stderr, "  %-8s %s\n", commands[i].name, commands[i].summary);
    }
    return 2;
}

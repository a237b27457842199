/* SPDX-License-Identifier: Apache-2.0 */
/* An example on the emulated board; see test_run.h. */
#include "apps/examples/test_run.h"

#include <stdio.h>
#include <string.h>

#include "tests/boards/emulator.h"

#define PATIENCE_MS 20000

static struct emulator board;

void run_start(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "../../apps/examples/example_%s", name);
    emulator_start(&board, path, "/dev/urandom");
}

const char *run_line(void)
{
    static char line[512];
    const char *text = emulator_expect(&board, "] ", PATIENCE_MS);
    size_t len = strcspn(text, "\r\n");
    len = len < sizeof line - 1 ? len : sizeof line - 1;
    memcpy(line, text, len);
    line[len] = '\0';
    return line;
}

void run_type(const char *line)
{
    emulator_type(&board, line);
}

void run_expect(const char *text)
{
    (void)emulator_expect(&board, text, PATIENCE_MS);
}

int run_connect(void)
{
    return emulator_connect(&board);
}

int run_connect_udp(void)
{
    return emulator_connect_udp(&board);
}

void run_stop(void)
{
    emulator_stop(&board);
}

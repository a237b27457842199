/* SPDX-License-Identifier: Apache-2.0 */
/* An example on the emulated board; see test_run.h. */
#include "apps/examples/test_run.h"

#include <stdio.h>
#include <string.h>

#include "tests/boards/emulator.h"
#include "tests/boards/wire.h"

#define PATIENCE_MS 20000

static struct emulator board;

void run_start(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "../../apps/examples/example_%s", name);
    emulator_start(&board, path, "/dev/urandom");
}

static int wire = -1;

void run_start_wired(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "../../apps/examples/example_%s", name);
    emulator_start_wired(&board, path, "/dev/urandom", &wire);
}

size_t run_mdns(const uint8_t *query, size_t len, uint8_t *answer, size_t cap)
{
    static const uint8_t group[4] = {224, 0, 0, 251};
    wire_send(wire, 5353, group, 5353, query, len);
    for (;;) {
        size_t got = wire_receive(wire, group, 5353, answer, cap, 1000);
        if (got == 0 || (got > 2 && (answer[2] & 0x80) != 0)) {
            return got;
        }
    }
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

uint16_t run_port(void)
{
    return board.port;
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

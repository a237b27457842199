/* SPDX-License-Identifier: Apache-2.0 */
/* GDB's remote serial protocol, as far as it takes; see debugger.h. A packet is $text#sum, and is answered by + at once. */
#include "tests/boards/debugger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"

#define MOST 1024u /* bytes of memory a packet */
#define PATIENCE_S 20

static char next(int fd)
{
    char byte;
    if (read(fd, &byte, 1) != 1) {
        fail_msg("the emulator's debugger does not answer");
    }
    return byte;
}

/* A packet that comes, in a text that the next one overwrites. */
static const char *hear(int fd)
{
    static char packet[2 * MOST + 64];
    size_t len = 0;
    while (next(fd) != '$') { /* the + for what we said */
    }
    for (char byte = next(fd); byte != '#'; byte = next(fd)) {
        assert_true(len < sizeof packet - 1);
        packet[len++] = byte;
    }
    packet[len] = '\0';
    (void)next(fd), (void)next(fd); /* a socket loses nothing: the sum is right */
    assert_int_equal(write(fd, "+", 1), 1);
    return packet;
}

/* The answer to command; that the board has stopped (T) it also says by itself. */
static const char *ask(int fd, const char *command)
{
    char packet[2 * MOST + 64];
    uint8_t sum = 0;
    for (const char *at = command; *at != '\0'; at++) {
        sum = (uint8_t)(sum + (uint8_t)*at);
    }
    int len = snprintf(packet, sizeof packet, "$%s#%02x", command, sum);
    assert_int_equal(write(fd, packet, (size_t)len), len);
    const char *answer = hear(fd);
    while (answer[0] == 'T' && command[0] != '?') {
        answer = hear(fd);
    }
    return answer;
}

int debugger_open(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct timeval limit = {PATIENCE_S, 0};
    assert_true(strlen(path) < sizeof at.sun_path);
    strcpy(at.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    assert_true(ask(fd, "?")[0] == 'T'); /* it has stopped */
    return fd;
}

void debugger_close(int fd)
{
    assert_string_equal(ask(fd, "D"), "OK");
    close(fd);
}

void debugger_read(int fd, uint32_t address, uint8_t *out, size_t len)
{
    char command[32];
    assert_true(len <= MOST);
    snprintf(command, sizeof command, "m%x,%zx", (unsigned)address, len);
    const char *answer = ask(fd, command);
    if (strlen(answer) != 2 * len || mico_unhex(answer, out, len) != MICO_OK) {
        fail_msg("the emulator's debugger does not read %zu bytes at 0x%x: %s", len, (unsigned)address, answer);
    }
}

void debugger_write(int fd, uint32_t address, const uint8_t *in, size_t len)
{
    char command[2 * MOST + 32];
    assert_true(len <= MOST);
    int head = snprintf(command, sizeof command, "M%x,%zx:", (unsigned)address, len);
    mico_hex(in, len, command + head);
    assert_string_equal(ask(fd, command), "OK");
}

uint32_t debugger_symbol(const char *elf, const char *name, uint32_t *size)
{
    char command[640], line[256], its_name[160];
    unsigned long address = 0, its_size = 0;
    bool found = false;
    size_t len = strlen(name);
    snprintf(command, sizeof command, "arm-none-eabi-nm -S '%s'", elf);
    FILE *nm = popen(command, "r");
    assert_non_null(nm);
    while (!found && fgets(line, sizeof line, nm) != NULL) {
        found = sscanf(line, "%lx %lx %*c %159s", &address, &its_size, its_name) == 3 &&
                strncmp(its_name, name, len) == 0 && (its_name[len] == '\0' || its_name[len] == '.');
    }
    pclose(nm);
    if (!found) {
        fail_msg("%s has no %s", elf, name);
    }
    *size = (uint32_t)its_size;
    return (uint32_t)address;
}

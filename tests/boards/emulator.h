/* SPDX-License-Identifier: Apache-2.0 */
/* A board in QEMU, as a test sees it: a console to type on and read from, the link's other end, a TCP port.
 *
 * Every call that goes wrong fails the running cmocka test with a sentence. The emulator dies with the test program. */
#ifndef TESTS_BOARDS_EMULATOR_H
#define TESTS_BOARDS_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define EMULATOR_TEXT_MAX 65536u

struct emulator {
    char dir[64];       /* its flash, sockets and pipes; kept over emulator_restart */
    char firmware[512]; /* the ELF file that starts */
    char second[512];   /* the binary of one that is in memory beside it, or "" */
    bool wired;         /* its Ethernet has another end beside the emulated network */
    pid_t pid;
    int type_fd, read_fd;
    uint16_t port; /* of 127.0.0.1, leads to the board's port 80, of TCP and UDP */
    size_t len, seen;
    char text[EMULATOR_TEXT_MAX + 1]; /* what the console said; up to seen it has been matched */
};

#define EMULATOR_APPLICATION 0x40400u /* where applications begin, on every board */

/** The board that this run of the test is for: MICO_TEST_BOARD, or mps2-an386. mico_board_test (cmake) runs a test once for
 * each. */
const char *emulator_board(void);

/** The file name (a path in the build) of that board's build: MICO_BOARD_BUILD, or build/BOARD in the source tree. */
void emulator_firmware(char path[512], const char *name);

/** Start the firmware called name of tests/boards in the board's build, with fresh flash and entropy from the file entropy
 * (NULL: from nowhere). */
void emulator_start(struct emulator *e, const char *name, const char *entropy);

/** The same, with a firmware of the test's own: an ELF file at path. */
void emulator_start_file(struct emulator *e, const char *path, const char *entropy);

/** The same as emulator_start, with a second firmware, an application, in memory at EMULATOR_APPLICATION, that the first may start. */
void emulator_start_two(struct emulator *e, const char *name, const char *second, const char *entropy);

/** The same as emulator_start; the frames that the board sends, and what it shall receive, also go through *wire, a datagram
 * socket (wire.h). */
void emulator_start_wired(struct emulator *e, const char *name, const char *entropy, int *wire);

/** Kill it as a power cut would, and start again with the same flash. */
void emulator_restart(struct emulator *e);

void emulator_stop(struct emulator *e);

/** Type line and Enter on the console. */
void emulator_type(struct emulator *e, const char *line);

/** Wait until the console says text after what was matched last; what follows text, valid until the next call. */
const char *emulator_expect(struct emulator *e, const char *text, int timeout_ms);

/** Wait until the console says one of the texts: which one, and nothing fails when it says none, which is -1. */
int emulator_hear(struct emulator *e, const char *const texts[], size_t count, int timeout_ms);

/** What its memory has from address on, len bytes, as the processor sees it, read through the emulator's monitor while it runs. */
void emulator_memory(const struct emulator *e, uint32_t address, uint8_t *out, size_t len);

/** Connected sockets: the link's other end, and the board's port 80. They time out after 90 s. */
int emulator_link(const struct emulator *e);
int emulator_connect(const struct emulator *e);
/** The same over UDP. */
int emulator_connect_udp(const struct emulator *e);

/** A listener on a free port of 127.0.0.1, for connections from the board to 10.0.2.2. */
int emulator_host_listener(uint16_t *port);

/** Processor time of the host that it has used. */
long emulator_cpu_ms(const struct emulator *e);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a Linux process gives its posix board: a flash file, the chip's socket, a TCP port. */
#ifndef OS_BOARDS_POSIX_POSIX_H
#define OS_BOARDS_POSIX_POSIX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "os/port/flash.h"

#define MICO_POSIX_FLASH_SIZE 0x1000000u /* 16 MiB, sectors of 4 KiB, programmed by the byte */

struct mico_posix_flash {
    struct mico_flash flash; /* use this */
    uint8_t *memory;         /* the mapped file */
    int fd;
};

/** Open a flash file of any multiple of 4 KiB; created erased, MICO_POSIX_FLASH_SIZE long, when absent. Programs clear
 * bits, erasing sets them; what an operation wrote is in the file when it returns, and on disk after mico_posix_flash_sync.
 * MICO_ERR_IO, MICO_ERR_SIZE (the file's length); errno says more. */
MICO_MUST_USE mico_err mico_posix_flash_open(struct mico_posix_flash *flash, const char *path);
MICO_MUST_USE mico_err mico_posix_flash_sync(const struct mico_posix_flash *flash);
void mico_posix_flash_close(struct mico_posix_flash *flash);

/** Make the file at path the board's own flash (mico_board_flash). Exits with a message when it cannot. */
void mico_posix_board_flash(const char *path);

/** Join MICO_UART_LINK to a connected stream socket. */
void mico_posix_board_link(int fd);

/** Connect MICO_UART_LINK to the Unix socket at path; exits with a message when nobody listens there within 5 s. */
void mico_posix_board_connect(const char *path);

/** The options every application takes: --flash FILE, --link SOCKET, --port N, --address A.B.C.D, --crash FILE (where a crash
 * leaves its record). Crashes are reported from now on. Exits with a usage line on others. */
void mico_posix_board_options(int argc, char **argv);

/** mico_board_reset without flushing the C library's files: allowed in a signal's handler. */
_Noreturn void mico_posix_restart(void);

/** The TCP port that stands for a device's port 80: --port, else 0. */
uint16_t mico_posix_port(void);

/** The address of the host that is the device's: --address, else 127.0.0.1, so that nothing listens to the outside
 * unasked. Most significant byte first. */
void mico_posix_address(uint8_t out[4]);

/* ---- for tests ---- */

/** From now on the clock stands still, except that waiting while nothing is ready moves it to the end of the wait: runs
 * take no time and are alike. */
void mico_posix_clock_hold(void);
void mico_posix_clock_move(uint32_t by_ms);
bool mico_posix_clock_held(void);

/** Press or release a button. In os_context_posix's programs only: whoever watches it is called as an interrupt. */
void mico_posix_press(unsigned button, bool pressed);

/** Choose by seed, from now on, where interrupts come: at any kernel call that allows them, and at every mico_posix_point, some
 * ticks may pass or the interrupt below may happen. The clock is held. The same seed gives the same order of all threads.
 * In os_context_posix, like the next three. */
void mico_posix_seed(uint64_t seed);
void mico_posix_seed_interrupt(void (*handler)(void *arg), void *arg);

/** Here, too, an interrupt may come. (Compiled with -fsanitize-coverage=trace-pc, a program calls it everywhere through
 * __sanitizer_cov_trace_pc.) */
void mico_posix_point(void);

/** A hash of which thread ran when, since mico_posix_seed: equal for equal runs. */
uint64_t mico_posix_trace(void);

/** Run handler(arg) as an interrupt of the calling thread, then the switch that it asked for. In os_context_posix. */
void mico_posix_interrupt(void (*handler)(void *arg), void *arg);

#endif

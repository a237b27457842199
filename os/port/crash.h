/* SPDX-License-Identifier: Apache-2.0 */
/* Crashes: what a board does when a program cannot go on. It writes a record (os/crash/report.h) where a reset does not reach
 * it, says the same on its console, and halts or starts again. */
#ifndef OS_PORT_CRASH_H
#define OS_PORT_CRASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The record of the last crash, at most cap bytes of it copied to out; how many, 0 when there is none. It is whatever memory
 * holds: mico_crash_decode says whether it is whole. Boards keep it in RAM that start-up leaves alone, which outlives a reset, and
 * those of an application also in the last sector of the flash (os/crash/kept.h), which outlives the loss of power; posix in the
 * file given with --crash. */
size_t mico_board_crash_record(uint8_t *out, size_t cap);

/** Forget it. */
void mico_board_crash_clear(void);

/** After a crash, start again from reset instead of halting (the default). */
void mico_board_crash_resets(bool resets);

/** The program broke a rule, what says which: record that and stop. */
_Noreturn void mico_board_panic(const char *what);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The firmware crash.c on one kind of board, as crash_test.c sees it: crash_posix.c or crash_board.c. */
#ifndef TESTS_BOARDS_CRASH_RUN_H
#define TESTS_BOARDS_CRASH_RUN_H

#include "os/crash/report.h"

/** Start it anew, without memory of a crash; and end it. */
void run_start(void);
void run_stop(void);

/** Cut its power and start it again, with what it has kept. */
void run_cut_power(void);

/** The flash that it keeps records in, as a file: empty on posix, whose file is that of --crash. */
void run_flash(char path[128]);

/** Give it one letter. */
void run_letter(char letter);

/** Wait until it says text after what was matched last; what follows text. */
const char *run_expect(const char *text);

/** The record of the last crash, as it leaves the board: read as a file or from the console. */
void run_record(struct mico_crash *crash);

/** The program, with its symbols. */
void run_elf(char path[512]);

/** "posix", ... */
const char *run_board(void);

#endif

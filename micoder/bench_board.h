/* SPDX-License-Identifier: Apache-2.0 */
/* Benches that run on a board in the emulator, with instructions counted. */
#ifndef MICODER_BENCH_BOARD_H
#define MICODER_BENCH_BOARD_H

#include "micoder/bench.h"

#define MICO_BENCH_INSTRUCTIONS_PER_US (1000.0 / 64) /* -icount shift=6: 64 ns each */

/** Start machine (mps2-an386, mps2-an505) with the firmware elf of its build, and give each line of its console that has a
 * blank to take, until one says `done`. False when take said so, or the board fell silent (and says it, on stderr). */
bool mico_bench_board(const char *machine, const char *elf, bool (*take)(struct rows *rows, const char *line),
                      struct rows *rows);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the firmware bench_crypto_board share. */
#ifndef BENCH_CRYPTO_BOARD_H
#define BENCH_CRYPTO_BOARD_H

#include <stdbool.h>

/* One line on the console: what run takes, done so many times. What failed, by then, says so in its place. */
void board_count(const char *name, unsigned times, void (*run)(void));
void board_failed(void);

/* board_psa.c: what goes through PSA. */
void board_count_psa(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the two files of crypto_bench share. */
#ifndef BENCH_CRYPTO_CRYPTO_BENCH_H
#define BENCH_CRYPTO_CRYPTO_BENCH_H

#include <stdbool.h>
#include <stddef.h>

struct crypto_pair {
    const char *name;
    void (*ours)(void), (*theirs)(void);
};

/* A measurement of what did not happen is worse than none: ends the program. */
void must(bool done);

/* bench_numbers.c: NIST's curves, RSA and SRP. start before, stop after. */
void bench_numbers_start(void);
void bench_numbers_stop(void);
extern const struct crypto_pair bench_numbers[];
extern const size_t bench_numbers_count;

#endif

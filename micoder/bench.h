/* SPDX-License-Identifier: Apache-2.0 */
/* The benches of `./mico bench`: each fills rows, and says false when it could not measure (and why, on stderr). */
#ifndef MICODER_BENCH_H
#define MICODER_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include "micoder/report.h"

#define MICO_BENCH_ROWS_MAX 256

struct rows {
    struct mico_bench_row row[MICO_BENCH_ROWS_MAX];
    size_t count;
    const char *note; /* printed under the table for people, or NULL */
};

/** One more row, without peer and bound, named by format with name. Too many abort. */
struct mico_bench_row *mico_bench_add(struct rows *rows, double value, const char *unit, const char *format,
                                      const char *name);

bool mico_bench_kernel(struct rows *rows);
bool mico_bench_mscp(struct rows *rows);
bool mico_bench_chip(struct rows *rows); /* a part of it: the emulated chip */
bool mico_bench_crypto(struct rows *rows);
bool mico_bench_psa_sizes(struct rows *rows);
bool mico_bench_tls_size(struct rows *rows);

#endif

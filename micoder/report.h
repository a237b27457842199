/* SPDX-License-Identifier: Apache-2.0 */
/* What the tool tells people and programs: the demo's steps and attacks, and the rows of a bench. */
#ifndef MICODER_REPORT_H
#define MICODER_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#define MICO_REPORT_MAX 24

struct mico_step {
    char name[32];
    bool ok;
    double seconds;
    char proof[320];
};

struct mico_attack {
    char name[64];
    bool refused;
    char why[320];
};

struct mico_report {
    struct mico_step steps[MICO_REPORT_MAX];
    size_t step_count;
    struct mico_attack attacks[MICO_REPORT_MAX];
    size_t attack_count;
    bool quiet; /* nothing on stdout until the end: --json */
};

/** Note a step or an attack and print its line. */
void mico_report_step(struct mico_report *report, const char *name, bool ok, double seconds, const char *proof);
void mico_report_attack(struct mico_report *report, const char *name, bool refused, const char *why);

/** True when every step held and every attack was refused, and there is at least one of each. */
bool mico_report_held(const struct mico_report *report);

/** The closing table, on stdout. */
void mico_report_table(const struct mico_report *report);
/** {"steps":[{"name","ok","seconds","proof"}],"attacks":[{"name","refused","why"}]} on stdout. */
void mico_report_json(const struct mico_report *report);

/* One figure of a bench; peer is NULL where there is none, bound negative where there is none. */
struct mico_bench_row {
    char name[64];
    double value;
    char unit[16];
    const char *peer;
    double peer_value;
    double bound; /* value may not be above it */
};

/** True when the row has no bound or keeps it. */
bool mico_bench_ok(const struct mico_bench_row *row);
/** A table, or {"bench","rows":[{"name","value","unit","peer","peer_value","ratio","bound","ok"}]}, on stdout. */
void mico_bench_print(const char *bench, const struct mico_bench_row *rows, size_t count, bool json);

#endif

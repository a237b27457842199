/* SPDX-License-Identifier: Apache-2.0 */
/* `./mico bench crypto`: our primitives beside OpenSSL's, measured turn by turn by bench/crypto. A bound is OpenSSL's time
 * divided by how many times faster the specification wants ours, where it says so; PSA's peer is the primitive under it,
 * which it may cost 3 % of for 1 KiB, and 1 us more for a call. */
#include "micoder/bench_board.h"

#include <stdio.h>
#include <string.h>

#include "micoder/commands.h"
#include "micoder/process.h"

static const struct {
    const char *name;
    double faster; /* 0: no bound */
    const char *peer;
    double more_us;
} wanted[] = {
    {"ed25519-sign", 3, "OpenSSL", 0},
    {"ed25519-verify", 2, "OpenSSL", 0},
    {"x25519", 1.1, "OpenSSL", 0},
    {"sha256-16k", 0.95, "OpenSSL", 0},
    {"aes128gcm-16k", 1.2, "OpenSSL", 0},
    {"psa-sha256-1k", 1 / 1.03, "primitive", 0},
    {"psa-chachapoly-1k", 1 / 1.03, "primitive", 0},
    {"psa-call", 1, "primitive", 1},
    {"p256-sign", 0, "OpenSSL", 0},
    {"p256-verify", 0, "OpenSSL", 0},
    {"p256-agree", 0, "OpenSSL", 0},
    {"p384-sign", 0, "OpenSSL", 0},
    {"p384-verify", 0, "OpenSSL", 0},
    {"rsa2048-sign", 0, "OpenSSL", 0},
    {"rsa2048-verify", 0, "OpenSSL", 0},
    {"srp3072-server", 0.95, "OpenSSL", 0},
    {"self-tests", 0, NULL, 0},
    {"self-tests: integrity", 0, NULL, 0},
};
#define WANTED (sizeof wanted / sizeof wanted[0])

static bool add(struct rows *rows, const char *name, double ours, double theirs)
{
    for (size_t i = 0; i < WANTED; i++) {
        if (strcmp(wanted[i].name, name) == 0) {
            struct mico_bench_row *row = mico_bench_add(rows, ours / 1000, "us", "%s", name);
            if (wanted[i].peer == NULL) {
                return true;
            }
            row->peer = wanted[i].peer;
            row->peer_value = theirs / 1000;
            row->bound = wanted[i].faster > 0 ? theirs / 1000 / wanted[i].faster + wanted[i].more_us : -1;
            return true;
        }
    }
    fprintf(stderr, "error: crypto_bench measured '%s', which this bench does not know\n", name);
    return false;
}

/* `count NAME US TIMES` of bench/crypto/board.c. */
static const char *core;
static bool take_count(struct rows *rows, const char *line)
{
    char name[64], full[96];
    unsigned long us, times;
    if (sscanf(line, "count %63s %lu %lu", name, &us, &times) == 3 && times > 0) {
        snprintf(full, sizeof full, "%s, %s", name, core);
        mico_bench_add(rows, (double)us * MICO_BENCH_INSTRUCTIONS_PER_US / (double)times, "instr", "%s", full);
    }
    return true; /* else the emulator's own words */
}

static bool count_on(struct rows *rows, const char *machine, const char *its_core)
{
    size_t before = rows->count;
    core = its_core;
    return mico_bench_board(machine, "bench/crypto/bench_crypto_board.elf", take_count, rows) && rows->count > before;
}

/* The self-tests of crypto/selftest/selftest_board.c: `NAME: STATUS, in US us` of each, in the end of all; `stack: BYTES bytes`. Those
 * that take less than this have one row together. */
#define OWN_ROW_INSTRUCTIONS 200000.0
static double rest;

static void add_selftest(struct rows *rows, const char *name, double us)
{
    char full[80];
    double instructions = us * MICO_BENCH_INSTRUCTIONS_PER_US;
    if (instructions < OWN_ROW_INSTRUCTIONS) {
        rest += instructions;
        return;
    }
    snprintf(full, sizeof full, "%s, %s", name, core);
    mico_bench_add(rows, instructions, "instr", "self-tests: %s", full);
}

static bool take_selftest(struct rows *rows, const char *line)
{
    char name[48];
    long status, started;
    unsigned long us, bytes;
    if (sscanf(line, "started: %ld, tested: %ld, in %lu us", &started, &status, &us) == 3) {
        mico_bench_add(rows, rest, "instr", "self-tests: the rest, %s", core);
        mico_bench_add(rows, (double)us * MICO_BENCH_INSTRUCTIONS_PER_US, "instr", "self-tests, %s", core);
        return started == 0 && status == 0;
    }
    if (sscanf(line, "stack: %lu bytes", &bytes) == 1) {
        mico_bench_add(rows, (double)bytes, "B", "self-tests: stack, %s", core);
    } else if (sscanf(line, "%47[^:]: %ld, in %lu us", name, &status, &us) == 3) {
        add_selftest(rows, name, (double)us);
    }
    return true;
}

static bool test_on(struct rows *rows, const char *machine, const char *its_core)
{
    size_t before = rows->count;
    core = its_core;
    rest = 0;
    return mico_bench_board(machine, "crypto/selftest/selftest_board.elf", take_selftest, rows) &&
           rows->count > before + 2;
}

/* How a process's memory falls together in the caches is chance, and stays so while it runs: several measure, and the best of
 * each side counts. */
#define PROCESSES 5
struct measured {
    char name[32];
    double ours, theirs;
};

static double least(double a, double b)
{
    return a < b ? a : b;
}

/* One process. It says the same names in the same order as those before. */
static bool measure(struct measured best[WANTED], bool first)
{
    char out[4096], log[1024];
    size_t count = 0;
    struct measured now;
    struct mico_args args = {.count = 0};
    mico_args_add(&args, "%s/build/host/bench/crypto/crypto_bench", mico_top());
    snprintf(log, sizeof log, "%s/build/bench-crypto.log", mico_top());
    if (mico_run(&args, log, 60000, out, sizeof out) != 0) {
        fprintf(stderr, "error: crypto_bench did not finish; its log is %s\n  try: ./mico build host\n", log);
        return false;
    }
    for (char *line = strtok(out, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (sscanf(line, "%31[^=]= %lf %lf", now.name, &now.ours, &now.theirs) == 3 && count < WANTED) {
            struct measured *one = &best[count++];
            one->ours = first ? now.ours : least(one->ours, now.ours);
            one->theirs = first ? now.theirs : least(one->theirs, now.theirs);
            memcpy(one->name, now.name, sizeof one->name);
        }
    }
    if (count != WANTED) {
        fprintf(stderr, "error: crypto_bench measured %zu of %zu things; its log is %s\n", count, WANTED, log);
    }
    return count == WANTED;
}

/* Beside OpenSSL, on this machine. */
static bool compare(struct rows *rows)
{
    struct measured best[WANTED];
    for (int n = 0; n < PROCESSES; n++) {
        fprintf(stderr, "mico: measuring our primitives and OpenSSL's, %d of %d\n", n + 1, PROCESSES);
        if (!measure(best, n == 0)) {
            return false;
        }
    }
    for (size_t i = 0; i < WANTED; i++) {
        if (!add(rows, best[i].name, best[i].ours, best[i].theirs)) {
            return false;
        }
    }
    return true;
}

bool mico_bench_crypto(struct rows *rows)
{
    return compare(rows) && count_on(rows, "mps2-an386", "Cortex-M4") && count_on(rows, "mps2-an505", "Cortex-M33") &&
           test_on(rows, "mps2-an386", "Cortex-M4") && test_on(rows, "mps2-an505", "Cortex-M33");
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Of `./mico bench mscp`: what each command costs the chip on the emulated board, by bench/mscp: instructions, bytes on the line,
 * round trips. */
#include "micoder/bench.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "micoder/commands.h"
#include "micoder/process.h"

#define INSTRUCTIONS_PER_US (1000.0 / 64) /* -icount shift=6: 64 ns each */
#define PATIENCE_MS 120000
#define FLASH_SIZE (16u << 20)
#define TRIPS_BOUND 4 /* 2 for the message of a login, 2 beyond it */

/* Erased flash, and the entropy's pipe. */
static bool make_board(const char *folder)
{
    char path[1100];
    uint8_t sector[4096];
    snprintf(path, sizeof path, "%s/rng.in", folder);
    bool good = symlink("/dev/urandom", path) == 0;
    snprintf(path, sizeof path, "%s/rng.out", folder);
    good = good && symlink("/dev/null", path) == 0;
    snprintf(path, sizeof path, "%s/flash.bin", folder);
    FILE *f = good ? fopen(path, "wb") : NULL;
    memset(sector, 0xFF, sizeof sector);
    for (unsigned at = 0; f != NULL && good && at < FLASH_SIZE; at += sizeof sector) {
        good = fwrite(sector, sizeof sector, 1, f) == 1;
    }
    return f != NULL && fclose(f) == 0 && good;
}

static struct mico_process *start_board(struct mico_processes *all, const char *folder, const char *log)
{
    struct mico_args args = {.count = 0};
    static const char *const words[] = {"qemu-system-arm",
                                        "-M",
                                        "mps2-an386,memory-backend=fl",
                                        "-icount",
                                        "shift=6",
                                        "-display",
                                        "none",
                                        "-monitor",
                                        "none",
                                        "-serial",
                                        "stdio",
                                        "-serial",
                                        "null",
                                        "-serial",
                                        "chardev:rng",
                                        "-net",
                                        "none"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        mico_args_add(&args, "%s", words[i]);
    }
    mico_args_add(&args, "-object");
    mico_args_add(&args, "memory-backend-file,id=fl,mem-path=%s/flash.bin,size=16M,share=on", folder);
    mico_args_add(&args, "-chardev");
    mico_args_add(&args, "pipe,id=rng,path=%s/rng", folder);
    mico_args_add(&args, "-kernel");
    mico_args_add(&args, "%s/build/mps2-an386/bench/mscp/bench_mscp.elf", mico_top());
    return mico_process_start(all, "chip", log, &args);
}

/* A login is what a device does each day: its trips and bytes have rows of their own. */
static void add_command(struct rows *rows, const char *name, unsigned long us, unsigned trips, unsigned bytes)
{
    mico_bench_add(rows, (double)us * INSTRUCTIONS_PER_US, "instr", "chip: %s", name);
    if (strcmp(name, "sign-tls-login") == 0) {
        mico_bench_add(rows, trips, "trips", "chip: %s, 2048 bytes signed", name)->bound = TRIPS_BOUND;
        mico_bench_add(rows, bytes, "bytes", "chip: %s, on the line both ways", name);
    }
}

static bool read_lines(struct mico_processes *all, struct mico_process *board, struct rows *rows)
{
    char line[256], name[32];
    unsigned long us;
    unsigned trips, bytes;
    while (mico_process_expect(all, board, " ", "done", PATIENCE_MS, line, sizeof line, NULL)) {
        if (strcmp(line, "done") == 0) {
            return true;
        }
        if (sscanf(line, "command %31s %lu %u %u", name, &us, &trips, &bytes) == 4) {
            add_command(rows, name, us, trips, bytes);
        } else if (strncmp(line, "failed ", 7) == 0) {
            fprintf(stderr, "error: on the emulated chip %s\n", line);
            return false;
        } /* else: the emulator's own words */
    }
    return false;
}

bool mico_bench_chip(struct rows *rows)
{
    static struct mico_processes all;
    char folder[] = "/tmp/mico-bench-chip-XXXXXX", log[1100], pids[1100], clean[1100];
    if (mkdtemp(folder) == NULL || !make_board(folder)) {
        fprintf(stderr, "error: cannot make the emulated chip's flash in %s\n", folder);
        return false;
    }
    snprintf(log, sizeof log, "%s/log", folder);
    snprintf(pids, sizeof pids, "%s/pids", folder);
    mico_processes_open(&all, pids);
    struct mico_process *board = start_board(&all, folder, log);
    bool good = board != NULL && read_lines(&all, board, rows);
    mico_processes_stop_all(&all);
    if (!good) {
        fprintf(
            stderr,
            "error: the chip's commands did not all run; the board's words are in %s\n  try: ./mico build mps2-an386\n",
            log);
        return false;
    }
    snprintf(clean, sizeof clean, "rm -rf %s", folder);
    return system(clean) == 0;
}

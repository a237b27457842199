/* SPDX-License-Identifier: Apache-2.0 */
#include "micoder/bench_board.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "micoder/commands.h"
#include "micoder/process.h"

#define PATIENCE_MS 120000

static bool read_lines(struct mico_processes *all, struct mico_process *board,
                       bool (*take)(struct rows *rows, const char *line), struct rows *rows)
{
    char line[256];
    while (mico_process_expect(all, board, " ", "done", PATIENCE_MS, line, sizeof line, NULL)) {
        if (strcmp(line, "done") == 0) {
            return true;
        }
        if (!take(rows, line)) {
            return false;
        }
    }
    return false;
}

/* Entropy for UART 2, as tests/boards/emulator.c gives it: a pipe that is the host's generator. */
static void give_entropy(struct mico_args *args)
{
    char path[1024], in[1040], out[1040];
    snprintf(path, sizeof path, "%s/build/bench-rng", mico_top());
    snprintf(in, sizeof in, "%s.in", path);
    snprintf(out, sizeof out, "%s.out", path);
    (void)symlink("/dev/urandom", in); /* it may be there */
    (void)symlink("/dev/null", out);
    mico_args_add(args, "-serial");
    mico_args_add(args, "null");
    mico_args_add(args, "-chardev");
    mico_args_add(args, "pipe,id=rng,path=%s", path);
    mico_args_add(args, "-serial");
    mico_args_add(args, "chardev:rng");
}

bool mico_bench_board(const char *machine, const char *elf, bool (*take)(struct rows *rows, const char *line),
                      struct rows *rows)
{
    static struct mico_processes all;
    char log[1024], pids[1024];
    struct mico_args args = {.count = 0};
    snprintf(log, sizeof log, "%s/build/bench-%s.log", mico_top(), machine);
    snprintf(pids, sizeof pids, "%s/build/bench-%s.pids", mico_top(), machine);
    mico_processes_open(&all, pids);
    static const char *const words[] = {"-icount", "shift=6,sleep=off", "-display", "none", "-monitor",
                                        "none",    "-serial",           "stdio",    "-nic", "none"};
    mico_args_add(&args, "qemu-system-arm");
    mico_args_add(&args, "-M");
    mico_args_add(&args, "%s", machine);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        mico_args_add(&args, "%s", words[i]);
    }
    give_entropy(&args);
    mico_args_add(&args, "-kernel");
    mico_args_add(&args, "%s/build/%s/%s", mico_top(), machine, elf);
    struct mico_process *board = mico_process_start(&all, "board", log, &args);
    bool good = board != NULL && read_lines(&all, board, take, rows);
    mico_processes_stop_all(&all);
    if (!good) {
        fprintf(stderr, "error: %s did not finish on %s; the board's words are in %s\n  try: ./mico build %s\n", elf,
                machine, log, machine);
    }
    return good;
}

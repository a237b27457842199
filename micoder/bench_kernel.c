/* SPDX-License-Identifier: Apache-2.0 */
/* `./mico bench kernel`: the scenes of bench/kernel on the emulated board, with instructions counted, and what the
 * kernel takes of a chip. The peers' figures are those of docs/KERNEL.md, counted the same way. */
#include "micoder/bench.h"

#include <stdio.h>
#include <string.h>

#include "micoder/commands.h"
#include "micoder/elf_size.h"
#include "micoder/process.h"

#define INSTRUCTIONS_PER_US (1000.0 / 64) /* -icount shift=6: 64 ns each */
#define PATIENCE_MS 120000

struct figure {
    const char *name;
    double bound;
    double peer_value;
    const char *peer;
};

static const struct figure scenes[] = {
    {"cooperative", 60, 70, "ThreadX (FreeRTOS 66)"}, {"preemptive", 178, 178, "ThreadX (FreeRTOS 274)"},
    {"interrupt", 55, 56, "ThreadX (FreeRTOS 112)"},  {"interrupt-preemption", 225, 229, "ThreadX (FreeRTOS 353)"},
    {"message", 120, 125, "ThreadX (FreeRTOS 189)"},  {"synchronization", 49, 49, "ThreadX (FreeRTOS 116)"},
    {"memory", 59, 59, "ThreadX (FreeRTOS 236)"},
};

static const struct figure sizes[] = {
    {"thread", 84, 84, "FreeRTOS (ThreadX 180)"},   {"queue", -1, 60, "ThreadX (FreeRTOS 72)"},
    {"semaphore", -1, 32, "ThreadX (FreeRTOS 72)"}, {"mutex", -1, 52, "ThreadX (FreeRTOS 72)"},
    {"timer", -1, 40, "FreeRTOS (ThreadX 44)"},
};

static bool add(struct rows *rows, const struct figure *figures, size_t count, const char *name, double value,
                const char *unit, const char *format)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(figures[i].name, name) == 0) {
            struct mico_bench_row *row = mico_bench_add(rows, value, unit, format, name);
            row->bound = figures[i].bound;
            row->peer = figures[i].peer;
            row->peer_value = figures[i].peer_value;
            return true;
        }
    }
    fprintf(stderr, "error: the firmware measured '%s', which this bench does not know\n", name);
    return false;
}

/* Scenes are in the firmware's order; the last line is `done`. */
static bool read_lines(struct mico_processes *all, struct mico_process *board, struct rows *rows)
{
    char line[256], name[32];
    unsigned long count, elapsed_us;
    while (mico_process_expect(all, board, " ", "done", PATIENCE_MS, line, sizeof line, NULL)) {
        bool good = true;
        if (strcmp(line, "done") == 0) {
            return rows->count == sizeof scenes / sizeof scenes[0] + sizeof sizes / sizeof sizes[0];
        }
        if (sscanf(line, "scene %31s %lu %lu", name, &count, &elapsed_us) == 3 && count > 0) {
            good = add(rows, scenes, sizeof scenes / sizeof scenes[0], name,
                       (double)elapsed_us * INSTRUCTIONS_PER_US / (double)count, "instr", "%s");
        } else if (sscanf(line, "size %31s %lu", name, &count) == 2) {
            good = add(rows, sizes, sizeof sizes / sizeof sizes[0], name, (double)count, "bytes", "%s object");
        } else if (strncmp(line, "failed ", 7) == 0) {
            fprintf(stderr, "error: the scene '%s' went wrong on the board\n", line + 7);
            good = false;
        } /* else: the emulator's own words */
        if (!good) {
            return false;
        }
    }
    return false;
}

static bool run_scenes(struct rows *rows)
{
    static struct mico_processes all;
    char path[1024], log[1024], pids[1024];
    snprintf(path, sizeof path, "%s/build/mps2-an386/bench/kernel/bench_kernel.elf", mico_top());
    snprintf(log, sizeof log, "%s/build/bench-kernel.log", mico_top());
    snprintf(pids, sizeof pids, "%s/build/bench-kernel.pids", mico_top());
    mico_processes_open(&all, pids);
    struct mico_args args = {.count = 0};
    static const char *const words[] = {"qemu-system-arm", "-M",   "mps2-an386", "-icount", "shift=6,sleep=off",
                                        "-display",        "none", "-monitor",   "none",    "-serial",
                                        "stdio",           "-nic", "none"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        mico_args_add(&args, "%s", words[i]);
    }
    mico_args_add(&args, "-kernel");
    mico_args_add(&args, "%s", path);
    struct mico_process *board = mico_process_start(&all, "board", log, &args);
    bool good = board != NULL && read_lines(&all, board, rows);
    mico_processes_stop_all(&all);
    if (!good) {
        fprintf(stderr,
                "error: the kernel's scenes did not all run; the board's words are in %s\n  try: ./mico build\n", log);
    }
    return good;
}

bool mico_bench_kernel(struct rows *rows)
{
    char path[1024];
    struct mico_elf_size size;
    if (!run_scenes(rows)) {
        return false;
    }
    snprintf(path, sizeof path, "%s/build/mps2-an386/bench/kernel/bench_kernel_rom.elf", mico_top());
    mico_err err = mico_elf_size(path, &size);
    if (err != MICO_OK) {
        fprintf(stderr, "error: cannot read %s (%s)\n  try: ./mico build mps2-an386\n", path, mico_err_name(err));
        return false;
    }
    struct mico_bench_row *row = mico_bench_add(rows, size.rom, "bytes", "%s ROM, -Os", "kernel");
    row->bound = 6 * 1024;
    row->peer = "FreeRTOS (ThreadX 5310-8598)";
    row->peer_value = 6151;
    return true;
}

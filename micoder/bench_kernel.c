/* SPDX-License-Identifier: Apache-2.0 */
/* `./mico bench kernel`: the scenes of bench/kernel on the emulated board, with instructions counted, and what the
 * kernel takes of a chip. The peers' figures are those of docs/KERNEL.md, counted the same way. */
#include "micoder/bench_board.h"

#include <stdio.h>
#include <string.h>

#include "micoder/commands.h"
#include "micoder/elf_size.h"

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

/* Peers and bounds are of the Cortex-M4F; the same figure of another board stands beside without. */
static bool add(struct rows *rows, const struct figure *figures, size_t count, const char *name, double value,
                const char *unit, const char *format, bool first)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(figures[i].name, name) == 0) {
            struct mico_bench_row *row = mico_bench_add(rows, value, unit, format, name);
            row->bound = first ? figures[i].bound : -1;
            row->peer = first ? figures[i].peer : NULL;
            row->peer_value = figures[i].peer_value;
            return true;
        }
    }
    fprintf(stderr, "error: the firmware measured '%s', which this bench does not know\n", name);
    return false;
}

static bool take_line(struct rows *rows, const char *line, bool first)
{
    char name[32];
    unsigned long count, elapsed_us;
    if (sscanf(line, "scene %31s %lu %lu", name, &count, &elapsed_us) == 3 && count > 0) {
        return add(rows, scenes, sizeof scenes / sizeof scenes[0], name,
                   (double)elapsed_us * MICO_BENCH_INSTRUCTIONS_PER_US / (double)count, "instr",
                   first ? "%s" : "%s, Cortex-M33", first);
    }
    if (first && sscanf(line, "size %31s %lu", name, &count) == 2) {
        return add(rows, sizes, sizeof sizes / sizeof sizes[0], name, (double)count, "bytes", "%s object", true);
    }
    if (strncmp(line, "failed ", 7) == 0) {
        fprintf(stderr, "error: the scene '%s' went wrong on the board\n", line + 7);
        return false;
    }
    return true; /* the emulator's own words */
}

static bool take_first(struct rows *rows, const char *line)
{
    return take_line(rows, line, true);
}

static bool take_second(struct rows *rows, const char *line)
{
    return take_line(rows, line, false);
}

/* The scenes on one board; with first the sizes of objects too. */
static bool run_scenes(const char *machine, struct rows *rows, bool first)
{
    size_t before = rows->count;
    if (!mico_bench_board(machine, "bench/kernel/bench_kernel.elf", first ? take_first : take_second, rows)) {
        return false;
    }
    size_t expected = sizeof scenes / sizeof scenes[0] + (first ? sizeof sizes / sizeof sizes[0] : 0);
    if (rows->count - before != expected) {
        fprintf(stderr, "error: the board measured %zu things, not %zu\n", rows->count - before, expected);
        return false;
    }
    return true;
}

bool mico_bench_kernel(struct rows *rows)
{
    char path[1024];
    struct mico_elf_size size;
    if (!run_scenes("mps2-an386", rows, true)) {
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
    rows->note = "  peers, as docs/KERNEL.md records them: Thread-Metric through its porting layer on QEMU's "
                 "mps2-an386, kernel at -O2,\n"
                 "  instructions counted (-icount shift=6) per event; FreeRTOS 11 and ThreadX 6.4 as tuned for it. "
                 "Objects: bytes of the\n"
                 "  control block. ROM: -Os, Cortex-M4 without FPU, threads, queues, semaphores, mutexes and timers "
                 "linked alone; here also\n"
                 "  events and pools, with FPU. Bounds are the specification's for the Cortex-M4F.\n";
    return run_scenes("mps2-an505", rows, false);
}

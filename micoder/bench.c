/* SPDX-License-Identifier: Apache-2.0 */
/* `./mico bench [NAME] [--json]`: the project's figures, each bench a function in a table. */
#include "micoder/bench.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "micoder/commands.h"
#include "micoder/elf_size.h"
#include "micoder/process.h"

struct mico_bench_row *mico_bench_add(struct rows *rows, double value, const char *unit, const char *format,
                                      const char *name)
{
    if (rows->count == MICO_BENCH_ROWS_MAX) {
        abort();
    }
    struct mico_bench_row *row = &rows->row[rows->count++];
    memset(row, 0, sizeof *row);
    snprintf(row->name, sizeof row->name, format, name);
    snprintf(row->unit, sizeof row->unit, "%s", unit);
    row->value = value;
    row->bound = -1;
    return row;
}

/* ROM and RAM of the three firmwares. The loader's peer: MCUboot, overwrite-only with X25519 encryption, Cortex-M4, gcc
 * 12.2 -Os, as docs/FIRMWARE-IMAGE.md records it; the chip's bounds are the specification's. */
static bool bench_sizes(struct rows *rows)
{
    static const struct {
        const char *name, *file;
        double rom_bound, ram_bound, rom_peer;
    } firmware[] = {
        {"loader", "boot/loader/loader.elf", -1, -1, 24840},
        {"chip", "mscp/chip/chip.elf", 96 * 1024, 24 * 1024, 0},
        {"chip boot stage", "mscp/chip/chip_boot.elf", 32 * 1024, 24 * 1024, 0},
        {"light", "apps/light/light.elf", -1, -1, 0},
    };
    for (size_t i = 0; i < sizeof firmware / sizeof firmware[0]; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/build/mps2-an386/%s", mico_top(), firmware[i].file);
        struct mico_elf_size size;
        mico_err err = mico_elf_size(path, &size);
        if (err != MICO_OK) {
            fprintf(stderr, "error: cannot read %s (%s)\n  try: ./mico build mps2-an386\n", path, mico_err_name(err));
            return false;
        }
        struct mico_bench_row *rom = mico_bench_add(rows, size.rom, "bytes", "%s ROM", firmware[i].name);
        rom->bound = firmware[i].rom_bound;
        if (firmware[i].rom_peer > 0) {
            rom->peer = "MCUboot (published)";
            rom->peer_value = firmware[i].rom_peer;
        }
        mico_bench_add(rows, size.ram, "bytes", "%s RAM", firmware[i].name)->bound = firmware[i].ram_bound;
    }
    return true;
}

/* The seconds of every step of a whole demo, run now. */
static bool bench_demo(struct rows *rows)
{
    static char out[65536];
    char self[1024], dir[1024], log[1024];
    snprintf(self, sizeof self, "%s/build/host/micoder/micoder", mico_top());
    snprintf(dir, sizeof dir, "%s/build/bench-demo", mico_top());
    snprintf(log, sizeof log, "%s/build/bench-demo.log", mico_top());
    struct mico_args args = {.count = 0};
    mico_args_add(&args, "%s", self);
    mico_args_add(&args, "demo");
    mico_args_add(&args, "--json");
    mico_args_add(&args, "--dir");
    mico_args_add(&args, "%s", dir);
    fprintf(stderr, "mico: running the demo\n");
    if (mico_run(&args, log, 300000, out, sizeof out) != 0) {
        fprintf(stderr, "error: the demo did not hold; its log is %s\n  try: ./mico demo\n", log);
        return false;
    }
    cJSON *object = cJSON_Parse(out);
    const cJSON *step;
    double total = 0;
    cJSON_ArrayForEach(step, cJSON_GetObjectItemCaseSensitive(object, "steps"))
    {
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(step, "name");
        const cJSON *time = cJSON_GetObjectItemCaseSensitive(step, "seconds");
        if (cJSON_IsString(name) && cJSON_IsNumber(time)) {
            mico_bench_add(rows, time->valuedouble, "s", "step: %s", name->valuestring);
            total += time->valuedouble;
        }
    }
    cJSON_Delete(object);
    mico_bench_add(rows, total, "s", "%s", "all steps");
    return rows->count > 1;
}

static const struct {
    const char *name;
    bool (*run)(struct rows *rows);
    bool only_named; /* it takes a build of its own */
} benches[] = {{"sizes", bench_sizes, false},          {"demo", bench_demo, false},
               {"kernel", mico_bench_kernel, false},   {"mscp", mico_bench_mscp, false},
               {"crypto", mico_bench_crypto, false},   {"psa-sizes", mico_bench_psa_sizes, true},
               {"tls-size", mico_bench_tls_size, true}};

int mico_bench_command(int argc, char **argv)
{
    const char *only = NULL;
    bool json = false, found = false, good = true;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            json = true;
        } else if (only != NULL) {
            fprintf(stderr, "error: '%s' and '%s': one bench at a time\n  try: ./mico bench %s\n", only, argv[i], only);
            return 2;
        } else {
            only = argv[i];
        }
    }
    for (size_t i = 0; i < sizeof benches / sizeof benches[0]; i++) {
        if (only == NULL ? benches[i].only_named : strcmp(only, benches[i].name) != 0) {
            continue;
        }
        static struct rows rows;
        rows.count = 0;
        rows.note = NULL;
        found = true;
        if (!benches[i].run(&rows)) {
            fprintf(stderr,
                    "error: bench %s has no figures: it did not finish\n  try: ./mico setup, then ./mico bench %s\n",
                    benches[i].name, benches[i].name);
            good = false;
            continue;
        }
        mico_bench_print(benches[i].name, rows.row, rows.count, json);
        if (rows.note != NULL && !json) {
            printf("%s", rows.note);
        }
        for (size_t k = 0; k < rows.count; k++) {
            good = good && mico_bench_ok(&rows.row[k]);
        }
    }
    if (!found) {
        fprintf(stderr,
                "error: no bench '%s'\n  try: ./mico bench sizes, or demo, kernel, crypto, mscp, psa-sizes, tls-size\n",
                only);
        return 2;
    }
    return good ? 0 : 1;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* `./mico bench psa-sizes`: what each option of psa/crypto_config.h costs in a program that has the whole API, and what the
 * families of crypto/psa/option_families.txt cost, whose options share code. In bytes of code and constants: what the linker fills up
 * between them is left out, since it would round every figure to the largest alignment there is, 256 bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "micoder/bench.h"
#include "micoder/commands.h"
#include "micoder/elf_size.h"
#include "micoder/process.h"

/* Bytes that the linker's map says it filled up between the parts of the sections that take ROM. */
static bool read_filled(const char *path, double *filled)
{
    char line[1024];
    bool in_rom = false;
    FILE *map = fopen(path, "r");
    if (map == NULL) {
        return false;
    }
    *filled = 0;
    while (fgets(line, sizeof line, map) != NULL) {
        static const char mark[] = " *fill*";
        if (line[0] == '.') { /* an output section; debugging's come after .bss */
            in_rom =
                strncmp(line, ".text", 5) == 0 || strncmp(line, ".ARM.ex", 7) == 0 || strncmp(line, ".data", 5) == 0;
        } else if (in_rom && strncmp(line, mark, sizeof mark - 1) == 0) {
            char *end;
            (void)strtoul(line + sizeof mark - 1, &end, 16); /* where */
            *filled += (double)strtoul(end, NULL, 16);
        }
    }
    fclose(map);
    return true;
}

static bool rom_without(const char *left_out, double *rom)
{
    char path[1024];
    struct mico_elf_size size;
    double filled = 0;
    snprintf(path, sizeof path, "%s/build/mps2-an386/bench/psa/bench_psa_%s.elf", mico_top(), left_out);
    mico_err err = mico_elf_size(path, &size);
    if (err == MICO_OK) {
        memcpy(path + strlen(path) - 3, "map", 3);
        err = read_filled(path, &filled) ? MICO_OK : MICO_ERR_IO;
    }
    if (err != MICO_OK) {
        fprintf(stderr, "error: cannot read %s (%s)\n  try: ./mico bench psa-sizes\n", path, mico_err_name(err));
        return false;
    }
    *rom = size.rom - filled;
    return true;
}

/* One row of what is saved without it. */
static bool add(struct rows *rows, double whole, const char *left_out, const char *name)
{
    double rest;
    bool good = rom_without(left_out, &rest);
    if (good) {
        mico_bench_add(rows, whole - rest, "bytes", "%s", name);
    }
    return good;
}

static FILE *open_source(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", mico_top(), name);
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        fprintf(stderr, "error: cannot read %s\n  try: git status\n", path);
    }
    return f;
}

static bool add_options(struct rows *rows, double whole)
{
    static const char head[] = "#define PSA_WANT_";
    char line[256];
    FILE *config = open_source("crypto/psa/include/psa/crypto_config.h");
    bool good = config != NULL;
    while (good && fgets(line, sizeof line, config) != NULL) {
        if (strncmp(line, head, sizeof head - 1) == 0) {
            char *option = line + sizeof head - 1;
            option[strcspn(option, " \n")] = '\0';
            good = add(rows, whole, option, option);
        }
    }
    if (config != NULL) {
        fclose(config);
    }
    return good;
}

/* Each line is a family's name, a colon, and its options; its program has the line's number. */
static bool add_families(struct rows *rows, double whole)
{
    char line[1024], target[32];
    FILE *families = open_source("crypto/psa/option_families.txt");
    bool good = families != NULL;
    for (int number = 1; good && fgets(line, sizeof line, families) != NULL; number++) {
        line[strcspn(line, ":\n")] = '\0';
        snprintf(target, sizeof target, "family_%d", number);
        good = add(rows, whole, target, line);
    }
    if (families != NULL) {
        fclose(families);
    }
    return good;
}

bool mico_bench_psa_sizes(struct rows *rows)
{
    double whole;
    if (!rom_without("none", &whole)) {
        return false;
    }
    mico_bench_add(rows, whole, "bytes", "%s", "everything");
    rows->note = "What two options share counts for neither; the families after them, crypto/psa/option_families.txt, "
                 "share code.\n"
                 "With --json, bench/psa/table.py writes docs/CRYPTO.md's tables of it.\n";
    return add_options(rows, whole) && add_families(rows, whole);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* `./mico bench psa-sizes`: what each option of psa/crypto_config.h costs in a program that has the whole API. */
#include <stdio.h>
#include <string.h>

#include "micoder/bench.h"
#include "micoder/commands.h"
#include "micoder/elf_size.h"
#include "micoder/process.h"

static bool rom_without(const char *option, double *rom)
{
    char path[1024];
    struct mico_elf_size size;
    snprintf(path, sizeof path, "%s/build/mps2-an386/bench/psa/bench_psa_%s.elf", mico_top(), option);
    mico_err err = mico_elf_size(path, &size);
    if (err != MICO_OK) {
        fprintf(stderr, "error: cannot read %s (%s)\n  try: ./mico bench psa-sizes\n", path, mico_err_name(err));
        return false;
    }
    *rom = size.rom;
    return true;
}

bool mico_bench_psa_sizes(struct rows *rows)
{
    char path[1024], line[256];
    double whole, rest;
    bool good = rom_without("none", &whole);
    snprintf(path, sizeof path, "%s/crypto/psa/include/psa/crypto_config.h", mico_top());
    FILE *config = good ? fopen(path, "r") : NULL;
    if (config == NULL) {
        return false;
    }
    mico_bench_add(rows, whole, "bytes", "%s", "everything");
    while (good && fgets(line, sizeof line, config) != NULL) {
        static const char head[] = "#define PSA_WANT_";
        if (strncmp(line, head, sizeof head - 1) == 0) {
            char *option = line + sizeof head - 1;
            option[strcspn(option, " \n")] = '\0';
            good = rom_without(option, &rest);
            mico_bench_add(rows, good ? whole - rest : 0, "bytes", "%s", option);
        }
    }
    fclose(config);
    return good;
}

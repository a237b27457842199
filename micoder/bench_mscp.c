/* SPDX-License-Identifier: Apache-2.0 */
/* `./mico bench mscp`: the coprocessor as a Linux process behind PKCS #11, and SoftHSM2 in the same run. Microseconds
 * for one, by one client. The bound on signing is the specification's 15,000 a second. */
#include "micoder/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "micoder/commands.h"
#include "micoder/process.h"

#define SOFTHSM "/usr/lib/softhsm/libsofthsm2.so"
#define SECONDS 2
#define PATIENCE_MS 20000
#define SIGN_BOUND_US (1e6 / 15000)

struct figures {
    double sign, generate; /* a second */
};

static bool run(const char *log, const char *const *words, size_t count, char *out, size_t cap)
{
    struct mico_args args = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        mico_args_add(&args, "%s", words[i]);
    }
    out[0] = '\0';
    if (mico_run(&args, log, PATIENCE_MS, out, cap) != 0) {
        fprintf(stderr, "error: %s did not do its work; its log is %s\n", words[0], log);
        return false;
    }
    return true;
}

static bool measure(const char *log, const char *module, struct figures *figures)
{
    char out[256], bench[1024], seconds[8];
    snprintf(bench, sizeof bench, "%s/build/host/mscp/pkcs11/pkcs11-bench", mico_top());
    snprintf(seconds, sizeof seconds, "%d", SECONDS);
    const char *const words[] = {bench, module, seconds};
    return run(log, words, 3, out, sizeof out) &&
           sscanf(out, "sign %lf generate %lf", &figures->sign, &figures->generate) == 2 && figures->sign > 0 &&
           figures->generate > 0;
}

/* A token of each kind in folder, made anew. */
static bool make_tokens(const char *folder, const char *log, const char *module)
{
    char out[256], tokens[1100], conf[1100];
    snprintf(tokens, sizeof tokens, "%s/tokens", folder);
    snprintf(conf, sizeof conf, "%s/softhsm.conf", folder);
    mkdir(tokens, 0700);
    FILE *f = fopen(conf, "w");
    if (f == NULL) {
        return false;
    }
    fprintf(f, "directories.tokendir = %s\n", tokens);
    fclose(f);
    setenv("MICO_TOKEN", folder, 1);
    setenv("SOFTHSM2_CONF", conf, 1);
    const char *const mine[] = {"pkcs11-tool", "--module", module,     "--init-token",
                                "--label",     "bench",    "--so-pin", "12345678"};
    const char *const other[] = {"softhsm2-util", "--init-token", "--free", "--label", "bench",
                                 "--so-pin",      "12345678",     "--pin",  "1234"};
    return run(log, mine, 8, out, sizeof out) && run(log, other, 9, out, sizeof out);
}

static void put(struct rows *rows, const char *name, double mine, double other, double bound)
{
    struct mico_bench_row *row = mico_bench_add(rows, 1e6 / mine, "us", "%s", name);
    row->peer = "SoftHSM2";
    row->peer_value = 1e6 / other;
    row->bound = bound;
}

bool mico_bench_mscp(struct rows *rows)
{
    static struct mico_processes all;
    char folder[] = "/tmp/mico-bench-XXXXXX", path[1100], log[1100], module[1100], line[256];
    struct figures mine, other;
    if (mkdtemp(folder) == NULL) {
        return false;
    }
    snprintf(path, sizeof path, "%s/pids", folder);
    snprintf(log, sizeof log, "%s/log", folder);
    snprintf(module, sizeof module, "%s/build/host/mscp/pkcs11/libmico_pkcs11.so", mico_top());
    mico_processes_open(&all, path);
    struct mico_args args = {.count = 0};
    mico_args_add(&args, "%s/build/host/mscp/daemon/mscpd", mico_top());
    mico_args_add(&args, "--flash");
    mico_args_add(&args, "%s/chip.bin", folder);
    mico_args_add(&args, "--listen");
    mico_args_add(&args, "%s/chip.sock", folder);
    mico_args_add(&args, "--survive");
    mico_args_add(&args, "process"); /* as SoftHSM2, which does not wait for the disk */
    struct mico_process *chip = mico_process_start(&all, "chip", log, &args);
    bool good = chip != NULL && mico_process_expect(&all, chip, "MSCP", NULL, PATIENCE_MS, line, sizeof line, NULL) &&
                make_tokens(folder, log, module) && measure(log, module, &mine) && measure(log, SOFTHSM, &other);
    mico_processes_stop_all(&all);
    if (good) {
        put(rows, "PKCS#11 Ed25519 sign", mine.sign, other.sign, SIGN_BOUND_US);
        put(rows, "PKCS#11 key pair", mine.generate, other.generate, -1);
        snprintf(line, sizeof line, "rm -rf %s", folder);
        good = system(line) == 0;
    }
    return good;
}

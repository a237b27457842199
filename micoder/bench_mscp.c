/* SPDX-License-Identifier: Apache-2.0 */
/* `./mico bench mscp`: the coprocessor as a Linux daemon behind PKCS #11, beside SoftHSM2 and a software TPM in the same run,
 * in microseconds for one, by one client; then the emulated chip, in instructions. The bounds are the specification's. */
#include "micoder/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "micoder/commands.h"
#include "micoder/process.h"

#define SOFTHSM "/usr/lib/softhsm/libsofthsm2.so"
#define SECONDS 2
#define PATIENCE_MS 20000
#define SIGN_BOUND_US (1e6 / 15000)

struct figures {
    double sign, p256, generate; /* a second */
};

struct tpm_figures {
    double plain, session; /* P-256 signatures a second */
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
           sscanf(out, "sign %lf p256 %lf generate %lf", &figures->sign, &figures->p256, &figures->generate) == 3 &&
           figures->sign > 0 && figures->p256 > 0 && figures->generate > 0;
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

/* mine and other are counts a second; bound is in microseconds. */
static void put(struct rows *rows, const char *name, double mine, const char *peer, double other, double bound)
{
    struct mico_bench_row *row = mico_bench_add(rows, 1e6 / mine, "us", "%s", name);
    row->peer = peer;
    row->peer_value = 1e6 / other;
    row->bound = bound;
}

/* swtpm in folder, and how often it signs. */
static bool measure_tpm(struct mico_processes *all, const char *folder, const char *log, struct tpm_figures *figures)
{
    char bench[1024], link[1100], state[1100], out[256];
    struct mico_args args = {.count = 0};
    snprintf(state, sizeof state, "%s/tpm", folder);
    mkdir(state, 0700);
    mico_args_add(&args, "swtpm");
    mico_args_add(&args, "socket");
    mico_args_add(&args, "--tpm2");
    mico_args_add(&args, "--tpmstate");
    mico_args_add(&args, "dir=%s", state);
    mico_args_add(&args, "--server");
    mico_args_add(&args, "type=unixio,path=%s/tpm.sock", folder);
    mico_args_add(&args, "--ctrl");
    mico_args_add(&args, "type=unixio,path=%s/tpm.sock.ctrl", folder);
    mico_args_add(&args, "--flags");
    mico_args_add(&args, "not-need-init");
    struct mico_process *tpm = mico_process_start(all, "swtpm", log, &args);
    snprintf(bench, sizeof bench, "%s/build/host/mscp/pkcs11/tpm-bench", mico_top());
    snprintf(link, sizeof link, "swtpm:path=%s/tpm.sock", folder);
    snprintf(state, sizeof state, "%s/tpm.sock", folder);
    for (int i = 0; tpm != NULL && i < 100 && access(state, F_OK) != 0; i++) {
        usleep(50000);
    }
    const char *const words[] = {bench, link, "2"};
    return tpm != NULL && run(log, words, 3, out, sizeof out) &&
           sscanf(out, "plain %lf protected %lf", &figures->plain, &figures->session) == 2 && figures->session > 0;
}

static struct mico_process *start_daemon(struct mico_processes *all, const char *folder, const char *log)
{
    char line[256];
    struct mico_args args = {.count = 0};
    mico_args_add(&args, "%s/build/host/mscp/daemon/mscpd", mico_top());
    mico_args_add(&args, "--flash");
    mico_args_add(&args, "%s/chip.bin", folder);
    mico_args_add(&args, "--listen");
    mico_args_add(&args, "%s/chip.sock", folder);
    mico_args_add(&args, "--survive");
    mico_args_add(&args, "process"); /* as SoftHSM2, which does not wait for the disk */
    struct mico_process *chip = mico_process_start(all, "mscpd", log, &args);
    bool up = chip != NULL && mico_process_expect(all, chip, "MSCP", NULL, PATIENCE_MS, line, sizeof line, NULL);
    return up ? chip : NULL;
}

static bool bench_daemon(struct rows *rows)
{
    static struct mico_processes all;
    char folder[] = "/tmp/mico-bench-XXXXXX", path[1100], log[1100], module[1100], line[256];
    struct figures mine, other;
    struct tpm_figures tpm;
    if (mkdtemp(folder) == NULL) {
        return false;
    }
    snprintf(path, sizeof path, "%s/pids", folder);
    snprintf(log, sizeof log, "%s/log", folder);
    snprintf(module, sizeof module, "%s/build/host/mscp/pkcs11/libmico_pkcs11.so", mico_top());
    mico_processes_open(&all, path);
    bool good = start_daemon(&all, folder, log) != NULL && make_tokens(folder, log, module) &&
                measure(log, module, &mine) && measure(log, SOFTHSM, &other) && measure_tpm(&all, folder, log, &tpm);
    mico_processes_stop_all(&all);
    if (good) {
        double third = 1e6 / other.sign / 3;
        put(rows, "PKCS#11 Ed25519 sign", mine.sign, "SoftHSM2", other.sign,
            third < SIGN_BOUND_US ? third : SIGN_BOUND_US);
        put(rows, "PKCS#11 P-256 sign", mine.p256, "SoftHSM2", other.p256, 1e6 / other.p256);
        put(rows, "PKCS#11 key pair", mine.generate, "SoftHSM2", other.generate, 1e6 / other.generate / 20);
        put(rows, "protected Ed25519 sign", mine.sign, "swtpm P-256, session", tpm.session, 1e6 / tpm.session / 20);
        put(rows, "protected P-256 sign", mine.p256, "swtpm P-256, session", tpm.session, 1e6 / tpm.session / 20);
        snprintf(line, sizeof line, "rm -rf %s", folder);
        good = system(line) == 0;
    }
    return good;
}

bool mico_bench_mscp(struct rows *rows)
{
    return bench_daemon(rows) && mico_bench_chip(rows);
}

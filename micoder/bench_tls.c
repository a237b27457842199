/* SPDX-License-Identifier: Apache-2.0 */
/* `./mico bench tls-size`: what TLS takes of a chip (bench/tls), beside OpenSSL's two libraries for the same instruction set as
 * Debian has them for armhf, and what each part costs. ./mico has built the programs and fetched the libraries; where it could
 * not, the figure of November 2026 stands in and says so. */
#include "micoder/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "micoder/commands.h"
#include "micoder/elf_size.h"

#define PUBLISHED 3078348.0 /* libssl and libcrypto 3.0.20-1~deb12u2 */
#define SHARE 0.05

static bool measure(const char *name, double *bytes)
{
    char path[1024];
    struct mico_elf_size size;
    snprintf(path, sizeof path, "%s/build/mps2-an386/bench/tls/%s.elf", mico_top(), name);
    mico_err err = mico_elf_size(path, &size);
    if (err != MICO_OK) {
        fprintf(stderr, "error: cannot read %s (%s)\n  try: ./mico bench tls-size\n", path, mico_err_name(err));
        return false;
    }
    *bytes = size.rom;
    return true;
}

/* Text and data of both libraries, or what they had when last measured. */
static double measure_peer(const char **name)
{
    static const char *const libraries[] = {"libssl.so.3", "libcrypto.so.3"};
    const char *deps = getenv("MICO_DEPS");
    double total = 0;
    for (size_t i = 0; i < 2; i++) {
        char path[1024];
        struct mico_elf_size size;
        snprintf(path, sizeof path, "%s/armhf/%s", deps != NULL ? deps : "", libraries[i]);
        if (mico_elf_size(path, &size) != MICO_OK) {
            *name = "OpenSSL 3.0.20, armhf (published)";
            return PUBLISHED;
        }
        total += size.rom;
    }
    *name = "OpenSSL, armhf (measured)";
    return total;
}

static bool add_cost(struct rows *rows, double device, const char *part, const char *program, int sign)
{
    double bytes;
    if (!measure(program, &bytes)) {
        return false;
    }
    mico_bench_add(rows, sign * (bytes - device), "bytes", "cost of %s", part);
    return true;
}

bool mico_bench_tls_size(struct rows *rows)
{
    static const struct {
        const char *name, *program;
        int sign; /* 1: the program has it and the device's has not */
    } parts[] = {
        {"DTLS 1.2", "bench_tls_WITHOUT_DTLS", -1},
        {"AES-128-GCM suites", "bench_tls_WITHOUT_GCM", -1},
        {"ChaCha20-Poly1305 suites", "bench_tls_WITHOUT_CHACHA", -1},
        {"RSA certificates", "bench_tls_WITHOUT_RSA", -1},
        {"AES-256-GCM suites", "bench_tls_WITH_AES256", 1},
        {"P-384", "bench_tls_WITH_P384", 1},
        {"ALPN", "bench_tls_WITH_ALPN", 1},
        {"session resumption", "bench_tls_WITH_RESUME", 1},
        {"pre-shared keys", "bench_tls_WITH_PSK", 1},
        {"revocation lists", "bench_tls_WITH_CRL", 1},
        {"TLS and DTLS 1.3", "bench_tls_WITH_13", 1},
        {"the server's side", "bench_tls_WITH_SERVER", 1},
    };
    const char *peer;
    double device, with_server, theirs = measure_peer(&peer);
    if (!measure("bench_tls", &device) || !measure("bench_tls_WITH_SERVER", &with_server)) {
        return false;
    }
    struct mico_bench_row *row = mico_bench_add(rows, device, "bytes", "%s", "TLS and DTLS client");
    row->peer = peer;
    row->peer_value = theirs;
    row->bound = theirs * SHARE;
    row = mico_bench_add(rows, with_server, "bytes", "%s", "with the server's side");
    row->peer = peer;
    row->peer_value = theirs;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!add_cost(rows, device, parts[i].name, parts[i].program, parts[i].sign)) {
            return false;
        }
    }
    return true;
}

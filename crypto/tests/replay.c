/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers are SHA-256 of the seed and a block's number, by OpenSSL. */
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_METHOD is deprecated in 3.0, and there */
#include "crypto/tests/replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "crypto/primitives/entropy.h"
#include "crypto/primitives/primitives.h"
#include "os/port/rng.h"

static struct {
    uint64_t seed, number; /* of the next block */
} stream;
static uint8_t block[32];
static size_t left; /* bytes of block */

static void make_block(void)
{
    if (EVP_Digest(&stream, sizeof stream, block, NULL, EVP_sha256(), NULL) != 1) {
        fputs("error: OpenSSL has no SHA-256\n", stderr);
        exit(1);
    }
    stream.number++;
    left = sizeof block;
}

void replay_draw(void *out, size_t len)
{
    uint8_t *at = out;
    while (len > 0) {
        if (left == 0) {
            make_block();
        }
        size_t piece = len < left ? len : left;
        memcpy(at, block + sizeof block - left, piece);
        at += piece;
        len -= piece;
        left -= piece;
    }
}

size_t replay_below(size_t limit)
{
    uint32_t number;
    replay_draw(&number, sizeof number);
    return number % limit;
}

/* The library's. */
mico_err mico_entropy(uint8_t *out, size_t len)
{
    replay_draw(out, len);
    return MICO_OK;
}

static int for_openssl(unsigned char *out, int len)
{
    replay_draw(out, (size_t)len);
    return 1;
}

static int always(void)
{
    return 1;
}

void replay_start_with(uint64_t seed)
{
    static const RAND_METHOD method = {.bytes = for_openssl, .pseudorand = for_openssl, .status = always};
    stream.seed = seed;
    stream.number = 0;
    left = 0;
    mico_random_forget();
    mico_entropy_forget(); /* what it saw last may be what comes first now */
    (void)RAND_set_rand_method(&method);
}

void replay_start(void)
{
    const char *given = getenv("MICO_SEED");
    char *end = NULL;
    uint64_t seed = 0;
    if (given != NULL) {
        seed = strtoull(given, &end, 10);
    }
    if (given == NULL ? getrandom(&seed, sizeof seed, 0) != sizeof seed : *given == '\0' || *end != '\0') {
        fprintf(stderr, "error: MICO_SEED is no decimal number\n");
        exit(2);
    }
    printf("seed %" PRIu64 "\n", seed);
    fflush(stdout);
    replay_start_with(seed);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware for signing_board_test.c: many Ed25519 signatures on the board, each verified, and the instructions of one.
 * Built twice: with wolfSSL's table of the base point and fast hashes, and with those of crypto_small. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "crypto/primitives/primitives.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

#define KEYS 40
#define P256_KEYS 12
#define NS_PER_INSTRUCTION 64 /* the emulator's -icount shift=6 */

static void say(const char *text)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)text, strlen(text));
}

/* RFC 8032 section 7.1, test 1; FIPS 180-4, SHA-256 of "abc". */
static bool known_answer(void)
{
    static const char digest_hex[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    static const char seed_hex[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    static const char want_hex[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
                                   "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                                   "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
    uint8_t seed[32], want[96], got[96], digest[32];
    mico_sha256("abc", 3, got);
    bool good = mico_unhex(seed_hex, seed, sizeof seed) == MICO_OK &&
                mico_unhex(want_hex, want, sizeof want) == MICO_OK &&
                mico_unhex(digest_hex, digest, sizeof digest) == MICO_OK && memcmp(got, digest, sizeof digest) == 0;
    mico_ed25519_public(seed, got);
    mico_ed25519_sign(seed, got, (struct mico_span){NULL, 0}, got + 32);
    return good && memcmp(got, want, sizeof want) == 0;
}

/* Seeds and messages from a hash of a number: every row and digit of the table comes up. */
static unsigned signatures_that_fail(void)
{
    unsigned failed = 0;
    for (uint32_t i = 0; i < KEYS; i++) {
        uint8_t seed[32], public_key[32], signature[64];
        mico_sha256(&i, sizeof i, seed);
        mico_ed25519_public(seed, public_key);
        mico_ed25519_sign(seed, public_key, MICO_SPAN(public_key), signature);
        failed += mico_ed25519_verify(public_key, MICO_SPAN(public_key), signature) != MICO_OK;
    }
    return failed;
}

/* RFC 6979 section A.2.5, SHA-256, "sample". */
static bool p256_known_answer(void)
{
    static const char key_hex[] = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
    static const char want_hex[] = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                                   "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    uint8_t key[32], want[64], got[64], digest[32];
    bool good = mico_unhex(key_hex, key, sizeof key) == MICO_OK && mico_unhex(want_hex, want, sizeof want) == MICO_OK;
    mico_sha256("sample", 6, digest);
    return good && mico_p256_sign_deterministic(key, digest, got) == MICO_OK && memcmp(got, want, sizeof want) == 0;
}

static unsigned p256_that_fail(void)
{
    unsigned failed = 0;
    uint8_t before[65] = {4}, before_key[32] = {[31] = 1};
    failed += mico_p256_public(before_key, before) != MICO_OK;
    for (uint32_t i = 0; i < P256_KEYS; i++) {
        uint8_t key[32], public_key[65], signature[64], a[32], b[32];
        mico_sha256(&i, sizeof i, key);
        failed += mico_p256_public(key, public_key) != MICO_OK ||
                  mico_p256_sign_deterministic(key, key, signature) != MICO_OK ||
                  mico_p256_verify(public_key, key, signature) != MICO_OK ||
                  mico_p256_agree(key, before, a) != MICO_OK || mico_p256_agree(before_key, public_key, b) != MICO_OK ||
                  memcmp(a, b, sizeof a) != 0;
        signature[i % 64] ^= 1;
        failed += mico_p256_verify(public_key, key, signature) == MICO_OK;
        memcpy(before, public_key, sizeof before);
        memcpy(before_key, key, sizeof key);
    }
    return failed;
}

static unsigned long since(uint64_t from_us)
{
    return (unsigned long)((mico_clock_us() - from_us) * 1000 / NS_PER_INSTRUCTION);
}

static void p256_figures(char *line, size_t cap)
{
    uint8_t key[32] = {1}, public_key[65], signature[64], secret[32];
    bool good = mico_p256_public(key, public_key) == MICO_OK;
    uint64_t from = mico_clock_us();
    good = good && mico_p256_sign_deterministic(key, key, signature) == MICO_OK;
    unsigned long sign = since(from);
    from = mico_clock_us();
    good = good && mico_p256_verify(public_key, key, signature) == MICO_OK;
    unsigned long verify = since(from);
    from = mico_clock_us();
    good = good && mico_p256_agree(key, public_key, secret) == MICO_OK;
    snprintf(line, cap, "P-256 sign %lu\nP-256 verify %lu\nP-256 agree %lu\nP-256 %s\n", sign, verify, since(from),
             good ? "works" : "fails");
}

static unsigned long instructions_of_a_signature(size_t len)
{
    static uint8_t message[2048];
    static const uint8_t seed[32] = {1};
    uint8_t public_key[32], signature[64];
    mico_ed25519_public(seed, public_key);
    uint64_t from = mico_clock_us();
    for (unsigned i = 0; i < 10; i++) {
        mico_ed25519_sign(seed, public_key, (struct mico_span){message, len}, signature);
    }
    return (unsigned long)((mico_clock_us() - from) * 100 / NS_PER_INSTRUCTION);
}

int main(void)
{
    char line[120];
    bool known = known_answer() && p256_known_answer();
    unsigned failed = signatures_that_fail() + p256_that_fail();
    snprintf(line, sizeof line, "sign 64 bytes %lu\nsign 2048 bytes %lu\n", instructions_of_a_signature(64),
             instructions_of_a_signature(2048));
    say(line);
    p256_figures(line, sizeof line);
    say(line);
    snprintf(line, sizeof line, "known answers %s, %u of %u signatures fail\n", known ? "right" : "wrong", failed,
             KEYS + P256_KEYS);
    say(line);
    mico_board_halt(0);
}

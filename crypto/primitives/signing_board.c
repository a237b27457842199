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
    bool known = known_answer();
    unsigned failed = signatures_that_fail();
    snprintf(line, sizeof line, "sign 64 bytes %lu\nsign 2048 bytes %lu\n", instructions_of_a_signature(64),
             instructions_of_a_signature(2048));
    say(line);
    snprintf(line, sizeof line, "known answer %s, %u of %u signatures fail\n", known ? "right" : "wrong", failed, KEYS);
    say(line);
    mico_board_halt(0);
}

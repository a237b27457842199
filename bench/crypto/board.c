/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware: the instructions that public-key operations and 1 KiB of the bulk ones take on the board, a line `count NAME N`
 * each, then `done`. The board in the emulator has no random numbers: the generator is seeded by a counter here. */
#include "bench/crypto/board.h"

#include <stdio.h>
#include <string.h>

#include "crypto/primitives/ffdh.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rsa_der.h"
#include "crypto/primitives/stream.h"
#include "crypto/srp/srp.h"
#include "crypto/srp/srp_test_entry.h"
#include "crypto/tests/rsa_test_key.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/rng.h"
#include "os/port/uart.h"

#define NS_PER_INSTRUCTION 64 /* the emulator's -icount shift=6 */

static uint8_t seed[32] = {1}, ed_public[32], ed_signature[64], data[1024], out[1040], shared[384];
static uint8_t p256_key[32] = {2}, p256_public[65], p256_signature[64];
static uint8_t p384_key[48] = {3}, p384_public[97], p384_signature[96];
static struct mico_rsa_private rsa;
static struct mico_span key16 = {data, 16}, nonce = {data, 12}, none, text = {data, sizeof data};
static bool good = true;

static void ed25519_sign(void)
{
    mico_ed25519_sign(seed, ed_public, (struct mico_span){data, 64}, ed_signature);
}
static void ed25519_verify(void)
{
    good = good && mico_ed25519_verify(ed_public, (struct mico_span){data, 64}, ed_signature) == MICO_OK;
}
static void x25519(void)
{
    good = good && mico_x25519(seed, ed_public, shared) == MICO_OK;
}
static void p256_sign(void)
{
    good = good && mico_p256_sign_deterministic(p256_key, data, p256_signature) == MICO_OK;
}
static void p256_verify(void)
{
    good = good && mico_p256_verify(p256_public, data, p256_signature) == MICO_OK;
}
static void p256_agree(void)
{
    good = good && mico_p256_agree(p256_key, p256_public, shared) == MICO_OK;
}
static void p384_sign(void)
{
    good = good && mico_p384_sign_deterministic(p384_key, data, p384_signature) == MICO_OK;
}
static void p384_verify(void)
{
    good = good && mico_p384_verify(p384_public, data, p384_signature) == MICO_OK;
}
static void rsa_verify(void)
{
    good = good && mico_rsa_public_op(&rsa.pub, data, out) == MICO_OK;
}
static void ffdh(void)
{
    good = good && ffdh_agree(&ffdh_2048, data, out, shared) == MICO_OK;
}
static void srp_client(void)
{
    static const uint8_t code[] = "031-45-154", a[32] = {0x91, 2};
    static struct mico_srp_client client;
    uint8_t M1[MICO_SRP_PROOF_SIZE];
    mico_srp_client_start_with(&client, a);
    good = good && mico_srp_client_prove(&client, data, (struct mico_span){data, 384},
                                         (struct mico_span){code, sizeof code - 1}, out, M1) == MICO_OK;
}
static void poly1305(void)
{
    mico_poly1305(seed, text, out);
}
static void srp_server(void)
{
    static const uint8_t b[32] = {0x90, 1};
    static struct mico_srp_server server;
    uint8_t M1[MICO_SRP_PROOF_SIZE] = {0}, M2[MICO_SRP_PROOF_SIZE], key[MICO_SRP_KEY_SIZE];
    mico_srp_server_start_with(&server, data, shared, b, out);
    good = good && mico_srp_server_finish(&server, (struct mico_span){data, 384}, M1, M2, key) == MICO_ERR_AUTH;
}
static void sha256(void)
{
    mico_sha256(data, sizeof data, out);
}
static void aes128gcm(void)
{
    good = good && mico_aes_gcm_seal(key16, nonce, none, text, out, 16) == MICO_OK;
}
static void chachapoly(void)
{
    mico_chachapoly_seal(seed, data, none, text, out);
}

static void say(const char *line)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)line, strlen(line));
}

/* In the place of the board's: every count comes out the same. */
mico_err mico_entropy(uint8_t *to, size_t len)
{
    static uint32_t number;
    uint8_t block[32];
    for (size_t i = 0; i < len; i++) {
        if (i % sizeof block == 0) {
            number++;
            mico_sha256(&number, sizeof number, block);
        }
        to[i] = block[i % sizeof block];
    }
    return MICO_OK;
}

void board_failed(void)
{
    good = false;
}

void board_count(const char *name, unsigned times, void (*run)(void))
{
    char line[80];
    uint64_t from = mico_clock_us();
    for (unsigned n = 0; n < times; n++) {
        run();
    }
    unsigned long us = (unsigned long)(mico_clock_us() - from);
    snprintf(line, sizeof line, "count %s %lu %u\n", name, us, times);
    say(good ? line : "failed\n");
}

static void prepare(void)
{
    memset(data, 0x35, sizeof data);
    memset(out, 0x44, sizeof out);
    memset(shared, 0x52, sizeof shared);
    mico_ed25519_public(seed, ed_public);
    good = mico_p256_public(p256_key, p256_public) == MICO_OK && mico_p384_public(p384_key, p384_public) == MICO_OK &&
           mico_rsa_read_private(MICO_SPAN(rsa_test_key), &rsa) == MICO_OK;
}

int main(void)
{
    static const struct {
        const char *name;
        unsigned times;
        void (*run)(void);
    } all[] = {
        {"ed25519-sign", 4, ed25519_sign},
        {"ed25519-verify", 4, ed25519_verify},
        {"x25519", 4, x25519},
        {"p256-sign", 2, p256_sign},
        {"p256-verify", 2, p256_verify},
        {"p256-agree", 2, p256_agree},
        {"p384-sign", 1, p384_sign},
        {"p384-verify", 1, p384_verify},
        {"rsa2048-verify", 1, rsa_verify},
        {"ffdh2048-agree", 1, ffdh},
        {"srp3072-server", 1, srp_server},
        {"srp3072-client", 1, srp_client},
        {"poly1305-1k", 20, poly1305},
        {"sha256-1k", 20, sha256},
        {"aes128gcm-1k", 20, aes128gcm},
        {"chachapoly-1k", 20, chachapoly},
    };
    prepare();
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        board_count(all[i].name, all[i].times, all[i].run);
    }
    board_count_psa();
    say("done\n");
    mico_board_halt(0);
}

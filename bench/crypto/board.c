/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware: the instructions that public-key operations and 1 KiB of the bulk ones take on the board, a line `count NAME N`
 * each, then `done`. What draws random numbers is left out, since the board in the emulator has none. */
#include <stdio.h>
#include <string.h>

#include "crypto/primitives/ffdh.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rsa_der.h"
#include "crypto/srp/srp.h"
#include "crypto/srp/srp_test_entry.h"
#include "crypto/tests/rsa_test_key.h"
#include "os/port/board.h"
#include "os/port/clock.h"
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
    good = good && ffdh_agree(256, data, out, shared) == MICO_OK;
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
        {"ed25519-sign", 4, ed25519_sign}, {"ed25519-verify", 4, ed25519_verify}, {"x25519", 4, x25519},
        {"p256-sign", 2, p256_sign},       {"p256-verify", 2, p256_verify},       {"p256-agree", 2, p256_agree},
        {"p384-sign", 1, p384_sign},       {"p384-verify", 1, p384_verify},       {"rsa2048-verify", 1, rsa_verify},
        {"ffdh2048-agree", 1, ffdh},       {"srp3072-server", 1, srp_server},     {"sha256-1k", 20, sha256},
        {"aes128gcm-1k", 20, aes128gcm},   {"chachapoly-1k", 20, chachapoly},
    };
    char line[80];
    prepare();
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        uint64_t from = mico_clock_us();
        for (unsigned n = 0; n < all[i].times; n++) {
            all[i].run();
        }
        unsigned long us = (unsigned long)(mico_clock_us() - from);
        snprintf(line, sizeof line, "count %s %lu %u\n", all[i].name, us, all[i].times);
        say(good ? line : "failed\n");
    }
    say("done\n");
    mico_board_halt(0);
}

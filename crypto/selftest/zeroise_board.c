/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware: keys and a seeded generator, then zeroisation on demand, step by step as the console's lines come. The test reads the
 * board's memory in between. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "crypto/psa/mico_psa.h"
#include "os/port/board.h"
#include "os/port/uart.h"
#include "os/store/store.h"

extern uint8_t mps2_data_start[], mps2_stack_top[]; /* sections.ld */

static void say(const char *text)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)text, strlen(text));
}

/* What is planted is nowhere but where it was planted: its complement is a constant. */
static void plant(void)
{
    static const uint8_t complement[32] = {0x11, 0x22, 0x33, 0x44};
    uint8_t bytes[32];
    static struct mico_store unused;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key;
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = complement[i] ^ 0xFF;
    }
    psa_set_key_type(&attributes, PSA_KEY_TYPE_HMAC);
    psa_set_key_algorithm(&attributes, PSA_ALG_HMAC(PSA_ALG_SHA_256));
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    bool good = psa_crypto_init() == PSA_SUCCESS &&
                psa_import_key(&attributes, bytes, sizeof bytes, &key) == PSA_SUCCESS &&
                mico_psa_persist_in(&unused, bytes) == PSA_SUCCESS; /* the sealing key too */
    mico_wipe(bytes, sizeof bytes);
    say(good ? "planted\n" : "failed\n");
}

static void say_next(void)
{
    uint8_t next[32];
    char text[2 * sizeof next + 8] = "next: ";
    if (psa_generate_random(next, sizeof next) == PSA_SUCCESS) {
        mico_hex(next, sizeof next, text + 6);
        text[6 + 2 * sizeof next] = '\n';
        text[7 + 2 * sizeof next] = '\0';
        say(text);
    }
}

static void wait_for_a_line(void)
{
    uint8_t byte = 0;
    while (byte != '\n' && byte != '\r') {
        if (mico_uart_read(MICO_UART_CONSOLE, &byte, 1) == 0) {
            mico_board_wait(10);
        }
    }
}

int main(void)
{
    char line[64];
    snprintf(line, sizeof line, "ram: %lx %lx\n", (unsigned long)(uintptr_t)mps2_data_start,
             (unsigned long)(uintptr_t)mps2_stack_top);
    say(line);
    plant();
    wait_for_a_line();
    say_next();
    wait_for_a_line();
    mico_psa_zeroise();
    say("zeroised\n");
    for (;;) {
        mico_board_wait(1000);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What a command costs the chip: core and driver in one firmware, with a line between them that counts. Says for each
 *     command NAME MICROSECONDS ROUND-TRIPS BYTES
 * with the board's microseconds that the chip alone took (instructions, when they are counted), and what went over the line both
 * ways; then `done`, or `failed NAME`. */
#include <stdio.h>
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip.h"
#include "mscp/host/mscp_host_state.h"
#include "os/port/board.h"
#include "os/port/clock.h"

#define ED25519_ID MSCP_ID_GENERAL
#define P256_ID (MSCP_ID_GENERAL + 1)
#define X25519_ID (MSCP_ID_GENERAL + 2)
#define AGREE_P256_ID (MSCP_ID_GENERAL + 3)
#define COUNTER_ID (MSCP_ID_GENERAL + 4)
#define SECRET_ID (MSCP_ID_GENERAL + 5)
#define MESSAGE 2048 /* bytes that a TLS 1.2 client signs: its transcript with a short chain */

#define NAMES 128   /* as in mscp/chip/main_board.c */
#define WRITES 1000 /* until the log is long */

static struct mscp_chip chip;
static struct mico_store_entry index_memory[NAMES];
static struct mscp_host host;
static struct mscp_binding binding;
static uint8_t answers[4096], message[MESSAGE];
static size_t answers_len;
static uint64_t chip_us;
static unsigned trips, bytes_on_line;

static uint64_t now_ms(void *ctx)
{
    return mico_clock_ms();
}

static void reply(void *ctx, const uint8_t *bytes, size_t len)
{
    memcpy(answers + answers_len, bytes, len);
    answers_len += len;
    bytes_on_line += len;
}

static mico_err line_write(void *ctx, const uint8_t *data, size_t len)
{
    uint64_t before = mico_clock_us();
    mscp_chip_input(&chip, data, len);
    chip_us += mico_clock_us() - before;
    trips++;
    bytes_on_line += len;
    return MICO_OK;
}

static mico_err line_read(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    *len = answers_len < cap ? answers_len : cap;
    memcpy(out, answers, *len);
    memmove(answers, answers + *len, answers_len - *len);
    answers_len -= *len;
    return *len > 0 ? MICO_OK : MICO_ERR_TIMEOUT;
}

/* ---- the commands ---- */

static mico_err open_session(void)
{
    static const struct mscp_transport line = {NULL, line_write, line_read};
    bool found;
    struct mscp_attributes attributes;
    mscp_host_stop(&host);
    mscp_host_start(&host, &line, &binding);
    return mscp_host_attributes(&host, ED25519_ID, &attributes, &found);
}

static mico_err get_attributes(void)
{
    bool found;
    struct mscp_attributes attributes;
    return mscp_host_attributes(&host, ED25519_ID, &attributes, &found);
}

static mico_err sign_ed25519(void)
{
    uint8_t signature[64];
    return mscp_host_sign(&host, ED25519_ID, (struct mico_span){message, 130}, signature);
}

static mico_err sign_login(void)
{
    uint8_t signature[64];
    return mscp_host_sign(&host, ED25519_ID, MICO_SPAN(message), signature);
}

static mico_err sign_p256(void)
{
    uint8_t signature[64];
    return mscp_host_sign(&host, P256_ID, (struct mico_span){message, 130}, signature);
}

static mico_err agree_x25519(void)
{
    static const uint8_t base[32] = {9};
    uint8_t secret[32];
    return mscp_host_agree(&host, X25519_ID, base, secret);
}

static mico_err agree_p256(void)
{
    static uint8_t peer[MSCP_P256_SIZE];
    uint8_t secret[32];
    if (peer[0] == 0 && mscp_host_public_key_p256(&host, P256_ID, peer) != MICO_OK) {
        return MICO_ERR_STATE;
    }
    return mscp_host_agree_p256(&host, AGREE_P256_ID, peer, secret);
}

static mico_err random_32(void)
{
    uint8_t out[32];
    return mscp_host_random(&host, out, sizeof out);
}

static mico_err read_counter(void)
{
    uint64_t value;
    return mscp_host_counter(&host, COUNTER_ID, &value);
}

static mico_err raise_counter(void)
{
    static uint64_t to;
    return mscp_host_counter_raise(&host, COUNTER_ID, ++to);
}

/* What a look-up costs when the chip has written much. */
static mico_err get_attributes_late(void)
{
    static bool written;
    mico_err err = MICO_OK;
    for (unsigned i = 0; !written && err == MICO_OK && i < WRITES; i++) {
        err = raise_counter();
    }
    written = true;
    return err == MICO_OK ? get_attributes() : err;
}

static mico_err mac(void)
{
    uint8_t out[32];
    return mscp_host_mac(&host, SECRET_ID, (struct mico_span){message, 64}, out);
}

static mico_err seal(void)
{
    static uint8_t out[256 + MSCP_SEAL_OVERHEAD];
    return mscp_host_seal(&host, 0, (struct mico_span){message, 256}, out);
}

static mico_err generate(void)
{
    static const struct mscp_attributes raw = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW};
    static uint32_t id = MSCP_ID_GENERAL + 16;
    uint8_t key[32];
    return mscp_host_generate(&host, id++, &raw, key);
}

static const struct command {
    const char *name;
    mico_err (*run)(void);
} commands[] = {
    {"open-session", open_session},
    {"get-attributes", get_attributes},
    {"random-32", random_32},
    {"sign-ed25519", sign_ed25519},
    {"sign-p256", sign_p256},
    {"sign-tls-login", sign_login},
    {"agree-x25519", agree_x25519},
    {"agree-p256", agree_p256},
    {"generate-ed25519", generate},
    {"counter-read", read_counter},
    {"counter-raise", raise_counter},
    {"mac", mac},
    {"seal-256", seal},
    {"attributes-1000-writes-later", get_attributes_late},
};

static mico_err make_objects(void)
{
    static const struct mscp_attributes raw = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW},
                                        p256 = {.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_RAW},
                                        x25519 = {.type = MSCP_KEY_X25519, .usage = MSCP_USE_AGREE},
                                        agrees = {.type = MSCP_KEY_P256, .usage = MSCP_USE_AGREE},
                                        counter = {.type = MSCP_COUNTER, .read = MSCP_SESSION, .write = MSCP_SESSION},
                                        secret = {.type = MSCP_SECRET, .usage = MSCP_USE_MAC};
    const struct mscp_import import = {.id = SECRET_ID, .attributes = &secret, .key = {message, 32}};
    uint8_t key[MSCP_P256_SIZE];
    mico_err err = mscp_host_generate(&host, ED25519_ID, &raw, key);
    err = err == MICO_OK ? mscp_host_generate_p256(&host, P256_ID, &p256, key) : err;
    err = err == MICO_OK ? mscp_host_generate(&host, X25519_ID, &x25519, key) : err;
    err = err == MICO_OK ? mscp_host_generate_p256(&host, AGREE_P256_ID, &agrees, key) : err;
    err = err == MICO_OK ? mscp_host_create(&host, COUNTER_ID, &counter, (struct mico_span){message, 0}) : err;
    return err == MICO_OK ? mscp_host_import(&host, &import, NULL) : err;
}

static mico_err set_up(void)
{
    static const struct mscp_transport line = {NULL, line_write, line_read};
    const struct mscp_chip_platform platform = {
        .flash = mico_board_flash(), .now_ms = now_ms, .reply = reply, .index = index_memory, .index_len = NAMES};
    memset(message, 0x5A, sizeof message);
    mico_err err = mscp_chip_start(&chip, &platform);
    mscp_host_start(&host, &line, NULL);
    err = err == MICO_OK ? mscp_host_pair(&host, &binding) : err;
    return err == MICO_OK ? make_objects() : err;
}

/* Twice: what the first one finds cold, such as a session to be opened, does not count. */
static mico_err measure(const struct command *command)
{
    mico_err err = command->run();
    chip_us = 0;
    trips = bytes_on_line = 0;
    err = err == MICO_OK ? command->run() : err;
    printf("command %s %lu %u %u\n", command->name, (unsigned long)chip_us, trips, bytes_on_line);
    return err;
}

int main(void)
{
    mico_err err = set_up();
    const char *name = "set-up";
    for (size_t i = 0; err == MICO_OK && i < sizeof commands / sizeof commands[0]; i++) {
        name = commands[i].name;
        err = measure(&commands[i]);
    }
    if (err == MICO_OK) {
        printf("done\n");
    } else {
        printf("failed %s: %s\n", name, mico_err_name(err));
    }
    fflush(stdout);
    mico_board_halt(err == MICO_OK ? 0 : 1);
}

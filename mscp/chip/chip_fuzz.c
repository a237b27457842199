/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's whole input. The first byte of the data says how the rest reaches it: as bytes on the line, as a frame
 * with a right CRC, or as the TLVs of a command inside a live session. Whatever comes, an unpaired chip stays what it
 * was, a session's key never answers for a message of another shape, and in the field the factory's objects stay. */
#include <stdlib.h>
#include <string.h>

#include "mscp/chip/chip_internal.h"
#include "os/store/test_flash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define FLASH_SIZE MSCP_FIRMWARE_FLASH_SIZE
#define RUNS_PER_FLASH 2000

static uint8_t memory[FLASH_SIZE];
static struct test_flash flash;
static struct mscp_chip chip;
static unsigned runs;

static uint64_t now_ms(void *ctx)
{
    static uint64_t ms;
    return ms += 100;
}

static void take_reply(void *ctx, const uint8_t *bytes, size_t len)
{
    if (len < 3 || len > MSCP_WIRE_MAX || bytes[0] != 0 || bytes[len - 1] != 0) {
        abort();
    }
}

/* One object of each kind, for commands to find. */
static void make_objects(void)
{
    static const struct {
        uint8_t command;
        uint8_t len;
        uint8_t tlvs[96];
    } made[] = {
        /* AUTH 40: kind 1, 5 tries */
        {MSCP_CREATE_OBJECT, 65, {0x09, 4, 0,    0x40, 0, 0,  0, 0x0A, 8, 0, MSCP_AUTH, 0, 0,    0,  0, 0,
                                  0,    0, 0x0B, 2,    0, 34, 0, 0x0C, 2, 0, 0,         0, 0x08, 34, 0, MSCP_AUTH_HMAC,
                                  5}},
        /* SECRET 300: every use but WRAP, a policy of uses and a rate; 304: WRAP */
        {MSCP_IMPORT_KEY, 66, {0x09, 4, 0, 0, 3,  0,    0,  0x0A, 21,   0,    MSCP_SECRET, 0, 0xC0,
                               3,    0, 0, 0, 13, 2,    6,  0xFF, 0xFF, 0xFF, 0x7F,        7, 100,
                               0,    1, 0, 0, 0,  0x21, 32, 0,    1}},
        {MSCP_IMPORT_KEY, 53, {0x09, 4, 0, 4, 3, 0, 0, 0x0A, 8, 0, MSCP_SECRET, 0, 0, 4, 0, 0, 0, 0, 0x21, 32, 0, 1}},
        /* DATA 301: read with AUTH 40 */
        {MSCP_CREATE_OBJECT, 32, {0x09, 4, 0,    1, 3, 0, 0, 0x0A, 8, 0, MSCP_DATA, 0, 0,    0, 0x40, 1,
                                  0,    0, 0x0B, 2, 0, 1, 0, 0x0C, 2, 0, 0,         0, 0x08, 1, 0,    7}},
        {MSCP_GENERATE_KEY_PAIR, 18, {0x09, 4, 0, 2, 3, 0, 0, 0x0A, 8, 0, MSCP_KEY_X25519, 0, 8, 0x80}},
        {MSCP_GENERATE_KEY_PAIR, 18, {0x09, 4, 0, 3, 3, 0, 0, 0x0A, 8, 0, MSCP_KEY_P256, 0, 0x21, 0}},
        {MSCP_GENERATE_KEY_PAIR, 18, {0x09, 4, 0, 1, 0, 0, 0, 0x0A, 8, 0, MSCP_KEY_ED25519, 0, 0x27, 0}},
    };
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        static uint8_t out_bytes[MSCP_BODY_MAX];
        struct mico_writer out = mico_writer_of(out_bytes, sizeof out_bytes);
        if (mscp_chip_run(&chip, made[i].command, true, (struct mico_span){made[i].tlvs, made[i].len}, &out) !=
            MSCP_OK) {
            abort();
        }
    }
}

/* Every second chip is in the field. */
static void go_to_the_field(void)
{
    static unsigned starts;
    if (starts++ % 2 == 1) {
        chip.life = MSCP_OPERATIONAL & ~MSCP_FACTORY;
    }
}

static void check_the_field(void)
{
    static const uint32_t factory[] = {MSCP_ID_IDENTITY, 0x302, 0x303};
    struct mscp_object object;
    unsigned count;
    if (mscp_chip_lifecycle(&chip) != MSCP_OPERATIONAL) {
        return;
    }
    for (size_t i = 0; i < sizeof factory / sizeof factory[0]; i++) {
        if (mscp_object_load(&chip, factory[i], &object) != MSCP_OK) {
            abort();
        }
    }
    if (mscp_objects_in_field(&chip, &count) != MSCP_OK || count > MSCP_FIELD_KEYS) {
        abort();
    }
}

static void start(void)
{
    test_flash_init(&flash, memory, sizeof memory, 4096, 1);
    const struct mscp_chip_platform platform = {
        .flash = &flash.flash, .now_ms = now_ms, .reply = take_reply, .slot = 1};
    if (mscp_chip_start(&chip, &platform) != MICO_OK) {
        abort();
    }
    chip.paired = true; /* a pairing whose keys nobody has: the records below go round the link */
    make_objects();
    go_to_the_field();
}

static void run_command(const uint8_t *data, size_t len)
{
    static uint8_t out_bytes[MSCP_BODY_MAX];
    if (len == 0) {
        return;
    }
    struct mico_writer out = mico_writer_of(out_bytes, MSCP_BODY_MAX - MSCP_RECORD_OVERHEAD - 4);
    mscp_status_t status = mscp_chip_run(&chip, data[0], true, (struct mico_span){data + 1, len - 1}, &out);
    if (out.failed || status > 0 || status < MSCP_TERMINATED || chip.storage_broken) {
        abort(); /* an answer that does not fit, a status that is none, or a flash that input broke */
    }
    check_the_field();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (runs++ % RUNS_PER_FLASH == 0) {
        start();
    }
    if (len == 0 || len > MSCP_BODY_MAX) {
        return 0;
    }
    uint8_t wire[MSCP_WIRE_MAX];
    switch (data[0] % 3) {
    case 0:
        mscp_chip_input(&chip, data + 1, len - 1);
        break;
    case 1:
        mscp_chip_input(&chip, wire, mscp_wire_encode((struct mico_span){data + 1, len - 1}, wire));
        break;
    default:
        run_command(data + 1, len - 1);
        break;
    }
    return 0;
}

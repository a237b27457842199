/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mscp/chip/chip.h"
#include "tests/traces/cases.h"

#define NAMES 128 /* as in mscp/chip/main_board.c */

struct mscp_host line_host;
struct mscp_binding line_binding;

static struct mscp_chip chip;
static struct mico_store_entry names[NAMES];
static struct test_flash flash;
static uint8_t memory[MSCP_CHIP_STORE_ADDRESS + MSCP_CHIP_STORE_SIZE];
static uint8_t answers[4096];
static size_t answers_len;
static uint64_t now;

uint64_t line_now_ms(void)
{
    return now += 1000;
}

static uint64_t chip_now_ms(void *ctx)
{
    return line_now_ms();
}

static void reply(void *ctx, const uint8_t *bytes, size_t len)
{
    ct_must(len <= sizeof answers - answers_len ? MICO_OK : MICO_ERR_SIZE);
    memcpy(answers + answers_len, bytes, len);
    answers_len += len;
}

static mico_err line_write(void *ctx, const uint8_t *data, size_t len)
{
    mscp_chip_input(&chip, data, len);
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

void line_new_driver(const struct mscp_binding *binding)
{
    static const struct mscp_transport line = {NULL, line_write, line_read};
    answers_len = 0;
    mscp_host_start(&line_host, &line, binding);
}

static void start_chip(void)
{
    const struct mscp_chip_platform platform = {
        .flash = &flash.flash, .now_ms = chip_now_ms, .reply = reply, .index = names, .index_len = NAMES};
    ct_must(mscp_chip_start(&chip, &platform));
}

void line_reset(void)
{
    now = 1000;
    answers_len = 0;
    memset(&chip, 0, sizeof chip);
    test_flash_init(&flash, memory, sizeof memory, 4096, 1);
}

void line_start(void)
{
    start_chip();
    line_new_driver(NULL);
    ct_must(mscp_host_pair(&line_host, &line_binding));
}

void line_restart(void)
{
    mscp_chip_stop(&chip);
    start_chip();
    line_new_driver(&line_binding);
}

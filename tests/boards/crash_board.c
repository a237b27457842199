/* SPDX-License-Identifier: Apache-2.0 */
/* crash.c in the emulator; see crash_run.h. */
#include "tests/boards/crash_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "tests/boards/emulator.h"

#define PATIENCE_MS 20000

static struct emulator board;
static int link_fd = -1; /* from the first letter on: the emulator listens by then */

void run_start(void)
{
    emulator_start(&board, "board_crash", "/dev/urandom");
}

void run_stop(void)
{
    close(link_fd);
    link_fd = -1;
    emulator_stop(&board);
}

void run_cut_power(void)
{
    close(link_fd);
    link_fd = -1;
    emulator_restart(&board);
}

void run_flash(char path[128])
{
    snprintf(path, 128, "%s/flash.bin", board.dir);
}

void run_letter(char letter)
{
    if (link_fd < 0) {
        link_fd = emulator_link(&board);
    }
    assert_int_equal(send(link_fd, &letter, 1, 0), 1);
}

const char *run_expect(const char *text)
{
    return emulator_expect(&board, text, PATIENCE_MS);
}

void run_record(struct mico_crash *crash)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    const char *hex = emulator_expect(&board, "*** record ", PATIENCE_MS);
    size_t len = strspn(hex, "0123456789abcdef") / 2;
    assert_in_range(len, 1, sizeof record);
    char digits[2 * MICO_CRASH_RECORD_MAX + 1] = {0};
    memcpy(digits, hex, 2 * len);
    assert_int_equal(mico_unhex(digits, record, len), MICO_OK);
    assert_int_equal(mico_crash_decode(record, len, crash), MICO_OK);
}

void run_elf(char path[512])
{
    emulator_firmware(path, "tests/boards/board_crash.elf");
}

const char *run_board(void)
{
    return emulator_board();
}

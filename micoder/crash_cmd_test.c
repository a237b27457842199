/* SPDX-License-Identifier: Apache-2.0 */
/* `mico crash` as a user runs it. */
#include "micoder/crash_cmd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "micoder/line_rig.h"

static uint8_t record[MICO_CRASH_RECORD_MAX];
static size_t record_len;

static void put(const char *path, const void *data, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    fclose(file);
}

static int run(const char *words)
{
    char line[256];
    snprintf(line, sizeof line, "crash %s", words);
    return line_run(mico_crash_command, line);
}

static int make(void **state)
{
    struct mico_crash crash = {.cause = MICO_CRASH_STACK,
                               .processor = MICO_CRASH_CORTEX_M,
                               .exception = 6,
                               .status = 1u << 20,
                               .uptime_ms = 61001,
                               .registers = 17,
                               .calls = 2};
    strcpy(crash.board, "mps2-an505");
    strcpy(crash.thread, "worker");
    crash.reg[15] = 0x40406;
    crash.call[0] = 0x40406;
    crash.call[1] = 0x40FFA;
    record_len = mico_crash_encode(&crash, record);
    put("crash.record", record, record_len);
    return 0;
}

static void put_log(const char *path, size_t cut)
{
    char text[4 * MICO_CRASH_RECORD_MAX], hex[2 * MICO_CRASH_RECORD_MAX + 1];
    mico_hex(record, record_len, hex);
    hex[2 * record_len - cut] = '\0';
    int len = snprintf(text, sizeof text, "[1] hello\n*** record 00ff\n*** fault\n*** record %s\nmore\n", hex);
    put(path, text, (size_t)len);
}

static void a_record_is_told_in_words(void **state)
{
    assert_int_equal(run("crash.record"), 0);
    assert_non_null(strstr(line_said, "stack overflow in thread worker on mps2-an505, 61.001 s after its start"));
    assert_non_null(strstr(line_said, "exception 6: usage fault (stack limit)"));
    assert_non_null(strstr(line_said, "pc     00040406"));
    assert_non_null(strstr(line_said, "0x00040ffa"));
}

static void the_last_record_of_a_console_log_is_found(void **state)
{
    put_log("crash.log", 0);
    assert_int_equal(run("crash.log"), 0);
    assert_non_null(strstr(line_said, "stack overflow in thread worker"));
}

/* Another's sector first, then ours with two, of which a cut of power has left the newer in pieces. */
static void the_newest_whole_record_of_a_flash_image_is_found(void **state)
{
    enum { SECTOR = 4096, PLACE = 1024 };
    static uint8_t image[5 * SECTOR];
    memset(image, 0xFF, sizeof image);
    strcpy((char *)image, "firmware that says *** record ");
    memcpy(image + 3 * SECTOR, record, record_len);
    memcpy(image + 3 * SECTOR + PLACE, record, record_len / 2);
    put("crash.flash", image, sizeof image);
    assert_int_equal(run("crash.flash"), 0);
    assert_non_null(strstr(line_said, "stack overflow in thread worker"));
    image[3 * SECTOR + 20] ^= 1;
    put("crash.flash", image, sizeof image);
    assert_int_equal(run("crash.flash"), 1);
    assert_non_null(strstr(line_complained, "there is no crash record in it"));
}

static void json_has_every_field(void **state)
{
    assert_int_equal(run("crash.record --json"), 0);
    cJSON *all = cJSON_Parse(line_said);
    assert_non_null(all);
    assert_string_equal(cJSON_GetObjectItem(all, "thread")->valuestring, "worker");
    assert_string_equal(cJSON_GetObjectItem(all, "cause")->valuestring, "stack overflow");
    assert_string_equal(cJSON_GetObjectItem(cJSON_GetObjectItem(all, "registers"), "pc")->valuestring, "0x40406");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(all, "calls")), 2);
    cJSON_Delete(all);
}

static void what_is_no_record_is_said_with_a_way_out(void **state)
{
    assert_int_equal(run("nowhere"), 1);
    assert_non_null(strstr(line_complained, "error: cannot read nowhere"));
    put("crash.bad", "hello\n", 6);
    assert_int_equal(run("crash.bad"), 1);
    assert_non_null(strstr(line_complained, "no crash record"));
    put("crash.bad", "", 0);
    assert_int_equal(run("crash.bad"), 1);
    put_log("crash.bad", 10);
    assert_int_equal(run("crash.bad"), 1);
    assert_non_null(strstr(line_complained, "cut"));
    uint8_t bad[MICO_CRASH_RECORD_MAX];
    memcpy(bad, record, record_len);
    bad[20] ^= 1;
    put("crash.bad", bad, record_len);
    assert_int_equal(run("crash.bad"), 1);
    assert_non_null(strstr(line_complained, "damaged"));
    assert_int_equal(run("crash.record --elf nowhere.elf"), 1);
    assert_non_null(strstr(line_complained, "no symbols from nowhere.elf"));
    assert_int_equal(run("crash.record --elf"), 2);
    assert_non_null(strstr(line_complained, "--elf needs a file"));
    assert_int_equal(run("/"), 1);
    assert_non_null(strstr(line_complained, "cannot read /"));
}

static void misuse_is_told_from_failure(void **state)
{
    assert_int_equal(run(""), 2);
    assert_int_equal(run("--what"), 2);
    assert_int_equal(run("a b"), 2);
    assert_int_equal(run("--help"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_told_in_words),
        cmocka_unit_test(the_last_record_of_a_console_log_is_found),
        cmocka_unit_test(the_newest_whole_record_of_a_flash_image_is_found),
        cmocka_unit_test(json_has_every_field),
        cmocka_unit_test(what_is_no_record_is_said_with_a_way_out),
        cmocka_unit_test(misuse_is_told_from_failure),
    };
    return cmocka_run_group_tests_name("mico crash", tests, make, NULL);
}

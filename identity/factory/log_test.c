/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "identity/factory/log.h"
#include "identity/factory/test_maker.h"

#define DEVICES 3

static struct test_maker maker;
static struct station station;

static int start(void **state)
{
    test_maker_start(&maker, "log");
    station = (struct station){.maker = "Test", .root = maker.root, .issuing = maker.issuing, .lock = -1};
    snprintf(station.dir, sizeof station.dir, "%s", maker.dir);
    return 0;
}

static int end(void **state)
{
    test_maker_end(&maker);
    return 0;
}

static void append_one(struct station_log *log)
{
    static const uint8_t any[32];
    struct mico_manifest_entry entry;
    test_maker_entry(&maker, 1, any, &entry);
    assert_int_equal(station_log_append(log, &station, &entry), MICO_OK);
}

/* A log of three devices, fresh for each test. */
static int fill(void **state)
{
    struct station_log log;
    char path[STATION_PATH_MAX];
    snprintf(path, sizeof path, "%s/log.jsonl", maker.dir);
    unlink(path);
    snprintf(path, sizeof path, "%s/log.head", maker.dir);
    unlink(path);
    assert_int_equal(station_log_open(&log, &station, true), MICO_OK);
    assert_int_equal(log.count, 0);
    for (int i = 0; i < DEVICES; i++) {
        append_one(&log);
    }
    station_log_close(&log);
    return 0;
}

static void opens_with(size_t count)
{
    struct station_log log;
    assert_int_equal(station_log_open(&log, &station, true), MICO_OK);
    assert_int_equal(log.count, count);
    station_log_close(&log);
}

/* Refused as corrupt, and the line is named. */
static void refused_at(size_t line, bool deep)
{
    struct station_log log;
    char words[32];
    snprintf(words, sizeof words, "line %zu:", line);
    test_catch_stderr();
    mico_err err = station_log_open(&log, &station, deep);
    const char *said = test_caught_stderr();
    assert_int_equal(err, MICO_ERR_CORRUPT);
    assert_int_equal(log.count, 0);
    if (strstr(said, words) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", said, words);
    }
}

static void log_gives_back_what_was_appended(void **state)
{
    struct station_log log;
    assert_int_equal(station_log_open(&log, &station, true), MICO_OK);
    assert_int_equal(log.count, DEVICES);
    for (size_t i = 0; i < DEVICES; i++) {
        assert_int_equal(log.entries[i].index, i + 1);
        assert_ptr_equal(station_log_find(&log, log.entries[i].serial), &log.entries[i]);
        assert_ptr_equal(station_log_find_id(&log, log.entries[i].device_id), &log.entries[i]);
    }
    assert_null(station_log_find(&log, (const uint8_t[MSCP_SERIAL_SIZE]){0}));
    assert_null(station_log_find_id(&log, "00:00:00:00:00:00"));
    append_one(&log);
    station_log_close(&log);
    opens_with(DEVICES + 1);
}

static void any_altered_byte_is_refused_and_its_line_named(void **state)
{
    char *text = test_read(maker.dir, "log.jsonl");
    size_t line = 1;
    for (size_t i = 0; text[i] != '\0'; i++) {
        char was = text[i];
        if (was == '\n') {
            line++;
            continue;
        }
        text[i] = (char)(was ^ 1);
        test_write(maker.dir, "log.jsonl", text);
        refused_at(line, false);
        text[i] = was;
    }
    test_write(maker.dir, "log.jsonl", text);
    opens_with(DEVICES);
    free(text);
}

static char *line_of(char *text, size_t number)
{
    while (number-- > 1) {
        text = strchr(text, '\n') + 1;
    }
    return text;
}

static void line_deleted_is_missed_wherever_it_stood(void **state)
{
    for (size_t number = 1; number <= DEVICES; number++) {
        char *text = test_read(maker.dir, "log.jsonl");
        char *at = line_of(text, number), *next = strchr(at, '\n') + 1;
        memmove(at, next, strlen(next) + 1);
        test_write(maker.dir, "log.jsonl", text);
        refused_at(number, true);
        free(text);
        fill(state);
    }
}

static void lines_swapped_or_repeated_are_refused(void **state)
{
    char *text = test_read(maker.dir, "log.jsonl");
    char mixed[16384];
    int first = (int)(line_of(text, 2) - text), second = (int)(line_of(text, 3) - line_of(text, 2));
    snprintf(mixed, sizeof mixed, "%.*s%.*s%s", second, line_of(text, 2), first, text, line_of(text, 3));
    test_write(maker.dir, "log.jsonl", mixed);
    refused_at(1, true);
    snprintf(mixed, sizeof mixed, "%s%.*s", text, first, text);
    test_write(maker.dir, "log.jsonl", mixed);
    refused_at(4, true);
    free(text);
}

static void line_cut_off_by_a_crash_is_dropped_and_the_log_goes_on(void **state)
{
    struct station_log log;
    char *text = test_read(maker.dir, "log.jsonl");
    const size_t cuts[] = {1, 10, 700};
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        char torn[16384];
        snprintf(torn, sizeof torn, "%s%.*s", text, (int)cuts[i], text);
        test_write(maker.dir, "log.jsonl", torn);
        test_catch_stderr();
        opens_with(DEVICES);
        assert_non_null(strstr(test_caught_stderr(), "crash"));
        char *now = test_read(maker.dir, "log.jsonl");
        assert_string_equal(now, text);
        free(now);
    }
    assert_int_equal(station_log_open(&log, &station, true), MICO_OK);
    append_one(&log);
    station_log_close(&log);
    opens_with(DEVICES + 1);
    free(text);
}

static void crash_between_line_and_head_is_made_good(void **state)
{
    struct station_log log;
    char *head = test_read(maker.dir, "log.head");
    assert_int_equal(station_log_open(&log, &station, true), MICO_OK);
    append_one(&log);
    station_log_close(&log);
    test_write(maker.dir, "log.head", head);
    opens_with(DEVICES + 1);
    char *now = test_read(maker.dir, "log.head");
    assert_int_equal(now[0], '0' + DEVICES + 1);
    free(now);
    free(head);
}

static void damage_at_the_end_is_no_crash_and_nothing_is_shortened(void **state)
{
    char *text = test_read(maker.dir, "log.jsonl");
    size_t len = strlen(text);
    text[len - 1] = ' '; /* the last line's end: head knows that it was whole */
    test_write(maker.dir, "log.jsonl", text);
    refused_at(DEVICES, true);
    char *now = test_read(maker.dir, "log.jsonl");
    assert_string_equal(now, text);
    free(now);
    free(text);
}

static void head_lost_or_altered_is_refused(void **state)
{
    static const char *const heads[] = {"", "x", "3", "3 00\n",
                                        "2 0000000000000000000000000000000000000000000000000000000000000000\n"};
    char path[STATION_PATH_MAX];
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct station_log log;
        test_write(maker.dir, "log.head", heads[i]);
        test_catch_stderr();
        assert_int_equal(station_log_open(&log, &station, true), MICO_ERR_CORRUPT);
        test_caught_stderr();
    }
    snprintf(path, sizeof path, "%s/log.head", maker.dir);
    unlink(path);
    refused_at(DEVICES + 1, true);
}

static void log_of_another_maker_is_refused_at_its_first_line(void **state)
{
    snprintf(station.maker, sizeof station.maker, "Tess");
    refused_at(1, false);
    snprintf(station.maker, sizeof station.maker, "Test");
}

static void certificate_by_another_ca_is_found_by_the_deep_check(void **state)
{
    struct test_maker other;
    test_maker_start(&other, "other");
    station.issuing = other.issuing;
    refused_at(1, true);
    station.issuing = maker.issuing;
    test_maker_end(&other);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, fill)
    const struct CMUnitTest tests[] = {
        TEST(log_gives_back_what_was_appended),
        TEST(any_altered_byte_is_refused_and_its_line_named),
        TEST(line_deleted_is_missed_wherever_it_stood),
        TEST(lines_swapped_or_repeated_are_refused),
        TEST(line_cut_off_by_a_crash_is_dropped_and_the_log_goes_on),
        TEST(crash_between_line_and_head_is_made_good),
        TEST(damage_at_the_end_is_no_crash_and_nothing_is_shortened),
        TEST(head_lost_or_altered_is_refused),
        TEST(log_of_another_maker_is_refused_at_its_first_line),
        TEST(certificate_by_another_ca_is_found_by_the_deep_check),
    };
    return cmocka_run_group_tests(tests, start, end);
}

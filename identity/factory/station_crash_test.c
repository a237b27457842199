/* SPDX-License-Identifier: Apache-2.0 */
/* A station that is cut off: after each step, at random moments, before its label is out. One device, not none or two. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "identity/factory/chip.h"
#include "identity/factory/test_station.h"

static void station_stopped_after_any_step_finishes_with_one_device(void **state)
{
    static const char *const steps[] = {"paired",  "bound",     "binding", "label", "keys", "attest",
                                        "certify", "provision", "dry-run", "lock",  "log"};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        for (unsigned reset = 0; reset < 2; reset++) { /* and with the chip reset in between */
            struct test_device device;
            struct station_made result;
            struct station_chip chip;
            char id[MICO_DEVICE_ID_SIZE + 1];
            test_new_device(&device, "stopped");
            assert_int_equal(test_run_make(factory, &device, steps[i], true, NULL), STOPPED);
            if (reset == 1) {
                test_stop_chip(&device);
                test_start_chip(&device);
            }
            made += strcmp(steps[i], "log") == 0;
            assert_int_equal(station_chip_open(&chip, device.link), MICO_OK);
            station_chip_close(&chip);
            assert_int_equal(test_in_log(chip.info.serial, id), strcmp(steps[i], "log") == 0);
            assert_int_equal(test_make(&device, &result), 0);
            made += strcmp(steps[i], "log") != 0;
            test_check_device(&device, &result);
            assert_int_equal(test_under_way(), 0);
            assert_int_equal(test_make(&device, NULL), -MICO_ERR_DENIED);
            test_end_device(&device);
        }
    }
}

static void label_not_given_out_is_given_again_and_then_never_more(void **state)
{
    struct test_device device;
    struct station_made first, again;
    test_new_device(&device, "label");
    assert_int_equal(test_run_make(factory, &device, NULL, false, &first), 0);
    made++;
    assert_int_equal(test_under_way(), 1);
    assert_int_equal(test_run_make(factory, &device, NULL, false, &again), 0);
    assert_string_equal(first.label.code, again.label.code);
    assert_string_equal(first.payload, again.payload);
    assert_string_equal(first.entry.device_id, again.entry.device_id);
    assert_int_equal(test_make(&device, &again), 0);
    test_check_device(&device, &again);
    assert_int_equal(test_make(&device, NULL), -MICO_ERR_DENIED);
    assert_int_equal(test_shell("grep -rqF %s %s", first.label.code, factory), 256); /* the station forgot the code */
    test_end_device(&device);
}

static long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

#define KILLS 24

static void station_killed_at_any_moment_finishes_with_one_device(void **state)
{
    char log[96];
    long whole_run = 0; /* ns; of a run that is not killed: the first */
    snprintf(log, sizeof log, "%s/station.log", dir);
    for (unsigned i = 0; i <= KILLS; i++) {
        struct test_device device;
        struct station_chip chip;
        char id[MICO_DEVICE_ID_SIZE + 1];
        test_new_device(&device, "killed");
        assert_int_equal(station_chip_open(&chip, device.link), MICO_OK); /* it listens */
        station_chip_close(&chip);
        const char *const argv[] = {MICO_STATION, "make",    "--dir",      factory,  "--link",
                                    device.link,  "--flash", device.flash, "--json", NULL};
        pid_t pid = test_start_program(argv, log);
        long begun = now_ns();
        if (i > 0) {
            long pause = whole_run / KILLS * i;
            nanosleep(&(struct timespec){pause / 1000000000L, pause % 1000000000L}, NULL);
            kill(pid, SIGKILL);
        }
        test_wait_for(pid);
        whole_run = i == 0 ? now_ns() - begun : whole_run;
        int status = test_wait_for(test_start_program(argv, log));
        if (status != 0 && status != 3) {
            assert_int_equal(test_shell("tail -5 %s", log), 0);
        }
        assert_true(status == 0 || status == 3); /* 3: the first run had done it all */
        made++;
        assert_true(test_in_log(chip.info.serial, id));
        assert_int_equal(test_under_way(), 0);
        test_end_device(&device);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(station_stopped_after_any_step_finishes_with_one_device),
        cmocka_unit_test(label_not_given_out_is_given_again_and_then_never_more),
        cmocka_unit_test(station_killed_at_any_moment_finishes_with_one_device),
    };
    return cmocka_run_group_tests(tests, test_station_start, test_station_end);
}

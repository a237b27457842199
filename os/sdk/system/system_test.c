/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's system on the posix board: what it remembers, whom it notifies, its clocks, its monitors. What resets
 * the board is shown by apps/examples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"

struct settings {
    char text[12];
    uint32_t count;
};

static int defaults;

void appRestoreDefault_callback(void *const user_config_data, uint32_t size)
{
    defaults++;
    if (size >= sizeof(struct settings)) {
        ((struct settings *)user_config_data)->count = 7;
    }
}

static void without_flash_the_context_is_in_ram_alone(void **state)
{
    assert_null(mico_system_context_get());
    assert_null(mico_system_context_init(MICO_SYSTEM_USER_DATA_MAX + 1));
    mico_Context_t *context = mico_system_context_init(sizeof(struct settings));
    assert_non_null(context);
    assert_ptr_equal(mico_system_context_get(), context);
    assert_int_equal(((struct settings *)mico_system_context_get_user_data(context))->count, 7);
    assert_int_equal(mico_system_context_update(context), kUnsupportedErr);
    mico_posix_board_flash("system_test.flash");
}

static void what_was_updated_is_there_after_the_next_start(void **state)
{
    mico_Context_t *context = mico_system_context_init(sizeof(struct settings));
    struct settings *settings = mico_system_context_get_user_data(context);
    strcpy(settings->text, "kept");
    settings->count = 8;
    strcpy(context->micoSystemConfig.name, "lamp");
    assert_int_equal(mico_system_context_update(context), kNoErr);
    int32_t seed = context->micoSystemConfig.seed;
    settings->count = 9; /* not updated */
    defaults = 0;
    context = mico_system_context_init(sizeof(struct settings));
    settings = mico_system_context_get_user_data(context);
    assert_int_equal(defaults, 0);
    assert_string_equal(settings->text, "kept");
    assert_int_equal(settings->count, 8);
    assert_string_equal(context->micoSystemConfig.name, "lamp");
    assert_int_equal(context->micoSystemConfig.seed, seed);
}

static void data_of_another_size_is_not_taken(void **state)
{
    defaults = 0;
    mico_Context_t *context = mico_system_context_init(sizeof(struct settings) + 4);
    assert_int_equal(defaults, 1);
    struct settings *settings = mico_system_context_get_user_data(context);
    assert_string_equal(settings->text, "");
    assert_int_equal(settings->count, 7);
    assert_string_equal(context->micoSystemConfig.name, "");
}

static void restoring_gives_the_first_values_and_keeps_them(void **state)
{
    mico_Context_t *context = mico_system_context_init(sizeof(struct settings));
    struct settings *settings = mico_system_context_get_user_data(context);
    settings->count = 10;
    assert_int_equal(mico_system_context_update(context), kNoErr);
    assert_int_equal(mico_system_context_restore(context), kNoErr);
    assert_int_equal(settings->count, 7);
    defaults = 0;
    (void)mico_system_context_init(sizeof(struct settings));
    assert_int_equal(defaults, 0);
    assert_int_equal(settings->count, 7);
}

static void the_largest_data_is_kept_many_times_over(void **state)
{
    mico_Context_t *context = mico_system_context_init(MICO_SYSTEM_USER_DATA_MAX);
    uint8_t *data = mico_system_context_get_user_data(context);
    for (int i = 0; i < 100; i++) {
        memset(data, i, MICO_SYSTEM_USER_DATA_MAX);
        assert_int_equal(mico_system_context_update(context), kNoErr);
    }
    (void)mico_system_context_init(MICO_SYSTEM_USER_DATA_MAX);
    assert_int_equal(data[MICO_SYSTEM_USER_DATA_MAX - 1], 99);
}

static void sections_are_read_and_written_within_their_bounds(void **state)
{
    void *place;
    uint32_t count = 11;
    mico_Context_t *context = mico_system_context_init(sizeof(struct settings));
    uint32_t at = offsetof(struct settings, count);
    assert_int_equal(mico_system_para_write(&count, PARA_APP_DATA_SECTION, at, sizeof count), kNoErr);
    assert_int_equal(mico_system_para_read(&place, PARA_APP_DATA_SECTION, at, sizeof count), kNoErr);
    assert_memory_equal(place, &count, sizeof count);
    assert_int_equal(mico_system_para_read_release(place), kNoErr);
    assert_int_equal(mico_system_para_read(&place, PARA_APP_DATA_SECTION, at, sizeof count + 1), kSizeErr);
    assert_int_equal(mico_system_para_read(&place, PARA_APP_DATA_SECTION, UINT32_MAX, 2), kSizeErr);
    assert_int_equal(mico_system_para_read(&place, PARA_SYS_END_SECTION, 0, 1), kParamErr);
    assert_int_equal(mico_system_para_read(NULL, PARA_APP_DATA_SECTION, 0, 1), kParamErr);
    assert_int_equal(mico_system_para_read(&place, PARA_MICO_DATA_SECTION, 0, 1), kNoErr);
    assert_ptr_equal(place, &context->micoSystemConfig);
    assert_int_equal(mico_system_para_write(NULL, PARA_APP_DATA_SECTION, 0, 1), kParamErr);
}

static void another_context_is_refused_everywhere(void **state)
{
    static mico_Context_t other;
    assert_int_equal(mico_system_init(NULL), kParamErr);
    assert_int_equal(mico_system_init(&other), kParamErr);
    assert_int_equal(mico_system_context_update(&other), kParamErr);
    assert_int_equal(mico_system_context_restore(NULL), kParamErr);
    assert_null(mico_system_context_get_user_data(NULL));
    assert_null(mico_system_context_get_user_data(&other));
    assert_int_equal(mico_system_power_perform(&other, eState_Software_Reset), kParamErr);
    assert_int_equal(mico_system_power_perform(mico_system_context_get(), (mico_system_state_t)9), kParamErr);
    assert_int_equal(mico_system_power_perform(mico_system_context_get(), eState_Standby), kUnsupportedErr);
    assert_int_equal(mico_system_power_perform(mico_system_context_get(), eState_Normal), kNoErr);
}

static int ups, addresses;

static void on_status(WiFiEvent event, void *arg)
{
    ups += event == NOTIFY_STATION_UP && arg == &ups;
}

static void on_address(IPStatusTypedef *status, void *arg)
{
    addresses += strcmp(status->ip, "127.0.0.1") == 0;
}

static void the_system_starts_and_notifies(void **state)
{
    mico_Context_t *context = mico_system_context_get();
    system_status_wlan_t *status;
    assert_int_equal(mico_system_notify_register(mico_notify_WIFI_STATUS_CHANGED, NULL, NULL), kParamErr);
    assert_int_equal(mico_system_notify_register((mico_notify_types_t)13, (void *)on_status, NULL), kParamErr);
    for (int i = 0; i < 3; i++) { /* the second and third time change nothing */
        assert_int_equal(mico_system_notify_register(mico_notify_WIFI_STATUS_CHANGED, (void *)on_status, &ups), kNoErr);
    }
    for (int i = 0; i < 7; i++) {
        assert_int_equal(mico_system_notify_register((mico_notify_types_t)(i + 3), (void *)on_address, NULL), kNoErr);
    }
    assert_int_equal(mico_system_notify_register(mico_notify_WIFI_Fatal_ERROR, (void *)on_address, NULL),
                     kNoResourcesErr);
    assert_int_equal(mico_system_init(context), kNoErr);
    assert_int_equal(ups, 1);
    assert_int_equal(addresses, 1);
    assert_int_equal(mico_system_notify_remove(mico_notify_WIFI_STATUS_CHANGED, (void *)on_status), kNoErr);
    assert_int_equal(mico_system_notify_remove(mico_notify_WIFI_STATUS_CHANGED, (void *)on_status), kNotFoundErr);
    assert_int_equal(mico_system_notify_remove_all(mico_notify_DHCP_COMPLETED), kNoErr);
    assert_int_equal(mico_system_notify_remove_all((mico_notify_types_t)-1), kParamErr);
    assert_int_equal(mico_system_init(context), kNoErr);
    assert_int_equal(ups, 1);
    assert_int_equal(addresses, 1);
    assert_int_equal(mico_system_get_status_wlan(&status), kNoErr);
    assert_string_equal(status->localIp, "127.0.0.1");
    assert_int_equal(mico_system_get_status_wlan(NULL), kParamErr);
}

static void the_clock_starts_in_2000_and_is_set_in_either_shape(void **state)
{
    mico_rtc_time_t rtc, set = {.sec = 5, .min = 12, .hr = 17, .date = 29, .month = 2, .year = 24};
    mico_utc_time_t utc;
    iso8601_time_t iso;
    assert_int_equal(MicoRtcGetTime(&rtc), kNoErr);
    assert_int_equal(rtc.year, 0);
    assert_int_equal(rtc.weekday, 7); /* a Saturday */
    assert_int_equal(MicoRtcSetTime(&set), kNoErr);
    assert_int_equal(mico_time_get_utc_time(&utc), kNoErr);
    assert_int_equal(utc, 1709226725);
    mico_rtos_thread_sleep(7 * 3600);
    assert_int_equal(MicoRtcGetTime(&rtc), kNoErr);
    assert_int_equal(rtc.date, 1);
    assert_int_equal(rtc.month, 3);
    assert_int_equal(rtc.hr, 0);
    assert_int_equal(rtc.weekday, 6); /* a Friday */
    mico_utc_time_ms_t ms = 1341249154567;
    assert_int_equal(mico_time_set_utc_time_ms(&ms), kNoErr);
    assert_int_equal(mico_time_get_iso8601_time(&iso), kNoErr);
    assert_memory_equal(&iso, "2012-07-02T17:12:34.567000Z", sizeof iso);
    assert_int_equal(mico_time_convert_utc_ms_to_iso8601(UINT64_MAX, &iso), kRangeErr);
    ms = 0;
    assert_int_equal(mico_time_set_utc_time_ms(&ms), kNoErr);
    assert_int_equal(MicoRtcGetTime(&rtc), kRangeErr);
}

static void what_is_no_date_is_refused(void **state)
{
    const mico_rtc_time_t bad[] = {
        {.date = 29, .month = 2, .year = 23},
        {.date = 31, .month = 4},
        {.date = 0, .month = 1},
        {.date = 1, .month = 0},
        {.date = 1, .month = 13},
        {.hr = 24, .date = 1, .month = 1},
        {.min = 60, .date = 1, .month = 1},
        {.sec = 60, .date = 1, .month = 1},
        {.date = 29, .month = 2, .year = 100},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        mico_rtc_time_t time = bad[i];
        assert_int_equal(MicoRtcSetTime(&time), kParamErr);
    }
    assert_int_equal(MicoRtcSetTime(NULL), kParamErr);
    assert_int_equal(MicoRtcGetTime(NULL), kParamErr);
    assert_int_equal(mico_time_get_time(NULL), kParamErr);
    assert_int_equal(mico_time_set_time(NULL), kParamErr);
    assert_int_equal(mico_time_get_utc_time(NULL), kParamErr);
    assert_int_equal(mico_time_get_utc_time_ms(NULL), kParamErr);
    assert_int_equal(mico_time_set_utc_time_ms(NULL), kParamErr);
    assert_int_equal(mico_time_get_iso8601_time(NULL), kParamErr);
}

static void milliseconds_can_be_set_and_go_on(void **state)
{
    mico_time_t time = 5000;
    assert_int_equal(mico_time_set_time(&time), kNoErr);
    mico_rtos_thread_msleep(20);
    assert_int_equal(mico_time_get_time(&time), kNoErr);
    assert_int_equal(time, 5020);
    mico_nanosecond_reset();
    mico_nanosecond_delay(3000000);
    assert_true(mico_nanosecond_clock_value() == 3000000);
}

static void the_system_tells_what_it_is(void **state)
{
    uint8_t version[3] = {0};
    char info[64], cut[5];
    mico_sdk_version(&version[0], &version[1], &version[2]);
    assert_memory_equal(version, "\3\6\0", 3);
    assert_string_equal(MicoGetVer(), "MiCO 3.6.0");
    mico_app_info(info, sizeof info);
    assert_string_equal(info, "MiCO 3.6.0 on posix");
    mico_app_info(cut, sizeof cut);
    assert_string_equal(cut, "MiCO");
    micoMemInfo_t before = *MicoGetMemoryInfo();
    mico_queue_t queue;
    assert_int_equal(mico_rtos_init_queue(&queue, "q", 100, 10), kNoErr);
    assert_in_range(before.free_memory - MicoGetMemoryInfo()->free_memory, 1000, 1100);
    assert_int_equal(MicoGetMemoryInfo()->total_memory, before.total_memory);
    assert_int_equal(mico_rtos_deinit_queue(&queue), kNoErr);
}

static void monitors_that_report_leave_the_board_alone(void **state)
{
    static mico_system_monitor_t monitor[6];
    assert_int_equal(mico_system_monitor_daemen_start(), kNoErr);
    assert_int_equal(mico_system_monitor_daemen_start(), kNoErr);
    assert_int_equal(mico_system_monitor_register(NULL, 1), kParamErr);
    assert_int_equal(mico_system_monitor_update(NULL, 1), kParamErr);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(mico_system_monitor_register(&monitor[i], UINT32_MAX), i < 5 ? kNoErr : kNoResourcesErr);
    }
    assert_int_equal(mico_system_monitor_register(&monitor[2], 500), kNoErr);
    for (int i = 0; i < 20; i++) {
        mico_rtos_thread_msleep(400);
        assert_int_equal(mico_system_monitor_update(&monitor[2], 500), kNoErr);
    }
    assert_int_equal(mico_system_monitor_update(&monitor[2], UINT32_MAX), kNoErr);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_flash_the_context_is_in_ram_alone),
        cmocka_unit_test(what_was_updated_is_there_after_the_next_start),
        cmocka_unit_test(data_of_another_size_is_not_taken),
        cmocka_unit_test(restoring_gives_the_first_values_and_keeps_them),
        cmocka_unit_test(the_largest_data_is_kept_many_times_over),
        cmocka_unit_test(sections_are_read_and_written_within_their_bounds),
        cmocka_unit_test(another_context_is_refused_everywhere),
        cmocka_unit_test(the_system_starts_and_notifies),
        cmocka_unit_test(the_clock_starts_in_2000_and_is_set_in_either_shape),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(milliseconds_can_be_set_and_go_on),
        cmocka_unit_test(the_system_tells_what_it_is),
        cmocka_unit_test(monitors_that_report_leave_the_board_alone),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[4096];
    unlink("system_test.flash");
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}

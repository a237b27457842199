/* SPDX-License-Identifier: Apache-2.0 */
/* The real-time clock, set by hand, and the same time in its other shapes. */
#include "mico.h"

#define clock_log(...) custom_log("CLOCK", __VA_ARGS__)

int application_start(void)
{
    mico_rtc_time_t now, leap = {.year = 24, .month = 2, .date = 29, .hr = 23, .min = 59, .sec = 59};
    mico_utc_time_t utc;
    iso8601_time_t text;

    OSStatus err = MicoRtcGetTime(&now);
    require_noerr(err, exit);
    clock_log("unset it is the year %d", 2000 + now.year);
    err = MicoRtcSetTime(&leap);
    require_noerr(err, exit);
    mico_thread_sleep(2);
    err = MicoRtcGetTime(&now);
    require_noerr(err, exit);
    clock_log("two seconds later: %d-%02d-%02d, day %d of the week", 2000 + now.year, now.month, now.date, now.weekday);
    err = mico_time_get_utc_time(&utc);
    require_noerr(err, exit);
    clock_log("days since 1970: %lu", (unsigned long)(utc / 86400));
    err = mico_time_convert_utc_ms_to_iso8601(1341249154567, &text);
    require_noerr(err, exit);
    clock_log("%.*s", (int)sizeof text, (char *)&text);
    leap.year = 23;
    clock_log("29 February 2023: %d", MicoRtcSetTime(&leap));

exit:
    return err;
}

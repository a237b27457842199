/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's clocks: milliseconds that an application may set, the time of day in both of its shapes, and delays. All
 * are the board's monotonic clock and a difference. */
#include "os/port/clock.h"

#include <time.h>

#include "os/kernel/kernel.h"
#include "os/sdk/MiCODrivers/MiCODriverRtc.h"
#include "os/sdk/mico_system.h"

#define YEAR_2000_MS 946684800000ull /* since 1970 */

static uint64_t utc_offset_ms = YEAR_2000_MS;
static uint32_t tick_offset_ms;
static uint64_t nanoseconds_from_us;

/* 64 bits are read and written in two steps on the boards. */
static uint64_t utc_ms(void)
{
    uint32_t irq = mico_irq_save();
    uint64_t now = mico_clock_ms() + utc_offset_ms;
    mico_irq_restore(irq);
    return now;
}

static void set_utc_ms(uint64_t ms)
{
    uint32_t irq = mico_irq_save();
    utc_offset_ms = ms - mico_clock_ms();
    mico_irq_restore(irq);
}

OSStatus mico_time_get_time(mico_time_t *time_ms)
{
    if (time_ms == NULL) {
        return kParamErr;
    }
    *time_ms = (mico_time_t)mico_clock_ms() + tick_offset_ms;
    return kNoErr;
}

OSStatus mico_time_set_time(const mico_time_t *time_ms)
{
    if (time_ms == NULL) {
        return kParamErr;
    }
    tick_offset_ms = *time_ms - (mico_time_t)mico_clock_ms();
    return kNoErr;
}

OSStatus mico_time_get_utc_time(mico_utc_time_t *utc_time)
{
    if (utc_time == NULL) {
        return kParamErr;
    }
    *utc_time = (mico_utc_time_t)(utc_ms() / 1000);
    return kNoErr;
}

OSStatus mico_time_get_utc_time_ms(mico_utc_time_ms_t *utc_time_ms)
{
    if (utc_time_ms == NULL) {
        return kParamErr;
    }
    *utc_time_ms = utc_ms();
    return kNoErr;
}

OSStatus mico_time_set_utc_time_ms(const mico_utc_time_ms_t *utc_time_ms)
{
    if (utc_time_ms == NULL) {
        return kParamErr;
    }
    set_utc_ms(*utc_time_ms);
    return kNoErr;
}

OSStatus mico_time_convert_utc_ms_to_iso8601(mico_utc_time_ms_t utc_time_ms, iso8601_time_t *iso8601_time)
{
    struct tm parts;
    char text[64];
    time_t seconds = (time_t)(utc_time_ms / 1000);
    if (iso8601_time == NULL) {
        return kParamErr;
    }
    if (utc_time_ms / 1000 > 253402300799ull || gmtime_r(&seconds, &parts) == NULL) { /* the end of the year 9999 */
        return kRangeErr;
    }
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03u000Z", parts.tm_year + 1900, parts.tm_mon + 1,
             parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, (unsigned)(utc_time_ms % 1000));
    memcpy(iso8601_time, text, sizeof *iso8601_time);
    return kNoErr;
}

OSStatus mico_time_get_iso8601_time(iso8601_time_t *iso8601_time)
{
    return mico_time_convert_utc_ms_to_iso8601(utc_ms(), iso8601_time);
}

void MicoRtcInitialize(void)
{
}

OSStatus MicoRtcGetTime(mico_rtc_time_t *time)
{
    struct tm parts;
    time_t seconds = (time_t)(utc_ms() / 1000);
    if (time == NULL) {
        return kParamErr;
    }
    if (gmtime_r(&seconds, &parts) == NULL || parts.tm_year < 100 || parts.tm_year > 355) {
        return kRangeErr;
    }
    *time = (mico_rtc_time_t){
        .sec = (uint8_t)parts.tm_sec,
        .min = (uint8_t)parts.tm_min,
        .hr = (uint8_t)parts.tm_hour,
        .weekday = (uint8_t)(parts.tm_wday + 1),
        .date = (uint8_t)parts.tm_mday,
        .month = (uint8_t)(parts.tm_mon + 1),
        .year = (uint8_t)(parts.tm_year - 100),
    };
    return kNoErr;
}

static unsigned days_in(unsigned month, unsigned year)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

OSStatus MicoRtcSetTime(mico_rtc_time_t *time)
{
    if (time == NULL || time->sec > 59 || time->min > 59 || time->hr > 23 || time->month < 1 || time->month > 12 ||
        time->date < 1 || time->date > days_in(time->month, 2000u + time->year)) {
        return kParamErr;
    }
    uint64_t days = time->date - 1u;
    for (unsigned year = 2000; year < 2000u + time->year; year++) {
        days += 337 + days_in(2, year);
    }
    for (unsigned month = 1; month < time->month; month++) {
        days += days_in(month, 2000u + time->year);
    }
    uint64_t seconds = ((days * 24 + time->hr) * 60 + time->min) * 60 + time->sec;
    set_utc_ms(YEAR_2000_MS + seconds * 1000);
    return kNoErr;
}

void mico_nanosecond_init(void)
{
    mico_nanosecond_reset();
}

void mico_nanosecond_reset(void)
{
    nanoseconds_from_us = mico_clock_us();
}

uint64_t mico_nanosecond_clock_value(void)
{
    return (mico_clock_us() - nanoseconds_from_us) * 1000;
}

/* Whole milliseconds are slept; what is left of the last one is waited for. */
void mico_nanosecond_delay(uint64_t delay_ns)
{
    uint64_t until_us = mico_clock_us() + delay_ns / 1000 + (delay_ns % 1000 != 0);
    uint64_t ms = delay_ns / 1000000;
    if (ms > 0 && !mico_in_interrupt()) {
        mico_thread_sleep_ms(ms < MICO_FOREVER ? (uint32_t)ms : MICO_FOREVER - 1);
    }
    while (mico_clock_us() < until_us) {
    }
}

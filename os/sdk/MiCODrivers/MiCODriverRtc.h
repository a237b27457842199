/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the real-time clock. It counts from the start of the board, from 2000-01-01 until it is set (by hand, or by
 * mico_time_set_utc_time_ms, which sets the same clock), and does not outlive a reset. */
#ifndef OS_SDK_MICODRIVERS_MICODRIVERRTC_H
#define OS_SDK_MICODRIVERS_MICODRIVERRTC_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint8_t sec;
    uint8_t min;
    uint8_t hr;
    uint8_t weekday; /* 1: Sunday, to 7; not read when the time is set */
    uint8_t date;
    uint8_t month;
    uint8_t year; /* since 2000 */
} mico_rtc_time_t;

/** Does nothing: it runs. */
void MicoRtcInitialize(void);
/** kParamErr NULL; kRangeErr when the year is none of 2000 to 2255. */
OSStatus MicoRtcGetTime(mico_rtc_time_t *time);
/** kParamErr for what is no date or time of day. */
OSStatus MicoRtcSetTime(mico_rtc_time_t *time);

#ifdef __cplusplus
}
#endif

#endif

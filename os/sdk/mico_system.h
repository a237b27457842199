/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the system: what it remembers, its start, notifications, power, monitors, time, updates.
 *
 * None of these calls is allowed in interrupts, unless it says so. */
#ifndef OS_SDK_MICO_SYSTEM_H
#define OS_SDK_MICO_SYSTEM_H

#include "os/sdk/common.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/mico_wlan.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 3, 6, 0: the version of the interface. */
void mico_sdk_version(uint8_t *major, uint8_t *minor, uint8_t *revision);
/** "MiCO 3.6.0". [interrupt] */
char *MicoGetVer(void);
/** What runs and where: "MiCO 3.6.0 on mps2-an386", cut to size. */
void mico_app_info(char *out, int size);

typedef struct {
    int num_of_chunks; /* free blocks of the C library's heap */
    int total_memory;  /* bytes of that heap and of the arena of stacks and queues */
    int allocted_memory;
    int free_memory;
} micoMemInfo_t;

/** In storage that the next call overwrites. */
micoMemInfo_t *MicoGetMemoryInfo(void);

/* ---- what the system remembers, in flash ---- */

#define maxSsidLen 32
#define maxKeyLen 64
#define maxNameLen 32
#define maxIpLen 16

typedef enum {
    eState_Normal,
    eState_Software_Reset,
    eState_Wlan_Powerdown,
    eState_Restore_default,
    eState_Standby,
} system_state_t;
typedef system_state_t mico_system_state_t;

enum config_state_type_e {
    unConfigured,
    wLanUnConfigured,
    allConfigured,
    mfgConfigured,
    unConfigured2,
};
typedef uint8_t config_state_type_t;

typedef struct _boot_table_t {
    uint32_t start_address;
    uint32_t length;
    uint8_t version[8];
    uint8_t type;
    uint8_t upgrade_type;
    uint16_t crc;
    uint8_t reserved[4];
} boot_table_t;

/* Kept for the application; the system itself uses none of it, for it has no radio to configure. */
typedef struct _mico_sys_config_t {
    char name[maxNameLen];
    char ssid[maxSsidLen];
    char user_key[maxKeyLen];
    int user_keyLength;
    char key[maxKeyLen];
    int keyLength;
    char bssid[6];
    int channel;
    int security;
    bool rfPowerSaveEnable;
    bool mcuPowerSaveEnable;
    bool dhcpEnable;
    char localIp[maxIpLen];
    char netMask[maxIpLen];
    char gateWay[maxIpLen];
    char dnsServer[maxIpLen];
    config_state_type_t configured;
    uint8_t easyLinkByPass;
    uint32_t reserved;
    uint32_t magic_number;
    int32_t seed; /* counts the updates */
} mico_sys_config_t;

typedef struct {
    boot_table_t bootTable; /* of the last update that was accepted; not kept */
    mico_sys_config_t micoSystemConfig;
} system_config_t;
typedef system_config_t mico_Context_t;

#define MICO_SYSTEM_USER_DATA_MAX 4096u

/** The one context, with size bytes of the application's own: as they were at the last mico_system_context_update, or, when
 * there are none of that size in flash, as after mico_system_context_restore. NULL: size is above
 * MICO_SYSTEM_USER_DATA_MAX, or the flash cannot be read. */
mico_Context_t *mico_system_context_init(uint32_t size);
/** The context; NULL before mico_system_context_init. [interrupt] */
mico_Context_t *mico_system_context_get(void);
/** The application's own data; NULL for another context. [interrupt] */
void *mico_system_context_get_user_data(mico_Context_t *context);
/** Keep both; a power cut leaves the old ones or the new ones of each. kParamErr; kUnsupportedErr on a posix board without
 * flash; kNoSpaceErr, kWriteErr. */
OSStatus mico_system_context_update(mico_Context_t *context);
/** Zeros, what appRestoreDefault_callback makes of the application's data, and an update. */
OSStatus mico_system_context_restore(mico_Context_t *context);
/** The application may define it: gives its data their first values. */
void appRestoreDefault_callback(void *const user_config_data, uint32_t size);

typedef enum {
    PARA_BOOT_TABLE_SECTION,
    PARA_MICO_DATA_SECTION,
    PARA_SYS_END_SECTION,
    PARA_APP_DATA_SECTION,
    PARA_END_SECTION,
} para_section_t;

/** Where size bytes at offset of a section of the context lie; nothing is copied. kParamErr; kNotPreparedErr without a
 * context; kSizeErr past the section's end. */
OSStatus mico_system_para_read(void **info_ptr, int section, uint32_t offset, uint32_t size);
OSStatus mico_system_para_read_release(void *info_ptr);
/** Change such bytes, and update. */
OSStatus mico_system_para_write(const void *info_ptr, int section, uint32_t offset, uint32_t size);

/* ---- updates: an image in MICO_PARTITION_OTA_TEMP, written with MicoFlashWrite ---- */

/** Have the loader install it at the next start. Checked first: ota_data_crc (CRC-16 of CheckSumUtils.h over ota_data_len
 * bytes), then the image, as strictly as the loader does, which checks it once more: its form, that who signed what runs
 * signed it, its security counter, and, in the clear, its digest. kParamErr; kChecksumErr; kFormatErr, kSizeErr (the image is
 * longer than ota_data_len, too), kUnsupportedErr (also without flash); kSignatureErr; kVersionErr (older than allowed);
 * kReadErr, kWriteErr; kGeneralErr in an interrupt. The log names the field. */
OSStatus mico_ota_switch_to_new_fw(int ota_data_len, uint16_t ota_data_crc);

/* ---- start and notifications ---- */

/** Bring the network up, at most 20 s, and notify. kParamErr, kTimeoutErr, kGeneralErr. */
OSStatus mico_system_init(mico_Context_t *context);

typedef struct {
    system_state_t current_sys_state;
    mico_semaphore_t sys_state_change_sem;
    char localIp[maxIpLen];
    char netMask[maxIpLen];
    char gateWay[maxIpLen];
    char dnsServer[maxIpLen];
    char mac[18];
    char rf_version[50];
} system_status_wlan_t;
typedef system_status_wlan_t mico_system_status_wlan_t;

/** The station's address, in storage that the next call overwrites; what is not known is empty. kParamErr. */
OSStatus mico_system_get_status_wlan(mico_system_status_wlan_t **status);
#define mico_system_wlan_get_status mico_system_get_status_wlan

/* Sent are WIFI_STATUS_CHANGED, DHCP_COMPLETED, WIFI_SCAN_COMPLETED, WIFI_SCAN_ADV_COMPLETED, WIFI_CONNECT_FAILED and
 * SYS_WILL_POWER_OFF; the others never happen. */
typedef enum {
    mico_notify_WIFI_SCAN_COMPLETED, /* void function(ScanResult *, void *arg) */
    mico_notify_WIFI_STATUS_CHANGED, /* void function(WiFiEvent, void *arg) */
    mico_notify_WiFI_PARA_CHANGED,
    mico_notify_DHCP_COMPLETED, /* void function(IPStatusTypedef *, void *arg) */
    mico_notify_EASYLINK_WPS_COMPLETED,
    mico_notify_EASYLINK_GET_EXTRA_DATA,
    mico_notify_TCP_CLIENT_CONNECTED,
    mico_notify_DNS_RESOLVE_COMPLETED,
    mico_notify_SYS_WILL_POWER_OFF, /* void function(void *arg) */
    mico_notify_WIFI_CONNECT_FAILED,     /* void function(OSStatus, void *arg) */
    mico_notify_WIFI_SCAN_ADV_COMPLETED, /* void function(ScanResult_adv *, void *arg) */
    mico_notify_WIFI_Fatal_ERROR,
    mico_notify_Stack_Overflow_ERROR,
} mico_notify_types_t;

/** Have function called, in the thread that causes it. One that is registered already is no second time. kParamErr;
 * kNoResourcesErr past 8. */
OSStatus mico_system_notify_register(mico_notify_types_t type, void *function, void *arg);
/** kNotFoundErr. */
OSStatus mico_system_notify_remove(mico_notify_types_t type, void *function);
/** Every function of a type; kParamErr. */
OSStatus mico_system_notify_remove_all(mico_notify_types_t type);

/* ---- power ---- */

/** eState_Software_Reset notifies and resets, eState_Restore_default forgets the context first: they do not return.
 * eState_Normal changes nothing. kUnsupportedErr for the others; kParamErr. */
OSStatus mico_system_power_perform(mico_Context_t *context, mico_system_state_t new_state);

/* ---- monitors: who promises to report, and does not, has the board reset ---- */

typedef struct _mico_system_monitor_t {
    uint32_t last_update;             /* ms */
    uint32_t longest_permitted_delay; /* ms */
} mico_system_monitor_t;

/** Look at the monitors every 100 ms from now on; once it runs nothing changes. */
OSStatus mico_system_monitor_daemen_start(void);
/** kParamErr; kNoResourcesErr past 5. system_monitor must stay. */
OSStatus mico_system_monitor_register(mico_system_monitor_t *system_monitor, uint32_t initial_permitted_delay);
/** Report, and promise to do so again within permitted_delay. kParamErr. [interrupt] */
OSStatus mico_system_monitor_update(mico_system_monitor_t *system_monitor, uint32_t permitted_delay);

/* ---- time; kParamErr for NULL. [interrupt] but for iso8601 ---- */

/* "2012-07-02T17:12:34.567890Z", without NUL. */
typedef struct __attribute__((packed)) {
    char year[4];
    char dash1;
    char month[2];
    char dash2;
    char day[2];
    char T;
    char hour[2];
    char colon1;
    char minute[2];
    char colon2;
    char second[2];
    char decimal;
    char sub_second[6];
    char Z;
} iso8601_time_t;

/** Milliseconds since the start, or since what set_time said; wraps after 49 days. */
OSStatus mico_time_get_time(mico_time_t *time_ms);
OSStatus mico_time_set_time(const mico_time_t *time_ms);
/** Since 1970; from 2000-01-01 on until it is set. MicoRtcSetTime sets the same clock. */
OSStatus mico_time_get_utc_time(mico_utc_time_t *utc_time);
OSStatus mico_time_get_utc_time_ms(mico_utc_time_ms_t *utc_time_ms);
OSStatus mico_time_set_utc_time_ms(const mico_utc_time_ms_t *utc_time_ms);
/** kRangeErr past the year 9999. */
OSStatus mico_time_get_iso8601_time(iso8601_time_t *iso8601_time);
OSStatus mico_time_convert_utc_ms_to_iso8601(mico_utc_time_ms_t utc_time_ms, iso8601_time_t *iso8601_time);

/** A clock of microseconds, told in nanoseconds, from the last reset of it. */
void mico_nanosecond_init(void);
void mico_nanosecond_reset(void);
uint64_t mico_nanosecond_clock_value(void);
/** Whole milliseconds are slept (not in interrupts), the rest is waited for. */
void mico_nanosecond_delay(uint64_t delay_ns);
#define MicoNanosendDelay mico_nanosecond_delay

#ifdef __cplusplus
}
#endif

#endif

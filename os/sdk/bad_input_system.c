/* SPDX-License-Identifier: Apache-2.0 */
/* Bad input to the system, the board, the console and the helpers: see bad_input_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "RingBufferUtils.h"
#include "SecurityUtils.h"
#include "StringUtils.h"
#include "TLVUtils.h"
#include "URLUtils.h"
#include "base64.h"
#include "mico.h"
#include "os/sdk/bad_input.h"
#include "url.h"

static void nothing(void *arg)
{
}

void the_system(void **state)
{
    void *place;
    char text[4];
    DO(mico_sdk_version(NULL, NULL, NULL));
    DO(MicoGetVer());
    DO(mico_app_info(NULL, 4));
    DO(mico_app_info(text, 0));
    DO(MicoGetMemoryInfo());
    TRY(mico_system_context_init(UINT32_MAX) == NULL, true);
    TRY(mico_system_context_get() == NULL, true);
    TRY(mico_system_context_get_user_data(NULL) == NULL, true);
    TRY(mico_system_context_update(NULL), kParamErr);
    TRY(mico_system_context_restore(NULL), kParamErr);
    DO(appRestoreDefault_callback(NULL, 0));
    TRY(mico_system_para_read(NULL, PARA_APP_DATA_SECTION, 0, 0), kParamErr);
    TRY(mico_system_para_read(&place, PARA_APP_DATA_SECTION, 0, 0), kNotPreparedErr);
    TRY(mico_system_para_read(&place, -1, 0, 0), kParamErr);
    TRY(mico_system_para_read_release(NULL), kParamErr);
    TRY(mico_system_para_write(NULL, PARA_APP_DATA_SECTION, 0, 0), kParamErr);
    TRY(mico_ota_switch_to_new_fw(0, 0), kParamErr);
    TRY(mico_ota_switch_to_new_fw(INT32_MIN, 0), kParamErr);
    TRY(mico_ota_switch_to_new_fw(INT32_MAX, 0), kParamErr);
    TRY(mico_ota_switch_to_new_fw(1, 0), kUnsupportedErr);
    TRY(mico_system_init(NULL), kParamErr);
    TRY(mico_system_get_status_wlan(NULL), kParamErr);
    TRY(mico_system_notify_register((mico_notify_types_t)99, (void *)nothing, NULL), kParamErr);
    TRY(mico_system_notify_register(mico_notify_DHCP_COMPLETED, NULL, NULL), kParamErr);
    TRY(mico_system_notify_remove(mico_notify_DHCP_COMPLETED, NULL), kNotFoundErr);
    TRY(mico_system_notify_remove_all((mico_notify_types_t)99), kParamErr);
    TRY(mico_system_power_perform(NULL, eState_Software_Reset), kParamErr);
    TRY(mico_system_monitor_daemen_start(), kNoErr);
    TRY(mico_system_monitor_register(NULL, 1), kParamErr);
    TRY(mico_system_monitor_update(NULL, 1), kParamErr);
    TRY(mico_time_get_time(NULL), kParamErr);
    TRY(mico_time_set_time(NULL), kParamErr);
    TRY(mico_time_get_utc_time(NULL), kParamErr);
    TRY(mico_time_get_utc_time_ms(NULL), kParamErr);
    TRY(mico_time_set_utc_time_ms(NULL), kParamErr);
    TRY(mico_time_get_iso8601_time(NULL), kParamErr);
    TRY(mico_time_convert_utc_ms_to_iso8601(0, NULL), kParamErr);
    DO(mico_nanosecond_init());
    DO(mico_nanosecond_reset());
    DO(mico_nanosecond_clock_value());
    DO(mico_nanosecond_delay(0));
    TRY(micoWlanGetIPStatus(NULL, Station), kParamErr);
    TRY(micoWlanGetIPStatus(NULL, Soft_AP), kParamErr);
}

void the_board(void **state)
{
    const mico_gpio_t no_pins[] = {MICO_GPIO_UNUSED, MICO_GPIO_MAX, (mico_gpio_t)127, (mico_gpio_t)-128};
    uint8_t octet = 0;
    uint32_t offset = 0;
    mico_i2c_message_t i2c;
    for (size_t i = 0; i < sizeof no_pins / sizeof no_pins[0]; i++) {
        TRY(MicoGpioInitialize(no_pins[i], OUTPUT_PUSH_PULL), kUnsupportedErr);
        TRY(MicoGpioFinalize(no_pins[i]), kUnsupportedErr);
        TRY(MicoGpioOutputHigh(no_pins[i]), kUnsupportedErr);
        TRY(MicoGpioOutputLow(no_pins[i]), kUnsupportedErr);
        TRY(MicoGpioOutputTrigger(no_pins[i]), kUnsupportedErr);
        TRY(MicoGpioInputGet(no_pins[i]), false);
        TRY(MicoGpioEnableIRQ(no_pins[i], IRQ_TRIGGER_BOTH_EDGES, nothing, NULL), kUnsupportedErr);
        TRY(MicoGpioDisableIRQ(no_pins[i]), kUnsupportedErr);
    }
    TRY(MicoGpioInitialize(MICO_SYS_LED, (mico_gpio_config_t)99), kUnsupportedErr);
    TRY(MicoGpioDisableIRQ(EasyLink_BUTTON), kNotInitializedErr);
    TRY(MicoUartInitialize(MICO_UART_NONE, NULL, NULL), kUnsupportedErr);
    TRY(MicoStdioUartInitialize(NULL, NULL), kParamErr);
    TRY(MicoUartFinalize(MICO_UART_1), kNotInitializedErr);
    TRY(MicoUartSend(MICO_UART_1, NULL, 1), kNotInitializedErr);
    TRY(MicoUartRecv(MICO_UART_1, &octet, 1, MICO_WAIT_FOREVER), kNotInitializedErr);
    TRY(MicoUartGetLengthInBuffer(MICO_UART_MAX), 0);
    TRY(MicoFlashGetInfo(MICO_PARTITION_ERROR) == NULL, true);
    TRY(MicoFlashGetInfo(MICO_PARTITION_MAX) == NULL, true);
    TRY(MicoFlashErase(MICO_PARTITION_MAX, 0, 1), kParamErr);
    TRY(MicoFlashErase(MICO_PARTITION_FILESYS, UINT32_MAX, UINT32_MAX), kParamErr);
    TRY(MicoFlashWrite(MICO_PARTITION_FILESYS, NULL, &octet, 1), kParamErr);
    TRY(MicoFlashWrite(MICO_PARTITION_FILESYS, &offset, NULL, 1), kParamErr);
    TRY(MicoFlashWrite(MICO_PARTITION_FILESYS, &offset, &octet, UINT32_MAX), kParamErr);
    TRY(MicoFlashRead(MICO_PARTITION_FILESYS, NULL, &octet, 1), kParamErr);
    TRY(MicoFlashRead(MICO_PARTITION_FILESYS, &offset, &octet, 0), kParamErr);
    TRY(MicoFlashEnableSecurity(MICO_PARTITION_FILESYS, 0, 1), kUnsupportedErr);
    DO(MicoRtcInitialize());
    TRY(MicoRtcGetTime(NULL), kParamErr);
    TRY(MicoRtcSetTime(NULL), kParamErr);
    TRY(MicoRandomNumberRead(NULL, 1), kParamErr);
    TRY(MicoRandomNumberRead(&octet, -1), kParamErr);
    TRY(MicoWdgInitialize(0), kParamErr);
    DO(MicoWdgReload());
    TRY(MicoWdgFinalize(), kNoErr);
    DO(MicoSystemStandBy(1));
    DO(MicoMcuPowerSaveConfig(1));
    DO(MicoSysLed(false));
    DO(MicoRfLed(false));
    TRY(MicoShouldEnterMFGMode(), false);
    TRY(MicoShouldEnterATEMode(), false);
    TRY(MicoShouldEnterBootloader(), false);
    TRY(MicoAdcInitialize(9, 0), kUnsupportedErr);
    TRY(MicoAdcTakeSample(9, NULL), kUnsupportedErr);
    TRY(MicoAdcTakeSampleStreram(9, NULL, 0), kUnsupportedErr);
    TRY(MicoAdcFinalize(9), kUnsupportedErr);
    TRY(MicoPwmInitialize(9, 0, 0), kUnsupportedErr);
    TRY(MicoPwmStart(9), kUnsupportedErr);
    TRY(MicoPwmStop(9), kUnsupportedErr);
    TRY(MicoI2cInitialize(NULL), kUnsupportedErr);
    TRY(MicoI2cProbeDevice(NULL, -1), false);
    TRY(MicoI2cBuildTxMessage(NULL, &octet, 1, 1), kParamErr);
    TRY(MicoI2cBuildRxMessage(&i2c, NULL, 1, 1), kParamErr);
    TRY(MicoI2cBuildCombinedMessage(&i2c, &octet, &octet, 0, 1, 1), kParamErr);
    TRY(MicoI2cTransfer(NULL, NULL, 0), kUnsupportedErr);
    TRY(MicoI2cFinalize(NULL), kUnsupportedErr);
    TRY(MicoSpiInitialize(NULL), kUnsupportedErr);
    TRY(MicoSpiTransfer(NULL, NULL, 0), kUnsupportedErr);
    TRY(MicoSpiFinalize(NULL), kUnsupportedErr);
}

void the_console(void **state)
{
    char key;
    TRY(cli_stop(), -1);
    TRY(cli_register_command(NULL), 1);
    TRY(cli_register_commands(NULL, 1), 1);
    TRY(cli_unregister_command(NULL), 1);
    TRY(cli_unregister_commands(NULL, -1), 1);
    TRY(cli_printf(NULL), 0);
    TRY(mico_cli_getchar(&key), 0);
    TRY(cli_init(), 0);
    TRY(cli_init(), -1);
    TRY(mico_cli_getchar(NULL), 0);
    TRY(cli_stop(), 0);
    mico_rtos_thread_msleep(1);
}

void text_bytes_and_urls(void **state)
{
    uint8_t bytes[12];
    int32_t number;
    uint32_t value;
    char text[16] = "x";
    int len;
    URLComponents url;
    ring_buffer_t ring;
    TRY(str2hex((unsigned char *)"xy", bytes, sizeof bytes), 0);
    DO(formatMACAddr((char[18]){0}, (char[13]){0}));
    DO(Int2Str(bytes, INT32_MIN));
    TRY(Str2Int((uint8_t *)"", &number), 0);
    TRY(mico_strdup(NULL) == NULL, true);
    TRY(mico_strdup_trans_dot(NULL) == NULL, true);
    TRY(TextToHardwareAddress(NULL, 0, 6, bytes), kParamErr);
    TRY(TextToHardwareAddress("1:2", 3, 33, bytes), kParamErr);
    TRY(DataToCString(NULL, 1) == NULL, true);
    TRY(DataToHexString(NULL, 1) == NULL, true);
    TRY(DataToHexStringWithSpaces(bytes, 0) == NULL, true);
    TRY(DataToHexStringWithColons(bytes, SIZE_MAX) == NULL, true);
    TRY(strnicmp("", "", 9), 0);
    TRY(strnicmpx("", 0, ""), 0);
    TRY(strnicmp_suffix("", 0, "x"), 1);
    TRY(strnstr_suffix("", 0, "x") == NULL, true);
    TRY(unsigned_to_hex_string(UINT32_MAX, text, 9, 8), 0);
    TRY(unsigned_to_decimal_string(UINT32_MAX, text, 1, 9), 0);
    TRY(string_to_unsigned("", 0, &value, 1), 0);
    TRY(mico_memmem(text, 1, text, 2) == NULL, true);
    TRY(ring_buffer_init(NULL, bytes, 2), kParamErr);
    TRY(ring_buffer_init(&ring, bytes, 0), kParamErr);
    TRY(ring_buffer_deinit(NULL), kParamErr);
    TRY(TLVGetNext(NULL, NULL, NULL, NULL, NULL, NULL), kParamErr);
    TRY(memcmp_constant_time(NULL, NULL, 0), 0);
    TRY(URLParseComponents("x", NULL, NULL, NULL), kParamErr);
    TRY(URLParseComponents(text + 1, text, &url, NULL), kParamErr);
    DO(PrintURL(NULL));
    TRY(url_parse(NULL) == NULL, true);
    DO(url_free(NULL));
    DO(url_field_print(NULL));
    TRY(base64_encode(NULL, 1, &len) == NULL, true);
    TRY(base64_decode(NULL, 1, &len) == NULL, true);
    TRY(base64_decode((unsigned char *)"", 0, NULL) == NULL, true);
}

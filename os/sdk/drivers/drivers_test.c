/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's drivers on the posix board: a flash in a file, buttons that the test presses, a line that it types on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/port/clock.h"

#undef read
#undef write
#undef close

static int keyboard; /* whose other end is standard input */

static void without_flash_partitions_are_told_but_not_reached(void **state)
{
    uint32_t at = 0;
    uint8_t octet;
    assert_non_null(MicoFlashGetInfo(MICO_PARTITION_OTA_TEMP));
    assert_int_equal(MicoFlashErase(MICO_PARTITION_OTA_TEMP, 0, 1), kUnsupportedErr);
    assert_int_equal(MicoFlashRead(MICO_PARTITION_OTA_TEMP, &at, &octet, 1), kUnsupportedErr);
    assert_int_equal(MicoFlashWrite(MICO_PARTITION_OTA_TEMP, &at, &octet, 1), kUnsupportedErr);
    assert_int_equal(at, 0);
    mico_posix_board_flash("drivers_test.flash");
}

static void writing_clears_bits_and_erasing_sets_whole_sectors(void **state)
{
    uint32_t at = 4090;
    uint8_t data[12] = "hello, flash", back[12];
    assert_int_equal(MicoFlashErase(MICO_PARTITION_PARAMETER_1, 0, 8192), kNoErr);
    assert_int_equal(MicoFlashWrite(MICO_PARTITION_PARAMETER_1, &at, data, sizeof data), kNoErr);
    assert_int_equal(at, 4102);
    at = 4090;
    assert_int_equal(MicoFlashRead(MICO_PARTITION_PARAMETER_1, &at, back, sizeof back), kNoErr);
    assert_memory_equal(back, data, sizeof data);
    at = 4090;
    assert_int_equal(MicoFlashWrite(MICO_PARTITION_PARAMETER_1, &at, (uint8_t *)"\x0f", 1), kNoErr);
    at = 4090;
    assert_int_equal(MicoFlashRead(MICO_PARTITION_PARAMETER_1, &at, back, 1), kNoErr);
    assert_int_equal(back[0], 'h' & 0x0f);
    assert_int_equal(MicoFlashErase(MICO_PARTITION_PARAMETER_1, 4097, 1), kNoErr); /* the second sector alone */
    at = 4094;
    assert_int_equal(MicoFlashRead(MICO_PARTITION_PARAMETER_1, &at, back, 4), kNoErr);
    assert_memory_equal(back, "o,\xff\xff", 4);
}

static void nothing_outside_of_a_partition_is_reached(void **state)
{
    uint8_t octet = 0;
    const mico_logic_partition_t *p = MicoFlashGetInfo(MICO_PARTITION_PARAMETER_2);
    uint32_t end = p->partition_length, last = end - 1, far = UINT32_MAX;
    assert_int_equal(MicoFlashRead(MICO_PARTITION_PARAMETER_2, &last, &octet, 1), kNoErr);
    assert_int_equal(last, end);
    assert_int_equal(MicoFlashRead(MICO_PARTITION_PARAMETER_2, &last, &octet, 1), kParamErr);
    last = end - 1;
    assert_int_equal(MicoFlashWrite(MICO_PARTITION_PARAMETER_2, &last, (uint8_t *)"ab", 2), kParamErr);
    assert_int_equal(MicoFlashWrite(MICO_PARTITION_PARAMETER_2, &far, &octet, 2), kParamErr);
    assert_int_equal(MicoFlashErase(MICO_PARTITION_PARAMETER_2, 0, end + 1), kParamErr);
    assert_int_equal(MicoFlashErase(MICO_PARTITION_PARAMETER_2, UINT32_MAX, 2), kParamErr);
    assert_int_equal(MicoFlashErase(MICO_PARTITION_PARAMETER_2, 0, 0), kParamErr);
    assert_int_equal(last, end - 1);
    for (int i = -1; i <= MICO_PARTITION_NONE; i++) {
        mico_logic_partition_t *info = MicoFlashGetInfo((mico_partition_t)i);
        assert_int_equal(info != NULL, i >= 0 && i < MICO_PARTITION_MAX);
        last = info != NULL ? info->partition_length : 0;
        assert_int_equal(MicoFlashRead((mico_partition_t)i, &last, &octet, 1), kParamErr);
    }
}

static void the_image_that_runs_cannot_be_written(void **state)
{
    uint32_t at = 0;
    uint8_t octet = 0;
    assert_int_equal(MicoFlashRead(MICO_PARTITION_APPLICATION, &at, &octet, 1), kNoErr);
    at = 0;
    assert_int_equal(MicoFlashWrite(MICO_PARTITION_APPLICATION, &at, &octet, 1), kPermissionErr);
    assert_int_equal(MicoFlashErase(MICO_PARTITION_APPLICATION, 0, 1), kPermissionErr);
}

static void partitions_do_not_overlap(void **state)
{
    for (int i = 0; i < MICO_PARTITION_MAX; i++) {
        const mico_logic_partition_t *a = MicoFlashGetInfo((mico_partition_t)i);
        for (int k = 0; k < i; k++) {
            const mico_logic_partition_t *b = MicoFlashGetInfo((mico_partition_t)k);
            assert_true(a->partition_start_addr + a->partition_length <= b->partition_start_addr ||
                        b->partition_start_addr + b->partition_length <= a->partition_start_addr);
        }
        assert_true(a->partition_start_addr % 4096 == 0 && a->partition_length % 4096 == 0);
    }
}

static void a_lamp_is_set_low_high_and_the_other_way_round(void **state)
{
    assert_int_equal(MicoGpioOutputHigh(MICO_SYS_LED), kNotInitializedErr);
    assert_int_equal(MicoGpioInitialize(MICO_SYS_LED, INPUT_PULL_UP), kUnsupportedErr);
    assert_int_equal(MicoGpioInitialize(MICO_SYS_LED, OUTPUT_PUSH_PULL), kNoErr);
    assert_int_equal(MicoGpioOutputHigh(MICO_SYS_LED), kNoErr);
    assert_true(MicoGpioInputGet(MICO_SYS_LED));
    assert_int_equal(MicoGpioOutputTrigger(MICO_SYS_LED), kNoErr);
    assert_false(MicoGpioInputGet(MICO_SYS_LED));
    MicoSysLed(true);
    assert_true(MicoGpioInputGet(MICO_SYS_LED));
    assert_int_equal(MicoGpioOutputLow(MICO_SYS_LED), kNoErr);
    assert_false(MicoGpioInputGet(MICO_SYS_LED));
    assert_int_equal(MicoGpioFinalize(MICO_SYS_LED), kNoErr);
    assert_int_equal(MicoGpioOutputHigh(MICO_GPIO_UNUSED), kUnsupportedErr);
    assert_int_equal(MicoGpioOutputHigh(MICO_GPIO_MAX), kUnsupportedErr);
}

static int presses, in_interrupt;

static void on_press(void *arg)
{
    presses += *(int *)arg;
    in_interrupt += mico_in_interrupt();
}

static void a_button_interrupts_at_the_edges_that_were_asked_for(void **state)
{
    int one = 1;
    assert_int_equal(MicoGpioEnableIRQ(EasyLink_BUTTON, IRQ_TRIGGER_FALLING_EDGE, on_press, &one), kNotInitializedErr);
    assert_int_equal(MicoGpioInitialize(EasyLink_BUTTON, INPUT_PULL_UP), kNoErr);
    assert_true(MicoGpioInputGet(EasyLink_BUTTON));
    assert_int_equal(MicoGpioEnableIRQ(EasyLink_BUTTON, IRQ_TRIGGER_FALLING_EDGE, NULL, &one), kParamErr);
    assert_int_equal(MicoGpioEnableIRQ(EasyLink_BUTTON, (mico_gpio_irq_trigger_t)0, on_press, &one), kParamErr);
    assert_int_equal(MicoGpioEnableIRQ(EasyLink_BUTTON, IRQ_TRIGGER_FALLING_EDGE, on_press, &one), kNoErr);
    mico_posix_press(0, true);
    assert_false(MicoGpioInputGet(EasyLink_BUTTON));
    mico_posix_press(0, false);
    assert_int_equal(presses, 1);
    assert_int_equal(in_interrupt, 1);
    assert_int_equal(MicoGpioEnableIRQ(EasyLink_BUTTON, IRQ_TRIGGER_BOTH_EDGES, on_press, &one), kNoErr);
    mico_posix_press(0, true);
    mico_posix_press(0, false);
    assert_int_equal(presses, 3);
    assert_int_equal(MicoGpioDisableIRQ(EasyLink_BUTTON), kNoErr);
    mico_posix_press(0, true);
    mico_posix_press(0, false);
    assert_int_equal(presses, 3);
    assert_int_equal(MicoGpioOutputHigh(EasyLink_BUTTON), kNotInitializedErr);
}

static mico_uart_config_t config = {115200, DATA_WIDTH_8BIT, NO_PARITY, STOP_BITS_1, FLOW_CONTROL_DISABLED, 0};

static void type(const char *text)
{
    assert_int_equal(write(keyboard, text, strlen(text)), strlen(text));
}

static void only_settings_that_the_line_has_are_taken(void **state)
{
    ring_buffer_t none = {NULL, 0, 0, 0};
    mico_uart_config_t parity = config;
    parity.parity = ODD_PARITY;
    assert_int_equal(MicoUartInitialize(MICO_UART_1, &parity, NULL), kUnsupportedErr);
    assert_int_equal(MicoUartInitialize(MICO_UART_1, NULL, NULL), kParamErr);
    assert_int_equal(MicoUartInitialize(MICO_UART_1, &config, &none), kParamErr);
    assert_int_equal(MicoUartInitialize(MICO_UART_MAX, &config, NULL), kUnsupportedErr);
    assert_int_equal(MicoUartSend(MICO_UART_1, "x", 1), kNotInitializedErr);
    assert_int_equal(MicoUartRecv(MICO_UART_1, &none, 1, 0), kNotInitializedErr);
    assert_int_equal(MicoUartFinalize(MICO_UART_1), kNotInitializedErr);
}

static void bytes_wait_in_the_buffer_until_enough_are_asked_for(void **state)
{
    static ring_buffer_t ring;
    static uint8_t storage[16];
    uint8_t got[16];
    assert_int_equal(ring_buffer_init(&ring, storage, sizeof storage), kNoErr);
    assert_int_equal(MicoUartInitialize(UART_FOR_APP, &config, &ring), kNoErr);
    type("abcde");
    assert_int_equal(MicoUartRecv(MICO_UART_1, got, 3, 100), kNoErr);
    assert_memory_equal(got, "abc", 3);
    uint64_t start = mico_clock_ms();
    assert_int_equal(MicoUartRecv(MICO_UART_1, got, 3, 50), kTimeoutErr);
    assert_int_equal(mico_clock_ms() - start, 50);
    assert_int_equal(MicoUartGetLengthInBuffer(MICO_UART_1), 2);
    assert_int_equal(MicoUartRecv(MICO_UART_1, got, 2, 0), kNoErr);
    assert_memory_equal(got, "de", 2);
    assert_int_equal(MicoUartRecv(MICO_UART_1, got, 16, 0), kSizeErr);
    type("0123456789abcdefgh"); /* more than the buffer holds: the rest is lost */
    assert_int_equal(MicoUartRecv(MICO_UART_1, got, 15, 100), kNoErr);
    assert_memory_equal(got, "0123456789abcde", 15);
    assert_int_equal(MicoUartRecv(MICO_UART_1, got, 1, 20), kTimeoutErr);
}

static OSStatus received;

static void receive_for_ever(mico_thread_arg_t arg)
{
    uint8_t octet;
    received = MicoUartRecv(MICO_UART_1, &octet, 1, MICO_WAIT_FOREVER);
}

static void giving_the_line_back_ends_the_waiting(void **state)
{
    mico_thread_t thread;
    received = 77;
    assert_int_equal(mico_rtos_create_thread(&thread, 3, "receiver", receive_for_ever, 2048, 0), kNoErr);
    assert_int_equal(MicoUartFinalize(MICO_UART_1), kNoErr);
    assert_int_equal(mico_rtos_thread_join(&thread), kNoErr);
    assert_int_equal(received, kGeneralErr);
    assert_int_equal(MicoStdioUartInitialize(&config, NULL), kNoErr);
    assert_int_equal(MicoUartFinalize(STDIO_UART), kNoErr);
}

static void what_no_board_has_says_so(void **state)
{
    mico_i2c_device_t i2c = {0};
    mico_i2c_message_t message;
    mico_spi_device_t spi = {0};
    uint16_t sample;
    assert_int_equal(MicoAdcInitialize(0, 1), kUnsupportedErr);
    assert_int_equal(MicoAdcTakeSample(0, &sample), kUnsupportedErr);
    assert_int_equal(MicoPwmInitialize(0, 1000, 50.0f), kUnsupportedErr);
    assert_int_equal(MicoPwmStart(0), kUnsupportedErr);
    assert_int_equal(MicoI2cInitialize(&i2c), kUnsupportedErr);
    assert_false(MicoI2cProbeDevice(&i2c, 3));
    assert_int_equal(MicoI2cBuildTxMessage(&message, "a", 1, 2), kNoErr);
    assert_int_equal(message.tx_length, 1);
    assert_int_equal(MicoI2cBuildRxMessage(&message, &sample, 0, 2), kParamErr);
    assert_int_equal(MicoSpiInitialize(&spi), kUnsupportedErr);
    assert_int_equal(MicoFlashEnableSecurity(MICO_PARTITION_FILESYS, 0, 1), kUnsupportedErr);
}

static void a_watchdog_that_is_fed_or_stopped_does_not_bark(void **state)
{
    assert_int_equal(MicoWdgInitialize(0), kParamErr);
    assert_int_equal(MicoWdgInitialize(60000), kNoErr);
    MicoWdgReload();
    assert_int_equal(MicoWdgFinalize(), kNoErr);
    MicoWdgReload();
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_flash_partitions_are_told_but_not_reached),
        cmocka_unit_test(writing_clears_bits_and_erasing_sets_whole_sectors),
        cmocka_unit_test(nothing_outside_of_a_partition_is_reached),
        cmocka_unit_test(the_image_that_runs_cannot_be_written),
        cmocka_unit_test(partitions_do_not_overlap),
        cmocka_unit_test(a_lamp_is_set_low_high_and_the_other_way_round),
        cmocka_unit_test(a_button_interrupts_at_the_edges_that_were_asked_for),
        cmocka_unit_test(only_settings_that_the_line_has_are_taken),
        cmocka_unit_test(bytes_wait_in_the_buffer_until_enough_are_asked_for),
        cmocka_unit_test(giving_the_line_back_ends_the_waiting),
        cmocka_unit_test(what_no_board_has_says_so),
        cmocka_unit_test(a_watchdog_that_is_fed_or_stopped_does_not_bark),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[4096];
    int ends[2];
    unlink("drivers_test.flash");
    if (pipe(ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0) {
        return 1;
    }
    keyboard = ends[1];
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}

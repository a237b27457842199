/* SPDX-License-Identifier: Apache-2.0 */
/* A device whose cloud is down: when it dials. The clock is held: hours pass in no time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "apps/device/internal.h"
#include "os/boards/posix/posix.h"
#include "os/net/tcp.h"
#include "os/port/board.h"
#include "os/port/clock.h"

static struct mico_device device;
static mico_tcp listener;

/* From one attempt to the next. Each gets a connection that ends at once. */
static uint32_t next_gap_ms(void)
{
    static uint64_t before_ms;
    mico_tcp tcp;
    assert_int_equal(mico_tcp_accept(listener, 100000, &tcp), MICO_OK);
    mico_tcp_close(tcp);
    uint64_t gap_ms = mico_clock_ms() - before_ms;
    before_ms += gap_ms;
    return (uint32_t)gap_ms;
}

static void attempts_come_at_random_and_at_last_about_twice_a_minute(void **state)
{
    uint32_t least = UINT32_MAX, most = 0;
    (void)next_gap_ms();
    uint32_t limit_ms = 4000;
    for (int i = 0; i < 12; i++) {
        assert_in_range(next_gap_ms(), 0, limit_ms);
        limit_ms = limit_ms < 30000 ? 2 * limit_ms : 60000;
    }
    for (int i = 0; i < 100; i++) { /* all of 100 miss a third of the range with a probability of 2e-18 */
        uint32_t gap_ms = next_gap_ms();
        least = gap_ms < least ? gap_ms : least;
        most = gap_ms > most ? gap_ms : most;
    }
    assert_in_range(least, 0, 20000);
    assert_in_range(most, 40000, 60000);
}

static int start(void **state)
{
    uint16_t port = 20000 + (uint16_t)(mico_clock_us() * 7919 % 20000);
    while (mico_tcp_listen(port, &listener) != MICO_OK) {
        if (++port == 60000) {
            return -1;
        }
    }
    strcpy(device.cloud.host, "127.0.0.1");
    device.cloud.port = port;
    mico_mutex_init(&device.accessory_lock);
    if (psa_crypto_init() != PSA_SUCCESS) {
        return -1;
    }
    mico_device_cloud_start(&device);
    return 0;
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attempts_come_at_random_and_at_last_about_twice_a_minute),
    };
    mico_board_halt(cmocka_run_group_tests(tests, start, NULL));
}

int main(void)
{
    static uint64_t stack[8192];
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}

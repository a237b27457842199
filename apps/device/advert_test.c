/* SPDX-License-Identifier: Apache-2.0 */
/* What mDNS is told of a device's pairing, while several threads change it. mDNS is the test's own, and slow when it is told to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "apps/device/test_device.h"
#include "os/net/mdns/service.h"
#include "os/port/board.h"

static char told; /* "sf": '1' while it waits to be paired */
static bool slow; /* the next change takes 100 ms */

static char flag_of(const uint8_t *txt, size_t len)
{
    const char *at = memmem(txt, len, "\4sf=", 4);
    assert_non_null(at);
    return at[4];
}

mico_err mico_mdns_start(const char *host)
{
    return MICO_OK;
}

mico_err mico_mdns_publish(const char *instance, const char *type, uint16_t port, const uint8_t *txt, size_t txt_len,
                           uint32_t ttl_s, int *id)
{
    told = flag_of(txt, txt_len);
    *id = 7;
    return MICO_OK;
}

mico_err mico_mdns_publish_txt(int id, const uint8_t *txt, size_t txt_len)
{
    char says = flag_of(txt, txt_len);
    assert_int_equal(id, 7);
    if (slow) {
        slow = false;
        mico_thread_sleep_ms(100);
    }
    told = says;
    return MICO_OK;
}

static void advertise(void *arg)
{
    mico_device_advertise(&device);
}

static void last_change_of_the_pairing_is_what_stays_told(void **state)
{
    static struct mico_thread other;
    static uint64_t stack[4096];
    mico_device_advertise(&device);
    assert_int_equal(told, '0');
    struct mico_controllers paired = device.accessory.controllers;
    device.accessory.controllers = (struct mico_controllers){0};
    slow = true;
    mico_thread_create(&other, "button", 6, advertise, NULL, stack, sizeof stack);
    mico_thread_sleep_ms(10);
    device.accessory.controllers = paired; /* again, before mDNS has taken that it was not */
    mico_device_advertise(&device);
    assert_int_equal(mico_thread_join(&other, 1000), MICO_OK);
    assert_int_equal(told, '0');
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_change_of_the_pairing_is_what_stays_told),
    };
    mico_board_halt(cmocka_run_group_tests(tests, test_device_make, test_parties_unmake));
}

int main(void)
{
    test_device_main(run_all);
}

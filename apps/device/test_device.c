/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "apps/device/test_device.h"
#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "os/boards/posix/posix.h"
#include "os/port/clock.h"

struct mico_device device;
uint64_t test_longest_wait_ms;

static void come_and_go(void *arg)
{
    for (;;) {
        uint64_t start_ms = mico_clock_ms();
        mico_device_lock(&device.accessory_lock);
        mico_mutex_unlock(&device.accessory_lock);
        uint64_t took_ms = mico_clock_ms() - start_ms;
        test_longest_wait_ms = took_ms > test_longest_wait_ms ? took_ms : test_longest_wait_ms;
        mico_thread_sleep_ms(50);
    }
}

static struct mico_mutex psa_lock, random_lock;

static void lock_psa(void)
{
    mico_device_lock(&psa_lock);
}

static void unlock_psa(void)
{
    mico_mutex_unlock(&psa_lock);
}

static void lock_random(void)
{
    mico_device_lock(&random_lock);
}

static void unlock_random(void)
{
    mico_mutex_unlock(&random_lock);
}

int test_device_make(void **state)
{
    static struct mico_thread thread;
    static uint64_t stack[2048];
    static const struct mico_product product = {.name = "Lamp", .model = "Light 1", .service = &mico_service_light};
    mico_mutex_init(&psa_lock);
    mico_mutex_init(&random_lock);
    mico_mutex_init(&device.accessory_lock);
    mico_mutex_init(&device.advert_lock);
    mico_psa_lock_with(lock_psa, unlock_psa);
    mico_random_lock_with(lock_random, unlock_random);
    if (test_parties_make(state) != 0) {
        return -1;
    }
    test_pair(&alice);
    bed.config.now_ms = mico_clock_ms;
    device.product = &product;
    device.provision = bed.store;
    memcpy(device.id, TEST_DEVICE_ID, sizeof TEST_DEVICE_ID);
    if (mico_accessory_start(&device.accessory, &bed.config) != MICO_OK) {
        return -1;
    }
    mico_thread_create(&thread, "direct", 6, come_and_go, NULL, stack, sizeof stack);
    return 0;
}

void test_device_change(void)
{
    mico_device_lock(&device.accessory_lock);
    mico_accessory_changed(&device.accessory, TEST_ON);
    mico_mutex_unlock(&device.accessory_lock);
}

_Noreturn void test_device_main(void (*all)(void *arg))
{
    static uint64_t stack[32768];
    mico_posix_clock_hold();
    mico_kernel_start(all, NULL, stack, sizeof stack);
}

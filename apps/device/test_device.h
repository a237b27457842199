/* SPDX-License-Identifier: Apache-2.0 */
/* A device in memory for tests that run in a thread of the kernel: its accessory is that of pairing's test parties, on
 * the kernel's clock; alice is paired with it. Include it behind cmocka.h. */
#ifndef APPS_DEVICE_TEST_DEVICE_H
#define APPS_DEVICE_TEST_DEVICE_H

#include "apps/device/internal.h"
#include "pairing/accessory/test_parties.h"

#define TEST_ON 9 /* the instance id of the light's "on" */

extern struct mico_device device;

/** How long somebody who needs the accessory every 50 ms has waited for it at most. */
extern uint64_t test_longest_wait_ms;

/** A group's setup; its teardown is test_parties_unmake. */
int test_device_make(void **state);

/** The light changes by itself. */
void test_device_change(void);

/** A program's main: hold the clock and run all in a thread; all ends by mico_board_halt. */
_Noreturn void test_device_main(void (*all)(void *arg));

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What each board adds to the kernel's tests: its part of cases.h (pass_ms, check_elapsed, as_interrupt), and cases. */
#ifndef OS_KERNEL_TEST_PLATFORM_H
#define OS_KERNEL_TEST_PLATFORM_H

#include "os/kernel/test/cases.h"

/* Before the kernel starts. */
void platform_begin(void);

CASES_OF(platform_cases);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Random calls of the whole kernel, for fuzz_test.c. */
#ifndef OS_KERNEL_TEST_FUZZ_CASES_H
#define OS_KERNEL_TEST_FUZZ_CASES_H

#include <stdint.h>

/** Make count random calls, chosen by seed (not 0). A failed check ends the program. */
void fuzz_run(uint64_t seed, uint64_t count);

/** An interrupt that may come at any time while fuzz_run goes on. */
void fuzz_interrupt(void *arg);

#endif

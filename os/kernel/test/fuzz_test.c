/* SPDX-License-Identifier: Apache-2.0 */
/* Twenty million random calls, with interrupts where seeds choose. A run that fails names its seed; MICO_SEED=N runs that one. */
#include <stdio.h>
#include <stdlib.h>

#include "os/boards/posix/posix.h"
#include "os/kernel/test/cases.h"
#include "os/kernel/test/fuzz_cases.h"
#include "os/port/board.h"

#define SEEDS 200u
#define CALLS 100000u /* each */

static void run_seed(unsigned long seed)
{
    printf("seed %lu: ", seed);
    mico_posix_seed(seed);
    mico_posix_seed_interrupt(fuzz_interrupt, NULL);
    fuzz_run(seed, CALLS);
}

static void run_all(void *arg)
{
    const char *one = getenv("MICO_SEED");
    mico_thread_set_priority(mico_thread_self(), MAIN_PRIORITY);
    for (unsigned long seed = 1; one == NULL && seed <= SEEDS; seed++) {
        run_seed(seed);
    }
    if (one != NULL) {
        run_seed(strtoul(one, NULL, 10));
    }
    printf("the kernel holds\n");
    fflush(stdout);
    mico_board_halt(0);
}

int main(void)
{
    static uint64_t stack[8192 / sizeof(uint64_t)];
    mico_posix_clock_hold();
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}

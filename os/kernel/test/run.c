/* SPDX-License-Identifier: Apache-2.0 */
/* Runs all cases in one start of the kernel; exit status 0 when all of them hold. */
#include <stdio.h>

#include "os/kernel/test/cases.h"
#include "os/kernel/test/platform.h"
#include "os/port/board.h"

static unsigned run_group(const struct kernel_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cases[i].run();
        reap();
        printf("ok %s\n", cases[i].name);
    }
    return (unsigned)count;
}

static void run_all(void *arg)
{
    mico_thread_set_priority(mico_thread_self(), MAIN_PRIORITY);
    unsigned count = run_group(thread_cases, thread_cases_count);
    count += run_group(suspend_cases, suspend_cases_count);
    count += run_group(mutex_cases, mutex_cases_count);
    count += run_group(inheritance_cases, inheritance_cases_count);
    count += run_group(ipc_cases, ipc_cases_count);
    count += run_group(event_cases, event_cases_count);
    count += run_group(pool_cases, pool_cases_count);
    count += run_group(timer_cases, timer_cases_count);
    count += run_group(interrupt_cases, interrupt_cases_count);
    count += run_group(misuse_cases, misuse_cases_count);
    count += run_group(platform_cases, platform_cases_count);
    count += run_group(interleaving_cases, interleaving_cases_count);
    count += run_group(random_cases, random_cases_count);
    count += run_group(idle_cases, idle_cases_count);
    printf("all %u cases hold\n", count);
    fflush(stdout);
    mico_board_halt(0);
}

int main(void)
{
    static uint64_t stack[8192 / sizeof(uint64_t)];
    platform_begin();
    CHECK(!mico_kernel_running());
    CHECK(mico_thread_self() == NULL);
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}

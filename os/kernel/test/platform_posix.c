/* SPDX-License-Identifier: Apache-2.0 */
/* The posix board holds its clock: time passes only where the cases say so, and every run is the same. */
#include "os/kernel/test/platform.h"

#include <poll.h>
#include <unistd.h>

#include "os/boards/posix/events.h"
#include "os/boards/posix/posix.h"

void platform_begin(void)
{
    mico_posix_clock_hold();
}

void pass_ms(uint32_t ms)
{
    for (uint32_t i = 0; i < ms; i++) {
        mico_posix_clock_move(1);
        mico_irq_restore(mico_irq_save()); /* here interrupts are served */
    }
}

void check_elapsed(uint64_t start_ms, uint32_t ms, const char *file, int line)
{
    check_int((long long)(mico_clock_ms() - start_ms), ms, "elapsed ms", file, line);
}

void as_interrupt(void (*handler)(void *arg), void *arg)
{
    mico_posix_interrupt(handler, arg);
}

static int pipe_ends[2];

struct wait {
    struct mico_semaphore ready;
    int watch;
};

static void on_ready(void *ctx)
{
    struct wait *wait = ctx;
    CHECK(mico_in_interrupt());
    mico_posix_unwatch(wait->watch);
    wait->watch = -1;
    CHECK_INT(mico_semaphore_give(&wait->ready), MICO_OK);
}

static void wait_for_byte(void *arg)
{
    struct wait wait;
    mico_semaphore_init(&wait.ready, 0, 1);
    wait.watch = mico_posix_watch(pipe_ends[0], POLLIN, on_ready, &wait);
    mark(mico_semaphore_take(&wait.ready, *(const uint32_t *)arg) == MICO_OK ? 'r' : 't');
    mico_posix_unwatch(wait.watch);
}

static void one_byte(void *arg)
{
    CHECK(write(pipe_ends[1], "x", 1) == 1);
}

static void waiting_for_a_descriptor_blocks_only_its_thread(void)
{
    static uint32_t limit_ms = 50;
    CHECK(pipe(pipe_ends) == 0);
    spawn(0, 3, wait_for_byte, &limit_ms);
    uint64_t start = mico_clock_ms();
    mico_thread_sleep_ms(20);
    CHECK_ELAPSED(start, 20);
    CHECK_TRACE("");
    one_byte(NULL);
    mico_thread_sleep_ms(1);
    CHECK_TRACE("r");
    char byte;
    CHECK(read(pipe_ends[0], &byte, 1) == 1);
    spawn(0, 3, wait_for_byte, &limit_ms);
    mico_thread_sleep_ms(49);
    CHECK_TRACE("");
    mico_thread_sleep_ms(2);
    CHECK_TRACE("t");
}

static void a_thread_deleted_while_it_waits_for_a_descriptor_leaves_nothing_behind(void)
{
    static uint32_t limit_ms = MICO_FOREVER;
    spawn(0, 3, wait_for_byte, &limit_ms);
    spawn(1, 3, wait_for_byte, &limit_ms);
    mico_thread_delete(&thread[0]);
    one_byte(NULL);
    mico_thread_sleep_ms(2);
    CHECK_TRACE("r");
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

static void a_busy_thread_does_not_keep_a_higher_one_from_its_descriptor(void)
{
    static uint32_t limit_ms = MICO_FOREVER;
    CHECK(pipe(pipe_ends) == 0);
    spawn(0, 3, wait_for_byte, &limit_ms);
    one_byte(NULL);
    pass_ms(2); /* calls the kernel, but never sleeps */
    CHECK_TRACE("r");
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

const struct kernel_case platform_cases[] = {
    CASE(waiting_for_a_descriptor_blocks_only_its_thread),
    CASE(a_thread_deleted_while_it_waits_for_a_descriptor_leaves_nothing_behind),
    CASE(a_busy_thread_does_not_keep_a_higher_one_from_its_descriptor),
};
END_OF_CASES(platform_cases);

/* SPDX-License-Identifier: Apache-2.0 */
/* What the cases share; see cases.h. */
#include "os/kernel/test/cases.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "os/port/board.h"

#define TEST_STACK 2048u

struct mico_thread thread[THREADS];
static uint64_t stacks[THREADS][TEST_STACK / sizeof(uint64_t)];
static char trace[64];
static size_t trace_len;
static jmp_buf misuse_exit;

void check_failed(const char *what, const char *file, int line)
{
    printf("FAILED %s:%d: %s\n", file, line, what);
    fflush(stdout);
    mico_board_halt(1);
}

void check_int(long long actual, long long expected, const char *what, const char *file, int line)
{
    if (actual != expected) {
        printf("%s is %ld, not %ld\n", what, (long)actual, (long)expected);
        check_failed(what, file, line);
    }
}

void check_kernel(void)
{
    struct mico_thread *all[THREADS + 1];
    for (unsigned i = 0; i < THREADS; i++) {
        all[i] = &thread[i];
    }
    all[THREADS] = mico_thread_self();
    bool self_is_listed = all[THREADS] >= thread && all[THREADS] < thread + THREADS;
    const char *wrong = mico_kernel_check(all, THREADS + (self_is_listed ? 0 : 1));
    if (wrong != NULL) {
        check_failed(wrong, "check_kernel", 0);
    }
}

void spawn(unsigned i, unsigned priority, void (*entry)(void *arg), void *arg)
{
    CHECK(mico_thread_ended(&thread[i]));
    mico_thread_create(&thread[i], "test", priority, entry, arg, stacks[i], sizeof stacks[i]);
}

void reap(void)
{
    for (unsigned i = 0; i < THREADS; i++) {
        mico_thread_delete(&thread[i]);
        CHECK_INT(mico_thread_join(&thread[i], MICO_NO_WAIT), MICO_OK);
    }
    trace_len = 0;
    check_kernel();
}

void let_others_run(void)
{
    mico_thread_sleep_ms(2);
}

void mark(char letter)
{
    uint32_t irq = mico_irq_save();
    CHECK(trace_len < sizeof trace - 1);
    trace[trace_len++] = letter;
    trace[trace_len] = '\0';
    mico_irq_restore(irq);
}

void check_trace(const char *expected, const char *file, int line)
{
    trace[trace_len] = '\0';
    if (strcmp(trace, expected) != 0) {
        printf("trace is \"%s\", not \"%s\"\n", trace, expected);
        check_failed("trace", file, line);
    }
    trace_len = 0;
}

static _Noreturn void leave_by_jump(const char *what)
{
    longjmp(misuse_exit, 1);
}

static void on_misuse(const char *what)
{
    leave_by_jump(what);
}

bool is_misuse(void (*action)(void *arg), void *arg)
{
    volatile bool reported = true;
    mico_kernel_on_misuse(on_misuse);
    if (setjmp(misuse_exit) == 0) {
        action(arg);
        reported = false;
    }
    mico_kernel_on_misuse(NULL);
    return reported;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* An application that crashes as it is told and, in its next life, says what it has found of that. The link brings one letter:
 * f fault, s stack overflow (u: of a thread without a name), a assertion, b abort, m misuse, c forget the last. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "os/crash/report.h"
#include "os/kernel/kernel.h"
#include "os/port/crash.h"
#include "os/port/uart.h"

int application_start(void *arg);
uint32_t crash_dive(uint32_t depth);
void crash_fault(void);
void crash_assert(int letter);
void crash_abort(int letter);
void crash_misuse(void);

static volatile uint32_t depth_reached;
static uint64_t worker_stack[2048 / sizeof(uint64_t)];
static struct mico_thread worker;
static struct mico_mutex mutex;

__attribute__((noinline)) void crash_fault(void)
{
    static volatile uintptr_t nowhere = CRASH_ADDRESS; /* a variable, so that the compiler does not see it coming */
    *(volatile uint32_t *)nowhere = 1;
    depth_reached = 0; /* so that the write above is not the last thing: no tail call */
}

__attribute__((noinline)) uint32_t crash_dive(uint32_t depth)
{
    volatile uint8_t room[64];
    room[depth % sizeof room] = (uint8_t)depth;
    depth_reached = depth;
    return depth == UINT32_MAX ? 0 : crash_dive(depth + 1) + room[0];
}

__attribute__((noinline)) void crash_assert(int letter)
{
    assert(letter == 'A');
    depth_reached = 1;
}

/* As crypto/primitives/must.h does. */
__attribute__((noinline)) void crash_abort(int letter)
{
    if (letter == 'b') {
        abort();
    }
    depth_reached = 4;
}

__attribute__((noinline)) void crash_misuse(void)
{
    if (mico_mutex_lock(&mutex, MICO_FOREVER) == MICO_OK) {
        mico_mutex_deinit(&mutex); /* it has an owner */
    }
    depth_reached = 2;
}

static void crash_as_told(void *letter)
{
    switch ((int)(intptr_t)letter) {
    case 'f':
        crash_fault();
        break;
    case 's':
    case 'u':
        (void)crash_dive(0);
        break;
    case 'a':
        crash_assert((int)(intptr_t)letter);
        break;
    case 'b':
        crash_abort((int)(intptr_t)letter);
        break;
    case 'm':
        crash_misuse();
        break;
    default:
        break;
    }
    depth_reached = 3; /* no tail calls above */
}

static void say_what_was(void)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    struct mico_crash crash;
    size_t len = mico_board_crash_record(record, sizeof record);
    mico_err err = len > 0 ? mico_crash_decode(record, len, &crash) : MICO_OK;
    if (len == 0) {
        printf("crash firmware; before: nothing\n");
    } else if (err != MICO_OK) {
        printf("crash firmware; before: %s\n", mico_err_name(err));
    } else {
        printf("crash firmware; before: %s in thread %s on %s, %u calls, what [%s]\n",
               mico_crash_cause_name(crash.cause), crash.thread, crash.board, crash.calls, crash.what);
    }
    fflush(stdout);
}

int application_start(void *arg)
{
    uint8_t letter = 0;
    mico_board_crash_resets(true);
    mico_mutex_init(&mutex);
    say_what_was();
    while (mico_uart_read(MICO_UART_LINK, &letter, 1) == 0) {
        mico_thread_sleep_ms(5);
    }
    if (letter == 'c') {
        mico_board_crash_clear();
        say_what_was();
    }
    mico_thread_create(&worker, letter != 'u' ? "worker" : NULL, 3, crash_as_told, (void *)(intptr_t)letter,
                       worker_stack, sizeof worker_stack);
    return mico_thread_join(&worker, MICO_FOREVER) == MICO_OK ? 0 : 1;
}

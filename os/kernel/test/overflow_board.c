/* SPDX-License-Identifier: Apache-2.0 */
/* A thread that needs more stack than it has, for board_test.c: the board must stop at the first word too many and name
 * the thread. What lies below its stack is printed while it is whole; a word that changes there ends the program. */
#include <stdio.h>

#include "os/kernel/kernel.h"
#include "os/port/board.h"

#define BELOW 512

static struct {
    uint32_t below[BELOW / sizeof(uint32_t)];
    uint64_t stack[1024 / sizeof(uint64_t)];
} memory;

static struct mico_thread thread;
static volatile uint32_t depth;

static uint32_t go_deeper(uint32_t from)
{
    depth++;
    for (size_t i = 0; i < BELOW / sizeof(uint32_t); i++) {
        if (memory.below[i] != 0x600DF00Du) {
            printf("FAILED: memory below the stack has changed\n");
            fflush(stdout);
            mico_board_halt(1);
        }
    }
    return from == UINT32_MAX ? 0 : go_deeper(from + 1) + depth; /* a few words of stack each time: no tail call */
}

static void dive(void *arg)
{
    (void)go_deeper(0);
}

static void run(void *arg)
{
    for (size_t i = 0; i < BELOW / sizeof(uint32_t); i++) {
        memory.below[i] = 0x600DF00Du;
    }
    mico_thread_create(&thread, "diver", 3, dive, NULL, memory.stack, sizeof memory.stack);
}

int main(void)
{
    static uint64_t stack[2048 / sizeof(uint64_t)];
    mico_kernel_start(run, NULL, stack, sizeof stack);
}

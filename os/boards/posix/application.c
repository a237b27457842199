/* SPDX-License-Identifier: Apache-2.0 */
/* main of every application on the posix board: options, console log, the kernel, application_start. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "os/boards/posix/crash.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

#define STACK_SIZE (16u * 1024u)

int application_start(void *arg); /* SDK v3 also writes it without parameters, which is called alike */

static void console(const char *line, size_t len)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)line, len);
}

static void first_thread(void *arg)
{
    int status = application_start(NULL);
    if (status != 0) {
        mico_board_halt(1);
    }
}

/* The C library's assert ends here instead of in the library; same words, then the crash report. */
void __assert_fail(const char *expression, const char *file, unsigned line, const char *function)
{
    char what[256];
    snprintf(what, sizeof what, "%s:%u: %s: %s", file, line, function, expression);
    fflush(stdout);
    fprintf(stderr, "*** assertion failed: %s\n", what);
    mico_posix_crash_assert(what, (uintptr_t)__builtin_return_address(0));
}

int main(int argc, char **argv)
{
    static uint64_t stack[STACK_SIZE / sizeof(uint64_t)];
    mico_board_init();
    mico_log_to(console, mico_clock_ms);
    mico_posix_board_options(argc, argv);
    const char *seed = getenv("MICO_SEED");
    if (seed != NULL) { /* virtual time, and the order of threads that this number chooses */
        mico_posix_seed(strtoull(seed, NULL, 0));
    }
    mico_kernel_start(first_thread, NULL, stack, sizeof stack);
}

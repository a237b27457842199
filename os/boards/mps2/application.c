/* SPDX-License-Identifier: Apache-2.0 */
/* What stands around an application on the board: log to the console, the kernel, its first thread, and a heap that
 * threads may share. Compiled into each KIND application firmware. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/reent.h>

#include "base/log.h"
#include "os/boards/mps2/crash.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

#define STACK_SIZE (16 * 1024)

int application_start(void *arg); /* SDK v3 also writes it without parameters, which is called alike */
int main(void);
void __malloc_lock(struct _reent *reent);
void __malloc_unlock(struct _reent *reent);

static struct mico_mutex the_heap;

/* The C library calls these around every use of its heap, nested at times; until there are threads nothing is needed.
 */
void __malloc_lock(struct _reent *reent)
{
    assert(!mico_in_interrupt());
    if (mico_kernel_running()) {
        mico_err err = mico_mutex_lock(&the_heap, MICO_FOREVER);
        assert(err == MICO_OK);
    }
}

void __malloc_unlock(struct _reent *reent)
{
    if (mico_kernel_running()) {
        (void)mico_mutex_unlock(&the_heap);
    }
}

/* A whole line goes into the UART's ring at once, so that threads' lines do not mix. */
static void to_console(const char *line, size_t len)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)line, len);
}

static void run(void *arg)
{
    int status = application_start(NULL);
    if (status != 0) {
        MICO_LOG("main", "the application ended with status %d", status);
        mico_board_halt(1);
    }
}

int main(void)
{
    static uint64_t stack[STACK_SIZE / sizeof(uint64_t)];
    mico_mutex_init(&the_heap);
    mps2_crash_keep();
    mico_log_to(to_console, mico_clock_ms);
    mico_kernel_start(run, NULL, stack, sizeof stack);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The process's watchdog: the host's timer, whose signal starts the process again. It counts the host's time, also when the
 * board's clock is held. */
#include "os/port/watchdog.h"

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>

#include "os/port/board.h"

static uint32_t running_ms; /* 0: it does not run */

static void bark(int signal)
{
    mico_board_reset();
}

static void count_from(uint32_t ms)
{
    struct itimerval timer = {.it_value = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

bool mico_watchdog_start(uint32_t timeout_ms)
{
    struct sigaction action = {.sa_handler = bark, .sa_flags = SA_NODEFER}; /* the next life must not have it blocked */
    sigaction(SIGALRM, &action, NULL);
    running_ms = timeout_ms;
    count_from(timeout_ms);
    return true;
}

void mico_watchdog_feed(void)
{
    if (running_ms != 0) {
        count_from(running_ms);
    }
}

void mico_watchdog_stop(void)
{
    running_ms = 0;
    count_from(0);
}

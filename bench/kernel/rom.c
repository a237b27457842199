/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel asks of a board, of one instruction each, so that a link of the kernel alone can be measured. */
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/context.h"
#include "os/port/crash.h"

uint64_t mico_clock_ms(void)
{
    return 0;
}

void mico_port_idle(uint64_t until_ms)
{
}

void mico_board_panic(const char *what)
{
    for (;;) {
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What TCP and UDP share; see readable.h. */
#include "os/net/readable.h"

#include <stddef.h>

#include "os/net/tcp.h"
#include "os/port/clock.h"

static void (*on_readable)(void);

void mico_tcp_on_readable(void (*callback)(void))
{
    on_readable = callback;
}

void mico_net_tell_readable(void)
{
    if (on_readable != NULL) {
        on_readable();
    }
}

uint32_t mico_net_left(uint32_t timeout_ms, uint64_t since_ms)
{
    uint64_t gone = mico_clock_ms() - since_ms;
    return timeout_ms == MICO_NET_FOREVER ? timeout_ms : gone < timeout_ms ? timeout_ms - (uint32_t)gone : 0;
}

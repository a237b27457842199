/* SPDX-License-Identifier: Apache-2.0 */
/* A device as a Linux process: the port of --port, and no loader. */
#include "apps/device/port.h"

#include <stddef.h>

#include "os/boards/posix/posix.h"

uint16_t mico_device_port(void)
{
    return mico_posix_port();
}

const struct mico_handoff *mico_device_handoff(void)
{
    return NULL;
}

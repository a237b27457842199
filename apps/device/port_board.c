/* SPDX-License-Identifier: Apache-2.0 */
/* A device on a microcontroller: port 80, started by our loader. */
#include "apps/device/port.h"

#include <stddef.h>

extern const struct mico_handoff mico_handoff_area; /* the board's linker script */

uint16_t mico_device_port(void)
{
    return 80;
}

const struct mico_handoff *mico_device_handoff(void)
{
    return mico_handoff_area.magic == MICO_HANDOFF_MAGIC ? &mico_handoff_area : NULL;
}

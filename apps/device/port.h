/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between boards for a device: its port and what the loader handed over. One file a board. */
#ifndef APPS_DEVICE_PORT_H
#define APPS_DEVICE_PORT_H

#include <stdint.h>

#include "boot/handoff.h"

/** The TCP port to serve. */
uint16_t mico_device_port(void);

/** What the loader told, or NULL when no loader of ours started us (posix). */
const struct mico_handoff *mico_device_handoff(void);

#endif

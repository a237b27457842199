/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 in one header. The application's entry, application_start, has no prototype here: in use are both
 * `int application_start(void)` and `OSStatus application_start(void *)`. Returning from it is legal. */
#ifndef OS_SDK_MICO_H
#define OS_SDK_MICO_H

#include "json_c/json.h"

#include "os/sdk/common.h"
#include "os/sdk/debug.h"
#include "os/sdk/mico_cli.h"
#include "os/sdk/mico_platform.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/mico_security.h"
#include "os/sdk/mico_socket.h"
#include "os/sdk/mico_system.h"
#include "os/sdk/mico_wlan.h"
#include "os/sdk/network/mico_mdns.h"

#endif

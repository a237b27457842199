/* SPDX-License-Identifier: Apache-2.0 */
/* Ports of a process are shared with all others of the host. */
#include "os/boards/posix/posix.h"
#include "os/sdk/socket_port.h"

uint16_t sdk_listening_port(uint16_t port)
{
    return port == 80 && mico_posix_port() != 0 ? mico_posix_port() : port;
}

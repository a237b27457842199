/* SPDX-License-Identifier: Apache-2.0 */
/* Where a device's own ports lie. */
#ifndef OS_SDK_SOCKET_PORT_H
#define OS_SDK_SOCKET_PORT_H

#include <stdint.h>

/** The port to listen at for an application that asks for port: on posix, --port stands for a device's port 80. */
uint16_t sdk_listening_port(uint16_t port);

#endif

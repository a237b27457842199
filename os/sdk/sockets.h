/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the SDK's sockets share. */
#ifndef OS_SDK_SOCKETS_H
#define OS_SDK_SOCKETS_H

#include "os/sdk/descriptor.h"
#include "os/sdk/mico_socket.h"

/** -1, with number in errno. */
int sdk_fail(int number);

/** Let d go; 0, or -1 with err in errno. */
int sdk_done(struct sdk_descriptor *d, mico_err err);

/** True when address is one of IPv4, then in out. */
bool sdk_is_inet(const struct sockaddr *address, socklen_t len, struct sockaddr_in *out);

/** An address for the application, which may not want it (NULL). */
void sdk_tell_address(const uint8_t ip[4], uint16_t port, struct sockaddr *address, socklen_t *len);

/* UDP. Those that return ssize_t let d go. */

/** Give the socket its port, d->port, with all it was told before. */
MICO_MUST_USE mico_err sdk_datagram_open(struct sdk_descriptor *d);
MICO_MUST_USE mico_err sdk_datagram_connect(struct sdk_descriptor *d, const struct sockaddr_in *to);
ssize_t sdk_datagram_send(struct sdk_descriptor *d, const void *data, size_t len, const struct sockaddr *to,
                          socklen_t to_len);
ssize_t sdk_datagram_receive(struct sdk_descriptor *d, void *out, size_t cap, uint32_t timeout_ms,
                             struct sockaddr *from, socklen_t *from_len);
/** Join or leave a group, now or when the socket gets its port. 0 or the number for errno. */
int sdk_datagram_group(struct sdk_descriptor *d, const uint8_t group[4], bool join);
/** Have the options in d act. 0. */
int sdk_datagram_apply(struct sdk_descriptor *d);

#endif

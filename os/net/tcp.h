/* SPDX-License-Identifier: Apache-2.0 */
/* TCP for the application side of MiCO: the same calls over lwIP on boards and over the host's sockets on posix. Calls
 * block the calling kernel thread only. Addresses are dotted IPv4 or names. One thread may send on a connection while
 * another receives; it may be closed when no thread is inside a call with it. */
#ifndef OS_NET_TCP_H
#define OS_NET_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

typedef int mico_tcp; /* a connection or a listener; negative is none */

#define MICO_TCP_NONE (-1)

/* Of mico_tcp_keep_alive. */
#define MICO_TCP_KEEP_IDLE_S 30
#define MICO_TCP_KEEP_PROBE_S 10
#define MICO_TCP_KEEP_PROBES 3

/** Bring the interface up (DHCP on boards); returns when there is an address, or MICO_ERR_TIMEOUT. Any number of
 * threads may wait for it. */
MICO_MUST_USE mico_err mico_net_up(uint32_t timeout_ms);

/** The device's own address as text, such as "10.0.2.15"; out gets at most 16 bytes with NUL. */
void mico_net_address(char out[16]);

MICO_MUST_USE mico_err mico_tcp_connect(const char *host, uint16_t port, uint32_t timeout_ms, mico_tcp *out);
MICO_MUST_USE mico_err mico_tcp_listen(uint16_t port, mico_tcp *out);
/** MICO_ERR_TIMEOUT when nobody came. */
MICO_MUST_USE mico_err mico_tcp_accept(mico_tcp listener, uint32_t timeout_ms, mico_tcp *out);
/** Send all of data, or fail. Nagle's delay is off. */
MICO_MUST_USE mico_err mico_tcp_send(mico_tcp tcp, const void *data, size_t len, uint32_t timeout_ms);
/** Some of data, at least one byte; *sent says how many. MICO_ERR_TIMEOUT: none within timeout_ms, which may be 0. */
MICO_MUST_USE mico_err mico_tcp_send_some(mico_tcp tcp, const void *data, size_t len, size_t *sent,
                                          uint32_t timeout_ms);
/** At least 1 and at most cap bytes into out. MICO_ERR_TIMEOUT, MICO_ERR_CLOSED (orderly end), MICO_ERR_IO. */
MICO_MUST_USE mico_err mico_tcp_recv(mico_tcp tcp, void *out, size_t cap, size_t *len, uint32_t timeout_ms);
void mico_tcp_close(mico_tcp tcp);

/** With on, have TCP probe the peer of a connection once it has been silent for MICO_TCP_KEEP_IDLE_S, then every
 * MICO_TCP_KEEP_PROBE_S: when as many as MICO_TCP_KEEP_PROBES stay unanswered it is gone, and mico_tcp_recv fails. Without, as at
 * the start, a silent peer is never asked. */
void mico_tcp_keep_alive(mico_tcp tcp, bool on);

/** True when mico_tcp_recv, or of a listener mico_tcp_accept, would not wait. */
bool mico_tcp_readable(mico_tcp tcp);

/** Have callback called, in any thread or an interrupt, after a watched connection has become readable: one callback
 * for all. It must only give a semaphore or the like. */
void mico_tcp_on_readable(void (*callback)(void));

/** Watch tcp until callback was called for it or it is closed. Watch first, then ask mico_tcp_readable, then wait. */
void mico_tcp_watch(mico_tcp tcp);

/** The peer's address, most significant byte first, and port. MICO_ERR_CLOSED when there is none. */
MICO_MUST_USE mico_err mico_tcp_peer(mico_tcp tcp, uint8_t ip[4], uint16_t *port);

/** The device's own address and port of a connection or listener. */
void mico_tcp_local(mico_tcp tcp, uint8_t ip[4], uint16_t *port);

/** Say that nothing more will be sent: the peer sees the end; receiving goes on. MICO_ERR_CLOSED when it is over. */
MICO_MUST_USE mico_err mico_tcp_finish(mico_tcp tcp);

/** The IPv4 address of a name or a dotted address. MICO_ERR_IO when it is not known. */
MICO_MUST_USE mico_err mico_net_resolve(const char *host, uint8_t ip[4]);

#define MICO_NET_FOREVER 0xFFFFFFFFu /* a timeout that never comes */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors: small integers that stand for sockets and for event fds alike, and waiting for them. */
#ifndef OS_SDK_DESCRIPTOR_H
#define OS_SDK_DESCRIPTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "os/net/tcp.h"
#include "os/net/udp.h"

/* The first one is above the C library's three; all are below 24, which applications pass to select as nfds. */
#define SDK_DESCRIPTOR_FIRST 3
#define SDK_DESCRIPTORS 21

enum sdk_descriptor_kind {
    SDK_DESCRIPTOR_EVENT = 1,
    SDK_DESCRIPTOR_SOCKET = 2, /* neither connected nor listening yet */
    SDK_DESCRIPTOR_LISTENER = 4,
    SDK_DESCRIPTOR_CONNECTION = 8,
    SDK_DESCRIPTOR_DATAGRAM = 16,
    SDK_DESCRIPTOR_ANY = 31,
    SDK_DESCRIPTOR_SOCKETS = 30, /* all but events */
};

#define SDK_GROUPS 2 /* multicast groups of one socket */

/* What a UDP socket was told, before it has a port and after. */
struct sdk_datagram {
    mico_udp udp; /* MICO_UDP_NONE until it is bound, by bind or by what it sends first */
    bool shared;  /* SO_REUSEADDR */
    bool broadcast;
    bool deaf; /* does not hear what it sends to its own groups */
    uint8_t ttl;
    uint8_t groups[SDK_GROUPS][4]; /* 0.0.0.0 where none */
    uint8_t peer_ip[4];
    uint16_t peer_port; /* 0: not connected */
};

struct sdk_descriptor {
    uint8_t kind;  /* 0: free */
    uint8_t users; /* calls that are using it now */
    bool closing;  /* goes away with its last user */
    bool nonblocking;
    bool read_ended; /* by shutdown */
    bool keep_alive; /* SO_KEEPALIVE, for the connection that it is, becomes or accepts */
    uint16_t port;
    mico_tcp tcp;
    struct sdk_datagram datagram;
    void *event;
    uint32_t receive_ms, send_ms; /* limits of waiting */
};

/** A new one of kind, or -1 with errno EMFILE. It is empty otherwise and waits for ever. */
int sdk_descriptor_open(enum sdk_descriptor_kind kind);

/** Keep fd from going away until sdk_descriptor_let_go. NULL with errno EBADF when it is not of the kinds. */
struct sdk_descriptor *sdk_descriptor_hold(int fd, unsigned kinds);
void sdk_descriptor_let_go(struct sdk_descriptor *descriptor);

/** Close it; whoever waits for it returns. -1 with errno EBADF. */
int sdk_descriptor_close(int fd, unsigned kinds);

/** Wait until descriptor is readable. MICO_ERR_TIMEOUT; MICO_ERR_STATE when it was closed meanwhile; MICO_ERR_FULL when
 * too many threads wait. */
MICO_MUST_USE mico_err sdk_descriptor_await(const struct sdk_descriptor *descriptor, uint32_t timeout_ms);

/** Something that select may wait for has changed. Also in interrupts. */
void sdk_wake_selectors(void);

/** Is the semaphore or queue of handle readable? False in *valid when it is no such handle. */
bool sdk_event_readable(void *handle, bool *valid);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: BSD sockets, select and event fds.
 *
 * TCP and UDP over IPv4. The BSD names are macros with parameters, so that on posix they do not take the host's calls away from
 * the board. All calls block the calling thread only and none is allowed in interrupts. -1 and errno on errors (boards
 * have one errno for all threads). */
#ifndef OS_SDK_MICO_SOCKET_H
#define OS_SDK_MICO_SOCKET_H

#include <errno.h>
#include <fcntl.h>
#include <sys/select.h>
#include <sys/time.h>
#include <unistd.h>

#if __has_include(<sys/socket.h>)
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#else
#include "os/sdk/socket_types_board.h"
#endif

#include "os/sdk/mico_rtos.h"

#ifdef __cplusplus
extern "C" {
#endif

#undef FD_SETSIZE
#define FD_SETSIZE 64

/** A TCP or UDP socket. EAFNOSUPPORT, EPROTONOSUPPORT for anything else, EMFILE when all 21 descriptors are taken. */
int mico_socket(int domain, int type, int protocol);

/** The port to listen or receive at; the address is taken as any. EINVAL, EBADF; of a UDP socket also EINVAL when it has
 * a port already, EADDRINUSE, ENOMEM. */
int mico_bind(int fd, const struct sockaddr *address, socklen_t len);

/** EADDRINUSE, EINVAL without a port. */
int mico_listen(int fd, int backlog);

/** The next connection. address and len may be NULL. EAGAIN when SO_RCVTIMEO has passed or it does not block. */
int mico_accept(int fd, struct sockaddr *address, socklen_t *len);

/** ETIMEDOUT, ECONNREFUSED. Waits SO_SNDTIMEO, else 20 s, also when the socket does not block. A UDP socket gets its peer:
 * where send goes, and whom alone it receives from; port 0 ends that. */
int mico_connect(int fd, const struct sockaddr *address, socklen_t len);

/** All of data, or as much as went within SO_SNDTIMEO, or with MSG_DONTWAIT or O_NONBLOCK at once: how much; -1, when that was nothing,
 * with EPIPE, EAGAIN or ECONNRESET. Of UDP one datagram: EDESTADDRREQ without a peer, EMSGSIZE
 * above 1472 bytes, EACCES to a broadcast address without SO_BROADCAST, EHOSTUNREACH, ENOMEM. */
ssize_t mico_send(int fd, const void *data, size_t len, int flags);
ssize_t mico_sendto(int fd, const void *data, size_t len, int flags, const struct sockaddr *to, socklen_t to_len);

/** At least one byte, 0 at the end, or of UDP one datagram, of which what is above cap is lost; or -1 with EAGAIN (SO_RCVTIMEO, MSG_DONTWAIT, O_NONBLOCK), EBADF when it was closed
 * meanwhile, ECONNRESET. */
ssize_t mico_recv(int fd, void *out, size_t cap, int flags);
ssize_t mico_recvfrom(int fd, void *out, size_t cap, int flags, struct sockaddr *from, socklen_t *from_len);

/** SO_RCVTIMEO and SO_SNDTIMEO take a struct timeval, or an int of milliseconds; 0 is for ever. SO_KEEPALIVE, off at first, has a peer
 * asked that is silent for 30 s, and taken for gone when it is for 60: of a listener, in what it accepts. SO_REUSEADDR
 * of TCP and TCP_NODELAY are accepted and always on. Of UDP: SO_BROADCAST; SO_REUSEADDR lets others take the same
 * port; IP_ADD_MEMBERSHIP and IP_DROP_MEMBERSHIP (2 groups: ENOBUFS; EADDRINUSE, EADDRNOTAVAIL), IP_MULTICAST_TTL,
 * IP_MULTICAST_LOOP (int or byte), IP_MULTICAST_IF (no effect). EINVAL. ENOPROTOOPT for others. */
int mico_setsockopt(int fd, int level, int name, const void *value, socklen_t len);

/** SO_ERROR (0), SO_TYPE, SO_KEEPALIVE, SO_BROADCAST, SO_REUSEADDR. ENOPROTOOPT for others. */
int mico_getsockopt(int fd, int level, int name, void *value, socklen_t *len);

/** F_GETFL and F_SETFL with O_NONBLOCK. EINVAL for others. */
int mico_fcntl(int fd, int command, int value);

/** FIONBIO with an int: whether the socket does not block. EINVAL for others. */
int mico_ioctl(int fd, unsigned long command, void *value);

/** The peer's address. ENOTCONN. */
int mico_getpeername(int fd, struct sockaddr *address, socklen_t *len);

/** The socket's own address and port, 0 where it has none yet. */
int mico_getsockname(int fd, struct sockaddr *address, socklen_t *len);

/** SHUT_WR: the peer sees the end. SHUT_RD: receiving gives the end from now on. SHUT_RDWR: both. ENOTCONN, EINVAL. */
int mico_shutdown(int fd, int how);

/** Close a socket or an event fd. Threads that wait for it return with EBADF. */
int mico_close(int fd);

/** Close *fd and make it -1. kGeneralErr when it is none. */
OSStatus SocketClose(int *fd);

/** One address of a name, in storage that the next call overwrites; NULL when it is not known. */
struct hostent *mico_gethostbyname(const char *name);

/** One IPv4 address of name (NULL: 0.0.0.0) with the port that service is in digits (NULL: 0), until mico_freeaddrinfo;
 * 4 at a time. EAI_NONAME, EAI_FAMILY, EAI_SERVICE, EAI_MEMORY. */
int mico_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out);
void mico_freeaddrinfo(struct addrinfo *info);

/** How many of the wanted descriptors are ready; 0 after timeout (NULL: never), which is not changed. Events and
 * sockets are readable by level; connected sockets are always writable; nothing is exceptional. EBADF for what is no
 * open descriptor or belongs to a deinitialised event; EINVAL. */
int mico_select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, const struct timeval *timeout);

/** As mico_select, for at most 21 descriptors: POLLIN, POLLOUT; POLLNVAL for what is no open descriptor, which counts as
 * ready. timeout_ms below 0 is for ever. EINVAL. */
int mico_poll(struct pollfd *fds, unsigned count, int timeout_ms);

/** A descriptor that is readable while the semaphore or queue of handle is. EINVAL, EMFILE. */
int mico_create_event_fd(mico_event_t handle);
/** 0, or -1 with EBADF. */
int mico_delete_event_fd(int fd);
int mico_rtos_init_event_fd(mico_event_t handle); /* the same in the older spelling */
int mico_rtos_deinit_event_fd(int fd);

#define socket(domain, type, protocol) mico_socket(domain, type, protocol)
#define bind(fd, address, len) mico_bind(fd, address, len)
#define listen(fd, backlog) mico_listen(fd, backlog)
#define accept(fd, address, len) mico_accept(fd, address, len)
#define connect(fd, address, len) mico_connect(fd, address, len)
#define send(fd, data, len, flags) mico_send(fd, data, len, flags)
#define sendto(fd, data, len, flags, to, to_len) mico_sendto(fd, data, len, flags, to, to_len)
#define recv(fd, out, cap, flags) mico_recv(fd, out, cap, flags)
#define recvfrom(fd, out, cap, flags, from, from_len) mico_recvfrom(fd, out, cap, flags, from, from_len)
#define setsockopt(fd, level, name, value, len) mico_setsockopt(fd, level, name, value, len)
#define getsockopt(fd, level, name, value, len) mico_getsockopt(fd, level, name, value, len)
#define fcntl(fd, command, value) mico_fcntl(fd, command, value)
#define ioctl(fd, command, value) mico_ioctl(fd, command, value)
#define getpeername(fd, address, len) mico_getpeername(fd, address, len)
#define getsockname(fd, address, len) mico_getsockname(fd, address, len)
#define shutdown(fd, how) mico_shutdown(fd, how)
#define getaddrinfo(name, service, hints, out) mico_getaddrinfo(name, service, hints, out)
#define freeaddrinfo(info) mico_freeaddrinfo(info)
#define poll(fds, count, timeout_ms) mico_poll(fds, count, timeout_ms)
#define close(fd) mico_close(fd)
#define read(fd, out, cap) mico_recv(fd, out, cap, 0)
#define write(fd, data, len) mico_send(fd, data, len, 0)
#define select(nfds, reads, writes, excepts, timeout) mico_select(nfds, reads, writes, excepts, timeout)
#define gethostbyname(name) mico_gethostbyname(name)

#ifdef __cplusplus
}
#endif

#include "os/sdk/mico_ssl.h"

#endif

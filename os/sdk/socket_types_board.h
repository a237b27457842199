/* SPDX-License-Identifier: Apache-2.0 */
/* The types and numbers of BSD sockets, for boards, whose C library has none; on posix the host's headers have them. */
#ifndef OS_SDK_SOCKET_TYPES_BOARD_H
#define OS_SDK_SOCKET_TYPES_BOARD_H

#include <stdint.h>
#include <sys/types.h>

#define AF_UNSPEC 0
#define AF_INET 2
#define PF_INET AF_INET
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define IPPROTO_IP 0
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define SOL_SOCKET 0xFFF
#define SO_REUSEADDR 0x0004
#define SO_KEEPALIVE 0x0008
#define SO_BROADCAST 0x0020
#define SO_SNDTIMEO 0x1005
#define SO_RCVTIMEO 0x1006
#define SO_ERROR 0x1007
#define SO_TYPE 0x1008
#define IP_ADD_MEMBERSHIP 3
#define IP_DROP_MEMBERSHIP 4
#define IP_MULTICAST_TTL 5
#define IP_MULTICAST_IF 6
#define IP_MULTICAST_LOOP 7
#define SHUT_RD 1
#define SHUT_WR 2
#define SHUT_RDWR 3
#define FIONBIO 0x8004667EuL
#define POLLIN 0x0001
#define POLLPRI 0x0002
#define POLLOUT 0x0004
#define POLLERR 0x0008
#define POLLHUP 0x0010
#define POLLNVAL 0x0020
#define INET_ADDRSTRLEN 16
#define EAI_NONAME -2
#define EAI_FAMILY -6
#define EAI_SERVICE -8
#define EAI_MEMORY -10
#define TCP_NODELAY 1
#define MSG_DONTWAIT 0x08
#define INADDR_ANY ((uint32_t)0)
#define INADDR_LOOPBACK ((uint32_t)0x7F000001)
#define INADDR_BROADCAST ((uint32_t)0xFFFFFFFF)
#define INADDR_NONE ((uint32_t)0xFFFFFFFF)

typedef uint32_t socklen_t;
typedef uint32_t in_addr_t;
typedef uint16_t in_port_t;
typedef uint8_t sa_family_t;

struct in_addr {
    in_addr_t s_addr;
};

struct sockaddr {
    sa_family_t sa_family;
    char sa_data[14];
};

struct sockaddr_in {
    sa_family_t sin_family;
    in_port_t sin_port;
    struct in_addr sin_addr;
    char sin_zero[8];
};

struct ip_mreq {
    struct in_addr imr_multiaddr;
    struct in_addr imr_interface;
};

struct pollfd {
    int fd;
    short events;
    short revents;
};

struct addrinfo {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    socklen_t ai_addrlen;
    struct sockaddr *ai_addr;
    char *ai_canonname;
    struct addrinfo *ai_next;
};

struct hostent {
    char *h_name;
    char **h_aliases;
    int h_addrtype;
    int h_length;
    char **h_addr_list;
};
#define h_addr h_addr_list[0]

#ifndef htons
#define htons(x) __builtin_bswap16(x)
#define ntohs(x) __builtin_bswap16(x)
#define htonl(x) __builtin_bswap32(x)
#define ntohl(x) __builtin_bswap32(x)
#endif

/** The address of dotted decimals, or INADDR_NONE. */
in_addr_t mico_inet_addr(const char *text);
/** 1 and the address, or 0. */
int mico_inet_aton(const char *text, struct in_addr *out);
/** Dotted decimals in storage that the next call overwrites. */
char *mico_inet_ntoa(struct in_addr address);
/** 1 and the address; 0 when text is none; -1 and EAFNOSUPPORT for another family than AF_INET. */
int mico_inet_pton(int family, const char *text, void *out);
/** Dotted decimals in out; NULL with EAFNOSUPPORT, or ENOSPC below INET_ADDRSTRLEN. */
const char *mico_inet_ntop(int family, const void *address, char *out, socklen_t cap);

#define inet_addr(text) mico_inet_addr(text)
#define inet_aton(text, out) mico_inet_aton(text, out)
#define inet_ntoa(address) mico_inet_ntoa(address)
#define inet_pton(family, text, out) mico_inet_pton(family, text, out)
#define inet_ntop(family, address, out, cap) mico_inet_ntop(family, address, out, cap)

#endif

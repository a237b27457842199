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
#define SO_SNDTIMEO 0x1005
#define SO_RCVTIMEO 0x1006
#define SO_ERROR 0x1007
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

#define inet_addr(text) mico_inet_addr(text)
#define inet_aton(text, out) mico_inet_aton(text, out)
#define inet_ntoa(address) mico_inet_ntoa(address)

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The host's network and its resolver, which blocks: it works in a host thread of its own, and the kernel thread that asks
 * waits for a socket. */
#include "os/net/net.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <resolv.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/boards/posix/posix.h"
#include "os/net/tcp.h"
#include "os/net/wait_posix.h"

#define RESOLVE_MS 30000u /* the host's own limits end it before */
#define NAME_MAX_LEN 253u /* RFC 1035 section 2.3.4, as text */

/* What the host thread owns: nothing of it is the asking thread's, which may be deleted while it waits. */
struct question {
    int answer; /* socket to write four bytes to, or to close without any */
    char host[NAME_MAX_LEN + 1];
};

mico_err mico_net_up(uint32_t timeout_ms)
{
    return MICO_OK; /* the host's network is there */
}

void mico_net_address(char out[16])
{
    uint8_t ip[4];
    mico_posix_address(ip);
    snprintf(out, 16, "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
}

static const uint8_t *bytes_of(const struct sockaddr *address)
{
    return (const uint8_t *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
}

static void take_interface(const struct ifaddrs *found, struct mico_net_info *out)
{
    struct ifreq request = {0};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memcpy(out->mask, bytes_of(found->ifa_netmask), 4);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", found->ifa_name);
    if (fd >= 0 && ioctl(fd, SIOCGIFHWADDR, &request) == 0) {
        memcpy(out->mac, request.ifr_hwaddr.sa_data, 6);
    }
    close(fd);
}

void mico_net_info(struct mico_net_info *out)
{
    struct ifaddrs *all = NULL;
    struct __res_state resolver;
    memset(out, 0, sizeof *out);
    mico_posix_address(out->ip);
    out->up = true;
    if (getifaddrs(&all) == 0) {
        for (const struct ifaddrs *at = all; at != NULL; at = at->ifa_next) {
            if (at->ifa_addr != NULL && at->ifa_addr->sa_family == AF_INET && at->ifa_netmask != NULL &&
                memcmp(bytes_of(at->ifa_addr), out->ip, 4) == 0) {
                take_interface(at, out);
            }
        }
        freeifaddrs(all);
    }
    memset(&resolver, 0, sizeof resolver);
    if (res_ninit(&resolver) == 0) {
        if (resolver.nscount > 0 && resolver.nsaddr_list[0].sin_family == AF_INET) {
            memcpy(out->dns, &resolver.nsaddr_list[0].sin_addr, 4);
        }
        res_nclose(&resolver);
    }
}

static void *ask(void *arg)
{
    struct question *q = arg;
    struct addrinfo want = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found = NULL;
    if (getaddrinfo(q->host, NULL, &want, &found) == 0) {
        (void)send(q->answer, bytes_of(found->ai_addr), 4, MSG_NOSIGNAL);
        freeaddrinfo(found);
    }
    close(q->answer);
    free(q);
    return NULL;
}

/* Signals are the process's other threads' to take. */
static bool start(struct question *q)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread, &attributes, ask, q) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

/* The end of a socket that the answer comes from, or -1. */
static int begin(const char *host)
{
    int ends[2];
    struct question *q = malloc(sizeof *q);
    if (q == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        free(q);
        return -1;
    }
    q->answer = ends[1];
    snprintf(q->host, sizeof q->host, "%s", host);
    if (!start(q)) {
        close(ends[0]);
        close(ends[1]);
        free(q);
        return -1;
    }
    return ends[0];
}

mico_err mico_net_resolve(const char *host, uint8_t ip[4])
{
    uint8_t answer[4];
    struct in_addr literal;
    if (inet_pton(AF_INET, host, &literal) == 1) {
        memcpy(ip, &literal, 4);
        return MICO_OK;
    }
    if (host[0] == '\0' || strlen(host) > NAME_MAX_LEN) {
        return MICO_ERR_IO;
    }
    int fd = begin(host);
    if (fd < 0) {
        return MICO_ERR_FULL;
    }
    mico_err err = mico_posix_wait(fd, POLLIN, RESOLVE_MS);
    if (err == MICO_OK && recv(fd, answer, sizeof answer, 0) != sizeof answer) {
        err = MICO_ERR_IO;
    }
    close(fd);
    if (err == MICO_OK) {
        memcpy(ip, answer, sizeof answer);
    }
    return err == MICO_OK ? MICO_OK : MICO_ERR_IO;
}

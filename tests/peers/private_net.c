/* SPDX-License-Identifier: Apache-2.0 */
/* A network of the test's own; see private_net.h. */
#include "tests/peers/private_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"

static bool entered;

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0) {
        close(fd);
    }
    return written;
}

/* As root directly; otherwise as root of a user namespace. */
static bool leave_the_others(void)
{
    char map[64];
    unsigned uid = getuid(), gid = getgid();
    if (uid == 0 && unshare(CLONE_NEWNET | CLONE_NEWNS) == 0) {
        return true;
    }
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) != 0) {
        return false;
    }
    snprintf(map, sizeof map, "0 %u 1", uid);
    bool mapped = write_file("/proc/self/setgroups", "deny") && write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", gid);
    return mapped && write_file("/proc/self/gid_map", map);
}

static bool interface_up(const char *name)
{
    struct ifreq request = {0};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    bool up = ioctl(fd, SIOCGIFFLAGS, &request) == 0;
    request.ifr_flags |= IFF_UP | IFF_RUNNING | IFF_MULTICAST;
    up = up && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    close(fd);
    return up;
}

/* Names are asked for here; files of the host stay as they are. */
static bool own_names(void)
{
    char path[] = "/tmp/mico-resolv-XXXXXX";
    int fd = mkstemp(path);
    bool done = fd >= 0 && write_file(path, "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n") &&
                mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
                mount(path, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0;
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    return done;
}

bool private_net_enter(void)
{
    entered = leave_the_others() && interface_up("lo") && own_names();
    if (!entered) {
        fprintf(stderr,
                "no network of its own (%s): tests that need one are skipped\n"
                "  try: as root, or sysctl kernel.unprivileged_userns_clone=1\n",
                strerror(errno));
    }
    return entered;
}

bool private_net_entered(void)
{
    return entered;
}

bool private_net_address(const char *name, const char *address)
{
    struct ifreq request = {0};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = inet_addr(address)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    memcpy(&request.ifr_addr, &at, sizeof at);
    bool set = ioctl(fd, SIOCSIFADDR, &request) == 0;
    at.sin_addr.s_addr = inet_addr("255.255.255.0");
    memcpy(&request.ifr_netmask, &at, sizeof at);
    set = set && ioctl(fd, SIOCSIFNETMASK, &request) == 0;
    close(fd);
    return set && interface_up(name);
}

int private_net_tap(const char *name, const char *address)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (tap >= 0 && (ioctl(tap, TUNSETIFF, &request) != 0 || !private_net_address(name, address))) {
        close(tap);
        tap = -1;
    }
    return tap;
}

/* ---- servers ---- */

static int listen_at(uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void start(void *(*serve)(void *), int fd)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd), 0);
    pthread_detach(thread);
}

static char the_name[64];
static uint8_t the_address[4];

/* The question's name as text; its length in the message, or 0. */
static size_t read_question(const uint8_t *message, size_t len, char out[256])
{
    size_t at = 12, n = 0;
    while (at < len && message[at] != 0 && at + 1u + message[at] < len && n + 1u + message[at] < 256) {
        memcpy(out + n, message + at + 1, message[at]);
        n += message[at];
        out[n++] = '.';
        at += 1u + message[at];
    }
    out[n > 0 ? n - 1 : 0] = '\0';
    return at + 5 <= len ? at + 5 - 12 : 0;
}

static size_t answer_name(uint8_t *message, size_t len)
{
    static const uint8_t record[12] = {0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};
    char name[256];
    size_t question = len > 12 ? read_question(message, len, name) : 0;
    if (question == 0 || strcasecmp(name, "silent.test") == 0) {
        return 0;
    }
    if (strcasecmp(name, "broken.test") == 0) {
        memset(message + 2, 0xC0, 30); /* pointers without end */
        return 32;
    }
    bool known = strcasecmp(name, the_name) == 0 && mico_load_be16(message + 12 + question - 4) == 1;
    mico_store_be16(message + 2, known || strcasecmp(name, the_name) == 0 ? 0x8180 : 0x8183);
    mico_store_be16(message + 6, known);
    mico_store_be32(message + 8, 0);
    if (known) {
        memcpy(message + 12 + question, record, sizeof record);
        memcpy(message + 12 + question + sizeof record, the_address, 4);
    }
    return 12 + question + (known ? sizeof record + 4 : 0);
}

static void *serve_names(void *arg)
{
    for (;;) {
        uint8_t message[600];
        struct sockaddr_in from;
        socklen_t from_len = sizeof from;
        ssize_t got = recvfrom((int)(intptr_t)arg, message, 512, 0, (struct sockaddr *)&from, &from_len);
        size_t len = got > 0 ? answer_name(message, (size_t)got) : 0;
        if (len > 0) {
            sendto((int)(intptr_t)arg, message, len, 0, (struct sockaddr *)&from, from_len);
        }
    }
    return NULL;
}

void private_net_name(const char *name, const char *address)
{
    static bool started;
    snprintf(the_name, sizeof the_name, "%s", name);
    assert_int_equal(inet_pton(AF_INET, address, the_address), 1);
    if (!started) {
        started = true;
        start(serve_names, listen_at(53));
    }
}

static uint32_t the_time_s;

static void *serve_time(void *arg)
{
    for (;;) {
        uint8_t message[48];
        struct sockaddr_in from;
        socklen_t from_len = sizeof from;
        if (recvfrom((int)(intptr_t)arg, message, sizeof message, 0, (struct sockaddr *)&from, &from_len) == 48) {
            memcpy(message + 24, message + 40, 8);
            message[0] = 4 << 3 | 4;
            message[1] = 3;
            mico_store_be32(message + 32, the_time_s + 2208988800u);
            mico_store_be32(message + 36, 0);
            mico_store_be32(message + 40, the_time_s + 2208988800u);
            mico_store_be32(message + 44, 0);
            sendto((int)(intptr_t)arg, message, sizeof message, 0, (struct sockaddr *)&from, from_len);
        }
    }
    return NULL;
}

void private_net_time(uint32_t utc_s)
{
    static bool started;
    the_time_s = utc_s;
    if (!started) {
        started = true;
        start(serve_time, listen_at(123));
    }
}

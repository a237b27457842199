/* SPDX-License-Identifier: Apache-2.0 */
/* One client at a time on a Unix stream socket; see serve.h. */
#include "mscp/daemon/serve.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

#define SEND_TIMEOUT_MS 5000
#define IDLE_MS 20
#define GROUPS_MAX 64

static int client = -1;

/* The daemon's signals are blocked but here, so none comes between a look at *stopping and the sleep. */
static int await(struct pollfd *ready, nfds_t count, int timeout_ms)
{
    const struct timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
    sigset_t none;
    sigemptyset(&none);
    return ppoll(ready, count, timeout_ms < 0 ? NULL : &timeout, &none);
}

/* A whole decimal number; ids end below the one that means "none". */
static bool number(const char *text, unsigned long *value)
{
    char *end;
    errno = 0;
    *value = strtoul(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *value < 0xFFFFFFFFul;
}

static bool find_user(const char *name, uid_t *uid)
{
    unsigned long value;
    const struct passwd *entry = getpwnam(name);
    bool found = entry != NULL || number(name, &value);
    if (found) {
        *uid = entry != NULL ? entry->pw_uid : (uid_t)value;
    }
    return found;
}

static bool find_group(const char *name, gid_t *gid)
{
    unsigned long value;
    const struct group *entry = getgrnam(name);
    bool found = entry != NULL || number(name, &value);
    if (found) {
        *gid = entry != NULL ? entry->gr_gid : (gid_t)value;
    }
    return found;
}

bool mscpd_peers_add(struct mscpd_peers *peers, const char *who)
{
    bool group = who[0] == '@';
    if ((group ? peers->gids : peers->uids) == MSCPD_PEERS) {
        fprintf(stderr, "error: --allow: more than %d of them\n  try: one group for all\n", MSCPD_PEERS);
        return false;
    }
    bool found = group ? find_group(who + 1, &peers->gid[peers->gids]) : find_user(who, &peers->uid[peers->uids]);
    if (!found) {
        fprintf(stderr, "error: --allow: there is no %s '%s'\n", group ? "group" : "user", who + group);
        return false;
    }
    *(group ? &peers->gids : &peers->uids) += 1;
    return true;
}

static bool group_allowed(const struct mscpd_peers *peers, gid_t gid)
{
    for (size_t i = 0; i < peers->gids; i++) {
        if (peers->gid[i] == gid) {
            return true;
        }
    }
    return false;
}

static bool user_allowed(const struct mscpd_peers *peers, uid_t uid)
{
    for (size_t i = 0; i < peers->uids; i++) {
        if (peers->uid[i] == uid) {
            return true;
        }
    }
    return uid == 0 || uid == geteuid();
}

/* The kernel says who connected, and in which groups that one was. */
static bool allowed(const struct mscpd_peers *peers, int fd)
{
    struct ucred who;
    gid_t groups[GROUPS_MAX];
    socklen_t len = sizeof who, groups_len = sizeof groups;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0) {
        return false;
    }
    if (user_allowed(peers, who.uid) || group_allowed(peers, who.gid)) {
        return true;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &groups_len) == 0) {
        for (size_t i = 0; i < groups_len / sizeof groups[0]; i++) {
            if (group_allowed(peers, groups[i])) {
                return true;
            }
        }
    }
    MICO_LOG("MSCP", "refused: user %u may not use this chip; see --allow", (unsigned)who.uid);
    return false;
}

static void leave(void)
{
    if (client >= 0) {
        close(client);
        client = -1;
    }
}

void mscpd_reply(void *ctx, const uint8_t *bytes, size_t len)
{
    while (len > 0 && client >= 0) {
        ssize_t sent = send(client, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            struct pollfd ready = {.fd = client, .events = POLLOUT};
            if (poll(&ready, 1, SEND_TIMEOUT_MS) > 0) {
                continue;
            }
        }
        if (sent <= 0) {
            leave();
            return;
        }
        bytes += sent;
        len -= (size_t)sent;
    }
}

int mscpd_listen(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int len = snprintf(address.sun_path, sizeof address.sun_path, "%s~", path);
    if (len < 0 || (size_t)len >= sizeof address.sun_path) {
        fprintf(stderr, "error: --listen: the path has more than %zu characters\n", sizeof address.sun_path - 2);
        return -1;
    }
    unlink(address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(address.sun_path, 0666) != 0 || listen(fd, 4) != 0 || rename(address.sun_path, path) != 0) {
        fprintf(stderr, "error: --listen: cannot listen on %s: %s\n", path, strerror(errno));
        return -1;
    }
    return fd;
}

static void next_client(int listener, const struct mscpd_peers *peers)
{
    struct pollfd next = {.fd = listener, .events = POLLIN};
    client = await(&next, 1, -1) > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    if (client >= 0 && !allowed(peers, client)) {
        leave();
    }
}

/* Until the client asks something, or has been let go for the next one. */
static bool await_client(int listener)
{
    struct pollfd ready[2] = {{.fd = client, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
    if (await(ready, 2, -1) <= 0) {
        return false;
    }
    if (ready[0].revents == 0 && await(ready, 1, IDLE_MS) == 0) {
        leave();
        return false;
    }
    return client >= 0 && ready[0].revents != 0;
}

void mscpd_serve(struct mscp_chip *chip, int listener, const struct mscpd_peers *peers,
                 const volatile sig_atomic_t *stopping)
{
    while (!*stopping) {
        if (client < 0) {
            next_client(listener, peers);
            continue;
        }
        if (!await_client(listener)) {
            continue;
        }
        uint8_t bytes[2048];
        ssize_t len = recv(client, bytes, sizeof bytes, 0);
        if (len <= 0) {
            leave();
            continue;
        }
        mscp_chip_input(chip, bytes, (size_t)len);
    }
    leave();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tls/tls_test_peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/port/clock.h"

#define PATIENCE_MS 20000

uint64_t mico_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* --- identities ------------------------------------------------------------------------------------------------------- */

struct peer_identity peer_ed = {.name = "ed"}, peer_ec = {.name = "ec"}, peer_rsa = {.name = "rsa"},
                     peer_p384 = {.name = "p384"}, peer_device = {.name = "device"},
                     peer_rsa_device = {.name = "rsadevice"};
struct mico_span peer_roots[3];
const uint8_t peer_psk[33] = "0123456789abcdef0123456789abcdef";

uint64_t peer_now_s(void)
{
    return (uint64_t)time(NULL) + 60;
}

#define SERVER_OF(name) KIT_SERVER("DNS:" name ".example,IP:127.0.0.1")

static void make_certificates(void)
{
    kit_make("30", "root", "Root", KIT_ED25519, NULL, KIT_CA);
    kit_make("30", "middle", "Issuer", KIT_ED25519, "root", KIT_CA);
    kit_make("30", "ed", "ed.example", KIT_ED25519, "middle", SERVER_OF("ed"));
    kit_make("30", "device", "device", KIT_ED25519, "middle", KIT_CLIENT);
    kit_make("30", "rsaroot", "RSA root", KIT_RSA, NULL, KIT_CA);
    kit_make("30", "rsa", "rsa.example", KIT_RSA, "rsaroot", SERVER_OF("rsa"));
    kit_make("30", "rsadevice", "rsadevice", KIT_RSA, "rsaroot", KIT_CLIENT);
    kit_make("30", "p384root", "P-384 root", KIT_P384, NULL, KIT_CA);
    kit_make("30", "p384", "p384.example", KIT_P256, "p384root", SERVER_OF("p384"));
    kit_make("30", "ec", "ec.example", KIT_P256, "rsaroot", SERVER_OF("ec"));
    kit_run("for i in ed device; do cat $i.pem middle.pem > ${i}_chain.pem; cat $i.der middle.der > $i.chain; done;"
            "for i in ec rsa p384 rsadevice; do cp $i.der $i.chain; cp $i.pem ${i}_chain.pem; done;"
            "cat root.pem rsaroot.pem p384root.pem > roots.pem; echo 'sensor:%s' > psk.txt",
            PEER_PSK_HEX);
}

int peer_set_up(void **state)
{
    if (kit_enter(state) != 0) {
        return 1;
    }
    make_certificates();
    struct peer_identity *all[] = {&peer_ed, &peer_ec, &peer_rsa, &peer_p384, &peer_device, &peer_rsa_device};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char path[32];
        snprintf(path, sizeof path, "%s.chain", all[i]->name);
        all[i]->chain = kit_load(path);
    }
    peer_roots[0] = kit_load("root.der");
    peer_roots[1] = kit_load("rsaroot.der");
    peer_roots[2] = kit_load("p384root.der");
    peer_ed.key = KIT_KEY_ED25519("ed");
    peer_device.key = KIT_KEY_ED25519("device");
    peer_ec.key = KIT_KEY_P256("ec");
    peer_p384.key = KIT_KEY_P256("p384");
    peer_rsa.key = KIT_KEY_RSA("rsa");
    peer_rsa_device.key = KIT_KEY_RSA("rsadevice");
    return 0;
}

/* --- programs --------------------------------------------------------------------------------------------------------- */

struct peer peer_start(const char *format, ...)
{
    struct peer peer = {0};
    char command[1024] = "exec ";
    int in[2], out[2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command + 5, sizeof command - 5, format, arguments);
    va_end(arguments);
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    peer.pid = fork();
    if (peer.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(out[1], 2);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    peer.in = in[1];
    peer.out = out[0];
    return peer;
}

bool peer_says(struct peer *peer, const char *words)
{
    uint64_t deadline = mico_clock_ms() + PATIENCE_MS;
    while (memmem(peer->said, peer->said_len, words, strlen(words)) == NULL) {
        struct pollfd poller = {.fd = peer->out, .events = POLLIN};
        uint64_t now = mico_clock_ms();
        if (now >= deadline || poll(&poller, 1, (int)(deadline - now)) != 1) {
            return false;
        }
        size_t room = sizeof peer->said - 1 - peer->said_len;
        ssize_t got = read(peer->out, peer->said + peer->said_len, room);
        if (got <= 0) {
            return false;
        }
        peer->said_len += (size_t)got;
    }
    return true;
}

void peer_tell(struct peer *peer, const char *words)
{
    assert_int_equal(write(peer->in, words, strlen(words)), strlen(words));
}

void peer_stop(struct peer *peer)
{
    kill(peer->pid, SIGKILL);
    waitpid(peer->pid, NULL, 0);
    close(peer->in);
    close(peer->out);
}

/* --- sockets ---------------------------------------------------------------------------------------------------------- */

static struct sockaddr_in local(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
}

int peer_listen(bool datagram, uint16_t *port)
{
    struct sockaddr_in address = local(0);
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    assert_true(datagram || listen(fd, 4) == 0);
    *port = ntohs(address.sin_port);
    return fd;
}

uint16_t peer_free_port(bool datagram)
{
    uint16_t port;
    close(peer_listen(datagram, &port));
    return port;
}

void peer_dial(struct peer_link *link, bool datagram, uint16_t port)
{
    struct sockaddr_in address = local(port);
    *link = (struct peer_link){.datagram = datagram, .seed = 1};
    uint64_t deadline = mico_clock_ms() + PATIENCE_MS;
    while (mico_clock_ms() < deadline) {
        link->fd = socket(AF_INET, (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
        if (connect(link->fd, (struct sockaddr *)&address, sizeof address) == 0) {
            return;
        }
        close(link->fd);
        usleep(20000);
    }
    fail_msg("nothing listens on port %u", port);
}

void peer_accept(int listener, bool datagram, struct peer_link *link)
{
    struct pollfd poller = {.fd = listener, .events = POLLIN};
    *link = (struct peer_link){.datagram = datagram, .seed = 1};
    assert_int_equal(poll(&poller, 1, PATIENCE_MS), 1);
    if (!datagram) {
        link->fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        assert_true(link->fd >= 0);
        return;
    }
    struct sockaddr_in from;
    socklen_t len = sizeof from;
    assert_true(recvfrom(listener, NULL, 0, MSG_PEEK, (struct sockaddr *)&from, &len) >= 0);
    assert_int_equal(connect(listener, (struct sockaddr *)&from, len), 0);
    link->fd = dup(listener);
}

static bool happens(struct peer_link *link, unsigned chance)
{
    link->seed = link->seed * 1103515245u + 12345u;
    return (link->seed >> 16) % 100 < chance;
}

static mico_err wait_for(int fd, short events, uint32_t timeout_ms)
{
    struct pollfd poller = {.fd = fd, .events = events};
    return poll(&poller, 1, (int)timeout_ms) == 1 ? MICO_OK : MICO_ERR_TIMEOUT;
}

/* Both directions suffer here, at our end of the wire. */
static void send_badly(struct peer_link *link, const uint8_t *data, size_t len)
{
    if (happens(link, link->lose)) {
        return;
    }
    if (link->held_len == 0 && happens(link, link->shuffle)) {
        memcpy(link->held, data, len);
        link->held_len = len;
        return;
    }
    (void)!send(link->fd, data, len, MSG_NOSIGNAL);
    if (link->held_len != 0) {
        (void)!send(link->fd, link->held, link->held_len, MSG_NOSIGNAL);
        link->held_len = 0;
    }
    if (happens(link, link->repeat)) {
        (void)!send(link->fd, data, len, MSG_NOSIGNAL);
    }
}

static mico_err link_send(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    struct peer_link *link = ctx;
    if (link->datagram) {
        send_badly(link, data, len);
        *sent = len;
        return MICO_OK;
    }
    if (wait_for(link->fd, POLLOUT, timeout_ms) != MICO_OK) {
        return MICO_ERR_TIMEOUT;
    }
    ssize_t got = send(link->fd, data, len, MSG_NOSIGNAL);
    *sent = got > 0 ? (size_t)got : 0;
    link->sent += *sent;
    return got > 0 ? MICO_OK : errno == EPIPE || errno == ECONNRESET ? MICO_ERR_CLOSED : MICO_ERR_IO;
}

static mico_err link_receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct peer_link *link = ctx;
    if (link->held_len != 0) { /* nothing comes after it any more */
        (void)!send(link->fd, link->held, link->held_len, MSG_NOSIGNAL);
        link->held_len = 0;
    }
    if (wait_for(link->fd, POLLIN, timeout_ms) != MICO_OK) {
        return MICO_ERR_TIMEOUT;
    }
    ssize_t got = recv(link->fd, out, cap, 0);
    *len = got > 0 ? (size_t)got : 0;
    if (link->datagram) {
        /* A port that nobody is at yet answers with an error; the next datagram may find it. */
        bool lost = got <= 0 || happens(link, link->lose);
        usleep(got <= 0 ? 10000 : 0);
        return lost ? MICO_ERR_TIMEOUT : MICO_OK;
    }
    return got > 0 ? MICO_OK : got == 0 || errno == ECONNRESET ? MICO_ERR_CLOSED : MICO_ERR_IO;
}

struct mico_tls_io peer_io(struct peer_link *link)
{
    return (struct mico_tls_io){link, link_send, link_receive};
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Application for network_test.c: echoes TCP on port 80, and connects out when the console says so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "os/kernel/kernel.h"
#include "os/net/net.h"
#include "os/net/tcp.h"
#include "os/net/udp.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/uart.h"

#define WORKERS 8
#define WORKER_STACK 3072
#define CHUNK 4096
#define PATIENCE_MS 10000
#define RECEIVER_PRIORITY 2 /* os/net/lwip/interface.c */
#define STARVE_MS 500

int application_start(void);

static struct mico_queue the_connections;
static struct mico_semaphore the_typing;
static struct mico_thread workers[WORKERS];
static uint64_t stacks[WORKERS + 1][WORKER_STACK / sizeof(uint64_t)];

static void echo(mico_tcp tcp, uint8_t *bytes)
{
    size_t len;
    while (mico_tcp_recv(tcp, bytes, CHUNK, &len, MICO_NET_FOREVER) == MICO_OK) {
        if (mico_tcp_send(tcp, bytes, len, PATIENCE_MS) != MICO_OK) {
            break;
        }
    }
    mico_tcp_close(tcp);
}

static void work(void *bytes)
{
    mico_tcp tcp;
    while (mico_queue_pop(&the_connections, &tcp, MICO_FOREVER) == MICO_OK) {
        echo(tcp, bytes);
    }
}

static void accept_all(void *arg)
{
    mico_tcp listener, tcp;
    if (mico_tcp_listen(80, &listener) != MICO_OK) {
        MICO_LOG("test", "cannot listen");
        return;
    }
    MICO_LOG("test", "listening");
    for (;;) {
        mico_err err = mico_tcp_accept(listener, MICO_NET_FOREVER, &tcp);
        if (err != MICO_OK) {
            MICO_LOG("test", "accept: %s", mico_err_name(err));
        } else if (mico_queue_push(&the_connections, &tcp, MICO_FOREVER) != MICO_OK) {
            return;
        }
    }
}

/* Send len bytes to the host's port and expect them back. */
static mico_err exchange(uint16_t port, size_t len, uint32_t timeout_ms)
{
    static uint8_t out[CHUNK], in[CHUNK];
    mico_tcp tcp;
    mico_err err = mico_tcp_connect("10.0.2.2", port, timeout_ms, &tcp);
    if (err != MICO_OK) {
        return err;
    }
    memset(out, (int)len, sizeof out);
    for (size_t done = 0; err == MICO_OK && done < len;) {
        size_t part = len - done < CHUNK ? len - done : CHUNK, got = 0;
        err = mico_tcp_send(tcp, out, part, timeout_ms);
        for (size_t back = 0; err == MICO_OK && back < part; back += got) {
            err = mico_tcp_recv(tcp, in, part - back, &got, timeout_ms);
            if (err == MICO_OK && memcmp(in, out, got) != 0) {
                err = MICO_ERR_CORRUPT;
            }
        }
        done += part;
    }
    mico_tcp_close(tcp);
    return err;
}

static const uint8_t localhost[4] = {127, 0, 0, 1}, everybody[4] = {255, 255, 255, 255};
static const uint8_t groups[3][4] = {{239, 1, 2, 3}, {239, 1, 2, 4}, {239, 1, 2, 5}};

/* What in receives, within a second, is text. */
static bool hears(mico_udp in, const char *text)
{
    char bytes[16];
    size_t len;
    uint8_t ip[4];
    uint16_t port;
    return mico_udp_recv(in, bytes, sizeof bytes, &len, ip, &port, 1000) == MICO_OK && len == strlen(text) &&
           memcmp(bytes, text, len) == 0;
}

/* All of udp.h on this board, between sockets of its own: the line of what is not so, or 0. */
static int udp_trouble(mico_udp a, mico_udp b)
{
    static uint8_t large[MICO_UDP_PAYLOAD_MAX + 1];
    uint16_t port = mico_udp_port(b), from_port;
    uint8_t ip[4], byte;
    size_t len;
    struct mico_net_info info;
    mico_net_info(&info);
#define CHECK(what)          \
    do {                     \
        if (!(what)) {       \
            return __LINE__; \
        }                    \
    } while (0)
    CHECK(mico_udp_send(a, localhost, port, "own", 3) == MICO_OK && hears(b, "own"));
    CHECK(mico_udp_send(a, info.ip, port, "self", 4) == MICO_OK && hears(b, "self"));
    CHECK(mico_udp_send(a, localhost, port, large, sizeof large) == MICO_ERR_SIZE);
    CHECK(mico_udp_send(a, localhost, port, large, sizeof large - 1) == MICO_OK);
    CHECK(mico_udp_recv(b, &byte, 1, &len, ip, &from_port, 1000) == MICO_OK && len == sizeof large - 1);
    CHECK(memcmp(ip, localhost, 4) == 0 && from_port == mico_udp_port(a));
    CHECK(!mico_udp_readable(b) && mico_udp_recv(b, &byte, 1, &len, ip, &from_port, 20) == MICO_ERR_TIMEOUT);
    CHECK(mico_udp_send(a, everybody, port, "no", 2) == MICO_ERR_DENIED);
    mico_udp_broadcast(a, true);
    CHECK(mico_udp_send(a, everybody, port, "all", 3) == MICO_OK);
    mico_udp_broadcast(a, false);
    CHECK(mico_udp_send(a, everybody, port, "no", 2) == MICO_ERR_DENIED);
    CHECK(mico_udp_join(b, localhost) == MICO_ERR_PARAM && mico_udp_leave(b, groups[0]) == MICO_ERR_STATE);
    CHECK(mico_udp_join(b, groups[0]) == MICO_OK && mico_udp_join(b, groups[0]) == MICO_OK);
    CHECK(mico_udp_join(b, groups[1]) == MICO_OK && mico_udp_join(b, groups[2]) == MICO_ERR_FULL);
    CHECK(mico_udp_send(a, groups[0], port, "group", 5) == MICO_OK && hears(b, "group"));
    mico_udp_multicast(a, 1, false);
    CHECK(mico_udp_send(a, groups[0], port, "deaf", 4) == MICO_OK && !hears(b, "deaf"));
    mico_udp_multicast(a, 1, true);
    CHECK(mico_udp_leave(b, groups[0]) == MICO_OK);
    CHECK(mico_udp_send(a, groups[0], port, "left", 4) == MICO_OK && !hears(b, "left"));
#undef CHECK
    return 0;
}

/* Sockets up to the bound, twice: they come back. */
static int udp_bound_trouble(void)
{
    for (int turn = 0; turn < 2; turn++) {
        mico_udp all[MICO_UDP_MAX], more;
        for (int i = 0; i < MICO_UDP_MAX; i++) {
            if (mico_udp_open(0, false, &all[i]) != MICO_OK) {
                return __LINE__;
            }
        }
        if (mico_udp_open(0, false, &more) != MICO_ERR_FULL) {
            return __LINE__;
        }
        mico_udp_close(all[0]);
        uint16_t taken = mico_udp_port(all[1]);
        if (mico_udp_open(taken, false, &more) != MICO_ERR_BUSY) {
            return __LINE__;
        }
        for (int i = 1; i < MICO_UDP_MAX; i++) {
            mico_udp_close(all[i]);
        }
    }
    return 0;
}

static void try_udp(void)
{
    mico_udp a, b;
    int line = __LINE__;
    if (mico_udp_open(0, false, &a) == MICO_OK && mico_udp_open(0, false, &b) == MICO_OK) {
        line = udp_trouble(a, b);
        mico_udp_close(a);
        mico_udp_close(b);
    }
    line = line != 0 ? line : udp_bound_trouble();
    MICO_LOG("test", "udp trouble in line %d", line);
}

/* Of the priority of the receiver, above lwIP's: take turns with the one, so that frames are read from the chip, and leave none to
 * the other. Then say how many datagrams lwIP still had, which must be all that came: their reader runs before lwIP does. */
static void starve(void *arg)
{
    mico_udp udp;
    uint8_t byte, ip[4];
    uint16_t port;
    size_t len;
    unsigned heard = 0;
    if (mico_udp_open(80, false, &udp) != MICO_OK) {
        return;
    }
    MICO_LOG("test", "starving");
    for (uint64_t until = mico_clock_ms() + STARVE_MS; mico_clock_ms() < until;) {
        mico_thread_yield();
    }
    while (mico_udp_recv(udp, &byte, 1, &len, ip, &port, STARVE_MS) == MICO_OK) {
        heard++;
    }
    mico_udp_close(udp);
    MICO_LOG("test", "starved and heard %u", heard);
}

static void start_starving(void)
{
    static struct mico_thread thread;
    static uint64_t stack[WORKER_STACK / sizeof(uint64_t)];
    mico_thread_create(&thread, "starve", RECEIVER_PRIORITY, starve, NULL, stack, sizeof stack);
}

/* "connect PORT LENGTH TIMEOUT", "udp", "starve" */
static void obey(const char *line)
{
    unsigned port = 0;
    unsigned long len = 0, timeout_ms = 0;
    if (sscanf(line, "connect %u %lu %lu", &port, &len, &timeout_ms) == 3) {
        MICO_LOG("test", "exchange %s", mico_err_name(exchange((uint16_t)port, len, (uint32_t)timeout_ms)));
    } else if (strcmp(line, "udp") == 0) {
        try_udp();
    } else if (strcmp(line, "starve") == 0) {
        start_starving();
    } else {
        MICO_LOG("test", "unknown command");
    }
}

static void typed(void *ctx)
{
    (void)mico_semaphore_give(&the_typing);
}

static void take_byte(char byte)
{
    static char line[80];
    static size_t len;
    if (byte == '\n') {
        line[len] = '\0';
        len = 0;
        obey(line);
    } else if (len < sizeof line - 1) {
        line[len++] = byte;
    }
}

static void read_console(void)
{
    mico_semaphore_init(&the_typing, 0, 1);
    mico_uart_on_receive(MICO_UART_CONSOLE, typed, NULL);
    do {
        uint8_t byte;
        while (mico_uart_read(MICO_UART_CONSOLE, &byte, 1) == 1) {
            take_byte((char)byte);
        }
    } while (mico_semaphore_take(&the_typing, MICO_FOREVER) == MICO_OK);
}

static void start_threads(void)
{
    static struct mico_thread acceptor;
    static uint8_t chunks[WORKERS][CHUNK];
    static mico_tcp slots[WORKERS];
    mico_queue_init(&the_connections, slots, sizeof slots[0], WORKERS);
    for (int i = 0; i < WORKERS; i++) {
        mico_thread_create(&workers[i], "echo", 6, work, chunks[i], stacks[i], WORKER_STACK);
    }
    mico_thread_create(&acceptor, "accept", 6, accept_all, NULL, stacks[WORKERS], WORKER_STACK);
}

static void bring_up(void *err)
{
    *(mico_err *)err = mico_net_up(PATIENCE_MS);
}

/* By several threads at once, each of which gets to know. They come before lwIP's and the receiver's: the emulated network gives an
 * address so soon that otherwise nobody would wait for it. */
static mico_err bring_up_together(void)
{
    mico_err errs[WORKERS], err;
    struct mico_thread *self = mico_thread_self();
    unsigned priority = mico_thread_priority(self);
    mico_thread_set_priority(self, 0);
    for (int i = 0; i < WORKERS; i++) {
        mico_thread_create(&workers[i], "up", RECEIVER_PRIORITY - 1, bring_up, &errs[i], stacks[i], WORKER_STACK);
    }
    mico_thread_set_priority(self, priority);
    bring_up(&err);
    for (int i = 0; i < WORKERS; i++) {
        mico_err joined = mico_thread_join(&workers[i], 2 * PATIENCE_MS);
        err = err != MICO_OK ? err : joined != MICO_OK ? joined : errs[i];
    }
    return err;
}

int application_start(void)
{
    char address[16];
    MICO_LOG("test", "network firmware on %s", mico_board_name());
    mico_err err = bring_up_together();
    if (err != MICO_OK) {
        MICO_LOG("test", "no address: %s", mico_err_name(err));
        return 1;
    }
    mico_net_address(address);
    MICO_LOG("test", "address %s", address);
    start_threads();
    read_console();
    return 0;
}

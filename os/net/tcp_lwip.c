/* SPDX-License-Identifier: Apache-2.0 */
/* os/net/tcp.h over lwIP's netconn calls.
 *
 * Not over its sockets: those report through errno, which the C library has only one of for all threads. */
#include "os/net/tcp.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include <lwip/api.h>
#include <lwip/tcp.h>
#include <lwip/tcpip.h>

#include "os/kernel/kernel.h"
#include "os/net/lwip/lwip_err.h"
#include "os/net/readable.h"
#include "os/port/clock.h"

/* One for each netconn that lwIP has. */
static struct connection {
    struct netconn *conn;
    struct pbuf *rest; /* received, not yet taken from offset on */
    u16_t offset;
    bool used;
    bool ended; /* the peer has said its last word */
    struct mico_semaphore happened;
} the_table[MEMP_NUM_NETCONN];

static struct connection *connection_of(mico_tcp tcp)
{
    assert(tcp >= 0 && tcp < MEMP_NUM_NETCONN && the_table[tcp].used);
    return &the_table[tcp];
}

/* NULL when the table is full. */
static struct connection *take_slot(void)
{
    uint32_t state = mico_irq_save();
    struct connection *c = NULL;
    for (size_t i = 0; c == NULL && i < MEMP_NUM_NETCONN; i++) {
        c = the_table[i].used ? NULL : &the_table[i];
    }
    if (c != NULL) {
        memset(c, 0, sizeof *c);
        c->used = true;
    }
    mico_irq_restore(state);
    if (c != NULL) {
        mico_semaphore_init(&c->happened, 0, 1);
    }
    return c;
}

static void drop(struct connection *c)
{
    if (c->rest != NULL) {
        pbuf_free(c->rest);
    }
    if (c->conn != NULL) {
        struct netconn *conn = c->conn;
        c->conn = NULL; /* before the next netconn has its address, and on_event takes this for that one's connection */
        netconn_delete(conn);
    }
    mico_semaphore_deinit(&c->happened);
    c->used = false;
}

static mico_tcp handle_of(const struct connection *c)
{
    return (mico_tcp)(c - the_table);
}

static void set_no_delay(struct netconn *conn)
{
    LOCK_TCPIP_CORE();
    if (conn->pcb.tcp != NULL) {
        tcp_nagle_disable(conn->pcb.tcp);
    }
    UNLOCK_TCPIP_CORE();
}

/* In lwIP's thread: the attempt to connect has an outcome (or, later, something that nobody waits for), or there is
 * something to receive or accept. */
static void on_event(struct netconn *conn, enum netconn_evt event, u16_t len)
{
    if (event == NETCONN_EVT_SENDPLUS || event == NETCONN_EVT_ERROR) {
        for (size_t i = 0; i < MEMP_NUM_NETCONN; i++) { /* lwIP's field for this is not set before accept returns */
            if (the_table[i].used && the_table[i].conn == conn) {
                (void)mico_semaphore_give(&the_table[i].happened);
            }
        }
    }
    if (event == NETCONN_EVT_RCVPLUS || event == NETCONN_EVT_ERROR) {
        mico_net_tell_readable();
    }
}

static mico_err connect_within(struct connection *c, const ip_addr_t *to, uint16_t port, uint32_t timeout_ms)
{
    c->conn = netconn_new_with_callback(NETCONN_TCP, on_event);
    if (c->conn == NULL) {
        return MICO_ERR_FULL;
    }
    netconn_set_nonblocking(c->conn, true);
    err_t err = netconn_connect(c->conn, to, port);
    if (err == ERR_INPROGRESS) {
        mico_err waited = mico_semaphore_take(&c->happened, timeout_ms);
        if (waited != MICO_OK) {
            return waited;
        }
        err = netconn_err(c->conn);
    }
    netconn_set_nonblocking(c->conn, false);
    return err == ERR_OK ? MICO_OK : err == ERR_MEM ? MICO_ERR_FULL : MICO_ERR_IO;
}

mico_err mico_tcp_connect(const char *host, uint16_t port, uint32_t timeout_ms, mico_tcp *out)
{
    ip_addr_t to;
    if (netconn_gethostbyname(host, &to) != ERR_OK) {
        return MICO_ERR_IO;
    }
    struct connection *c = take_slot();
    if (c == NULL) {
        return MICO_ERR_FULL;
    }
    mico_err err = connect_within(c, &to, port, timeout_ms);
    if (err != MICO_OK) {
        drop(c);
        return err;
    }
    set_no_delay(c->conn);
    *out = handle_of(c);
    return MICO_OK;
}

mico_err mico_tcp_listen(uint16_t port, mico_tcp *out)
{
    struct connection *c = take_slot();
    if (c == NULL) {
        return MICO_ERR_FULL;
    }
    c->conn = netconn_new_with_callback(NETCONN_TCP, on_event); /* accepted ones inherit it */
    err_t err = c->conn == NULL ? ERR_MEM : netconn_bind(c->conn, IP_ADDR_ANY, port);
    if (err == ERR_OK) {
        err = netconn_listen(c->conn);
    }
    if (err != ERR_OK) {
        drop(c);
        return mico_lwip_err(err);
    }
    *out = handle_of(c);
    return MICO_OK;
}

mico_err mico_tcp_accept(mico_tcp listener, uint32_t timeout_ms, mico_tcp *out)
{
    struct netconn *from = connection_of(listener)->conn, *conn = NULL;
    uint64_t since = mico_clock_ms();
    err_t err;
    do {
        netconn_set_recvtimeout(from, mico_lwip_limit(mico_net_left(timeout_ms, since)));
        err = netconn_accept(from, &conn);
    } while (err == ERR_ABRT); /* one that had gone again before it was accepted */
    if (err != ERR_OK) {
        return mico_lwip_err(err);
    }
    struct connection *c = take_slot();
    if (c == NULL) {
        netconn_delete(conn);
        return MICO_ERR_FULL;
    }
    c->conn = conn;
    set_no_delay(conn);
    *out = handle_of(c);
    return MICO_OK;
}

mico_err mico_tcp_send_some(mico_tcp tcp, const void *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    struct connection *c = connection_of(tcp);
    *sent = 0;
    bool at_once = timeout_ms == 0; /* a limit, even the shortest, may be over before lwIP has tried */
    netconn_set_sendtimeout(c->conn, at_once ? 0 : (s32_t)(mico_lwip_limit(timeout_ms) & 0x7FFFFFFF));
    err_t err = netconn_write_partly(c->conn, data, len, NETCONN_COPY | (at_once ? NETCONN_DONTBLOCK : 0), sent);
    return err == ERR_OK || *sent > 0 ? MICO_OK : mico_lwip_err(err);
}

static mico_err fetch(struct connection *c, uint32_t timeout_ms)
{
    if (c->ended) {
        return MICO_ERR_CLOSED;
    }
    netconn_set_recvtimeout(c->conn, mico_lwip_limit(timeout_ms));
    err_t err = netconn_recv_tcp_pbuf_flags(c->conn, &c->rest, timeout_ms == 0 ? NETCONN_DONTBLOCK : 0);
    if (err != ERR_OK) {
        c->rest = NULL;
        c->ended = err == ERR_CLSD;
        return mico_lwip_err(err);
    }
    c->offset = 0;
    return MICO_OK;
}

mico_err mico_tcp_recv(mico_tcp tcp, void *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct connection *c = connection_of(tcp);
    mico_err err = c->rest == NULL ? fetch(c, timeout_ms) : MICO_OK;
    if (err != MICO_OK) {
        return err;
    }
    u16_t most = (u16_t)(cap < 0xFFFF ? cap : 0xFFFF);
    u16_t taken = pbuf_copy_partial(c->rest, out, most, c->offset);
    c->offset += taken;
    if (c->offset == c->rest->tot_len) {
        pbuf_free(c->rest);
        c->rest = NULL;
    }
    *len = taken;
    return MICO_OK;
}

void mico_tcp_keep_alive(mico_tcp tcp, bool on)
{
    struct netconn *conn = connection_of(tcp)->conn;
    LOCK_TCPIP_CORE();
    if (conn->pcb.tcp != NULL && !on) {
        ip_reset_option(conn->pcb.tcp, SOF_KEEPALIVE);
    } else if (conn->pcb.tcp != NULL) {
        conn->pcb.tcp->keep_idle = MICO_TCP_KEEP_IDLE_S * 1000u;
        conn->pcb.tcp->keep_intvl = MICO_TCP_KEEP_PROBE_S * 1000u;
        conn->pcb.tcp->keep_cnt = MICO_TCP_KEEP_PROBES;
        ip_set_option(conn->pcb.tcp, SOF_KEEPALIVE);
    }
    UNLOCK_TCPIP_CORE();
}

void mico_tcp_watch(mico_tcp tcp)
{
    /* lwIP tells about every connection */
}

static bool waits(const sys_mbox_t *mailbox)
{
    return sys_mbox_valid(mailbox) && mico_queue_count(&mailbox->queue) > 0;
}

bool mico_tcp_readable(mico_tcp tcp)
{
    const struct connection *c = connection_of(tcp);
    return c->rest != NULL || c->ended || waits(&c->conn->recvmbox) || waits(&c->conn->acceptmbox);
}

mico_err mico_tcp_peer(mico_tcp tcp, uint8_t ip[4], uint16_t *port)
{
    ip_addr_t address;
    if (netconn_peer(connection_of(tcp)->conn, &address, port) != ERR_OK) {
        return MICO_ERR_CLOSED;
    }
    memcpy(ip, &ip_2_ip4(&address)->addr, 4);
    return MICO_OK;
}

void mico_tcp_local(mico_tcp tcp, uint8_t ip[4], uint16_t *port)
{
    ip_addr_t address = *IP_ADDR_ANY;
    *port = 0;
    (void)netconn_addr(connection_of(tcp)->conn, &address, port);
    memcpy(ip, &ip_2_ip4(&address)->addr, 4);
}

mico_err mico_tcp_finish(mico_tcp tcp)
{
    return mico_lwip_err(netconn_shutdown(connection_of(tcp)->conn, 0, 1));
}

void mico_tcp_close(mico_tcp tcp)
{
    if (tcp >= 0) {
        drop(connection_of(tcp));
    }
}

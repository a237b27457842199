/* SPDX-License-Identifier: Apache-2.0 */
/* os/net/udp.h over lwIP's netconn calls. */
#include "os/net/udp.h"

#include <assert.h>
#include <string.h>

#include <lwip/api.h>
#include <lwip/igmp.h>
#include <lwip/tcpip.h>
#include <lwip/udp.h>

#include "os/kernel/kernel.h"
#include "os/net/lwip/lwip_err.h"
#include "os/net/readable.h"
#include "os/net/tcp.h"

#define GROUPS_MAX 2u /* of one socket */

static struct socket {
    struct netconn *conn; /* NULL: free, or taken and not yet open */
    bool used;
    uint8_t groups[GROUPS_MAX][4]; /* joined; 0.0.0.0 where none */
} the_table[MICO_UDP_MAX];

static struct socket *socket_of(mico_udp udp)
{
    assert(udp >= 0 && udp < MICO_UDP_MAX && the_table[udp].conn != NULL);
    return &the_table[udp];
}

/* Its number, or -1 when the table is full. */
static int take_slot(void)
{
    int taken = -1;
    uint32_t state = mico_irq_save();
    for (int i = 0; i < MICO_UDP_MAX && taken < 0; i++) {
        taken = the_table[i].used ? -1 : i;
    }
    if (taken >= 0) {
        the_table[taken] = (struct socket){.used = true};
    }
    mico_irq_restore(state);
    return taken;
}

static void on_event(struct netconn *conn, enum netconn_evt event, u16_t len)
{
    if (event == NETCONN_EVT_RCVPLUS || event == NETCONN_EVT_ERROR) {
        mico_net_tell_readable();
    }
}

static void set_options(struct udp_pcb *pcb, bool shared)
{
    LOCK_TCPIP_CORE();
    if (shared) {
        ip_set_option(pcb, SOF_REUSEADDR);
    }
    udp_set_flags(pcb, UDP_FLAGS_MULTICAST_LOOP);
    udp_set_multicast_ttl(pcb, 1);
    UNLOCK_TCPIP_CORE();
}

mico_err mico_udp_open(uint16_t port, bool shared, mico_udp *out)
{
    int slot = take_slot();
    if (slot < 0) {
        return MICO_ERR_FULL;
    }
    struct netconn *conn = netconn_new_with_callback(NETCONN_UDP, on_event);
    err_t err = ERR_MEM;
    if (conn != NULL) {
        set_options(conn->pcb.udp, shared);
        err = netconn_bind(conn, IP_ADDR_ANY, port);
    }
    if (err != ERR_OK) {
        if (conn != NULL) {
            netconn_delete(conn);
        }
        the_table[slot].used = false;
        return mico_lwip_err(err);
    }
    the_table[slot].conn = conn;
    *out = slot;
    return MICO_OK;
}

static ip_addr_t address_of(const uint8_t ip[4])
{
    ip_addr_t address;
    IP_ADDR4(&address, ip[0], ip[1], ip[2], ip[3]);
    return address;
}

/* group is an element of s->groups. */
static err_t leave(struct socket *s, uint8_t *group)
{
    ip_addr_t address = address_of(group);
    memset(group, 0, 4);
    return netconn_join_leave_group(s->conn, &address, IP_ADDR_ANY, NETCONN_LEAVE);
}

void mico_udp_close(mico_udp udp)
{
    if (udp < 0) {
        return;
    }
    struct socket *s = socket_of(udp);
    for (size_t i = 0; i < GROUPS_MAX; i++) {
        static const uint8_t none[4];
        if (memcmp(s->groups[i], none, 4) != 0) {
            (void)leave(s, s->groups[i]);
        }
    }
    netconn_delete(s->conn);
    s->conn = NULL;
    s->used = false;
}

/* lwIP says ERR_VAL where SO_BROADCAST is missing. */
mico_err mico_udp_send(mico_udp udp, const uint8_t ip[4], uint16_t port, const void *data, size_t len)
{
    struct socket *s = socket_of(udp);
    ip_addr_t to = address_of(ip);
    if (len > MICO_UDP_PAYLOAD_MAX) {
        return MICO_ERR_SIZE;
    }
    struct netbuf *buffer = netbuf_new();
    if (buffer == NULL || netbuf_ref(buffer, data, (u16_t)len) != ERR_OK) {
        netbuf_delete(buffer);
        return MICO_ERR_FULL;
    }
    err_t err = netconn_sendto(s->conn, buffer, &to, port);
    netbuf_delete(buffer);
    return err == ERR_VAL ? MICO_ERR_DENIED : mico_lwip_err(err);
}

mico_err mico_udp_recv(mico_udp udp, void *out, size_t cap, size_t *len, uint8_t ip[4], uint16_t *port,
                       uint32_t timeout_ms)
{
    struct socket *s = socket_of(udp);
    struct netbuf *buffer = NULL;
    netconn_set_recvtimeout(s->conn, mico_lwip_limit(timeout_ms));
    err_t err = netconn_recv_udp_raw_netbuf_flags(s->conn, &buffer, timeout_ms == 0 ? NETCONN_DONTBLOCK : 0);
    if (err != ERR_OK) {
        return mico_lwip_err(err);
    }
    *len = netbuf_len(buffer);
    (void)netbuf_copy(buffer, out, cap < 0xFFFF ? cap : 0xFFFF);
    memcpy(ip, &ip_2_ip4(netbuf_fromaddr(buffer))->addr, 4);
    *port = netbuf_fromport(buffer);
    netbuf_delete(buffer);
    return MICO_OK;
}

void mico_udp_broadcast(mico_udp udp, bool allow)
{
    struct udp_pcb *pcb = socket_of(udp)->conn->pcb.udp;
    LOCK_TCPIP_CORE();
    if (allow) {
        ip_set_option(pcb, SOF_BROADCAST);
    } else {
        ip_reset_option(pcb, SOF_BROADCAST);
    }
    UNLOCK_TCPIP_CORE();
}

static uint8_t *find_group(struct socket *s, const uint8_t group[4])
{
    for (size_t i = 0; i < GROUPS_MAX; i++) {
        if (memcmp(s->groups[i], group, 4) == 0) {
            return s->groups[i];
        }
    }
    return NULL;
}

mico_err mico_udp_join(mico_udp udp, const uint8_t group[4])
{
    static const uint8_t none[4];
    struct socket *s = socket_of(udp);
    ip_addr_t address = address_of(group);
    if (!ip_addr_ismulticast(&address)) {
        return MICO_ERR_PARAM;
    }
    if (find_group(s, group) != NULL) {
        return MICO_OK;
    }
    uint8_t *place = find_group(s, none);
    err_t err = place == NULL ? ERR_MEM : netconn_join_leave_group(s->conn, &address, IP_ADDR_ANY, NETCONN_JOIN);
    if (err == ERR_OK) {
        memcpy(place, group, 4);
    }
    return mico_lwip_err(err);
}

mico_err mico_udp_leave(mico_udp udp, const uint8_t group[4])
{
    struct socket *s = socket_of(udp);
    ip_addr_t address = address_of(group);
    if (!ip_addr_ismulticast(&address)) {
        return MICO_ERR_PARAM;
    }
    uint8_t *place = find_group(s, group);
    if (place == NULL) {
        return MICO_ERR_STATE;
    }
    return mico_lwip_err(leave(s, place));
}

void mico_udp_multicast(mico_udp udp, uint8_t ttl, bool hear_own)
{
    struct udp_pcb *pcb = socket_of(udp)->conn->pcb.udp;
    LOCK_TCPIP_CORE();
    udp_set_multicast_ttl(pcb, ttl);
    if (hear_own) {
        udp_set_flags(pcb, UDP_FLAGS_MULTICAST_LOOP);
    } else {
        udp_clear_flags(pcb, UDP_FLAGS_MULTICAST_LOOP);
    }
    UNLOCK_TCPIP_CORE();
}

uint16_t mico_udp_port(mico_udp udp)
{
    return socket_of(udp)->conn->pcb.udp->local_port;
}

bool mico_udp_readable(mico_udp udp)
{
    const sys_mbox_t *mailbox = &socket_of(udp)->conn->recvmbox;
    return sys_mbox_valid(mailbox) && mico_queue_count(&mailbox->queue) > 0;
}

void mico_udp_watch(mico_udp udp)
{
    /* lwIP tells about every socket */
}

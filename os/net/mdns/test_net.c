/* SPDX-License-Identifier: Apache-2.0 */
/* Devices on a network and a clock of the test's own; see test_net.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/net/mdns/test_net.h"

#define FLAG_RESPONSE 0x80

const uint8_t mask[4] = {255, 255, 255, 0};
const uint8_t group[4] = {224, 0, 0, 251};
const uint8_t stranger[4] = {10, 0, 0, 99};

struct node nodes[NODES];

/* What was sent, in order; the first `taken` of it have arrived. */
static struct packet packets[QUEUE];
size_t sent;
static size_t taken;
uint64_t now_ms;
uint32_t noise;

static void send_packet(void *ctx, const uint8_t ip[4], uint16_t port, const uint8_t *data, size_t len)
{
    struct packet *p = &packets[sent % QUEUE];
    assert_true(sent - taken < QUEUE);
    assert_in_range(len, 12, MICO_MDNS_PACKET_MAX);
    memcpy(p->from, ((struct node *)ctx)->ip, 4);
    memcpy(p->to, ip, 4);
    p->port = port;
    p->at_ms = now_ms;
    memcpy(p->data, data, len);
    p->len = len;
    sent++;
    struct mico_dns_message m;
    assert_int_equal(mico_dns_open(&m, data, len), MICO_OK); /* we write what we would read */
}

static uint32_t next_noise(void *ctx)
{
    return noise = noise * 1664525u + 1013904223u;
}

void start_net(void)
{
    memset(nodes, 0, sizeof nodes);
    sent = taken = 0;
    now_ms = 1000;
    noise = 1;
}

struct node *start_node(unsigned i, const char *host)
{
    struct node *n = &nodes[i];
    const struct mico_mdns_io io = {send_packet, next_noise, n};
    const uint8_t ip[4] = {10, 0, 0, (uint8_t)(i + 1)};
    memcpy(n->ip, ip, 4);
    n->on = true;
    n->due_ms = now_ms;
    assert_int_equal(mico_mdns_init(&n->m, &io, host, ip, mask, now_ms), MICO_OK);
    return n;
}

int add(struct node *n, const char *instance)
{
    int id = -1;
    assert_int_equal(mico_mdns_add(&n->m, instance, "_hap._tcp", 80, (const uint8_t *)"\4c#=1", 5, 0, now_ms, &id),
                     MICO_OK);
    n->due_ms = now_ms;
    return id;
}

static void deliver(void)
{
    for (; taken < sent; taken++) {
        const struct packet p = packets[taken % QUEUE];
        for (unsigned i = 0; i < NODES; i++) {
            struct node *n = &nodes[i];
            if (n->on && (memcmp(p.to, group, 4) == 0 || memcmp(p.to, n->ip, 4) == 0)) {
                mico_mdns_input(&n->m, p.from, MICO_MDNS_PORT, p.data, p.len, now_ms);
                n->due_ms = now_ms;
            }
        }
    }
}

/* Let ms pass. */
void run(uint64_t ms)
{
    uint64_t until = now_ms + ms;
    for (;;) {
        uint64_t next = until;
        deliver();
        for (unsigned i = 0; i < NODES; i++) {
            if (nodes[i].on && nodes[i].due_ms <= now_ms) {
                nodes[i].due_ms = mico_mdns_poll(&nodes[i].m, now_ms);
            }
        }
        deliver();
        for (unsigned i = 0; i < NODES; i++) {
            if (nodes[i].on && nodes[i].due_ms < next) {
                next = nodes[i].due_ms;
            }
        }
        if (now_ms >= until) {
            return;
        }
        now_ms = next > now_ms ? next : now_ms;
    }
}

const struct packet *packet(size_t i)
{
    assert_true(i < sent && sent - i <= QUEUE);
    return &packets[i % QUEUE];
}

bool is_response(const struct packet *p)
{
    return (p->data[2] & FLAG_RESPONSE) != 0;
}

/* The records of type in a packet; the last of them in out. */
unsigned records_of(const struct packet *p, uint16_t type, struct mico_dns_record *out)
{
    struct mico_dns_message m;
    struct mico_dns_question q;
    struct mico_dns_record r;
    unsigned count = 0;
    assert_int_equal(mico_dns_open(&m, p->data, p->len), MICO_OK);
    while (mico_dns_next_question(&m, &q)) {
    }
    while (mico_dns_next_record(&m, &r) != MICO_DNS_NO_SECTION) {
        if (r.type == type) {
            *out = r;
            count++;
        }
    }
    return count;
}

struct mico_dns_name name_of(const char *text)
{
    struct mico_dns_name name = {.len = 0};
    assert_int_equal(mico_dns_name_text(&name, text), MICO_OK);
    return name;
}

void assert_name(const struct mico_dns_name *name, const char *text)
{
    struct mico_dns_name want = name_of(text);
    assert_int_equal(name->len, want.len);
    assert_memory_equal(name->bytes, want.bytes, want.len);
}

/* A query of a stranger, from port; more is put into it by the caller. */
struct mico_dns_writer begin_query(uint8_t *out, const char *name, uint16_t type, uint16_t dns_class)
{
    struct mico_dns_writer w;
    struct mico_dns_name n = name_of(name);
    mico_dns_begin(&w, out, MICO_MDNS_PACKET_MAX, 77, 0);
    assert_true(mico_dns_put_question(&w, &n, type, dns_class));
    return w;
}

void hear(struct node *n, uint16_t port, struct mico_dns_writer *w)
{
    mico_mdns_input(&n->m, stranger, port, w->w.out, mico_dns_end(w), now_ms);
    n->due_ms = now_ms;
}

void ask_port(struct node *n, uint16_t port, const char *name, uint16_t type, uint16_t dns_class)
{
    uint8_t out[MICO_MDNS_PACKET_MAX];
    struct mico_dns_writer w = begin_query(out, name, type, dns_class);
    hear(n, port, &w);
}

void ask(struct node *n, const char *name, uint16_t type)
{
    ask_port(n, MICO_MDNS_PORT, name, type, MICO_DNS_CLASS_IN);
}

/* One device with one service, whose names are its own for long. */
struct node *ready_lamp(void)
{
    start_net();
    struct node *n = start_node(0, "lamp");
    add(n, "Lamp");
    run(10000);
    assert_int_equal(n->m.host.state, MICO_MDNS_READY);
    assert_int_equal(n->m.services[0].owner.state, MICO_MDNS_READY);
    return n;
}

/* What a stranger says of a name. */
void tell(struct node *n, const char *name, uint16_t type, const void *rdata, size_t len, uint32_t ttl_s)
{
    uint8_t out[MICO_MDNS_PACKET_MAX];
    struct mico_dns_writer w;
    struct mico_dns_record r = {
        .name = name_of(name), .type = type, .dns_class = 1, .top_bit = true, .ttl_s = ttl_s, .rdata_len = len};
    memcpy(r.rdata, rdata, len);
    mico_dns_begin(&w, out, sizeof out, 0, MICO_DNS_RESPONSE);
    assert_true(mico_dns_put_record(&w, MICO_DNS_ANSWER, &r));
    hear(n, MICO_MDNS_PORT, &w);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Devices on a network and a clock of the test's own. Calls that go wrong fail the running cmocka test. For tests alone. */
#ifndef OS_NET_MDNS_TEST_NET_H
#define OS_NET_MDNS_TEST_NET_H

#include "os/net/mdns/mdns.h"

#define NODES 3
#define QUEUE 64

struct node {
    struct mico_mdns m;
    uint8_t ip[4];
    bool on;
    uint64_t due_ms;
    unsigned added, changed, removed;
    struct mico_mdns_found last;
};

struct packet {
    uint8_t from[4], to[4];
    uint16_t port;
    uint64_t at_ms;
    uint8_t data[MICO_MDNS_PACKET_MAX];
    size_t len;
};

extern const uint8_t mask[4], group[4], stranger[4];
extern struct node nodes[NODES];
extern size_t sent; /* packets */
extern uint64_t now_ms;
extern uint32_t noise;

/** An empty network at second 1. */
void start_net(void);

/** Device number i, 10.0.0.(i + 1). */
struct node *start_node(unsigned i, const char *host);

/** Its service "instance._hap._tcp" at port 80, with the text c#=1. */
int add(struct node *n, const char *instance);

/** Let ms pass. */
void run(uint64_t ms);

/** Packet number i, of the last QUEUE. */
const struct packet *packet(size_t i);
bool is_response(const struct packet *p);

/** How many records of type it has; the last of them in out. */
unsigned records_of(const struct packet *p, uint16_t type, struct mico_dns_record *out);

struct mico_dns_name name_of(const char *text);
void assert_name(const struct mico_dns_name *name, const char *text);

/** A query of a stranger, to which the caller adds; n hears it from port. */
struct mico_dns_writer begin_query(uint8_t *out, const char *name, uint16_t type, uint16_t dns_class);
void hear(struct node *n, uint16_t port, struct mico_dns_writer *w);
void ask_port(struct node *n, uint16_t port, const char *name, uint16_t type, uint16_t dns_class);
void ask(struct node *n, const char *name, uint16_t type);

/** What a stranger says of a name. */
void tell(struct node *n, const char *name, uint16_t type, const void *rdata, size_t len, uint32_t ttl_s);

/** One device with one service, whose names are its own for long. */
struct node *ready_lamp(void);

#endif

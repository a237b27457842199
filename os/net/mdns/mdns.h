/* SPDX-License-Identifier: Apache-2.0 */
/* Multicast DNS and DNS service discovery (RFC 6762, RFC 6763) over IPv4: a device's host name and services are told to
 * the local network, and services of others found. A state machine without clock, thread or socket: whoever runs it
 * brings datagrams and time (service.h does, over udp.h). It owns no heap; one thread at a time may use any of
 * them.
 *
 * Probing (three times), announcing (twice), a new name after a conflict, defence, the tie-break of simultaneous probes,
 * known-answer suppression also over several packets, goodbye, unicast and legacy answers, at most one multicast of a
 * record a second. */
#ifndef OS_NET_MDNS_MDNS_H
#define OS_NET_MDNS_MDNS_H

#include <stdbool.h>

#include "os/net/mdns/message.h"

#define MICO_MDNS_PORT 5353u
#define MICO_MDNS_SERVICES 4u
#define MICO_MDNS_TXT_MAX 384u
#define MICO_MDNS_LABEL_MAX 63u
#define MICO_MDNS_TYPE_MAX 32u /* text such as "_hap._tcp" */
#define MICO_MDNS_PACKET_MAX 1472u
#define MICO_MDNS_BROWSES 2u /* types looked for at a time */
#define MICO_MDNS_FOUND 8u   /* instances known at a time; more are not seen */
#define MICO_MDNS_NEVER UINT64_MAX

/* How datagrams go out, and random numbers for the delays. send drops what it cannot send. */
struct mico_mdns_io {
    void (*send)(void *ctx, const uint8_t ip[4], uint16_t port, const uint8_t *data, size_t len);
    uint32_t (*random)(void *ctx);
    void *ctx;
};

enum mico_mdns_state {
    MICO_MDNS_OFF,        /* free */
    MICO_MDNS_SUSPENDED,  /* known, not told */
    MICO_MDNS_PROBING,    /* is the name free? */
    MICO_MDNS_ANNOUNCING, /* the name is ours */
    MICO_MDNS_READY,
};

/* Who claims a name: the host, or one service. */
struct mico_mdns_owner {
    enum mico_mdns_state state;
    uint8_t sent;     /* probes or announcements */
    unsigned attempt; /* 1, or the number in the name after conflicts */
    uint64_t due_ms;
    char label[MICO_MDNS_LABEL_MAX + 1]; /* as wished */
    struct mico_dns_name name;           /* as claimed */
};

struct mico_mdns_service {
    struct mico_mdns_owner owner;
    char type_text[MICO_MDNS_TYPE_MAX + 1];
    struct mico_dns_name type; /* "_hap._tcp.local" */
    uint16_t port;
    uint32_t ttl_s;
    uint8_t txt[MICO_MDNS_TXT_MAX];
    size_t txt_len;
};

/* A service of another device. Texts end with NUL. */
struct mico_mdns_found {
    char instance[MICO_MDNS_LABEL_MAX + 1];
    char host[MICO_MDNS_LABEL_MAX + 1]; /* without ".local" */
    uint8_t ip[4];
    uint16_t port;
    uint8_t txt[MICO_MDNS_TXT_MAX];
    size_t txt_len;
};

enum mico_mdns_event { MICO_MDNS_ADDED, MICO_MDNS_CHANGED, MICO_MDNS_REMOVED };

/* Called inside mico_mdns_input and mico_mdns_poll; it must not call back. found lasts until it returns. */
typedef void (*mico_mdns_on_found)(void *ctx, enum mico_mdns_event event, const struct mico_mdns_found *found);

struct mico_mdns_browse {
    struct mico_dns_name type; /* len 0: free */
    mico_mdns_on_found on_found;
    void *ctx;
    uint64_t due_ms;
    uint32_t wait_ms; /* until the query after the next */
};

struct mico_mdns_instance {
    bool used;
    bool told;    /* the application knows it */
    bool changed; /* and what it knows is old */
    uint8_t browse;
    uint8_t asked; /* queries for what is missing since something came */
    bool has_srv, has_txt, has_address;
    bool address_heard; /* in the message that is read now */
    struct mico_dns_name name, host;
    struct mico_mdns_found found;
    uint64_t due_ms;     /* the next query for what is missing */
    uint64_t expires_ms; /* its PTR record does */
    uint32_t ttl_ms;     /* of that */
};

#define MICO_MDNS_RECORDS (2u + 5u * MICO_MDNS_SERVICES)

struct mico_mdns {
    struct mico_mdns_io io;
    uint8_t ip[4], mask[4];
    struct mico_mdns_owner host;
    struct mico_mdns_service services[MICO_MDNS_SERVICES];
    uint64_t multicast_ms[MICO_MDNS_RECORDS]; /* when each record was last; 0 never */
    uint32_t waiting;                         /* records to multicast at due_ms, one bit each */
    uint64_t due_ms;
    uint8_t asker[4];     /* whose question waiting answers; 0.0.0.0 when of several */
    uint64_t conflict_ms; /* the first of the counted conflicts */
    unsigned conflicts;
    struct mico_mdns_browse browses[MICO_MDNS_BROWSES];
    struct mico_mdns_instance found[MICO_MDNS_FOUND];
    uint8_t out[MICO_MDNS_PACKET_MAX];
};

/** Set up and begin to claim host, one label such as "lamp" (lamp.local), at ip. now_ms is of any clock that only rises, above
 * 0. MICO_ERR_PARAM for an empty or too long label. */
MICO_MUST_USE mico_err mico_mdns_init(struct mico_mdns *m, const struct mico_mdns_io *io, const char *host,
                                      const uint8_t ip[4], const uint8_t mask[4], uint64_t now_ms);

/** Another address from now on. */
void mico_mdns_set_address(struct mico_mdns *m, const uint8_t ip[4], const uint8_t mask[4], uint64_t now_ms);

/** Tell of a service: instance is one label of any text; type is two such as "_hap._tcp"; txt is strings with their
 * lengths, or NULL; ttl_s is of PTR and TXT (0: 4500). *id names it in later calls. Copies everything. MICO_ERR_FULL;
 * MICO_ERR_PARAM (empty or too long labels, port 0, a malformed txt, the instance is here already); MICO_ERR_SIZE (txt). */
MICO_MUST_USE mico_err mico_mdns_add(struct mico_mdns *m, const char *instance, const char *type, uint16_t port,
                                     const uint8_t *txt, size_t txt_len, uint32_t ttl_s, uint64_t now_ms, int *id);

/** Another TXT record; told at once. As mico_mdns_add; on error the old one stays. */
MICO_MUST_USE mico_err mico_mdns_set_txt(struct mico_mdns *m, int id, const uint8_t *txt, size_t txt_len,
                                         uint64_t now_ms);

/** Say goodbye for a service, and keep it for mico_mdns_resume, or forget it. */
void mico_mdns_suspend(struct mico_mdns *m, int id);
void mico_mdns_resume(struct mico_mdns *m, int id, uint64_t now_ms);
void mico_mdns_remove(struct mico_mdns *m, int id);

/** Look for instances of type. MICO_ERR_FULL; MICO_ERR_PARAM. */
MICO_MUST_USE mico_err mico_mdns_browse(struct mico_mdns *m, const char *type, mico_mdns_on_found on_found, void *ctx,
                                        uint64_t now_ms, int *id);
void mico_mdns_browse_end(struct mico_mdns *m, int id);

/** A datagram to port 5353 from ip and port. What is malformed or from outside the local network is dropped. */
void mico_mdns_input(struct mico_mdns *m, const uint8_t ip[4], uint16_t port, const uint8_t *data, size_t len,
                     uint64_t now_ms);

/** Do what is due; when to call again, or MICO_MDNS_NEVER. */
uint64_t mico_mdns_poll(struct mico_mdns *m, uint64_t now_ms);

#endif

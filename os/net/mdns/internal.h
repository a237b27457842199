/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of mdns share. */
#ifndef OS_NET_MDNS_INTERNAL_H
#define OS_NET_MDNS_INTERNAL_H

#include "os/net/mdns/mdns.h"

#define MDNS_GOODBYE_MS 1000u /* what a record of TTL 0 still lives: RFC 6762 section 10.1 */

/* Our records, each a bit of a set: the host's two, then five of each service. */
enum { RECORD_A, RECORD_HOST_NSEC, RECORD_SERVICES };
enum { OF_TYPES_PTR, OF_PTR, OF_SRV, OF_TXT, OF_NSEC, OF_SERVICE };

#define RECORD_OF(service, which) (RECORD_SERVICES + OF_SERVICE * (unsigned)(service) + (unsigned)(which))
#define BIT(record) (UINT32_C(1) << (record))

extern const uint8_t mdns_group[4];

/** "lamp" or "lamp-2" and ".local"; "Lamp" or "Lamp (2)" and the type. */
mico_err mdns_name_owner(struct mico_mdns *m, struct mico_mdns_owner *owner);

/** The service that owner is of, or NULL for the host. */
struct mico_mdns_service *mdns_service_of(struct mico_mdns *m, struct mico_mdns_owner *owner);

/** Our record number index as it would be told; its name may not be ours yet. */
void mdns_make(const struct mico_mdns *m, unsigned index, struct mico_dns_record *out);

/** The records that may be told now. */
uint32_t mdns_told(const struct mico_mdns *m);

/** Those of one owner that others must not have (A; SRV and TXT), and all that it announces. */
uint32_t mdns_unique_of(struct mico_mdns *m, struct mico_mdns_owner *owner);
uint32_t mdns_all_of(struct mico_mdns *m, struct mico_mdns_owner *owner);

/** Those of told that answer question. */
uint32_t mdns_answers(const struct mico_mdns *m, const struct mico_dns_question *question);

bool mdns_same_data(const struct mico_dns_record *a, const struct mico_dns_record *b);

/** Multicast records, and what helps their reader; goodbye gives them a TTL of 0. */
void mdns_tell(struct mico_mdns *m, uint32_t records, bool goodbye, uint64_t now_ms);

/** Answer one asker. legacy: the query, when it did not come from port 5353 (RFC 6762 section 6.7), else NULL. */
void mdns_reply(struct mico_mdns *m, uint32_t records, const struct mico_dns_message *legacy, const uint8_t ip[4],
                uint16_t port);

/** One probe for owner's name. */
void mdns_probe(struct mico_mdns *m, struct mico_mdns_owner *owner);

/** Begin to claim owner's name after delay_ms. */
void mdns_claim(struct mico_mdns_owner *owner, uint64_t at_ms);

/** Someone else has owner's name: take another, or when it was ours already ask again. */
void mdns_conflict(struct mico_mdns *m, struct mico_mdns_owner *owner, uint64_t now_ms);

uint32_t mdns_random(struct mico_mdns *m, uint32_t below);

/* browse.c */
/** One record of a message; known_only: an address counts only when it is the known one. */
void mdns_browse_record(struct mico_mdns *m, const struct mico_dns_record *record, bool known_only, uint64_t now_ms);
/** The message is over. */
void mdns_browse_heard(struct mico_mdns *m);
uint64_t mdns_browse_poll(struct mico_mdns *m, uint64_t now_ms);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's audit log: entries in a hash chain, of which the newest stay in the chip. docs/MSCP.md, "Audit log". */
#ifndef MSCP_PROTOCOL_AUDIT_H
#define MSCP_PROTOCOL_AUDIT_H

#include "base/bytes.h"
#include "base/err.h"
#include "mscp/protocol/evidence.h"

#define MSCP_AUDIT_ENTRY 20                                  /* bytes of an entry */
#define MSCP_AUDIT_PAGE 16                                   /* entries that one record of the chip's flash holds */
#define MSCP_AUDIT_PAGES 16                                  /* that it keeps, the one being filled included */
#define MSCP_AUDIT_KEPT (MSCP_AUDIT_PAGE * MSCP_AUDIT_PAGES) /* entries at most */

enum mscp_audit_event {
    MSCP_AUDIT_REFUSED = 1,   /* a command in a session: its code, status, detail and object */
    MSCP_AUDIT_LINK = 2,      /* a handshake or record that failed: command and status */
    MSCP_AUDIT_PAIRED = 3,    /* a pairing is about to be kept */
    MSCP_AUDIT_LIFECYCLE = 4, /* a step is about to be taken: to subject */
    MSCP_AUDIT_UPDATE = 5,    /* firmware is about to be committed: version subject */
    MSCP_AUDIT_LOST = 6,      /* subject entries before this one were not kept: too many at once, or no room */
    MSCP_AUDIT_DAMAGED = 7,   /* the entries before this one cannot be read any more; the chain begins anew */
    MSCP_AUDIT_FIELD = 8,     /* a key pair of the field's, subject, is about to be made or removed: command */
};

struct mscp_audit_entry {
    uint32_t number;  /* from 0, without a gap */
    uint32_t boot;    /* boot counter */
    uint32_t seconds; /* since that start */
    uint8_t event;    /* enum mscp_audit_event */
    uint8_t command;
    int8_t status;  /* enum mscp_status */
    uint8_t detail; /* the clause that denied; 255 for 255 and more */
    uint32_t subject;
};

void mscp_audit_encode(const struct mscp_audit_entry *entry, uint8_t out[MSCP_AUDIT_ENTRY]);
struct mscp_audit_entry mscp_audit_decode(const uint8_t in[MSCP_AUDIT_ENTRY]);

/** head becomes SHA-256(head | entry). */
void mscp_audit_link(uint8_t head[32], const uint8_t entry[MSCP_AUDIT_ENTRY]);

/** "refused" for MSCP_AUDIT_REFUSED, "unknown" for a number that is none; a static string. */
const char *mscp_audit_event_name(unsigned event);

/* A log while its entries arrive, oldest first; zeros are its start. */
struct mscp_audit_walk {
    bool begun;
    bool damaged;          /* an entry says that what stood before it is lost */
    struct mscp_chain now; /* behind the last entry taken */
};

/** Take entries, whose first has the number `first` and head before it. MICO_ERR_FORMAT (not whole entries, numbers that do
 * not follow), MICO_ERR_AUTH (they do not go on from what was taken); walk is unchanged then. */
MICO_MUST_USE mico_err mscp_audit_take(struct mscp_audit_walk *walk, uint64_t first, const uint8_t head[32],
                                       struct mico_span entries);

/** A whole downloaded log, `first` and head as above, is what evidence speaks of: MICO_ERR_AUTH when an entry was altered,
 * left out or made up; MICO_ERR_SIZE when it ends before evidence does (entries behind are later ones, and may be there). */
MICO_MUST_USE mico_err mscp_audit_verify(uint64_t first, const uint8_t head[32], struct mico_span entries,
                                         const struct mscp_chain *evidence);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The policy of an object as bytes: an OR of up to 4 branches, each an AND of up to 8 clauses. docs/MSCP.md, "Policies".
 *
 * policy = branch*, branch = u8 number of clauses | clause*, clause = u8 kind | operand of the kind's size. No bytes at
 * all: no condition beyond the attributes. */
#ifndef MSCP_PROTOCOL_POLICY_H
#define MSCP_PROTOCOL_POLICY_H

#include "base/bytes.h"
#include "mscp/protocol/mscp.h"

#define MSCP_POLICY_BRANCHES 4
#define MSCP_POLICY_CLAUSES 8 /* of a branch */

enum mscp_clause_kind {
    MSCP_IF_DOING = 1,         /* u8 enum mscp_doing bits: the branch is for these operations */
    MSCP_IF_AUTHENTICATED = 2, /* u32 id of an AUTH object */
    MSCP_IF_STAGE = 3,         /* u8 mask of stages of life */
    MSCP_IF_LINK = 4,          /* u8 enum mscp_link: at least */
    MSCP_IF_MEASURED = 5,      /* u8 mask of PCRs | SHA-256 over their values in rising order */
    MSCP_IF_USES_LEFT = 6,     /* u32: how often the object may ever be used */
    MSCP_IF_RATE = 7,          /* u16 uses at once | u32 milliseconds after which one comes back */
};

enum mscp_doing { MSCP_DOING_USE = 1, MSCP_DOING_READ = 2, MSCP_DOING_WRITE = 4 };

enum mscp_link { MSCP_LINK_PLAIN = 0, MSCP_LINK_PROTECTED = 1, MSCP_LINK_ENCRYPTED = 2 };

struct mscp_clause_view {
    uint8_t kind; /* enum mscp_clause_kind */
    const uint8_t *operand;
};

/** True for no bytes, and for exactly whole branches within the bounds, whose clauses are known and have operands in
 * range. */
bool mscp_policy_valid(struct mico_span policy);

/* Walk a policy that is valid: the number of clauses of the next branch, 0 behind the last; then each clause. */
unsigned mscp_policy_branch(struct mico_reader *policy);
struct mscp_clause_view mscp_policy_clause(struct mico_reader *policy);

#endif

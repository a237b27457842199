/* SPDX-License-Identifier: Apache-2.0 */
/* Policies as bytes; see policy.h. */
#include "mscp/protocol/policy.h"

#define STAGES 0x1F
#define DOINGS (MSCP_DOING_USE | MSCP_DOING_READ | MSCP_DOING_WRITE)

static const uint8_t operand_size[] = {
    [MSCP_IF_DOING] = 1,     [MSCP_IF_AUTHENTICATED] = 4, [MSCP_IF_STAGE] = 1, [MSCP_IF_LINK] = 1,
    [MSCP_IF_MEASURED] = 33, [MSCP_IF_USES_LEFT] = 4,     [MSCP_IF_RATE] = 6,
};

static bool operand_good(const struct mscp_clause_view *clause)
{
    const uint8_t *o = clause->operand;
    switch (clause->kind) {
    case MSCP_IF_DOING:
        return o[0] != 0 && (o[0] & ~DOINGS) == 0;
    case MSCP_IF_STAGE:
        return o[0] != 0 && (o[0] & ~STAGES) == 0;
    case MSCP_IF_LINK:
        return o[0] <= MSCP_LINK_ENCRYPTED;
    case MSCP_IF_MEASURED:
        return o[0] != 0;
    case MSCP_IF_RATE:
        return mico_load_le16(o) != 0 && mico_load_le32(o + 2) != 0;
    default: /* any id, any number */
        return true;
    }
}

struct mscp_clause_view mscp_policy_clause(struct mico_reader *policy)
{
    struct mscp_clause_view clause = {mico_read_u8(policy), NULL};
    if (clause.kind == 0 || clause.kind >= sizeof operand_size) {
        policy->failed = true;
        return clause;
    }
    clause.operand = mico_read_bytes(policy, operand_size[clause.kind]).data;
    return clause;
}

unsigned mscp_policy_branch(struct mico_reader *policy)
{
    return policy->left > 0 && !policy->failed ? mico_read_u8(policy) : 0;
}

bool mscp_policy_valid(struct mico_span policy)
{
    struct mico_reader r = mico_reader_of(policy.data, policy.len);
    unsigned branches = 0;
    while (r.left > 0 && !r.failed) {
        unsigned clauses = mscp_policy_branch(&r);
        if (clauses == 0 || clauses > MSCP_POLICY_CLAUSES || ++branches > MSCP_POLICY_BRANCHES) {
            return false;
        }
        for (unsigned i = 0; i < clauses; i++) {
            struct mscp_clause_view clause = mscp_policy_clause(&r);
            if (r.failed || !operand_good(&clause)) {
                return false;
            }
        }
    }
    return !r.failed;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Audit log entries and their chain; see audit.h. */
#include "mscp/protocol/audit.h"

#include <string.h>

#include "crypto/primitives/primitives.h"

void mscp_audit_encode(const struct mscp_audit_entry *e, uint8_t out[MSCP_AUDIT_ENTRY])
{
    mico_store_le32(out, e->number);
    mico_store_le32(out + 4, e->boot);
    mico_store_le32(out + 8, e->seconds);
    out[12] = e->event;
    out[13] = e->command;
    out[14] = (uint8_t)e->status;
    out[15] = e->detail;
    mico_store_le32(out + 16, e->subject);
}

struct mscp_audit_entry mscp_audit_decode(const uint8_t in[MSCP_AUDIT_ENTRY])
{
    return (struct mscp_audit_entry){.number = mico_load_le32(in),
                                     .boot = mico_load_le32(in + 4),
                                     .seconds = mico_load_le32(in + 8),
                                     .event = in[12],
                                     .command = in[13],
                                     .status = (int8_t)in[14],
                                     .detail = in[15],
                                     .subject = mico_load_le32(in + 16)};
}

void mscp_audit_link(uint8_t head[32], const uint8_t entry[MSCP_AUDIT_ENTRY])
{
    struct mico_sha256 hash;
    mico_sha256_start(&hash);
    mico_sha256_add(&hash, head, 32);
    mico_sha256_add(&hash, entry, MSCP_AUDIT_ENTRY);
    mico_sha256_finish(&hash, head);
}

const char *mscp_audit_event_name(unsigned event)
{
    static const char *const names[] = {
        [MSCP_AUDIT_REFUSED] = "refused",     [MSCP_AUDIT_LINK] = "link",     [MSCP_AUDIT_PAIRED] = "paired",
        [MSCP_AUDIT_LIFECYCLE] = "lifecycle", [MSCP_AUDIT_UPDATE] = "update", [MSCP_AUDIT_LOST] = "lost",
        [MSCP_AUDIT_DAMAGED] = "damaged",     [MSCP_AUDIT_FIELD] = "field",
    };
    return event < sizeof names / sizeof names[0] && names[event] != NULL ? names[event] : "unknown";
}

mico_err mscp_audit_take(struct mscp_audit_walk *walk, uint64_t first, const uint8_t head[32], struct mico_span entries)
{
    struct mscp_audit_walk next = *walk;
    if (entries.len % MSCP_AUDIT_ENTRY != 0) {
        return MICO_ERR_FORMAT;
    }
    if (!walk->begun) {
        next = (struct mscp_audit_walk){.begun = true, .now = {.count = first}};
        memcpy(next.now.head, head, 32);
    }
    if (entries.len > 0 && entries.data[12] == MSCP_AUDIT_DAMAGED && first >= next.now.count) {
        next.damaged = true; /* it stands first on its page, behind a head of zeros */
        next.now.count = first;
        memcpy(next.now.head, head, 32);
    }
    if (first != next.now.count) {
        return MICO_ERR_FORMAT;
    }
    if (memcmp(head, next.now.head, 32) != 0) {
        return MICO_ERR_AUTH;
    }
    for (size_t at = 0; at < entries.len; at += MSCP_AUDIT_ENTRY) {
        struct mscp_audit_entry entry = mscp_audit_decode(entries.data + at);
        if (entry.number != (uint32_t)next.now.count) {
            return MICO_ERR_FORMAT;
        }
        mscp_audit_link(next.now.head, entries.data + at);
        next.now.count++;
    }
    *walk = next;
    return MICO_OK;
}

mico_err mscp_audit_verify(uint64_t first, const uint8_t head[32], struct mico_span entries,
                           const struct mscp_chain *evidence)
{
    struct mscp_audit_walk walk = {0};
    if (entries.len % MSCP_AUDIT_ENTRY != 0 || first > evidence->count) {
        return MICO_ERR_FORMAT;
    }
    uint64_t wanted = evidence->count - first;
    if (wanted > entries.len / MSCP_AUDIT_ENTRY) {
        return MICO_ERR_SIZE;
    }
    mico_err err = mscp_audit_take(&walk, first, head, (struct mico_span){entries.data, wanted * MSCP_AUDIT_ENTRY});
    return err == MICO_OK && !mico_ct_equal(walk.now.head, evidence->head, 32) ? MICO_ERR_AUTH : err;
}

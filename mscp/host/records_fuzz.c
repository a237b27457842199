/* SPDX-License-Identifier: Apache-2.0 */
/* What a host keeps of a chip, or hears of its log: a binding that is taken is written as it was read, and so is an entry of
 * the log; entries that go on, go on from where the log was, in one answer of the chip's or in two. */
#include <assert.h>
#include <string.h>

#include "mscp/host/mscp_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void log_entries(struct mico_span entries)
{
    static const uint8_t head[32];
    struct mscp_audit_walk walk = {0}, before = walk;
    for (size_t at = 0; at + MSCP_AUDIT_ENTRY <= entries.len; at += MSCP_AUDIT_ENTRY) {
        uint8_t again[MSCP_AUDIT_ENTRY];
        struct mscp_audit_entry entry = mscp_audit_decode(entries.data + at);
        mscp_audit_encode(&entry, again);
        assert(memcmp(again, entries.data + at, sizeof again) == 0 && mscp_audit_event_name(entry.event) != NULL);
    }
    if (mscp_audit_take(&walk, 0, head, entries) != MICO_OK) {
        assert(memcmp(&walk, &before, sizeof walk) == 0);
    } else if (entries.len > 0) {
        assert(mscp_audit_verify(0, head, entries, &walk.now) == MICO_OK);
        walk.now.head[entries.data[0] % 32] ^= 1;
        assert(mscp_audit_verify(0, head, entries, &walk.now) == MICO_ERR_AUTH);
        walk.now.count++;
        assert(mscp_audit_verify(0, head, entries, &walk.now) == MICO_ERR_SIZE);
        assert(mscp_audit_verify(walk.now.count + 1, head, entries, &walk.now) == MICO_ERR_FORMAT);
    }
}

/* The number that a chip's answer says of its first entry. */
static uint64_t first_of(struct mico_span entries)
{
    return entries.len < MSCP_AUDIT_ENTRY ? 0 : mscp_audit_decode(entries.data).number;
}

/* In two answers: the second is taken where it goes on from the first with the head that is there, or where it says that a page
 * was damaged. An odd last byte says another head. */
static void log_in_two(struct mico_span entries)
{
    static const uint8_t zeros[32];
    struct mscp_audit_walk walk = {0}, before;
    size_t half = entries.len / MSCP_AUDIT_ENTRY / 2 * MSCP_AUDIT_ENTRY;
    struct mico_span one = {entries.data, half}, two = {entries.data + half, entries.len - half};
    if (mscp_audit_take(&walk, first_of(one), zeros, one) != MICO_OK) {
        return;
    }
    before = walk;
    uint64_t first = first_of(two);
    bool goes_on = first == walk.now.count && (two.len == 0 || two.data[two.len - 1] % 2 == 0);
    if (mscp_audit_take(&walk, first, goes_on ? before.now.head : zeros, two) == MICO_OK) {
        assert(walk.now.count == first + two.len / MSCP_AUDIT_ENTRY && (goes_on || half == 0 || walk.damaged));
    } else {
        assert(memcmp(&walk, &before, sizeof walk) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mscp_binding binding;
    if (mscp_binding_decode(&binding, data, size) == MICO_OK) {
        uint8_t again[MSCP_BINDING_SIZE];
        mscp_binding_encode(&binding, again);
        assert(size == sizeof again && memcmp(again, data, size) == 0);
    }
    log_entries((struct mico_span){data, size});
    log_in_two((struct mico_span){data, size});
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What others send: questions to answer, probes to weigh, answers that clash with ours or that we look for; see mdns.h. */
#include <string.h>

#include "os/net/mdns/internal.h"

#define SHARED_DELAY_MIN_MS 20u /* RFC 6762 section 6: others may answer as well */
#define SHARED_DELAY_SPREAD_MS 100u
#define TRUNCATED_DELAY_MIN_MS 400u /* section 7.2: more known answers follow */
#define DEFER_MS 1000u              /* section 8.2: the loser of a tie waits */

static uint32_t shared_records(void)
{
    uint32_t shared = 0;
    for (unsigned i = 0; i < MICO_MDNS_SERVICES; i++) {
        shared |= BIT(RECORD_OF(i, OF_TYPES_PTR)) | BIT(RECORD_OF(i, OF_PTR));
    }
    return shared;
}

/* Of records those that nobody has heard by multicast for the last quarter of their life: section 5.4. */
static uint32_t long_unheard(const struct mico_mdns *m, uint32_t records, uint64_t now_ms)
{
    struct mico_dns_record record;
    uint32_t unheard = 0;
    for (unsigned i = 0; i < MICO_MDNS_RECORDS; i++) {
        if ((records & BIT(i)) != 0) {
            mdns_make(m, i, &record);
            bool fresh = m->multicast_ms[i] != 0 && now_ms - m->multicast_ms[i] < (uint64_t)record.ttl_s * 250;
            unheard |= fresh ? 0 : BIT(i);
        }
    }
    return unheard;
}

/* ---- probes ---- */

/* Section 8.2: by class, type and bytes. */
static int order(const struct mico_dns_record *a, const struct mico_dns_record *b)
{
    if (a->dns_class != b->dns_class) {
        return a->dns_class < b->dns_class ? -1 : 1;
    }
    if (a->type != b->type) {
        return a->type < b->type ? -1 : 1;
    }
    size_t common = a->rdata_len < b->rdata_len ? a->rdata_len : b->rdata_len;
    int differ = memcmp(a->rdata, b->rdata, common);
    if (differ != 0) {
        return differ;
    }
    return a->rdata_len == b->rdata_len ? 0 : a->rdata_len < b->rdata_len ? -1 : 1;
}

/* The least record that is proposed for name and above last (NULL: any). False when there is none. */
static bool next_proposed(struct mico_dns_message message, const struct mico_dns_name *name,
                          const struct mico_dns_record *last, struct mico_dns_record *out)
{
    struct mico_dns_record record;
    struct mico_dns_question question;
    bool found = false;
    while (mico_dns_next_question(&message, &question)) {
    }
    for (enum mico_dns_section s; (s = mico_dns_next_record(&message, &record)) != MICO_DNS_NO_SECTION;) {
        if (s == MICO_DNS_AUTHORITY && mico_dns_name_equal(&record.name, name) &&
            (last == NULL || order(last, &record) < 0) && (!found || order(&record, out) < 0)) {
            *out = record;
            found = true;
        }
    }
    return found;
}

/* Below 0 when theirs wins; 0 when nothing is proposed for the name or all is alike (our own probe, heard back). */
static int tie(struct mico_mdns *m, struct mico_mdns_owner *owner, const struct mico_dns_message *message)
{
    static struct mico_dns_record ours, theirs, last;
    uint32_t unique = mdns_unique_of(m, owner);
    bool any = false;
    /* The host's one; a service's TXT (16) before its SRV (33): in descending order of our numbers. */
    for (unsigned i = MICO_MDNS_RECORDS; i-- > 0;) {
        if ((unique & BIT(i)) == 0) {
            continue;
        }
        mdns_make(m, i, &ours);
        if (!next_proposed(*message, &owner->name, any ? &last : NULL, &theirs)) {
            return any ? 1 : 0;
        }
        any = true;
        int differ = order(&ours, &theirs);
        if (differ != 0) {
            return differ;
        }
        last = theirs;
    }
    return next_proposed(*message, &owner->name, &last, &theirs) ? -1 : 0;
}

static void weigh_probes(struct mico_mdns *m, const struct mico_dns_message *message, uint64_t now_ms)
{
    for (unsigned i = 0; i <= MICO_MDNS_SERVICES; i++) {
        struct mico_mdns_owner *owner = i == 0 ? &m->host : &m->services[i - 1].owner;
        if (owner->state == MICO_MDNS_PROBING && owner->sent > 0 && tie(m, owner, message) < 0) {
            mdns_claim(owner, now_ms + DEFER_MS);
        }
    }
}

/* ---- queries ---- */

/* What the asker knows for at least half its life more: section 7.1. */
static uint32_t known_answers(const struct mico_mdns *m, struct mico_dns_message message)
{
    static struct mico_dns_record record, ours;
    uint32_t known = 0, told = mdns_told(m);
    while (mico_dns_next_record(&message, &record) == MICO_DNS_ANSWER) {
        for (unsigned i = 0; i < MICO_MDNS_RECORDS; i++) {
            if ((told & BIT(i)) == 0) {
                continue;
            }
            mdns_make(m, i, &ours);
            if (record.type == ours.type && record.dns_class == ours.dns_class &&
                mico_dns_name_equal(&record.name, &ours.name) && mdns_same_data(&record, &ours) &&
                record.ttl_s >= ours.ttl_s / 2) {
                known |= BIT(i);
            }
        }
    }
    return known;
}

static void answer_later(struct mico_mdns *m, uint32_t records, bool more_follows, const uint8_t ip[4], uint64_t now_ms)
{
    static const uint8_t several[4];
    uint64_t due = now_ms;
    if (more_follows) {
        due += TRUNCATED_DELAY_MIN_MS + mdns_random(m, SHARED_DELAY_SPREAD_MS);
    } else if ((records & shared_records()) != 0) {
        due += SHARED_DELAY_MIN_MS + mdns_random(m, SHARED_DELAY_SPREAD_MS);
    }
    if (records == 0) {
        return;
    }
    bool alone = m->waiting == 0 || memcmp(m->asker, ip, sizeof m->asker) == 0;
    memcpy(m->asker, alone ? ip : several, sizeof m->asker);
    m->due_ms = m->waiting == 0 || due < m->due_ms ? due : m->due_ms;
    m->waiting |= records;
}

/* A packet of known answers alone belongs to the truncated one before it. */
static void take_known(struct mico_mdns *m, uint32_t known, const uint8_t ip[4])
{
    if (memcmp(m->asker, ip, sizeof m->asker) == 0) {
        m->waiting &= ~known;
    }
}

static void hear_query(struct mico_mdns *m, const struct mico_dns_message *whole, const uint8_t ip[4], uint16_t port,
                       uint64_t now_ms)
{
    struct mico_dns_message message = *whole;
    struct mico_dns_question question;
    uint32_t all = 0, unicast = 0;
    bool questions = message.questions > 0;
    while (mico_dns_next_question(&message, &question)) {
        uint32_t answers = mdns_answers(m, &question);
        *(question.top_bit ? &unicast : &all) |= answers;
    }
    uint32_t known = known_answers(m, message);
    if (!questions) {
        take_known(m, known, ip);
        return;
    }
    all &= ~known;
    unicast &= ~known & ~all;
    if (port != MICO_MDNS_PORT) {
        if ((all | unicast) != 0) {
            mdns_reply(m, all | unicast, whole, ip, port);
        }
        return;
    }
    if (whole->authorities > 0) {
        weigh_probes(m, whole, now_ms);
    }
    if (unicast != 0) {
        all |= long_unheard(m, unicast, now_ms);
        mdns_reply(m, unicast, NULL, ip, port);
    }
    answer_later(m, all, (whole->flags & MICO_DNS_TRUNCATED) != 0, ip, now_ms);
}

/* ---- answers ---- */

static bool is_address(uint16_t type)
{
    return type == MICO_DNS_A || type == MICO_DNS_AAAA;
}

/* While we only ask, whoever has the name has it; once it is ours, another value of the same record clashes. A goodbye
 * is no claim. */
static bool clashes(struct mico_mdns *m, struct mico_mdns_owner *owner, const struct mico_dns_record *record)
{
    static struct mico_dns_record ours;
    bool host = owner == &m->host, asking = owner->state == MICO_MDNS_PROBING;
    bool of_interest = host ? is_address(record->type) : record->type == MICO_DNS_SRV || record->type == MICO_DNS_TXT;
    if (owner->state < MICO_MDNS_PROBING || record->ttl_s == 0 || record->dns_class != MICO_DNS_CLASS_IN ||
        !of_interest || !mico_dns_name_equal(&record->name, &owner->name)) {
        return false;
    }
    uint32_t unique = mdns_unique_of(m, owner);
    for (unsigned i = 0; i < MICO_MDNS_RECORDS; i++) {
        if ((unique & BIT(i)) != 0) {
            mdns_make(m, i, &ours);
            if (ours.type == record->type) {
                return !mdns_same_data(&ours, record);
            }
        }
    }
    return asking; /* a type that we have not, such as AAAA */
}

/* Records stand in any order, but an instance is needed for its SRV, and that for its address. */
static void look_for_services(struct mico_mdns *m, const struct mico_dns_message *records, uint64_t now_ms)
{
    static struct mico_dns_record record;
    for (int pass = 0; pass < 4; pass++) { /* addresses twice: the known one first */
        struct mico_dns_message message = *records;
        while (mico_dns_next_record(&message, &record) != MICO_DNS_NO_SECTION) {
            int its_pass = record.type == MICO_DNS_PTR ? 0 : record.type == MICO_DNS_A ? 2 : 1;
            if (its_pass == pass || (its_pass == 2 && pass == 3)) {
                mdns_browse_record(m, &record, pass == 2, now_ms);
            }
        }
    }
    mdns_browse_heard(m);
}

static void hear_response(struct mico_mdns *m, struct mico_dns_message message, uint64_t now_ms)
{
    static struct mico_dns_record record;
    struct mico_dns_question question;
    while (mico_dns_next_question(&message, &question)) { /* of no meaning here: section 6 */
    }
    look_for_services(m, &message, now_ms);
    while (mico_dns_next_record(&message, &record) != MICO_DNS_NO_SECTION) {
        for (unsigned i = 0; i <= MICO_MDNS_SERVICES; i++) {
            struct mico_mdns_owner *owner = i == 0 ? &m->host : &m->services[i - 1].owner;
            if (clashes(m, owner, &record)) {
                mdns_conflict(m, owner, now_ms);
            }
        }
    }
}

static bool is_local(const struct mico_mdns *m, const uint8_t ip[4])
{
    uint8_t differ = 0;
    for (int i = 0; i < 4; i++) {
        differ |= (uint8_t)((m->ip[i] ^ ip[i]) & m->mask[i]);
    }
    return differ == 0;
}

void mico_mdns_input(struct mico_mdns *m, const uint8_t ip[4], uint16_t port, const uint8_t *data, size_t len,
                     uint64_t now_ms)
{
    struct mico_dns_message message;
    if (!is_local(m, ip) || mico_dns_open(&message, data, len) != MICO_OK ||
        (message.flags & MICO_DNS_OPCODE_RCODE) != 0) {
        return;
    }
    if ((message.flags & MICO_DNS_RESPONSE) == 0) {
        hear_query(m, &message, ip, port, now_ms);
    } else if (port == MICO_MDNS_PORT) { /* section 6: others are forged */
        hear_response(m, message, now_ms);
    }
}

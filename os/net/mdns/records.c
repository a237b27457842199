/* SPDX-License-Identifier: Apache-2.0 */
/* The records that a device has, and telling them; see mdns.h. */
#include <string.h>

#include "os/net/mdns/internal.h"

#define HOST_TTL_S 120u /* RFC 6762 section 10: records with a host name or address */
#define LEGACY_TTL_S 10u

const uint8_t mdns_group[4] = {224, 0, 0, 251};

static const struct mico_dns_name *types_name(void)
{
    static struct mico_dns_name name;
    if (name.len == 0 && mico_dns_name_text(&name, "_services._dns-sd._udp.local") != MICO_OK) {
        name.len = 0;
    }
    return &name;
}

static void put_name(struct mico_dns_record *out, const struct mico_dns_name *name)
{
    memcpy(out->rdata + out->rdata_len, name->bytes, name->len);
    out->rdata_len += name->len;
}

static void put_bytes(struct mico_dns_record *out, const void *bytes, size_t len)
{
    memcpy(out->rdata + out->rdata_len, bytes, len);
    out->rdata_len += len;
}

/* RFC 6762 section 6.1: which types the name has; bit maps by RFC 4034 section 4.1.2. */
static void make_nsec(struct mico_dns_record *out, bool host)
{
    static const uint8_t has_a[] = {0, 1, 0x40}, has_txt_srv[] = {0, 5, 0, 0, 0x80, 0, 0x40};
    out->type = MICO_DNS_NSEC;
    put_name(out, &out->name);
    put_bytes(out, host ? has_a : has_txt_srv, host ? sizeof has_a : sizeof has_txt_srv);
}

static void make_srv(const struct mico_mdns *m, const struct mico_mdns_service *s, struct mico_dns_record *out)
{
    uint8_t fixed[6] = {0}; /* priority and weight 0 */
    mico_store_be16(fixed + 4, s->port);
    out->type = MICO_DNS_SRV;
    out->ttl_s = HOST_TTL_S;
    put_bytes(out, fixed, sizeof fixed);
    put_name(out, &m->host.name);
}

static void make_of_service(const struct mico_mdns *m, unsigned which, const struct mico_mdns_service *s,
                            struct mico_dns_record *out)
{
    out->name = s->owner.name;
    out->ttl_s = s->ttl_s;
    switch (which) {
    case OF_TYPES_PTR:
        out->name = *types_name();
        out->type = MICO_DNS_PTR;
        out->top_bit = false;
        put_name(out, &s->type);
        break;
    case OF_PTR:
        out->name = s->type;
        out->type = MICO_DNS_PTR;
        out->top_bit = false;
        put_name(out, &s->owner.name);
        break;
    case OF_SRV:
        make_srv(m, s, out);
        break;
    case OF_TXT:
        out->type = MICO_DNS_TXT;
        put_bytes(out, s->txt, s->txt_len);
        break;
    default:
        out->ttl_s = HOST_TTL_S;
        make_nsec(out, false);
        break;
    }
}

void mdns_make(const struct mico_mdns *m, unsigned index, struct mico_dns_record *out)
{
    out->dns_class = MICO_DNS_CLASS_IN;
    out->top_bit = true;
    out->ttl_s = HOST_TTL_S;
    out->rdata_len = 0;
    if (index >= RECORD_SERVICES) {
        index -= RECORD_SERVICES;
        make_of_service(m, index % OF_SERVICE, &m->services[index / OF_SERVICE], out);
        return;
    }
    out->name = m->host.name;
    if (index == RECORD_A) {
        out->type = MICO_DNS_A;
        put_bytes(out, m->ip, sizeof m->ip);
    } else {
        make_nsec(out, true);
    }
}

static bool is_ours(const struct mico_mdns_owner *owner)
{
    return owner->state == MICO_MDNS_ANNOUNCING || owner->state == MICO_MDNS_READY;
}

uint32_t mdns_told(const struct mico_mdns *m)
{
    uint32_t told = is_ours(&m->host) ? BIT(RECORD_A) | BIT(RECORD_HOST_NSEC) : 0;
    for (unsigned i = 0; i < MICO_MDNS_SERVICES; i++) {
        for (unsigned which = 0; which < OF_SERVICE && is_ours(&m->services[i].owner); which++) {
            told |= BIT(RECORD_OF(i, which));
        }
    }
    return told;
}

struct mico_mdns_service *mdns_service_of(struct mico_mdns *m, struct mico_mdns_owner *owner)
{
    for (unsigned i = 0; i < MICO_MDNS_SERVICES; i++) {
        if (owner == &m->services[i].owner) {
            return &m->services[i];
        }
    }
    return NULL;
}

uint32_t mdns_unique_of(struct mico_mdns *m, struct mico_mdns_owner *owner)
{
    const struct mico_mdns_service *s = mdns_service_of(m, owner);
    return s == NULL ? BIT(RECORD_A)
                     : BIT(RECORD_OF(s - m->services, OF_SRV)) | BIT(RECORD_OF(s - m->services, OF_TXT));
}

uint32_t mdns_all_of(struct mico_mdns *m, struct mico_mdns_owner *owner)
{
    const struct mico_mdns_service *s = mdns_service_of(m, owner);
    uint32_t all = mdns_unique_of(m, owner);
    if (s != NULL) {
        all |= BIT(RECORD_OF(s - m->services, OF_PTR)) | BIT(RECORD_OF(s - m->services, OF_TYPES_PTR));
    }
    return all;
}

static bool asks_for(const struct mico_dns_question *q, const struct mico_dns_record *record)
{
    return (q->type == record->type || (q->type == MICO_DNS_ANY && record->type != MICO_DNS_NSEC)) &&
           mico_dns_name_equal(&q->name, &record->name);
}

/* The NSEC record in answer to a question for our name and a type that it has not. */
static uint32_t denial(const struct mico_mdns *m, const struct mico_dns_question *q, uint32_t told)
{
    for (unsigned i = 0; i < MICO_MDNS_SERVICES; i++) {
        if ((told & BIT(RECORD_OF(i, OF_NSEC))) != 0 && mico_dns_name_equal(&q->name, &m->services[i].owner.name)) {
            return BIT(RECORD_OF(i, OF_NSEC));
        }
    }
    bool host = (told & BIT(RECORD_HOST_NSEC)) != 0 && mico_dns_name_equal(&q->name, &m->host.name);
    return host ? BIT(RECORD_HOST_NSEC) : 0;
}

uint32_t mdns_answers(const struct mico_mdns *m, const struct mico_dns_question *question)
{
    struct mico_dns_record record;
    uint32_t told = mdns_told(m), answers = 0;
    if (question->dns_class != MICO_DNS_CLASS_IN && question->dns_class != MICO_DNS_CLASS_ANY) {
        return 0;
    }
    for (unsigned i = 0; i < MICO_MDNS_RECORDS; i++) {
        if ((told & BIT(i)) != 0) {
            mdns_make(m, i, &record);
            answers |= asks_for(question, &record) ? BIT(i) : 0;
        }
    }
    return answers != 0 ? answers : denial(m, question, told);
}

bool mdns_same_data(const struct mico_dns_record *a, const struct mico_dns_record *b)
{
    struct mico_dns_name x, y;
    if (a->type == MICO_DNS_PTR) {
        return mico_dns_rdata_name(a, 0, &x) && mico_dns_rdata_name(b, 0, &y) && mico_dns_name_equal(&x, &y);
    }
    if (a->type == MICO_DNS_SRV) {
        return memcmp(a->rdata, b->rdata, 6) == 0 && mico_dns_rdata_name(a, 6, &x) && mico_dns_rdata_name(b, 6, &y) &&
               mico_dns_name_equal(&x, &y);
    }
    return a->rdata_len == b->rdata_len && memcmp(a->rdata, b->rdata, a->rdata_len) == 0;
}

/* ---- telling ---- */

/* RFC 6763 section 12: with a PTR its SRV and TXT, with a SRV the address. */
static uint32_t helpful(uint32_t records)
{
    uint32_t more = 0;
    for (unsigned i = 0; i < MICO_MDNS_SERVICES; i++) {
        if ((records & BIT(RECORD_OF(i, OF_PTR))) != 0) {
            more |= BIT(RECORD_OF(i, OF_SRV)) | BIT(RECORD_OF(i, OF_TXT));
        }
        if (((records | more) & BIT(RECORD_OF(i, OF_SRV))) != 0) {
            more |= BIT(RECORD_A) | BIT(RECORD_HOST_NSEC);
        }
    }
    return more & ~records;
}

static void send(struct mico_mdns *m, struct mico_dns_writer *w, const uint8_t ip[4], uint16_t port)
{
    m->io.send(m->io.ctx, ip, port, m->out, mico_dns_end(w));
}

void mdns_tell(struct mico_mdns *m, uint32_t records, bool goodbye, uint64_t now_ms)
{
    struct mico_dns_writer w;
    struct mico_dns_record record;
    mico_dns_begin(&w, m->out, sizeof m->out, 0, MICO_DNS_RESPONSE | MICO_DNS_AUTHORITATIVE);
    for (unsigned i = 0; i < MICO_MDNS_RECORDS; i++) {
        if ((records & BIT(i)) == 0) {
            continue;
        }
        mdns_make(m, i, &record);
        record.ttl_s = goodbye ? 0 : record.ttl_s;
        m->multicast_ms[i] = now_ms;
        if (!mico_dns_put_record(&w, MICO_DNS_ANSWER, &record)) { /* the rest in another message */
            send(m, &w, mdns_group, MICO_MDNS_PORT);
            mico_dns_begin(&w, m->out, sizeof m->out, 0, MICO_DNS_RESPONSE | MICO_DNS_AUTHORITATIVE);
            (void)mico_dns_put_record(&w, MICO_DNS_ANSWER, &record); /* one fits: at most 1,000 bytes */
        }
    }
    uint32_t more = goodbye ? 0 : helpful(records) & mdns_told(m);
    for (unsigned i = 0; i < MICO_MDNS_RECORDS; i++) {
        if ((more & BIT(i)) != 0) {
            mdns_make(m, i, &record);
            if (mico_dns_put_record(&w, MICO_DNS_ADDITIONAL, &record)) {
                m->multicast_ms[i] = now_ms;
            }
        }
    }
    if (w.counts[MICO_DNS_ANSWER] > 0) {
        send(m, &w, mdns_group, MICO_MDNS_PORT);
    }
}

/* A legacy asker is a plain DNS client: its id and questions back, no flush bits, short lives. */
static void begin_reply(struct mico_mdns *m, struct mico_dns_writer *w, const struct mico_dns_message *legacy)
{
    struct mico_dns_question question;
    uint16_t id = legacy != NULL ? legacy->id : 0;
    mico_dns_begin(w, m->out, sizeof m->out, id, MICO_DNS_RESPONSE | MICO_DNS_AUTHORITATIVE);
    if (legacy != NULL) {
        struct mico_dns_message again = *legacy;
        while (mico_dns_next_question(&again, &question)) {
            (void)mico_dns_put_question(w, &question.name, question.type, question.dns_class);
        }
    }
}

void mdns_reply(struct mico_mdns *m, uint32_t records, const struct mico_dns_message *legacy, const uint8_t ip[4],
                uint16_t port)
{
    struct mico_dns_writer w;
    struct mico_dns_record record;
    uint32_t more = helpful(records) & mdns_told(m);
    begin_reply(m, &w, legacy);
    for (int section = MICO_DNS_ANSWER; section <= MICO_DNS_ADDITIONAL; section += 2) {
        uint32_t part = section == MICO_DNS_ANSWER ? records : more;
        for (unsigned i = 0; i < MICO_MDNS_RECORDS; i++) {
            if ((part & BIT(i)) != 0) {
                mdns_make(m, i, &record);
                record.top_bit = record.top_bit && legacy == NULL;
                record.ttl_s = legacy != NULL && record.ttl_s > LEGACY_TTL_S ? LEGACY_TTL_S : record.ttl_s;
                (void)mico_dns_put_record(&w, (enum mico_dns_section)section, &record);
            }
        }
    }
    send(m, &w, ip, port);
}

void mdns_probe(struct mico_mdns *m, struct mico_mdns_owner *owner)
{
    struct mico_dns_writer w;
    struct mico_dns_record record;
    uint32_t unique = mdns_unique_of(m, owner);
    mico_dns_begin(&w, m->out, sizeof m->out, 0, 0);
    (void)mico_dns_put_question(&w, &owner->name, MICO_DNS_ANY, MICO_DNS_CLASS_IN | MICO_DNS_TOP_BIT);
    for (unsigned i = 0; i < MICO_MDNS_RECORDS; i++) {
        if ((unique & BIT(i)) != 0) {
            mdns_make(m, i, &record);
            record.top_bit = false; /* section 8.2: no flush bit in what is only proposed */
            (void)mico_dns_put_record(&w, MICO_DNS_AUTHORITY, &record);
        }
    }
    send(m, &w, mdns_group, MICO_MDNS_PORT);
}

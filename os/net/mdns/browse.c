/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for services: questions that become rarer, answers that live as long as they say; see mdns.h.
 *
 * An instance is told of when its SRV, TXT and address are known, and gone when its PTR record has run out. */
#include <stdio.h>
#include <string.h>

#include "os/net/mdns/internal.h"

#define FIRST_WAIT_MS 1000u /* RFC 6762 section 5.2: then three times as long, up to an hour */
#define LONGEST_WAIT_MS 3600000u
#define START_DELAY_MIN_MS 20u
#define START_DELAY_SPREAD_MS 100u
#define MISSING_TRIES 4u
#define TTL_MAX_S 86400u /* nothing is believed for longer than a day */

mico_err mico_mdns_browse(struct mico_mdns *m, const char *type, mico_mdns_on_found on_found, void *ctx,
                          uint64_t now_ms, int *id)
{
    char whole[MICO_MDNS_TYPE_MAX + 8];
    struct mico_dns_name name = {.len = 0};
    int place = -1;
    for (int i = 0; i < (int)MICO_MDNS_BROWSES && place < 0; i++) {
        place = m->browses[i].type.len == 0 ? i : -1;
    }
    if (place < 0) {
        return MICO_ERR_FULL;
    }
    if (type == NULL || strlen(type) > MICO_MDNS_TYPE_MAX) {
        return MICO_ERR_PARAM;
    }
    snprintf(whole, sizeof whole, "%s.local", type);
    if (mico_dns_name_text(&name, whole) != MICO_OK) {
        return MICO_ERR_PARAM;
    }
    m->browses[place] = (struct mico_mdns_browse){
        .type = name,
        .on_found = on_found,
        .ctx = ctx,
        .due_ms = now_ms + START_DELAY_MIN_MS + mdns_random(m, START_DELAY_SPREAD_MS),
        .wait_ms = FIRST_WAIT_MS,
    };
    *id = place;
    return MICO_OK;
}

void mico_mdns_browse_end(struct mico_mdns *m, int id)
{
    m->browses[id].type.len = 0;
    for (unsigned i = 0; i < MICO_MDNS_FOUND; i++) {
        m->found[i].used = m->found[i].used && m->found[i].browse != id;
    }
}

/* ---- what is heard ---- */

static struct mico_mdns_instance *instance_of(struct mico_mdns *m, const struct mico_dns_name *name)
{
    for (unsigned i = 0; i < MICO_MDNS_FOUND; i++) {
        if (m->found[i].used && mico_dns_name_equal(&m->found[i].name, name)) {
            return &m->found[i];
        }
    }
    return NULL;
}

/* The first label as text; bytes that are no text's stay, but NUL ends it. */
static void first_label(const struct mico_dns_name *name, char out[MICO_MDNS_LABEL_MAX + 1])
{
    memcpy(out, name->bytes + 1, name->bytes[0]);
    out[name->bytes[0]] = '\0';
}

static struct mico_mdns_instance *new_instance(struct mico_mdns *m, unsigned browse, const struct mico_dns_name *name)
{
    for (unsigned i = 0; i < MICO_MDNS_FOUND; i++) {
        struct mico_mdns_instance *x = &m->found[i];
        if (!x->used) {
            memset(x, 0, sizeof *x);
            x->used = true;
            x->browse = (uint8_t)browse;
            x->name = *name;
            first_label(name, x->found.instance);
            return x;
        }
    }
    return NULL;
}

static uint64_t end_of(const struct mico_dns_record *record, uint64_t now_ms)
{
    uint32_t ttl_s = record->ttl_s < TTL_MAX_S ? record->ttl_s : TTL_MAX_S;
    return now_ms + (ttl_s == 0 ? MDNS_GOODBYE_MS : (uint64_t)ttl_s * 1000);
}

static void renew(struct mico_mdns_instance *x, const struct mico_dns_record *record, uint64_t now_ms)
{
    x->expires_ms = end_of(record, now_ms);
    x->ttl_ms = (uint32_t)(x->expires_ms - now_ms);
    x->asked = 0;
    x->due_ms = now_ms;
}

static void hear_ptr(struct mico_mdns *m, const struct mico_dns_record *record, uint64_t now_ms)
{
    struct mico_dns_name name;
    if (!mico_dns_rdata_name(record, 0, &name)) {
        return;
    }
    for (unsigned i = 0; i < MICO_MDNS_BROWSES; i++) {
        if (m->browses[i].type.len == 0 || !mico_dns_name_equal(&m->browses[i].type, &record->name) ||
            !mico_dns_name_is_child(&name, &m->browses[i].type)) {
            continue;
        }
        struct mico_mdns_instance *x = instance_of(m, &name);
        if (x == NULL && record->ttl_s > 0) {
            x = new_instance(m, i, &name);
        }
        if (x != NULL) {
            renew(x, record, now_ms);
        }
    }
}

static void hear_srv(struct mico_mdns_instance *x, const struct mico_dns_record *record)
{
    struct mico_dns_name host;
    uint16_t port = mico_load_be16(record->rdata + 4);
    if (!mico_dns_rdata_name(record, 6, &host) || host.bytes[0] == 0 || port == 0) {
        return;
    }
    if (!x->has_srv || port != x->found.port || !mico_dns_name_equal(&host, &x->host)) {
        x->host = host;
        first_label(&host, x->found.host);
        x->found.port = port;
        x->has_address = false;
        x->changed = true; /* told when the address of the new host is known */
    }
    x->has_srv = true;
}

static void hear_txt(struct mico_mdns_instance *x, const struct mico_dns_record *record)
{
    if (record->rdata_len > sizeof x->found.txt) {
        return;
    }
    x->changed = x->changed || record->rdata_len != x->found.txt_len ||
                 memcmp(record->rdata, x->found.txt, record->rdata_len) != 0;
    memcpy(x->found.txt, record->rdata, record->rdata_len);
    x->found.txt_len = record->rdata_len;
    x->has_txt = true;
}

/* A host may have several: the one that is known stays while it is among them, else the first is taken. */
static void hear_address(struct mico_mdns *m, const struct mico_dns_record *record, bool known_only)
{
    for (unsigned i = 0; i < MICO_MDNS_FOUND; i++) {
        struct mico_mdns_instance *x = &m->found[i];
        bool same = x->has_address && memcmp(x->found.ip, record->rdata, sizeof x->found.ip) == 0;
        if (x->used && x->has_srv && !x->address_heard && (same || !known_only) &&
            mico_dns_name_equal(&x->host, &record->name)) {
            x->address_heard = true;
            x->changed = x->changed || memcmp(x->found.ip, record->rdata, sizeof x->found.ip) != 0;
            memcpy(x->found.ip, record->rdata, sizeof x->found.ip);
            x->has_address = true;
        }
    }
}

void mdns_browse_record(struct mico_mdns *m, const struct mico_dns_record *record, bool known_only, uint64_t now_ms)
{
    if (record->dns_class != MICO_DNS_CLASS_IN) {
        return;
    }
    if (record->type == MICO_DNS_PTR) {
        hear_ptr(m, record, now_ms);
        return;
    }
    if (record->ttl_s == 0) {
        return; /* the PTR record says when an instance goes */
    }
    struct mico_mdns_instance *x = instance_of(m, &record->name);
    if (record->type == MICO_DNS_SRV && x != NULL) {
        hear_srv(x, record);
    } else if (record->type == MICO_DNS_TXT && x != NULL) {
        hear_txt(x, record);
    } else if (record->type == MICO_DNS_A) {
        hear_address(m, record, known_only);
    }
}

static bool is_whole(const struct mico_mdns_instance *x)
{
    return x->has_srv && x->has_txt && x->has_address;
}

void mdns_browse_heard(struct mico_mdns *m)
{
    for (unsigned i = 0; i < MICO_MDNS_FOUND; i++) {
        struct mico_mdns_instance *x = &m->found[i];
        x->address_heard = false;
        if (x->used && x->changed && is_whole(x)) {
            enum mico_mdns_event event = x->told ? MICO_MDNS_CHANGED : MICO_MDNS_ADDED;
            x->told = true;
            x->changed = false;
            m->browses[x->browse].on_found(m->browses[x->browse].ctx, event, &x->found);
        }
    }
}

/* ---- what is asked ---- */

static void send(struct mico_mdns *m, struct mico_dns_writer *w)
{
    m->io.send(m->io.ctx, mdns_group, MICO_MDNS_PORT, m->out, mico_dns_end(w));
}

/* With those that are known for more than half their life, so that they keep silent: section 7.1. */
static void ask_for_type(struct mico_mdns *m, unsigned browse, uint64_t now_ms)
{
    static struct mico_dns_record known;
    struct mico_dns_writer w;
    mico_dns_begin(&w, m->out, sizeof m->out, 0, 0);
    (void)mico_dns_put_question(&w, &m->browses[browse].type, MICO_DNS_PTR, MICO_DNS_CLASS_IN);
    for (unsigned i = 0; i < MICO_MDNS_FOUND; i++) {
        const struct mico_mdns_instance *x = &m->found[i];
        if (!x->used || x->browse != browse || !x->told || x->expires_ms <= now_ms + x->ttl_ms / 2) {
            continue;
        }
        known.name = m->browses[browse].type;
        known.type = MICO_DNS_PTR;
        known.dns_class = MICO_DNS_CLASS_IN;
        known.top_bit = false;
        known.ttl_s = (uint32_t)((x->expires_ms - now_ms) / 1000);
        memcpy(known.rdata, x->name.bytes, x->name.len);
        known.rdata_len = x->name.len;
        (void)mico_dns_put_record(&w, MICO_DNS_ANSWER, &known); /* without room it answers once more */
    }
    send(m, &w);
}

static void ask_for_missing(struct mico_mdns *m, const struct mico_mdns_instance *x)
{
    struct mico_dns_writer w;
    mico_dns_begin(&w, m->out, sizeof m->out, 0, 0);
    if (!x->has_srv) {
        (void)mico_dns_put_question(&w, &x->name, MICO_DNS_SRV, MICO_DNS_CLASS_IN);
    }
    if (!x->has_txt) {
        (void)mico_dns_put_question(&w, &x->name, MICO_DNS_TXT, MICO_DNS_CLASS_IN);
    }
    if (x->has_srv && !x->has_address) {
        (void)mico_dns_put_question(&w, &x->host, MICO_DNS_A, MICO_DNS_CLASS_IN);
    }
    if (w.counts[0] > 0) {
        send(m, &w);
    }
}

static void drop(struct mico_mdns *m, struct mico_mdns_instance *x)
{
    x->used = false;
    if (x->told) {
        m->browses[x->browse].on_found(m->browses[x->browse].ctx, MICO_MDNS_REMOVED, &x->found);
    }
}

/* A few times, a second apart; at first the rest may come by itself. */
static uint64_t poll_missing(struct mico_mdns *m, struct mico_mdns_instance *x, uint64_t now_ms)
{
    if (x->due_ms <= now_ms) {
        if (x->asked > 0) {
            ask_for_missing(m, x);
        }
        x->asked++;
        x->due_ms = now_ms + (x->asked == 1 ? START_DELAY_SPREAD_MS : FIRST_WAIT_MS);
    }
    return x->due_ms;
}

/* Section 5.2: what is known is asked for again at 80 and 90 % of its life. */
static uint64_t poll_instance(struct mico_mdns *m, struct mico_mdns_instance *x, uint64_t now_ms)
{
    if (now_ms >= x->expires_ms) {
        drop(m, x);
        return MICO_MDNS_NEVER;
    }
    if (!is_whole(x) && x->asked < MISSING_TRIES) {
        return poll_missing(m, x, now_ms);
    }
    uint64_t fifth = x->ttl_ms / 5, again = x->expires_ms - fifth;
    if (x->asked < MISSING_TRIES + 2 && x->ttl_ms > MDNS_GOODBYE_MS) {
        if (x->asked < MISSING_TRIES) {
            x->asked = MISSING_TRIES; /* from here on it counts the renewals */
        }
        again += (x->asked - MISSING_TRIES) * fifth / 2;
        if (again <= now_ms) {
            ask_for_type(m, x->browse, now_ms);
            x->asked++;
            again += fifth / 2;
        }
        return again < x->expires_ms ? again : x->expires_ms;
    }
    return x->expires_ms;
}

static uint64_t poll_browse(struct mico_mdns *m, unsigned browse, uint64_t now_ms)
{
    struct mico_mdns_browse *b = &m->browses[browse];
    if (b->due_ms <= now_ms) {
        ask_for_type(m, browse, now_ms);
        b->due_ms = now_ms + b->wait_ms;
        b->wait_ms = b->wait_ms < LONGEST_WAIT_MS / 3 ? b->wait_ms * 3 : LONGEST_WAIT_MS;
    }
    return b->due_ms;
}

uint64_t mdns_browse_poll(struct mico_mdns *m, uint64_t now_ms)
{
    uint64_t next = MICO_MDNS_NEVER;
    for (unsigned i = 0; i < MICO_MDNS_BROWSES; i++) {
        uint64_t due = m->browses[i].type.len > 0 ? poll_browse(m, i, now_ms) : MICO_MDNS_NEVER;
        next = due < next ? due : next;
    }
    for (unsigned i = 0; i < MICO_MDNS_FOUND; i++) {
        uint64_t due = m->found[i].used ? poll_instance(m, &m->found[i], now_ms) : MICO_MDNS_NEVER;
        next = due < next ? due : next;
    }
    return next;
}

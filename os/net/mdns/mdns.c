/* SPDX-License-Identifier: Apache-2.0 */
/* Claiming names and telling of them in time; see mdns.h.
 *
 *            claim            3 probes            2 announcements
 *   OFF ----------> PROBING ----------> ANNOUNCING ----------> READY
 *                    ^  | conflict: another name    |             |
 *                    '--'                           | conflict    |
 *                    ^------------------------------'-------------'
 */
#include "os/net/mdns/mdns.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "os/net/mdns/internal.h"

#define PROBES 3u /* RFC 6762 section 8.1 */
#define PROBE_GAP_MS 250u
#define ANNOUNCEMENTS 2u /* section 8.3 */
#define ANNOUNCE_GAP_MS 1000u
#define CONFLICTS_MAX 15u /* section 8.1: in ten seconds; then five seconds before each try */
#define CONFLICT_WINDOW_MS 10000u
#define CONFLICT_PAUSE_MS 5000u
#define DEFAULT_TTL_S 4500u

uint32_t mdns_random(struct mico_mdns *m, uint32_t below)
{
    return m->io.random(m->io.ctx) % below;
}

void mdns_claim(struct mico_mdns_owner *owner, uint64_t at_ms)
{
    owner->state = MICO_MDNS_PROBING;
    owner->sent = 0;
    owner->due_ms = at_ms;
}

static void announce(struct mico_mdns_owner *owner, uint64_t now_ms)
{
    owner->state = MICO_MDNS_ANNOUNCING;
    owner->sent = 0;
    owner->due_ms = now_ms;
}

static mico_err fill_name(const struct mico_mdns_owner *owner, const struct mico_mdns_service *s,
                          struct mico_dns_name *name)
{
    char suffix[16] = "", label[MICO_MDNS_LABEL_MAX + 1];
    if (owner->attempt > 1) {
        snprintf(suffix, sizeof suffix, s != NULL ? " (%u)" : "-%u", owner->attempt);
    }
    int room =
        (int)(MICO_MDNS_LABEL_MAX - strlen(suffix)); /* a long label gives way to the number, by whole characters */
    while (room > 0 && strlen(owner->label) > (size_t)room && ((uint8_t)owner->label[room] & 0xC0) == 0x80) {
        room--;
    }
    snprintf(label, sizeof label, "%.*s%s", room, owner->label, suffix);
    name->len = 0;
    mico_err err = mico_dns_name_label(name, label, strlen(label));
    if (err != MICO_OK || s == NULL) {
        return err != MICO_OK ? err : mico_dns_name_text(name, "local");
    }
    if (name->len + s->type.len > MICO_DNS_NAME_MAX) {
        return MICO_ERR_SIZE;
    }
    memcpy(name->bytes + name->len, s->type.bytes, s->type.len);
    name->len += s->type.len;
    return MICO_OK;
}

mico_err mdns_name_owner(struct mico_mdns *m, struct mico_mdns_owner *owner)
{
    return fill_name(owner, mdns_service_of(m, owner), &owner->name);
}

static bool is_label(const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);
    return len > 0 && len <= MICO_MDNS_LABEL_MAX;
}

mico_err mico_mdns_init(struct mico_mdns *m, const struct mico_mdns_io *io, const char *host, const uint8_t ip[4],
                        const uint8_t mask[4], uint64_t now_ms)
{
    if (!is_label(host)) {
        return MICO_ERR_PARAM;
    }
    memset(m, 0, sizeof *m);
    m->io = *io;
    m->due_ms = MICO_MDNS_NEVER;
    memcpy(m->ip, ip, sizeof m->ip);
    memcpy(m->mask, mask, sizeof m->mask);
    snprintf(m->host.label, sizeof m->host.label, "%s", host);
    m->host.attempt = 1;
    mdns_claim(&m->host, now_ms + mdns_random(m, PROBE_GAP_MS));
    return mdns_name_owner(m, &m->host);
}

void mico_mdns_set_address(struct mico_mdns *m, const uint8_t ip[4], const uint8_t mask[4], uint64_t now_ms)
{
    if (memcmp(m->ip, ip, sizeof m->ip) != 0) {
        mdns_claim(&m->host, now_ms + mdns_random(m, PROBE_GAP_MS));
    }
    memcpy(m->ip, ip, sizeof m->ip);
    memcpy(m->mask, mask, sizeof m->mask);
}

/* ---- services ---- */

static bool is_txt(const uint8_t *txt, size_t len)
{
    size_t at = 0;
    while (at < len) {
        at += 1u + txt[at];
    }
    return at == len;
}

static mico_err fill_txt(struct mico_mdns_service *s, const uint8_t *txt, size_t txt_len)
{
    if (txt_len > sizeof s->txt) {
        return MICO_ERR_SIZE;
    }
    if (!is_txt(txt, txt_len)) {
        return MICO_ERR_PARAM;
    }
    s->txt[0] = 0; /* nothing to say is one empty string: RFC 6763 section 6.1 */
    s->txt_len = txt_len > 0 ? txt_len : 1;
    if (txt_len > 0) {
        memcpy(s->txt, txt, txt_len);
    }
    return MICO_OK;
}

/* "_hap._tcp": two labels that begin with an underscore. */
static mico_err fill_type(struct mico_dns_name *type, const char *text)
{
    char whole[MICO_MDNS_TYPE_MAX + 8];
    const char *dot = text == NULL ? NULL : strchr(text, '.');
    if (dot == NULL || strlen(text) > MICO_MDNS_TYPE_MAX || text[0] != '_' || dot[1] != '_' ||
        strchr(dot + 1, '.') != NULL || strchr(text, '\\') != NULL) {
        return MICO_ERR_PARAM;
    }
    snprintf(whole, sizeof whole, "%s.local", text);
    type->len = 0;
    return mico_dns_name_text(type, whole) == MICO_OK ? MICO_OK : MICO_ERR_PARAM;
}

static bool is_here(const struct mico_mdns *m, const struct mico_dns_name *name)
{
    for (unsigned i = 0; i < MICO_MDNS_SERVICES; i++) {
        const struct mico_mdns_owner *owner = &m->services[i].owner;
        if (owner->state != MICO_MDNS_OFF && mico_dns_name_equal(&owner->name, name)) {
            return true;
        }
    }
    return false;
}

static mico_err fill_service(struct mico_mdns_service *s, const char *instance, const char *type, uint16_t port,
                             uint32_t ttl_s)
{
    if (!is_label(instance) || port == 0 || fill_type(&s->type, type) != MICO_OK) {
        return MICO_ERR_PARAM;
    }
    snprintf(s->owner.label, sizeof s->owner.label, "%s", instance);
    snprintf(s->type_text, sizeof s->type_text, "%s", type);
    s->port = port;
    s->ttl_s = ttl_s != 0 ? ttl_s : DEFAULT_TTL_S;
    s->owner.attempt = 1;
    return fill_name(&s->owner, s, &s->owner.name);
}

mico_err mico_mdns_add(struct mico_mdns *m, const char *instance, const char *type, uint16_t port, const uint8_t *txt,
                       size_t txt_len, uint32_t ttl_s, uint64_t now_ms, int *id)
{
    int place = -1;
    for (int i = 0; i < (int)MICO_MDNS_SERVICES && place < 0; i++) {
        place = m->services[i].owner.state == MICO_MDNS_OFF ? i : -1;
    }
    if (place < 0) {
        return MICO_ERR_FULL;
    }
    struct mico_mdns_service *s = &m->services[place];
    mico_err err = fill_service(s, instance, type, port, ttl_s);
    if (err == MICO_OK) {
        err = is_here(m, &s->owner.name) ? MICO_ERR_PARAM : fill_txt(s, txt, txt_len);
    }
    if (err != MICO_OK) {
        return err;
    }
    mdns_claim(&s->owner, now_ms + mdns_random(m, PROBE_GAP_MS));
    *id = place;
    return MICO_OK;
}

static struct mico_mdns_service *service_at(struct mico_mdns *m, int id)
{
    assert(id >= 0 && id < (int)MICO_MDNS_SERVICES && m->services[id].owner.state != MICO_MDNS_OFF);
    return &m->services[id];
}

mico_err mico_mdns_set_txt(struct mico_mdns *m, int id, const uint8_t *txt, size_t txt_len, uint64_t now_ms)
{
    struct mico_mdns_service *s = service_at(m, id);
    mico_err err = fill_txt(s, txt, txt_len);
    if (err == MICO_OK && (s->owner.state == MICO_MDNS_READY || s->owner.state == MICO_MDNS_ANNOUNCING)) {
        announce(&s->owner, now_ms);
    }
    return err;
}

/* The type's record in the list of types goes only with its last service, which nobody keeps count of: it runs out. */
static void leave(struct mico_mdns *m, struct mico_mdns_service *s, enum mico_mdns_state state)
{
    unsigned i = (unsigned)(s - m->services);
    if (s->owner.state == MICO_MDNS_ANNOUNCING || s->owner.state == MICO_MDNS_READY) {
        mdns_tell(m, mdns_all_of(m, &s->owner) & ~BIT(RECORD_OF(i, OF_TYPES_PTR)), true, 0);
    }
    for (unsigned which = 0; which < OF_SERVICE; which++) {
        m->waiting &= ~BIT(RECORD_OF(i, which));
        m->multicast_ms[RECORD_OF(i, which)] = 0;
    }
    s->owner.state = state;
    s->owner.due_ms = MICO_MDNS_NEVER;
}

void mico_mdns_suspend(struct mico_mdns *m, int id)
{
    leave(m, service_at(m, id), MICO_MDNS_SUSPENDED);
}

void mico_mdns_resume(struct mico_mdns *m, int id, uint64_t now_ms)
{
    struct mico_mdns_service *s = service_at(m, id);
    if (s->owner.state == MICO_MDNS_SUSPENDED) {
        mdns_claim(&s->owner, now_ms + mdns_random(m, PROBE_GAP_MS));
    }
}

void mico_mdns_remove(struct mico_mdns *m, int id)
{
    leave(m, service_at(m, id), MICO_MDNS_OFF);
}

/* ---- time ---- */

/* Ours, or of somebody who has told more than fifteen conflicts in ten seconds: then every try waits five. */
static uint64_t pause_after_conflict(struct mico_mdns *m, uint64_t now_ms)
{
    if (m->conflicts == 0 || now_ms - m->conflict_ms > CONFLICT_WINDOW_MS) {
        m->conflicts = 0;
        m->conflict_ms = now_ms;
    }
    m->conflicts++;
    if (m->conflicts >= CONFLICTS_MAX) {
        m->conflict_ms = now_ms; /* the window lasts as long as they go on */
        return CONFLICT_PAUSE_MS;
    }
    return mdns_random(m, PROBE_GAP_MS);
}

void mdns_conflict(struct mico_mdns *m, struct mico_mdns_owner *owner, uint64_t now_ms)
{
    if (owner->state == MICO_MDNS_PROBING) {
        owner->attempt++;
        if (mdns_name_owner(m, owner) != MICO_OK) { /* cannot be: the label gives way */
            owner->state = MICO_MDNS_SUSPENDED;
            return;
        }
    }
    mdns_claim(owner, now_ms + pause_after_conflict(m, now_ms));
}

/* SRV records name the host: they are told anew when its name has become another. */
static void tell_of_host(struct mico_mdns *m, uint64_t now_ms)
{
    for (unsigned i = 0; i < MICO_MDNS_SERVICES; i++) {
        if (m->services[i].owner.state == MICO_MDNS_READY) {
            announce(&m->services[i].owner, now_ms);
        }
    }
}

static void probe_or_own(struct mico_mdns *m, struct mico_mdns_owner *owner, uint64_t now_ms)
{
    if (owner->sent < PROBES) {
        mdns_probe(m, owner);
        owner->sent++;
        owner->due_ms = now_ms + PROBE_GAP_MS;
        return;
    }
    announce(owner, now_ms);
    if (owner == &m->host) {
        tell_of_host(m, now_ms);
    }
}

static void announce_once(struct mico_mdns *m, struct mico_mdns_owner *owner, uint64_t now_ms)
{
    mdns_tell(m, mdns_all_of(m, owner), false, now_ms);
    owner->sent++;
    owner->due_ms = now_ms + ANNOUNCE_GAP_MS;
    if (owner->sent == ANNOUNCEMENTS) {
        owner->state = MICO_MDNS_READY;
        owner->due_ms = MICO_MDNS_NEVER;
    }
}

/* A service waits for the host to have its name. */
static uint64_t poll_owner(struct mico_mdns *m, struct mico_mdns_owner *owner, uint64_t now_ms)
{
    bool active = owner->state == MICO_MDNS_PROBING || owner->state == MICO_MDNS_ANNOUNCING;
    if (!active || (owner != &m->host && m->host.state == MICO_MDNS_PROBING)) {
        return MICO_MDNS_NEVER;
    }
    if (owner->state == MICO_MDNS_PROBING && owner->due_ms <= now_ms) {
        probe_or_own(m, owner, now_ms);
    }
    if (owner->state == MICO_MDNS_ANNOUNCING && owner->due_ms <= now_ms) {
        announce_once(m, owner, now_ms);
    }
    return owner->due_ms;
}

/* No record twice a second: section 6. What was told a moment ago waits for its second to pass. */
static uint64_t poll_waiting(struct mico_mdns *m, uint64_t now_ms)
{
    uint32_t now = 0;
    uint64_t next = MICO_MDNS_NEVER;
    m->waiting &= mdns_told(m);
    if (m->waiting == 0 || m->due_ms > now_ms) {
        return m->waiting == 0 ? MICO_MDNS_NEVER : m->due_ms;
    }
    for (unsigned i = 0; i < MICO_MDNS_RECORDS; i++) {
        uint64_t free_ms = m->multicast_ms[i] != 0 ? m->multicast_ms[i] + 1000 : 0;
        if ((m->waiting & BIT(i)) != 0 && free_ms <= now_ms) {
            now |= BIT(i);
        } else if ((m->waiting & BIT(i)) != 0 && free_ms < next) {
            next = free_ms;
        }
    }
    m->waiting &= ~now;
    m->due_ms = next;
    if (now != 0) {
        mdns_tell(m, now, false, now_ms);
    }
    return next;
}

uint64_t mico_mdns_poll(struct mico_mdns *m, uint64_t now_ms)
{
    uint64_t next = poll_owner(m, &m->host, now_ms);
    for (unsigned i = 0; i < MICO_MDNS_SERVICES; i++) {
        uint64_t due = poll_owner(m, &m->services[i].owner, now_ms);
        next = due < next ? due : next;
    }
    uint64_t due = poll_waiting(m, now_ms);
    next = due < next ? due : next;
    due = mdns_browse_poll(m, now_ms);
    return due < next ? due : next;
}

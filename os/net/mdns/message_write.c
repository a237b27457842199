/* SPDX-License-Identifier: Apache-2.0 */
/* Writing DNS messages; see message.h. */
#include "os/net/mdns/message.h"

#include <string.h>

#define HEADER_SIZE 12u
#define POINTER 0xC000u
#define POINTER_MAX 0x3FFFu

void mico_dns_begin(struct mico_dns_writer *m, uint8_t *out, size_t cap, uint16_t id, uint16_t flags)
{
    static const uint8_t counts[8];
    memset(m, 0, sizeof *m);
    m->w = mico_writer_of(out, cap);
    mico_write_be16(&m->w, id);
    mico_write_be16(&m->w, flags);
    mico_write_bytes(&m->w, counts, sizeof counts);
}

/* True when the name written at offset is exactly the labels of rest. Names that were written point backwards only. */
static bool is_written_at(const struct mico_dns_writer *m, size_t offset, const uint8_t *rest)
{
    for (;;) {
        uint8_t len = m->w.out[offset];
        if ((len & 0xC0) == 0xC0) {
            offset = mico_load_be16(m->w.out + offset) & POINTER_MAX;
            continue;
        }
        if (len != *rest || memcmp(m->w.out + offset + 1, rest + 1, len) != 0) {
            return false;
        }
        if (len == 0) {
            return true;
        }
        offset += 1u + len;
        rest += 1u + len;
    }
}

/* Where rest was written already, or 0. */
static size_t find_written(const struct mico_dns_writer *m, const uint8_t *rest)
{
    for (size_t i = 0; i < m->known; i++) {
        if (is_written_at(m, m->names[i], rest)) {
            return m->names[i];
        }
    }
    return 0;
}

/* Remembered only once it is whole: until then nothing may point into it. */
static void put_name(struct mico_dns_writer *m, const uint8_t *bytes, size_t len)
{
    uint16_t starts[MICO_DNS_REMEMBERED];
    size_t started = 0, written;
    const uint8_t *at = bytes;
    while (at < bytes + len && *at != 0) {
        written = find_written(m, at);
        if (written != 0) {
            break;
        }
        if (started < MICO_DNS_REMEMBERED && m->w.len <= POINTER_MAX) {
            starts[started++] = (uint16_t)m->w.len;
        }
        mico_write_bytes(&m->w, at, 1u + *at);
        at += 1u + *at;
    }
    if (*at != 0) {
        mico_write_be16(&m->w, (uint16_t)(POINTER | find_written(m, at)));
    } else {
        mico_write_u8(&m->w, 0);
    }
    for (size_t i = 0; i < started && m->known < MICO_DNS_REMEMBERED && !m->w.failed; i++) {
        m->names[m->known++] = starts[i];
    }
}

/* Take back what did not fit. */
static bool keep_or_undo(struct mico_dns_writer *m, const struct mico_dns_writer *before)
{
    if (m->w.failed) {
        *m = *before;
        return false;
    }
    return true;
}

bool mico_dns_put_question(struct mico_dns_writer *m, const struct mico_dns_name *name, uint16_t type,
                           uint16_t dns_class)
{
    const struct mico_dns_writer before = *m;
    put_name(m, name->bytes, name->len);
    mico_write_be16(&m->w, type);
    mico_write_be16(&m->w, dns_class);
    m->counts[0]++;
    return keep_or_undo(m, &before);
}

static void put_rdata(struct mico_dns_writer *m, const struct mico_dns_record *record)
{
    size_t before = record->type == MICO_DNS_SRV ? 6 : 0;
    bool has_name = record->type == MICO_DNS_PTR || record->type == MICO_DNS_CNAME || record->type == MICO_DNS_SRV;
    if (has_name) {
        mico_write_bytes(&m->w, record->rdata, before);
        put_name(m, record->rdata + before, record->rdata_len - before);
    } else {
        mico_write_bytes(&m->w, record->rdata, record->rdata_len);
    }
}

bool mico_dns_put_record(struct mico_dns_writer *m, enum mico_dns_section section, const struct mico_dns_record *record)
{
    const struct mico_dns_writer before = *m;
    put_name(m, record->name.bytes, record->name.len);
    mico_write_be16(&m->w, record->type);
    mico_write_be16(&m->w, (uint16_t)(record->dns_class | (record->top_bit ? MICO_DNS_TOP_BIT : 0)));
    mico_write_be32(&m->w, record->ttl_s);
    size_t length_at = m->w.len;
    mico_write_be16(&m->w, 0);
    put_rdata(m, record);
    m->counts[section]++;
    if (!m->w.failed) {
        mico_store_be16(m->w.out + length_at, (uint16_t)(m->w.len - length_at - 2));
    }
    return keep_or_undo(m, &before);
}

void mico_dns_add_flags(struct mico_dns_writer *m, uint16_t flags)
{
    mico_store_be16(m->w.out + 2, (uint16_t)(mico_load_be16(m->w.out + 2) | flags));
}

size_t mico_dns_end(struct mico_dns_writer *m)
{
    for (size_t i = 0; i < 4; i++) {
        mico_store_be16(m->w.out + 4 + 2 * i, m->counts[i]);
    }
    return m->w.len;
}

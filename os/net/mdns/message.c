/* SPDX-License-Identifier: Apache-2.0 */
/* Reading DNS messages, and names; see message.h. */
#include "os/net/mdns/message.h"

#include <string.h>

#define HEADER_SIZE 12u
#define POINTER 0xC0u

/* ---- names ---- */

mico_err mico_dns_name_label(struct mico_dns_name *name, const char *label, size_t len)
{
    if (len > MICO_DNS_LABEL_MAX || name->len + 1 + len > MICO_DNS_NAME_MAX) {
        return MICO_ERR_SIZE;
    }
    name->bytes[name->len] = (uint8_t)len;
    if (len > 0) {
        memcpy(name->bytes + name->len + 1, label, len);
    }
    name->len += 1 + len;
    return MICO_OK;
}

/* One label of text into out; what follows it. NULL when it is too long. */
static const char *take_label(const char *text, char out[MICO_DNS_LABEL_MAX], size_t *len)
{
    for (*len = 0; *text != '\0' && *text != '.'; text++) {
        if (*text == '\\' && text[1] != '\0') {
            text++;
        }
        if (*len == MICO_DNS_LABEL_MAX) {
            return NULL;
        }
        out[(*len)++] = *text;
    }
    return text;
}

mico_err mico_dns_name_text(struct mico_dns_name *name, const char *text)
{
    struct mico_dns_name result = *name;
    do {
        char label[MICO_DNS_LABEL_MAX];
        size_t len;
        text = take_label(text, label, &len);
        if (text == NULL || len == 0) {
            return text == NULL ? MICO_ERR_SIZE : MICO_ERR_FORMAT;
        }
        if (mico_dns_name_label(&result, label, len) != MICO_OK) {
            return MICO_ERR_SIZE;
        }
        text += *text == '.';
    } while (*text != '\0');
    if (mico_dns_name_label(&result, NULL, 0) != MICO_OK) {
        return MICO_ERR_SIZE;
    }
    *name = result;
    return MICO_OK;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Lengths of labels are below 64 and so no letters: the bytes may be compared as they are. */
static bool same(const uint8_t *a, const uint8_t *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

bool mico_dns_name_equal(const struct mico_dns_name *a, const struct mico_dns_name *b)
{
    return a->len == b->len && same(a->bytes, b->bytes, a->len);
}

bool mico_dns_name_is_child(const struct mico_dns_name *name, const struct mico_dns_name *parent)
{
    size_t first = name->len > 0 ? 1u + name->bytes[0] : 0;
    return first > 1 && name->len == first + parent->len && same(name->bytes + first, parent->bytes, parent->len);
}

/* ---- reading ---- */

/* The name at *at; *at is then behind it. A pointer leads to before where the name began, and each further one to before
 * the last: so it ends, and 255 bytes bound the rest. */
static bool read_name(const struct mico_dns_message *m, size_t *at, struct mico_dns_name *out)
{
    size_t from = *at, limit = *at;
    bool jumped = false;
    out->len = 0;
    for (;;) {
        if (from >= m->len) {
            return false;
        }
        uint8_t len = m->data[from];
        if ((len & POINTER) == POINTER) {
            if (m->len - from < 2) {
                return false;
            }
            size_t to = (size_t)(len & 0x3F) << 8 | m->data[from + 1];
            *at = jumped ? *at : from + 2;
            jumped = true;
            if (to >= limit || to < HEADER_SIZE) {
                return false;
            }
            from = limit = to;
            continue;
        }
        if (len > MICO_DNS_LABEL_MAX || m->len - from - 1 < len ||
            mico_dns_name_label(out, (const char *)m->data + from + 1, len) != MICO_OK) {
            return false;
        }
        from += 1u + len;
        if (len == 0) {
            *at = jumped ? *at : from;
            return true;
        }
    }
}

static bool read_u16(const struct mico_dns_message *m, size_t *at, uint16_t *out)
{
    if (m->len - *at < 2) {
        return false;
    }
    *out = mico_load_be16(m->data + *at);
    *at += 2;
    return true;
}

static bool read_class(const struct mico_dns_message *m, size_t *at, uint16_t *dns_class, bool *top_bit)
{
    uint16_t both;
    if (!read_u16(m, at, &both)) {
        return false;
    }
    *dns_class = both & ~MICO_DNS_TOP_BIT;
    *top_bit = (both & MICO_DNS_TOP_BIT) != 0;
    return true;
}

static bool read_question(struct mico_dns_message *m, struct mico_dns_question *out)
{
    return read_name(m, &m->at, &out->name) && read_u16(m, &m->at, &out->type) &&
           read_class(m, &m->at, &out->dns_class, &out->top_bit);
}

/* Bytes of rdata before the name in it; -1 when it holds none. */
static int name_offset(uint16_t type)
{
    switch (type) {
    case MICO_DNS_PTR:
    case MICO_DNS_CNAME:
    case MICO_DNS_NSEC:
        return 0;
    case MICO_DNS_SRV:
        return 6;
    default:
        return -1;
    }
}

/* Strings with their lengths, at least one (RFC 6763 section 6.1). */
static bool is_text(const uint8_t *data, size_t len)
{
    size_t at = 0;
    while (at < len) {
        at += 1u + data[at];
    }
    return len > 0 && at == len;
}

/* rdata of len bytes at m->at, its name uncompressed. */
static mico_err read_rdata(const struct mico_dns_message *m, size_t len, struct mico_dns_record *out)
{
    int before = name_offset(out->type);
    const uint8_t *data = m->data + m->at;
    if ((out->type == MICO_DNS_A && len != 4) || (out->type == MICO_DNS_AAAA && len != 16) ||
        (out->type == MICO_DNS_TXT && !is_text(data, len))) {
        return MICO_ERR_FORMAT;
    }
    if (before < 0) {
        out->rdata_len = len;
        if (len <= sizeof out->rdata) {
            memcpy(out->rdata, data, len);
        }
        return len <= sizeof out->rdata ? MICO_OK : MICO_ERR_SIZE;
    }
    struct mico_dns_name name;
    size_t at = m->at + (size_t)before, end = m->at + len;
    if (len < (size_t)before + 1 || !read_name(m, &at, &name) || at > end) {
        return MICO_ERR_FORMAT;
    }
    size_t rest = end - at;
    if (rest > 0 && out->type != MICO_DNS_NSEC) {
        return MICO_ERR_FORMAT;
    }
    if ((size_t)before + name.len + rest > sizeof out->rdata) {
        return MICO_ERR_SIZE;
    }
    memcpy(out->rdata, data, (size_t)before);
    memcpy(out->rdata + before, name.bytes, name.len);
    memcpy(out->rdata + (size_t)before + name.len, m->data + at, rest);
    out->rdata_len = (size_t)before + name.len + rest;
    return MICO_OK;
}

static mico_err read_record(struct mico_dns_message *m, struct mico_dns_record *out)
{
    uint16_t high, low, len;
    if (!read_name(m, &m->at, &out->name) || !read_u16(m, &m->at, &out->type) ||
        !read_class(m, &m->at, &out->dns_class, &out->top_bit) || !read_u16(m, &m->at, &high) ||
        !read_u16(m, &m->at, &low) || !read_u16(m, &m->at, &len) || m->len - m->at < len) {
        return MICO_ERR_FORMAT;
    }
    out->ttl_s = (uint32_t)high << 16 | low;
    mico_err err = read_rdata(m, len, out);
    m->at += len;
    return err;
}

/* Read everything once. */
static mico_err check(struct mico_dns_message m)
{
    struct mico_dns_question question;
    struct mico_dns_record record;
    uint32_t records = (uint32_t)m.answers + m.authorities + m.additionals;
    for (; m.questions > 0; m.questions--) {
        if (!read_question(&m, &question)) {
            return MICO_ERR_FORMAT;
        }
    }
    for (; records > 0; records--) {
        mico_err err = read_record(&m, &record);
        if (err != MICO_OK) {
            return err;
        }
    }
    return m.at == m.len ? MICO_OK : MICO_ERR_FORMAT;
}

mico_err mico_dns_open(struct mico_dns_message *message, const uint8_t *data, size_t len)
{
    if (len < HEADER_SIZE) {
        return MICO_ERR_FORMAT;
    }
    *message = (struct mico_dns_message){.data = data, .len = len, .at = HEADER_SIZE};
    message->id = mico_load_be16(data);
    message->flags = mico_load_be16(data + 2);
    message->questions = mico_load_be16(data + 4);
    message->answers = mico_load_be16(data + 6);
    message->authorities = mico_load_be16(data + 8);
    message->additionals = mico_load_be16(data + 10);
    return check(*message);
}

bool mico_dns_next_question(struct mico_dns_message *message, struct mico_dns_question *out)
{
    if (message->questions == 0) {
        return false;
    }
    message->questions--;
    return read_question(message, out);
}

enum mico_dns_section mico_dns_next_record(struct mico_dns_message *message, struct mico_dns_record *out)
{
    uint16_t *counts[] = {&message->answers, &message->authorities, &message->additionals};
    for (int i = 0; i < 3; i++) {
        if (*counts[i] > 0) {
            --*counts[i];
            return read_record(message, out) == MICO_OK ? (enum mico_dns_section)(MICO_DNS_ANSWER + i)
                                                        : MICO_DNS_NO_SECTION;
        }
    }
    return MICO_DNS_NO_SECTION;
}

bool mico_dns_rdata_name(const struct mico_dns_record *record, size_t at, struct mico_dns_name *out)
{
    out->len = 0;
    while (at < record->rdata_len) {
        uint8_t len = record->rdata[at];
        if (len > MICO_DNS_LABEL_MAX || record->rdata_len - at - 1 < len ||
            mico_dns_name_label(out, (const char *)record->rdata + at + 1, len) != MICO_OK) {
            return false;
        }
        at += 1u + len;
        if (len == 0) {
            return true;
        }
    }
    return false;
}

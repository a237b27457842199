/* SPDX-License-Identifier: Apache-2.0 */
/* DNS messages as bytes (RFC 1035 section 4, RFC 6762 section 18): a strict reader and a writer that compresses names.
 * Pure functions; mdns.h stands on them. */
#ifndef OS_NET_MDNS_MESSAGE_H
#define OS_NET_MDNS_MESSAGE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

#define MICO_DNS_NAME_MAX 255u
#define MICO_DNS_LABEL_MAX 63u
#define MICO_DNS_RDATA_MAX 512u /* of one record, names in it uncompressed */

enum mico_dns_type {
    MICO_DNS_A = 1,
    MICO_DNS_CNAME = 5,
    MICO_DNS_PTR = 12,
    MICO_DNS_TXT = 16,
    MICO_DNS_AAAA = 28,
    MICO_DNS_SRV = 33,
    MICO_DNS_NSEC = 47,
    MICO_DNS_ANY = 255,
};

#define MICO_DNS_CLASS_IN 1u
#define MICO_DNS_CLASS_ANY 255u
#define MICO_DNS_TOP_BIT 0x8000u /* of a class: unicast answer wanted, or flush the cache */

#define MICO_DNS_RESPONSE 0x8000u /* flags */
#define MICO_DNS_AUTHORITATIVE 0x0400u
#define MICO_DNS_TRUNCATED 0x0200u
#define MICO_DNS_OPCODE_RCODE 0x780Fu

/* A name as it goes over the wire, uncompressed: labels with their lengths, then the empty one. */
struct mico_dns_name {
    uint8_t bytes[MICO_DNS_NAME_MAX];
    size_t len; /* 0: not a name yet */
};

/** Append one label of any bytes to a name without its end, or with len 0 the end. MICO_ERR_SIZE, name untouched. */
MICO_MUST_USE mico_err mico_dns_name_label(struct mico_dns_name *name, const char *label, size_t len);

/** Append the labels of text such as "_hap._tcp.local", and the end. "\." is a dot, "\\" a backslash in a label.
 * MICO_ERR_FORMAT (an empty label), MICO_ERR_SIZE. */
MICO_MUST_USE mico_err mico_dns_name_text(struct mico_dns_name *name, const char *text);

/** True when they are the same, ASCII letters in either case. */
bool mico_dns_name_equal(const struct mico_dns_name *a, const struct mico_dns_name *b);

/** True when the rest of name behind its first label is parent. */
bool mico_dns_name_is_child(const struct mico_dns_name *name, const struct mico_dns_name *parent);

/* ---- reading ---- */

struct mico_dns_message {
    const uint8_t *data;
    size_t len;
    size_t at; /* what is read next */
    uint16_t id, flags;
    uint16_t questions, answers, authorities, additionals; /* that are left to read */
};

struct mico_dns_question {
    struct mico_dns_name name;
    uint16_t type;
    uint16_t dns_class; /* without the top bit */
    bool top_bit;
};

struct mico_dns_record {
    struct mico_dns_name name;
    uint16_t type;
    uint16_t dns_class; /* without the top bit */
    bool top_bit;
    uint32_t ttl_s;
    uint8_t rdata[MICO_DNS_RDATA_MAX]; /* names in it are uncompressed */
    size_t rdata_len;
};

/** Check the whole message: every name, length and count, and that nothing follows. On success its first question or
 * record is read next. MICO_ERR_FORMAT; MICO_ERR_SIZE for a record above MICO_DNS_RDATA_MAX. Keeps data by pointer. */
MICO_MUST_USE mico_err mico_dns_open(struct mico_dns_message *message, const uint8_t *data, size_t len);

/** The next question; false when there is none. */
bool mico_dns_next_question(struct mico_dns_message *message, struct mico_dns_question *out);

enum mico_dns_section { MICO_DNS_NO_SECTION, MICO_DNS_ANSWER, MICO_DNS_AUTHORITY, MICO_DNS_ADDITIONAL };

/** The next record and where it stands. All questions must have been read. */
enum mico_dns_section mico_dns_next_record(struct mico_dns_message *message, struct mico_dns_record *out);

/** The name in rdata from at on, up to its end. False when there is none. */
bool mico_dns_rdata_name(const struct mico_dns_record *record, size_t at, struct mico_dns_name *out);

/* ---- writing ---- */

#define MICO_DNS_REMEMBERED 16u /* names that later ones may point into */

struct mico_dns_writer {
    struct mico_writer w;
    uint16_t counts[4]; /* questions, answers, authorities, additionals */
    uint16_t names[MICO_DNS_REMEMBERED];
    size_t known;
};

/** Begin a message in out, of which the first 12 bytes are the header. */
void mico_dns_begin(struct mico_dns_writer *m, uint8_t *out, size_t cap, uint16_t id, uint16_t flags);

/** Each of these leaves the message as it was and returns false when there is no room. */
bool mico_dns_put_question(struct mico_dns_writer *m, const struct mico_dns_name *name, uint16_t type,
                           uint16_t dns_class);
/** rdata as in a record that was read; names in it are compressed where RFC 6762 section 18.14 lets them be. Sections
 * come in their order. */
bool mico_dns_put_record(struct mico_dns_writer *m, enum mico_dns_section section,
                         const struct mico_dns_record *record);

/** Set flags such as MICO_DNS_TRUNCATED in addition. */
void mico_dns_add_flags(struct mico_dns_writer *m, uint16_t flags);

/** Write the counts; the message's length. */
size_t mico_dns_end(struct mico_dns_writer *m);

#endif

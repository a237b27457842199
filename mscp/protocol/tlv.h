/* SPDX-License-Identifier: Apache-2.0 */
/* Type-length-values of commands and answers: u8 tag | u16 length | value. docs/MSCP.md, "TLVs".
 *
 * A body is parsed into a view before anything acts on it. Each tag may stand once, must be known and must have a
 * length that its kind allows, so a command's handler sees only values of the right size. */
#ifndef MSCP_PROTOCOL_TLV_H
#define MSCP_PROTOCOL_TLV_H

#include "base/bytes.h"
#include "mscp/protocol/mscp.h"

enum mscp_tag {
    MSCP_TAG_ECHO = 0x01,       /* 4: chosen by the host for a question in the clear; comes back in its answer */
    MSCP_TAG_SERIAL = 0x02,     /* 8 */
    MSCP_TAG_FIRMWARE = 0x03,   /* u32 */
    MSCP_TAG_LIFECYCLE = 0x04,  /* u8 */
    MSCP_TAG_PAIRED = 0x05,     /* u8, 0 or 1 */
    MSCP_TAG_BOOT = 0x06,       /* u32 */
    MSCP_TAG_COUNT = 0x07,      /* u16: bytes asked for */
    MSCP_TAG_BYTES = 0x08,      /* 0..1024: part of a message or value */
    MSCP_TAG_ID = 0x09,         /* u32 */
    MSCP_TAG_ATTRIBUTES = 0x0A, /* 8 and a policy of at most MSCP_POLICY_MAX bytes */
    MSCP_TAG_TOTAL = 0x0B,      /* u16: bytes of the whole message or value */
    MSCP_TAG_OFFSET = 0x0C,     /* u16: where BYTES stand in it */
    MSCP_TAG_PUBLIC_KEY = 0x0D, /* 32, or 65 for P-256 (04 | X | Y) */
    MSCP_TAG_VALUE = 0x0E,      /* u64: a counter */
    MSCP_TAG_SIGNATURE = 0x0F,  /* 64 */
    MSCP_TAG_SECRET = 0x10,     /* 32 */
    MSCP_TAG_NONCE = 0x11,      /* 32; of evidence 32, 48 or 64 */
    MSCP_TAG_DRY_RUN = 0x13,    /* u8, 0 or 1 */
    MSCP_TAG_FAILING = 0x14,    /* u32: one bit for each clause that is not met */
    MSCP_TAG_STEP = 0x15,       /* u8: 1 or 3, the message of Noise XX */
    MSCP_TAG_HANDSHAKE = 0x16,  /* 32..128: a Noise message */
    MSCP_TAG_BUDGET = 0x17,     /* u32: failures on the link that are remembered now */
    MSCP_TAG_CREDENTIAL = 0x18, /* 4..32: of Authenticate */
    MSCP_TAG_ALGORITHM = 0x19,  /* u8: enum mscp_algorithm */
    MSCP_TAG_SALT = 0x1A,       /* 0..64 */
    MSCP_TAG_INFO = 0x1B,       /* 0..128 */
    MSCP_TAG_TARGET = 0x1C,     /* u32: id of the object to make */
    MSCP_TAG_MAC = 0x1D,        /* 32 */
    MSCP_TAG_IV = 0x1E,         /* 12 */
    MSCP_TAG_AAD = 0x1F,        /* 0..128 */
    MSCP_TAG_WRAPPER = 0x20,    /* u32: id of the key under which another is sealed */
    MSCP_TAG_KEY = 0x21,        /* 16..92: a key from outside, or nonce | sealed key | tag */
    MSCP_TAG_EVIDENCE = 0x30,   /* 1..1024: a COSE_Sign1 */
    MSCP_TAG_HEAD = 0x31,       /* 32: of a hash chain */
    MSCP_TAG_INDEX = 0x32,      /* u8: of a measurement register */
    MSCP_TAG_DIGEST = 0x33,     /* 32 */
    MSCP_TAG_PROOF = 0x34,      /* 32: a MAC, of a boot receipt or an owner */
    MSCP_TAG_SECURITY = 0x35,   /* u32: security version of the firmware */
    MSCP_TAG_LIMIT = 0x36,      /* first number that is no tag; there are gaps below it */
};

#define MSCP_TAG_BIT(tag) (UINT64_C(1) << (tag))
#define MSCP_ATTRIBUTES_SIZE 8 /* without a policy */
#define MSCP_ATTRIBUTES_MAX (MSCP_ATTRIBUTES_SIZE + MSCP_POLICY_MAX)
#define MSCP_LISTED_SIZE 12 /* an object in the answer to ListObjects: u32 id | attributes without their policy */

/* A parsed body: value[tag] is set where bit tag of present is. */
struct mscp_tlvs {
    uint64_t present;
    struct mico_span value[MSCP_TAG_LIMIT];
};

/** Parse body. MICO_ERR_FORMAT (cut, doubled or unknown tag) or MICO_ERR_SIZE (a length its tag does not allow);
 * tlvs is empty then. */
MICO_MUST_USE mico_err mscp_tlvs_parse(struct mico_span body, struct mscp_tlvs *tlvs);

/** Bytes of a tag's value where they are always as many, and as many as a number has: 1, 2, 4 or 8; else 0. */
size_t mscp_tag_width(enum mscp_tag tag);

/* A present value of an integer tag; 0 when it is absent. */
uint8_t mscp_tlv_u8(const struct mscp_tlvs *tlvs, enum mscp_tag tag);
uint16_t mscp_tlv_u16(const struct mscp_tlvs *tlvs, enum mscp_tag tag);
uint32_t mscp_tlv_u32(const struct mscp_tlvs *tlvs, enum mscp_tag tag);
uint64_t mscp_tlv_u64(const struct mscp_tlvs *tlvs, enum mscp_tag tag);

void mscp_put_bytes(struct mico_writer *w, enum mscp_tag tag, const void *data, size_t len);
void mscp_put_u8(struct mico_writer *w, enum mscp_tag tag, uint8_t value);
void mscp_put_u16(struct mico_writer *w, enum mscp_tag tag, uint16_t value);
void mscp_put_u32(struct mico_writer *w, enum mscp_tag tag, uint32_t value);
void mscp_put_u64(struct mico_writer *w, enum mscp_tag tag, uint64_t value);

/* type | origin | u16 usage | read | write | life | u8 length of the policy | policy. Returns the bytes written. */
size_t mscp_attributes_encode(const struct mscp_attributes *attributes, uint8_t out[MSCP_ATTRIBUTES_MAX]);
/** MICO_ERR_FORMAT unless in is exactly attributes with a policy of a right form; attributes are zeros then. */
MICO_MUST_USE mico_err mscp_attributes_parse(struct mico_span in, struct mscp_attributes *attributes);
/* The first MSCP_ATTRIBUTES_SIZE bytes alone, as ListObjects gives them: policy_len tells that there is a policy, which
 * is not here. */
struct mscp_attributes mscp_attributes_decode(const uint8_t in[MSCP_ATTRIBUTES_SIZE]);

#endif

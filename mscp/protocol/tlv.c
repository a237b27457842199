/* SPDX-License-Identifier: Apache-2.0 */
/* Type-length-values; see tlv.h. */
#include "mscp/protocol/tlv.h"

#include <string.h>

#include "mscp/protocol/frame.h"
#include "mscp/protocol/policy.h"

static const struct {
    uint16_t min;
    uint16_t max;
} sizes[MSCP_TAG_LIMIT] = {
    [MSCP_TAG_ECHO] = {4, 4},         [MSCP_TAG_SERIAL] = {MSCP_SERIAL_SIZE, MSCP_SERIAL_SIZE},
    [MSCP_TAG_FIRMWARE] = {4, 4},     [MSCP_TAG_LIFECYCLE] = {1, 1},
    [MSCP_TAG_PAIRED] = {1, 1},       [MSCP_TAG_BOOT] = {4, 4},
    [MSCP_TAG_COUNT] = {2, 2},        [MSCP_TAG_BYTES] = {0, MSCP_CHUNK_MAX},
    [MSCP_TAG_ID] = {4, 4},           [MSCP_TAG_ATTRIBUTES] = {MSCP_ATTRIBUTES_SIZE, MSCP_ATTRIBUTES_MAX},
    [MSCP_TAG_TOTAL] = {2, 2},        [MSCP_TAG_OFFSET] = {2, 2},
    [MSCP_TAG_PUBLIC_KEY] = {32, 65}, [MSCP_TAG_VALUE] = {8, 8},
    [MSCP_TAG_SIGNATURE] = {64, 64},  [MSCP_TAG_SECRET] = {32, 32},
    [MSCP_TAG_NONCE] = {32, 64},      [MSCP_TAG_DRY_RUN] = {1, 1},
    [MSCP_TAG_FAILING] = {4, 4},      [MSCP_TAG_STEP] = {1, 1},
    [MSCP_TAG_HANDSHAKE] = {32, 128}, [MSCP_TAG_BUDGET] = {4, 4},
    [MSCP_TAG_CREDENTIAL] = {4, 32},  [MSCP_TAG_ALGORITHM] = {1, 1},
    [MSCP_TAG_SALT] = {0, 64},        [MSCP_TAG_INFO] = {0, 128},
    [MSCP_TAG_TARGET] = {4, 4},       [MSCP_TAG_MAC] = {32, 32},
    [MSCP_TAG_IV] = {12, 12},         [MSCP_TAG_AAD] = {0, MSCP_AAD_MAX},
    [MSCP_TAG_WRAPPER] = {4, 4},      [MSCP_TAG_KEY] = {MSCP_SECRET_MIN, MSCP_SECRET_MAX + 28},
    [MSCP_TAG_EVIDENCE] = {1, 1024},  [MSCP_TAG_HEAD] = {32, 32},
    [MSCP_TAG_INDEX] = {1, 1},        [MSCP_TAG_DIGEST] = {32, 32},
    [MSCP_TAG_PROOF] = {32, 32},      [MSCP_TAG_SECURITY] = {4, 4},
};

/* No tag's longest value is empty, so a gap in the table is no tag. */
static bool known(uint8_t tag)
{
    return tag < MSCP_TAG_LIMIT && sizes[tag].max != 0;
}

size_t mscp_tag_width(enum mscp_tag tag)
{
    if (!known((uint8_t)tag) || sizes[tag].min != sizes[tag].max) {
        return 0;
    }
    size_t len = sizes[tag].max;
    return len == 1 || len == 2 || len == 4 || len == 8 ? len : 0;
}

mico_err mscp_tlvs_parse(struct mico_span body, struct mscp_tlvs *tlvs)
{
    struct mico_reader r = mico_reader_of(body.data, body.len);
    memset(tlvs, 0, sizeof *tlvs);
    struct mscp_tlvs parsed = {0};
    while (r.left > 0) {
        uint8_t tag = mico_read_u8(&r);
        uint16_t len = mico_read_le16(&r);
        struct mico_span value = mico_read_bytes(&r, len);
        if (r.failed || !known(tag) || (parsed.present & MSCP_TAG_BIT(tag)) != 0) {
            return MICO_ERR_FORMAT;
        }
        if (len < sizes[tag].min || len > sizes[tag].max) {
            return MICO_ERR_SIZE;
        }
        parsed.present |= MSCP_TAG_BIT(tag);
        parsed.value[tag] = value;
    }
    *tlvs = parsed;
    return MICO_OK;
}

static bool has(const struct mscp_tlvs *tlvs, enum mscp_tag tag)
{
    return (tlvs->present & MSCP_TAG_BIT(tag)) != 0;
}

uint8_t mscp_tlv_u8(const struct mscp_tlvs *tlvs, enum mscp_tag tag)
{
    return has(tlvs, tag) ? tlvs->value[tag].data[0] : 0;
}

uint16_t mscp_tlv_u16(const struct mscp_tlvs *tlvs, enum mscp_tag tag)
{
    return has(tlvs, tag) ? mico_load_le16(tlvs->value[tag].data) : 0;
}

uint32_t mscp_tlv_u32(const struct mscp_tlvs *tlvs, enum mscp_tag tag)
{
    return has(tlvs, tag) ? mico_load_le32(tlvs->value[tag].data) : 0;
}

uint64_t mscp_tlv_u64(const struct mscp_tlvs *tlvs, enum mscp_tag tag)
{
    return has(tlvs, tag) ? mico_load_le64(tlvs->value[tag].data) : 0;
}

void mscp_put_bytes(struct mico_writer *w, enum mscp_tag tag, const void *data, size_t len)
{
    mico_write_u8(w, (uint8_t)tag);
    mico_write_le16(w, (uint16_t)len);
    mico_write_bytes(w, data, len);
}

void mscp_put_u8(struct mico_writer *w, enum mscp_tag tag, uint8_t value)
{
    mscp_put_bytes(w, tag, &value, 1);
}

void mscp_put_u16(struct mico_writer *w, enum mscp_tag tag, uint16_t value)
{
    uint8_t bytes[2];
    mico_store_le16(bytes, value);
    mscp_put_bytes(w, tag, bytes, sizeof bytes);
}

void mscp_put_u32(struct mico_writer *w, enum mscp_tag tag, uint32_t value)
{
    uint8_t bytes[4];
    mico_store_le32(bytes, value);
    mscp_put_bytes(w, tag, bytes, sizeof bytes);
}

void mscp_put_u64(struct mico_writer *w, enum mscp_tag tag, uint64_t value)
{
    uint8_t bytes[8];
    mico_store_le64(bytes, value);
    mscp_put_bytes(w, tag, bytes, sizeof bytes);
}

size_t mscp_attributes_encode(const struct mscp_attributes *a, uint8_t out[MSCP_ATTRIBUTES_MAX])
{
    out[0] = a->type;
    out[1] = a->origin;
    mico_store_le16(out + 2, a->usage);
    out[4] = a->read;
    out[5] = a->write;
    out[6] = a->life;
    out[7] = a->policy_len;
    memcpy(out + MSCP_ATTRIBUTES_SIZE, a->policy, a->policy_len);
    return MSCP_ATTRIBUTES_SIZE + (size_t)a->policy_len;
}

struct mscp_attributes mscp_attributes_decode(const uint8_t in[MSCP_ATTRIBUTES_SIZE])
{
    return (struct mscp_attributes){.type = in[0],
                                    .origin = in[1],
                                    .usage = mico_load_le16(in + 2),
                                    .read = in[4],
                                    .write = in[5],
                                    .life = in[6],
                                    .policy_len = in[7]};
}

mico_err mscp_attributes_parse(struct mico_span in, struct mscp_attributes *a)
{
    memset(a, 0, sizeof *a);
    if (in.len < MSCP_ATTRIBUTES_SIZE || in.len > MSCP_ATTRIBUTES_MAX ||
        in.len != MSCP_ATTRIBUTES_SIZE + (size_t)in.data[7]) {
        return MICO_ERR_FORMAT;
    }
    struct mico_span policy = {in.data + MSCP_ATTRIBUTES_SIZE, in.data[7]};
    if (!mscp_policy_valid(policy)) {
        return MICO_ERR_FORMAT;
    }
    *a = mscp_attributes_decode(in.data);
    memcpy(a->policy, policy.data, policy.len);
    return MICO_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* TLV8; see tlv8.h. */
#include "pairing/tlv8.h"

#include <string.h>

#define PIECE_MAX 255u

/* The item at data + *at: joins its continuations behind its first piece and moves *at past the last one. */
static mico_err join(uint8_t *data, size_t len, size_t *at, struct mico_span *value)
{
    uint8_t type = data[*at];
    uint8_t *joined = data + *at + 2;
    size_t joined_len = 0;
    size_t i = *at;
    bool more = true;
    while (more) {
        if (len - i < 2 || len - i - 2 < data[i + 1]) {
            return MICO_ERR_FORMAT;
        }
        size_t piece = data[i + 1];
        size_t next = i + 2 + piece;
        if (piece == 0 && joined_len > 0) {
            return MICO_ERR_FORMAT; /* an empty continuation */
        }
        more = piece == PIECE_MAX && next < len && data[next] == type;
        memmove(joined + joined_len, data + i + 2, piece); /* never past i + 2 + piece: joining only shortens */
        joined_len += piece;
        i = next;
    }
    *at = i;
    *value = (struct mico_span){joined, joined_len};
    return MICO_OK;
}

static mico_err parse(uint8_t *data, size_t len, struct mico_tlv8 *record, struct mico_span *rest)
{
    uint8_t seen[32] = {0}; /* one bit a type */
    size_t at = 0;
    while (at < len) {
        uint8_t type = data[at];
        struct mico_span value;
        mico_err err = join(data, len, &at, &value);
        if (err != MICO_OK) {
            return err;
        }
        if (type == MICO_TLV8_SEPARATOR) {
            if (rest == NULL || value.len != 0) {
                return MICO_ERR_FORMAT;
            }
            *rest = (struct mico_span){data + at, len - at};
            return MICO_OK;
        }
        if ((seen[type / 8] & (1u << type % 8)) != 0) {
            return MICO_ERR_FORMAT;
        }
        seen[type / 8] |= (uint8_t)(1u << type % 8);
        if (type < MICO_TLV8_TYPES) {
            record->value[type] = value;
            record->has[type] = true;
        }
    }
    return MICO_OK;
}

mico_err mico_tlv8_parse(uint8_t *data, size_t len, struct mico_tlv8 *record, struct mico_span *rest)
{
    memset(record, 0, sizeof *record);
    if (rest != NULL) {
        *rest = (struct mico_span){NULL, 0};
    }
    mico_err err = parse(data, len, record, rest);
    if (err != MICO_OK) {
        memset(record, 0, sizeof *record);
    }
    return err;
}

int mico_tlv8_byte(const struct mico_tlv8 *record, enum mico_tlv8_type type)
{
    return mico_tlv8_is(record, type, 1) ? record->value[type].data[0] : -1;
}

bool mico_tlv8_is(const struct mico_tlv8 *record, enum mico_tlv8_type type, size_t len)
{
    return record->has[type] && record->value[type].len == len;
}

void mico_tlv8_put(struct mico_writer *w, uint8_t type, const void *value, size_t len)
{
    const uint8_t *at = value;
    do {
        size_t piece = len < PIECE_MAX ? len : PIECE_MAX;
        mico_write_u8(w, type);
        mico_write_u8(w, (uint8_t)piece);
        mico_write_bytes(w, at, piece);
        len -= piece;
        at = len > 0 ? at + piece : at;
    } while (len > 0);
}

void mico_tlv8_put_byte(struct mico_writer *w, uint8_t type, uint8_t value)
{
    mico_tlv8_put(w, type, &value, 1);
}

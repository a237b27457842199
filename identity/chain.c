/* SPDX-License-Identifier: Apache-2.0 */
/* Splitting a chain of DER certificates by their outermost lengths. X.690 sections 8.1.3 and 10.1. */
#include "identity/chain.h"

#define DER_SEQUENCE 0x30

/* A definite, minimal DER length: one byte below 0x80, or 0x81 to 0x83 and that many bytes. */
static size_t der_length(struct mico_reader *r)
{
    uint8_t first = mico_read_u8(r);
    if (first < 0x80) {
        return first;
    }
    size_t bytes = first & 0x7Fu;
    if (bytes < 1 || bytes > 3) {
        r->failed = true; /* indefinite, or more than 16 MiB: no certificate of ours */
        return 0;
    }
    size_t length = 0;
    for (size_t i = 0; i < bytes; i++) {
        length = length << 8 | mico_read_u8(r);
    }
    size_t least = bytes == 1 ? 0x80u : (size_t)1 << 8 * (bytes - 1);
    if (length < least) {
        r->failed = true;
    }
    return length;
}

mico_err mico_der_sequence(struct mico_span der, size_t *len)
{
    *len = 0;
    struct mico_reader r = mico_reader_of(der.data, der.len);
    if (mico_read_u8(&r) != DER_SEQUENCE) {
        return MICO_ERR_FORMAT;
    }
    size_t content = der_length(&r);
    if (r.failed || content > r.left) {
        return MICO_ERR_FORMAT;
    }
    *len = der.len - r.left + content;
    return MICO_OK;
}

mico_err mico_chain_split(struct mico_span chain, struct mico_span certificates[MICO_CHAIN_MAX], size_t *count)
{
    *count = 0;
    size_t found = 0;
    while (chain.len > 0) {
        size_t len;
        mico_err err = mico_der_sequence(chain, &len);
        if (err != MICO_OK) {
            return err;
        }
        if (found == MICO_CHAIN_MAX) {
            return MICO_ERR_FULL;
        }
        certificates[found++] = (struct mico_span){chain.data, len};
        chain.data += len;
        chain.len -= len;
    }
    if (found == 0) {
        return MICO_ERR_FORMAT;
    }
    *count = found;
    return MICO_OK;
}

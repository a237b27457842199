/* SPDX-License-Identifier: Apache-2.0 */
/* TLV8: the type-length-value encoding of HomeKit's pairing messages. Values over 255 bytes are split into consecutive
 * items of one type. Facts: docs/PAIRING.md. */
#ifndef PAIRING_TLV8_H
#define PAIRING_TLV8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum mico_tlv8_type {
    MICO_TLV8_METHOD = 0x00,
    MICO_TLV8_IDENTIFIER = 0x01,
    MICO_TLV8_SALT = 0x02,
    MICO_TLV8_PUBLIC_KEY = 0x03,
    MICO_TLV8_PROOF = 0x04,
    MICO_TLV8_ENCRYPTED_DATA = 0x05,
    MICO_TLV8_STATE = 0x06,
    MICO_TLV8_ERROR = 0x07,
    MICO_TLV8_RETRY_DELAY = 0x08,
    MICO_TLV8_CERTIFICATE = 0x09,
    MICO_TLV8_SIGNATURE = 0x0A,
    MICO_TLV8_PERMISSIONS = 0x0B,
    MICO_TLV8_SESSION_ID = 0x0E,
    MICO_TLV8_FLAGS = 0x13,
    MICO_TLV8_TYPES = 0x14, /* the known types lie below */
    MICO_TLV8_SEPARATOR = 0xFF,
};

enum mico_tlv8_method {
    MICO_METHOD_PAIR_SETUP = 0,
    MICO_METHOD_PAIR_SETUP_WITH_AUTH = 1, /* the accessory shows its device certificate in M4 */
    MICO_METHOD_PAIR_VERIFY = 2,
    MICO_METHOD_ADD_PAIRING = 3,
    MICO_METHOD_REMOVE_PAIRING = 4,
    MICO_METHOD_LIST_PAIRINGS = 5,
};

/* What a peer answers in the Error item. */
enum mico_hap_error {
    MICO_HAP_OK = 0,
    MICO_HAP_UNKNOWN = 1,
    MICO_HAP_AUTHENTICATION = 2,
    MICO_HAP_BACKOFF = 3,
    MICO_HAP_MAX_PEERS = 4,
    MICO_HAP_MAX_TRIES = 5,
    MICO_HAP_UNAVAILABLE = 6,
    MICO_HAP_BUSY = 7,
};

/* One record: the values of the known types, joined. They point into the parsed bytes. */
struct mico_tlv8 {
    struct mico_span value[MICO_TLV8_TYPES];
    bool has[MICO_TLV8_TYPES];
};

/** Parse one record: everything up to the end or to a separator. Joins split values in place, so data is altered.
 *
 * rest   what follows the separator, empty at the end; may be NULL, then a separator is malformed
 * Unknown types are left out. A type that comes again without being a continuation, an item that is cut short and an
 * empty continuation are MICO_ERR_FORMAT; record and rest are then empty. */
MICO_MUST_USE mico_err mico_tlv8_parse(uint8_t *data, size_t len, struct mico_tlv8 *record, struct mico_span *rest);

/** The value of an item of exactly one byte; -1 when it is absent or of another length. */
int mico_tlv8_byte(const struct mico_tlv8 *record, enum mico_tlv8_type type);

/** True when the item is there with exactly len bytes. */
bool mico_tlv8_is(const struct mico_tlv8 *record, enum mico_tlv8_type type, size_t len);

/** Append an item, split as its length asks. Does not fit: the writer's `failed` is set. */
void mico_tlv8_put(struct mico_writer *w, uint8_t type, const void *value, size_t len);
void mico_tlv8_put_byte(struct mico_writer *w, uint8_t type, uint8_t value);

#endif

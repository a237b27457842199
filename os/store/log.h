/* SPDX-License-Identifier: Apache-2.0 */
/* The log inside one half of a store's region: reading its records in order, writing one at its end. */
#ifndef OS_STORE_LOG_H
#define OS_STORE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "os/store/store.h"

/* One record as its header describes it. */
struct store_record {
    uint32_t at;   /* offset in the half */
    uint32_t next; /* offset of what follows */
    uint8_t kind;
    uint8_t name_len;
    uint16_t value_len;
    uint32_t value_crc;
    char name[MICO_STORE_NAME_MAX + 1];
};

/** Bytes of one half, and the offset of its first record. */
uint32_t store_bank_size(const struct mico_store *store);
uint32_t store_bank_data(const struct mico_store *store);
/** Bytes a record takes, padding to the program unit included. */
uint32_t store_record_size(const struct mico_store *store, size_t name_len, size_t value_len);

/** The sequence number of the half at bank, *valid false when its header fails the check. */
MICO_MUST_USE mico_err store_bank_read(const struct mico_store *store, uint32_t bank, uint32_t *sequence, bool *valid);
/** Write the header of the half at bank: from then on it is whole and may be the live one. */
MICO_MUST_USE mico_err store_bank_commit(const struct mico_store *store, uint32_t bank, uint32_t sequence);
/** Erase the half at bank and see that it is erased. */
MICO_MUST_USE mico_err store_bank_erase(const struct mico_store *store, uint32_t bank);
/** *blank true when [offset, end of half) of bank is erased. */
MICO_MUST_USE mico_err store_bank_blank(const struct mico_store *store, uint32_t bank, uint32_t offset, bool *blank);

/** Read the header at offset `at` of the live half, below `end`. *valid false when none is there. */
MICO_MUST_USE mico_err store_record_read(const struct mico_store *store, uint32_t at, uint32_t end,
                                         struct store_record *record, bool *valid);
/** *intact true when the record's value passes its check. */
MICO_MUST_USE mico_err store_record_check(const struct mico_store *store, const struct store_record *record,
                                          bool *intact);
/** Address in flash of the record's value. */
uint32_t store_record_value(const struct mico_store *store, const struct store_record *record);

/** Write a record at offset `at` of bank and read it back. MICO_ERR_IO when it is not there as written. */
MICO_MUST_USE mico_err store_record_write(const struct mico_store *store, uint32_t bank, uint32_t at, uint8_t kind,
                                          const char *name, struct mico_span value);
/** Copy a record of the live half, as it is, to offset `at` of bank and read it back. */
MICO_MUST_USE mico_err store_record_copy(const struct mico_store *store, const struct store_record *record,
                                         uint32_t bank, uint32_t at);

#endif

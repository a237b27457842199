/* SPDX-License-Identifier: Apache-2.0 */
/* The log inside one half: every byte that is read is checked before it is believed, every byte that is written is read
 * back before it is acknowledged. */
#include "os/store/log.h"

#include <string.h>

#include "os/store/format.h"

static uint32_t align_up(uint32_t value, uint32_t unit)
{
    return (value + unit - 1) / unit * unit;
}

uint32_t store_bank_size(const struct mico_store *store)
{
    return store->size / 2;
}

uint32_t store_bank_data(const struct mico_store *store)
{
    return align_up(STORE_BANK_HEADER, store->flash->program_size);
}

uint32_t store_record_size(const struct mico_store *store, size_t name_len, size_t value_len)
{
    return align_up((uint32_t)(STORE_RECORD_HEADER + name_len + value_len), store->flash->program_size);
}

static mico_err flash_read(const struct mico_store *store, uint32_t address, void *out, size_t len)
{
    return store->flash->read(store->flash, address, out, len) == MICO_OK ? MICO_OK : MICO_ERR_IO;
}

/* Program len bytes (a multiple of the unit, at most STORE_CHUNK) and see that they are there. */
static mico_err flash_write(const struct mico_store *store, uint32_t address, const uint8_t *data, size_t len)
{
    uint8_t back[STORE_CHUNK];
    mico_err err = MICO_ERR_IO;
    if (store->flash->program(store->flash, address, data, len) == MICO_OK &&
        flash_read(store, address, back, len) == MICO_OK && mico_ct_equal(back, data, len)) {
        err = MICO_OK;
    }
    mico_wipe(back, sizeof back);
    return err;
}

/* A run of bytes on its way to flash, in pieces of STORE_CHUNK. */
struct sink {
    const struct mico_store *store;
    uint32_t address;
    size_t held;
    mico_err err;
    uint8_t chunk[STORE_CHUNK];
};

static void sink_push(struct sink *sink)
{
    if (sink->err == MICO_OK && sink->held != 0) {
        sink->err = flash_write(sink->store, sink->address, sink->chunk, sink->held);
    }
    sink->address += (uint32_t)sink->held;
    sink->held = 0;
}

static void sink_add(struct sink *sink, const void *data, size_t len)
{
    const uint8_t *from = data;
    while (len != 0) {
        size_t take = STORE_CHUNK - sink->held < len ? STORE_CHUNK - sink->held : len;
        memcpy(sink->chunk + sink->held, from, take);
        sink->held += take;
        from += take;
        len -= take;
        if (sink->held == STORE_CHUNK) {
            sink_push(sink);
        }
    }
}

/* Pad to the program unit with erased bytes and write what is held. */
static mico_err sink_finish(struct sink *sink)
{
    size_t padded = align_up((uint32_t)sink->held, sink->store->flash->program_size);
    memset(sink->chunk + sink->held, 0xFF, padded - sink->held);
    sink->held = padded;
    sink_push(sink);
    mico_wipe(sink->chunk, sizeof sink->chunk);
    return sink->err;
}

mico_err store_bank_read(const struct mico_store *store, uint32_t bank, uint32_t *sequence, bool *valid)
{
    uint8_t header[STORE_BANK_HEADER];
    *valid = false;
    mico_err err = flash_read(store, bank, header, sizeof header);
    if (err != MICO_OK) {
        return err;
    }
    *sequence = mico_load_le32(header + 8);
    *valid = mico_load_le32(header) == STORE_BANK_MAGIC && mico_load_le32(header + 4) == STORE_FORMAT &&
             *sequence != 0 && mico_load_le32(header + 12) == mico_crc32(0, header, 12);
    return MICO_OK;
}

mico_err store_bank_commit(const struct mico_store *store, uint32_t bank, uint32_t sequence)
{
    uint8_t header[STORE_BANK_HEADER];
    struct sink sink = {.store = store, .address = bank};
    mico_store_le32(header, STORE_BANK_MAGIC);
    mico_store_le32(header + 4, STORE_FORMAT);
    mico_store_le32(header + 8, sequence);
    mico_store_le32(header + 12, mico_crc32(0, header, 12));
    sink_add(&sink, header, sizeof header);
    return sink_finish(&sink);
}

mico_err store_bank_blank(const struct mico_store *store, uint32_t bank, uint32_t offset, bool *blank)
{
    uint8_t chunk[STORE_CHUNK];
    uint32_t end = store_bank_size(store);
    *blank = false;
    while (offset < end) {
        uint32_t take = end - offset < sizeof chunk ? end - offset : (uint32_t)sizeof chunk;
        mico_err err = flash_read(store, bank + offset, chunk, take);
        if (err != MICO_OK) {
            return err;
        }
        for (uint32_t i = 0; i < take; i++) {
            if (chunk[i] != 0xFF) {
                return MICO_OK;
            }
        }
        offset += take;
    }
    *blank = true;
    return MICO_OK;
}

mico_err store_bank_erase(const struct mico_store *store, uint32_t bank)
{
    bool blank;
    if (store->flash->erase(store->flash, bank, store_bank_size(store)) != MICO_OK) {
        return MICO_ERR_IO;
    }
    mico_err err = store_bank_blank(store, bank, 0, &blank);
    return err != MICO_OK ? err : blank ? MICO_OK : MICO_ERR_IO;
}

mico_err store_record_read(const struct mico_store *store, uint32_t at, uint32_t end, struct store_record *record,
                           bool *valid)
{
    uint8_t header[STORE_RECORD_HEADER];
    *valid = false;
    if (end < STORE_RECORD_HEADER || at > end - STORE_RECORD_HEADER) {
        return MICO_OK;
    }
    mico_err err = flash_read(store, store->bank + at, header, sizeof header);
    if (err != MICO_OK) {
        return err;
    }
    record->at = at;
    record->kind = header[0];
    record->name_len = header[1];
    record->value_len = mico_load_le16(header + 2);
    record->value_crc = mico_load_le32(header + 4);
    bool sane = (record->kind == STORE_KIND_PUT || (record->kind == STORE_KIND_DELETE && record->value_len == 0)) &&
                record->name_len >= 1 && record->name_len <= MICO_STORE_NAME_MAX &&
                record->value_len <= MICO_STORE_VALUE_MAX;
    if (!sane) {
        return MICO_OK;
    }
    uint32_t size = store_record_size(store, record->name_len, record->value_len);
    if (size > end - at) {
        return MICO_OK;
    }
    record->next = at + size;
    err = flash_read(store, store->bank + at + STORE_RECORD_HEADER, record->name, record->name_len);
    if (err != MICO_OK) {
        return err;
    }
    record->name[record->name_len] = '\0';
    uint32_t crc = mico_crc32(0, header, 8);
    crc = mico_crc32(crc, (const uint8_t *)record->name, record->name_len);
    *valid = crc == mico_load_le32(header + 8) && strlen(record->name) == record->name_len;
    return MICO_OK;
}

uint32_t store_record_value(const struct mico_store *store, const struct store_record *record)
{
    return store->bank + record->at + STORE_RECORD_HEADER + record->name_len;
}

mico_err store_record_check(const struct mico_store *store, const struct store_record *record, bool *intact)
{
    uint8_t chunk[STORE_CHUNK];
    uint32_t address = store_record_value(store, record);
    uint32_t crc = 0;
    mico_err err = MICO_OK;
    *intact = false;
    for (size_t left = record->value_len; left != 0 && err == MICO_OK;) {
        size_t take = left < sizeof chunk ? left : sizeof chunk;
        err = flash_read(store, address, chunk, take);
        crc = mico_crc32(crc, chunk, take);
        address += (uint32_t)take;
        left -= take;
    }
    mico_wipe(chunk, sizeof chunk);
    *intact = err == MICO_OK && crc == record->value_crc;
    return err;
}

mico_err store_record_write(const struct mico_store *store, uint32_t bank, uint32_t at, uint8_t kind, const char *name,
                            struct mico_span value)
{
    uint8_t header[STORE_RECORD_HEADER];
    struct sink sink = {.store = store, .address = bank + at};
    size_t name_len = strlen(name);
    header[0] = kind;
    header[1] = (uint8_t)name_len;
    mico_store_le16(header + 2, (uint16_t)value.len);
    mico_store_le32(header + 4, value.len != 0 ? mico_crc32(0, value.data, value.len) : 0);
    mico_store_le32(header + 8, mico_crc32(mico_crc32(0, header, 8), (const uint8_t *)name, name_len));
    sink_add(&sink, header, sizeof header);
    sink_add(&sink, name, name_len);
    sink_add(&sink, value.data, value.len);
    return sink_finish(&sink);
}

mico_err store_record_copy(const struct mico_store *store, const struct store_record *record, uint32_t bank, uint32_t at)
{
    uint8_t piece[64];
    struct sink sink = {.store = store, .address = bank + at};
    uint32_t from = store->bank + record->at;
    mico_err err = MICO_OK;
    for (size_t left = record->next - record->at; left != 0 && err == MICO_OK;) {
        size_t take = left < sizeof piece ? left : sizeof piece;
        err = flash_read(store, from, piece, take);
        if (err == MICO_OK) {
            sink_add(&sink, piece, take);
        }
        from += (uint32_t)take;
        left -= take;
    }
    mico_wipe(piece, sizeof piece);
    mico_err written = sink_finish(&sink);
    return err != MICO_OK ? err : written;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Byte strings: views, secrets, byte order, hexadecimal, and cursors that cannot run past their end. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A view of bytes that someone else owns. */
struct mico_span {
    const uint8_t *data;
    size_t len;
};

#define MICO_SPAN(array) ((struct mico_span){(const uint8_t *)(array), sizeof(array)})

/** Overwrite a secret with zeros in a way that the compiler keeps. */
void mico_wipe(void *secret, size_t len);

/** True when len bytes are equal; time depends on len only. For secrets, tags and proofs. */
bool mico_ct_equal(const void *a, const void *b, size_t len);

/** True when len bytes are all zero; time depends on len only. */
bool mico_ct_is_zero(const void *a, size_t len);

uint16_t mico_load_le16(const uint8_t in[2]);
uint32_t mico_load_le32(const uint8_t in[4]);
uint64_t mico_load_le64(const uint8_t in[8]);
uint16_t mico_load_be16(const uint8_t in[2]);
uint32_t mico_load_be32(const uint8_t in[4]);
void mico_store_le16(uint8_t out[2], uint16_t value);
void mico_store_le32(uint8_t out[4], uint32_t value);
void mico_store_le64(uint8_t out[8], uint64_t value);
void mico_store_be16(uint8_t out[2], uint16_t value);
void mico_store_be32(uint8_t out[4], uint32_t value);

/** Lower-case hexadecimal of in; out gets 2 * len characters and a NUL. */
void mico_hex(const uint8_t *in, size_t len, char *out);

/** Bytes of exactly 2 * len hexadecimal digits (either case). Returns MICO_ERR_SIZE or MICO_ERR_FORMAT, out untouched.
 */
MICO_MUST_USE mico_err mico_unhex(const char *hex, uint8_t *out, size_t len);

/** CRC-32 (IEEE 802.3, reflected, as zlib's) of data, continuing from crc (start with 0). */
uint32_t mico_crc32(uint32_t crc, const uint8_t *data, size_t len);

/* Reads from the front of a byte string. After any failure `failed` stays set and every further read gives zeros or an
 * empty span, so a parser may read all its fields and check once. */
struct mico_reader {
    const uint8_t *at;
    size_t left;
    bool failed;
};

struct mico_reader mico_reader_of(const uint8_t *data, size_t len);
uint8_t mico_read_u8(struct mico_reader *r);
uint16_t mico_read_le16(struct mico_reader *r);
uint32_t mico_read_le32(struct mico_reader *r);
uint64_t mico_read_le64(struct mico_reader *r);
uint16_t mico_read_be16(struct mico_reader *r);
uint32_t mico_read_be24(struct mico_reader *r);
uint32_t mico_read_be32(struct mico_reader *r);
struct mico_span mico_read_bytes(struct mico_reader *r, size_t len);
/** True when nothing failed and nothing is left. */
bool mico_reader_done(const struct mico_reader *r);

/* Writes to a caller's buffer. After a write that does not fit `failed` stays set and nothing more is written. */
struct mico_writer {
    uint8_t *out;
    size_t cap;
    size_t len;
    bool failed;
};

struct mico_writer mico_writer_of(uint8_t *out, size_t cap);
void mico_write_u8(struct mico_writer *w, uint8_t value);
void mico_write_le16(struct mico_writer *w, uint16_t value);
void mico_write_le32(struct mico_writer *w, uint32_t value);
void mico_write_le64(struct mico_writer *w, uint64_t value);
void mico_write_be16(struct mico_writer *w, uint16_t value);
void mico_write_be32(struct mico_writer *w, uint32_t value);
void mico_write_bytes(struct mico_writer *w, const void *data, size_t len);

#endif

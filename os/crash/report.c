/* SPDX-License-Identifier: Apache-2.0 */
#include "os/crash/report.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"

#define VERSION 1u
#define FLAG_IN_INTERRUPT 0x1u
#define LENGTH_AT 4u /* of the length field */
#define CRC_SIZE 4u

static const char *const cortex_m[] = {"r0", "r1",  "r2",  "r3",  "r4", "r5", "r6", "r7",  "r8",
                                       "r9", "r10", "r11", "r12", "sp", "lr", "pc", "xpsr"};
static const char *const x86_64[] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8",
                                     "r9",  "r10", "r11", "r12", "r13", "r14", "r15", "rip", "eflags"};
static const char *const aarch64[] = {"x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",  "x9",  "x10",
                                      "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21",
                                      "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "sp",  "pc"};

static const struct {
    const char *const *names;
    unsigned count;
} processors[] = {
    [MICO_CRASH_CORTEX_M] = {cortex_m, sizeof cortex_m / sizeof cortex_m[0]},
    [MICO_CRASH_X86_64] = {x86_64, sizeof x86_64 / sizeof x86_64[0]},
    [MICO_CRASH_AARCH64] = {aarch64, sizeof aarch64 / sizeof aarch64[0]},
    [MICO_CRASH_OTHER] = {NULL, 0},
};

static bool printable(char c)
{
    return c >= ' ' && c <= '~';
}

void mico_crash_text(char *out, size_t cap, const char *text)
{
    size_t len = 0;
    for (; text != NULL && text[len] != '\0' && len < cap - 1; len++) {
        out[len] = printable(text[len]) ? text[len] : '?';
    }
    memset(out + len, 0, cap - len);
}

static void write_text(struct mico_writer *w, const char *text)
{
    size_t len = strlen(text);
    mico_write_u8(w, (uint8_t)len);
    mico_write_bytes(w, text, len);
}

size_t mico_crash_encode(const struct mico_crash *crash, uint8_t record[MICO_CRASH_RECORD_MAX])
{
    struct mico_writer w = mico_writer_of(record, MICO_CRASH_RECORD_MAX);
    mico_write_le32(&w, MICO_CRASH_MAGIC);
    mico_write_le16(&w, 0); /* the length, when it is known */
    mico_write_u8(&w, VERSION);
    mico_write_u8(&w, (uint8_t)crash->cause);
    mico_write_u8(&w, (uint8_t)crash->processor);
    mico_write_u8(&w, (uint8_t)crash->registers);
    mico_write_u8(&w, (uint8_t)crash->calls);
    mico_write_u8(&w, crash->in_interrupt ? FLAG_IN_INTERRUPT : 0);
    mico_write_le32(&w, crash->exception);
    mico_write_le32(&w, crash->status);
    mico_write_le64(&w, crash->address);
    mico_write_le64(&w, crash->uptime_ms);
    write_text(&w, crash->board);
    write_text(&w, crash->thread);
    write_text(&w, crash->what);
    for (unsigned i = 0; i < crash->registers; i++) {
        mico_write_le64(&w, crash->reg[i]);
    }
    for (unsigned i = 0; i < crash->calls; i++) {
        mico_write_le64(&w, crash->call[i]);
    }
    mico_store_le16(record + LENGTH_AT, (uint16_t)(w.len + CRC_SIZE));
    mico_write_le32(&w, mico_crc32(0, record, w.len));
    assert(!w.failed);
    return w.len;
}

/* The part of data that the record fills, checked as a whole, without its check sum. */
static mico_err find_body(const uint8_t *data, size_t len, struct mico_span *body)
{
    struct mico_reader r = mico_reader_of(data, len);
    uint32_t magic = mico_read_le32(&r);
    size_t length = mico_read_le16(&r);
    if (r.failed || magic != MICO_CRASH_MAGIC || length < LENGTH_AT + 2 + CRC_SIZE || length > MICO_CRASH_RECORD_MAX) {
        return MICO_ERR_FORMAT;
    }
    if (length > len) {
        return MICO_ERR_SIZE;
    }
    if (mico_load_le32(data + length - CRC_SIZE) != mico_crc32(0, data, length - CRC_SIZE)) {
        return MICO_ERR_CORRUPT;
    }
    *body = (struct mico_span){data + LENGTH_AT + 2, length - LENGTH_AT - 2 - CRC_SIZE};
    return MICO_OK;
}

static bool read_text(struct mico_reader *r, char *out, size_t cap)
{
    struct mico_span text = mico_read_bytes(r, mico_read_u8(r));
    if (r->failed || text.len >= cap) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!printable((char)text.data[i])) {
            return false;
        }
    }
    memset(out, 0, cap);
    if (text.len > 0) {
        memcpy(out, text.data, text.len);
    }
    return true;
}

/* The fixed fields; false when one is out of its bounds. */
static bool read_head(struct mico_reader *r, struct mico_crash *crash)
{
    unsigned version = mico_read_u8(r);
    unsigned cause = mico_read_u8(r);
    unsigned processor = mico_read_u8(r);
    crash->registers = mico_read_u8(r);
    crash->calls = mico_read_u8(r);
    unsigned flags = mico_read_u8(r);
    crash->exception = mico_read_le32(r);
    crash->status = mico_read_le32(r);
    crash->address = mico_read_le64(r);
    crash->uptime_ms = mico_read_le64(r);
    if (r->failed || version != VERSION || cause < MICO_CRASH_FAULT || cause > MICO_CRASH_MISUSE ||
        processor < MICO_CRASH_CORTEX_M || processor > MICO_CRASH_OTHER || crash->calls > MICO_CRASH_CALLS_MAX ||
        (crash->registers != 0 && crash->registers != processors[processor].count) || flags > FLAG_IN_INTERRUPT) {
        return false;
    }
    crash->cause = (enum mico_crash_cause)cause;
    crash->processor = (enum mico_crash_processor)processor;
    crash->in_interrupt = flags == FLAG_IN_INTERRUPT;
    return true;
}

mico_err mico_crash_decode(const uint8_t *data, size_t len, struct mico_crash *out)
{
    struct mico_span body;
    mico_err err = find_body(data, len, &body);
    if (err != MICO_OK) {
        return err;
    }
    struct mico_crash crash = {.calls = 0};
    struct mico_reader r = mico_reader_of(body.data, body.len);
    if (!read_head(&r, &crash) || !read_text(&r, crash.board, sizeof crash.board) ||
        !read_text(&r, crash.thread, sizeof crash.thread) || !read_text(&r, crash.what, sizeof crash.what)) {
        return MICO_ERR_FORMAT;
    }
    for (unsigned i = 0; i < crash.registers; i++) {
        crash.reg[i] = mico_read_le64(&r);
    }
    for (unsigned i = 0; i < crash.calls; i++) {
        crash.call[i] = mico_read_le64(&r);
    }
    if (!mico_reader_done(&r)) {
        return MICO_ERR_FORMAT;
    }
    *out = crash;
    return MICO_OK;
}

const char *mico_crash_cause_name(enum mico_crash_cause cause)
{
    static const char *const names[] = {"?", "fault", "stack overflow", "assertion", "misuse"};
    return names[cause <= MICO_CRASH_MISUSE ? cause : 0];
}

const char *mico_crash_register_name(enum mico_crash_processor processor, unsigned i)
{
    return processor >= MICO_CRASH_CORTEX_M && processor <= MICO_CRASH_OTHER && i < processors[processor].count
               ? processors[processor].names[i]
               : NULL;
}

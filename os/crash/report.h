/* SPDX-License-Identifier: Apache-2.0 */
/* A crash report: what a board notes when a thread faults, overruns its stack, fails an assertion or misuses the kernel, as a
 * record that outlives the reset; written by boards (os/port/crash.h), read by the next run and by `./mico crash`.
 *
 * The record, little-endian: magic, u16 length of all, u8 version, u8 cause, u8 processor, u8 registers, u8 calls, u8 flags,
 * u32 exception, u32 status, u64 address, u64 uptime in ms, three texts (u8 length, printable ASCII): board, thread, what;
 * u64 each register, u64 each call, CRC-32 of all before it. */
#ifndef OS_CRASH_REPORT_H
#define OS_CRASH_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MICO_CRASH_MAGIC 0x72434D03u
#define MICO_CRASH_RECORD_MAX 704u /* bytes of a record at most */
#define MICO_CRASH_REGISTERS_MAX 33u
#define MICO_CRASH_CALLS_MAX 16u

enum mico_crash_cause {
    MICO_CRASH_FAULT = 1, /* the processor refused something */
    MICO_CRASH_STACK,     /* ... because the stack was full */
    MICO_CRASH_ASSERT,    /* an assertion failed; what says which */
    MICO_CRASH_MISUSE,    /* a rule of the kernel was broken; what says which */
};

enum mico_crash_processor {
    MICO_CRASH_CORTEX_M = 1, /* r0 to r12, sp, lr, pc, xpsr */
    MICO_CRASH_X86_64,       /* rax rbx rcx rdx rsi rdi rbp rsp r8 to r15, rip, eflags */
    MICO_CRASH_AARCH64,      /* x0 to x30, sp, pc */
    MICO_CRASH_OTHER,        /* no registers are kept */
};

struct mico_crash {
    enum mico_crash_cause cause;
    enum mico_crash_processor processor;
    bool in_interrupt;  /* it happened in an interrupt's handler; thread is the one that was interrupted */
    uint32_t exception; /* Cortex-M: number of the exception; posix: of the signal; 0 for an assertion or misuse */
    uint32_t status;    /* Cortex-M: CFSR, for exception 7 SFSR; posix: the signal's si_code */
    uint64_t address;   /* what was accessed, 0 when that is not known */
    uint64_t uptime_ms;
    char board[16];
    char thread[24]; /* "" before there are threads */
    char what[120];
    unsigned registers; /* how many are known: all of the processor's, or 0 */
    uint64_t reg[MICO_CRASH_REGISTERS_MAX];
    unsigned calls; /* entries in call */
    uint64_t call
        [MICO_CRASH_CALLS_MAX]; /* where it happened (0: lost), then return addresses, the innermost first. Boards scan the
                                            stack for them, so a stale one may stand between. posix: minus the load address */
};

/** Copy text into one of a report's texts, cut to fit, with '?' for what is not printable ASCII. NULL gives "". */
void mico_crash_text(char *out, size_t cap, const char *text);

/** Write crash as a record; its length. Fields must keep to their bounds; no other calls, no allocation, safe in a fault. */
size_t mico_crash_encode(const struct mico_crash *crash, uint8_t record[MICO_CRASH_RECORD_MAX]);

/** Read a record from the front of data; what follows it is not looked at.
 * MICO_ERR_FORMAT (no record, or a field out of its bounds), MICO_ERR_SIZE (cut), MICO_ERR_CORRUPT (the check fails); out
 * untouched then. */
MICO_MUST_USE mico_err mico_crash_decode(const uint8_t *data, size_t len, struct mico_crash *out);

/** "fault", "stack overflow", "assertion", "misuse". */
const char *mico_crash_cause_name(enum mico_crash_cause cause);

/** Name of register i of a processor; NULL past the last. */
const char *mico_crash_register_name(enum mico_crash_processor processor, unsigned i);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The board's crash report, put together step by step by fault.c, failed asserts and panics. For this folder only. Nothing
 * here needs a heap, an interrupt or more than 300 bytes of stack; interrupts are masked. */
#ifndef OS_BOARDS_MPS2_CRASH_H
#define OS_BOARDS_MPS2_CRASH_H

#include "os/crash/report.h"

/* Numbers in the report's registers. */
enum { MPS2_SP = 13, MPS2_LR, MPS2_PC, MPS2_XPSR, MPS2_REGISTERS };

/* The report of this crash; there is one. */
extern struct mico_crash mps2_crash;

/* Begin it: cause, thread, uptime. in_handler: what crashed was an interrupt's handler. */
void mps2_crash_begin(enum mico_crash_cause cause, bool in_handler);

/* Fill the calls: pc, lr when it is known (else 0), and what looks like a return address from sp on. */
void mps2_crash_calls(uint32_t pc, uint32_t lr, uint32_t sp);

/* The part of a stack that sp is in, from sp up; false when it is in none. */
bool mps2_crash_stack(uint32_t sp, uint32_t *end);

/* Have crashes kept in the last sector of the flash too. Not for programs that share it with others, such as a coprocessor. */
void mps2_crash_keep(void);

/* What that does: after a crash, for the next run, when it is forgotten. */
struct mps2_crash_keeper {
    void (*keep)(const struct mico_crash *crash);
    size_t (*kept)(uint8_t *out, size_t cap);
    void (*forget)(void);
};
extern const struct mps2_crash_keeper *mps2_crash_keeper; /* NULL: none */

/* Write the record, say it on the console, halt or reset. */
_Noreturn void mps2_crash_end(void);

#endif

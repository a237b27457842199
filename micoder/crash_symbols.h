/* SPDX-License-Identifier: Apache-2.0 */
/* Words for a crash report's numbers: functions and lines by the ELF, and the processor's reasons. */
#ifndef MICODER_CRASH_SYMBOLS_H
#define MICODER_CRASH_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

#include "os/crash/report.h"

struct crash_symbol {
    char function[96]; /* "" when it is not known */
    char place[256];   /* file:line, or "" */
};

/** A symbol for each call, by the addr2line of the ELF's processor. elf NULL: all "". False when it does not run. */
bool crash_symbols(const struct mico_crash *crash, const char *elf, struct crash_symbol symbols[MICO_CRASH_CALLS_MAX]);

/** What exception and status mean, such as "bus fault (precise data access)". */
void crash_reasons(const struct mico_crash *crash, char *out, size_t cap);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "micoder/crash_symbols.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "micoder/process.h"

#define PATIENCE_MS 20000

/* Bits of CFSR (Armv7-M architecture reference, DDI 0403, section B3.2.15; STKOF: DDI 0553) and SFSR (DDI 0553, D1.2.230). */
struct bit {
    unsigned number;
    const char *meaning;
};
static const struct bit cfsr_bits[] = {
    {0, "instruction fetch not allowed"},
    {1, "data access not allowed"},
    {3, "while unstacking"},
    {4, "while stacking"},
    {5, "while keeping floating-point state"},
    {8, "instruction fetch"},
    {9, "precise data access"},
    {10, "imprecise data access"},
    {11, "while unstacking"},
    {12, "while stacking"},
    {13, "while keeping floating-point state"},
    {16, "undefined instruction"},
    {17, "invalid state"},
    {18, "invalid return from an exception"},
    {19, "no coprocessor"},
    {20, "stack limit"},
    {24, "unaligned access"},
    {25, "division by zero"},
};
static const struct bit sfsr_bits[] = {
    {0, "entered Secure code elsewhere than at its gate"},
    {1, "integrity signature"},
    {2, "invalid return from an exception"},
    {3, "Secure memory was accessed"},
    {4, "invalid transition"},
    {5, "while keeping floating-point state"},
    {7, "lazy state error"},
};

static const char *const exceptions[] = {
    "", "reset", "NMI", "hard fault",      "memory fault", "bus fault", "usage fault", "secure fault",
    "", "",      "",    "supervisor call", "debug",        "",          "PendSV",      "SysTick"};

static void add_bits(uint32_t status, const struct bit *bits, size_t count, char *out, size_t cap)
{
    const char *before = " (";
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(out);
        if ((status >> bits[i].number & 1u) != 0) {
            snprintf(out + used, cap - used, "%s%s", before, bits[i].meaning);
            before = ", ";
        }
    }
    size_t used = strlen(out);
    snprintf(out + used, cap - used, "%s", before[0] == ',' ? ")" : "");
}

void crash_reasons(const struct mico_crash *crash, char *out, size_t cap)
{
    if (crash->processor != MICO_CRASH_CORTEX_M) {
        const char *name = strsignal((int)(crash->exception & 0x7F));
        snprintf(out, cap, "%s, code %d", name != NULL ? name : "?", (int32_t)crash->status);
    } else if (crash->exception >= 16) {
        snprintf(out, cap, "interrupt %u, which no driver serves", crash->exception - 16);
    } else {
        snprintf(out, cap, "%s", exceptions[crash->exception]);
        bool secure = crash->exception == 7;
        add_bits(crash->status, secure ? sfsr_bits : cfsr_bits,
                 secure ? sizeof sfsr_bits / sizeof sfsr_bits[0] : sizeof cfsr_bits / sizeof cfsr_bits[0], out, cap);
    }
}

/* The next line of text, without its end; "??" and "??:0" become nothing. */
static const char *take_line(const char *text, char *out, size_t cap)
{
    size_t len = strcspn(text, "\n");
    snprintf(out, cap, "%.*s", (int)len, text);
    if (strncmp(out, "??", 2) == 0) {
        out[0] = '\0';
    }
    return text[len] == '\n' ? text + len + 1 : text + len;
}

bool crash_symbols(const struct mico_crash *crash, const char *elf, struct crash_symbol symbols[MICO_CRASH_CALLS_MAX])
{
    static char said[16384];
    struct mico_args args = {.count = 0};
    memset(symbols, 0, MICO_CRASH_CALLS_MAX * sizeof symbols[0]);
    if (elf == NULL || crash->calls == 0) {
        return true;
    }
    if (access(elf, R_OK) != 0) {
        return false;
    }
    mico_args_add(&args, crash->processor == MICO_CRASH_CORTEX_M ? "arm-none-eabi-addr2line" : "addr2line");
    mico_args_add(&args, "-f");
    mico_args_add(&args, "-e");
    mico_args_add(&args, "%s", elf);
    for (unsigned i = 0; i < crash->calls; i++) {
        unsigned long long at = crash->call[i];
        mico_args_add(&args, "0x%llx", i > 0 && at > 0 ? at - 1 : at); /* a return address is behind the call */
    }
    if (mico_run(&args, "/dev/null", PATIENCE_MS, said, sizeof said) != 0) {
        return false;
    }
    const char *text = said;
    for (unsigned i = 0; i < crash->calls; i++) {
        text = take_line(text, symbols[i].function, sizeof symbols[i].function);
        text = take_line(text, symbols[i].place, sizeof symbols[i].place);
    }
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of a crash: a record in RAM that start-up leaves alone, the same on the console, and for applications in flash. */
#include "os/boards/mps2/crash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "os/boards/mps2/mps2.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/crash.h"

#define WORDS_MAX 4096u /* of a stack that are looked at: 16 KiB */

/* The linker script's: above the main stack, and where code is. */
extern uint8_t mico_crash_area[MICO_CRASH_RECORD_MAX];
extern uint8_t mps2_code_start[], mps2_code_end[], mps2_stack_top[];

/* Where there is a kernel. */
const char *mico_port_running(void) __attribute__((weak));
bool mico_port_running_stack(uintptr_t *low, uintptr_t *high) __attribute__((weak));

void mps2_registers_now(uint32_t out[MPS2_REGISTERS]);
void __assert_func(const char *file, int line, const char *function, const char *expression);

struct mico_crash mps2_crash;
const struct mps2_crash_keeper *mps2_crash_keeper;
static bool resets;

void mico_board_crash_resets(bool on)
{
    resets = on;
}

size_t mico_board_crash_record(uint8_t *out, size_t cap)
{
    size_t len = cap < MICO_CRASH_RECORD_MAX ? cap : MICO_CRASH_RECORD_MAX;
    if (mico_load_le32(mico_crash_area) != MICO_CRASH_MAGIC) {
        return mps2_crash_keeper != NULL ? mps2_crash_keeper->kept(out, cap) : 0;
    }
    memcpy(out, mico_crash_area, len);
    return len;
}

void mico_board_crash_clear(void)
{
    memset(mico_crash_area, 0, MICO_CRASH_RECORD_MAX);
    if (mps2_crash_keeper != NULL) {
        mps2_crash_keeper->forget();
    }
}

void mps2_crash_begin(enum mico_crash_cause cause, bool in_handler)
{
    const char *thread = mico_port_running != NULL ? mico_port_running() : NULL;
    memset(&mps2_crash, 0, sizeof mps2_crash);
    mps2_crash.cause = cause;
    mps2_crash.processor = MICO_CRASH_CORTEX_M;
    mps2_crash.in_interrupt = in_handler;
    mps2_crash.uptime_ms = mico_clock_ms();
    mico_crash_text(mps2_crash.board, sizeof mps2_crash.board, mico_board_name());
    mico_crash_text(mps2_crash.thread, sizeof mps2_crash.thread, thread);
}

/* A return address is odd, lies in code, and follows a BL or BLX (Armv7-M architecture reference, sections A7.7.18 and 19). */
static bool returns_to(uint32_t word)
{
    uint32_t at = word & ~1u;
    if ((word & 1u) == 0 || at < (uint32_t)mps2_code_start + 4 || at >= (uint32_t)mps2_code_end) {
        return false;
    }
    const uint16_t *code = (const uint16_t *)at;
    bool bl = (code[-2] & 0xF800u) == 0xF000u && (code[-1] & 0xD000u) == 0xD000u;
    bool blx = (code[-1] & 0xFF87u) == 0x4780u;
    return bl || blx;
}

static void add_call(uint32_t address)
{
    if (mps2_crash.calls < MICO_CRASH_CALLS_MAX) {
        mps2_crash.call[mps2_crash.calls++] = address & ~1u;
    }
}

bool mps2_crash_stack(uint32_t sp, uint32_t *end)
{
    uintptr_t low, high;
    if (sp % 4 != 0) {
        return false;
    }
    if (mico_port_running_stack != NULL && mico_port_running_stack(&low, &high) && sp >= low && sp <= high) {
        *end = high;
        return true;
    }
    *end = (uint32_t)mps2_stack_top;
    return sp >= MPS2_RAM_BASE && sp <= *end;
}

void mps2_crash_calls(uint32_t pc, uint32_t lr, uint32_t sp)
{
    uint32_t end;
    uintptr_t low, high;
    add_call(pc);
    if (returns_to(lr)) {
        add_call(lr);
    }
    if (mps2_crash.cause == MICO_CRASH_STACK && mico_port_running_stack(&low, &high) && sp < low) {
        sp = low; /* a pointer that ran away below: what the stack holds is above */
    }
    if (!mps2_crash_stack(sp, &end)) {
        return;
    }
    const uint32_t *word = (const uint32_t *)sp;
    size_t words = (end - sp) / 4 < WORDS_MAX ? (end - sp) / 4 : WORDS_MAX;
    for (size_t i = 0; i < words; i++) {
        if (returns_to(word[i]) && !(mps2_crash.calls == 2 && mps2_crash.call[1] == (word[i] & ~1u))) {
            add_call(word[i]);
        }
    }
}

static void say_numbers(const char *label, const uint64_t *numbers, unsigned count)
{
    mps2_console_say(label);
    for (unsigned i = 0; i < count; i++) {
        char text[12];
        snprintf(text, sizeof text, " %08lx", (unsigned long)numbers[i]);
        mps2_console_say(text);
    }
    mps2_console_say("\n");
}

void mps2_crash_end(void)
{
    size_t len = mico_crash_encode(&mps2_crash, mico_crash_area);
    if (mps2_crash.thread[0] != '\0') {
        mps2_console_say("*** thread ");
        mps2_console_say(mps2_crash.thread);
        mps2_console_say("\n");
    }
    say_numbers("*** calls", mps2_crash.call, mps2_crash.calls);
    mps2_console_say("*** record ");
    for (size_t i = 0; i < len; i++) {
        char hex[3];
        mico_hex(mico_crash_area + i, 1, hex);
        mps2_console_say(hex);
    }
    mps2_console_say("\n");
    if (mps2_crash_keeper != NULL) {
        mps2_crash_keeper->keep(&mps2_crash);
    }
    if (resets) {
        mico_board_reset();
    }
    mico_board_halt(1);
}

/* r0 to r12 as they are here, sp, lr, pc and the program status. */
__attribute__((naked)) void mps2_registers_now(uint32_t out[MPS2_REGISTERS])
{
    __asm volatile("mov r12, r0\n\t"
                   "stmia r12!, {r0-r11}\n\t"
                   "mov r1, sp\n\t"
                   "mrs r2, xpsr\n\t"
                   "mov r3, lr\n\t"
                   "str r12, [r12]\n\t"
                   "strd r1, r3, [r12, #4]\n\t"
                   "strd r3, r2, [r12, #12]\n\t"
                   "bx lr");
}

/* A program stops itself: where is the return address of whoever found the reason, sp was its stack pointer. */
static _Noreturn void stop_at(enum mico_crash_cause cause, const char *what, const void *where, const void *sp)
{
    uint32_t now[MPS2_REGISTERS];
    (void)mps2_lock();
    mps2_crash_begin(cause, mps2_in_handler());
    mico_crash_text(mps2_crash.what, sizeof mps2_crash.what, what);
    mps2_registers_now(now);
    mps2_crash.registers = MPS2_REGISTERS;
    for (unsigned i = 0; i < MPS2_REGISTERS; i++) {
        mps2_crash.reg[i] = now[i];
    }
    mps2_crash.reg[MPS2_SP] = (uint32_t)sp;
    mps2_crash.reg[MPS2_PC] = ((uint32_t)where & ~1u) - 2; /* in the call itself */
    mps2_crash_calls((uint32_t)mps2_crash.reg[MPS2_PC], 0, (uint32_t)sp);
    mps2_crash_end();
}

void mico_board_panic(const char *what)
{
    mps2_console_say("panic: ");
    mps2_console_say(what);
    mps2_console_say("\n");
    stop_at(MICO_CRASH_MISUSE, what, __builtin_return_address(0), __builtin_dwarf_cfa());
}

/* C's, in the place of the C library's, which raises a signal that nobody takes: the record says where. */
void abort(void)
{
    mps2_console_say("panic: abort\n");
    stop_at(MICO_CRASH_MISUSE, "abort", __builtin_return_address(0), __builtin_dwarf_cfa());
}

void __assert_func(const char *file, int line, const char *function, const char *expression)
{
    char text[200];
    snprintf(text, sizeof text, "%s:%d: %s: %s", file, line, function != NULL ? function : "?", expression);
    mps2_console_say("\n*** assertion failed: ");
    mps2_console_say(text);
    mps2_console_say("\n");
    stop_at(MICO_CRASH_ASSERT, text, __builtin_return_address(0), __builtin_dwarf_cfa());
}

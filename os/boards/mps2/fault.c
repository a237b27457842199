/* SPDX-License-Identifier: Apache-2.0 */
/* Last words: a fault says the reasons the core gives (DDI 0403 section B3.2.15) and the registers, which go into the crash
 * report. */
#include <stdio.h>

#include "os/boards/mps2/crash.h"
#include "os/boards/mps2/mps2.h"

/* What the core pushes on entry, DDI 0403 section B1.5.6. */
struct frame {
    uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
};
#define FRAME_FLOATING_POINT 72u /* bytes more with floating-point state */
#define EXC_RETURN_NO_FLOATING_POINT 0x10u
#define EXC_RETURN_THREAD 0x8u
#define XPSR_PADDED (1u << 9) /* four bytes were left out to align the frame */

uint64_t mps2_fault_stack[256]; /* its own: the one in use may be the fault, and holds the evidence */
uint32_t mps2_fault_saved[8];   /* r4 to r11 */

/* What a Secure world that caught the fault knows of it: exception (0: there is no such world, or it caught nothing),
 * status, address. */
uint32_t mps2_fault_known[3];

/* Where there is a kernel: os/port/context.h. */
bool mico_port_stack_full(uint32_t status, uint32_t address) __attribute__((weak));
bool mico_port_frame_written(uint32_t frame, uint32_t status) __attribute__((weak));

void mps2_fault(void);
void mps2_fault_told(void);
void mps2_fault_report(const struct frame *frame, uint32_t exc_return);

__attribute__((naked)) void mps2_fault(void)
{
    __asm volatile("cpsid i\n\t"
                   "ldr r2, =mps2_fault_saved\n\t"
                   "stmia r2, {r4-r11}\n\t"
                   "tst lr, #4\n\t"
                   "ite eq\n\t"
                   "mrseq r0, msp\n\t"
                   "mrsne r0, psp\n\t"
                   "mov r1, lr\n\t"
                   "ldr r2, =mps2_fault_stack + 2048\n\t"
                   "msr msp, r2\n\t"
                   "b mps2_fault_report\n\t"
                   ".ltorg");
}

/* Entry 7 of the vector table: where no processor goes by itself. A Secure world calls it with exception, status, address
 * and EXC_RETURN of a fault that this program has made; see os/boards/mps2-an505/secure/fault.c. */
__attribute__((naked)) void mps2_fault_told(void)
{
    __asm volatile("ldr r12, =mps2_fault_known\n\t"
                   "stmia r12, {r0-r2}\n\t"
                   "mov lr, r3\n\t"
                   "b mps2_fault\n\t"
                   ".ltorg");
}

#define CFSR_MMARVALID (1u << 7)
#define CFSR_BFARVALID (1u << 15)
#define SFSR_SFARVALID (1u << 6)
#define EXCEPTION_SECURE 7u

/* Exception, status and address into the report. */
static void take_reasons(void)
{
    uint32_t exception;
    __asm volatile("mrs %0, ipsr" : "=r"(exception));
    bool told = mps2_fault_known[0] != 0;
    uint32_t cfsr = SCB_CFSR;
    mps2_crash.exception = told ? mps2_fault_known[0] : exception;
    mps2_crash.status = told && mps2_crash.exception == EXCEPTION_SECURE ? mps2_fault_known[1]
                        : told                                           ? mps2_fault_known[1] | cfsr
                                                                         : cfsr;
    if (mps2_crash.exception == EXCEPTION_SECURE) {
        mps2_crash.address = (mps2_crash.status & SFSR_SFARVALID) != 0 ? mps2_fault_known[2] : 0;
    } else if ((mps2_crash.status & CFSR_BFARVALID) != 0) {
        mps2_crash.address = told ? mps2_fault_known[2] : SCB_BFAR;
    } else if ((mps2_crash.status & CFSR_MMARVALID) != 0) {
        mps2_crash.address = SCB_MMFAR;
    }
}

static void say_reasons(void)
{
    char line[160];
    if (mps2_crash.exception >= 16) {
        snprintf(line, sizeof line, "\n*** fault: interrupt %lu has no driver\n",
                 (unsigned long)mps2_crash.exception - 16);
    } else {
        snprintf(line, sizeof line, "\n*** fault: exception %lu status %08lx address %08lx hfsr %08lx\n",
                 (unsigned long)mps2_crash.exception, (unsigned long)mps2_crash.status,
                 (unsigned long)mps2_crash.address, (unsigned long)SCB_HFSR);
    }
    mps2_console_say(line);
}

static void take_registers(const struct frame *frame, uint32_t exc_return)
{
    uint64_t *reg = mps2_crash.reg;
    reg[0] = frame->r0;
    reg[1] = frame->r1;
    reg[2] = frame->r2;
    reg[3] = frame->r3;
    for (int i = 0; i < 8; i++) {
        reg[4 + i] = mps2_fault_saved[i];
    }
    reg[12] = frame->r12;
    reg[MPS2_SP] = (uint32_t)frame + sizeof *frame +
                   ((exc_return & EXC_RETURN_NO_FLOATING_POINT) == 0 ? FRAME_FLOATING_POINT : 0) +
                   ((frame->xpsr & XPSR_PADDED) != 0 ? 4 : 0);
    reg[MPS2_LR] = frame->lr;
    reg[MPS2_PC] = frame->pc;
    reg[MPS2_XPSR] = frame->xpsr;
    mps2_crash.registers = MPS2_REGISTERS;
}

static void say_registers(void)
{
    char line[160];
    const uint64_t *r = mps2_crash.reg;
    snprintf(line, sizeof line, "*** pc %08lx lr %08lx xpsr %08lx sp %08lx\n", (unsigned long)r[MPS2_PC],
             (unsigned long)r[MPS2_LR], (unsigned long)r[MPS2_XPSR], (unsigned long)r[MPS2_SP]);
    mps2_console_say(line);
    for (int i = 0; i < 12; i += 6) {
        snprintf(line, sizeof line, "*** r%d %08lx r%d %08lx r%d %08lx r%d %08lx r%d %08lx r%d %08lx\n", i,
                 (unsigned long)r[i], i + 1, (unsigned long)r[i + 1], i + 2, (unsigned long)r[i + 2], i + 3,
                 (unsigned long)r[i + 3], i + 4, (unsigned long)r[i + 4], i + 5, (unsigned long)r[i + 5]);
        mps2_console_say(line);
    }
}

/* Whether the core could write the frame: not on a stack that was full already. */
static bool is_whole(const struct frame *frame)
{
    uint32_t end;
    bool written = mico_port_frame_written == NULL || mico_port_frame_written((uint32_t)frame, mps2_crash.status);
    return written && mps2_crash_stack((uint32_t)frame, &end) && end - (uint32_t)frame >= sizeof *frame;
}

void mps2_fault_report(const struct frame *frame, uint32_t exc_return)
{
    mps2_crash_begin(MICO_CRASH_FAULT, (exc_return & EXC_RETURN_THREAD) == 0);
    take_reasons();
    if (mico_port_stack_full != NULL && !mps2_crash.in_interrupt &&
        mico_port_stack_full(mps2_crash.status, (uint32_t)mps2_crash.address)) {
        mps2_crash.cause = MICO_CRASH_STACK;
    }
    say_reasons();
    if (is_whole(frame)) {
        take_registers(frame, exc_return);
        say_registers();
        mps2_crash_calls(frame->pc, frame->lr, (uint32_t)mps2_crash.reg[MPS2_SP]);
    } else {
        mps2_crash_calls(0, 0, (uint32_t)frame); /* where exactly is lost; who called it stands further up */
    }
    mps2_crash_end();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Last words: a fault prints the registers that were stacked and the reasons the core gives (DDI 0403 section B3.2.15),
 * then the board halts. */
#include <stdio.h>

#include "os/boards/mps2/mps2.h"
#include "os/port/board.h"

/* What the core pushes on entry, DDI 0403 section B1.5.6. */
struct frame {
    uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
};

uint64_t mps2_fault_stack[256]; /* its own: the one in use may be the fault, and holds the evidence */

const char *mico_port_running(void) __attribute__((weak)); /* where there is a kernel */

/* What a Secure world that caught the fault knows of it: exception (0: there is no such world, or it caught nothing), status,
 * address. */
uint32_t mps2_fault_known[3];

void mps2_fault(void);
void mps2_fault_told(void);
void mps2_fault_report(const struct frame *frame, uint32_t exc_return);

__attribute__((naked)) void mps2_fault(void)
{
    __asm volatile("cpsid i\n\t"
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

/* Entry 7 of the vector table: where no processor goes by itself. A Secure world calls it with exception, status, address and
 * EXC_RETURN of a fault that this program has made; see os/boards/mps2-an505/secure/fault.c. */
__attribute__((naked)) void mps2_fault_told(void)
{
    __asm volatile("ldr r12, =mps2_fault_known\n\t"
                   "stmia r12, {r0-r2}\n\t"
                   "mov lr, r3\n\t"
                   "b mps2_fault\n\t"
                   ".ltorg");
}

#define CFSR_MSTKERR (1u << 4) /* the frame itself could not be written */

static bool in_ram(const struct frame *frame)
{
    uint32_t at = (uint32_t)frame;
    return at >= MPS2_RAM_BASE && at <= MPS2_RAM_BASE + MPS2_RAM_SIZE - sizeof *frame && at % 4 == 0;
}

static void say_reason(uint32_t exception)
{
    char line[160];
    if (mps2_fault_known[0] != 0) {
        snprintf(line, sizeof line, "exception %lu status %08lx address %08lx cfsr %08lx\n", (unsigned long)exception,
                 (unsigned long)mps2_fault_known[1], (unsigned long)mps2_fault_known[2], (unsigned long)SCB_CFSR);
    } else if (exception >= 16) {
        snprintf(line, sizeof line, "interrupt %lu has no driver\n", (unsigned long)exception - 16);
    } else {
        snprintf(line, sizeof line, "exception %lu cfsr %08lx hfsr %08lx mmfar %08lx bfar %08lx\n",
                 (unsigned long)exception, (unsigned long)SCB_CFSR, (unsigned long)SCB_HFSR, (unsigned long)SCB_MMFAR,
                 (unsigned long)SCB_BFAR);
    }
    mps2_console_say(line);
}

static void say_thread(void)
{
    const char *name = mico_port_running != NULL ? mico_port_running() : NULL;
    if (name != NULL) {
        mps2_console_say("*** thread ");
        mps2_console_say(name);
        mps2_console_say("\n");
    }
}

void mps2_fault_report(const struct frame *frame, uint32_t exc_return)
{
    uint32_t exception;
    __asm volatile("mrs %0, ipsr" : "=r"(exception));
    exception = mps2_fault_known[0] != 0 ? mps2_fault_known[0] : exception;
    mps2_console_say("\n*** fault: ");
    say_reason(exception);
    say_thread();
    if ((SCB_CFSR & CFSR_MSTKERR) == 0 && in_ram(frame)) {
        char line[160];
        snprintf(line, sizeof line, "*** pc %08lx lr %08lx xpsr %08lx sp %08lx exc_return %08lx\n",
                 (unsigned long)frame->pc, (unsigned long)frame->lr, (unsigned long)frame->xpsr,
                 (unsigned long)frame + sizeof *frame, (unsigned long)exc_return);
        mps2_console_say(line);
        snprintf(line, sizeof line, "*** r0 %08lx r1 %08lx r2 %08lx r3 %08lx r12 %08lx\n", (unsigned long)frame->r0,
                 (unsigned long)frame->r1, (unsigned long)frame->r2, (unsigned long)frame->r3,
                 (unsigned long)frame->r12);
        mps2_console_say(line);
    }
    mico_board_halt(1);
}

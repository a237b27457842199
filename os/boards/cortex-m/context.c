/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts on a Cortex-M4F or M33; the switch itself is in switch.S, what differs between the two in armv7-m/ and armv8-m/.
 * See the Armv7-M Architecture Reference Manual, sections B1.5 (exceptions) and B3.2 (system control). */
#include "os/port/context.h"

#include <string.h>

#include "guard.h" /* in the folder of the architecture */
#include "os/port/crash.h"

#define SHPR3 (*(volatile uint32_t *)0xE000ED20u)
#define SHPR3_PENDSV_LOWEST 0x00FF0000u

/* What a context that does not run has on its stack: first what switch.S keeps, then what the processor stacks. */
struct frame {
    uint32_t r4_to_r11[8];
    uint32_t exc_return;
    uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
};

#define XPSR_THUMB 0x01000000u

/* The first context that is left is that of main(): never run again. */
static struct mico_context boot_context;

/* switch.S */
extern struct mico_context *mico_context_current;
_Noreturn void mico_context_first_switch(void);

static void (*on_tick)(void);

void mico_port_tick(void)
{
    if (on_tick != NULL) {
        on_tick();
    }
}

void mico_context_init(struct mico_context *context, void *stack, size_t stack_size, void (*entry)(void *), void *arg)
{
    uintptr_t top = ((uintptr_t)stack + stack_size) & ~(uintptr_t)7;
    struct frame *frame = (struct frame *)(top - sizeof *frame); /* r0, where the processor's part begins, is at 8 */
    memset(frame, 0, sizeof *frame);
    frame->exc_return = EXC_RETURN_THREAD_PSP_BASIC;
    frame->r0 = (uintptr_t)arg;
    frame->pc = (uintptr_t)entry & ~(uintptr_t)1;
    frame->xpsr = XPSR_THUMB;
    context->sp = frame;
    context->guard = guard_of(stack);
}

void mico_context_drop(struct mico_context *context)
{
    context->sp = NULL;
}

void mico_context_leave(void)
{
    /* The switch stores the last stack pointer in a context that nobody runs again: nothing to do. */
}

void mico_context_start(void (*tick)(void))
{
    mico_context_current = &boot_context;
    on_tick = tick;
    guard_start(mico_context_next->guard);
    SHPR3 |= SHPR3_PENDSV_LOWEST; /* so that it never interrupts a handler */
    mico_context_pend();
    mico_context_first_switch();
}

/* A thread runs; it need not have a name. */
static bool thread_runs(void)
{
    return mico_context_current != NULL && mico_context_current != &boot_context;
}

const char *mico_port_running(void)
{
    return thread_runs() ? mico_context_name(mico_context_current) : NULL;
}

bool mico_port_running_stack(uintptr_t *low, uintptr_t *high)
{
    bool runs = thread_runs();
    if (runs) {
        mico_context_stack(mico_context_current, low, high);
    }
    return runs;
}

bool mico_port_stack_full(uint32_t status, uint32_t address)
{
    return thread_runs() && guard_hit(mico_context_current->guard, status, address);
}

bool mico_port_frame_written(uint32_t frame, uint32_t status)
{
    return guard_frame_written(frame, status);
}

void mico_context_idle(uint64_t until_ms)
{
    mico_port_idle(until_ms); /* a masked interrupt ends it too */
}

void mico_context_panic(const char *what)
{
    mico_board_panic(what);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts on a Cortex-M3, M4 or M4F; the switch itself is in switch.S. See the Armv7-M Architecture Reference Manual,
 * sections B1.5 (exceptions) and B3.2 (system control). */
#include "os/port/context.h"

#include <string.h>

#include "os/port/board.h"
#include "os/port/uart.h"

#define SHPR3 (*(volatile uint32_t *)0xE000ED20u)
#define SHPR3_PENDSV_LOWEST 0x00FF0000u

/* The lowest 32 bytes of the running thread's stack can be read but not written: region 7 of the memory protection
 * unit, above all others, moves along with every switch. Section B3.5. All other memory is as without the unit. */
#define MPU_CTRL (*(volatile uint32_t *)0xE000ED94u)
#define MPU_CTRL_ENABLE 0x5u                         /* and the default map where no region says otherwise */
#define MPU_RBAR (*(volatile uint32_t *)0xE000ED9Cu) /* switch.S writes it too */
#define MPU_RBAR_VALID (1u << 4)
#define MPU_RASR (*(volatile uint32_t *)0xE000EDA0u)
#define MPU_RASR_GUARD \
    (1u << 28 | 5u << 24 | 0xBu << 16 | 4u << 1 | 1u) /* no code, read only, normal memory, 2^5 bytes */
#define GUARD_REGION 7u
#define GUARD_SIZE 32u

/* What a context that does not run has on its stack: first what switch.S keeps, then what the processor stacks. */
struct frame {
    uint32_t r4_to_r11[8];
    uint32_t exc_return;
    uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
};

#define EXC_RETURN_THREAD_PSP_BASIC 0xFFFFFFFDu /* thread mode, process stack, no floating-point state */
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
    context->guard =
        (((uintptr_t)stack + GUARD_SIZE - 1) & ~(uintptr_t)(GUARD_SIZE - 1)) | MPU_RBAR_VALID | GUARD_REGION;
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
    MPU_RBAR = mico_context_next->guard; /* names the region too */
    MPU_RASR = MPU_RASR_GUARD;
    MPU_CTRL = MPU_CTRL_ENABLE;
    __asm__ volatile("dsb\n\tisb" : : : "memory");
    SHPR3 |= SHPR3_PENDSV_LOWEST; /* so that it never interrupts a handler */
    mico_context_pend();
    mico_context_first_switch();
}

const char *mico_port_running(void)
{
    const struct mico_context *current = mico_context_current;
    return current == NULL || current == &boot_context ? NULL : mico_context_name(current);
}

void mico_context_idle(uint64_t until_ms)
{
    __asm__ volatile("dsb\n\twfi" : : : "memory"); /* a masked interrupt ends it too; SysTick at the latest */
}

static void say(const char *text)
{
    size_t len = 0;
    while (text[len] != '\0') {
        len++;
    }
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)text, len);
}

void mico_context_panic(const char *what)
{
    (void)mico_irq_save();
    say("panic: ");
    say(what);
    say("\n");
    mico_board_halt(125);
}

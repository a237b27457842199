/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel needs of a processor: masking of interrupts, contexts, and the switch between them.
 *
 * Implemented by os/boards/cortex-m (component os_port_cortex_m) and os/boards/posix (os_context_posix). It works
 * without the kernel too: mico_irq_save, mico_irq_restore and mico_in_interrupt may be used by drivers at any time.
 *
 * A Cortex-M board owes it this:
 * - its vector table names PendSV_Handler, which the context port defines (weak elsewhere is fine; SVC is not used);
 * - the board owns SysTick (1 kHz) and os/port/clock.h. Its SysTick_Handler first advances mico_clock_ms, then calls
 *   mico_port_tick(). A board whose clock must also serve programs without a kernel declares that call weak:
 *       void mico_port_tick(void) __attribute__((weak));
 *       if (mico_port_tick != NULL) { mico_port_tick(); }
 * - mico_port_idle, below, which stops SysTick while all threads wait;
 * - its start-up code enables the FPU, with lazy stacking as after reset;
 * - interrupts of any priority may call the kernel where kernel.h allows interrupts at all. */
#ifndef OS_PORT_CONTEXT_H
#define OS_PORT_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#define MICO_PORT_INLINE static inline /* in context_cortex_m.h, below */
#else
#define MICO_PORT_INLINE
#endif

/** Mask interrupts; the result goes to mico_irq_restore. Nests. */
MICO_PORT_INLINE uint32_t mico_irq_save(void);

/** Put masking back to what it was at the matching mico_irq_save. A switch that was asked for in between happens here,
 * before the call returns, when interrupts are allowed again and the caller is a thread. */
MICO_PORT_INLINE void mico_irq_restore(uint32_t state);

/** True in an interrupt's handler (posix: in a callback of the board's event loop). */
MICO_PORT_INLINE bool mico_in_interrupt(void);

/** A millisecond has passed: called by the board's SysTick_Handler, see above. Does nothing before the kernel starts.
 */
void mico_port_tick(void);

/** Cortex-M: the board's part of idling. Called with interrupts masked: rest until an interrupt is pending or mico_clock_ms
 * reaches until_ms, without ticks in between; then ticks go on, and one is pending if that time has come. May return early. */
void mico_port_idle(uint64_t until_ms);

/** The name of the thread that runs or that an interrupt has interrupted, NULL before there is one. A board's
 * fault handler that must also serve programs without a kernel declares it weak. */
const char *mico_port_running(void);

/** The same thread's stack, from its lowest to its highest address; false before there is a thread. (posix: the host's stack
 * that carries it.) */
bool mico_port_running_stack(uintptr_t *low, uintptr_t *high);

/** Cortex-M: for fault handlers. A fault with this CFSR at this address says that the running thread's stack is full; the
 * frame at this address was written before it did. */
bool mico_port_stack_full(uint32_t status, uint32_t address);
bool mico_port_frame_written(uint32_t frame, uint32_t status);

/* ---- for the kernel alone ---- */

/* A context that does not run: on Cortex-M its stack pointer and where its stack ends, on posix the host thread that
 * carries it. */
struct mico_context {
    void *sp;
    uintptr_t guard;
};

/* For a fault's last words, by the kernel: the name of the thread with this context. */
const char *mico_context_name(const struct mico_context *context);
void mico_context_stack(const struct mico_context *context, uintptr_t *low, uintptr_t *high);

/* The context to run from the next switch on. The kernel writes it with interrupts masked, then calls
 * mico_context_pend. Whatever runs outside of interrupts with interrupts allowed is this context. */
extern struct mico_context *volatile mico_context_next;

/** Make context start in entry(arg) on stack when it is switched to. entry must not return. */
void mico_context_init(struct mico_context *context, void *stack, size_t stack_size, void (*entry)(void *), void *arg);

/** Ask for a switch to mico_context_next as soon as interrupts are allowed and no handler runs. */
MICO_PORT_INLINE void mico_context_pend(void);

/** A context other than mico_context_next will never run again; its stack is free when this returns. */
void mico_context_drop(struct mico_context *context);

/** The running context has ended: the next switch leaves it for good. */
void mico_context_leave(void);

/** Run mico_context_next for the first time; from now on tick is called in interrupt context every millisecond that has
 * something to do or more often. */
_Noreturn void mico_context_start(void (*tick)(void));

/** Called by the idle thread, with interrupts masked: wait for an interrupt, or (boards without a steady tick) until
 * mico_clock_ms reaches until_ms. May return early. */
void mico_context_idle(uint64_t until_ms);

/** The caller broke a rule that is written in kernel.h: say what and stop. */
_Noreturn void mico_context_panic(const char *what);

#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#include "os/port/context_cortex_m.h"
#endif

#endif

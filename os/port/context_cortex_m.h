/* SPDX-License-Identifier: Apache-2.0 */
/* The part of context.h that is one to three instructions on a Cortex-M, in line; included by context.h alone. See the
 * Armv7-M Architecture Reference Manual, sections B1.4.3 (PRIMASK) and B3.2.4 (ICSR). */
#ifndef OS_PORT_CONTEXT_CORTEX_M_H
#define OS_PORT_CONTEXT_CORTEX_M_H

static inline uint32_t mico_irq_save(void)
{
    uint32_t state;
    __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(state) : : "memory");
    return state;
}

static inline void mico_irq_restore(uint32_t state)
{
    __asm__ volatile("msr primask, %0\n\tisb" : : "r"(state) : "memory"); /* isb: a pending switch happens here */
}

static inline bool mico_in_interrupt(void)
{
    uint32_t exception;
    __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
    return exception != 0;
}

static inline void mico_context_pend(void)
{
    *(volatile uint32_t *)0xE000ED04u = 1u << 28; /* ICSR.PENDSVSET */
    __asm__ volatile("dsb" : : : "memory");
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Where a stack ends, on Armv8-M: PSPLIM (DDI 0553 section B3.9), which the processor compares with every stack pointer that it
 * makes, however far it jumps. A switch stores the registers that it keeps through another pointer, unseen by the
 * processor: their room is left below the limit. */
#ifndef OS_BOARDS_CORTEX_M_GUARD_H
#define OS_BOARDS_CORTEX_M_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#define GUARD_ROOM 104u /* r4-r11, EXC_RETURN and s16-s31, to a multiple of 8 */

/* Thread mode, process stack, no floating-point state; of the Non-secure state, in which programs run. DDI 0553 section
 * D1.2.95. */
#define EXC_RETURN_THREAD_PSP_BASIC 0xFFFFFFBCu

/* What guard.inc gives to the processor at every switch. */
static inline uintptr_t guard_of(void *stack)
{
    return (((uintptr_t)stack + 7) & ~(uintptr_t)7) + GUARD_ROOM;
}

static inline void guard_start(uintptr_t guard)
{
    /* The first switch sets the limit of the first thread. */
}

#define CFSR_STKOF (1u << 20)

/* A fault with this CFSR and address is of the stack that ends at guard. */
static inline bool guard_hit(uintptr_t guard, uint32_t status, uint32_t address)
{
    return (status & CFSR_STKOF) != 0;
}

/* The frame of such a fault is in memory: where there was no room for it the processor leaves the pointer at the limit. */
static inline bool guard_frame_written(uint32_t frame, uint32_t status)
{
    uint32_t limit;
    __asm__ volatile("mrs %0, psplim" : "=r"(limit));
    return (status & CFSR_STKOF) == 0 || frame > limit;
}

#endif

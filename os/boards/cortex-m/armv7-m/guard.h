/* SPDX-License-Identifier: Apache-2.0 */
/* Where a stack ends, on Armv7-M (DDI 0403 section B3.5): its lowest 32 bytes can be read but not written. Region 7 of the
 * memory protection unit, above all others, moves along with every switch. All other memory is as without the unit. What
 * jumps over the 32 bytes at once goes unseen. */
#ifndef OS_BOARDS_CORTEX_M_GUARD_H
#define OS_BOARDS_CORTEX_M_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#define MPU_CTRL (*(volatile uint32_t *)0xE000ED94u)
#define MPU_CTRL_ENABLE 0x5u                         /* and the default map where no region says otherwise */
#define MPU_RBAR (*(volatile uint32_t *)0xE000ED9Cu) /* guard.inc writes it too */
#define MPU_RBAR_VALID (1u << 4)
#define MPU_RASR (*(volatile uint32_t *)0xE000EDA0u)
#define MPU_RASR_GUARD \
    (1u << 28 | 5u << 24 | 0xBu << 16 | 4u << 1 | 1u) /* no code, read only, normal memory, 2^5 bytes */
#define GUARD_REGION 7u
#define GUARD_SIZE 32u

#define EXC_RETURN_THREAD_PSP_BASIC 0xFFFFFFFDu /* thread mode, process stack, no floating-point state */

/* What guard.inc gives to the processor at every switch: MPU_RBAR, which names the region too. */
static inline uintptr_t guard_of(void *stack)
{
    return (((uintptr_t)stack + GUARD_SIZE - 1) & ~(uintptr_t)(GUARD_SIZE - 1)) | MPU_RBAR_VALID | GUARD_REGION;
}

static inline void guard_start(uintptr_t guard)
{
    MPU_RBAR = guard;
    MPU_RASR = MPU_RASR_GUARD;
    MPU_CTRL = MPU_CTRL_ENABLE;
    __asm__ volatile("dsb\n\tisb" : : : "memory");
}

#define CFSR_MSTKERR (1u << 4) /* the processor could not stack a frame */
#define CFSR_MLSPERR (1u << 5) /* nor floating-point registers */
#define CFSR_MMARVALID (1u << 7)

/* A fault with this CFSR and address is of the stack whose end is guarded now. The unit's own word counts, not guard: what wrote past
 * the 32 bytes may have written over that. (Each switch leaves its region selected.) */
static inline bool guard_hit(uintptr_t guard, uint32_t status, uint32_t address)
{
    uint32_t first = MPU_RBAR & ~(uintptr_t)(GUARD_SIZE - 1);
    return (status & (CFSR_MSTKERR | CFSR_MLSPERR)) != 0 ||
           ((status & CFSR_MMARVALID) != 0 && address - first < GUARD_SIZE);
}

/* The frame of such a fault is in memory. */
static inline bool guard_frame_written(uint32_t frame, uint32_t status)
{
    return (status & CFSR_MSTKERR) == 0;
}

#endif

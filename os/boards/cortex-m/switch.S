/* SPDX-License-Identifier: Apache-2.0 */
/* The context switch of a Cortex-M4F or M33. Threads run on the process stack, handlers on the main stack.
 *
 * The processor stacks r0-r3, r12, lr, pc and xpsr by itself, and reserves room for s0-s15 when the thread has used the
 * FPU; it fills that room only if somebody else touches the FPU (lazy stacking), which the vstm below does. Bit 4 of
 * EXC_RETURN is 0 for a thread with floating-point state, so each thread's EXC_RETURN is kept with its registers. */
    .syntax unified
    .thumb
#include "guard.inc" /* in the folder of the architecture */

    /* Which context runs, and which shall: side by side, so that one load fetches both. */
    .bss
    .balign 8
    .global mico_context_current
    .global mico_context_next
mico_context_current:
    .space 4
mico_context_next:
    .space 4

    .text

    .global PendSV_Handler
    .type PendSV_Handler, %function
PendSV_Handler:
    mrs     r0, psp
    tst     lr, #0x10
    it      eq
    vstmdbeq r0!, {s16-s31}
    stmdb   r0!, {r4-r11, lr}
    ldr     r3, =mico_context_current
    ldrd    r1, r2, [r3]        /* current and next */
    /* An interrupt may choose another context from here on: then it pends this handler again. */
    str     r0, [r1]
    str     r2, [r3]
    ldrd    r0, r1, [r2]        /* its stack pointer, and where its stack ends */
    guard_set r1, r3
    ldmia   r0!, {r4-r11, lr}
    tst     lr, #0x10
    it      eq
    vldmiaeq r0!, {s16-s31}
    msr     psp, r0
    bx      lr
    .size PendSV_Handler, . - PendSV_Handler

    /* Leave main() for good: what is left of it is a place for the first switch to store what nobody will read. The main
     * stack starts afresh for the handlers. A switch is pending; it happens when interrupts are allowed. */
    .global mico_context_first_switch
    .type mico_context_first_switch, %function
mico_context_first_switch:
    guard_none r0
    mov     r0, sp
    msr     psp, r0
    movs    r0, #2
    msr     control, r0         /* process stack; no floating-point state */
    isb
    ldr     r0, =0xE000ED08     /* VTOR: its first word is the top of the main stack */
    ldr     r0, [r0]
    ldr     r0, [r0]
    msr     msp, r0
    cpsie   i
    isb
1:  b       1b
    .size mico_context_first_switch, . - mico_context_first_switch

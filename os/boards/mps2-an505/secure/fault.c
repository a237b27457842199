/* SPDX-License-Identifier: Apache-2.0 */
/* Faults that the core gives to the Secure world: hard, bus and secure faults of either world (AIRCR.BFHFNMINS is 0, so that
 * Non-secure cannot stop this world in the middle), and all faults of this one.
 *
 * What Non-secure has done wrong it reports itself: its handler is called with what only this world can see, and with
 * Non-secure's registers as they were. Its address stands in entry 7 of the Non-secure vector table, the place of the
 * SecureFault, which Non-secure does not have. A fault of this world is the end. */
#include "os/boards/mps2-an505/secure/start.h"

#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))
#define CONSOLE_DATA REG(0x40200000u) /* UART 0, which is Non-secure's */
#define CONSOLE_STATE REG(0x40200004u)
#define CONSOLE_CTRL REG(0x40200008u)
#define CONSOLE_BAUDDIV REG(0x40200010u)
#define CONSOLE_PATIENCE 1000000

void secure_fault_own(uint32_t exception);

/* r0 to r3 for the Non-secure handler: exception, status, address, EXC_RETURN. Bit 6 of EXC_RETURN: which world the frame is
 * of; DDI 0553 section D1.2.95. Exception 7 has registers of its own for the rest. */
__attribute__((naked)) void secure_fault(void)
{
    __asm volatile(
        "mrs r0, ipsr\n\t"
        "tst lr, #0x40\n\t"
        "bne secure_fault_own\n\t"
        "mov r3, lr\n\t"
        "mrs r1, control_ns\n\t"     /* bit 2 of EXC_RETURN is of this world: put Non-secure's choice of stack there */
        "and r1, r1, r3, lsr #2\n\t" /* SPSEL, if the frame is of a thread */
        "lsrs r1, r1, #1\n\t"
        "bfi r3, r1, #2, #1\n\t"
        "ldr r12, =0xE000ED00\n\t"
        "cmp r0, #7\n\t"
        "itete eq\n\t"
        "ldreq r1, [r12, #0xE4]\n\t" /* SFSR */
        "ldrne r1, [r12, #0x28]\n\t" /* CFSR */
        "ldreq r2, [r12, #0xE8]\n\t" /* SFAR */
        "ldrne r2, [r12, #0x38]\n\t" /* BFAR */
        "ldr r12, =0xE002ED08\n\t"   /* VTOR of Non-secure */
        "ldr r12, [r12]\n\t"
        "ldr r12, [r12, #7 * 4]\n\t"
        "bic r12, r12, #1\n\t"
        "blxns r12\n\t"
        "1: b 1b\n\t" /* the handler does not return */
        ".ltorg");
}

static void say(const char *text)
{
    CONSOLE_BAUDDIV = 16;
    CONSOLE_CTRL |= 1; /* transmitter on */
    for (; *text != '\0'; text++) {
        for (int tries = 0; tries < CONSOLE_PATIENCE && (CONSOLE_STATE & 1u) != 0; tries++) {
        }
        CONSOLE_DATA = (uint8_t)*text;
    }
}

void secure_halt(const char *why)
{
    __asm volatile("cpsid i" ::: "memory");
    say("\n*** secure world: ");
    say(why);
    say("\n");
    for (;;) {
        __asm volatile("wfi");
    }
}

void secure_fault_own(uint32_t exception)
{
    char text[] = "fault, exception 00";
    text[sizeof text - 3] = (char)('0' + exception / 10 % 10);
    text[sizeof text - 2] = (char)('0' + exception % 10);
    secure_halt(text);
}

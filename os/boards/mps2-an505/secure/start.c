/* SPDX-License-Identifier: Apache-2.0 */
/* The Secure world's start: from reset to the Non-secure program. Armv8-M architecture reference (DDI 0553) section B3. */
#include "os/boards/mps2-an505/secure/start.h"

#include <string.h>

#include "os/boards/mps2-an505/secure/mps2_map.h"
#include "os/boards/mps2-an505/secure/partition.h"

#define REG(address) (*(volatile uint32_t *)(address))
#define CPACR REG(0xE000ED88u)
#define SHCSR REG(0xE000ED24u)
#define AIRCR REG(0xE000ED0Cu)
#define AIRCR_KEY 0x05FA0000u
#define AIRCR_PRIS 0x4000u                 /* this world's interrupts go before those of Non-secure, whatever it says */
#define SHCSR_FAULTS (1u << 19 | 7u << 16) /* secure, usage, bus and memory faults report themselves */
#define VTOR_NONSECURE REG(0xE002ED08u)

extern uint32_t secure_data_start[], secure_data_end[], secure_data_load[], secure_bss_start[], secure_bss_end[];
extern uint32_t secure_stack_top[];

void secure_reset(void);
void secure_begin(void);

typedef void (*vector)(void);

/* A device of this world that nobody drives has interrupted: a fault. clock.c and mps2/rng.c have the drivers. */
void UART2_RX_Handler(void) __attribute__((weak, alias("secure_fault_default")));
void DUAL_TIMER_Handler(void) __attribute__((weak, alias("secure_fault_default")));
void secure_fault_default(void);

__attribute__((naked)) void secure_fault_default(void)
{
    __asm volatile("b secure_fault");
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init" /* the drivers' places in a table full of the default */
__attribute__((section(".vectors"), used)) static const struct {
    uint32_t *stack;
    vector exceptions[15];
    vector interrupts[MPS2_IRQ_COUNT];
} the_vectors = {secure_stack_top,
                 {secure_reset, secure_fault, secure_fault, secure_fault, secure_fault, secure_fault, secure_fault, 0,
                  0, 0, secure_fault, secure_fault, 0, secure_fault, secure_fault},
                 {[0 ... MPS2_IRQ_COUNT - 1] = secure_fault_default,
                  [MPS2_IRQ_DUAL_TIMER] = DUAL_TIMER_Handler,
                  [MPS2_IRQ_UART2_RX] = UART2_RX_Handler}};
#pragma GCC diagnostic pop

/* A debugger or loader may come here at any time, so the stack is set anew. */
__attribute__((naked)) void secure_reset(void)
{
    __asm volatile("cpsid i\n\t"
                   "movs r0, #0\n\t"
                   "msr control, r0\n\t"
                   "isb\n\t"
                   "msr msplim, r0\n\t"
                   "ldr r0, =secure_stack_top\n\t"
                   "msr msp, r0\n\t"
                   "ldr r0, =secure_stack_limit\n\t"
                   "msr msplim, r0\n\t"
                   "ldr r0, =0xFEF5EDA5\n\t" /* seals the stack: no exception return takes it for a frame */
                   "mov r1, r0\n\t"
                   "push {r0, r1}\n\t"
                   "b secure_begin\n\t"
                   ".ltorg");
}

__attribute__((weak)) void secure_start(void)
{
}

/* Leave for the program whose vector table is given: nothing of this world stays in a register. Interrupts of this world are
 * allowed again; the program masks and allows its own. */
__attribute__((naked, noreturn)) static void leave(uint32_t vectors)
{
    __asm volatile("ldr r1, [r0]\n\t"
                   "msr msp_ns, r1\n\t"
                   "movs r1, #0\n\t"
                   "msr control_ns, r1\n\t"
                   "msr msplim_ns, r1\n\t"
                   "msr psplim_ns, r1\n\t"
                   "ldr lr, [r0, #4]\n\t"
                   "bic lr, lr, #1\n\t" /* to BXNS an even address is a Non-secure one */
                   ".irp i, 0,2,3,4,5,6,7,8,9,10,11,12\n\t"
                   "mov r\\i, r1\n\t"
                   ".endr\n\t"
                   ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n\t"
                   "vmov d\\i, r1, r1\n\t"
                   ".endr\n\t"
                   "msr apsr_nzcvq, r1\n\t"
                   "vmsr fpscr, r1\n\t"
                   "cpsie i\n\t"
                   "bxns lr");
}

void secure_begin(void)
{
    CPACR |= 0xFu << 20; /* floating point */
    SHCSR |= SHCSR_FAULTS;
    AIRCR = AIRCR_KEY | AIRCR_PRIS;
    __asm volatile("dsb\n\tisb" ::: "memory");
    memcpy(secure_data_start, secure_data_load, (size_t)((char *)secure_data_end - (char *)secure_data_start));
    memset(secure_bss_start, 0, (size_t)((char *)secure_bss_end - (char *)secure_bss_start));
    secure_partition();
    secure_start();
    uint32_t vectors = REG(SECURE_START_WORD);
    if (vectors < NONSECURE_CODE_BASE || vectors > NONSECURE_CODE_END - 8 || vectors % 1024 != 0) {
        secure_halt("no Non-secure program");
    }
    VTOR_NONSECURE = vectors;
    leave(vectors);
}

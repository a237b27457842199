/* SPDX-License-Identifier: Apache-2.0 */
/* From reset to main: vector table, memory, floating point. Armv7-M architecture reference (DDI 0403) section B1.5.
 *
 * A program may be started by hardware or by the loader, so nothing is taken for granted: interrupts that somebody left
 * on are turned off first. */
#include <string.h>

#include "os/boards/mps2/mps2.h"
#include "os/port/board.h"

extern uint32_t mps2_data_start[], mps2_data_end[], mps2_data_load[], mps2_bss_start[], mps2_bss_end[],
    mps2_stack_top[];

int main(void);
void Reset_Handler(void);
void mps2_start(void);

/* fault.c */
void mps2_fault(void);
void mps2_fault_told(void);

/* A device that nobody drives has interrupted: as wrong as any other fault, and shown alike. The rest are defined by the
 * drivers, and PendSV_Handler by the kernel's context port where there is a kernel. */
#define UNUSED_BY_DEFAULT __attribute__((weak, alias("mps2_fault_default")))
void mps2_fault_default(void);
void SVC_Handler(void) UNUSED_BY_DEFAULT;
void PendSV_Handler(void) UNUSED_BY_DEFAULT;
void SysTick_Handler(void) UNUSED_BY_DEFAULT;
void UART0_RX_Handler(void) UNUSED_BY_DEFAULT;
void UART0_TX_Handler(void) UNUSED_BY_DEFAULT;
void UART1_RX_Handler(void) UNUSED_BY_DEFAULT;
void UART1_TX_Handler(void) UNUSED_BY_DEFAULT;
void UART2_RX_Handler(void) UNUSED_BY_DEFAULT;
void TIMER0_Handler(void) UNUSED_BY_DEFAULT;
void TIMER1_Handler(void) UNUSED_BY_DEFAULT;
void ETHERNET_Handler(void) UNUSED_BY_DEFAULT;

__attribute__((naked)) void mps2_fault_default(void)
{
    __asm volatile("b mps2_fault");
}

typedef void (*vector)(void);

struct vectors {
    uint32_t *stack;
    vector exceptions[15];
    vector interrupts[MPS2_IRQ_COUNT];
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init" /* the drivers' places in a table full of the default */
__attribute__((section(".vectors"), used)) static const struct vectors the_vectors = {
    .stack = mps2_stack_top,
    .exceptions =
        {
            Reset_Handler,
            mps2_fault,
            mps2_fault,
            mps2_fault,
            mps2_fault,
            mps2_fault,
            mps2_fault_told,
            0,
            0,
            0,
            SVC_Handler,
            mps2_fault,
            0,
            PendSV_Handler,
            SysTick_Handler,
        },
    .interrupts =
        {
            [0 ... MPS2_IRQ_COUNT - 1] = mps2_fault_default,
            [MPS2_IRQ_UART0_RX] = UART0_RX_Handler,
            [MPS2_IRQ_UART0_RX + 1] = UART0_TX_Handler,
            [MPS2_IRQ_UART1_RX] = UART1_RX_Handler,
            [MPS2_IRQ_UART1_RX + 1] = UART1_TX_Handler,
            [MPS2_IRQ_UART2_RX] = UART2_RX_Handler,
            [MPS2_IRQ_TIMER0] = TIMER0_Handler,
            [MPS2_IRQ_TIMER1] = TIMER1_Handler,
            [MPS2_IRQ_ETHERNET] = ETHERNET_Handler,
        },
};
#pragma GCC diagnostic pop

/* Interrupts off, main stack in use and empty: as after a hardware reset, whoever jumped here. */
__attribute__((naked)) void Reset_Handler(void)
{
    __asm volatile("cpsid i\n\t"
                   "mov r0, #0\n\t"
                   "msr control, r0\n\t"
                   "isb\n\t"
                   "ldr r0, =mps2_stack_top\n\t"
                   "msr msp, r0\n\t"
                   "b mps2_start\n\t"
                   ".ltorg");
}

static void quiet_the_core(void)
{
    SYSTICK_CSR = 0;
    mps2_irq_disable_all();
    for (unsigned i = 0; i < MPS2_IRQ_COUNT / 32; i++) {
        NVIC_ICPR[i] = 0xFFFFFFFFu;
    }
    SCB_ICSR = 1u << 27 | 1u << 25; /* no PendSV, no SysTick pending */
    SCB_VTOR = (uint32_t)&the_vectors;
    SCB_CPACR |= 0xFu << 20; /* floating point for all */
    SCB_SHCSR |= 0x7u << 16; /* memory, bus and usage faults report themselves */
    __asm volatile("dsb\n\tisb" ::: "memory");
}

void mps2_start(void)
{
    quiet_the_core();
    memcpy(mps2_data_start, mps2_data_load, (size_t)((char *)mps2_data_end - (char *)mps2_data_start));
    memset(mps2_bss_start, 0, (size_t)((char *)mps2_bss_end - (char *)mps2_bss_start));
    __asm volatile("cpsie i" ::: "memory");
    mico_board_init();
    mico_board_halt(main());
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of Arm's MPS2 boards, and the few core instructions that drivers need. Where the devices are says the
 * board's own mps2_map.h. CMSDK technical reference (DDI 0479), Armv7-M and Armv8-M architecture references (DDI 0403, DDI
 * 0553), which agree on all that is used here. For this folder and the boards' only. */
#ifndef OS_BOARDS_MPS2_MPS2_H
#define OS_BOARDS_MPS2_MPS2_H

#include <stdbool.h>
#include <stdint.h>

#include "mps2_map.h" /* in the board's folder */

/* CMSDK UART, DDI 0479 section 4.3. */
struct mps2_uart {
    volatile uint32_t data;
    volatile uint32_t state;
    volatile uint32_t ctrl;
    volatile uint32_t interrupts; /* read: pending; write one: clear */
    volatile uint32_t bauddiv;
};
#define UART_STATE_TX_FULL 0x1u
#define UART_STATE_RX_FULL 0x2u
#define UART_TX 0x1u           /* in ctrl: transmitter on */
#define UART_RX 0x2u           /* in ctrl: receiver on */
#define UART_TX_INTERRUPT 0x4u /* in ctrl: raise it */
#define UART_RX_INTERRUPT 0x8u
#define UART_PENDING_TX 0x1u
#define UART_PENDING_RX 0x2u

#define MPS2_UART0 ((struct mps2_uart *)MPS2_UART0_BASE) /* console */
#define MPS2_UART1 ((struct mps2_uart *)MPS2_UART1_BASE) /* link */
#define MPS2_UART2 ((struct mps2_uart *)MPS2_UART2_BASE) /* entropy */

/* CMSDK timer, counting down; DDI 0479 section 4.1. */
struct mps2_timer {
    volatile uint32_t ctrl;
    volatile uint32_t value;
    volatile uint32_t reload;
    volatile uint32_t interrupt; /* read: pending; write one: clear */
};
#define TIMER_ENABLE 0x1u
#define TIMER_INTERRUPT 0x8u

#define MPS2_TIMER0 ((struct mps2_timer *)MPS2_TIMER0_BASE) /* the clock */
#define MPS2_TIMER1 ((struct mps2_timer *)MPS2_TIMER1_BASE) /* mico_board_wait */

#define MPS2_FPGAIO_LEDS (*(volatile uint32_t *)MPS2_FPGAIO_BASE)

/* System control space, DDI 0403 chapter B3; on an Armv8-M board that of the state the program runs in. */
#define SCS_REG(address) (*(volatile uint32_t *)(address))
#define SYSTICK_CSR SCS_REG(0xE000E010u)
#define SYSTICK_RVR SCS_REG(0xE000E014u)
#define SYSTICK_CVR SCS_REG(0xE000E018u)
#define NVIC_ISER ((volatile uint32_t *)0xE000E100u) /* a bit an interrupt: turn on */
#define NVIC_ICER ((volatile uint32_t *)0xE000E180u) /* turn off */
#define NVIC_ICPR ((volatile uint32_t *)0xE000E280u) /* no longer pending */
#define NVIC_IPR ((volatile uint8_t *)0xE000E400u)
#define SCB_ICSR SCS_REG(0xE000ED04u)
#define SCB_ICSR_PEND_SYSTICK (1u << 26)
#define SCB_VTOR SCS_REG(0xE000ED08u)
#define SCB_AIRCR SCS_REG(0xE000ED0Cu)
#define SCB_SHPR3 SCS_REG(0xE000ED20u)
#define SCB_SHCSR SCS_REG(0xE000ED24u)
#define SCB_CFSR SCS_REG(0xE000ED28u)
#define SCB_HFSR SCS_REG(0xE000ED2Cu)
#define SCB_MMFAR SCS_REG(0xE000ED34u)
#define SCB_BFAR SCS_REG(0xE000ED38u)
#define SCB_CPACR SCS_REG(0xE000ED88u)

#define MPS2_IRQ_PRIORITY 0x80u /* all devices alike, so handlers never interrupt one another; PendSV is below them */

/* The same masking as mico_irq_save, without needing a context port: programs without a kernel have none. */
static inline uint32_t mps2_lock(void)
{
    uint32_t state;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(state)::"memory");
    return state;
}

static inline void mps2_unlock(uint32_t state)
{
    __asm volatile("msr primask, %0" ::"r"(state) : "memory");
}

static inline bool mps2_in_handler(void)
{
    uint32_t ipsr;
    __asm volatile("mrs %0, ipsr" : "=r"(ipsr));
    return ipsr != 0;
}

/* Sleep until an interrupt is pending. With interrupts masked nothing is lost between a check and the sleep. */
static inline void mps2_sleep(void)
{
    __asm volatile("dsb\n\twfi\n\tisb" ::: "memory");
}

static inline void mps2_irq_enable(enum mps2_irq irq)
{
    NVIC_IPR[irq] = MPS2_IRQ_PRIORITY;
    NVIC_ISER[irq / 32] = 1u << irq % 32;
}

/* Every device off. */
static inline void mps2_irq_disable_all(void)
{
    for (unsigned i = 0; i < MPS2_IRQ_COUNT / 32; i++) {
        NVIC_ICER[i] = 0xFFFFFFFFu;
    }
}

/* Started by mico_board_init. */
void mps2_clock_init(void);
void mps2_uart_init(void);

/* A driver's handler has something for the program since the last mico_board_wait. */
extern volatile bool mps2_event;

/* Sleep until an interrupt is pending, at most timeout_ms (at least 1). Interrupts are masked, so one that arrives after
 * the caller has looked and before the sleep still ends it. */
void mps2_wait_masked(uint32_t timeout_ms);

/* The same in microseconds; a time too long for the timer is cut. */
void mps2_wait_masked_us(uint64_t timeout_us);

/* One byte at a time without interrupts, for the last words of a fault. */
void mps2_console_say(const char *text);

#endif

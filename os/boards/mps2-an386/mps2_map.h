/* SPDX-License-Identifier: Apache-2.0 */
/* Where things are on Arm's MPS2 board with the AN386 image (Arm DAI 0386); for os/boards/mps2/mps2.h alone. */
#ifndef OS_BOARDS_MPS2_AN386_MPS2_MAP_H
#define OS_BOARDS_MPS2_AN386_MPS2_MAP_H

#define MPS2_NAME "mps2-an386"
#define MPS2_CLOCK_HZ 25000000u

#define MPS2_RAM_BASE 0x20000000u
#define MPS2_RAM_SIZE 0x00400000u
#define MPS2_FLASH_BASE 0x21000000u
#define MPS2_FLASH_SIZE 0x01000000u

#define MPS2_UART0_BASE 0x40004000u
#define MPS2_UART1_BASE 0x40005000u
#define MPS2_UART2_BASE 0x40006000u
#define MPS2_TIMER0_BASE 0x40000000u
#define MPS2_TIMER1_BASE 0x40001000u
#define MPS2_WATCHDOG_BASE 0x40008000u
#define MPS2_FPGAIO_BASE 0x40028000u
#define MPS2_LAN9118_BASE 0x40200000u

enum mps2_irq {
    MPS2_IRQ_UART0_RX = 0, /* transmit is receive + 1 */
    MPS2_IRQ_UART1_RX = 2,
    MPS2_IRQ_UART2_RX = 4,
    MPS2_IRQ_TIMER0 = 8,
    MPS2_IRQ_TIMER1 = 9,
    MPS2_IRQ_ETHERNET = 13,
    MPS2_IRQ_COUNT = 32, /* a multiple of 32 */
};

#endif

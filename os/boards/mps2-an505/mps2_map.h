/* SPDX-License-Identifier: Apache-2.0 */
/* Where things are, for Non-secure software, on Arm's MPS2 board with the AN505 image (Arm DAI 0505; SSE-200, Arm 101104);
 * for os/boards/mps2/mps2.h alone. What the Secure world keeps is left out: see secure/partition.h. */
#ifndef OS_BOARDS_MPS2_AN505_MPS2_MAP_H
#define OS_BOARDS_MPS2_AN505_MPS2_MAP_H

#define MPS2_NAME "mps2-an505"
#define MPS2_CLOCK_HZ 20000000u

#define MPS2_RAM_BASE 0x28000000u
#define MPS2_RAM_SIZE 0x003C0000u
#define MPS2_FLASH_BASE 0x80000000u
#define MPS2_FLASH_SIZE 0x00C00000u

#define MPS2_UART0_BASE 0x40200000u
#define MPS2_UART1_BASE 0x40201000u
#define MPS2_UART2_BASE 0x40202000u
#define MPS2_TIMER0_BASE 0x40000000u
#define MPS2_TIMER1_BASE 0x40001000u
#define MPS2_WATCHDOG_BASE 0x40081000u
#define MPS2_FPGAIO_BASE 0x40302000u
#define MPS2_LAN9118_BASE 0x42000000u

enum mps2_irq {
    MPS2_IRQ_TIMER0 = 3,
    MPS2_IRQ_TIMER1 = 4,
    MPS2_IRQ_UART0_RX = 32, /* transmit is receive + 1 */
    MPS2_IRQ_UART1_RX = 34,
    MPS2_IRQ_UART2_RX = 36,
    MPS2_IRQ_ETHERNET = 48,
    MPS2_IRQ_COUNT = 128, /* a multiple of 32 */
};

#endif

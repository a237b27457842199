/* SPDX-License-Identifier: Apache-2.0 */
/* The board as its Secure world sees it, for the drivers of os/boards/mps2 that serve there too: the flash and the entropy
 * source that Non-secure does not reach. The numbers are those of partition.h. */
#ifndef OS_BOARDS_MPS2_AN505_SECURE_MPS2_MAP_H
#define OS_BOARDS_MPS2_AN505_SECURE_MPS2_MAP_H

#define MPS2_NAME "mps2-an505 (secure)"
#define MPS2_CLOCK_HZ 20000000u

#define MPS2_FLASH_BASE 0x80C00000u
#define MPS2_FLASH_SIZE 0x00400000u

#define MPS2_UART0_BASE 0x40200000u /* the console is Non-secure's */
#define MPS2_UART2_BASE 0x50203000u /* entropy: UART 3 */
#define MPS2_DUAL_TIMER_BASE 0x50002000u

enum mps2_irq {
    MPS2_IRQ_DUAL_TIMER = 5,
    MPS2_IRQ_UART2_RX = 38, /* of UART 3 */
    MPS2_IRQ_COUNT = 64,
};

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the Secure world keeps for itself of the board: everything else is Non-secure's.
 *
 *   code memory   first 256 KiB (Secure at 0x10000000): this world, its gate for Non-secure callers, the start word
 *   RAM           last 256 KiB (Secure at 0x383C0000)
 *   flash         last 4 MiB of the file-backed memory
 *   devices       all but timers 0 and 1, UARTs 0 to 2, Ethernet and the lamps; so UARTs 3 and 4 are Secure
 *
 * secure.ld, ../application.ld, ../chip.ld, mps2_map.h and ../mps2_map.h have the same numbers. */
#ifndef OS_BOARDS_MPS2_AN505_SECURE_PARTITION_H
#define OS_BOARDS_MPS2_AN505_SECURE_PARTITION_H

#include <stdint.h>

#define SECURE_CODE_SIZE 0x00040000u
#define SECURE_START_WORD 0x1003FFFCu /* holds the address of the Non-secure program's vector table */

#define SECURE_GATE_BASE 0x10000400u
#define SECURE_GATE_SIZE 0x00000400u

#define NONSECURE_CODE_BASE 0x00040000u
#define NONSECURE_CODE_END 0x00400000u
#define NONSECURE_RAM_BASE 0x28000000u
#define NONSECURE_RAM_END 0x283C0000u
#define NONSECURE_FLASH_BASE 0x80000000u
#define NONSECURE_FLASH_END 0x80C00000u
#define SECURE_FLASH_BASE 0x80C00000u
#define SECURE_FLASH_SIZE 0x00400000u

/** Give Non-secure its share of memory, devices and interrupts. All was Secure since reset. */
void secure_partition(void);

#endif

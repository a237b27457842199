/* SPDX-License-Identifier: Apache-2.0 */
/* A halt that ends the emulation: semihosting's SYS_EXIT_EXTENDED. Only where the build says MICO_SEMIHOSTING, because an
 * emulator that allows semihosting lets the firmware open the host's files; elsewhere the call would be a fault. */
#include <stdint.h>

void mps2_exit(int status);

void mps2_exit(int status)
{
    const uint32_t block[2] = {0x20026u /* ADP_Stopped_ApplicationExit */, (uint32_t)status};
    register uint32_t operation __asm("r0") = 0x20;
    register const uint32_t *argument __asm("r1") = block;
    __asm volatile("bkpt 0xab" : "+r"(operation) : "r"(argument) : "memory");
}

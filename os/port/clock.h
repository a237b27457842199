/* SPDX-License-Identifier: Apache-2.0 */
/* The board's clock: monotonic, from 0 at reset, 64 bits, never wraps. */
#ifndef OS_PORT_CLOCK_H
#define OS_PORT_CLOCK_H

#include <stdint.h>

uint64_t mico_clock_ms(void);
uint64_t mico_clock_us(void);

#endif

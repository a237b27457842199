/* SPDX-License-Identifier: Apache-2.0 */
/* The board as a whole. */
#ifndef OS_PORT_BOARD_H
#define OS_PORT_BOARD_H

#include <stdbool.h>
#include <stdint.h>

/** Start clock, UARTs, flash and entropy; the board's start-up code has called it before main or the application. */
void mico_board_init(void);

/** For programs without a kernel (loader, chip): sleep until an interrupt, at most timeout_ms. */
void mico_board_wait(uint32_t timeout_ms);

/** Start again from reset. */
_Noreturn void mico_board_reset(void);

/** Stop for good: on an emulator it ends the emulation, elsewhere it halts. */
_Noreturn void mico_board_halt(int status);

/** The board's user lamp. */
void mico_board_lamp(bool on);

/** "posix", "mps2-an386" or "mps2-an505". */
const char *mico_board_name(void);

#endif

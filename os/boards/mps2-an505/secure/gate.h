/* SPDX-License-Identifier: Apache-2.0 */
/* What Non-secure may call of the Secure world. Link secure_gate. One thread at a time: this world has one stack. */
#ifndef OS_BOARDS_MPS2_AN505_SECURE_GATE_H
#define OS_BOARDS_MPS2_AN505_SECURE_GATE_H

#include <stdint.h>

#define SECURE_GATE_VERSION 1u

/** SECURE_GATE_VERSION of the Secure world that runs. */
uint32_t secure_gate_version(void);

#endif

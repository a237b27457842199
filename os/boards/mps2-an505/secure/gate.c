/* SPDX-License-Identifier: Apache-2.0 */
#include "os/boards/mps2-an505/secure/gate.h"

__attribute__((cmse_nonsecure_entry)) uint32_t secure_gate_version(void)
{
    return SECURE_GATE_VERSION;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The entry functions; see gate.h. Arm's requirements for them: ARM-ECM-0359818 (CMSE), sections 5 and 6.
 *
 * Non-secure chooses pointers, lengths and moments. Pointers: the processor is asked about the whole range, by the attribution
 * unit and by Non-secure's own MPU. Contents may change while they are read: they are copied once, then used. Moments: a
 * Non-secure interrupt may come at any instruction here and call again, from another thread or a handler; it is told BUSY. The
 * flag is taken with interrupts masked, and is the only state that such a call touches. */
#include "mscp/trustzone/gate.h"

#include <arm_cmse.h>
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "mscp/trustzone/world.h"

#define PIECE 256u

static bool inside;

static bool enter(void)
{
    uint32_t masked;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(masked)::"memory");
    bool free = !inside;
    inside = true;
    __asm volatile("msr primask, %0" ::"r"(masked) : "memory");
    return free;
}

static void leave(void)
{
    __asm volatile("" ::: "memory"); /* what was done inside is done */
    *(volatile bool *)&inside = false;
}

static bool nonsecure(const void *memory, uint32_t len, int access)
{
    return len == 0 || cmse_check_address_range((void *)(uintptr_t)memory, len, CMSE_NONSECURE | access) != NULL;
}

__attribute__((cmse_nonsecure_entry)) int32_t mscp_secure_write(const uint8_t *data, uint32_t len)
{
    static uint8_t piece[PIECE];
    if (!enter()) {
        return MICO_ERR_BUSY;
    }
    mico_err err = nonsecure(data, len, CMSE_MPU_READ) ? MICO_OK : MICO_ERR_PARAM;
    for (uint32_t at = 0; err == MICO_OK && at < len; at += PIECE) {
        uint32_t n = len - at < PIECE ? len - at : PIECE;
        memcpy(piece, data + at, n);
        mscp_world_input(piece, n);
    }
    leave();
    return err;
}

__attribute__((cmse_nonsecure_entry)) int32_t mscp_secure_read(uint8_t *out, uint32_t cap)
{
    if (!enter()) {
        return MICO_ERR_BUSY;
    }
    int32_t n = MICO_ERR_PARAM;
    if (nonsecure(out, cap, CMSE_MPU_READWRITE)) {
        n = (int32_t)mscp_world_output(out, cap);
    }
    leave();
    return n;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Crash records in a sector of flash, where they outlive the loss of power.
 *
 * The sector is a row of places of MICO_CRASH_PLACE bytes, filled from the first on; when all are full it is erased, and the next
 * record is its first. A crash like the newest one (the same cause, place, thread, words and address) is not written again, so that
 * a board that crashes again and again does not wear its flash out. */
#ifndef OS_CRASH_KEPT_H
#define OS_CRASH_KEPT_H

#include "os/crash/report.h"
#include "os/port/flash.h"

#define MICO_CRASH_PLACE 1024u

/** Add crash, without the registers that may hold anything (Cortex-M: r0 to r12 become 0), for what lies in flash lies there long.
 * At most one sector is erased and one record programmed: bounded, no allocation, 1 KiB of stack; one caller at a time. Flash's
 * errors; MICO_ERR_PARAM when the sector is not one of flash. */
mico_err mico_crash_keep(const struct mico_flash *flash, uint32_t sector, const struct mico_crash *crash);

/** The newest record that is whole; its length, 0 when there is none. */
size_t mico_crash_kept(const struct mico_flash *flash, uint32_t sector, uint8_t out[MICO_CRASH_RECORD_MAX]);

/** Erase them, when there are any. */
mico_err mico_crash_forget(const struct mico_flash *flash, uint32_t sector);

#endif

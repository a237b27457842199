/* SPDX-License-Identifier: Apache-2.0 */
/* `mico crash`: what a crash has left, for people and programs. */
#ifndef MICODER_CRASH_CMD_H
#define MICODER_CRASH_CMD_H

#include <stddef.h>
#include <stdint.h>

#include "os/crash/report.h"

/** `mico crash FILE [--elf ELF] [--json]`; exit status as in commands.h. */
int mico_crash_command(int argc, char **argv);

/** Find the report in what a user has: the record itself, a console's log with its last line
 * "*** record HEX", or an image of flash with records in a sector of 4 KiB (os/crash/kept.h).
 * MICO_ERR_FORMAT when there is none; otherwise as mico_crash_decode. */
MICO_MUST_USE mico_err mico_crash_find(const uint8_t *data, size_t len, struct mico_crash *out);

#endif

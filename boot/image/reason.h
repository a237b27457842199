/* SPDX-License-Identifier: Apache-2.0 */
/* Why an image was refused, in words for the log: a formatter small enough for a loader. */
#ifndef BOOT_IMAGE_REASON_H
#define BOOT_IMAGE_REASON_H

#include "base/err.h"

#define MICO_REASON_MAX 160

struct mico_reason {
    char text[MICO_REASON_MAX]; /* one line, empty while nothing was refused; cut when too long */
};

/** Write the reason and return err, which is no MICO_OK. format knows %s, %u (unsigned int) and %x (unsigned int, as 0x and hexadecimal) only.
 * reason may be NULL. */
mico_err mico_refuse(struct mico_reason *reason, mico_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Write a line of any other kind, with the same few conversions. */
void mico_reason_write(struct mico_reason *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

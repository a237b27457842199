/* SPDX-License-Identifier: Apache-2.0 */
/* What the station tells its operator: progress and errors, on stderr; results alone go to stdout. */
#ifndef IDENTITY_FACTORY_SAY_H
#define IDENTITY_FACTORY_SAY_H

#include "base/err.h"

/** "error: ...", then "  try: ..." (try_next may be NULL). Gives err back, so that a caller can return it. */
mico_err station_fail(mico_err err, const char *try_next, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** One line of progress. */
void station_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Progress and errors on stderr. */
#include "identity/factory/say.h"

#include <stdarg.h>
#include <stdio.h>

mico_err station_fail(mico_err err, const char *try_next, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("error: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    if (try_next != NULL) {
        fprintf(stderr, "  try: %s\n", try_next);
    }
    va_end(args);
    return err;
}

void station_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

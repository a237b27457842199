/* SPDX-License-Identifier: Apache-2.0 */
/* The words for errors; see err.h. */
#include "base/err.h"

#include <stddef.h>

const char *mico_err_name(mico_err err)
{
    static const char *const names[] = {
        "ok",   "param",   "size",     "format", "auth",   "state",   "timeout",     "io",   "closed",
        "full", "corrupt", "rollback", "denied", "crypto", "entropy", "unsupported", "busy",
    };
    size_t index = (size_t)(-(int)err);
    return index < sizeof names / sizeof names[0] ? names[index] : "unknown";
}

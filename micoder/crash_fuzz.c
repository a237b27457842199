/* SPDX-License-Identifier: Apache-2.0 */
/* Any file at all, and any record in a console's log. */
#include "micoder/crash_cmd.h"

#include "micoder/crash_symbols.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct mico_crash crash;
    char why[64];
    if (mico_crash_find(data, len, &crash) == MICO_OK) {
        crash_reasons(&crash, why, sizeof why);
    }
    return 0;
}

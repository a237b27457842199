/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an answer: what is taken repeats the question, and nothing is written otherwise. The first eight are the
 * question's. */
#include <stdlib.h>
#include <string.h>

#include "os/net/sntp/sntp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t utc_us = 77;
    if (size < 8) {
        return 0;
    }
    mico_err err = mico_sntp_read(data + 8, size - 8, data, size, &utc_us);
    if (err != MICO_OK && utc_us != 77) {
        abort();
    }
    if (err == MICO_OK && (size < 8 + MICO_SNTP_PACKET || memcmp(data + 8 + 24, data, 8) != 0)) {
        abort();
    }
    return 0;
}

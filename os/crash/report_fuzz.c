/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes, and the same with length and check made right so that the fields are reached: what is accepted encodes to the
 * same bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "os/crash/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void try(const uint8_t *data, size_t len)
{
    struct mico_crash crash;
    uint8_t record[MICO_CRASH_RECORD_MAX];
    if (mico_crash_decode(data, len, &crash) == MICO_OK) {
        size_t made = mico_crash_encode(&crash, record);
        if (made > len || memcmp(record, data, made) != 0) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    try(data, len);
    if (len <= sizeof record - 10) {
        mico_store_le32(record, MICO_CRASH_MAGIC);
        mico_store_le16(record + 4, (uint16_t)(len + 10));
        if (len > 0) {
            memcpy(record + 6, data, len);
        }
        mico_store_le32(record + 6 + len, mico_crc32(0, record, 6 + len));
        try(record, len + 10);
    }
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as TLV8: what parses stays inside the input, and says the same when it is written again. */
#include <stdlib.h>
#include <string.h>

#include "pairing/tlv8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int fine)
{
    if (!fine) {
        abort();
    }
}

/* Write the known items of a record and parse that: the same values. */
static void round_trip(const struct mico_tlv8 *record, size_t size)
{
    size_t cap = 2 * size + 64;
    uint8_t *out = malloc(cap);
    struct mico_tlv8 again;
    require(out != NULL);
    struct mico_writer w = mico_writer_of(out, cap);
    for (int type = 0; type < MICO_TLV8_TYPES; type++) {
        if (record->has[type]) {
            mico_tlv8_put(&w, (uint8_t)type, record->value[type].data, record->value[type].len);
        }
    }
    require(!w.failed && mico_tlv8_parse(out, w.len, &again, NULL) == MICO_OK);
    for (int type = 0; type < MICO_TLV8_TYPES; type++) {
        require(again.has[type] == record->has[type] && again.value[type].len == record->value[type].len);
        require(again.value[type].len == 0 ||
                memcmp(again.value[type].data, record->value[type].data, again.value[type].len) == 0);
    }
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    struct mico_tlv8 record;
    require(copy != NULL);
    memcpy(copy, data, size);
    struct mico_span rest = {copy, size};
    while (rest.len > 0) {
        uint8_t *at = copy + (rest.data - copy);
        if (mico_tlv8_parse(at, rest.len, &record, &rest) != MICO_OK) {
            break;
        }
        for (int type = 0; type < MICO_TLV8_TYPES; type++) {
            const struct mico_span *value = &record.value[type];
            require(value->len == 0 || (value->data >= copy && value->data + value->len <= copy + size));
        }
        round_trip(&record, size);
    }
    free(copy);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as JSON: every look-up in what parses stays inside the tokens and the text. */
#include <stdlib.h>

#include "pairing/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mico_json json;
    if (mico_json_parse(&json, (const char *)data, size) != MICO_OK) {
        return 0;
    }
    uint64_t number = 0;
    bool flag = false;
    for (int i = -1; i < json.count; i++) {
        int member = mico_json_member(&json, i, "value");
        (void)mico_json_get_uint(&json, member, &number);
        (void)mico_json_get_bool(&json, i, &flag);
        int count = 0;
        for (int element = mico_json_first(&json, i); element >= 0; element = mico_json_next(&json, element)) {
            if (element <= i || element >= json.count || ++count > json.count) {
                abort();
            }
        }
    }
    return number > UINT64_C(1) << 53;
}

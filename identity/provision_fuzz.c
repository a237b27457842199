/* SPDX-License-Identifier: Apache-2.0 */
/* A cloud config that decodes encodes to the same bytes: there is one spelling. */
#include <assert.h>
#include <string.h>

#include "identity/provision.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mico_cloud_config config;
    uint8_t again[MICO_CLOUD_CONFIG_MAX];
    size_t len;
    if (mico_cloud_config_decode(&config, data, size) != MICO_OK) {
        return 0;
    }
    assert(mico_cloud_config_encode(&config, again, &len) == MICO_OK);
    assert(len == size && memcmp(again, data, size) == 0);
    return 0;
}

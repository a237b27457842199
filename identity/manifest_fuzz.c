/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of the manifest as JSON: what is taken is written as it was read, field for field. */
#include <assert.h>
#include <string.h>

#include "identity/manifest_entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mico_manifest_entry entry, again;
    const char *field = NULL;
    cJSON *json = cJSON_ParseWithLength((const char *)data, size);
    if (json == NULL) {
        return 0;
    }
    if (mico_manifest_entry_from_json(json, &entry, &field) == MICO_OK) {
        cJSON *written = mico_manifest_entry_to_json(&entry);
        uint8_t hash[2][32];
        assert(written != NULL && mico_manifest_entry_from_json(written, &again, &field) == MICO_OK);
        mico_manifest_entry_hash(&entry, hash[0]);
        mico_manifest_entry_hash(&again, hash[1]);
        assert(memcmp(hash[0], hash[1], 32) == 0 && entry.certificate.len == again.certificate.len);
        assert(memcmp(entry.certificate.data, again.certificate.data, entry.certificate.len) == 0);
        mico_manifest_entry_free(&entry);
        mico_manifest_entry_free(&again);
        cJSON_Delete(written);
    } else {
        assert(field != NULL); /* what is refused is named */
    }
    cJSON_Delete(json);
    return 0;
}

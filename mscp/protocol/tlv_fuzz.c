/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a body: every value lies inside the bytes. */
#include <stdlib.h>
#include <string.h>

#include "mscp/protocol/tlv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct mscp_tlvs tlvs;
    if (mscp_tlvs_parse((struct mico_span){data, len}, &tlvs) == MICO_OK) {
        for (unsigned tag = 1; tag < MSCP_TAG_LIMIT; tag++) {
            struct mico_span v = tlvs.value[tag];
            if ((tlvs.present & MSCP_TAG_BIT(tag)) != 0 && (v.data < data || v.data + v.len > data + len)) {
                abort();
            }
        }
        (void)mscp_tlv_u64(&tlvs, MSCP_TAG_VALUE);
        (void)mscp_tlv_u32(&tlvs, MSCP_TAG_ID);
        (void)mscp_tlv_u16(&tlvs, MSCP_TAG_TOTAL);
        (void)mscp_tlv_u8(&tlvs, MSCP_TAG_LIFECYCLE);
    }
    /* Attributes that are taken are given back to the byte. */
    struct mscp_attributes a;
    if (mscp_attributes_parse((struct mico_span){data, len}, &a) == MICO_OK) {
        uint8_t again[MSCP_ATTRIBUTES_MAX];
        if (mscp_attributes_encode(&a, again) != len || memcmp(again, data, len) != 0) {
            abort();
        }
    }
    return 0;
}

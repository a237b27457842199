/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a body or a statement: every value lies inside the bytes. */
#include <stdlib.h>

#include "mscp/protocol/statement.h"
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
    }
    struct mscp_statement_fields fields;
    if (mscp_statement_decode((struct mico_span){data, len}, &fields) == MICO_OK &&
        fields.public_key + 36 + 32 > data + len) {
        abort();
    }
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a certification request, for the key that stands where theirs would. */
#include "mscp/chip/csr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len > 65) {
        struct mico_span message = {data + 65, len - 65};
        (void)mscp_is_csr_of(message, (struct mico_span){data, 32});
        (void)mscp_is_csr_of(message, (struct mico_span){data, 65});
    }
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a certificate: never past the end. */
#include "mscp/chip/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t key[32];
    (void)mscp_certificate_key((struct mico_span){data, len}, key);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a certificate: never past the end. */
#include "mscp/chip/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const uint8_t spki[91] = {0x30, 0x59};
    (void)mscp_certificate_is_of((struct mico_span){data, len}, MICO_SPAN(spki));
    return 0;
}

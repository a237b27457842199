/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a transcript to sign: never past the end; what is taken begins as ClientHello does. */
#include <stdlib.h>

#include "mscp/chip/tls_transcript.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (mscp_is_tls_client_transcript((struct mico_span){data, len}) && (len < 150 || data[0] != 1)) {
        abort();
    }
    return 0;
}

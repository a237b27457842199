/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what a client or server of TLS signs: never past the end; what is taken begins as it must. */
#include <stdlib.h>

#include "mscp/chip/tls_transcript.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct mico_span message = {data, len};
    if (mscp_is_tls_client_transcript(message) && (len < 150 || data[0] != 1)) {
        abort();
    }
    bool client = mscp_is_tls13_client_message(message), server = mscp_is_tls_server_message(message);
    if ((client && server) || ((client || server) && len < 100)) {
        abort();
    }
    return 0;
}

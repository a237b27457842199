/* SPDX-License-Identifier: Apache-2.0 */
/* PEM from outside: any text. */
#include <string.h>

#include "os/sdk/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[4096];
    uint8_t out[64];
    size_t len = 1, take = size < sizeof text - 1 ? size : sizeof text - 1;
    memcpy(text, data, take);
    text[take] = '\0';
    const char *at = text;
    while (sdk_pem_next(&at, "E", out, sizeof out, &len) == MICO_OK && len != 0) {
    }
    return 0;
}

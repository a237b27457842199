/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the bytes, a chain that is accepted is exactly its certificates, one after the other. */
#include <assert.h>

#include "identity/chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mico_span certificates[MICO_CHAIN_MAX];
    size_t count, sum = 0;
    if (mico_chain_split((struct mico_span){data, size}, certificates, &count) != MICO_OK) {
        assert(count == 0);
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        assert(certificates[i].data == data + sum && certificates[i].len >= 2);
        sum += certificates[i].len;
    }
    assert(sum == size);
    return 0;
}

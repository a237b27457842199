/* SPDX-License-Identifier: Apache-2.0 */
/* Link records; see record.h. */
#include "mscp/protocol/record.h"

#include <string.h>

#include "crypto/primitives/primitives.h"

static void nonce_of(uint64_t counter, uint8_t nonce[12])
{
    memset(nonce, 0, 4);
    mico_store_le64(nonce + 4, counter);
}

void mscp_record_seal(const uint8_t key[32], uint64_t counter, struct mico_span associated, uint8_t *body,
                      size_t text_len)
{
    uint8_t nonce[12];
    nonce_of(counter, nonce);
    mico_store_le64(body, counter);
    uint8_t *text = body + MSCP_RECORD_COUNTER;
    mico_chachapoly_seal(key, nonce, associated, (struct mico_span){text, text_len}, text);
}

mico_err mscp_record_open(const uint8_t key[32], struct mico_span associated, uint8_t *body, size_t body_len,
                          uint64_t *counter, struct mico_span *text)
{
    if (body_len < MSCP_RECORD_OVERHEAD) {
        return MICO_ERR_SIZE;
    }
    uint64_t claimed = mico_load_le64(body);
    uint8_t nonce[12];
    nonce_of(claimed, nonce);
    uint8_t *sealed = body + MSCP_RECORD_COUNTER;
    size_t sealed_len = body_len - MSCP_RECORD_COUNTER;
    mico_err err = mico_chachapoly_open(key, nonce, associated, (struct mico_span){sealed, sealed_len}, sealed);
    if (err != MICO_OK) {
        return err;
    }
    *counter = claimed;
    *text = (struct mico_span){sealed, sealed_len - MSCP_RECORD_TAG};
    return MICO_OK;
}

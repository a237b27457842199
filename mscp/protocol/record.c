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

/* REKEY(k): the first 32 bytes of k's encryption of zeros under the greatest nonce. */
static void rekey(uint8_t key[32])
{
    static const uint8_t zeros[32];
    uint8_t nonce[12], sealed[32 + MSCP_RECORD_TAG];
    nonce_of(UINT64_MAX, nonce);
    mico_chachapoly_seal(key, nonce, (struct mico_span){NULL, 0}, MICO_SPAN(zeros), sealed);
    memcpy(key, sealed, 32);
    mico_wipe(sealed, sizeof sealed);
}

void mscp_session_advance(struct mscp_session *session)
{
    session->next++;
    if (session->next % MSCP_REKEY_RECORDS == 0) {
        rekey(session->to_chip);
        rekey(session->to_host);
    }
}

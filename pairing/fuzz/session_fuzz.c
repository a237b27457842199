/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as frames: nothing that the peer did not seal comes out. */
#include <stdlib.h>

#include "pairing/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mico_session session;
    static const uint8_t shared[32] = {7};
    uint8_t text[MICO_FRAME_TEXT_MAX];
    if (psa_crypto_init() != PSA_SUCCESS || mico_session_start(&session, shared, MICO_SESSION_ACCESSORY) != MICO_OK) {
        abort();
    }
    mico_err err = MICO_OK;
    for (size_t at = 0; at < size && err == MICO_OK;) {
        size_t used, text_len;
        size_t len = size - at < 100 ? size - at : 100;
        err = mico_session_receive(&session, data + at, len, &used, text, &text_len);
        if (text_len != 0 || used > len || (err == MICO_OK && used == 0)) {
            abort();
        }
        at += used;
    }
    mico_session_end(&session);
    return 0;
}

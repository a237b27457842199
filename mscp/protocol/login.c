/* SPDX-License-Identifier: Apache-2.0 */
/* The login chain; see login.h.
 *
 *   newest proven: before = newest, newest = link(r, newest), counter + 1
 *   before proven: newest = link(r, before), the rest stays */
#include "mscp/protocol/login.h"

#include <assert.h>
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/protocol/evidence.h"

void mscp_login_link(const uint8_t r[32], const uint8_t head[32], uint8_t out[32])
{
    struct mico_sha256 hash;
    mico_sha256_start(&hash);
    mico_sha256_add(&hash, r, 32);
    mico_sha256_add(&hash, head, 32);
    mico_sha256_finish(&hash, out);
}

void mscp_login_message(const uint8_t nonce[32], uint64_t counter, const uint8_t link[32],
                        uint8_t out[MSCP_LOGIN_MESSAGE])
{
    struct mico_writer w = mico_writer_of(out, MSCP_LOGIN_MESSAGE);
    mico_write_bytes(&w, MSCP_LOGIN_PREFIX, sizeof MSCP_LOGIN_PREFIX);
    mico_write_bytes(&w, nonce, 32);
    mico_write_le64(&w, counter);
    mico_write_bytes(&w, link, 32);
}

void mscp_login_start(struct mscp_login_state *state)
{
    static const uint8_t zeros[32];
    memset(state, 0, sizeof *state);
    mscp_login_link(zeros, zeros, state->newest);
}

enum mscp_login_verdict mscp_login_check(const struct mscp_login_state *state, const uint8_t nonce[32],
                                         const struct mscp_login_proof *proof, struct mico_span identity_key)
{
    uint8_t message[MSCP_LOGIN_MESSAGE];
    mscp_login_message(nonce, proof->counter, proof->link, message);
    if (mscp_identity_verify(identity_key, MICO_SPAN(message), proof->signature) != MICO_OK) {
        return MSCP_LOGIN_FORGED;
    }
    if (proof->counter == state->counter && mico_ct_equal(proof->link, state->newest, 32)) {
        return MSCP_LOGIN_NEWEST;
    }
    bool again =
        state->counter > 0 && proof->counter == state->counter - 1 && mico_ct_equal(proof->link, state->before, 32);
    return again ? MSCP_LOGIN_AGAIN : MSCP_LOGIN_FORK;
}

void mscp_login_advance(struct mscp_login_state *state, enum mscp_login_verdict verdict, const uint8_t r[32])
{
    assert(verdict == MSCP_LOGIN_NEWEST || verdict == MSCP_LOGIN_AGAIN);
    if (verdict == MSCP_LOGIN_NEWEST) {
        memcpy(state->before, state->newest, 32);
        state->counter++;
        state->retries = 0;
    } else {
        state->retries++;
    }
    mscp_login_link(r, state->before, state->newest);
}

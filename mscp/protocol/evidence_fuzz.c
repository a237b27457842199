/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a token, and any bytes as the claims of a rightly signed one: what is taken is, written and signed again, the
 * same token. */
#include <stdlib.h>
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/protocol/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const uint8_t seed[32] = {7};
static uint8_t key[32];

static size_t signed_token(struct mico_span claims, uint8_t out[MSCP_EVIDENCE_MAX])
{
    uint8_t message[MSCP_EVIDENCE_MAX], signature[64];
    struct mico_writer to_sign = mico_writer_of(message, sizeof message);
    struct mico_writer token = mico_writer_of(out, MSCP_EVIDENCE_MAX);
    mscp_evidence_to_sign(MSCP_KEY_ED25519, claims, &to_sign);
    mico_ed25519_sign(seed, key, (struct mico_span){message, to_sign.len}, signature);
    mscp_evidence_token(MSCP_KEY_ED25519, claims, signature, &token);
    return token.len;
}

static void try(struct mico_span token)
{
    struct mscp_evidence e;
    uint8_t claims[MSCP_CLAIMS_MAX], again[MSCP_EVIDENCE_MAX];
    if (mscp_evidence_verify(token, MICO_SPAN(key), &e) != MICO_OK) {
        return;
    }
    struct mico_writer w = mico_writer_of(claims, sizeof claims);
    mscp_evidence_claims(&e, &w);
    size_t len = signed_token((struct mico_span){claims, w.len}, again);
    if (w.failed || len != token.len || memcmp(again, token.data, len) != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t token[MSCP_EVIDENCE_MAX];
    mico_ed25519_public(seed, key);
    try((struct mico_span){data, len});
    if (len <= MSCP_CLAIMS_MAX) {
        try((struct mico_span){token, signed_token((struct mico_span){data, len}, token)});
    }
    return 0;
}

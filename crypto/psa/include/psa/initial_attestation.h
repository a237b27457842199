/* SPDX-License-Identifier: Apache-2.0 */
/* The PSA Certified Attestation API 1.0 over the security coprocessor (component crypto_psa_mscp): the token is the chip's
 * evidence about itself, an Entity Attestation Token (RFC 9711) as COSE_Sign1 (RFC 9052), signed in the chip by its identity key.
 * Its claims and their profile are in docs/MSCP.md, "Attestation"; mscp/protocol/evidence.h reads it. */
#ifndef PSA_INITIAL_ATTESTATION_H
#define PSA_INITIAL_ATTESTATION_H

#include <stddef.h>
#include <stdint.h>

#include "psa/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PSA_INITIAL_ATTEST_API_VERSION_MAJOR 1
#define PSA_INITIAL_ATTEST_API_VERSION_MINOR 0

/* Bytes that are enough for every token. */
#define PSA_INITIAL_ATTEST_MAX_TOKEN_SIZE 1024u

/* Bytes of a challenge. */
#define PSA_INITIAL_ATTEST_CHALLENGE_SIZE_32 32u
#define PSA_INITIAL_ATTEST_CHALLENGE_SIZE_48 48u
#define PSA_INITIAL_ATTEST_CHALLENGE_SIZE_64 64u

/** A token that has the caller's challenge in it: PSA_ERROR_INVALID_ARGUMENT for one that is not of 32, 48 or 64
 * bytes, PSA_ERROR_NOT_SUPPORTED for one of 48 or 64 from a chip whose firmware is older than these, PSA_ERROR_BUFFER_TOO_SMALL, PSA_ERROR_SERVICE_FAILURE when no coprocessor is
 * attached (mico_psa_attach_mscp) or it has no identity key yet, PSA_ERROR_COMMUNICATION_FAILURE when it does not answer,
 * PSA_ERROR_BAD_STATE before psa_crypto_init. */
psa_status_t psa_initial_attest_get_token(const uint8_t *auth_challenge, size_t challenge_size, uint8_t *token_buf,
                                          size_t token_buf_size, size_t *token_size);

/** How large a buffer a token with such a challenge wants: MiCO says the largest there is, as a token's length depends on
 * what the chip has to tell. PSA_ERROR_INVALID_ARGUMENT for a challenge of another size than these three. */
psa_status_t psa_initial_attest_get_token_size(size_t challenge_size, size_t *token_size);

#ifdef __cplusplus
}
#endif

#endif

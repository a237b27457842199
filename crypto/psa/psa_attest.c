/* SPDX-License-Identifier: Apache-2.0 */
/* psa_initial_attest_*: the coprocessor's evidence about itself. */
#include "psa/initial_attestation.h"

#include <string.h>

#include "crypto/psa/core.h"
#include "crypto/psa/psa_mscp.h"

_Static_assert(PSA_INITIAL_ATTEST_MAX_TOKEN_SIZE == MSCP_EVIDENCE_MAX, "a token is evidence");

static psa_status_t check_size(size_t challenge_size)
{
    bool standard = challenge_size == PSA_INITIAL_ATTEST_CHALLENGE_SIZE_32 ||
                    challenge_size == PSA_INITIAL_ATTEST_CHALLENGE_SIZE_48 ||
                    challenge_size == PSA_INITIAL_ATTEST_CHALLENGE_SIZE_64;
    return standard ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
}

psa_status_t psa_initial_attest_get_token_size(size_t challenge_size, size_t *token_size)
{
    if (token_size == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = check_size(challenge_size);
    *token_size = status == PSA_SUCCESS ? PSA_INITIAL_ATTEST_MAX_TOKEN_SIZE : 0;
    return status;
}

/* Inside psa_enter: the chip that is attached. */
static psa_status_t ask(struct mico_span challenge, uint8_t token[MSCP_EVIDENCE_MAX], size_t *len)
{
    const struct mico_psa_driver *driver;
    void *chip;
    if (!psa_location(MICO_PSA_LOCATION_MSCP, &driver, &chip)) {
        return PSA_ERROR_SERVICE_FAILURE;
    }
    mico_err err = mscp_host_evidence(chip, 0, challenge, token, len);
    return err == MICO_ERR_STATE  ? PSA_ERROR_SERVICE_FAILURE /* it has no identity key yet */
           : err == MICO_ERR_SIZE ? PSA_ERROR_NOT_SUPPORTED   /* its firmware is older than challenges of 48 and 64 */
                                  : psa_status_of_mscp(err);
}

psa_status_t psa_initial_attest_get_token(const uint8_t *auth_challenge, size_t challenge_size, uint8_t *token_buf,
                                          size_t token_buf_size, size_t *token_size)
{
    uint8_t token[MSCP_EVIDENCE_MAX];
    size_t len = 0;
    if (token_size == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    *token_size = 0;
    if (auth_challenge == NULL || !psa_pointer_ok(token_buf, token_buf_size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = check_size(challenge_size);
    if (status != PSA_SUCCESS) {
        return status;
    }
    status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = ask((struct mico_span){auth_challenge, challenge_size}, token, &len);
    }
    if (status == PSA_SUCCESS && len > token_buf_size) {
        status = PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (status == PSA_SUCCESS) {
        memcpy(token_buf, token, len);
        *token_size = len;
    }
    return psa_leave(status);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* PSA status codes and MiCO errors, one into the other. */
#include "crypto/psa/core.h"

static const struct {
    mico_err err;
    psa_status_t status;
} pairs[] = {
    {MICO_OK, PSA_SUCCESS},
    {MICO_ERR_PARAM, PSA_ERROR_INVALID_ARGUMENT},
    {MICO_ERR_SIZE, PSA_ERROR_BUFFER_TOO_SMALL},
    {MICO_ERR_AUTH, PSA_ERROR_INVALID_SIGNATURE},
    {MICO_ERR_STATE, PSA_ERROR_BAD_STATE},
    {MICO_ERR_IO, PSA_ERROR_COMMUNICATION_FAILURE},
    {MICO_ERR_FULL, PSA_ERROR_INSUFFICIENT_MEMORY},
    {MICO_ERR_CORRUPT, PSA_ERROR_DATA_CORRUPT},
    {MICO_ERR_DENIED, PSA_ERROR_NOT_PERMITTED},
    {MICO_ERR_ENTROPY, PSA_ERROR_INSUFFICIENT_ENTROPY},
    {MICO_ERR_UNSUPPORTED, PSA_ERROR_NOT_SUPPORTED},
    /* Only one way from here on. */
    {MICO_ERR_TIMEOUT, PSA_ERROR_COMMUNICATION_FAILURE},
    {MICO_ERR_CLOSED, PSA_ERROR_COMMUNICATION_FAILURE},
    {MICO_ERR_FORMAT, PSA_ERROR_INVALID_ARGUMENT},
    {MICO_ERR_CRYPTO, PSA_ERROR_INVALID_ARGUMENT},
    {MICO_ERR_ROLLBACK, PSA_ERROR_NOT_PERMITTED},
    {MICO_ERR_BUSY, PSA_ERROR_BAD_STATE},
    {MICO_ERR_PARAM, PSA_ERROR_INVALID_HANDLE},
    {MICO_ERR_FULL, PSA_ERROR_INSUFFICIENT_STORAGE},
    {MICO_ERR_STATE, PSA_ERROR_ALREADY_EXISTS},
    {MICO_ERR_STATE, PSA_ERROR_DOES_NOT_EXIST},
    {MICO_ERR_SIZE, PSA_ERROR_INSUFFICIENT_DATA},
    {MICO_ERR_IO, PSA_ERROR_STORAGE_FAILURE},
    {MICO_ERR_IO, PSA_ERROR_HARDWARE_FAILURE},
    {MICO_ERR_CORRUPT, PSA_ERROR_DATA_INVALID},
    {MICO_ERR_CORRUPT, PSA_ERROR_CORRUPTION_DETECTED},
};
#define PAIRS (sizeof pairs / sizeof pairs[0])

psa_status_t psa_status_of(mico_err err)
{
    for (size_t i = 0; i < PAIRS; i++) {
        if (pairs[i].err == err) {
            return pairs[i].status;
        }
    }
    return PSA_ERROR_GENERIC_ERROR;
}

mico_err mico_err_of_psa(psa_status_t status)
{
    for (size_t i = 0; i < PAIRS; i++) {
        if (pairs[i].status == status) {
            return pairs[i].err;
        }
    }
    return MICO_ERR_CRYPTO;
}

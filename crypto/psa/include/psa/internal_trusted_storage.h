/* SPDX-License-Identifier: Apache-2.0 */
/* Internal Trusted Storage of the PSA Certified Secure Storage API 1.0: small assets of the program's own, as records of the
 * store that mico_psa_persist_in (crypto/psa/mico_psa.h) names, sealed by the key that it names. An asset is at most
 * MICO_PSA_STORAGE_MAX bytes; a write that a power cut interrupts leaves the old value or the new one.
 *
 * Each of these gives PSA_ERROR_BAD_STATE before psa_crypto_init, PSA_ERROR_STORAGE_FAILURE without a store or when its flash
 * does not work, PSA_ERROR_INVALID_ARGUMENT for uid 0 and for NULL with a length, PSA_ERROR_DATA_CORRUPT for an asset that was
 * altered or sealed by another key; these are not said again below. */
#ifndef PSA_INTERNAL_TRUSTED_STORAGE_H
#define PSA_INTERNAL_TRUSTED_STORAGE_H

#include "psa/storage_common.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PSA_ITS_API_VERSION_MAJOR 1
#define PSA_ITS_API_VERSION_MINOR 0

/** Keep data_length bytes as uid, in place of what it had. PSA_ERROR_NOT_PERMITTED when that is write-once,
 * PSA_ERROR_NOT_SUPPORTED for an unknown flag, PSA_ERROR_INSUFFICIENT_STORAGE: then the old value stays. */
psa_status_t psa_its_set(psa_storage_uid_t uid, size_t data_length, const void *p_data,
                         psa_storage_create_flags_t create_flags);

/** Give data_size bytes from data_offset on, or as many as there are; *p_data_length says how many.
 * PSA_ERROR_DOES_NOT_EXIST, PSA_ERROR_INVALID_ARGUMENT for an offset beyond the end. */
psa_status_t psa_its_get(psa_storage_uid_t uid, size_t data_offset, size_t data_size, void *p_data,
                         size_t *p_data_length);

/** How large is it, and with which flags was it made? PSA_ERROR_DOES_NOT_EXIST. */
psa_status_t psa_its_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *p_info);

/** Remove it. PSA_ERROR_DOES_NOT_EXIST, PSA_ERROR_NOT_PERMITTED when it is write-once. One that is corrupt can be removed. */
psa_status_t psa_its_remove(psa_storage_uid_t uid);

#ifdef __cplusplus
}
#endif

#endif

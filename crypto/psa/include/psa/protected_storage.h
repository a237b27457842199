/* SPDX-License-Identifier: Apache-2.0 */
/* Protected Storage of the PSA Certified Secure Storage API 1.0. MiCO has one store for both services: these do what those of
 * psa/internal_trusted_storage.h do, with names of their own, and the same errors. Sealing keeps an asset secret and finds an
 * altered or exchanged one; whether the flash as a whole was put back to an earlier state is the store owner's to find
 * (mico_store_position in os/store/store.h against a counter of the coprocessor). */
#ifndef PSA_PROTECTED_STORAGE_H
#define PSA_PROTECTED_STORAGE_H

#include "psa/storage_common.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PSA_PS_API_VERSION_MAJOR 1
#define PSA_PS_API_VERSION_MINOR 0

/** As psa_its_set. */
psa_status_t psa_ps_set(psa_storage_uid_t uid, size_t data_length, const void *p_data,
                        psa_storage_create_flags_t create_flags);

/** As psa_its_get. */
psa_status_t psa_ps_get(psa_storage_uid_t uid, size_t data_offset, size_t data_size, void *p_data,
                        size_t *p_data_length);

/** As psa_its_get_info. */
psa_status_t psa_ps_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *p_info);

/** As psa_its_remove. */
psa_status_t psa_ps_remove(psa_storage_uid_t uid);

/** Reserve room for an asset that is written in pieces: PSA_ERROR_NOT_SUPPORTED. */
psa_status_t psa_ps_create(psa_storage_uid_t uid, size_t capacity, psa_storage_create_flags_t create_flags);

/** Write a piece of it: PSA_ERROR_NOT_SUPPORTED. */
psa_status_t psa_ps_set_extended(psa_storage_uid_t uid, size_t data_offset, size_t data_length, const void *p_data);

/** Which optional features there are: none, so without PSA_STORAGE_SUPPORT_SET_EXTENDED. */
uint32_t psa_ps_get_support(void);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: location 0's persistent keys, as records that only the holder of the sealing key can open. */
#ifndef CRYPTO_PSA_PERSIST_H
#define CRYPTO_PSA_PERSIST_H

#include "crypto/psa/mico_psa.h"

/* May a key of this lifetime (location 0, not volatile) and identifier be made? PSA_ERROR_NOT_SUPPORTED without a store
 * or with a persistence other than the default one, PSA_ERROR_INVALID_ARGUMENT. */
psa_status_t psa_persist_check(psa_key_lifetime_t lifetime, psa_key_id_t id);

/* Write the record of a key. */
psa_status_t psa_persist_save(const struct mico_psa_key *key);

/* Read it into key->note (note_cap bytes, wiped on error): PSA_ERROR_INVALID_HANDLE when there is none,
 * PSA_ERROR_DATA_CORRUPT (altered, or sealed by another key), PSA_ERROR_INSUFFICIENT_MEMORY. */
psa_status_t psa_persist_load(psa_key_id_t id, struct mico_psa_key *key);

psa_status_t psa_persist_delete(psa_key_id_t id);

/* Wipe the sealing key and forget the store. */
void psa_forget_store(void);

#endif

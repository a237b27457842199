/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: records of the store that mico_psa_persist_in names, which only the holder of the sealing key can open.
 * All inside psa_enter. There is one buffer: psa_sealed_text is where a record's text is put together, and where it is found
 * after reading, until psa_sealed_wipe. */
#ifndef CRYPTO_PSA_SEALED_H
#define CRYPTO_PSA_SEALED_H

#include "crypto/psa/mico_psa.h"

#define PSA_SEALED_MAX (MICO_PSA_KEY_SIZE + 20) /* bytes of a text */

/* Is there a store? */
bool psa_sealed_have_store(void);

uint8_t *psa_sealed_text(void);
void psa_sealed_wipe(void);

/* Write len bytes of text under name, and wipe it. PSA_ERROR_INSUFFICIENT_STORAGE, _STORAGE_FAILURE,
 * _INSUFFICIENT_ENTROPY. */
psa_status_t psa_sealed_put(const char *name, size_t len);
/* Read it back: PSA_ERROR_DATA_CORRUPT (altered, or sealed by another key), PSA_ERROR_DATA_INVALID (of another version),
 * PSA_ERROR_STORAGE_FAILURE; then nothing is left of the text. */
psa_status_t psa_sealed_get(const char *name, size_t *len, bool *found);
psa_status_t psa_sealed_delete(const char *name);

#endif

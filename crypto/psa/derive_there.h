/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: derivations whose secret stays in another location. derivation.c asks here first. */
#ifndef CRYPTO_PSA_DERIVE_THERE_H
#define CRYPTO_PSA_DERIVE_THERE_H

#include "crypto/psa/core.h"

/* Begin with the key in slot, or with its agreement with peer (peer.data NULL: none): the operation then is its location's.
 * PSA_ERROR_NOT_SUPPORTED for another algorithm than HKDF and a location that derives nothing. Inside psa_enter. */
psa_status_t psa_there_start(psa_key_derivation_operation_t *operation, const struct psa_slot *slot,
                             struct mico_span peer);
/* The next bytes of the output, for an operation whose capacity allows them. Outside psa_enter. */
psa_status_t psa_there_give(psa_key_derivation_operation_t *operation, uint8_t *out, size_t len);
/* A key of the same location. Inside psa_enter. */
psa_status_t psa_there_make_key(psa_key_derivation_operation_t *operation, const psa_key_attributes_t *attributes,
                                psa_key_id_t *key);
/* Let the location's secret go; nothing for other operations. Outside psa_enter. */
void psa_there_end(psa_key_derivation_operation_t *operation);

#endif

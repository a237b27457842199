/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: what the inputs and the outputs of a derivation share. */
#ifndef CRYPTO_PSA_DERIVATION_H
#define CRYPTO_PSA_DERIVATION_H

#include "crypto/psa/core.h"

/* Leave nothing but the need to abort, which also lets another location's secret go; returns status. */
psa_status_t psa_derivation_fail(psa_key_derivation_operation_t *operation, psa_status_t status);
bool psa_derivation_is_active(const psa_key_derivation_operation_t *operation);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Two locations for tests: the vault, whose driver can everything, and one whose driver takes keys and does nothing with them.
 * vault.c is all that a location takes. */
#ifndef CRYPTO_PSA_VAULT_H
#define CRYPTO_PSA_VAULT_H

#include "crypto/psa/mico_psa.h"

#define VAULT ((psa_key_location_t)0x800077)
#define EMPTY ((psa_key_location_t)0x800078)
#define LIFETIME(location) PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_VOLATILE, location)

extern const struct mico_psa_driver vault, vault_empty;
extern unsigned vault_calls; /* of the vault's entries */

#endif

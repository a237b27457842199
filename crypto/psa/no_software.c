/* SPDX-License-Identifier: Apache-2.0 */
/* In place of software.c and persist.c, in a program whose keys are all in attached locations: location 0 makes none, takes
 * none and has none. */
#include "crypto/psa/core.h"
#include "crypto/psa/persist.h"

const struct mico_psa_driver psa_software = {.location = PSA_KEY_LOCATION_LOCAL_STORAGE};

psa_status_t mico_psa_persist_in(struct mico_store *store, const uint8_t sealing_key[32])
{
    return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_persist_check(psa_key_lifetime_t lifetime, psa_key_id_t id)
{
    return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_persist_save(const struct mico_psa_key *key)
{
    return PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_persist_load(psa_key_id_t id, struct mico_psa_key *key)
{
    return PSA_ERROR_INVALID_HANDLE;
}

psa_status_t psa_persist_delete(psa_key_id_t id)
{
    return PSA_ERROR_INVALID_HANDLE;
}

void psa_forget_store(void)
{
}

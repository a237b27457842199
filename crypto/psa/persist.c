/* SPDX-License-Identifier: Apache-2.0 */
/* Location 0's persistent keys in os/store. The record of key 0x12345678 has the name "psa-12345678" and is sealed
 * (sealed.c); its text is
 *
 *   id (4) lifetime (4) usage (4) algorithm (4) type (2) bits (2) note
 *
 * little-endian. The usage's top bit says that the key was made in the approved mode: keys of one mode do not serve in the other. */
#include "crypto/psa/persist.h"

#include <string.h>

#include "crypto/primitives/trust.h"
#include "crypto/psa/core.h"
#include "crypto/psa/sealed.h"

#define MADE_APPROVED 0x80000000u
#define FIXED 20
#define NAME_LEN 12
_Static_assert(FIXED + MICO_PSA_KEY_SIZE <= PSA_SEALED_MAX, "a text holds every key");

static void name_of(psa_key_id_t id, char name[NAME_LEN + 1])
{
    memcpy(name, "psa-", 4);
    for (int i = 0; i < 8; i++) {
        name[4 + i] = "0123456789abcdef"[id >> (28 - 4 * i) & 15];
    }
    name[NAME_LEN] = '\0';
}

psa_status_t psa_persist_check(psa_key_lifetime_t lifetime, psa_key_id_t id)
{
    if (id < PSA_KEY_ID_USER_MIN || id > PSA_KEY_ID_USER_MAX ||
        PSA_KEY_LIFETIME_GET_PERSISTENCE(lifetime) == PSA_KEY_PERSISTENCE_READ_ONLY) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    bool here = psa_sealed_have_store() && PSA_KEY_LIFETIME_GET_PERSISTENCE(lifetime) == PSA_KEY_PERSISTENCE_DEFAULT;
    return here ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_persist_save(const struct mico_psa_key *key)
{
    const psa_key_attributes_t *has = &key->attributes;
    uint8_t *text = psa_sealed_text();
    char name[NAME_LEN + 1];

    name_of(has->id, name);
    mico_store_le32(text, has->id);
    mico_store_le32(text + 4, has->lifetime);
    mico_store_le32(text + 8, has->usage | (mico_trust_approved() ? MADE_APPROVED : 0));
    mico_store_le32(text + 12, has->alg);
    mico_store_le32(text + 16, (uint32_t)has->type | (uint32_t)has->bits << 16);
    memcpy(text + FIXED, key->note, key->note_len);
    return psa_sealed_put(name, FIXED + key->note_len);
}

/* A record that opened, into key; what an older or newer version of this code wrote is refused, not guessed at. */
static psa_status_t parse(psa_key_id_t id, const uint8_t *text, size_t len, struct mico_psa_key *key)
{
    if (len < FIXED || len - FIXED > MICO_PSA_KEY_SIZE || mico_load_le32(text) != id) {
        return PSA_ERROR_DATA_INVALID;
    }
    key->attributes.id = id;
    key->attributes.lifetime = mico_load_le32(text + 4);
    key->attributes.usage = mico_load_le32(text + 8) & ~MADE_APPROVED;
    key->attributes.alg = mico_load_le32(text + 12);
    key->attributes.type = (psa_key_type_t)mico_load_le32(text + 16);
    key->attributes.bits = (uint16_t)(mico_load_le32(text + 16) >> 16);
    key->note_len = len - FIXED;
    if (((mico_load_le32(text + 8) & MADE_APPROVED) != 0) != mico_trust_approved()) {
        return PSA_ERROR_NOT_PERMITTED;
    }
    if (key->note_len > key->note_cap) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    memcpy(key->note, text + FIXED, key->note_len);
    bool fits = key->attributes.bits != 0 && psa_persist_check(key->attributes.lifetime, id) == PSA_SUCCESS;
    return fits ? PSA_SUCCESS : PSA_ERROR_DATA_INVALID;
}

psa_status_t psa_persist_load(psa_key_id_t id, struct mico_psa_key *key)
{
    char name[NAME_LEN + 1];
    size_t len = 0;
    bool found = false;

    if (!psa_sealed_have_store() || id < PSA_KEY_ID_USER_MIN || id > PSA_KEY_ID_USER_MAX) {
        return PSA_ERROR_INVALID_HANDLE;
    }
    name_of(id, name);
    psa_status_t status = psa_sealed_get(name, &len, &found);
    if (status == PSA_SUCCESS && !found) {
        return PSA_ERROR_INVALID_HANDLE;
    }
    if (status == PSA_SUCCESS) {
        status = parse(id, psa_sealed_text(), len, key);
        psa_sealed_wipe();
    }
    if (status != PSA_SUCCESS && key->note_cap != 0) {
        mico_wipe(key->note, key->note_cap);
    }
    return status;
}

psa_status_t psa_persist_delete(psa_key_id_t id)
{
    char name[NAME_LEN + 1];
    name_of(id, name);
    return psa_sealed_delete(name);
}

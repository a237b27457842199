/* SPDX-License-Identifier: Apache-2.0 */
/* Location 0's persistent keys in os/store. The record of key 0x12345678 has the name "psa-12345678" and is
 *
 *   version (1) · nonce (12) · ChaCha20-Poly1305 of: id (4) lifetime (4) usage (4) algorithm (4) type (2) bits (2) note
 *
 * little-endian, the name being authenticated too, so that one record cannot stand in for another. Nonces are random:
 * 2^32 records under one sealing key is the bound, far above what a flash's erase cycles allow. */
#include "crypto/psa/persist.h"

#include <string.h>

#include "crypto/psa/core.h"
#include "os/store/store.h"

#define VERSION 1
#define NONCE 12
#define FIXED 20
#define RECORD_MAX (1 + NONCE + FIXED + MICO_PSA_KEY_SIZE + 16)
#define NAME_LEN 12

static struct {
    struct mico_store *store; /* NULL: there is none */
    uint8_t key[32];
} place;
static uint8_t record[RECORD_MAX]; /* under PSA's lock, wiped after each use */

psa_status_t mico_psa_persist_in(struct mico_store *store, const uint8_t sealing_key[32])
{
    if (store != NULL && sealing_key == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    (void)psa_enter(); /* allowed before psa_crypto_init */
    psa_forget_persistent();
    mico_wipe(&place, sizeof place);
    place.store = store;
    if (store != NULL) {
        memcpy(place.key, sealing_key, sizeof place.key);
    }
    return psa_leave(PSA_SUCCESS);
}

void psa_forget_store(void)
{
    mico_wipe(&place, sizeof place);
}

static void name_of(psa_key_id_t id, char name[NAME_LEN + 1])
{
    memcpy(name, "psa-", 4);
    for (int i = 0; i < 8; i++) {
        name[4 + i] = "0123456789abcdef"[id >> (28 - 4 * i) & 15];
    }
    name[NAME_LEN] = '\0';
}

static psa_status_t status_of(mico_err err)
{
    return err == MICO_OK            ? PSA_SUCCESS
           : err == MICO_ERR_FULL    ? PSA_ERROR_INSUFFICIENT_STORAGE
           : err == MICO_ERR_CORRUPT ? PSA_ERROR_DATA_CORRUPT
           : err == MICO_ERR_SIZE    ? PSA_ERROR_DATA_CORRUPT /* longer than any record of ours */
                                     : PSA_ERROR_STORAGE_FAILURE;
}

psa_status_t psa_persist_check(psa_key_lifetime_t lifetime, psa_key_id_t id)
{
    if (id < PSA_KEY_ID_USER_MIN || id > PSA_KEY_ID_USER_MAX ||
        PSA_KEY_LIFETIME_GET_PERSISTENCE(lifetime) == PSA_KEY_PERSISTENCE_READ_ONLY) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    bool here = place.store != NULL && PSA_KEY_LIFETIME_GET_PERSISTENCE(lifetime) == PSA_KEY_PERSISTENCE_DEFAULT;
    return here ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED;
}

psa_status_t psa_persist_save(const struct mico_psa_key *key)
{
    const psa_key_attributes_t *has = &key->attributes;
    uint8_t *text = record + 1 + NONCE;
    char name[NAME_LEN + 1];
    size_t len = FIXED + key->note_len;

    name_of(has->id, name);
    record[0] = VERSION;
    mico_store_le32(text, has->id);
    mico_store_le32(text + 4, has->lifetime);
    mico_store_le32(text + 8, has->usage);
    mico_store_le32(text + 12, has->alg);
    mico_store_le32(text + 16, (uint32_t)has->type | (uint32_t)has->bits << 16);
    memcpy(text + FIXED, key->note, key->note_len);
    psa_status_t status = psa_status_of(mico_random(record + 1, NONCE));
    if (status == PSA_SUCCESS) {
        mico_chachapoly_seal(place.key, record + 1, (struct mico_span){(uint8_t *)name, NAME_LEN},
                             (struct mico_span){text, len}, text);
        status = status_of(mico_store_put(place.store, name, record, 1 + NONCE + len + 16));
    }
    mico_wipe(record, sizeof record);
    return status;
}

/* A record that opened, into key; what an older or newer version of this code wrote is refused, not guessed at. */
static psa_status_t parse(psa_key_id_t id, const uint8_t *text, size_t len, struct mico_psa_key *key)
{
    if (len < FIXED || len - FIXED > MICO_PSA_KEY_SIZE || mico_load_le32(text) != id) {
        return PSA_ERROR_DATA_INVALID;
    }
    key->attributes.id = id;
    key->attributes.lifetime = mico_load_le32(text + 4);
    key->attributes.usage = mico_load_le32(text + 8);
    key->attributes.alg = mico_load_le32(text + 12);
    key->attributes.type = (psa_key_type_t)mico_load_le32(text + 16);
    key->attributes.bits = (uint16_t)(mico_load_le32(text + 16) >> 16);
    key->note_len = len - FIXED;
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

    if (place.store == NULL || id < PSA_KEY_ID_USER_MIN || id > PSA_KEY_ID_USER_MAX) {
        return PSA_ERROR_INVALID_HANDLE;
    }
    name_of(id, name);
    psa_status_t status = status_of(mico_store_get(place.store, name, record, sizeof record, &len, &found));
    if (status == PSA_SUCCESS && !found) {
        return PSA_ERROR_INVALID_HANDLE;
    }
    if (status == PSA_SUCCESS && (len < 1 + NONCE + 16 || record[0] != VERSION)) {
        status = PSA_ERROR_DATA_INVALID;
    }
    if (status == PSA_SUCCESS) {
        uint8_t *text = record + 1 + NONCE;
        len -= 1 + NONCE;
        mico_err err = mico_chachapoly_open(place.key, record + 1, (struct mico_span){(uint8_t *)name, NAME_LEN},
                                            (struct mico_span){text, len}, text);
        status = err == MICO_OK ? parse(id, text, len - 16, key) : PSA_ERROR_DATA_CORRUPT;
    }
    mico_wipe(record, sizeof record);
    if (status != PSA_SUCCESS && key->note_cap != 0) {
        mico_wipe(key->note, key->note_cap);
    }
    return status;
}

psa_status_t psa_persist_delete(psa_key_id_t id)
{
    char name[NAME_LEN + 1];
    name_of(id, name);
    return status_of(mico_store_delete(place.store, name));
}

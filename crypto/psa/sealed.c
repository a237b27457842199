/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed records in os/store: version (1) · nonce (12) · ChaCha20-Poly1305 of the text, the record's name being
 * authenticated too, so that one record cannot stand in for another. Nonces are random: 2^32 records under one sealing key is
 * the bound, far above what a flash's erase cycles allow. */
#include "crypto/psa/sealed.h"

#include <string.h>

#include "crypto/psa/core.h"
#include "crypto/psa/persist.h"
#include "os/store/store.h"

#define VERSION 1
#define NONCE 12
#define TAG 16

static struct {
    struct mico_store *store; /* NULL: there is none */
    uint8_t key[32];
} place;
static uint8_t record[1 + NONCE + PSA_SEALED_MAX + TAG];
_Static_assert(sizeof record <= MICO_STORE_VALUE_MAX, "a record is no longer than the store takes");

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

bool psa_sealed_have_store(void)
{
    return place.store != NULL;
}

uint8_t *psa_sealed_text(void)
{
    return record + 1 + NONCE;
}

void psa_sealed_wipe(void)
{
    mico_wipe(record, sizeof record);
}

static psa_status_t status_of(mico_err err)
{
    return err == MICO_OK            ? PSA_SUCCESS
           : err == MICO_ERR_FULL    ? PSA_ERROR_INSUFFICIENT_STORAGE
           : err == MICO_ERR_CORRUPT ? PSA_ERROR_DATA_CORRUPT
           : err == MICO_ERR_SIZE    ? PSA_ERROR_DATA_CORRUPT /* longer than any record of ours */
                                     : PSA_ERROR_STORAGE_FAILURE;
}

static struct mico_span bound_to(const char *name)
{
    return (struct mico_span){(const uint8_t *)name, strlen(name)};
}

psa_status_t psa_sealed_put(const char *name, size_t len)
{
    record[0] = VERSION;
    psa_status_t status = psa_status_of(mico_random(record + 1, NONCE));
    if (status == PSA_SUCCESS) {
        uint8_t *text = psa_sealed_text();
        mico_chachapoly_seal(place.key, record + 1, bound_to(name), (struct mico_span){text, len}, text);
        status = status_of(mico_store_put(place.store, name, record, 1 + NONCE + len + TAG));
    }
    psa_sealed_wipe();
    return status;
}

psa_status_t psa_sealed_get(const char *name, size_t *len, bool *found)
{
    psa_status_t status = status_of(mico_store_get(place.store, name, record, sizeof record, len, found));
    if (status == PSA_SUCCESS && !*found) {
        return status;
    }
    if (status == PSA_SUCCESS && (*len < 1 + NONCE + TAG || record[0] != VERSION)) {
        status = PSA_ERROR_DATA_INVALID;
    }
    if (status == PSA_SUCCESS) {
        uint8_t *text = psa_sealed_text();
        *len -= 1 + NONCE;
        mico_err err =
            mico_chachapoly_open(place.key, record + 1, bound_to(name), (struct mico_span){text, *len}, text);
        *len -= TAG;
        status = err == MICO_OK ? PSA_SUCCESS : PSA_ERROR_DATA_CORRUPT;
    }
    if (status != PSA_SUCCESS) {
        psa_sealed_wipe();
    }
    return status;
}

psa_status_t psa_sealed_delete(const char *name)
{
    return status_of(mico_store_delete(place.store, name));
}

#define KEY_NAME 12 /* of "psa-12345678", persist.c's */
/* The first record that a key of ours has. */
struct search {
    char name[KEY_NAME + 1];
};
static bool is_ours(void *ctx, const char *name, size_t len)
{
    struct search *search = ctx;
    bool ours = strlen(name) == KEY_NAME && memcmp(name, "psa-", 4) == 0;
    if (ours) {
        memcpy(search->name, name, KEY_NAME + 1);
    }
    return !ours;
}

/* Each turn has one record fewer. */
psa_status_t mico_psa_zeroise_kept(void)
{
    struct search search;
    psa_status_t status = psa_enter();
    status = status == PSA_ERROR_BAD_STATE || place.store == NULL ? PSA_ERROR_BAD_STATE : status;
    if (status == PSA_SUCCESS) {
        psa_forget_persistent();
        do {
            search.name[0] = '\0';
            status = status_of(mico_store_each(place.store, is_ours, &search));
            if (status == PSA_SUCCESS && search.name[0] != '\0') {
                status = status_of(mico_store_delete(place.store, search.name));
            }
        } while (status == PSA_SUCCESS && search.name[0] != '\0');
    }
    return psa_leave(status);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* PSA's persistent keys and protected storage: records of a store, sealed. */
#include <string.h>

#include "crypto/psa/mico_psa.h"
#include "os/store/store.h"
#include "psa/protected_storage.h"
#include "tests/traces/cases.h"

#define KEY_ID 0x1234u
#define ASSET 7u

static struct test_flash flash;
static uint8_t memory[8 * 4096];

void store_reset(void)
{
    test_flash_init(&flash, memory, sizeof memory, 4096, 1);
}

static void keep_key(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t id;
    uint8_t key[32], mac[32];
    size_t len;
    psa_set_key_id(&attributes, KEY_ID);
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_PERSISTENT);
    psa_set_key_type(&attributes, PSA_KEY_TYPE_HMAC);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    psa_set_key_algorithm(&attributes, PSA_ALG_HMAC(PSA_ALG_SHA_256));
    ct_expect(psa_import_key(&attributes, secret(key, sizeof key), sizeof key, &id), PSA_SUCCESS);
    ct_expect(psa_purge_key(id), PSA_SUCCESS); /* to be read back */
    ct_expect(psa_mac_compute(id, PSA_ALG_HMAC(PSA_ALG_SHA_256), (const uint8_t *)"message", 7, mac, sizeof mac, &len),
              PSA_SUCCESS);
    ct_expect(psa_destroy_key(id), PSA_SUCCESS);
}

void store_sealed(void)
{
    static struct mico_store store;
    uint8_t sealing[32], asset[100];
    size_t len;
    ct_must(mico_store_open(&store, &flash.flash, 0, sizeof memory));
    ct_expect(mico_psa_persist_in(&store, secret(sealing, sizeof sealing)), PSA_SUCCESS);
    keep_key();
    ct_expect(psa_ps_set(ASSET, sizeof asset, secret(asset, sizeof asset), 0), PSA_SUCCESS);
    ct_expect(psa_ps_get(ASSET, 0, sizeof asset, asset, &len), PSA_SUCCESS);
    ct_expect(psa_ps_remove(ASSET), PSA_SUCCESS);
}

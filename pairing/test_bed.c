/* SPDX-License-Identifier: Apache-2.0 */
#include "pairing/test_bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(bool fine, const char *what)
{
    if (!fine) {
        fprintf(stderr, "test bed: %s failed\n", what);
        abort();
    }
}

psa_key_id_t test_key(uint8_t public_key[32])
{
    psa_key_id_t key;
    size_t len;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_bits(&attributes, 255);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    must(psa_generate_key(&attributes, &key) == PSA_SUCCESS, "making a key");
    must(psa_export_public_key(key, public_key, 32, &len) == PSA_SUCCESS, "reading a public key");
    return key;
}

static mico_err get(void *ctx, uint16_t iid, uint8_t *value)
{
    struct test_bed *bed = ctx;
    *value = bed->light;
    return bed->get_fails;
}

static mico_err set(void *ctx, uint16_t iid, uint8_t value)
{
    struct test_bed *bed = ctx;
    if (bed->set_fails == MICO_OK) {
        bed->light = value != 0;
    }
    return bed->set_fails;
}

static void identify(void *ctx)
{
    ((struct test_bed *)ctx)->identified++;
}

static struct test_bed *the_bed; /* the clock has no context */

static uint64_t now_ms(void)
{
    return the_bed->now_ms;
}

void test_bed_make(struct test_bed *bed)
{
    static const uint8_t salt[16] = "0123456789abcde";
    memset(bed, 0, sizeof *bed);
    the_bed = bed;
    must(psa_crypto_init() == PSA_SUCCESS, "psa_crypto_init");
    test_flash_init(&bed->flash, bed->memory, sizeof bed->memory, 4096, 1);
    struct mico_span code = {(const uint8_t *)TEST_CODE, strlen(TEST_CODE)};
    must(mico_srp_verifier(code, salt, bed->verifier) == MICO_OK, "mico_srp_verifier");
    memcpy(bed->chain, TEST_DEVICE_ID, 17);
    bed->config = (struct mico_accessory_config){
        .device_id = TEST_DEVICE_ID,
        .name = "Lamp \"one\"",
        .manufacturer = "MiCO",
        .model = "Light 1",
        .serial = "0001",
        .firmware = "1.0.0",
        .setup_salt = salt,
        .setup_verifier = bed->verifier,
        .chain = {bed->chain, sizeof bed->chain},
        .store = &bed->store,
        .product = &mico_service_light,
        .get = get,
        .set = set,
        .identify = identify,
        .ctx = bed,
        .now_ms = now_ms,
    };
    bed->config.identity_key = test_key(bed->chain + 17);
    bed->config.pairing_key = test_key(bed->config.ltpk);
    test_bed_restart(bed);
}

void test_bed_restart(struct test_bed *bed)
{
    test_flash_power_on(&bed->flash);
    must(mico_store_open(&bed->store, &bed->flash.flash, 0, sizeof bed->memory) == MICO_OK, "opening the store");
    must(mico_accessory_start(&bed->acc, &bed->config) == MICO_OK, "starting the accessory");
}

void test_bed_free(struct test_bed *bed)
{
    (void)psa_destroy_key(bed->config.identity_key);
    (void)psa_destroy_key(bed->config.pairing_key);
}

void test_link_open(struct test_link *link, struct test_bed *bed)
{
    memset(link, 0, sizeof *link);
    link->bed = bed;
    mico_accessory_open(&bed->acc, &link->conn);
}

void test_link_close(struct test_link *link)
{
    mico_accessory_close(&link->bed->acc, &link->conn);
    link->closed = true;
}

static void keep_answer(void *ctx, const uint8_t *data, size_t len)
{
    struct test_link *link = ctx;
    if (link->answer_at == link->answer_len) {
        link->answer_at = 0;
        link->answer_len = 0;
    }
    must(len <= sizeof link->answer - link->answer_len, "keeping an answer");
    memcpy(link->answer + link->answer_len, data, len);
    link->answer_len += len;
}

void test_link_send(struct test_link *link, const void *data, size_t len)
{
    const uint8_t *at = data;
    link->sent_len = len < sizeof link->sent ? len : sizeof link->sent;
    memcpy(link->sent, data, link->sent_len);
    while (len > 0 && !link->closed) {
        size_t piece = link->piece != 0 && link->piece < len ? link->piece : len;
        uint8_t *copy = malloc(piece); /* its own block, so that the sanitizer sees a read past its end */
        must(copy != NULL, "malloc");
        memcpy(copy, at, piece);
        link->closed = mico_accessory_input(&link->bed->acc, &link->conn, copy, piece, keep_answer, link) != MICO_OK;
        free(copy);
        at += piece;
        len -= piece;
    }
}

void test_link_poll(struct test_link *link)
{
    if (mico_accessory_poll(&link->bed->acc, &link->conn, keep_answer, link) != MICO_OK) {
        link->closed = true;
    }
}

static mico_err wire_send(void *ctx, const uint8_t *data, size_t len)
{
    struct test_link *link = ctx;
    if (link->closed) {
        return MICO_ERR_CLOSED;
    }
    test_link_send(link, data, len);
    return MICO_OK;
}

static mico_err wire_receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct test_link *link = ctx;
    size_t left = link->answer_len - link->answer_at;
    if (left == 0) {
        return link->closed ? MICO_ERR_CLOSED : MICO_ERR_TIMEOUT;
    }
    *len = left < cap ? left : cap;
    *len = link->piece != 0 && link->piece < *len ? link->piece : *len;
    memcpy(out, link->answer + link->answer_at, *len);
    link->answer_at += *len;
    return MICO_OK;
}

struct mico_wire test_link_wire(struct test_link *link)
{
    return (struct mico_wire){link, wire_send, wire_receive};
}

struct mico_client_self test_self(const char *id)
{
    struct mico_client_self self = {.key = PSA_KEY_ID_NULL};
    (void)snprintf(self.id, sizeof self.id, "%s", id);
    self.key = test_key(self.public_key);
    return self;
}

static mico_err check(void *ctx, struct mico_span chain, char subject[MICO_HAP_ID_MAX + 1], uint8_t key[32],
                      const char **why)
{
    if (chain.len != 17 + 32) {
        *why = "not the maker's";
        return MICO_ERR_AUTH;
    }
    memcpy(subject, chain.data, 17);
    subject[17] = '\0';
    memcpy(key, chain.data + 17, 32);
    return MICO_OK;
}

struct mico_client_trust test_trust(void)
{
    return (struct mico_client_trust){NULL, check, false};
}

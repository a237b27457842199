/* SPDX-License-Identifier: Apache-2.0 */
/* Output buffers that overlap the inputs, at every distance: the answer is the one that buffers apart give, as the
 * specification has it ("as if it had copied all the inputs"). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/psa/test_attributes.h"
#include "crypto/tests/rsa_test_key.h"

#define REACH 80
#define AT 1000 /* where the input lies in the arena; the output is up to REACH bytes before or behind */
static uint8_t arena[3000], input[512], apart[1024];
static psa_key_id_t key;

static void ok(psa_status_t status)
{
    assert_int_equal(status, PSA_SUCCESS);
}

typedef psa_status_t call(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len);

/* size: what the call needs of the output, and no more is given. */
static void is_the_same_at_every_distance(call *make, const uint8_t *in, size_t in_len, size_t size)
{
    size_t want_len, len;
    ok(make(in, in_len, apart, size, &want_len));
    for (int distance = -REACH; distance <= REACH; distance++) {
        uint8_t *out = arena + AT + distance;
        memcpy(arena + AT, in, in_len);
        psa_status_t status = make(arena + AT, in_len, out, size, &len);
        if (status != PSA_SUCCESS || len != want_len || memcmp(out, apart, len) != 0) {
            fail_msg("output %d bytes from %zu bytes of input: status %d, %zu bytes, as apart: %d", distance, in_len,
                     (int)status, len, len == want_len && memcmp(out, apart, len) == 0);
        }
    }
}

static void key_of(psa_key_type_t type, psa_algorithm_t alg, const uint8_t *data, size_t len)
{
    const psa_key_usage_t usage =
        PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_DERIVE;
    psa_key_attributes_t attributes = test_attributes(type, 0, usage, alg);
    ok(psa_import_key(&attributes, data, len, &key));
}

static void forget(void)
{
    ok(psa_destroy_key(key));
}

static psa_algorithm_t alg;

/* ---- hashes, MACs, ciphers ---- */

static psa_status_t hash(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_hash_compute(alg, in, in_len, out, size, len);
}

static psa_status_t mac(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_mac_compute(key, alg, in, in_len, out, size, len);
}

static void hashes_and_macs(void **state)
{
    alg = PSA_ALG_SHA_256;
    is_the_same_at_every_distance(hash, input, 100, 32);
    alg = PSA_ALG_HMAC(PSA_ALG_SHA_512);
    key_of(PSA_KEY_TYPE_HMAC, alg, input, 16);
    is_the_same_at_every_distance(mac, input, 100, 64);
    forget();
    alg = PSA_ALG_CMAC;
    key_of(PSA_KEY_TYPE_AES, alg, input, 16);
    is_the_same_at_every_distance(mac, input, 100, 16);
    forget();
}

/* The IV is drawn, so the answer is compared by what decrypts. */
static psa_status_t encrypt_and_back(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    uint8_t sealed[600];
    size_t sealed_len;
    psa_status_t status = psa_cipher_encrypt(key, alg, in, in_len, out, size, &sealed_len);
    if (status != PSA_SUCCESS) {
        return status;
    }
    memcpy(sealed, out, sealed_len);
    return psa_cipher_decrypt(key, alg, sealed, sealed_len, out, in_len, len);
}

static psa_status_t decrypt(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_cipher_decrypt(key, alg, in, in_len, out, size, len);
}

static size_t waiting; /* bytes that an operation has before the overlapping ones */
static bool encrypting;

static psa_status_t update(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    uint8_t before[16], rest[32];
    size_t none, last = 0;
    ok(encrypting ? psa_cipher_encrypt_setup(&operation, key, alg) : psa_cipher_decrypt_setup(&operation, key, alg));
    if (PSA_CIPHER_IV_LENGTH(PSA_KEY_TYPE_AES, alg) != 0) {
        ok(psa_cipher_set_iv(&operation, input, PSA_CIPHER_IV_LENGTH(PSA_KEY_TYPE_AES, alg)));
    }
    ok(psa_cipher_update(&operation, input, waiting, before, sizeof before, &none));
    psa_status_t status = psa_cipher_update(&operation, in, in_len, out, size, len);
    if (status == PSA_SUCCESS) { /* what was kept back must be right too: fill its block and look at it */
        ok(psa_cipher_update(&operation, input, 32 - (waiting + in_len) % 16, rest, sizeof rest, &last));
        ok(psa_cipher_abort(&operation));
        memmove(out + *len, rest, last);
        *len += last;
    }
    return status;
}

static void ciphers(void **state)
{
    static const psa_algorithm_t modes[] = {PSA_ALG_CTR,
                                            PSA_ALG_CFB,
                                            PSA_ALG_OFB,
                                            PSA_ALG_CCM_STAR_NO_TAG,
                                            PSA_ALG_ECB_NO_PADDING,
                                            PSA_ALG_CBC_NO_PADDING,
                                            PSA_ALG_CBC_PKCS7};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        alg = modes[i];
        key_of(PSA_KEY_TYPE_AES, alg, input, 16);
        for (size_t len = 0; len <= 96; len += alg == PSA_ALG_CBC_PKCS7 || i < 4 ? 7 : 16) {
            uint8_t sealed[200];
            size_t sealed_len;
            is_the_same_at_every_distance(encrypt_and_back, input, len,
                                          PSA_CIPHER_ENCRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_AES, alg, len));
            ok(psa_cipher_encrypt(key, alg, input, len, sealed, sizeof sealed, &sealed_len));
            is_the_same_at_every_distance(decrypt, sealed, sealed_len, len);
        }
        for (size_t len = 0; len <= 50; len++) {
            for (waiting = 0; waiting <= 15; waiting += 5) {
                encrypting = !encrypting;
                is_the_same_at_every_distance(update, input + 60, len,
                                              PSA_CIPHER_UPDATE_OUTPUT_SIZE(PSA_KEY_TYPE_AES, alg, len));
            }
        }
        forget();
    }
}

static void chacha20(void **state)
{
    uint8_t sealed[200];
    size_t sealed_len;
    alg = PSA_ALG_STREAM_CIPHER;
    key_of(PSA_KEY_TYPE_CHACHA20, alg, input, 32);
    is_the_same_at_every_distance(encrypt_and_back, input, 150, 162);
    ok(psa_cipher_encrypt(key, alg, input, 150, sealed, sizeof sealed, &sealed_len));
    is_the_same_at_every_distance(decrypt, sealed, sealed_len, 150);
    forget();
}

/* ---- authenticated encryption: the text overlaps, then the additional data and the nonce do ---- */

static psa_status_t seal(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_aead_encrypt(key, alg, input, 12, input, 20, in, in_len, out, size, len);
}

static psa_status_t seal_over_the_rest(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_aead_encrypt(key, alg, in, 12, in + 12, in_len - 12, input, 60, out, size, len);
}

static psa_status_t open(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_aead_decrypt(key, alg, input, 12, input, 20, in, in_len, out, size, len);
}

static uint8_t sealed[200];
static psa_status_t open_over_the_rest(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_aead_decrypt(key, alg, in, 12, in + 12, in_len - 12, sealed, 76, out, size, len);
}

/* Nonce, additional data and text one after the other, and the output anywhere over them. */
static psa_status_t seal_over_all(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_aead_encrypt(key, alg, in, 12, in + 12, 30, in + 42, in_len - 42, out, size, len);
}

static psa_status_t update_aead(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    ok(psa_aead_encrypt_setup(&operation, key, alg));
    ok(psa_aead_set_lengths(&operation, 0, 200));
    ok(psa_aead_set_nonce(&operation, input, 12));
    psa_status_t status = psa_aead_update(&operation, in, in_len, out, size, len);
    ok(psa_aead_abort(&operation));
    return status;
}

static void aeads(void **state)
{
    static const struct {
        psa_key_type_t type;
        psa_algorithm_t alg;
        size_t len;
    } kinds[] = {{PSA_KEY_TYPE_AES, PSA_ALG_GCM, 16},
                 {PSA_KEY_TYPE_AES, PSA_ALG_CCM, 16},
                 {PSA_KEY_TYPE_CHACHA20, PSA_ALG_CHACHA20_POLY1305, 32}};
    for (size_t i = 0; i < 3; i++) {
        size_t sealed_len;
        alg = kinds[i].alg;
        key_of(kinds[i].type, alg, input, kinds[i].len);
        for (size_t len = 0; len <= 100; len += 20) {
            is_the_same_at_every_distance(seal, input + 50, len, len + 16);
            ok(seal(input + 50, len, sealed, sizeof sealed, &sealed_len));
            is_the_same_at_every_distance(open, sealed, sealed_len, len);
            is_the_same_at_every_distance(update_aead, input + 50, len, len);
        }
        is_the_same_at_every_distance(seal_over_the_rest, input + 50, 70, 76);
        is_the_same_at_every_distance(seal_over_all, input + 50, 110, 84);
        ok(seal_over_the_rest(input + 50, 70, sealed, sizeof sealed, &sealed_len));
        is_the_same_at_every_distance(open_over_the_rest, input + 50, 70, 60);
        forget();
    }
}

/* ---- signatures, encryption, agreement ---- */

static psa_status_t sign_message(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_sign_message(key, alg, in, in_len, out, size, len);
}

static psa_status_t sign_hash(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_sign_hash(key, alg, in, in_len, out, size, len);
}

static void signatures_that_are_always_the_same(void **state)
{
    alg = PSA_ALG_PURE_EDDSA;
    key_of(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), alg, input, 32);
    is_the_same_at_every_distance(sign_message, input, 100, 64);
    forget();
    alg = PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256);
    key_of(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), alg, input, 32);
    is_the_same_at_every_distance(sign_hash, input, 32, 64);
    forget();
    alg = PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256);
    key_of(PSA_KEY_TYPE_RSA_KEY_PAIR, alg, rsa_test_key, sizeof rsa_test_key);
    is_the_same_at_every_distance(sign_hash, input, 32, 256);
    forget();
}

static psa_status_t decrypt_rsa(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_asymmetric_decrypt(key, alg, in, in_len, input, 9, out, size, len);
}

static void encryption_with_a_pair(void **state)
{
    static uint8_t text[256];
    size_t text_len;
    alg = PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256);
    key_of(PSA_KEY_TYPE_RSA_KEY_PAIR, alg, rsa_test_key, sizeof rsa_test_key);
    ok(psa_asymmetric_encrypt(key, alg, input, 50, input, 9, text, sizeof text, &text_len));
    is_the_same_at_every_distance(decrypt_rsa, text, text_len, 50);
    forget();
}

static psa_status_t agree(const uint8_t *in, size_t in_len, uint8_t *out, size_t size, size_t *len)
{
    return psa_raw_key_agreement(alg, key, in, in_len, out, size, len);
}

static void agreement(void **state)
{
    static const struct {
        psa_key_type_t type;
        size_t private_size, secret;
    } kinds[] = {{PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY), 32, 32},
                 {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 32, 32},
                 {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 48, 48}};
    alg = PSA_ALG_ECDH;
    for (size_t i = 0; i < 3; i++) {
        uint8_t peer[97];
        size_t peer_len;
        key_of(kinds[i].type, alg, input, kinds[i].private_size);
        ok(psa_export_public_key(key, peer, sizeof peer, &peer_len));
        is_the_same_at_every_distance(agree, peer, peer_len, kinds[i].secret);
        forget();
    }
}

static void agreement_in_a_finite_field(void **state)
{
    static uint8_t private_key[256], peer[256];
    size_t peer_len;
    alg = PSA_ALG_FFDH;
    private_key[255] = 77;
    key_of(PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919), alg, private_key, sizeof private_key);
    ok(psa_export_public_key(key, peer, sizeof peer, &peer_len));
    is_the_same_at_every_distance(agree, peer, peer_len, 256); /* ffdhe2048: its exponentiation works in one place */
    forget();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_and_macs),
        cmocka_unit_test(ciphers),
        cmocka_unit_test(chacha20),
        cmocka_unit_test(aeads),
        cmocka_unit_test(signatures_that_are_always_the_same),
        cmocka_unit_test(encryption_with_a_pair),
        cmocka_unit_test(agreement),
        cmocka_unit_test(agreement_in_a_finite_field),
    };
    ok(psa_crypto_init());
    for (size_t i = 0; i < sizeof input; i++) {
        input[i] = (uint8_t)(i * 7 + 1);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

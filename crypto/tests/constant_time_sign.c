/* SPDX-License-Identifier: Apache-2.0 */
/* PSA: signatures and decryption by secret keys. */
#include <string.h>

#include "crypto/primitives/dsa.h"
#include "crypto/primitives/rsa_der.h"
#include "crypto/psa/psa_dsa_domain.h"
#include "crypto/tests/constant_time.h"
#include "crypto/tests/constant_time_keys_of.h"

static uint8_t digest[64], signature[256];

static void sign(psa_key_id_t key, psa_algorithm_t alg, bool message)
{
    size_t len, hash_len = PSA_HASH_LENGTH(PSA_ALG_GET_HASH(alg));
    if (message) {
        ct_expect(psa_sign_message(key, alg, digest, sizeof digest, signature, sizeof signature, &len), PSA_SUCCESS);
    }
    if (hash_len != 0) {
        ct_expect(psa_sign_hash(key, alg, digest, hash_len, signature, sizeof signature, &len), PSA_SUCCESS);
    }
}

static void sign_by(psa_key_type_t type, psa_algorithm_t alg, size_t len)
{
    psa_key_id_t key = ct_secret_key(type, alg, len);
    sign(key, alg, true);
    ct_destroy(key);
}

static void sign_interruptibly(void)
{
    psa_algorithm_t alg = PSA_ALG_ECDSA(PSA_ALG_SHA_256);
    psa_key_id_t key = ct_secret_key(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), alg, 32);
    psa_sign_hash_interruptible_operation_t op = psa_sign_hash_interruptible_operation_init();
    psa_status_t status;
    size_t len;
    ct_expect(psa_sign_hash_start(&op, key, alg, digest, 32), PSA_SUCCESS);
    do {
        status = psa_sign_hash_complete(&op, signature, sizeof signature, &len);
        open_up(&status, sizeof status);
    } while (status == PSA_OPERATION_INCOMPLETE);
    ct_expect(status, PSA_SUCCESS);
    ct_destroy(key);
}

void ct_psa_sign(void)
{
    const psa_key_type_t edwards = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS),
                         nist = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
    sign_by(edwards, PSA_ALG_PURE_EDDSA, 32);
    sign_by(edwards, PSA_ALG_ED25519PH, 32);
    sign_by(nist, PSA_ALG_ECDSA(PSA_ALG_SHA_256), 32);
    sign_by(nist, PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256), 32);
    sign_by(nist, PSA_ALG_ECDSA(PSA_ALG_SHA_384), 48);
    sign_by(nist, PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_384), 48);
    sign_interruptibly();
}

static psa_key_id_t rsa_key(psa_algorithm_t alg)
{
    static uint8_t der[CT_RSA_DER_MAX];
    ct_open_entropy(); /* see constant_time_numbers.c */
    size_t len = ct_rsa_der(der);
    return ct_import(PSA_KEY_TYPE_RSA_KEY_PAIR, alg, der, len);
}

void ct_psa_sign_rsa(void)
{
    static const psa_algorithm_t algs[] = {PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256),
                                           PSA_ALG_RSA_PSS(PSA_ALG_SHA_256)};
    for (size_t i = 0; i < 2; i++) {
        psa_key_id_t key = rsa_key(algs[i]);
        sign(key, algs[i], false);
        ct_destroy(key);
    }
}

/* The pair's secret number, in the DER that is imported. */
void ct_psa_sign_dsa(void)
{
    static uint8_t der[2 * sizeof dsa_domain], out[2 * sizeof dsa_domain];
    struct mico_dsa_public pair;
    uint8_t y[256], x[32] = {0x11, 1};
    size_t len, der_len;
    ct_must(mico_dsa_read_domain(MICO_SPAN(dsa_domain), &pair.domain));
    ct_must(mico_dsa_public(&pair.domain, x, y));
    pair.y = (struct mico_span)MICO_SPAN(y);
    ct_must(mico_dsa_write_private(&pair, (struct mico_span)MICO_SPAN(x), der, sizeof der, &der_len));
    secret_as_is(der + der_len - sizeof x + 1, sizeof x - 1); /* but for the first byte: how long it is shows */
    static const psa_algorithm_t algs[] = {PSA_ALG_DSA(PSA_ALG_SHA_256), PSA_ALG_DETERMINISTIC_DSA(PSA_ALG_SHA_256)};
    for (size_t i = 0; i < 2; i++) {
        psa_key_id_t key = ct_import(PSA_KEY_TYPE_DSA_KEY_PAIR, algs[i], der, der_len);
        sign(key, algs[i], false);
        ct_expect(psa_export_key(key, out, sizeof out, &len), PSA_SUCCESS);
        ct_expect(psa_export_public_key(key, out, sizeof out, &len), PSA_SUCCESS);
        ct_destroy(key);
    }
}

/* A right padding and a wrong one. Which of the two it is, is public; where it is wrong, and where the text begins, is not. */
static void decrypt(psa_algorithm_t alg)
{
    static uint8_t sealed[256], text[20], out[256];
    psa_key_id_t key = rsa_key(alg);
    size_t len;
    ct_expect(
        psa_asymmetric_encrypt(key, alg, secret(text, sizeof text), sizeof text, NULL, 0, sealed, sizeof sealed, &len),
        PSA_SUCCESS);
    open_up(sealed, sizeof sealed);
    ct_expect(psa_asymmetric_decrypt(key, alg, sealed, sizeof sealed, NULL, 0, out, sizeof out, &len), PSA_SUCCESS);
    memset(sealed, 0x11, sizeof sealed);
    ct_expect(psa_asymmetric_decrypt(key, alg, sealed, sizeof sealed, NULL, 0, out, sizeof out, &len),
              PSA_ERROR_INVALID_PADDING);
    ct_destroy(key);
}

void ct_psa_decrypt(void)
{
    decrypt(PSA_ALG_RSA_PKCS1V15_CRYPT);
    decrypt(PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256));
}

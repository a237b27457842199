/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers of what TLS computes by functions of wolfSSL's that PSA does not call: its key schedules, the CCM of its records, and
 * peers' signatures with RSA, for which it has wolfSSL's generic numbers (crypto/user_settings.h), which want its heap. The rest of its
 * cryptography is PSA's: GCM is PSA's in one call. The functions are named weakly: a program without TLS has none of them,
 * and gets none by this. */
#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/kdf.h>
#include <wolfssl/wolfcrypt/rsa.h>

#include "crypto/selftest/known.h"
#include "crypto/selftest/known_prf.h"
#include "crypto/selftest/known_rsa.h"
#include "crypto/tls/tls_answer.h"

#pragma weak wc_PRF_TLS
#pragma weak wc_Tls13_HKDF_Extract_ex
#pragma weak wc_Tls13_HKDF_Expand_Label
#pragma weak wc_InitRsaKey_ex
#pragma weak wc_RsaPublicKeyDecodeRaw
#pragma weak wc_RsaSSL_VerifyInline
#pragma weak wc_RsaPSS_VerifyCheckInline
#pragma weak wc_FreeRsaKey
#pragma weak tls_start_library
#pragma weak tls_ccm_answer

const struct known known_tls[] = {
    {.name = "TLS 1.2 key schedule",
     .run = known_tls12,
     .key = PRF_KEY,
     .iv = PRF_SEED,
     .more = PRF_LABEL,
     .want = PRF_ANSWER},
    /* RFC 8448 section 3: the early secret without a pre-shared key, and what the handshake's is derived of: Derive-Secret(., "derived",
     * "") of RFC 8446 section 7.1 */
    {.name = "TLS 1.3 key schedule",
     .run = known_tls13,
     .key = "0000000000000000000000000000000000000000000000000000000000000000",
     .in = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
     .more = "64657269766564",
     .want = "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a6f2615a108c702c5678f54fc9dbab697"
             "16c076189c48250cebeac3576c3611ba"},
    /* SP 800-38C, example 2 */
    {.name = "AES-CCM of records",
     .run = known_tls_ccm,
     .key = "404142434445464748494a4b4c4d4e4f",
     .in = "202122232425262728292a2b2c2d2e2f",
     .iv = "1011121314151617",
     .more = "000102030405060708090a0b0c0d0e0f",
     .want = "d2a1f0e051ea5f62081a7792073d593d1fc64fbfaccd"},
    {.name = "RSA PKCS #1 v1.5 of peers",
     .run = known_tls_rsa,
     .alg = PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256),
     .key = RSA_KEY,
     .in = RSA_HASH,
     .iv = RSA_SIGNATURE,
     .more = RSA_PREFIX},
    {.name = "RSA-PSS of peers",
     .run = known_tls_rsa,
     .alg = PSA_ALG_RSA_PSS(PSA_ALG_SHA_256),
     .key = RSA_KEY,
     .in = RSA_HASH,
     .iv = RSA_PSS_SIGNATURE},
};
const size_t known_tls_count = sizeof known_tls / sizeof known_tls[0];

/* A program whose TLS has no RSA has not all of these. */
static bool rsa_is_linked(void)
{
    return tls_start_library != NULL && wc_InitRsaKey_ex != NULL && wc_RsaPublicKeyDecodeRaw != NULL &&
           wc_RsaSSL_VerifyInline != NULL && wc_RsaPSS_VerifyCheckInline != NULL && wc_FreeRsaKey != NULL;
}

bool known_is_linked(const struct known *row)
{
    return row->run == known_tls12     ? wc_PRF_TLS != NULL
           : row->run == known_tls13   ? wc_Tls13_HKDF_Extract_ex != NULL && wc_Tls13_HKDF_Expand_Label != NULL
           : row->run == known_tls_rsa ? rsa_is_linked()
                                       : tls_ccm_answer != NULL;
}

static psa_status_t status_of(bool good)
{
    return good ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED;
}

psa_status_t known_tls12(const struct given *given, struct answer *answer)
{
    return status_of(wc_PRF_TLS(answer->bytes, (word32)answer->len, given->key.data, (word32)given->key.len,
                                given->more.data, (word32)given->more.len, given->iv.data, (word32)given->iv.len, 1,
                                sha256_mac, NULL, INVALID_DEVID) == 0);
}

psa_status_t known_tls13(const struct given *given, struct answer *answer)
{
    uint8_t ikm[WC_SHA256_DIGEST_SIZE], *early = answer->bytes, *derived = early + WC_SHA256_DIGEST_SIZE;
    if (given->key.len != sizeof ikm) {
        return PSA_ERROR_CORRUPTION_DETECTED;
    }
    memcpy(ikm, given->key.data, sizeof ikm);
    answer->len = 2 * WC_SHA256_DIGEST_SIZE;
    return status_of(wc_Tls13_HKDF_Extract_ex(early, NULL, 0, ikm, sizeof ikm, WC_SHA256, NULL, INVALID_DEVID) == 0 &&
                     wc_Tls13_HKDF_Expand_Label(derived, WC_SHA256_DIGEST_SIZE, early, WC_SHA256_DIGEST_SIZE,
                                                (const uint8_t *)"tls13 ", 6, given->more.data, (word32)given->more.len,
                                                given->in.data, (word32)given->in.len, WC_SHA256) == 0);
}

psa_status_t known_tls_ccm(const struct given *given, struct answer *answer)
{
    const struct tls_ccm with = {given->key, given->iv, given->more, given->in, .tag_len = 6};
    answer->len = given->in.len + with.tag_len;
    return status_of(tls_ccm_answer(&with, answer->bytes) == MICO_OK);
}

static bool verifies(const struct given *given, RsaKey *key, const uint8_t *hash)
{
    uint8_t signature[KNOWN_IV_MAX], *found = NULL;
    const word32 len = (word32)given->iv.len, hash_len = (word32)given->in.len, prefix = (word32)given->more.len;
    memcpy(signature, given->iv.data, len);
    if (PSA_ALG_IS_RSA_PSS(given->alg)) {
        return wc_RsaPSS_VerifyCheckInline(signature, len, &found, hash, hash_len, WC_HASH_TYPE_SHA256, WC_MGF1SHA256,
                                           key) > 0;
    }
    return wc_RsaSSL_VerifyInline(signature, len, &found, key) == (int)(prefix + hash_len) &&
           memcmp(found, given->more.data, prefix) == 0 && memcmp(found + prefix, hash, hash_len) == 0;
}

/* Where RSA_KEY, whose DER is not read here, has its modulus: a program may have TLS's RSA and not PSA's. */
#define MODULUS_AT 12
#define MODULUS_SIZE 256

/* The signature verifies, and for another hash it does not. */
psa_status_t known_tls_rsa(const struct given *given, struct answer *answer)
{
    static const uint8_t exponent[] = {1, 0, 1};
    RsaKey key;
    uint8_t other[WC_SHA256_DIGEST_SIZE];
    answer->len = 0;
    if (given->key.len < MODULUS_AT + MODULUS_SIZE || given->in.len != sizeof other || tls_start_library() != MICO_OK ||
        wc_InitRsaKey_ex(&key, NULL, INVALID_DEVID) != 0) {
        return PSA_ERROR_CORRUPTION_DETECTED;
    }
    memcpy(other, given->in.data, sizeof other);
    other[0] ^= 1;
    bool good =
        wc_RsaPublicKeyDecodeRaw(given->key.data + MODULUS_AT, MODULUS_SIZE, exponent, sizeof exponent, &key) == 0 &&
        verifies(given, &key, given->in.data) && !verifies(given, &key, other);
    wc_FreeRsaKey(&key);
    return status_of(good);
}

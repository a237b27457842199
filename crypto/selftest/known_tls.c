/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers of what TLS computes by functions of wolfSSL's that PSA does not call: its key schedules and the CCM of its records. The
 * rest of its cryptography is PSA's: GCM is PSA's in one call. The functions are named weakly: a program without TLS has none of them,
 * and gets none by this. */
#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/kdf.h>

#include "crypto/selftest/known.h"

#pragma weak wc_PRF_TLS
#pragma weak wc_Tls13_HKDF_Extract_ex
#pragma weak wc_Tls13_HKDF_Expand_Label
#pragma weak wc_AesCcmSetKey
#pragma weak wc_AesCcmEncrypt
#pragma weak wc_AesCcmDecrypt

const struct known known_tls[] = {
    /* RFC 5246 section 5: the vector of the TLS working group, of 2009 */
    {.name = "TLS 1.2 key schedule",
     .run = known_tls12,
     .key = "9bbe436ba940f017b17652849a71db35",
     .iv = "a0ba9f936cda311827a6f796ffd5198c",
     .more = "74657374206c6162656c",
     .want = "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af"
             "0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
             "87347b66"},
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
};
const size_t known_tls_count = sizeof known_tls / sizeof known_tls[0];

bool known_is_linked(const struct known *row)
{
    return row->run == known_tls12   ? wc_PRF_TLS != NULL
           : row->run == known_tls13 ? wc_Tls13_HKDF_Extract_ex != NULL && wc_Tls13_HKDF_Expand_Label != NULL
                                     : wc_AesCcmSetKey != NULL && wc_AesCcmEncrypt != NULL && wc_AesCcmDecrypt != NULL;
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
    Aes aes;
    uint8_t back[KNOWN_IN_MAX], *tag = answer->bytes + given->in.len;
    const word32 len = (word32)given->in.len, tag_len = 6;
    bool good = wc_AesInit(&aes, NULL, INVALID_DEVID) == 0 &&
                wc_AesCcmSetKey(&aes, given->key.data, (word32)given->key.len) == 0 &&
                wc_AesCcmEncrypt(&aes, answer->bytes, given->in.data, len, given->iv.data, (word32)given->iv.len, tag,
                                 tag_len, given->more.data, (word32)given->more.len) == 0 &&
                wc_AesCcmDecrypt(&aes, back, answer->bytes, len, given->iv.data, (word32)given->iv.len, tag, tag_len,
                                 given->more.data, (word32)given->more.len) == 0 &&
                memcmp(back, given->in.data, len) == 0;
    wc_AesFree(&aes);
    mico_wipe(&aes, sizeof aes);
    answer->len = len + tag_len;
    return status_of(good);
}

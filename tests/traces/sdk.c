/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's cryptography and its reading of private keys in PEM. */
#include <string.h>

#include "os/sdk/pem.h"
#include "os/sdk/security/wolfcrypt.h"
#include "tests/traces/cases.h"

#define TEXT 48

static uint8_t text[TEXT], sealed[TEXT + AES_BLOCK_SIZE], back[TEXT + AES_BLOCK_SIZE];

static void must_be(bool good)
{
    ct_must(good ? MICO_OK : MICO_ERR_STATE);
}

static void aes_cbc(const uint8_t key[32])
{
    Aes aes;
    must_be(AesSetKey(&aes, key, 32, NULL, AES_ENCRYPTION) == 0 && AesSetIV(&aes, text) == 0);
    must_be(AesCbcEncryptPkcs5Padding(&aes, sealed, text, TEXT - 1) == TEXT);
    must_be(AesSetKey(&aes, key, 32, text, AES_DECRYPTION) == 0);
    must_be(AesCbcDecryptPkcs5Padding(&aes, back, sealed, TEXT) == TEXT - 1);
}

/* A padding of a whole block, of which one byte is wrong, at another place in each run. */
static void aes_wrong_padding(const uint8_t key[32])
{
    Aes aes;
    uint8_t padded[TEXT];
    memcpy(padded, text, TEXT);
    memset(padded + TEXT - AES_BLOCK_SIZE, AES_BLOCK_SIZE, AES_BLOCK_SIZE);
    spoil(padded + TEXT - AES_BLOCK_SIZE, AES_BLOCK_SIZE);
    must_be(AesSetKey(&aes, key, 32, NULL, AES_ENCRYPTION) == 0 && AesCbcEncrypt(&aes, sealed, padded, TEXT) == 0);
    must_be(AesSetKey(&aes, key, 32, NULL, AES_DECRYPTION) == 0);
    must_be(AesCbcDecryptPkcs5Padding(&aes, back, sealed, TEXT) == 0);
}

static void aes_blocks(const uint8_t key[32])
{
    Aes aes;
    must_be(AesSetKeyDirect(&aes, key, 16, NULL, AES_ENCRYPTION) == 0);
    AesEncryptDirect(&aes, sealed, text);
    must_be(AesSetKeyDirect(&aes, key, 16, NULL, AES_DECRYPTION) == 0);
    AesDecryptDirect(&aes, back, sealed);
}

static void hmacs(const uint8_t key[32])
{
    Hmac mac;
    HMACContext context;
    uint8_t digest[64], derived[40];
    must_be(HmacSetKey(&mac, SHA256, key, 32) == 0 && HmacUpdate(&mac, text, TEXT) == 0 &&
            HmacFinal(&mac, digest) == 0);
    must_be(hmacReset(&context, SHA512, key, 32) == shaSuccess && hmacInput(&context, text, TEXT) == shaSuccess &&
            hmacResult(&context, digest) == shaSuccess);
    must_be(hkdf(SHA256, NULL, 0, key, 32, text, 8, derived, sizeof derived) == shaSuccess);
}

static void hashes(void)
{
    Sha256 sha256;
    Sha512 sha512;
    USHAContext context;
    uint8_t digest[64];
    must_be(InitSha256(&sha256) == 0 && Sha256Update(&sha256, text, TEXT) == 0 && Sha256Final(&sha256, digest) == 0);
    must_be(InitSha512(&sha512) == 0 && Sha512Update(&sha512, text, TEXT) == 0 && Sha512Final(&sha512, digest) == 0);
    must_be(USHAReset(&context, SHA384) == shaSuccess && USHAInput(&context, text, TEXT) == shaSuccess &&
            USHAResult(&context, digest) == shaSuccess);
}

static void curves(const uint8_t key[32])
{
    static const uint8_t base[32] = {9};
    uint8_t public_key[32], pair[64], message[64 + TEXT], shared[32];
    unsigned long long len;
    curve25519_donna(public_key, key, base);
    curve25519_donna(shared, key, public_key);
    must_be(crypto_sign_ed25519_seed_keypair(public_key, pair, key) == 0);
    must_be(crypto_sign_ed25519(message, &len, text, TEXT, pair) == 0);
    must_be(crypto_sign_ed25519_keypair(public_key, pair) == 0);
}

void sdk_security(void)
{
    uint8_t key[32];
    secret(key, sizeof key);
    secret(text, sizeof text);
    aes_cbc(key);
    aes_wrong_padding(key);
    aes_blocks(key);
    hmacs(key);
    hashes();
    curves(key);
}

/* The test's own, which looks digits up: 48 bytes are 64 digits. */
__attribute__((noinline)) void sdk_write_digits(const uint8_t *bytes, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < TEXT; i += 3) {
        uint32_t three = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
        for (size_t j = 0; j < 4; j++) {
            *out++ = digits[three >> (18 - 6 * j) & 63];
        }
    }
}

void sdk_pem(void)
{
    static char pem[] = "-----BEGIN PRIVATE KEY-----\n"
                        "0000000000000000000000000000000000000000000000000000000000000000\n"
                        "-----END PRIVATE KEY-----\n";
    const char *at = pem;
    size_t len;
    secret(text, sizeof text);
    sdk_write_digits(text, strchr(pem, '\n') + 1);
    ct_must(sdk_pem_next(&at, "PRIVATE KEY", back, sizeof back, &len));
    must_be(len == TEXT && mico_ct_equal(back, text, TEXT));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Cryptography by the names of SDK v3: hashes, HMAC, HKDF, AES, an exchange of keys, a signature. */
#include "mico.h"
#include "StringUtils.h"

#define crypto_log(...) custom_log("CRYPTO", __VA_ARGS__)

static void show(const char *what, const uint8_t *bytes, size_t len)
{
    char *hex = DataToHexString(bytes, len);
    crypto_log("%s %s", what, hex);
    free(hex);
}

static void hashes(void)
{
    md5_context md5;
    SHA256Context sha;
    uint8_t digest[USHAMaxHashSize];
    InitMd5(&md5);
    Md5Update(&md5, (unsigned char *)"abc", 3);
    Md5Final(&md5, digest);
    show("MD5", digest, 16);
    SHA256Reset(&sha);
    SHA256Input(&sha, (const uint8_t *)"abc", 3);
    SHA256Result(&sha, digest);
    show("SHA-256", digest, SHA256HashSize);
    hmac(SHA1, (const uint8_t *)"what do ya want for nothing?", 28, (const uint8_t *)"Jefe", 4, digest);
    show("HMAC-SHA-1", digest, SHA1HashSize);
    hkdf(SHA256, NULL, 0, (const uint8_t *)"secret", 6, (const uint8_t *)"info", 4, digest, 16);
    show("HKDF", digest, 16);
}

static void cipher(void)
{
    static Aes aes;
    const uint8_t key[16] = "0123456789abcdef";
    uint8_t sealed[32], opened[32];
    AesSetKey(&aes, key, sizeof key, NULL, AES_ENCRYPTION);
    word32 len = AesCbcEncryptPkcs5Padding(&aes, sealed, (const uint8_t *)"attack at dawn", 14);
    show("AES-CBC", sealed, len);
    AesSetKey(&aes, key, sizeof key, NULL, AES_DECRYPTION);
    len = AesCbcDecryptPkcs5Padding(&aes, opened, sealed, len);
    crypto_log("opened: %.*s", (int)len, (char *)opened);
    sealed[15] ^= 1;
    AesSetKey(&aes, key, sizeof key, NULL, AES_DECRYPTION);
    crypto_log("spoilt: %u", AesCbcDecryptPkcs5Padding(&aes, opened, sealed, 16));
}

static OSStatus exchange(void)
{
    static const uint8_t base[32] = {9};
    uint8_t mine[32], yours[32], public_mine[32], public_yours[32], a[32], b[32];
    OSStatus err = MicoRandomNumberRead(mine, sizeof mine);
    require_noerr(err, exit);
    err = MicoRandomNumberRead(yours, sizeof yours);
    require_noerr(err, exit);
    curve25519_donna(public_mine, mine, base);
    curve25519_donna(public_yours, yours, base);
    curve25519_donna(a, mine, public_yours);
    curve25519_donna(b, yours, public_mine);
    crypto_log("the secrets are alike: %s", YesOrNo(memcmp(a, b, sizeof a) == 0));

exit:
    return err;
}

static void signature(void)
{
    uint8_t public_key[32], secret_key[64], signed_text[64 + 5], text[5];
    crypto_sign_ed25519_keypair(public_key, secret_key);
    crypto_sign_ed25519(signed_text, NULL, (const uint8_t *)"hello", 5, secret_key);
    crypto_log("signed: %d", crypto_sign_ed25519_open(text, NULL, signed_text, sizeof signed_text, public_key));
    signed_text[68] = '!';
    crypto_log("forged: %d", crypto_sign_ed25519_open(text, NULL, signed_text, sizeof signed_text, public_key));
}

int application_start(void)
{
    hashes();
    cipher();
    OSStatus err = exchange();
    signature();
    return err;
}

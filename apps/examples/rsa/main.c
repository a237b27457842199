/* SPDX-License-Identifier: Apache-2.0 */
/* RSA by wolfCrypt's classic names: a key from DER, a signature as OpenSSL makes it, a forged one, a secret for the key's owner. */
#include "mico.h"
#include "StringUtils.h"
#include "key.h"

#define rsa_log(...) custom_log("RSA", __VA_ARGS__)

static const byte text[] = "a text that is signed";
static RsaKey owner, others; /* the public half is what others have */
static CyaSSL_RNG rng;

static OSStatus read_keys(void)
{
    word32 at = 0;
    OSStatus err = InitRng(&rng);
    require_noerr(err, exit);
    err = InitRsaKey(&owner, NULL);
    require_noerr(err, exit);
    err = InitRsaKey(&others, NULL);
    require_noerr(err, exit);
    err = RsaPrivateKeyDecode(private_der, &at, &owner, sizeof private_der);
    require_noerr(err, exit);
    at = 0;
    err = RsaPublicKeyDecode(public_der, &at, &others, sizeof public_der);
    require_noerr(err, exit);
    rsa_log("%d bits", RsaEncryptSize(&others) * 8);

exit:
    return err;
}

static void sign(void)
{
    static byte signature[256], recovered[256];
    int len = RsaSSL_Sign(text, sizeof text - 1, signature, sizeof signature, &owner, &rng);
    char *hex = DataToHexString(signature, 16);
    rsa_log("a signature of %d bytes: %s...", len, hex);
    free(hex);
    len = RsaSSL_Verify(signature, sizeof signature, recovered, sizeof recovered, &others);
    rsa_log("it says: %.*s", len, (char *)recovered);
    signature[100] ^= 1;
    rsa_log("forged: %d", RsaSSL_Verify(signature, sizeof signature, recovered, sizeof recovered, &others));
}

static void encrypt(void)
{
    static byte sealed[256], opened[256];
    int len = RsaPublicEncrypt((const byte *)"a secret", 8, sealed, sizeof sealed, &others, &rng);
    rsa_log("sealed in %d bytes", len);
    len = RsaPrivateDecrypt(sealed, sizeof sealed, opened, sizeof opened, &owner);
    rsa_log("opened: %.*s", len, (char *)opened);
    sealed[0] ^= 1;
    rsa_log("spoilt: %s",
            RsaPrivateDecrypt(sealed, sizeof sealed, opened, sizeof opened, &owner) < 0 ? "refused" : "opened");
}

int application_start(void)
{
    OSStatus err = read_keys();
    require_noerr(err, exit);
    sign();
    encrypt();
    FreeRsaKey(&owner);

exit:
    return err;
}

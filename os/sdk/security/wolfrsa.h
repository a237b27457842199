/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: wolfCrypt's classic RSA: keys of 2048, 3072 and 4096 bits (1024 for verification), PKCS #1 version 1.5. New
 * code signs with Ed25519 or P-256 through PSA.
 *
 * Computed one after another in a thread of its own, whose stack of 80 KiB is there when a program uses these calls, so the
 * caller's stack need not be large. None of these calls is allowed in interrupts (kGeneralErr). */
#ifndef OS_SDK_SECURITY_WOLFRSA_H
#define OS_SDK_SECURITY_WOLFRSA_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned char byte;
typedef unsigned int word32;

#define RSA_KEY_DER_MAX 2400 /* bytes; a private key of 4096 bits has about 2375 */

enum {
    RSA_PUBLIC = 0,
    RSA_PRIVATE = 1,
};

typedef struct RsaKey {
    word32 len; /* of der; 0: no key */
    byte type;
    byte der[RSA_KEY_DER_MAX];
} RsaKey;

typedef struct CyaSSL_RNG {
    byte unused; /* numbers come from the system's generator */
} CyaSSL_RNG;

/** 0; kParamErr. */
int InitRsaKey(RsaKey *key, void *heap);
int FreeRsaKey(RsaKey *key); /* wipes it */
int InitRng(CyaSSL_RNG *rng);
/** The key that stands in DER at input + *inOutIdx: RSAPrivateKey or RSAPublicKey (RFC 8017 appendix A.1), the latter also in
 * a SubjectPublicKeyInfo. It goes to the end of input, and *inOutIdx there. 0; kParamErr; kFormatErr: not a good key. */
int RsaPrivateKeyDecode(const byte *input, word32 *inOutIdx, RsaKey *key, word32 length);
int RsaPublicKeyDecode(const byte *input, word32 *inOutIdx, RsaKey *key, word32 length);
/** Bytes of the modulus; kParamErr. */
int RsaEncryptSize(RsaKey *key);
/** The length of what was written, that of the modulus; kParamErr, kSizeErr (out, or in too long), kGeneralErr. */
int RsaPublicEncrypt(const byte *in, word32 inLen, byte *out, word32 outLen, RsaKey *key, CyaSSL_RNG *rng);
/** The length of the text; kAuthenticationErr for whatever is wrong with in, found in constant time: who asks must not tell
 * its peer. kParamErr, kSizeErr, kGeneralErr. */
int RsaPrivateDecrypt(const byte *in, word32 inLen, byte *out, word32 outLen, RsaKey *key);
/** Sign in as it is: today a DigestInfo. The length of the modulus; errors as of RsaPublicEncrypt. */
int RsaSSL_Sign(const byte *in, word32 inLen, byte *out, word32 outLen, RsaKey *key, CyaSSL_RNG *rng);
/** What was signed, into out; its length; kSignatureErr. The rest as above. */
int RsaSSL_Verify(const byte *in, word32 inLen, byte *out, word32 outLen, RsaKey *key);

#define wc_InitRsaKey(key, heap) InitRsaKey(key, heap)
#define wc_FreeRsaKey(key) FreeRsaKey(key)
#define wc_InitRng(rng) InitRng(rng)
#define wc_RsaPrivateKeyDecode(input, at, key, len) RsaPrivateKeyDecode(input, at, key, len)
#define wc_RsaPublicKeyDecode(input, at, key, len) RsaPublicKeyDecode(input, at, key, len)
#define wc_RsaEncryptSize(key) RsaEncryptSize(key)
#define wc_RsaPublicEncrypt(in, in_len, out, cap, key, rng) RsaPublicEncrypt(in, in_len, out, cap, key, rng)
#define wc_RsaPrivateDecrypt(in, in_len, out, cap, key) RsaPrivateDecrypt(in, in_len, out, cap, key)
#define wc_RsaSSL_Sign(in, in_len, out, cap, key, rng) RsaSSL_Sign(in, in_len, out, cap, key, rng)
#define wc_RsaSSL_Verify(in, in_len, out, cap, key) RsaSSL_Verify(in, in_len, out, cap, key)

#ifdef __cplusplus
}
#endif

#endif

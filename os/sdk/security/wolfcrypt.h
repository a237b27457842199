/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: wolfCrypt's classic names, over crypto/primitives. None of these calls is allowed in interrupts. A final call
 * begins its hash anew. Calls that return void do nothing with bad parameters. RC4 and Rabbit are not offered: nothing
 * secure uses them (RFC 7465). MD5, SHA-1 and DES are for old protocols alone. */
#ifndef OS_SDK_SECURITY_WOLFCRYPT_H
#define OS_SDK_SECURITY_WOLFCRYPT_H

#include "crypto/primitives/block.h"
#include "os/sdk/security/sha.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned char byte;
typedef unsigned int word32;
typedef unsigned short word16;
typedef unsigned long long word64;

enum {
    MD5 = 0, /* for HmacSetKey, as are SHA and, of RFC 6234's, SHA256, SHA384, SHA512 */
    SHA = 1,
    MD5_BLOCK_SIZE = 64,
    MD5_DIGEST_SIZE = 16,
    SHA_BLOCK_SIZE = 64,
    SHA_DIGEST_SIZE = 20,
    SHA256_BLOCK_SIZE = 64,
    SHA256_DIGEST_SIZE = 32,
    SHA512_BLOCK_SIZE = 128,
    SHA512_DIGEST_SIZE = 64,
    HMAC_BLOCK_SIZE = 64,
    INNER_HASH_SIZE = 128,
};

/* ---- hashes ---- */

typedef struct {
    struct mico_digest_state state;
} md5_context;
typedef md5_context Md5;
typedef md5_context Sha;
typedef md5_context Sha256;
typedef md5_context Sha512;

void InitMd5(md5_context *ctx);
void Md5Update(md5_context *ctx, unsigned char *input, int ilen);
void Md5Final(md5_context *ctx, unsigned char output[16]);

/** 0; kParamErr. */
int InitSha(Sha *sha);
int ShaUpdate(Sha *sha, const byte *data, word32 len);
int ShaFinal(Sha *sha, byte *hash);
int InitSha256(Sha256 *sha);
int Sha256Update(Sha256 *sha, const byte *data, word32 len);
int Sha256Final(Sha256 *sha, byte *hash);
int InitSha512(Sha512 *sha);
int Sha512Update(Sha512 *sha, const byte *data, word32 len);
int Sha512Final(Sha512 *sha, byte *hash);

/* ---- HMAC ---- */

typedef struct Hmac {
    struct mico_hmac keyed; /* as the key left it, so that a final call begins anew */
    struct mico_hmac hmac;
} Hmac;

/** type: MD5, SHA, SHA256, SHA384 or SHA512. 0; kParamErr. */
int HmacSetKey(Hmac *hmac, int type, const byte *key, word32 keySz);
int HmacUpdate(Hmac *hmac, const byte *input, word32 inLen);
int HmacFinal(Hmac *hmac, byte *output);

/* ---- AES ---- */

enum {
    AES_ENC_TYPE = 1,
    AES_ENCRYPTION = 0,
    AES_DECRYPTION = 1,
    AES_BLOCK_SIZE = 16,
};

typedef struct Aes {
    struct mico_block_state state;
    byte reg[AES_BLOCK_SIZE]; /* CBC's last block */
    byte dir;
} Aes;

/** ilen: 16, 24 or 32 bytes of key; iv of 16, NULL: zeros. kParamErr. The key stays in aes until it is set anew. */
int AesSetKey(Aes *aes, const byte *key, word32 ilen, const byte *iv, int dir);
int AesSetIV(Aes *aes, const byte *iv);
/** sz is a multiple of 16; output may be input. The next call goes on. kParamErr, also for the other direction; kSizeErr. */
int AesCbcEncrypt(Aes *aes, byte *output, const byte *input, word32 sz);
int AesCbcDecrypt(Aes *aes, byte *output, const byte *input, word32 sz);
/** With PKCS #7 padding: the length of what was written, at most sz + 16; 0 for bad parameters. */
word32 AesCbcEncryptPkcs5Padding(Aes *aes, byte *output, const byte *input, word32 sz);
/** The length of the text without its padding, which is taken off in constant time; 0, output wiped, when that is wrong. Who
 * asks must not tell its peer which: authenticate first. */
word32 AesCbcDecryptPkcs5Padding(Aes *aes, byte *output, const byte *input, word32 sz);
/** For single blocks. */
int AesSetKeyDirect(Aes *aes, const byte *key, word32 ilen, const byte *iv, int dir);
void AesEncryptDirect(Aes *aes, byte *out, const byte *in);
void AesDecryptDirect(Aes *aes, byte *out, const byte *in);

/* ---- DES ---- */

enum {
    DES_ENC_TYPE = 2,
    DES3_ENC_TYPE = 3,
    DES_BLOCK_SIZE = 8,
    DES_ENCRYPTION = 0,
    DES_DECRYPTION = 1,
};

typedef struct Des {
    struct mico_block_state state;
    byte reg[DES_BLOCK_SIZE];
    byte dir;
} Des;
typedef Des Des3;

/** Keys of 8 and of 24 bytes, iv of 8, NULL: zeros. CBC; sz is a multiple of 8. */
void Des_SetKey(Des *des, const byte *key, const byte *iv, int dir);
void Des_CbcEncrypt(Des *des, byte *output, const byte *input, word32 sz);
void Des_CbcDecrypt(Des *des, byte *output, const byte *input, word32 sz);
void Des3_SetKey(Des3 *des, const byte *key, const byte *iv, int dir);
void Des3_CbcEncrypt(Des3 *des, byte *output, const byte *input, word32 sz);
void Des3_CbcDecrypt(Des3 *des, byte *output, const byte *input, word32 sz);

/* ---- curves: Curve25519 of WAC's library, Ed25519 of libsodium ---- */

/** RFC 7748; zeros for a point of low order, which gives no secret. */
void curve25519_donna(unsigned char *outKey, const unsigned char *inSecret, const unsigned char *inBasePoint);

#define crypto_sign_ed25519_BYTES 64U
#define crypto_sign_ed25519_SEEDBYTES 32U
#define crypto_sign_ed25519_PUBLICKEYBYTES 32U
#define crypto_sign_ed25519_SECRETKEYBYTES 64U

/** sk is the seed and the public key. 0; -1 (without entropy; parameters). */
int crypto_sign_ed25519_keypair(unsigned char *pk, unsigned char *sk);
int crypto_sign_ed25519_seed_keypair(unsigned char *pk, unsigned char *sk, const unsigned char *seed);
/** sm is the signature (64 bytes) and the message. The public key in sk is not believed but made from the seed. */
int crypto_sign_ed25519(unsigned char *sm, unsigned long long *smlen, const unsigned char *m, unsigned long long mlen,
                        const unsigned char *sk);
/** The inverse; -1: not signed so, m untouched. */
int crypto_sign_ed25519_open(unsigned char *m, unsigned long long *mlen, const unsigned char *sm,
                             unsigned long long smlen, const unsigned char *pk);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: hashes, HMAC and HKDF by the names of RFC 6234, for all five hashes. None of these calls is allowed in
 * interrupts. Bits that fill no byte (…FinalBits) are not offered. */
#ifndef OS_SDK_SECURITY_SHA_H
#define OS_SDK_SECURITY_SHA_H

#include "crypto/primitives/digest.h"
#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    shaSuccess = 0,
    shaNull,
    shaInputTooLong,
    shaStateError, /* input after the result */
    shaBadParam,
};

typedef enum SHAversion {
    SHA1,
    SHA224,
    SHA256,
    SHA384,
    SHA512,
} SHAversion;

enum {
    SHA1_Message_Block_Size = 64,
    SHA224_Message_Block_Size = 64,
    SHA256_Message_Block_Size = 64,
    SHA384_Message_Block_Size = 128,
    SHA512_Message_Block_Size = 128,
    USHA_Max_Message_Block_Size = SHA512_Message_Block_Size,
    SHA1HashSize = 20,
    SHA224HashSize = 28,
    SHA256HashSize = 32,
    SHA384HashSize = 48,
    SHA512HashSize = 64,
    USHAMaxHashSize = SHA512HashSize,
};

typedef struct USHAContext {
    int whichSha;
    int computed; /* 1 after the result */
    struct mico_digest_state state;
} USHAContext;

typedef USHAContext SHA1Context;
typedef USHAContext SHA224Context;
typedef USHAContext SHA256Context;
typedef USHAContext SHA384Context;
typedef USHAContext SHA512Context;

/** Begin; shaNull, shaBadParam. */
int USHAReset(USHAContext *context, enum SHAversion whichSha);
/** Add bytes; shaNull, shaStateError. */
int USHAInput(USHAContext *context, const uint8_t *bytes, unsigned int bytecount);
/** Give the digest, USHAHashSize bytes; shaNull, shaStateError when it was given already. */
int USHAResult(USHAContext *context, uint8_t *digest);
/** Bytes; 0 for a version that is not there. */
int USHABlockSize(enum SHAversion whichSha);
int USHAHashSize(enum SHAversion whichSha);
int USHAHashSizeBits(enum SHAversion whichSha);
/** "SHA256"; NULL. */
const char *USHAHashName(enum SHAversion whichSha);

int SHA1Reset(SHA1Context *context);
int SHA1Input(SHA1Context *context, const uint8_t *bytes, unsigned int bytecount);
int SHA1Result(SHA1Context *context, uint8_t *digest);
int SHA224Reset(SHA224Context *context);
int SHA224Input(SHA224Context *context, const uint8_t *bytes, unsigned int bytecount);
int SHA224Result(SHA224Context *context, uint8_t *digest);
int SHA256Reset(SHA256Context *context);
int SHA256Input(SHA256Context *context, const uint8_t *bytes, unsigned int bytecount);
int SHA256Result(SHA256Context *context, uint8_t *digest);
int SHA384Reset(SHA384Context *context);
int SHA384Input(SHA384Context *context, const uint8_t *bytes, unsigned int bytecount);
int SHA384Result(SHA384Context *context, uint8_t *digest);
int SHA512Reset(SHA512Context *context);
int SHA512Input(SHA512Context *context, const uint8_t *bytes, unsigned int bytecount);
int SHA512Result(SHA512Context *context, uint8_t *digest);

typedef struct HMACContext {
    int whichSha;
    int computed;
    struct mico_hmac hmac;
} HMACContext;

/** RFC 2104; shaNull, shaBadParam (a negative length too). */
int hmac(SHAversion whichSha, const unsigned char *text, int text_len, const unsigned char *key, int key_len,
         uint8_t *digest);
/** The same in parts; shaStateError after the result. */
int hmacReset(HMACContext *context, enum SHAversion whichSha, const unsigned char *key, int key_len);
int hmacInput(HMACContext *context, const unsigned char *text, int text_len);
int hmacResult(HMACContext *context, uint8_t *digest);

/** RFC 5869; salt may be NULL. shaNull, shaBadParam (more than 255 digests too). */
int hkdf(SHAversion whichSha, const unsigned char *salt, int salt_len, const unsigned char *ikm, int ikm_len,
         const unsigned char *info, int info_len, uint8_t *okm, int okm_len);
/** Its halves; prk of the first has USHAHashSize bytes. */
int hkdfExtract(SHAversion whichSha, const unsigned char *salt, int salt_len, const unsigned char *ikm, int ikm_len,
                uint8_t *prk);
int hkdfExpand(SHAversion whichSha, const uint8_t *prk, int prk_len, const unsigned char *info, int info_len,
               uint8_t *okm, int okm_len);

#ifdef __cplusplus
}
#endif

#endif

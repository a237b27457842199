/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: hashes by the names of RFC 6234, and random numbers. SHA-256 and SHA-512 are there; the other versions give
 * shaBadParam. None of these calls is allowed in interrupts. */
#ifndef OS_SDK_MICO_SECURITY_H
#define OS_SDK_MICO_SECURITY_H

#include "crypto/primitives/primitives.h"
#include "os/sdk/MiCODrivers/MiCODriverRng.h"
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

#define SHA256_Message_Block_Size 64
#define SHA512_Message_Block_Size 128
#define SHA256HashSize 32
#define SHA512HashSize 64
#define USHA_Max_Message_Block_Size SHA512_Message_Block_Size
#define USHAMaxHashSize SHA512HashSize

typedef struct {
    int whichSha;
    int computed; /* 1 after the result */
    union {
        struct mico_sha256 sha256;
        struct mico_sha512 sha512;
    } ctx;
} USHAContext;

typedef USHAContext SHA256Context;
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

int SHA256Reset(SHA256Context *context);
int SHA256Input(SHA256Context *context, const uint8_t *bytes, unsigned int bytecount);
int SHA256Result(SHA256Context *context, uint8_t *digest);
int SHA512Reset(SHA512Context *context);
int SHA512Input(SHA512Context *context, const uint8_t *bytes, unsigned int bytecount);
int SHA512Result(SHA512Context *context, uint8_t *digest);

/** RFC 2104; shaNull, shaBadParam (a negative length too). */
int hmac(SHAversion whichSha, const unsigned char *text, int text_len, const unsigned char *key, int key_len,
         uint8_t *digest);
/** RFC 5869; salt may be NULL. shaNull, shaBadParam (more than 255 digests too). */
int hkdf(SHAversion whichSha, const unsigned char *salt, int salt_len, const unsigned char *ikm, int ikm_len,
         const unsigned char *info, int info_len, uint8_t *okm, int okm_len);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The security coprocessor's protocol: the one thing that chip and host share. docs/MSCP.md is the specification. */
#ifndef MSCP_PROTOCOL_MSCP_H
#define MSCP_PROTOCOL_MSCP_H

#include <stddef.h>
#include <stdint.h>

#define MSCP_MESSAGE_MAX 4096 /* bytes of a message to sign or of a data object */
#define MSCP_SERIAL_SIZE 8    /* bytes; drawn by the chip at its first start, never changed */

enum mscp_command {
    MSCP_GET_INFO = 0x01,
    MSCP_SELF_TEST = 0x02,
    MSCP_GET_RANDOM = 0x03,
    MSCP_PAIR = 0x10,         /* Noise_XX_25519_ChaChaPoly_SHA256, in the factory, once */
    MSCP_OPEN_SESSION = 0x11, /* Noise_KKpsk0_25519_ChaChaPoly_SHA256 */
    MSCP_CLOSE_SESSION = 0x12,
    MSCP_AUTHENTICATE = 0x13, /* against an AUTH object, for the rest of the session */
    MSCP_REPAIR = 0x14,         /* another pairing in the final one's place, under the owner's AUTH */
    MSCP_RESUME_SESSION = 0x15, /* from the binding key, without a Diffie-Hellman */
    MSCP_SET_LIFECYCLE = 0x20,
    MSCP_UPDATE_FIRMWARE = 0x21,
    MSCP_GENERATE_KEY_PAIR = 0x30,
    MSCP_IMPORT_KEY = 0x31,
    MSCP_CREATE_OBJECT = 0x32,
    MSCP_DELETE_OBJECT = 0x33,
    MSCP_GET_ATTRIBUTES = 0x34,
    MSCP_GET_PUBLIC_KEY = 0x35,
    MSCP_LIST_OBJECTS = 0x36,
    MSCP_READ_DATA = 0x40,
    MSCP_WRITE_DATA = 0x41,
    MSCP_SEAL_DATA = 0x42,
    MSCP_UNSEAL_DATA = 0x43,
    MSCP_INCREMENT_COUNTER = 0x44,
    MSCP_SIGN = 0x50,
    MSCP_VERIFY = 0x51,
    MSCP_KEY_AGREEMENT = 0x52,
    MSCP_DERIVE_KEY = 0x53,
    MSCP_COMPUTE_MAC = 0x54,
    MSCP_VERIFY_MAC = 0x55,
    MSCP_ENCRYPT = 0x56,
    MSCP_DECRYPT = 0x57,
    MSCP_HASH = 0x58,
    MSCP_ATTEST_KEY = 0x60,
    MSCP_GET_EVIDENCE = 0x61,
    MSCP_EXTEND_MEASUREMENT = 0x70,
    MSCP_VERIFY_BOOT = 0x71,
    MSCP_MAKE_RECEIPT = 0x72,
    MSCP_CHECK_RECEIPT = 0x73,
    MSCP_GET_AUDIT_LOG = 0x80,
    MSCP_LOGIN_PROOF = 0x81,
    MSCP_LOGIN_ACCEPT = 0x82,
};

enum mscp_status {
    MSCP_OK = 0,
    MSCP_UNKNOWN_COMMAND = -1,
    MSCP_BAD_LENGTH = -2,
    MSCP_BAD_PARAM = -3,
    MSCP_NOT_SUPPORTED = -4,
    MSCP_NO_SUCH_OBJECT = -5,
    MSCP_OBJECT_EXISTS = -6,
    MSCP_NO_SPACE = -7,
    MSCP_POLICY_DENIED = -8,
    MSCP_AUTH_REQUIRED = -9,
    MSCP_AUTH_FAILED = -10,
    MSCP_SESSION_REQUIRED = -11,
    MSCP_SESSION_INVALID = -12,
    MSCP_REPLAY = -13,
    MSCP_LINK_MAC = -14,
    MSCP_WRONG_LIFECYCLE = -15,
    MSCP_RATE_LIMITED = -16,
    MSCP_USE_LIMIT = -17,
    MSCP_COUNTER_OVERFLOW = -18,
    MSCP_ROLLBACK = -19,
    MSCP_VERIFY_FAILED = -20,
    MSCP_NOT_PAIRED = -21,
    MSCP_ALREADY_PAIRED = -22,
    MSCP_STORAGE = -23,
    MSCP_CORRUPT = -24,
    MSCP_ENTROPY = -25,
    MSCP_TAMPER = -26,
    MSCP_SELFTEST = -27,
    MSCP_BUSY = -28,
    MSCP_TERMINATED = -29,
};

/* Unary: bits only ever rise. */
enum mscp_lifecycle {
    MSCP_CREATED = 0x01,
    MSCP_FACTORY = 0x03,
    MSCP_OPERATIONAL = 0x07,
    MSCP_END_OF_LIFE = 0x0F,
    MSCP_RETURNED = 0x17,
};

enum mscp_type {
    MSCP_KEY_ED25519 = 1,
    MSCP_KEY_X25519 = 2,
    MSCP_KEY_P256 = 3,
    MSCP_DATA = 4,
    MSCP_COUNTER = 5,
    MSCP_CERT = 6,
    MSCP_SECRET = 7, /* 16 to 64 bytes that no command carries out */
    MSCP_AUTH = 8,   /* what Authenticate compares with */
};

enum mscp_origin { MSCP_GENERATED = 1, MSCP_IMPORTED = 2, MSCP_DERIVED = 3, MSCP_FROM_FACTORY = 4 };

/* What a key may be used for; the chip checks the message's shape, so that code which took over the device cannot use a
 * key as a general oracle. */
enum mscp_usage {
    MSCP_USE_SIGN_TLS_CLIENT = 0x01, /* what a client of TLS or DTLS, 1.2 or 1.3, signs: a whole transcript in 1.2 */
    MSCP_USE_SIGN_PAIRING = 0x02,    /* 32 bytes | device id "XX:XX:XX:XX:XX:XX" | 32 bytes */
    MSCP_USE_ATTEST = 0x04,          /* only the chip's own statements: evidence, login proofs */
    MSCP_USE_AGREE = 0x08,           /* X25519, or P-256 (then nothing else) */
    MSCP_USE_SIGN_RAW = 0x10,        /* any message: alone, outside the device's profile, in stage FACTORY only */
    MSCP_USE_SIGN_CSR = 0x20,        /* a certification request (RFC 2986) for this very key */
    MSCP_USE_DERIVE = 0x40,          /* SECRET: the input of HKDF */
    MSCP_USE_MAC = 0x80,             /* SECRET: HMAC-SHA-256 */
    MSCP_USE_ENCRYPT = 0x100,        /* SECRET of 32 bytes: ChaCha20-Poly1305 */
    MSCP_USE_DECRYPT = 0x200,
    MSCP_USE_WRAP = 0x400,            /* SECRET of 32 bytes: keys may be imported sealed under it */
    MSCP_USE_SIGN_TLS_SERVER = 0x800, /* what a server of TLS or DTLS signs: alone, or with SIGN_CSR */
    MSCP_RELEASE_INSIDE = 0x8000, /* no use, but a bound: what comes of this key stays in the chip */
};

/* Who may read or write. 0x40 to 0x7F: who has authenticated against the AUTH object whose id is that number. */
enum mscp_access { MSCP_NEVER = 0, MSCP_SESSION = 1, MSCP_ALWAYS = 2, MSCP_AUTH_FIRST = 0x40, MSCP_AUTH_LAST = 0x7F };

/* Which clause of a policy denied: the detail of MSCP_POLICY_DENIED, inside a session only. */
enum mscp_clause {
    MSCP_CLAUSE_USAGE = 1,      /* the key has no such usage */
    MSCP_CLAUSE_SHAPE = 2,      /* the message does not have the shape that the key's usage allows */
    MSCP_CLAUSE_READ = 3,       /* the object's read right */
    MSCP_CLAUSE_WRITE = 4,      /* the object's write right */
    MSCP_CLAUSE_LIFE = 5,       /* the object's lifecycle mask */
    MSCP_CLAUSE_TYPE = 6,       /* no such command for an object of this type */
    MSCP_CLAUSE_ATTRIBUTES = 7, /* these attributes do not go with this type */
    MSCP_CLAUSE_AUTH = 8,       /* of AUTH_REQUIRED: an authentication is missing */
    MSCP_CLAUSE_LINK = 9,       /* the link does not protect enough */
    MSCP_CLAUSE_PCR = 10,       /* other measurements */
    MSCP_CLAUSE_USES = 11,      /* of USE_LIMIT */
    MSCP_CLAUSE_RATE = 12,      /* a rate bucket is empty; RATE_LIMITED's detail is the milliseconds */
    MSCP_CLAUSE_RELEASE = 13,   /* what comes of this key may not leave the chip */
    MSCP_CLAUSE_DO = 14,        /* no branch of the policy is for this operation */
};

#define MSCP_OBJECTS_MAX 64 /* that a chip holds */
#define MSCP_FIELD_KEYS 8   /* of these key pairs that were made in the field */
#define MSCP_REGISTERS 8    /* of measurements */

#define MSCP_POLICY_MAX 88 /* bytes */

/* Fixed when the object is made; part of its attestation. Zeros behind what is given: no policy. */
struct mscp_attributes {
    uint8_t type;   /* enum mscp_type */
    uint8_t origin; /* enum mscp_origin; the chip sets it, whatever the host says */
    uint16_t usage; /* enum mscp_usage bits */
    uint8_t read;   /* enum mscp_access: DATA, CERT and COUNTER; a private key has no read right to give */
    uint8_t write;  /* enum mscp_access */
    uint8_t life;   /* lifecycle bits in which it may be used; 0 is all */
    uint8_t policy_len;
    uint8_t policy[MSCP_POLICY_MAX]; /* policy.h */
};

#define MSCP_SECRET_MIN 16 /* bytes of a SECRET */
#define MSCP_SECRET_MAX 64
#define MSCP_VOLATILE_MAX \
    4                    /* SECRETs that a chip holds in RAM, ids from MSCP_ID_VOLATILE on; they end with the session */
#define MSCP_CHALLENGE_MAX 64 /* bytes that evidence is asked for under: 32, 48 or 64 */
#define MSCP_AAD_MAX 128 /* of Encrypt and Decrypt */
#define MSCP_TEXT_MAX 880

/* What Authenticate asks for. An AUTH object's value is u8 kind | u8 tries | the secret. */
enum mscp_auth_kind {
    MSCP_AUTH_HMAC = 1, /* 32 bytes; the proof is HMAC-SHA-256 over the chip's nonce */
    MSCP_AUTH_PIN = 2,  /* 4 to 32 bytes; the proof is the same */
};

enum mscp_algorithm {
    MSCP_HKDF_SHA256 = 1, /* DeriveKey */
    MSCP_HKDF_SHA512 = 2,
    MSCP_SHA256 = 1, /* Hash */
    MSCP_SHA512 = 2,
    MSCP_DIGEST = 16, /* Sign: the message is a digest of 32 bytes already */
};

/* The objects of a MiCO device, by the profile that factory, loader and application share. */
enum mscp_profile {
    MSCP_ID_IDENTITY = 0x0001,     /* Ed25519: TLS client, attestation and pairing; certified by the factory */
    MSCP_ID_PAIRING = 0x0002,      /* Ed25519: the accessory's long-term key (LTPK) */
    MSCP_ID_FIRMWARE = 0x0003,     /* X25519: unwraps the content key of firmware images */
    MSCP_ID_ROLLBACK = 0x0010,     /* counter: the lowest security counter that may still boot */
    MSCP_ID_CHAIN = 0x0020,        /* the identity certificate and its issuer, DER one after the other */
    MSCP_ID_OWNER = 0x0040,        /* AUTH: whose secret allows re-pairing */
    MSCP_ID_BOOT_KEY = 0x0021,     /* DATA, 32 bytes, write NEVER: whose Ed25519 signature VerifyBoot asks for */
    MSCP_ID_GENERAL = 0x1000,      /* ids from here on belong to no profile: they can be deleted, and may sign raw */
    MSCP_ID_FIELD = 0x60000000,    /* from here on the device makes key pairs in the field */
    MSCP_ID_VOLATILE = 0x70000000, /* and from here on they live in RAM */
};

#endif

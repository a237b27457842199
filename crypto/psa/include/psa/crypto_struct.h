/* SPDX-License-Identifier: Apache-2.0 */
/* The storage behind the types of the PSA Certified Crypto API: the caller's memory, the implementation's fields, which
 * may change. Zeros are an operation that is not set up. Include psa/crypto.h instead. */
#ifndef PSA_CRYPTO_STRUCT_H
#define PSA_CRYPTO_STRUCT_H

struct mico_psa_driver;

struct psa_key_attributes_s {
    psa_key_id_t id;
    psa_key_lifetime_t lifetime;
    psa_key_usage_t usage;
    psa_algorithm_t alg;
    psa_key_type_t type;
    uint16_t bits;
};

/* Of each operation: era is how often all had been zeroised when it was set up; it ends with the next time. */
struct psa_hash_operation_s {
    psa_algorithm_t alg; /* 0: not set up */
    uint32_t era;
    uint8_t failed;      /* only abort is left */
    uint64_t state[48] __attribute__((aligned(16)));
};

struct psa_mac_operation_s {
    const struct mico_psa_driver *driver; /* NULL: not set up */
    void *ctx;
    psa_algorithm_t alg;
    uint32_t era;
    uint8_t length;    /* bytes of the MAC that is given out */
    uint8_t verifying; /* set up for that */
    uint8_t failed;    /* only abort is left */
    uint64_t state[152] __attribute__((aligned(16)));
};

struct psa_cipher_operation_s {
    const struct mico_psa_driver *driver; /* NULL: not set up */
    void *ctx;
    psa_algorithm_t alg;
    uint32_t era;
    psa_key_type_t type;
    uint8_t encrypting;
    uint8_t iv_length; /* that the algorithm wants; 0: none */
    uint8_t iv_set;
    uint8_t block;  /* bytes; 1 for a stream */
    uint8_t failed; /* only abort is left */
    uint64_t state[152] __attribute__((aligned(16)));
};

struct psa_aead_operation_s {
    const struct mico_psa_driver *driver; /* NULL: not set up */
    void *ctx;
    psa_algorithm_t alg; /* with the tag's length */
    uint32_t era;
    psa_key_type_t type;
    uint8_t encrypting;
    uint8_t stage; /* 0 after set-up, then nonce, additional data, text */
    uint8_t lengths_set;
    uint8_t failed;  /* only abort is left */
    size_t aad_left; /* of the lengths that were announced, or of the longest */
    size_t text_left;
    uint64_t state[176] __attribute__((aligned(16)));
};

#define MICO_PSA_DERIVATION_INPUT_MAX 256 /* bytes of a salt, seed, label or info */
struct psa_key_derivation_operation_s {
    psa_algorithm_t alg; /* 0: not set up */
    psa_algorithm_t kdf; /* alg without the agreement */
    uint32_t era;
    uint16_t given;         /* which inputs */
    uint8_t failed;         /* only abort is left */
    uint8_t may_make_bytes; /* no input was a key for verification alone */
    uint8_t may_make_keys;  /* the secret came as a key */
    uint8_t block_used;     /* bytes of block already given out */
    uint32_t counter;       /* of the last block made */
    uint32_t cost;          /* of PBKDF2; of SP 800-108 the bits of the whole output */
    uint16_t first_len;     /* bytes of first: the salt, seed or context */
    uint16_t second_len;    /* bytes of second: the info or label */
    uint16_t secret_len;
    uint8_t first[MICO_PSA_DERIVATION_INPUT_MAX];
    uint8_t second[MICO_PSA_DERIVATION_INPUT_MAX];
    uint8_t secret[128]; /* a key of HMAC: what was longer than a block is its hash */
    uint8_t block[64];
    uint8_t chain[64]; /* A(i) of TLS 1.2; K(0) of SP 800-108 with CMAC */
    size_t capacity;
    struct psa_hash_operation_s hash;     /* of a secret that comes in pieces */
    uint32_t hashed;                      /* bytes of it */
    const struct mico_psa_driver *driver; /* of a secret that stays in its location, under handle; NULL: it is here */
    void *ctx;
    uint32_t handle;
    size_t given_out; /* bytes of its output */
};

struct psa_sign_hash_interruptible_operation_s {
    uint8_t state; /* 0: not set up */
    psa_key_id_t key;
    psa_algorithm_t alg;
    uint32_t ops;
    uint8_t hash_length;
    uint8_t hash[64];
};

struct psa_verify_hash_interruptible_operation_s {
    uint8_t state; /* 0: not set up */
    psa_key_id_t key;
    psa_algorithm_t alg;
    uint32_t ops;
    uint8_t hash_length;
    uint8_t signature_length;
    uint8_t hash[64];
    uint8_t signature[96]; /* P-384's */
};

struct psa_pake_cipher_suite_s {
    psa_algorithm_t alg;
    psa_pake_primitive_t primitive;
    uint32_t key_confirmation;
};

#define MICO_PSA_PAKE_USER_MAX 64 /* bytes of a user's name */
#if defined(__arm__)
#define MICO_PSA_PAKE_SHARE_MAX 512 /* bytes of a share: 4096 bits, on hosts 8192 */
#else
#define MICO_PSA_PAKE_SHARE_MAX 1024
#endif
struct psa_pake_operation_s {
    psa_algorithm_t alg; /* 0: not set up */
    psa_pake_primitive_t primitive;
    uint32_t era;
    uint8_t failed; /* only abort is left */
    uint8_t role;
    uint16_t step; /* which steps are done */
    uint8_t user_length;
    uint8_t salt_length;
    uint8_t key_is_verifier;
    uint8_t user[MICO_PSA_PAKE_USER_MAX];
    uint8_t salt[64];
    uint8_t secret[64];                         /* x of the password, in the client */
    uint8_t exponent[48];                       /* a or b */
    uint8_t verifier[MICO_PSA_PAKE_SHARE_MAX];  /* v, in the server */
    uint8_t own_share[MICO_PSA_PAKE_SHARE_MAX]; /* A in the client, B in the server */
    uint8_t peer_share[MICO_PSA_PAKE_SHARE_MAX];
    uint8_t shared[64]; /* K */
    uint8_t proof[64];  /* what is to be given out or compared next */
};

#define PSA_KEY_ATTRIBUTES_INIT \
    {                           \
        0, 0, 0, 0, 0, 0        \
    }
#define PSA_HASH_OPERATION_INIT \
    {                           \
        0                       \
    }
#define PSA_MAC_OPERATION_INIT \
    {                          \
        0                      \
    }
#define PSA_CIPHER_OPERATION_INIT \
    {                             \
        0                         \
    }
#define PSA_AEAD_OPERATION_INIT \
    {                           \
        0                       \
    }
#define PSA_KEY_DERIVATION_OPERATION_INIT \
    {                                     \
        0                                 \
    }
#define PSA_SIGN_HASH_INTERRUPTIBLE_OPERATION_INIT \
    {                                              \
        0                                          \
    }
#define PSA_VERIFY_HASH_INTERRUPTIBLE_OPERATION_INIT \
    {                                                \
        0                                            \
    }
#define PSA_PAKE_CIPHER_SUITE_INIT \
    {                              \
        0, 0, 0                    \
    }
#define PSA_PAKE_OPERATION_INIT \
    {                           \
        0                       \
    }
#define PSA_CUSTOM_KEY_PARAMETERS_INIT \
    {                                  \
        0                              \
    }

#endif

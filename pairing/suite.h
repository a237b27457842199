/* SPDX-License-Identifier: Apache-2.0 */
/* HAP's cipher suite over the PSA API: HKDF-SHA-512, ChaCha20-Poly1305 with 8-character nonces, X25519, and Ed25519 over
 * the one shape of message that long-term keys sign. Facts: docs/PAIRING.md. psa_crypto_init() comes first. */
#ifndef PAIRING_SUITE_H
#define PAIRING_SUITE_H

#include <stddef.h>
#include <stdint.h>

#include <psa/crypto.h>

#include "base/bytes.h"
#include "base/err.h"

#define MICO_HAP_TAG 16        /* bytes that sealing adds */
#define MICO_HAP_ID_MAX 36     /* bytes of an identifier: a controller's is a UUID in ASCII */
#define MICO_HAP_SIGNATURE 64

/* What a long-term key signs: first | id | last. With a device id of 17 bytes this is the only message of the pairing
 * that a key in the coprocessor accepts. */
struct mico_hap_statement {
    const uint8_t *first; /* 32 bytes */
    struct mico_span id;  /* 1 to MICO_HAP_ID_MAX bytes */
    const uint8_t *last;  /* 32 bytes */
};

/* All return MICO_OK, MICO_ERR_CRYPTO (PSA refused or failed), or what is said; outputs are then wiped. */

/** HKDF-SHA-512(secret, salt, info), out_len bytes. */
MICO_MUST_USE mico_err mico_hap_hkdf(struct mico_span secret, const char *salt, const char *info, uint8_t *out,
                                     size_t out_len);

/** sealed gets text.len + MICO_HAP_TAG bytes; nonce is 8 characters. No overlap. */
MICO_MUST_USE mico_err mico_hap_seal(const uint8_t key[32], const char *nonce, struct mico_span text, uint8_t *sealed);
/** text gets sealed.len - MICO_HAP_TAG bytes. MICO_ERR_AUTH, or MICO_ERR_SIZE when sealed is shorter than a tag. */
MICO_MUST_USE mico_err mico_hap_open(const uint8_t key[32], const char *nonce, struct mico_span sealed, uint8_t *text);

/** A fresh X25519 key; destroy it with psa_destroy_key. */
MICO_MUST_USE mico_err mico_hap_ephemeral(psa_key_id_t *key, uint8_t public_key[32]);
/** The shared secret; a low-order peer is MICO_ERR_CRYPTO. */
MICO_MUST_USE mico_err mico_hap_agree(psa_key_id_t key, struct mico_span peer, uint8_t shared[32]);

/** MICO_ERR_SIZE when the id is empty or too long. */
MICO_MUST_USE mico_err mico_hap_sign(psa_key_id_t key, const struct mico_hap_statement *statement,
                                     uint8_t signature[MICO_HAP_SIGNATURE]);
/** MICO_ERR_AUTH for anything but a valid signature of exactly 64 bytes. */
MICO_MUST_USE mico_err mico_hap_verify(const uint8_t public_key[32], const struct mico_hap_statement *statement,
                                       struct mico_span signature);

/** len random bytes. */
MICO_MUST_USE mico_err mico_hap_random(uint8_t *out, size_t len);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Attestation evidence: an Entity Attestation Token (RFC 9711) as COSE_Sign1 (RFC 9052), in deterministic CBOR. docs/MSCP.md,
 * "Attestation", has every byte. The chip makes it about itself, and about one of its keys; anyone who has the chip's
 * identity key checks it. */
#ifndef MSCP_PROTOCOL_EVIDENCE_H
#define MSCP_PROTOCOL_EVIDENCE_H

#include "base/bytes.h"
#include "base/err.h"
#include "mscp/protocol/mscp.h"
#include "mscp/protocol/tlv.h"

#define MSCP_EVIDENCE_MAX 1024 /* bytes of a token */
#define MSCP_CLAIMS_MAX 900    /* bytes of its claims */
#define MSCP_UEID_SIZE 17      /* RFC 9711 section 4.2.1: 01 | 128 random bits */
#define MSCP_SPKI_MAX 91       /* DER SubjectPublicKeyInfo of a P-256 key; of an Ed25519 or X25519 key 44 */
#define MSCP_SPKI_25519_SIZE 44

/* The head of a hash chain and how many links it has. */
struct mscp_chain {
    uint64_t count;
    uint8_t head[32];
};

struct mscp_evidence_key {
    uint32_t id;
    uint32_t uses;                     /* as far as its policy counts them */
    struct mscp_attributes attributes; /* with the origin */
    uint8_t spki[MSCP_SPKI_MAX];
    uint8_t spki_len;
};

struct mscp_evidence {
    uint8_t nonce[MSCP_CHALLENGE_MAX]; /* the challenge: nonce_len bytes, the rest zeros */
    uint8_t nonce_len;                 /* 32, 48 or 64 */
    uint8_t ueid[MSCP_UEID_SIZE];
    uint8_t serial[MSCP_SERIAL_SIZE];
    uint32_t firmware_version; /* major << 24 | minor << 16 | revision */
    uint32_t security_version; /* of the firmware: it only rises */
    uint8_t lifecycle;         /* enum mscp_lifecycle */
    uint32_t boot_counter;
    uint8_t host_binding[32]; /* SHA-256 of the paired host's static key */
    uint8_t registers[MSCP_REGISTERS][32];
    struct mscp_chain login;
    struct mscp_chain audit;
    bool has_key;
    struct mscp_evidence_key key;
};

/** Whether a challenge may be of that many bytes: 32, 48 or 64, as in the PSA Certified Attestation API. */
bool mscp_challenge_fits(size_t len);

/** DER SubjectPublicKeyInfo (RFC 8410) of an Ed25519 or X25519 key. */
void mscp_spki_25519(enum mscp_type type, const uint8_t key[32], uint8_t out[MSCP_SPKI_25519_SIZE]);

/** Of any key pair's public key, 65 bytes of P-256 (RFC 5480) or 32; the bytes written. */
size_t mscp_spki(enum mscp_type type, const uint8_t *key, uint8_t out[MSCP_SPKI_MAX]);

/** The claims, to be signed. */
void mscp_evidence_claims(const struct mscp_evidence *evidence, struct mico_writer *out);
/** What the signature is over (RFC 9052 section 4.4): Sig_structure of claims under EdDSA, or ES256 where signer is MSCP_KEY_P256. */
void mscp_evidence_to_sign(enum mscp_type signer, struct mico_span claims, struct mico_writer *out);
/** The token of claims and their signature. */
void mscp_evidence_token(enum mscp_type signer, struct mico_span claims, const uint8_t signature[64],
                         struct mico_writer *out);

/** Read a token, strictly: MICO_ERR_FORMAT for any byte that the chip would not have written. Its signature is checked against
 * the chip's identity key (Ed25519, 32 bytes, or P-256, 65), which a certificate says: MICO_ERR_AUTH, also where the token names the
 * other algorithm. evidence is untouched on error. Nonce, serial and
 * host binding are the caller's to compare. */
MICO_MUST_USE mico_err mscp_evidence_verify(struct mico_span token, struct mico_span identity_key,
                                            struct mscp_evidence *evidence);

/** Is it the identity key's signature of message: Ed25519 by 32 bytes, ECDSA over its SHA-256 by 65? */
MICO_MUST_USE mico_err mscp_identity_verify(struct mico_span identity_key, struct mico_span message,
                                            const uint8_t signature[64]);

#endif

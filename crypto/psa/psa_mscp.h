/* SPDX-License-Identifier: Apache-2.0 */
/* The security coprocessor as a location of PSA keys. */
#ifndef CRYPTO_PSA_PSA_MSCP_H
#define CRYPTO_PSA_PSA_MSCP_H

#include "crypto/psa/mico_psa.h"
#include "mscp/host/mscp_host.h"

#define MICO_PSA_LOCATION_MSCP ((psa_key_location_t)0x800001)
#define MICO_PSA_LIFETIME_MSCP \
    PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_DEFAULT, MICO_PSA_LOCATION_MSCP)

#define MICO_PSA_MSCP_MAC_MAX 1200 /* bytes of a message that comes in parts; more is PSA_ERROR_INSUFFICIENT_MEMORY */

/* The chip's name for a key that psa_generate_key made there under an identifier of 1 to 0x0FFFFFFF. */
#define MICO_PSA_MSCP_OBJECT(key_id) (MSCP_ID_FIELD | (uint32_t)(key_id))

/** Attach the coprocessor behind host, which must outlive every use of PSA. Again, with another host, replaces it. */
psa_status_t mico_psa_attach_mscp(struct mscp_host *host);

/** Make known the coprocessor's key object_id (enum mscp_profile). attributes: type (an Ed25519, X25519 or P-256 key pair; of a
 * SECRET HMAC, CHACHA20), usage and algorithm; bits may be 0 where the type says them; the lifetime is set here; the
 * identifier is the caller's, or 0 to be given one. Nothing is asked of the chip before the first use, and the chip's own
 * policy decides in the end. Nothing falls back to software.
 *
 *   psa_sign_message → Sign: EdDSA; ECDSA with SHA-256, of which the chip hashes the message itself, so that it sees it
 *   psa_raw_key_agreement → KeyAgreement · psa_export_public_key → GetPublicKey
 *   psa_sign_hash → Sign, P-256 and a hash of 32 bytes, if the chip lets the key sign what it has not seen
 *   psa_mac_compute, _verify → ComputeMac: HMAC-SHA-256, at most MSCP_MESSAGE_MAX bytes; in parts at most
 *   MICO_PSA_MSCP_MAC_MAX, as the chip wants the length first
 *   psa_aead_encrypt, _decrypt → Encrypt, Decrypt: ChaCha20-Poly1305, at most MSCP_TEXT_MAX and MSCP_AAD_MAX bytes
 *   psa_key_derivation_input_key, _key_agreement → a SECRET of the chip's, which does not leave it: HKDF with SHA-256 or
 *   SHA-512 → DeriveKey, the first 1,024 bytes; psa_key_derivation_output_key into this location, with a volatile lifetime,
 *   makes a key of type DERIVE, HMAC or CHACHA20 there that ends with the session to the chip, or with psa_destroy_key
 *   psa_export_key → PSA_ERROR_NOT_PERMITTED, whatever usage says
 *   psa_generate_key, with lifetime MICO_PSA_LIFETIME_MSCP and an identifier → GenerateKeyPair, in the factory and in the field
 *   (docs/MSCP.md, "In the field"): Ed25519 or P-256 to sign messages, those of a TLS client and certification requests for the
 *   key; P-256 or X25519 to agree. The key stays in the chip over restarts; a program that starts registers it again here, as
 *   object MICO_PSA_MSCP_OBJECT(identifier). psa_destroy_key → DeleteObject. Other usages: make it with mscp_host_generate under
 *   that object's id, and register it. PSA_ERROR_ALREADY_EXISTS: the chip has a key of that identifier;
 *   PSA_ERROR_INSUFFICIENT_STORAGE: it has eight; PSA_ERROR_NOT_PERMITTED: too many were made in too short a time, or the device's
 *   life has ended; PSA_ERROR_NOT_SUPPORTED: no key of the chip's is so (a volatile lifetime, SIGN_HASH, SIGN and DERIVE
 *   together, another type) */
psa_status_t mico_psa_register_mscp_key(const psa_key_attributes_t *attributes, uint32_t object_id, psa_key_id_t *key);

/* Inside crypto/psa: what the chip or the way to it said, in PSA's words. */
psa_status_t psa_status_of_mscp(mico_err err);
/* psa_mscp_pair.c: entries of the location's table. */
psa_status_t psa_mscp_generate(void *ctx, struct mico_psa_key *key, struct mico_span custom);
psa_status_t psa_mscp_destroy(void *ctx, struct mico_psa_key *key);

#endif

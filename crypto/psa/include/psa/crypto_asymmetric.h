/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures, encryption with public keys and key agreement of the PSA Certified Crypto API. Include psa/crypto.h instead. */
#ifndef PSA_CRYPTO_ASYMMETRIC_H
#define PSA_CRYPTO_ASYMMETRIC_H

#ifdef __cplusplus
extern "C" {
#endif

/* Signatures: RSA's as many bytes as the modulus, ECDSA's r and s each as long as the curve's order, Ed25519's 64 bytes.
 * Verifying takes a public key or a pair. */

/** Sign a message, hashing it first where the algorithm does. Usage SIGN_MESSAGE. PSA_ERROR_BUFFER_TOO_SMALL below
 * PSA_SIGN_OUTPUT_SIZE, PSA_ERROR_INVALID_ARGUMENT for an algorithm that signs no messages or does not go with the key,
 * PSA_ERROR_NOT_SUPPORTED, PSA_ERROR_INSUFFICIENT_ENTROPY. */
psa_status_t psa_sign_message(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                              uint8_t *signature, size_t signature_size, size_t *signature_length);

/** Is signature that of the message? Usage VERIFY_MESSAGE. PSA_ERROR_INVALID_SIGNATURE if not. */
psa_status_t psa_verify_message(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                const uint8_t *signature, size_t signature_length);

/** Sign a hash that the caller has computed. Usage SIGN_HASH. PSA_ERROR_INVALID_ARGUMENT for a hash of another length than
 * the algorithm's, or an algorithm that takes messages only (PSA_ALG_PURE_EDDSA). */
psa_status_t psa_sign_hash(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *hash, size_t hash_length,
                           uint8_t *signature, size_t signature_size, size_t *signature_length);

/** Is signature that of the hash? Usage VERIFY_HASH. PSA_ERROR_INVALID_SIGNATURE if not. */
psa_status_t psa_verify_hash(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *hash, size_t hash_length,
                             const uint8_t *signature, size_t signature_length);

/* Signing in steps, for ECDSA. MiCO's one step is the whole signature, whatever max_ops says: start checks, the first
 * complete computes. Who writes for the interface is ready for a library that takes more. */

/** How much work one call of complete may do, for the whole program. Kept, and of no effect here. */
void psa_interruptible_set_max_ops(uint32_t max_ops);

/** What psa_interruptible_set_max_ops has set; PSA_INTERRUPTIBLE_MAX_OPS_UNLIMITED before. */
uint32_t psa_interruptible_get_max_ops(void);

/** An operation that is not set up. */
static inline psa_sign_hash_interruptible_operation_t psa_sign_hash_interruptible_operation_init(void)
{
    const psa_sign_hash_interruptible_operation_t operation = PSA_SIGN_HASH_INTERRUPTIBLE_OPERATION_INIT;
    return operation;
}

/** How many steps of work the operation has done: 0 before complete, 1 after. */
uint32_t psa_sign_hash_get_num_ops(const psa_sign_hash_interruptible_operation_t *operation);

/** Begin to sign a hash: errors as of psa_sign_hash, and PSA_ERROR_BAD_STATE. PSA_ERROR_NOT_SUPPORTED for RSA. */
psa_status_t psa_sign_hash_start(psa_sign_hash_interruptible_operation_t *operation, psa_key_id_t key,
                                 psa_algorithm_t alg, const uint8_t *hash, size_t hash_length);

/** Give the signature; the operation is over. Never PSA_OPERATION_INCOMPLETE here. */
psa_status_t psa_sign_hash_complete(psa_sign_hash_interruptible_operation_t *operation, uint8_t *signature,
                                    size_t signature_size, size_t *signature_length);

/** Wipe the operation, whatever its state. */
psa_status_t psa_sign_hash_abort(psa_sign_hash_interruptible_operation_t *operation);

/** An operation that is not set up. */
static inline psa_verify_hash_interruptible_operation_t psa_verify_hash_interruptible_operation_init(void)
{
    const psa_verify_hash_interruptible_operation_t operation = PSA_VERIFY_HASH_INTERRUPTIBLE_OPERATION_INIT;
    return operation;
}

/** How many steps of work the operation has done: 0 before complete, 1 after. */
uint32_t psa_verify_hash_get_num_ops(const psa_verify_hash_interruptible_operation_t *operation);

/** Begin to verify the signature of a hash; both are copied. */
psa_status_t psa_verify_hash_start(psa_verify_hash_interruptible_operation_t *operation, psa_key_id_t key,
                                   psa_algorithm_t alg, const uint8_t *hash, size_t hash_length,
                                   const uint8_t *signature, size_t signature_length);

/** Say whether it is; the operation is over. PSA_ERROR_INVALID_SIGNATURE. */
psa_status_t psa_verify_hash_complete(psa_verify_hash_interruptible_operation_t *operation);

/** Wipe the operation, whatever its state. */
psa_status_t psa_verify_hash_abort(psa_verify_hash_interruptible_operation_t *operation);

/* Encryption with RSA. */

/** Encrypt a short text with a public key or the public half of a pair. Usage ENCRYPT. salt is OAEP's label, empty for
 * PKCS#1 v1.5. PSA_ERROR_INVALID_ARGUMENT for a text that is too long, PSA_ERROR_BUFFER_TOO_SMALL below
 * PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE. */
psa_status_t psa_asymmetric_encrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                    const uint8_t *salt, size_t salt_length, uint8_t *output, size_t output_size,
                                    size_t *output_length);

/** Decrypt with a pair. Usage DECRYPT. PSA_ERROR_INVALID_PADDING; for PKCS#1 v1.5 telling strangers of it gives them an
 * oracle: take OAEP. */
psa_status_t psa_asymmetric_decrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                    const uint8_t *salt, size_t salt_length, uint8_t *output, size_t output_size,
                                    size_t *output_length);

/* Agreement: X25519, ECDH on NIST curves, and finite fields. */

/** The secret that private_key and peer_key share. Usage DERIVE; for any other purpose derive from it. Invalid or
 * low-order points of the peer give PSA_ERROR_INVALID_ARGUMENT; PSA_ERROR_BUFFER_TOO_SMALL below
 * PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE. */
psa_status_t psa_raw_key_agreement(psa_algorithm_t alg, psa_key_id_t private_key, const uint8_t *peer_key,
                                   size_t peer_key_length, uint8_t *output, size_t output_size, size_t *output_length);

/** As psa_raw_key_agreement (of 1.3), but the secret becomes a key: attributes' type is DERIVE, RAW_DATA, HMAC or
 * PASSWORD, its size that of the secret or 0. */
psa_status_t psa_key_agreement(psa_key_id_t private_key, const uint8_t *peer_key, size_t peer_key_length,
                               psa_algorithm_t alg, const psa_key_attributes_t *attributes, psa_key_id_t *key);

#ifdef __cplusplus
}
#endif

#endif

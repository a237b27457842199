/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes, MACs, ciphers, authenticated encryption and key wrapping of the PSA Certified Crypto API. Include psa/crypto.h
 * instead. */
#ifndef PSA_CRYPTO_SYMMETRIC_H
#define PSA_CRYPTO_SYMMETRIC_H

#ifdef __cplusplus
extern "C" {
#endif

/* Hashes. No key, so neither psa_crypto_init nor a location has to do with them. */

/** The hash of input. PSA_ERROR_BUFFER_TOO_SMALL below PSA_HASH_LENGTH(alg), PSA_ERROR_INVALID_ARGUMENT when alg is no
 * hash, PSA_ERROR_NOT_SUPPORTED. */
psa_status_t psa_hash_compute(psa_algorithm_t alg, const uint8_t *input, size_t input_length, uint8_t *hash,
                              size_t hash_size, size_t *hash_length);

/** Is hash that of input? PSA_ERROR_INVALID_SIGNATURE if not, in constant time. */
psa_status_t psa_hash_compare(psa_algorithm_t alg, const uint8_t *input, size_t input_length, const uint8_t *hash,
                              size_t hash_length);

/** An operation that is not set up. */
static inline psa_hash_operation_t psa_hash_operation_init(void)
{
    const psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    return operation;
}

/** Begin a hash in several parts. PSA_ERROR_BAD_STATE when the operation is in use. */
psa_status_t psa_hash_setup(psa_hash_operation_t *operation, psa_algorithm_t alg);

/** Hash some more bytes. */
psa_status_t psa_hash_update(psa_hash_operation_t *operation, const uint8_t *input, size_t input_length);

/** Give the hash; the operation is over. PSA_ERROR_BUFFER_TOO_SMALL. */
psa_status_t psa_hash_finish(psa_hash_operation_t *operation, uint8_t *hash, size_t hash_size, size_t *hash_length);

/** Compare the hash, in constant time; the operation is over. PSA_ERROR_INVALID_SIGNATURE. */
psa_status_t psa_hash_verify(psa_hash_operation_t *operation, const uint8_t *hash, size_t hash_length);

/** Wipe the operation, whatever its state. */
psa_status_t psa_hash_abort(psa_hash_operation_t *operation);

/** A second operation that goes on from where the first is. PSA_ERROR_BAD_STATE when the source is not set up or the
 * target is in use. */
psa_status_t psa_hash_clone(const psa_hash_operation_t *source_operation, psa_hash_operation_t *target_operation);

/** Give the operation's state out, to go on later or elsewhere; it is over here. The format is the specification's.
 * PSA_ERROR_BUFFER_TOO_SMALL below PSA_HASH_SUSPEND_OUTPUT_SIZE(alg). */
psa_status_t psa_hash_suspend(psa_hash_operation_t *operation, uint8_t *hash_state, size_t hash_state_size,
                              size_t *hash_state_length);

/** Go on from a state that psa_hash_suspend gave. PSA_ERROR_INVALID_ARGUMENT for what is no such state. */
psa_status_t psa_hash_resume(psa_hash_operation_t *operation, const uint8_t *hash_state, size_t hash_state_length);

/* Message authentication codes: HMAC and CMAC, whole or shortened to at least 4 bytes. */

/** The MAC of input. Usage SIGN_MESSAGE. PSA_ERROR_BUFFER_TOO_SMALL below PSA_MAC_LENGTH(type, bits, alg),
 * PSA_ERROR_INVALID_ARGUMENT when alg is no MAC or does not go with the key, PSA_ERROR_NOT_SUPPORTED. */
psa_status_t psa_mac_compute(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                             uint8_t *mac, size_t mac_size, size_t *mac_length);

/** Is mac that of input? Usage VERIFY_MESSAGE. PSA_ERROR_INVALID_SIGNATURE if not, in constant time. */
psa_status_t psa_mac_verify(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                            const uint8_t *mac, size_t mac_length);

/** An operation that is not set up. */
static inline psa_mac_operation_t psa_mac_operation_init(void)
{
    const psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
    return operation;
}

/** Begin to compute a MAC in several parts; errors as of psa_mac_compute, and PSA_ERROR_BAD_STATE. */
psa_status_t psa_mac_sign_setup(psa_mac_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg);

/** Begin to verify a MAC in several parts. */
psa_status_t psa_mac_verify_setup(psa_mac_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg);

/** Some more bytes of the message. */
psa_status_t psa_mac_update(psa_mac_operation_t *operation, const uint8_t *input, size_t input_length);

/** Give the MAC; the operation is over. */
psa_status_t psa_mac_sign_finish(psa_mac_operation_t *operation, uint8_t *mac, size_t mac_size, size_t *mac_length);

/** Compare the MAC, in constant time; the operation is over. PSA_ERROR_INVALID_SIGNATURE. */
psa_status_t psa_mac_verify_finish(psa_mac_operation_t *operation, const uint8_t *mac, size_t mac_length);

/** Wipe the operation, whatever its state. */
psa_status_t psa_mac_abort(psa_mac_operation_t *operation);

/* Ciphers without authentication: whoever can alter the ciphertext alters the plaintext. */

/** Encrypt; output begins with a random IV of PSA_CIPHER_IV_LENGTH(type, alg) bytes. Usage ENCRYPT.
 * PSA_ERROR_BUFFER_TOO_SMALL below PSA_CIPHER_ENCRYPT_OUTPUT_SIZE, PSA_ERROR_INVALID_ARGUMENT for an input that is not
 * whole blocks where the mode has no padding, or an algorithm that does not go with the key. */
psa_status_t psa_cipher_encrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                uint8_t *output, size_t output_size, size_t *output_length);

/** Decrypt what begins with the IV. Usage DECRYPT. PSA_ERROR_INVALID_PADDING, found in constant time: whoever tells
 * strangers of it gives them an oracle all the same. */
psa_status_t psa_cipher_decrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *input, size_t input_length,
                                uint8_t *output, size_t output_size, size_t *output_length);

/** An operation that is not set up. */
static inline psa_cipher_operation_t psa_cipher_operation_init(void)
{
    const psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    return operation;
}

/** Begin to encrypt in several parts. */
psa_status_t psa_cipher_encrypt_setup(psa_cipher_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg);

/** Begin to decrypt in several parts. */
psa_status_t psa_cipher_decrypt_setup(psa_cipher_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg);

/** Draw the IV, use it and give it out. Once, when encrypting, before the first update. PSA_ERROR_BUFFER_TOO_SMALL. */
psa_status_t psa_cipher_generate_iv(psa_cipher_operation_t *operation, uint8_t *iv, size_t iv_size, size_t *iv_length);

/** Set the IV: PSA_CIPHER_IV_LENGTH(type, alg) bytes; for ChaCha20 also 16, a block counter and the nonce of RFC 8439. */
psa_status_t psa_cipher_set_iv(psa_cipher_operation_t *operation, const uint8_t *iv, size_t iv_length);

/** Some more bytes. Gives as many whole blocks as there are; decrypting with padding holds the last one back. */
psa_status_t psa_cipher_update(psa_cipher_operation_t *operation, const uint8_t *input, size_t input_length,
                               uint8_t *output, size_t output_size, size_t *output_length);

/** Give what is left; the operation is over. PSA_ERROR_INVALID_ARGUMENT for a length that is not whole blocks,
 * PSA_ERROR_INVALID_PADDING. */
psa_status_t psa_cipher_finish(psa_cipher_operation_t *operation, uint8_t *output, size_t output_size,
                               size_t *output_length);

/** Wipe the operation, whatever its state. */
psa_status_t psa_cipher_abort(psa_cipher_operation_t *operation);

/* Authenticated encryption with additional data. A nonce is used once with a key. */

/** Encrypt and authenticate; ciphertext ends with the tag. Usage ENCRYPT. The nonce: PSA_AEAD_NONCE_LENGTH bytes; GCM
 * takes any length but 0, CCM 7 to 13. PSA_ERROR_BUFFER_TOO_SMALL below PSA_AEAD_ENCRYPT_OUTPUT_SIZE. */
psa_status_t psa_aead_encrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *nonce, size_t nonce_length,
                              const uint8_t *additional_data, size_t additional_data_length, const uint8_t *plaintext,
                              size_t plaintext_length, uint8_t *ciphertext, size_t ciphertext_size,
                              size_t *ciphertext_length);

/** Check and decrypt. Usage DECRYPT. PSA_ERROR_INVALID_SIGNATURE when text, additional data, nonce or key are not those
 * of the sender; plaintext is then wiped. */
psa_status_t psa_aead_decrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *nonce, size_t nonce_length,
                              const uint8_t *additional_data, size_t additional_data_length, const uint8_t *ciphertext,
                              size_t ciphertext_length, uint8_t *plaintext, size_t plaintext_size,
                              size_t *plaintext_length);

/** An operation that is not set up. */
static inline psa_aead_operation_t psa_aead_operation_init(void)
{
    const psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    return operation;
}

/** Begin to encrypt in several parts. */
psa_status_t psa_aead_encrypt_setup(psa_aead_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg);

/** Begin to decrypt in several parts. What updates give is not to be believed before psa_aead_verify has succeeded. */
psa_status_t psa_aead_decrypt_setup(psa_aead_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg);

/** Announce the lengths, before the nonce; CCM needs it. PSA_ERROR_INVALID_ARGUMENT for more than the algorithm takes. */
psa_status_t psa_aead_set_lengths(psa_aead_operation_t *operation, size_t ad_length, size_t plaintext_length);

/** Draw the nonce, use it and give it out; when encrypting. */
psa_status_t psa_aead_generate_nonce(psa_aead_operation_t *operation, uint8_t *nonce, size_t nonce_size,
                                     size_t *nonce_length);

/** Set the nonce. */
psa_status_t psa_aead_set_nonce(psa_aead_operation_t *operation, const uint8_t *nonce, size_t nonce_length);

/** Some more additional data, after the nonce and before the text. */
psa_status_t psa_aead_update_ad(psa_aead_operation_t *operation, const uint8_t *input, size_t input_length);

/** Some more text; gives as many bytes as it takes. */
psa_status_t psa_aead_update(psa_aead_operation_t *operation, const uint8_t *input, size_t input_length,
                             uint8_t *output, size_t output_size, size_t *output_length);

/** Give the tag; the operation is over. There is never ciphertext left. */
psa_status_t psa_aead_finish(psa_aead_operation_t *operation, uint8_t *ciphertext, size_t ciphertext_size,
                             size_t *ciphertext_length, uint8_t *tag, size_t tag_size, size_t *tag_length);

/** Compare the tag, in constant time; the operation is over. PSA_ERROR_INVALID_SIGNATURE: throw the text away. */
psa_status_t psa_aead_verify(psa_aead_operation_t *operation, uint8_t *plaintext, size_t plaintext_size,
                             size_t *plaintext_length, const uint8_t *tag, size_t tag_length);

/** Wipe the operation, whatever its state. */
psa_status_t psa_aead_abort(psa_aead_operation_t *operation);

/* Key wrapping, of 1.4: AES in the modes KW (RFC 3394) and KWP (RFC 5649). */

/** Encrypt key, in its export format, under wrapping_key: usage WRAP of that, EXPORT of key. KW takes 16, 24, 32 … bytes,
 * KWP any length. PSA_ERROR_BUFFER_TOO_SMALL below PSA_WRAP_KEY_OUTPUT_SIZE. */
psa_status_t psa_wrap_key(psa_key_id_t wrapping_key, psa_algorithm_t alg, psa_key_id_t key, uint8_t *data,
                          size_t data_size, size_t *data_length);

/** Decrypt data with wrapping_key (usage UNWRAP) and make a key of it as psa_import_key does.
 * PSA_ERROR_INVALID_SIGNATURE for data that were not wrapped with it. */
psa_status_t psa_unwrap_key(const psa_key_attributes_t *attributes, psa_key_id_t wrapping_key, psa_algorithm_t alg,
                            const uint8_t *data, size_t data_length, psa_key_id_t *key);

#ifdef __cplusplus
}
#endif

#endif

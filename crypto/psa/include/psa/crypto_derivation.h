/* SPDX-License-Identifier: Apache-2.0 */
/* Key derivation of the PSA Certified Crypto API. Include psa/crypto.h instead.
 *
 *   algorithm               inputs, in this order
 *   HKDF                    SALT (may be left out), SECRET; INFO before, between or after them
 *   HKDF_EXTRACT            SALT, SECRET
 *   HKDF_EXPAND             SECRET (a pseudorandom key, as long as the hash), INFO
 *   SP800_108_COUNTER_HMAC  SECRET (of type DERIVE or HMAC), LABEL, CONTEXT (either may be left out)
 *   SP800_108_COUNTER_CMAC  SECRET (an AES key, not bytes), LABEL, CONTEXT (either may be left out)
 *   TLS12_PRF               SEED, SECRET, LABEL
 *   TLS12_PSK_TO_MS         SEED, OTHER_SECRET (may be left out), SECRET, LABEL
 *   PBKDF2_…                COST, SALT (once or more), PASSWORD
 *   SRP_PASSWORD_HASH       INFO (the user), PASSWORD, SALT
 *
 * SP 800-108 mixes the whole output's length in: it is the capacity when the first byte is asked for, which may not be set
 * any more then; psa_key_derivation_set_capacity first. A label has no zero byte there.
 *
 * A salt, seed, label, info or context has at most MICO_PSA_DERIVATION_INPUT_MAX bytes: PSA_ERROR_INSUFFICIENT_MEMORY. */
#ifndef PSA_CRYPTO_DERIVATION_H
#define PSA_CRYPTO_DERIVATION_H

#ifdef __cplusplus
extern "C" {
#endif

/** An operation that is not set up. */
static inline psa_key_derivation_operation_t psa_key_derivation_operation_init(void)
{
    const psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    return operation;
}

/** Begin to derive. alg is a derivation, or an agreement that feeds one. PSA_ERROR_INVALID_ARGUMENT,
 * PSA_ERROR_NOT_SUPPORTED, PSA_ERROR_BAD_STATE when the operation is in use. */
psa_status_t psa_key_derivation_setup(psa_key_derivation_operation_t *operation, psa_algorithm_t alg);

/** How many bytes may still be given out. */
psa_status_t psa_key_derivation_get_capacity(const psa_key_derivation_operation_t *operation, size_t *capacity);

/** Lower that number. PSA_ERROR_INVALID_ARGUMENT when it would rise: the operation goes on. */
psa_status_t psa_key_derivation_set_capacity(psa_key_derivation_operation_t *operation, size_t capacity);

/** Give an input as bytes. A SECRET or PASSWORD that comes so can make bytes, but no keys. PSA_ERROR_INVALID_ARGUMENT for
 * a step that the algorithm does not have, PSA_ERROR_BAD_STATE for one out of order. */
psa_status_t psa_key_derivation_input_bytes(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                            const uint8_t *data, size_t data_length);

/** Give a number: COST, the iterations of PBKDF2, 1 to 2^32 - 1. */
psa_status_t psa_key_derivation_input_integer(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                              uint64_t value);

/** Give an input as a key of usage DERIVE (or VERIFY_DERIVATION, if only psa_key_derivation_verify_… follows): a SECRET of
 * type DERIVE (above says of what else), a PASSWORD of type PASSWORD or DERIVE, a salt of type RAW_DATA or PEPPER, any
 * other input of type RAW_DATA. */
psa_status_t psa_key_derivation_input_key(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                          psa_key_id_t key);

/** Agree and take the secret as an input. The key's policy must permit the whole algorithm. */
psa_status_t psa_key_derivation_key_agreement(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                                              psa_key_id_t private_key, const uint8_t *peer_key,
                                              size_t peer_key_length);

/** The next output_length bytes. PSA_ERROR_INSUFFICIENT_DATA beyond the capacity, which is then 0, and output wiped;
 * PSA_ERROR_BAD_STATE while an input is missing. */
psa_status_t psa_key_derivation_output_bytes(psa_key_derivation_operation_t *operation, uint8_t *output,
                                             size_t output_length);

/** Make a key of the next bytes, when the secret came as a key. PSA_ERROR_NOT_PERMITTED when it did not. */
psa_status_t psa_key_derivation_output_key(const psa_key_attributes_t *attributes,
                                           psa_key_derivation_operation_t *operation, psa_key_id_t *key);

/** As psa_key_derivation_output_key (of 1.3); custom_data must be empty and custom->flags 0. */
psa_status_t psa_key_derivation_output_key_custom(const psa_key_attributes_t *attributes,
                                                  psa_key_derivation_operation_t *operation,
                                                  const psa_custom_key_parameters_t *custom, const uint8_t *custom_data,
                                                  size_t custom_data_length, psa_key_id_t *key);

/** Are the next bytes these? PSA_ERROR_INVALID_SIGNATURE if not, in constant time. */
psa_status_t psa_key_derivation_verify_bytes(psa_key_derivation_operation_t *operation, const uint8_t *expected_output,
                                             size_t output_length);

/** Are the next bytes those of expected, a PASSWORD_HASH key of usage VERIFY_DERIVATION? */
psa_status_t psa_key_derivation_verify_key(psa_key_derivation_operation_t *operation, psa_key_id_t expected);

/** Wipe the operation, whatever its state. */
psa_status_t psa_key_derivation_abort(psa_key_derivation_operation_t *operation);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Password-authenticated key exchange of the PSA Certified Crypto API (1.2's extension). Include psa/crypto.h instead.
 *
 * MiCO offers SRP-6a, PSA_ALG_SRP_6(hash), which the specification does not have, in the shape that others gave it. The
 * primitive is PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_DH_FAMILY_RFC3526, bits), bits of RFC 5054's groups: 1024,
 * 1536, 2048, 3072, 4096 and on hosts 6144 and 8192; the password's key has as many. 1024 bits are broken by whoever can
 * afford it. The key confirmation is PSA_PAKE_CONFIRMED_KEY. J-PAKE and SPAKE2+ give PSA_ERROR_NOT_SUPPORTED.
 *
 * u, k and the proofs hash numbers as long as the prime, M1 has H(g) of one byte, the secret is H(S).
 *
 *   client, its key the password's hash (PSA_KEY_TYPE_SRP_KEY_PAIR)     server, its key the verifier (…_SRP_PUBLIC_KEY)
 *   setup, set_role CLIENT, set_user                                    setup, set_role SERVER, set_user
 *   input SALT ◀─────────────────────────────────────────────────────── input SALT (its own)
 *   output KEY_SHARE (A) ─────────────────────────────────────────────▶ input KEY_SHARE
 *   input KEY_SHARE ◀──────────────────────────────────────────────────  output KEY_SHARE (B)
 *   output CONFIRM (M1) ──────────────────────────────────────────────▶ input CONFIRM: PSA_ERROR_INVALID_SIGNATURE
 *   input CONFIRM: PSA_ERROR_INVALID_SIGNATURE ◀─────────────────────── output CONFIRM (M2)
 *   get_shared_key                                                      get_shared_key
 *
 * The two shares may go in either order. A share and a proof take as much stack as MICO_PSA_PAKE_STACK(bits) says
 * (crypto/psa/mico_psa.h): on a Cortex-M 28 KiB, 32 for 4096 bits. */
#ifndef PSA_CRYPTO_PAKE_H
#define PSA_CRYPTO_PAKE_H

#ifdef __cplusplus
extern "C" {
#endif

/** A suite of nothing. */
static inline psa_pake_cipher_suite_t psa_pake_cipher_suite_init(void)
{
    const psa_pake_cipher_suite_t cipher_suite = PSA_PAKE_CIPHER_SUITE_INIT;
    return cipher_suite;
}

/** The suite's algorithm. */
static inline psa_algorithm_t psa_pake_cs_get_algorithm(const psa_pake_cipher_suite_t *cipher_suite)
{
    return cipher_suite->alg;
}

/** Set the suite's algorithm; 0 if it is no PAKE. */
static inline void psa_pake_cs_set_algorithm(psa_pake_cipher_suite_t *cipher_suite, psa_algorithm_t alg)
{
    cipher_suite->alg = PSA_ALG_IS_PAKE(alg) ? alg : PSA_ALG_NONE;
}

/** The suite's group. */
static inline psa_pake_primitive_t psa_pake_cs_get_primitive(const psa_pake_cipher_suite_t *cipher_suite)
{
    return cipher_suite->primitive;
}

/** Set the suite's group. */
static inline void psa_pake_cs_set_primitive(psa_pake_cipher_suite_t *cipher_suite, psa_pake_primitive_t primitive)
{
    cipher_suite->primitive = primitive;
}

/** PSA_PAKE_CONFIRMED_KEY or PSA_PAKE_UNCONFIRMED_KEY. */
static inline uint32_t psa_pake_cs_get_key_confirmation(const psa_pake_cipher_suite_t *cipher_suite)
{
    return cipher_suite->key_confirmation;
}

/** Set whether the key comes after both sides have proved that they have it. */
static inline void psa_pake_cs_set_key_confirmation(psa_pake_cipher_suite_t *cipher_suite, uint32_t key_confirmation)
{
    cipher_suite->key_confirmation = key_confirmation;
}

/** An operation that is not set up. */
static inline psa_pake_operation_t psa_pake_operation_init(void)
{
    const psa_pake_operation_t operation = PSA_PAKE_OPERATION_INIT;
    return operation;
}

/** Begin an exchange. password_key has usage DERIVE and permits the suite's algorithm. PSA_ERROR_INVALID_ARGUMENT for a
 * suite that does not fit together or with the key, PSA_ERROR_NOT_SUPPORTED, PSA_ERROR_BAD_STATE. */
psa_status_t psa_pake_setup(psa_pake_operation_t *operation, psa_key_id_t password_key,
                            const psa_pake_cipher_suite_t *cipher_suite);

/** Which side this is: for SRP-6a PSA_PAKE_ROLE_CLIENT or _SERVER, and it must go with the key. */
psa_status_t psa_pake_set_role(psa_pake_operation_t *operation, psa_pake_role_t role);

/** The user's name, at most MICO_PSA_PAKE_USER_MAX bytes. */
psa_status_t psa_pake_set_user(psa_pake_operation_t *operation, const uint8_t *user_id, size_t user_id_len);

/** The peer's name: SRP-6a has none, PSA_ERROR_BAD_STATE. */
psa_status_t psa_pake_set_peer(psa_pake_operation_t *operation, const uint8_t *peer_id, size_t peer_id_len);

/** More that both sides agree on: SRP-6a has none, PSA_ERROR_BAD_STATE. */
psa_status_t psa_pake_set_context(psa_pake_operation_t *operation, const uint8_t *context, size_t context_len);

/** Give what is to be sent to the peer in this step. PSA_ERROR_BUFFER_TOO_SMALL: see PSA_PAKE_OUTPUT_SIZE. */
psa_status_t psa_pake_output(psa_pake_operation_t *operation, psa_pake_step_t step, uint8_t *output, size_t output_size,
                             size_t *output_length);

/** Take what the peer sent in this step. PSA_ERROR_INVALID_SIGNATURE: the peer's proof is wrong;
 * PSA_ERROR_INVALID_ARGUMENT: what it sent is no such thing, as a share of 0 mod N. */
psa_status_t psa_pake_input(psa_pake_operation_t *operation, psa_pake_step_t step, const uint8_t *input,
                            size_t input_length);

/** Make a key of the secret that both now have; the operation is over. attributes' type is DERIVE, HMAC, RAW_DATA or
 * PASSWORD, its size that of the hash or 0. */
psa_status_t psa_pake_get_shared_key(psa_pake_operation_t *operation, const psa_key_attributes_t *attributes,
                                     psa_key_id_t *key);

/** Wipe the operation, whatever its state. */
psa_status_t psa_pake_abort(psa_pake_operation_t *operation);

#ifdef __cplusplus
}
#endif

#endif

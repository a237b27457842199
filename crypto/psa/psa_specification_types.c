/* SPDX-License-Identifier: Apache-2.0 */
/* Of psa_specification_test, what the compiler compares: the type of every function and of every number, and that every size is
 * a constant. The order is that of the specification's header. */
#include "psa/crypto.h"

#define FUNCTION(result, name, ...) \
    _Static_assert(_Generic(&name, result(*)(__VA_ARGS__) : 1, default : 0), #name " is not the specification's")
#define TYPE(name, same_as) _Static_assert(_Generic((name)0, same_as : 1, default : 0), #name " is not a " #same_as)

TYPE(psa_status_t, int32_t);
TYPE(psa_key_id_t, uint32_t);
TYPE(psa_key_type_t, uint16_t);
TYPE(psa_ecc_family_t, uint8_t);
TYPE(psa_dh_family_t, uint8_t);
TYPE(psa_key_lifetime_t, uint32_t);
TYPE(psa_key_persistence_t, uint8_t);
TYPE(psa_key_location_t, uint32_t);
TYPE(psa_algorithm_t, uint32_t);
TYPE(psa_key_usage_t, uint32_t);
TYPE(psa_key_derivation_step_t, uint16_t);
TYPE(psa_pake_primitive_t, uint32_t);
TYPE(psa_pake_primitive_type_t, uint8_t);
TYPE(psa_pake_family_t, uint8_t);
TYPE(psa_pake_role_t, uint8_t);
TYPE(psa_pake_step_t, uint8_t);

/* Shorthand for the functions below. */
typedef const uint8_t *in;
typedef uint8_t *out;
typedef const psa_key_attributes_t *attributes_in;

FUNCTION(psa_status_t, psa_crypto_init, void);
FUNCTION(psa_key_attributes_t, psa_key_attributes_init, void);
FUNCTION(psa_status_t, psa_get_key_attributes, psa_key_id_t, psa_key_attributes_t *);
FUNCTION(void, psa_reset_key_attributes, psa_key_attributes_t *);
FUNCTION(void, psa_set_key_type, psa_key_attributes_t *, psa_key_type_t);
FUNCTION(psa_key_type_t, psa_get_key_type, attributes_in);
FUNCTION(size_t, psa_get_key_bits, attributes_in);
FUNCTION(void, psa_set_key_bits, psa_key_attributes_t *, size_t);
FUNCTION(void, psa_set_key_lifetime, psa_key_attributes_t *, psa_key_lifetime_t);
FUNCTION(psa_key_lifetime_t, psa_get_key_lifetime, attributes_in);
FUNCTION(void, psa_set_key_id, psa_key_attributes_t *, psa_key_id_t);
FUNCTION(psa_key_id_t, psa_get_key_id, attributes_in);
FUNCTION(void, psa_set_key_algorithm, psa_key_attributes_t *, psa_algorithm_t);
FUNCTION(psa_algorithm_t, psa_get_key_algorithm, attributes_in);
FUNCTION(void, psa_set_key_usage_flags, psa_key_attributes_t *, psa_key_usage_t);
FUNCTION(psa_key_usage_t, psa_get_key_usage_flags, attributes_in);
FUNCTION(psa_status_t, psa_import_key, attributes_in, in, size_t, psa_key_id_t *);
FUNCTION(psa_status_t, psa_generate_key, attributes_in, psa_key_id_t *);
FUNCTION(psa_status_t, psa_copy_key, psa_key_id_t, attributes_in, psa_key_id_t *);
FUNCTION(psa_status_t, psa_destroy_key, psa_key_id_t);
FUNCTION(psa_status_t, psa_purge_key, psa_key_id_t);
FUNCTION(psa_status_t, psa_export_key, psa_key_id_t, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_export_public_key, psa_key_id_t, out, size_t, size_t *);

FUNCTION(psa_status_t, psa_hash_compute, psa_algorithm_t, in, size_t, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_hash_compare, psa_algorithm_t, in, size_t, in, size_t);
FUNCTION(psa_hash_operation_t, psa_hash_operation_init, void);
FUNCTION(psa_status_t, psa_hash_setup, psa_hash_operation_t *, psa_algorithm_t);
FUNCTION(psa_status_t, psa_hash_update, psa_hash_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_hash_finish, psa_hash_operation_t *, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_hash_verify, psa_hash_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_hash_abort, psa_hash_operation_t *);
FUNCTION(psa_status_t, psa_hash_suspend, psa_hash_operation_t *, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_hash_resume, psa_hash_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_hash_clone, const psa_hash_operation_t *, psa_hash_operation_t *);

FUNCTION(psa_status_t, psa_mac_compute, psa_key_id_t, psa_algorithm_t, in, size_t, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_mac_verify, psa_key_id_t, psa_algorithm_t, in, size_t, in, size_t);
FUNCTION(psa_mac_operation_t, psa_mac_operation_init, void);
FUNCTION(psa_status_t, psa_mac_sign_setup, psa_mac_operation_t *, psa_key_id_t, psa_algorithm_t);
FUNCTION(psa_status_t, psa_mac_verify_setup, psa_mac_operation_t *, psa_key_id_t, psa_algorithm_t);
FUNCTION(psa_status_t, psa_mac_update, psa_mac_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_mac_sign_finish, psa_mac_operation_t *, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_mac_verify_finish, psa_mac_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_mac_abort, psa_mac_operation_t *);

FUNCTION(psa_status_t, psa_cipher_encrypt, psa_key_id_t, psa_algorithm_t, in, size_t, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_cipher_decrypt, psa_key_id_t, psa_algorithm_t, in, size_t, out, size_t, size_t *);
FUNCTION(psa_cipher_operation_t, psa_cipher_operation_init, void);
FUNCTION(psa_status_t, psa_cipher_encrypt_setup, psa_cipher_operation_t *, psa_key_id_t, psa_algorithm_t);
FUNCTION(psa_status_t, psa_cipher_decrypt_setup, psa_cipher_operation_t *, psa_key_id_t, psa_algorithm_t);
FUNCTION(psa_status_t, psa_cipher_generate_iv, psa_cipher_operation_t *, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_cipher_set_iv, psa_cipher_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_cipher_update, psa_cipher_operation_t *, in, size_t, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_cipher_finish, psa_cipher_operation_t *, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_cipher_abort, psa_cipher_operation_t *);

FUNCTION(psa_status_t, psa_aead_encrypt, psa_key_id_t, psa_algorithm_t, in, size_t, in, size_t, in, size_t, out, size_t,
         size_t *);
FUNCTION(psa_status_t, psa_aead_decrypt, psa_key_id_t, psa_algorithm_t, in, size_t, in, size_t, in, size_t, out, size_t,
         size_t *);
FUNCTION(psa_aead_operation_t, psa_aead_operation_init, void);
FUNCTION(psa_status_t, psa_aead_encrypt_setup, psa_aead_operation_t *, psa_key_id_t, psa_algorithm_t);
FUNCTION(psa_status_t, psa_aead_decrypt_setup, psa_aead_operation_t *, psa_key_id_t, psa_algorithm_t);
FUNCTION(psa_status_t, psa_aead_set_lengths, psa_aead_operation_t *, size_t, size_t);
FUNCTION(psa_status_t, psa_aead_generate_nonce, psa_aead_operation_t *, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_aead_set_nonce, psa_aead_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_aead_update_ad, psa_aead_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_aead_update, psa_aead_operation_t *, in, size_t, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_aead_finish, psa_aead_operation_t *, out, size_t, size_t *, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_aead_verify, psa_aead_operation_t *, out, size_t, size_t *, in, size_t);
FUNCTION(psa_status_t, psa_aead_abort, psa_aead_operation_t *);

FUNCTION(psa_key_derivation_operation_t, psa_key_derivation_operation_init, void);
FUNCTION(psa_status_t, psa_key_derivation_setup, psa_key_derivation_operation_t *, psa_algorithm_t);
FUNCTION(psa_status_t, psa_key_derivation_get_capacity, const psa_key_derivation_operation_t *, size_t *);
FUNCTION(psa_status_t, psa_key_derivation_set_capacity, psa_key_derivation_operation_t *, size_t);
FUNCTION(psa_status_t, psa_key_derivation_input_bytes, psa_key_derivation_operation_t *, psa_key_derivation_step_t, in,
         size_t);
FUNCTION(psa_status_t, psa_key_derivation_input_integer, psa_key_derivation_operation_t *, psa_key_derivation_step_t,
         uint64_t);
FUNCTION(psa_status_t, psa_key_derivation_input_key, psa_key_derivation_operation_t *, psa_key_derivation_step_t,
         psa_key_id_t);
FUNCTION(psa_status_t, psa_key_derivation_output_bytes, psa_key_derivation_operation_t *, out, size_t);
FUNCTION(psa_status_t, psa_key_derivation_output_key, attributes_in, psa_key_derivation_operation_t *, psa_key_id_t *);
FUNCTION(psa_status_t, psa_key_derivation_verify_bytes, psa_key_derivation_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_key_derivation_verify_key, psa_key_derivation_operation_t *, psa_key_id_t);
FUNCTION(psa_status_t, psa_key_derivation_abort, psa_key_derivation_operation_t *);

FUNCTION(psa_status_t, psa_sign_message, psa_key_id_t, psa_algorithm_t, in, size_t, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_verify_message, psa_key_id_t, psa_algorithm_t, in, size_t, in, size_t);
FUNCTION(psa_status_t, psa_sign_hash, psa_key_id_t, psa_algorithm_t, in, size_t, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_verify_hash, psa_key_id_t, psa_algorithm_t, in, size_t, in, size_t);
FUNCTION(psa_status_t, psa_asymmetric_encrypt, psa_key_id_t, psa_algorithm_t, in, size_t, in, size_t, out, size_t,
         size_t *);
FUNCTION(psa_status_t, psa_asymmetric_decrypt, psa_key_id_t, psa_algorithm_t, in, size_t, in, size_t, out, size_t,
         size_t *);
FUNCTION(psa_status_t, psa_key_agreement, psa_key_id_t, in, size_t, psa_algorithm_t, attributes_in, psa_key_id_t *);
FUNCTION(psa_status_t, psa_raw_key_agreement, psa_algorithm_t, psa_key_id_t, in, size_t, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_key_derivation_key_agreement, psa_key_derivation_operation_t *, psa_key_derivation_step_t,
         psa_key_id_t, in, size_t);
FUNCTION(psa_status_t, psa_generate_random, out, size_t);

FUNCTION(psa_pake_cipher_suite_t, psa_pake_cipher_suite_init, void);
FUNCTION(psa_algorithm_t, psa_pake_cs_get_algorithm, const psa_pake_cipher_suite_t *);
FUNCTION(void, psa_pake_cs_set_algorithm, psa_pake_cipher_suite_t *, psa_algorithm_t);
FUNCTION(psa_pake_primitive_t, psa_pake_cs_get_primitive, const psa_pake_cipher_suite_t *);
FUNCTION(void, psa_pake_cs_set_primitive, psa_pake_cipher_suite_t *, psa_pake_primitive_t);
FUNCTION(uint32_t, psa_pake_cs_get_key_confirmation, const psa_pake_cipher_suite_t *);
FUNCTION(void, psa_pake_cs_set_key_confirmation, psa_pake_cipher_suite_t *, uint32_t);
FUNCTION(psa_pake_operation_t, psa_pake_operation_init, void);
FUNCTION(psa_status_t, psa_pake_setup, psa_pake_operation_t *, psa_key_id_t, const psa_pake_cipher_suite_t *);
FUNCTION(psa_status_t, psa_pake_set_role, psa_pake_operation_t *, psa_pake_role_t);
FUNCTION(psa_status_t, psa_pake_set_user, psa_pake_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_pake_set_peer, psa_pake_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_pake_set_context, psa_pake_operation_t *, in, size_t);
FUNCTION(psa_status_t, psa_pake_output, psa_pake_operation_t *, psa_pake_step_t, out, size_t, size_t *);
FUNCTION(psa_status_t, psa_pake_input, psa_pake_operation_t *, psa_pake_step_t, in, size_t);
FUNCTION(psa_status_t, psa_pake_get_shared_key, psa_pake_operation_t *, attributes_in, psa_key_id_t *);
FUNCTION(psa_status_t, psa_pake_abort, psa_pake_operation_t *);

/* Sizes that the implementation chooses: the name is there, a constant, and not zero. */
#define IS_A_SIZE(size) _Static_assert((size) > 0, #size)
IS_A_SIZE(PSA_EXPORT_KEY_OUTPUT_SIZE(PSA_KEY_TYPE_AES, 128));
IS_A_SIZE(PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048));
IS_A_SIZE(PSA_EXPORT_KEY_PAIR_MAX_SIZE);
IS_A_SIZE(PSA_EXPORT_PUBLIC_KEY_MAX_SIZE);
IS_A_SIZE(PSA_HASH_MAX_SIZE);
IS_A_SIZE(PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE);
IS_A_SIZE(PSA_MAC_MAX_SIZE);
IS_A_SIZE(PSA_CIPHER_ENCRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_AES, PSA_ALG_CTR, 1));
IS_A_SIZE(PSA_CIPHER_ENCRYPT_OUTPUT_MAX_SIZE(1));
IS_A_SIZE(PSA_CIPHER_DECRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_AES, PSA_ALG_CTR, 17));
IS_A_SIZE(PSA_CIPHER_DECRYPT_OUTPUT_MAX_SIZE(1));
IS_A_SIZE(PSA_CIPHER_IV_LENGTH(PSA_KEY_TYPE_AES, PSA_ALG_CTR));
IS_A_SIZE(PSA_CIPHER_IV_MAX_SIZE);
IS_A_SIZE(PSA_CIPHER_UPDATE_OUTPUT_SIZE(PSA_KEY_TYPE_AES, PSA_ALG_CTR, 1));
IS_A_SIZE(PSA_CIPHER_UPDATE_OUTPUT_MAX_SIZE(1));
IS_A_SIZE(PSA_CIPHER_FINISH_OUTPUT_SIZE(PSA_KEY_TYPE_AES, PSA_ALG_CBC_PKCS7));
IS_A_SIZE(PSA_CIPHER_FINISH_OUTPUT_MAX_SIZE);
IS_A_SIZE(PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE);
IS_A_SIZE(PSA_AEAD_ENCRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_AES, PSA_ALG_GCM, 1));
IS_A_SIZE(PSA_AEAD_ENCRYPT_OUTPUT_MAX_SIZE(1));
IS_A_SIZE(PSA_AEAD_DECRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_AES, PSA_ALG_GCM, 17));
IS_A_SIZE(PSA_AEAD_DECRYPT_OUTPUT_MAX_SIZE(1));
IS_A_SIZE(PSA_AEAD_NONCE_MAX_SIZE);
IS_A_SIZE(PSA_AEAD_UPDATE_OUTPUT_SIZE(PSA_KEY_TYPE_AES, PSA_ALG_GCM, 1));
IS_A_SIZE(PSA_AEAD_UPDATE_OUTPUT_MAX_SIZE(1));
IS_A_SIZE(PSA_AEAD_FINISH_OUTPUT_SIZE(PSA_KEY_TYPE_AES, PSA_ALG_GCM) + 1);
IS_A_SIZE(PSA_AEAD_FINISH_OUTPUT_MAX_SIZE);
IS_A_SIZE(PSA_AEAD_TAG_MAX_SIZE);
IS_A_SIZE(PSA_AEAD_VERIFY_OUTPUT_SIZE(PSA_KEY_TYPE_AES, PSA_ALG_GCM) + 1);
IS_A_SIZE(PSA_AEAD_VERIFY_OUTPUT_MAX_SIZE);
IS_A_SIZE(PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE);
IS_A_SIZE(PSA_SIGN_OUTPUT_SIZE(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PSS(PSA_ALG_SHA_256)));
IS_A_SIZE(PSA_SIGNATURE_MAX_SIZE);
IS_A_SIZE(PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PKCS1V15_CRYPT));
IS_A_SIZE(PSA_ASYMMETRIC_ENCRYPT_OUTPUT_MAX_SIZE);
IS_A_SIZE(PSA_ASYMMETRIC_DECRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PKCS1V15_CRYPT));
IS_A_SIZE(PSA_ASYMMETRIC_DECRYPT_OUTPUT_MAX_SIZE);
IS_A_SIZE(PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE(PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919), 2048));
IS_A_SIZE(PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE);
IS_A_SIZE(PSA_PAKE_OUTPUT_SIZE(PSA_ALG_SRP_6(PSA_ALG_SHA_256), PSA_PAKE_PRIMITIVE(2, 5, 3072), 1));
IS_A_SIZE(PSA_PAKE_OUTPUT_MAX_SIZE);
IS_A_SIZE(PSA_PAKE_INPUT_SIZE(PSA_ALG_SRP_6(PSA_ALG_SHA_256), PSA_PAKE_PRIMITIVE(2, 5, 3072), 1));
IS_A_SIZE(PSA_PAKE_INPUT_MAX_SIZE);

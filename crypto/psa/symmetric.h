/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: what location 0 does with symmetric keys; the entries of struct mico_psa_driver (see mico_psa.h for
 * their contracts). ctx is not used. */
#ifndef CRYPTO_PSA_SYMMETRIC_H
#define CRYPTO_PSA_SYMMETRIC_H

#include "crypto/primitives/block.h"
#include "crypto/psa/mico_psa.h"

/* The block cipher of a key type; NULL when this build has none such. In software.c. */
const struct mico_block_cipher *psa_block_cipher(psa_key_type_t type);

static inline struct mico_span psa_bytes_of(const struct mico_psa_key *key)
{
    return (struct mico_span){key->note, key->note_len};
}

/* soft_mac.c */
psa_status_t psa_soft_mac(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                          uint8_t out[PSA_MAC_MAX_SIZE]);
psa_status_t psa_soft_mac_start(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, void *state);
psa_status_t psa_soft_mac_add(void *ctx, void *state, struct mico_span data);
psa_status_t psa_soft_mac_end(void *ctx, void *state, uint8_t out[PSA_MAC_MAX_SIZE]);

/* soft_cipher.c */
psa_status_t psa_soft_cipher_start(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, bool encrypting,
                                   void *state);
psa_status_t psa_soft_cipher_iv(void *ctx, void *state, struct mico_span iv);
psa_status_t psa_soft_cipher_add(void *ctx, void *state, struct mico_span in, uint8_t *out, size_t cap, size_t *len);
psa_status_t psa_soft_cipher_end(void *ctx, void *state, uint8_t *out, size_t cap, size_t *len);

/* soft_aead.c */
psa_status_t psa_soft_seal(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                           struct mico_span aad, struct mico_span text, uint8_t *sealed, size_t tag_len);
psa_status_t psa_soft_open(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                           struct mico_span aad, struct mico_span sealed, uint8_t *text, size_t tag_len);
psa_status_t psa_soft_aead_start(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, size_t tag_len,
                                 bool encrypting, void *state);
psa_status_t psa_soft_aead_begin(void *ctx, void *state, struct mico_span nonce, size_t aad_len, size_t text_len);
psa_status_t psa_soft_aead_aad(void *ctx, void *state, struct mico_span data);
psa_status_t psa_soft_aead_text(void *ctx, void *state, struct mico_span in, uint8_t *out);
psa_status_t psa_soft_aead_end(void *ctx, void *state, uint8_t tag[16]);

/* soft_wrap.c */
psa_status_t psa_soft_wrap(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span in,
                           uint8_t *out, size_t cap, size_t *len);
psa_status_t psa_soft_unwrap(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span in,
                             uint8_t *out, size_t cap, size_t *len);

#endif

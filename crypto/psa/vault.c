/* SPDX-License-Identifier: Apache-2.0 */
/* What the vault computes is no cryptography: each entry gives bytes that tell where they came from. */
#include "crypto/psa/vault.h"

#include <string.h>

unsigned vault_calls;

static psa_status_t answer(uint8_t mark, uint8_t *out, size_t cap, size_t size, size_t *len)
{
    vault_calls++;
    if (cap < size) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    memset(out, mark, size);
    *len = size;
    return PSA_SUCCESS;
}

static psa_status_t note(struct mico_psa_key *key)
{
    vault_calls++;
    key->note[0] = 1;
    key->note_len = 1; /* a handle: the core never sees the secret */
    key->attributes.bits = key->attributes.bits == 0 ? 256 : key->attributes.bits;
    return PSA_SUCCESS;
}

static psa_status_t generate(void *ctx, struct mico_psa_key *key, struct mico_span custom)
{
    return note(key);
}

static psa_status_t import(void *ctx, struct mico_psa_key *key, struct mico_span data)
{
    return note(key);
}

static psa_status_t destroy(void *ctx, struct mico_psa_key *key)
{
    vault_calls++;
    return PSA_SUCCESS;
}

static psa_status_t export_public(void *ctx, const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    return answer('p', out, cap, 65, len);
}

static psa_status_t sign(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span in,
                         uint8_t *out, size_t cap, size_t *len)
{
    return answer('s', out, cap, 64, len);
}

static psa_status_t verify(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span in,
                           struct mico_span signature)
{
    vault_calls++;
    return PSA_SUCCESS;
}

static psa_status_t crypt(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span text,
                          struct mico_span salt, uint8_t *out, size_t cap, size_t *len)
{
    return answer('c', out, cap, 32, len);
}

static psa_status_t agree(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer,
                          uint8_t *out, size_t cap, size_t *len)
{
    return answer('a', out, cap, 32, len);
}

static psa_status_t mac(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                        uint8_t out[PSA_MAC_MAX_SIZE])
{
    size_t len;
    return answer('m', out, PSA_MAC_MAX_SIZE, 32, &len);
}

static psa_status_t start(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, void *state)
{
    vault_calls++;
    return PSA_SUCCESS;
}

static psa_status_t add(void *ctx, void *state, struct mico_span data)
{
    vault_calls++;
    return PSA_SUCCESS;
}

static psa_status_t end(void *ctx, void *state, uint8_t *out)
{
    size_t len;
    return answer('e', out, 16, 16, &len);
}

static psa_status_t cipher_start(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, bool encrypting,
                                 void *state)
{
    vault_calls++;
    return PSA_SUCCESS;
}

static psa_status_t cipher_add(void *ctx, void *state, struct mico_span in, uint8_t *out, size_t cap, size_t *len)
{
    return answer('x', out, cap, in.len, len);
}

static psa_status_t cipher_end(void *ctx, void *state, uint8_t *out, size_t cap, size_t *len)
{
    vault_calls++;
    *len = 0;
    return PSA_SUCCESS;
}

static psa_status_t seal(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                         struct mico_span aad, struct mico_span text, uint8_t *sealed, size_t tag_len)
{
    size_t len;
    return answer('S', sealed, text.len + tag_len, text.len + tag_len, &len);
}

static psa_status_t open(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                         struct mico_span aad, struct mico_span sealed, uint8_t *text, size_t tag_len)
{
    size_t len;
    return answer('O', text, sealed.len - tag_len, sealed.len - tag_len, &len);
}

static psa_status_t aead_start(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, size_t tag_len,
                               bool encrypting, void *state)
{
    vault_calls++;
    return PSA_SUCCESS;
}

static psa_status_t aead_begin(void *ctx, void *state, struct mico_span nonce, size_t aad_len, size_t text_len)
{
    vault_calls++;
    return PSA_SUCCESS;
}

static psa_status_t aead_text(void *ctx, void *state, struct mico_span in, uint8_t *out)
{
    size_t len;
    return answer('t', out, in.len, in.len, &len);
}

static psa_status_t derive_start(void *ctx, const struct mico_psa_key *key, struct mico_span peer, uint32_t *handle)
{
    vault_calls++;
    *handle = 9;
    return PSA_SUCCESS;
}

static psa_status_t derive(void *ctx, uint32_t handle, const struct mico_psa_derivation *how, uint8_t *out, size_t len)
{
    size_t given;
    return answer('d', out, len, len, &given);
}

static psa_status_t derive_key(void *ctx, uint32_t handle, const struct mico_psa_derivation *how,
                               struct mico_psa_key *key)
{
    return note(key);
}

static void derive_end(void *ctx, uint32_t handle)
{
    vault_calls++;
}

static psa_status_t wrap(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span in,
                         uint8_t *out, size_t cap, size_t *len)
{
    return answer('w', out, cap, 24, len);
}

const struct mico_psa_driver vault = {.location = VAULT,
                                      .generate = generate,
                                      .import = import,
                                      .destroy = destroy,
                                      .export_public = export_public,
                                      .sign_message = sign,
                                      .sign_hash = sign,
                                      .verify_message = verify,
                                      .verify_hash = verify,
                                      .encrypt = crypt,
                                      .decrypt = crypt,
                                      .agree = agree,
                                      .mac = mac,
                                      .mac_start = start,
                                      .mac_add = add,
                                      .mac_end = end,
                                      .cipher_start = cipher_start,
                                      .cipher_iv = add,
                                      .cipher_add = cipher_add,
                                      .cipher_end = cipher_end,
                                      .seal = seal,
                                      .open = open,
                                      .aead_start = aead_start,
                                      .aead_begin = aead_begin,
                                      .aead_aad = add,
                                      .aead_text = aead_text,
                                      .aead_end = end,
                                      .derive_start = derive_start,
                                      .derive = derive,
                                      .derive_key = derive_key,
                                      .derive_end = derive_end,
                                      .wrap = wrap,
                                      .unwrap = wrap};

/* It takes keys and does nothing with them. */
const struct mico_psa_driver vault_empty = {
    .location = EMPTY, .generate = generate, .import = import, .destroy = destroy};

/* SPDX-License-Identifier: Apache-2.0 */
/* One block of a block cipher: AES (FIPS 197) with keys of 16, 24 and 32 bytes, and 3DES (SP 800-67) with 24 bytes, or 16
 * (two keys), or 8 (DES). The modes of crypto/psa are put together from these, so that TLS gets none of them with it.
 *
 * Time: AES's is constant on Cortex-M (aes_even.c) and on processors with AES instructions; on other hosts, and of DES everywhere,
 * tables are looked up by key and text. */
#ifndef CRYPTO_PRIMITIVES_BLOCK_H
#define CRYPTO_PRIMITIVES_BLOCK_H

#include <stdbool.h>

#include "crypto/primitives/primitives.h"

#define MICO_BLOCK_MAX 16
#if defined(__arm__)
#define MICO_BLOCK_STATE 56 /* words of 8 bytes: wolfCrypt's Aes of 50, Des3 of 51 */
#else
#define MICO_BLOCK_STATE 136 /* Aes, with GHASH's table */
#endif

struct mico_block_state {
    bool encrypting;
    _Alignas(16) uint64_t opaque[MICO_BLOCK_STATE];
};
struct mico_block_cipher {
    uint8_t size;                                                                             /* bytes of a block */
    uint8_t constant;                                                                         /* R of SP 800-38B */
    mico_err (*start)(struct mico_block_state *state, struct mico_span key, bool encrypting); /* MICO_ERR_PARAM */
    void (*work)(struct mico_block_state *state, const uint8_t *in, uint8_t *out);            /* in may be out */
    void (*two)(struct mico_block_state *state, uint8_t *a, uint8_t *b); /* in place; on boards AES takes one's time */
    void (*stop)(struct mico_block_state *state);                        /* wipes */
};
extern const struct mico_block_cipher mico_aes, mico_des;

/* CMAC (SP 800-38B, RFC 4493) in parts. */
struct mico_cmac {
    const struct mico_block_cipher *cipher;
    uint8_t mac[MICO_BLOCK_MAX];
    uint8_t last[MICO_BLOCK_MAX]; /* the last block, full or not, that has come */
    size_t used;
    struct mico_block_state state;
};
/** MICO_ERR_PARAM: the key is not one of cipher. */
MICO_MUST_USE mico_err mico_cmac_start(struct mico_cmac *cmac, const struct mico_block_cipher *cipher,
                                       struct mico_span key);
void mico_cmac_add(struct mico_cmac *cmac, struct mico_span data);
/** out has cipher->size bytes. The state is wiped. */
void mico_cmac_finish(struct mico_cmac *cmac, uint8_t *out);

#endif

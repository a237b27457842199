/* SPDX-License-Identifier: Apache-2.0 */
/* DES and 3DES by the block, for old formats. wolfCrypt's is built apart (wolfssl_legacy), so that TLS does not get it. */
#include "crypto/primitives/block.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/des3.h>

#include "crypto/primitives/must.h"

_Static_assert(sizeof(Des3) <= sizeof(((struct mico_block_state *)NULL)->opaque), "the state holds wolfCrypt's");

/* SP 800-67 section 3.1: one key is three equal ones, of two the first is the third too. */
static mico_err start(struct mico_block_state *state, struct mico_span key, bool encrypting)
{
    uint8_t keys[24];
    if (key.len != 8 && key.len != 16 && key.len != 24) {
        return MICO_ERR_PARAM;
    }
    for (size_t i = 0; i < sizeof keys; i++) {
        keys[i] = key.data[i % key.len];
    }
    MICO_MUST(wc_Des3Init((Des3 *)state->opaque, NULL, INVALID_DEVID) == 0);
    MICO_MUST(wc_Des3_SetKey((Des3 *)state->opaque, keys, NULL, encrypting ? DES_ENCRYPTION : DES_DECRYPTION) == 0);
    mico_wipe(keys, sizeof keys);
    return MICO_OK;
}

static void work(struct mico_block_state *state, const uint8_t *in, uint8_t *out)
{
    MICO_MUST(wc_Des3_EcbEncrypt((Des3 *)state->opaque, out, in, 8) == 0); /* or decrypt: the key says which */
}

static void two(struct mico_block_state *state, uint8_t *a, uint8_t *b)
{
    work(state, a, a);
    work(state, b, b);
}

static void stop(struct mico_block_state *state)
{
    wc_Des3Free((Des3 *)state->opaque);
    mico_wipe(state, sizeof *state);
}

const struct mico_block_cipher mico_des = {8, 0x1b, start, work, two, stop};

/* SPDX-License-Identifier: Apache-2.0 */
/* AES by the block, and CMAC over any block cipher. */
#include "crypto/primitives/block.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/aes.h>

#include "crypto/primitives/aes_even.h"
#include "crypto/primitives/must.h"

_Static_assert(sizeof(Aes) <= sizeof(((struct mico_block_state *)NULL)->opaque), "the state holds wolfCrypt's");

static mico_err start(struct mico_block_state *state, struct mico_span key, bool encrypting)
{
    if (key.len != 16 && key.len != 24 && key.len != 32) {
        return MICO_ERR_PARAM;
    }
    MICO_MUST(wc_AesInit((Aes *)state->opaque, NULL, INVALID_DEVID) == 0);
    MICO_MUST(wc_AesSetKeyDirect((Aes *)state->opaque, key.data, (uint32_t)key.len, NULL,
                                 encrypting ? AES_ENCRYPTION : AES_DECRYPTION) == 0);
    state->encrypting = encrypting;
    return MICO_OK;
}

/* wolfCrypt's code for AES instructions would ask for memory to align a block. */
static void work(struct mico_block_state *state, const uint8_t *in, uint8_t *out)
{
    _Alignas(16) uint8_t from[16];
    _Alignas(16) uint8_t to[16];
    memcpy(from, in, 16);
    MICO_MUST((state->encrypting ? wc_AesEncryptDirect : wc_AesDecryptDirect)((Aes *)state->opaque, to, from) == 0);
    memcpy(out, to, 16);
    mico_wipe(from, sizeof from);
    mico_wipe(to, sizeof to);
}

#if defined(__arm__)
static void two(struct mico_block_state *state, uint8_t *a, uint8_t *b)
{
    const Aes *aes = (const Aes *)state->opaque;
    uint8_t blocks[32];
    memcpy(blocks, a, 16);
    memcpy(blocks + 16, b, 16);
    (state->encrypting ? AES_ECB_encrypt : AES_ECB_decrypt)(blocks, blocks, 32, (const uint8_t *)aes->key,
                                                            (int)aes->rounds);
    memcpy(a, blocks, 16);
    memcpy(b, blocks + 16, 16);
    mico_wipe(blocks, sizeof blocks);
}
#else
static void two(struct mico_block_state *state, uint8_t *a, uint8_t *b)
{
    work(state, a, a);
    work(state, b, b);
}
#endif

static void stop(struct mico_block_state *state)
{
    wc_AesFree((Aes *)state->opaque);
    mico_wipe(state, sizeof *state);
}

const struct mico_block_cipher mico_aes = {16, 0x87, start, work, two, stop};

/* Section 6.1: multiply by x, without a branch on the key's bits. */
static void twice(const struct mico_block_cipher *cipher, uint8_t block[MICO_BLOCK_MAX])
{
    uint8_t top = (uint8_t)(0 - (block[0] >> 7));
    size_t last = cipher->size - 1u;
    for (size_t i = 0; i < last; i++) {
        block[i] = (uint8_t)(block[i] << 1 | block[i + 1] >> 7);
    }
    block[last] = (uint8_t)(block[last] << 1 ^ (top & cipher->constant));
}

mico_err mico_cmac_start(struct mico_cmac *cmac, const struct mico_block_cipher *cipher, struct mico_span key)
{
    memset(cmac, 0, sizeof *cmac);
    cmac->cipher = cipher;
    return cipher->start(&cmac->state, key, true);
}

static void mix_last(struct mico_cmac *cmac)
{
    for (size_t i = 0; i < cmac->cipher->size; i++) {
        cmac->mac[i] ^= cmac->last[i];
    }
    cmac->cipher->work(&cmac->state, cmac->mac, cmac->mac);
}

void mico_cmac_add(struct mico_cmac *cmac, struct mico_span data)
{
    while (data.len != 0) {
        if (cmac->used == cmac->cipher->size) {
            mix_last(cmac);
            cmac->used = 0;
        }
        size_t room = cmac->cipher->size - cmac->used, take = data.len < room ? data.len : room;
        memcpy(cmac->last + cmac->used, data.data, take);
        cmac->used += take;
        data = (struct mico_span){data.data + take, data.len - take};
    }
}

void mico_cmac_finish(struct mico_cmac *cmac, uint8_t *out)
{
    uint8_t sub[MICO_BLOCK_MAX] = {0};
    size_t size = cmac->cipher->size;

    cmac->cipher->work(&cmac->state, sub, sub);
    twice(cmac->cipher, sub);
    if (cmac->used < size) {
        twice(cmac->cipher, sub);
        memset(cmac->last + cmac->used, 0, size - cmac->used);
        cmac->last[cmac->used] = 0x80;
    }
    for (size_t i = 0; i < size; i++) {
        cmac->last[i] ^= sub[i];
    }
    mix_last(cmac);
    memcpy(out, cmac->mac, size);
    cmac->cipher->stop(&cmac->state);
    mico_wipe(cmac, sizeof *cmac);
    mico_wipe(sub, sizeof sub);
}

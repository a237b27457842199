/* SPDX-License-Identifier: Apache-2.0 */
/* Location 0's ciphers: the modes of SP 800-38A over AES and 3DES, CCM*'s counter mode, ChaCha20 (RFC 8439).
 *
 * A mode is a function over one whole block, or over a byte and the block that covers it. Blocks are gathered in
 * `block`; a padded text's last block is held back until the end. */
#include <string.h>

#include "crypto/primitives/stream.h"
#include "crypto/psa/core.h"
#include "crypto/psa/symmetric.h"

struct soft_cipher {
    psa_algorithm_t alg;
    bool encrypting, whole;     /* whole: as in struct mode */
    uint8_t size;               /* bytes of a block; 1 for ChaCha20 */
    uint8_t used;               /* bytes of block: gathered, or spent of a key stream */
    uint8_t made;               /* bytes of block that are key stream: of two blocks, where a counter gives them */
    uint32_t taken;             /* bytes, by CCM*, whose counter has two of its own */
    uint8_t key[32];            /* of ChaCha20, until the nonce is there */
    uint8_t iv[MICO_BLOCK_MAX]; /* the chained block, or the counter */
    uint8_t block[2 * MICO_BLOCK_MAX];
    const struct mico_block_cipher *cipher;
    union {
        struct mico_block_state block;
        struct mico_chacha20 chacha;
    } as;
};
_Static_assert(sizeof(struct soft_cipher) <= MICO_PSA_CIPHER_STATE, "an operation holds every cipher");

/* Is it this algorithm, and is that in the build? What is not is not compiled either. */
#define HAS(name) PSA_HAS(PSA_WANT_ALG_##name)
#define IS(alg, name) (HAS(name) && (alg) == PSA_ALG_##name)
#define HAS_COUNTERS (HAS(CTR) || HAS(CCM_STAR_NO_TAG))
#define HAS_CHAINS (HAS(CBC_NO_PADDING) || HAS(CBC_PKCS7))
#define HAS_BLOCKS (HAS_CHAINS || HAS(ECB_NO_PADDING))
#define HAS_BYTES (HAS_COUNTERS || HAS(CFB) || HAS(OFB))

static const struct mode {
    psa_algorithm_t alg;
    bool whole; /* works on whole blocks, and decrypting runs the block cipher backwards */
} modes[] = {
#ifdef PSA_WANT_ALG_CTR
    {PSA_ALG_CTR, false},
#endif
#ifdef PSA_WANT_ALG_CFB
    {PSA_ALG_CFB, false},
#endif
#ifdef PSA_WANT_ALG_OFB
    {PSA_ALG_OFB, false},
#endif
#ifdef PSA_WANT_ALG_CCM_STAR_NO_TAG
    {PSA_ALG_CCM_STAR_NO_TAG, false},
#endif
#ifdef PSA_WANT_ALG_ECB_NO_PADDING
    {PSA_ALG_ECB_NO_PADDING, true},
#endif
#ifdef PSA_WANT_ALG_CBC_NO_PADDING
    {PSA_ALG_CBC_NO_PADDING, true},
#endif
#ifdef PSA_WANT_ALG_CBC_PKCS7
    {PSA_ALG_CBC_PKCS7, true},
#endif
    {PSA_ALG_NONE, false}, /* the end */
};

static const struct mode *mode_of(psa_algorithm_t alg)
{
    for (size_t i = 0; modes[i].alg != PSA_ALG_NONE; i++) {
        if (modes[i].alg == alg) {
            return &modes[i];
        }
    }
    return NULL;
}

static psa_status_t start_stream(struct soft_cipher *cipher, const struct mico_psa_key *key)
{
    if (key->attributes.type != PSA_KEY_TYPE_CHACHA20) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    memcpy(cipher->key, key->note, sizeof cipher->key);
    cipher->size = 1;
    return PSA_SUCCESS;
}

psa_status_t psa_soft_cipher_start(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, bool encrypting,
                                   void *state)
{
    struct soft_cipher *cipher = state;
    cipher->alg = alg;
    cipher->encrypting = encrypting;
    if (IS(alg, STREAM_CIPHER)) {
        return start_stream(cipher, key);
    }
    const struct mode *mode = mode_of(alg);
    if (mode == NULL) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    cipher->cipher = psa_block_cipher(key->attributes.type);
    if (cipher->cipher == NULL || (alg == PSA_ALG_CCM_STAR_NO_TAG && cipher->cipher->size != 16)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    cipher->size = cipher->cipher->size;
    cipher->made = cipher->size;
    cipher->whole = mode->whole;
    cipher->used = mode->whole ? 0 : cipher->size;
    return psa_status_of(cipher->cipher->start(&cipher->as.block, psa_bytes_of(key), encrypting || !mode->whole));
}

/* ChaCha20: 12 bytes are the nonce of RFC 8439 with block 0, 16 a block's number, little-endian, and the nonce. */
static psa_status_t stream_iv(struct soft_cipher *cipher, struct mico_span iv)
{
    if (iv.len != 12 && iv.len != 16) {
        return iv.len == 8 ? PSA_ERROR_NOT_SUPPORTED : PSA_ERROR_INVALID_ARGUMENT;
    }
    uint32_t block = iv.len == 16 ? mico_load_le32(iv.data) : 0;
    mico_chacha20_start(&cipher->as.chacha, cipher->key, iv.data + iv.len - 12, block);
    mico_wipe(cipher->key, sizeof cipher->key);
    return PSA_SUCCESS;
}

psa_status_t psa_soft_cipher_iv(void *ctx, void *state, struct mico_span iv)
{
    struct soft_cipher *cipher = state;
    if (IS(cipher->alg, STREAM_CIPHER)) {
        return stream_iv(cipher, iv);
    }
    if (IS(cipher->alg, CCM_STAR_NO_TAG)) { /* SP 800-38C A.3, a length of two bytes; the text begins with block 1 */
        if (iv.len != 13) {
            return PSA_ERROR_INVALID_ARGUMENT;
        }
        cipher->iv[0] = 1;
        memcpy(cipher->iv + 1, iv.data, 13);
        cipher->iv[15] = 1;
        return PSA_SUCCESS;
    }
    if (iv.len != cipher->size) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    memcpy(cipher->iv, iv.data, iv.len);
    return PSA_SUCCESS;
}

/* The counter into block, and one more. */
static void take_counter(struct soft_cipher *cipher, uint8_t *block)
{
    memcpy(block, cipher->iv, cipher->size);
    for (size_t i = cipher->size; i-- > 0 && ++cipher->iv[i] == 0;) {
    }
}

/* Key stream of counters, two blocks where more than one is wanted now. */
static void next_of_counter(struct soft_cipher *cipher, bool two)
{
    uint8_t *second = cipher->block + cipher->size;
    take_counter(cipher, cipher->block);
    if (two) {
        take_counter(cipher, second);
        cipher->cipher->two(&cipher->as.block, cipher->block, second);
    } else {
        cipher->cipher->work(&cipher->as.block, cipher->block, cipher->block);
    }
    cipher->made = (uint8_t)(two ? 2 * cipher->size : cipher->size);
}

/* Key stream for wanted bytes, or the first of them. CFB chains the ciphertext, which crypt_bytes gathers in iv. */
static void next_stream(struct soft_cipher *cipher, size_t wanted)
{
    if (IS(cipher->alg, OFB) || IS(cipher->alg, CFB)) {
        cipher->cipher->work(&cipher->as.block, cipher->iv, cipher->block);
    } else if (HAS_COUNTERS) {
        next_of_counter(cipher, wanted > cipher->size);
    }
    if (IS(cipher->alg, OFB)) {
        memcpy(cipher->iv, cipher->block, cipher->size);
    }
    cipher->used = 0;
}

static void crypt_bytes(struct soft_cipher *cipher, struct mico_span in, uint8_t *out)
{
    for (size_t i = 0; i < in.len; i++) {
        if (cipher->used == cipher->made) {
            next_stream(cipher, in.len - i);
        }
        uint8_t byte = in.data[i], got = byte ^ cipher->block[cipher->used];
        if (IS(cipher->alg, CFB)) {
            cipher->iv[cipher->used] = cipher->encrypting ? got : byte;
        }
        cipher->used++;
        out[i] = got;
    }
}

/* One whole block, from block to out. */
static void crypt_block(struct soft_cipher *cipher, uint8_t *out)
{
    uint8_t text[MICO_BLOCK_MAX];
    size_t size = cipher->size;
    bool chained = HAS_CHAINS && !IS(cipher->alg, ECB_NO_PADDING);
    memcpy(text, cipher->block, size);
    for (size_t i = 0; chained && cipher->encrypting && i < size; i++) {
        text[i] ^= cipher->iv[i];
    }
    cipher->cipher->work(&cipher->as.block, text, text);
    for (size_t i = 0; chained && !cipher->encrypting && i < size; i++) {
        text[i] ^= cipher->iv[i];
    }
    if (chained) {
        memcpy(cipher->iv, cipher->encrypting ? text : cipher->block, size);
    }
    memcpy(out, text, size);
    mico_wipe(text, sizeof text);
}

/* How many bytes come out when len more come in. */
static size_t gives(const struct soft_cipher *cipher, size_t len)
{
    size_t have = cipher->used + len;
    bool held_back = IS(cipher->alg, CBC_PKCS7) && !cipher->encrypting && have != 0;
    return (held_back ? have - 1 : have) / cipher->size * cipher->size;
}

/* A block is written only after all of its bytes are read, so out may be in or lie before it while no bytes are waiting. */
static void crypt_blocks(struct soft_cipher *cipher, struct mico_span in, uint8_t *out, size_t give)
{
    for (size_t i = 0; i < in.len; i++) {
        if (cipher->used == cipher->size) {
            crypt_block(cipher, out);
            out += cipher->size;
            give -= cipher->size;
            cipher->used = 0;
        }
        cipher->block[cipher->used++] = in.data[i];
    }
    if (give != 0) {
        crypt_block(cipher, out);
        cipher->used = 0;
    }
}

/* The same with any overlap, as if in had been copied: it moves to where reading stays ahead of writing, by what is waiting;
 * the bytes that give no block yet, at most one block, stay apart. */
static void crypt_overlapping_blocks(struct soft_cipher *cipher, struct mico_span in, uint8_t *out, size_t give)
{
    uint8_t rest[MICO_BLOCK_MAX];
    size_t ahead = cipher->used, head = give == 0 ? 0 : give - ahead, tail = in.len - head;
    memcpy(rest, in.data + head, tail);
    memmove(out + ahead, in.data, head);
    crypt_blocks(cipher, (struct mico_span){out + ahead, head}, out, give);
    crypt_blocks(cipher, (struct mico_span){rest, tail}, out + give, 0);
    mico_wipe(rest, sizeof rest);
}

psa_status_t psa_soft_cipher_add(void *ctx, void *state, struct mico_span in, uint8_t *out, size_t cap, size_t *len)
{
    struct soft_cipher *cipher = state;
    bool whole = HAS_BLOCKS && cipher->whole, counted = IS(cipher->alg, CCM_STAR_NO_TAG);
    size_t give = whole ? gives(cipher, in.len) : in.len;
    if (cap < give) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    if (counted && in.len > 0xFFFFu - cipher->taken) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    cipher->taken += counted ? (uint32_t)in.len : 0;
    if (!whole && psa_runs_ahead(in.data, in.len, out)) {
        memmove(out, in.data, in.len);
        in.data = out;
    }
    if (IS(cipher->alg, STREAM_CIPHER)) {
        mico_chacha20_text(&cipher->as.chacha, in, out);
    } else if (whole && psa_overlap(in.data, in.len, out, give) && (cipher->used != 0 || out > in.data)) {
        crypt_overlapping_blocks(cipher, in, out, give);
    } else if (whole) {
        crypt_blocks(cipher, in, out, give);
    } else if (HAS_BYTES) {
        crypt_bytes(cipher, in, out);
    }
    *len = give;
    return PSA_SUCCESS;
}

/* PKCS #7 (RFC 5652 section 6.3), in constant time: how many bytes of a last block are text; a bad padding is said in
 * *bad, and then the answer is whatever. Never inlined: crypto/tests/disassembly.py looks at its instructions. */
__attribute__((noinline)) static size_t unpad(const uint8_t *block, size_t size, uint8_t *bad)
{
    uint32_t pad = block[size - 1];
    uint32_t wrong = (pad - 1) >> 8 | (uint32_t)(size - pad) >> 8; /* 0, or above size */
    for (uint32_t i = 0; i < size; i++) {
        /* Else the loop is counted by sums with pad in them: even, but nobody sees it. */
        __asm__ volatile("" : "+r"(pad));
        uint32_t inside = ((uint32_t)(size - 1 - i) - pad) >> 8; /* all ones for the last pad bytes */
        wrong |= inside & (block[i] ^ pad);
    }
    *bad = (uint8_t)((wrong | (0 - wrong)) >> 31);
    return (size - pad) & (size_t)(*bad - 1u);
}

static psa_status_t end_padded(struct soft_cipher *cipher, uint8_t *out, size_t cap, size_t *len)
{
    uint8_t text[MICO_BLOCK_MAX], bad;
    size_t size = cipher->size;
    if (cipher->encrypting) {
        if (cap < size) {
            return PSA_ERROR_BUFFER_TOO_SMALL;
        }
        memset(cipher->block + cipher->used, (int)(size - cipher->used), size - cipher->used);
        crypt_block(cipher, out);
        *len = size;
        return PSA_SUCCESS;
    }
    if (cipher->used != size) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    crypt_block(cipher, text);
    size_t give = unpad(text, size, &bad);
    psa_status_t status = bad ? PSA_ERROR_INVALID_PADDING : cap < give ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_SUCCESS;
    if (status == PSA_SUCCESS && give != 0) {
        memcpy(out, text, give);
    }
    *len = status == PSA_SUCCESS ? give : 0;
    mico_wipe(text, sizeof text);
    return status;
}

psa_status_t psa_soft_cipher_end(void *ctx, void *state, uint8_t *out, size_t cap, size_t *len)
{
    struct soft_cipher *cipher = state;
    if (IS(cipher->alg, CBC_PKCS7)) {
        return end_padded(cipher, out, cap, len);
    }
    return HAS_BLOCKS && cipher->whole && cipher->used != 0 ? PSA_ERROR_INVALID_ARGUMENT : PSA_SUCCESS;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Location 0's key wrapping: AES in the modes KW (RFC 3394) and KWP (RFC 5649) of NIST SP 800-38F. Letters as there. */
#include <string.h>

#include "crypto/psa/core.h"
#include "crypto/psa/symmetric.h"

#define SEMIBLOCK 8
#define ROUNDS 6
static const uint8_t kw_check[SEMIBLOCK] = {0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6};
static const uint8_t kwp_check[4] = {0xA6, 0x59, 0x59, 0xA6};

/* The step's number, big-endian, onto A. */
static void mix_step(uint8_t a[SEMIBLOCK], uint64_t step)
{
    for (size_t i = 0; i < SEMIBLOCK; i++) {
        a[7 - i] ^= (uint8_t)(step >> (8 * i));
    }
}

/* W of SP 800-38F section 6.1 in place: text is A, then n semiblocks. */
static void wrap_blocks(struct mico_block_state *aes, uint8_t *text, size_t n)
{
    uint8_t block[16];
    for (uint64_t j = 0; j < ROUNDS; j++) {
        for (size_t i = 1; i <= n; i++) {
            memcpy(block, text, SEMIBLOCK);
            memcpy(block + 8, text + SEMIBLOCK * i, SEMIBLOCK);
            mico_aes.work(aes, block, block);
            mix_step(block, n * j + i);
            memcpy(text, block, SEMIBLOCK);
            memcpy(text + SEMIBLOCK * i, block + 8, SEMIBLOCK);
        }
    }
    mico_wipe(block, sizeof block);
}

/* Its inverse. */
static void unwrap_blocks(struct mico_block_state *aes, uint8_t *text, size_t n)
{
    uint8_t block[16];
    for (uint64_t j = ROUNDS; j-- > 0;) {
        for (size_t i = n; i >= 1; i--) {
            memcpy(block, text, SEMIBLOCK);
            mix_step(block, n * j + i);
            memcpy(block + 8, text + SEMIBLOCK * i, SEMIBLOCK);
            mico_aes.work(aes, block, block);
            memcpy(text, block, SEMIBLOCK);
            memcpy(text + SEMIBLOCK * i, block + 8, SEMIBLOCK);
        }
    }
    mico_wipe(block, sizeof block);
}

static bool offered(psa_algorithm_t alg)
{
    return (PSA_HAS(PSA_WANT_ALG_KW) && alg == PSA_ALG_KW) || (PSA_HAS(PSA_WANT_ALG_KWP) && alg == PSA_ALG_KWP);
}

static psa_status_t start(const struct mico_psa_key *key, psa_algorithm_t alg, bool wrapping,
                          struct mico_block_state *aes)
{
    if (!offered(alg)) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (key->attributes.type != PSA_KEY_TYPE_AES) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    return psa_status_of(mico_aes.start(aes, psa_bytes_of(key), wrapping));
}

psa_status_t psa_soft_wrap(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span in,
                           uint8_t *out, size_t cap, size_t *len)
{
    struct mico_block_state aes;
    size_t n = (in.len + SEMIBLOCK - 1) / SEMIBLOCK, need = SEMIBLOCK * (n + 1);
    if (in.len == 0 || (alg == PSA_ALG_KW && (in.len % SEMIBLOCK != 0 || n < 2))) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = cap < need ? PSA_ERROR_BUFFER_TOO_SMALL : start(key, alg, true, &aes);
    if (status != PSA_SUCCESS) {
        return status;
    }
    memset(out, 0, need);
    memcpy(out + SEMIBLOCK, in.data, in.len);
    if (PSA_HAS(PSA_WANT_ALG_KW) && alg == PSA_ALG_KW) {
        memcpy(out, kw_check, SEMIBLOCK);
    } else if (PSA_HAS(PSA_WANT_ALG_KWP)) {
        memcpy(out, kwp_check, sizeof kwp_check);
        mix_step(out, in.len);
    }
    if (n == 1) {
        mico_aes.work(&aes, out, out); /* KWP of one semiblock is one block: section 6.3 */
    } else {
        wrap_blocks(&aes, out, n);
    }
    mico_aes.stop(&aes);
    *len = need;
    return PSA_SUCCESS;
}

/* Section 6.3, algorithm 4: is A the check and a length, and what is beyond the length zero? All of it is looked at, whatever
 * is wrong: which part is, nobody may learn. Last is where the last semiblock begins, from which the length is at most 8.
 * Never inlined: crypto/tests/disassembly.py looks at its instructions. */
__attribute__((noinline)) static bool kwp_length(const uint8_t *text, size_t n, size_t *size)
{
    uint64_t len = (uint32_t)text[4] << 24 | (uint32_t)text[5] << 16 | (uint32_t)text[6] << 8 | text[7];
    uint64_t last = SEMIBLOCK * (n - 1);
    unsigned wrong = !mico_ct_equal(text, kwp_check, sizeof kwp_check);
    wrong |= (unsigned)((last + SEMIBLOCK - len) >> 63) | (unsigned)((len - last - 1) >> 63);
    for (size_t i = 0; i < SEMIBLOCK; i++) {
        /* Else addresses are counted by sums with len in them: even, but nobody sees it. */
        __asm__ volatile("" : "+r"(len));
        unsigned inside = (unsigned)((last + i - len) >> 63); /* 1: of the key */
        wrong |= text[SEMIBLOCK + last + i] & (inside - 1);
    }
    *size = (size_t)len;
    return wrong == 0;
}

psa_status_t psa_soft_unwrap(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span in,
                             uint8_t *out, size_t cap, size_t *len)
{
    struct mico_block_state aes;
    size_t n = in.len / SEMIBLOCK - 1, size = SEMIBLOCK * n;
    if (in.len % SEMIBLOCK != 0 || in.len < (alg == PSA_ALG_KW ? 24 : 16)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = cap < in.len ? PSA_ERROR_INSUFFICIENT_MEMORY : start(key, alg, false, &aes);
    if (status != PSA_SUCCESS) {
        return status;
    }
    memcpy(out, in.data, in.len);
    if (n == 1) {
        mico_aes.work(&aes, out, out);
    } else {
        unwrap_blocks(&aes, out, n);
    }
    mico_aes.stop(&aes);
    bool kwp = PSA_HAS(PSA_WANT_ALG_KWP) && alg == PSA_ALG_KWP;
    bool good = kwp ? kwp_length(out, n, &size) : mico_ct_equal(out, kw_check, SEMIBLOCK);
    if (!good) {
        return PSA_ERROR_INVALID_SIGNATURE;
    }
    memmove(out, out + SEMIBLOCK, size);
    *len = size;
    return PSA_SUCCESS;
}

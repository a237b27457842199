/* SPDX-License-Identifier: Apache-2.0 */
/* AES (FIPS 197) and GHASH (SP 800-38D, section 6.4) for Cortex-M, in the place of wolfCrypt's thumb2-aes-asm.S, which looks
 * tables up by key and text: the functions that wolfCrypt's armv8-aes.c calls, by BearSSL's bit-sliced AES and its GHASH of
 * multiplications. Neither address nor branch depends on key, text or counter.
 *
 * The cipher takes two blocks at once, for the time of one. The key schedule in memory is BearSSL's: for both directions. */
#include "crypto/primitives/aes_even.h"

#include <stdbool.h>
#include <string.h>

#include <inner.h> /* BearSSL's */

#include "base/bytes.h"

/* A key schedule as the rounds read it: made for each call, as it takes twice the memory. */
struct subkeys {
    unsigned rounds;
    uint32_t words[120];
};

/* Deeper than BearSSL's making of a schedule, 664 bytes, which leaves all of it there, and than its rounds and products, 320
 * (gcc -fstack-usage). */
__attribute__((noinline)) static void scrub_schedule(void)
{
    uint8_t frame[704];
    mico_wipe(frame, sizeof frame);
}

__attribute__((noinline)) static void scrub_rounds(void)
{
    uint8_t frame[416];
    mico_wipe(frame, sizeof frame);
}

typedef void (*direction)(unsigned rounds, const uint32_t *words, uint32_t *q);

static void forget(struct subkeys *keys)
{
    scrub_rounds();
    mico_wipe(keys, sizeof *keys);
}

static void expand(struct subkeys *keys, const unsigned char *schedule, int rounds)
{
    keys->rounds = (unsigned)rounds;
    br_aes_ct_skey_expand(keys->words, keys->rounds, (const uint32_t *)(const void *)schedule);
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a word in memory is what the cipher takes");

/* Words that stand anywhere: one instruction each, where BearSSL's br_enc32le takes seven. */
static inline uint32_t load(const unsigned char *from)
{
    uint32_t word;
    memcpy(&word, from, sizeof word);
    return word;
}

static inline void store(unsigned char *to, uint32_t word)
{
    memcpy(to, &word, sizeof word);
}

/* out = in through the cipher; len is 16 or 32. out may be in. */
static void work(direction cipher, const struct subkeys *keys, const unsigned char *in, unsigned char *out, size_t len)
{
    uint32_t q[8];
    const unsigned char *second = in + len - 16;
    for (size_t i = 0; i < 4; i++) {
        q[2 * i] = load(in + 4 * i);
        q[2 * i + 1] = load(second + 4 * i);
    }
    br_aes_ct_ortho(q);
    cipher(keys->rounds, keys->words, q);
    br_aes_ct_ortho(q);
    for (size_t i = 0; i < 4; i++) {
        store(out + len - 16 + 4 * i, q[2 * i + 1]);
        store(out + 4 * i, q[2 * i]);
    }
}

static size_t at_once(unsigned long len)
{
    return len >= 32 ? 32 : 16;
}

static void blocks(direction cipher, const unsigned char *in, unsigned char *out, unsigned long len,
                   const unsigned char *schedule, int rounds)
{
    struct subkeys keys;
    expand(&keys, schedule, rounds);
    for (size_t n; len != 0; in += n, out += n, len -= n) {
        n = at_once(len);
        work(cipher, &keys, in, out, n);
    }
    forget(&keys);
}

/* The last words of the counter, big-endian, plus one. What a counter begins with may be secret, so carries go to the end. */
static void count(unsigned char counter[16], size_t words)
{
    uint64_t sum = (uint64_t)1 << 32;
    for (size_t i = 0; i < words; i++) {
        unsigned char *word = counter + 12 - 4 * i;
        sum = (sum >> 32) + __builtin_bswap32(load(word));
        store(word, __builtin_bswap32((uint32_t)sum));
    }
}

/* Counter mode. GCM's counter is of one word and rises before each block, that of AES-CTR of four, and after. */
static void stream(const unsigned char *in, unsigned char *out, unsigned long len, const struct subkeys *keys,
                   unsigned char counter[16], bool gcm)
{
    unsigned char pad[32];
    for (size_t n; len != 0; in += n, out += n, len -= n) {
        n = at_once(len);
        for (size_t i = 0; i < n; i += 16) {
            if (gcm) {
                count(counter, 1);
            }
            memcpy(pad + i, counter, 16);
            if (!gcm) {
                count(counter, 4);
            }
        }
        work(br_aes_ct_bitslice_encrypt, keys, pad, pad, n);
        for (size_t i = 0; i < n; i += 4) {
            store(out + i, load(in + i) ^ load(pad + i));
        }
    }
    mico_wipe(pad, sizeof pad);
}

void AES_set_encrypt_key(const unsigned char *key, unsigned bits, unsigned char *schedule)
{
    br_aes_ct_keysched((uint32_t *)(void *)schedule, key, bits / 8);
    scrub_schedule();
}

void AES_invert_key(unsigned char *schedule, unsigned rounds)
{
}

void AES_ECB_encrypt(const unsigned char *in, unsigned char *out, unsigned long len, const unsigned char *schedule,
                     int rounds)
{
    blocks(br_aes_ct_bitslice_encrypt, in, out, len, schedule, rounds);
}

void AES_ECB_decrypt(const unsigned char *in, unsigned char *out, unsigned long len, const unsigned char *schedule,
                     int rounds)
{
    blocks(br_aes_ct_bitslice_decrypt, in, out, len, schedule, rounds);
}

void AES_CTR_encrypt(const unsigned char *in, unsigned char *out, unsigned long len, const unsigned char *schedule,
                     int rounds, unsigned char *counter)
{
    struct subkeys keys;
    expand(&keys, schedule, rounds);
    stream(in, out, len, &keys, counter, false);
    forget(&keys);
}

void AES_GCM_encrypt(const unsigned char *in, unsigned char *out, unsigned long len, const unsigned char *schedule,
                     int rounds, unsigned char *counter)
{
    struct subkeys keys;
    expand(&keys, schedule, rounds);
    stream(in, out, len, &keys, counter, true);
    forget(&keys);
}

void GCM_gmult_len(unsigned char *x, const unsigned char *h, const unsigned char *data, unsigned long len)
{
    br_ghash_ctmul(x, h, data, len);
    scrub_rounds();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The boards' AES and GHASH (crypto/primitives/aes_even.c), compiled for this machine: FIPS 197's answers, and OpenSSL's on random
 * keys, texts and counters, for every number of blocks that the two-at-once makes a difference to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "crypto/primitives/aes_even.h"
#include "crypto/tests/replay.h"

#define BLOCKS 9
#define LONGEST (16 * BLOCKS)

static const unsigned sizes[] = {128, 192, 256}; /* bits of a key */
static uint8_t key[32], data[LONGEST + 1], ours[LONGEST + 1], theirs[LONGEST + 16];
static uint32_t schedule[60];

static const uint8_t *draw_key(unsigned bits)
{
    replay_draw(key, sizeof key);
    replay_draw(data, sizeof data);
    AES_set_encrypt_key(key, bits, (uint8_t *)schedule);
    return (const uint8_t *)schedule;
}

static int rounds(unsigned bits)
{
    return (int)(bits / 32 + 6);
}

static const EVP_CIPHER *cipher(unsigned bits, const char *mode)
{
    char name[] = "aes-000-ctr";
    memcpy(name + 4, bits == 128 ? "128" : bits == 192 ? "192" : "256", 3);
    memcpy(name + 8, mode, 3);
    const EVP_CIPHER *found = EVP_get_cipherbyname(name);
    assert_non_null(found);
    return found;
}

/* theirs = OpenSSL's of len bytes of data. */
static void openssl(unsigned bits, const char *mode, bool encrypting, const uint8_t *iv, size_t len)
{
    int written;
    EVP_CIPHER_CTX *peer = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_CipherInit_ex(peer, cipher(bits, mode), NULL, key, iv, encrypting), 1);
    assert_int_equal(EVP_CIPHER_CTX_set_padding(peer, 0), 1);
    assert_int_equal(EVP_CipherUpdate(peer, theirs, &written, data, (int)len), 1);
    assert_int_equal(written, len);
    EVP_CIPHER_CTX_free(peer);
}

/* Appendix C: the same text under keys 00 01 02 …. */
static void blocks_give_fips_197s_answers(void **state)
{
    static const uint8_t answers[3][16] = {
        {0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30, 0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5, 0x5a},
        {0xdd, 0xa9, 0x7c, 0xa4, 0x86, 0x4c, 0xdf, 0xe0, 0x6e, 0xaf, 0x70, 0xa0, 0xec, 0x0d, 0x71, 0x91},
        {0x8e, 0xa2, 0xb7, 0xca, 0x51, 0x67, 0x45, 0xbf, 0xea, 0xfc, 0x49, 0x90, 0x4b, 0x49, 0x60, 0x89}};
    for (size_t i = 0; i < 3; i++) {
        uint8_t text[16], out[16], *bytes = (uint8_t *)schedule;
        for (uint8_t k = 0; k < 32; k++) {
            key[k] = k;
            text[k % 16] = (uint8_t)(k % 16 * 0x11);
        }
        AES_set_encrypt_key(key, sizes[i], bytes);
        AES_ECB_encrypt(text, out, 16, bytes, rounds(sizes[i]));
        assert_memory_equal(out, answers[i], 16);
        AES_invert_key(bytes, (unsigned)rounds(sizes[i]));
        AES_ECB_decrypt(out, out, 16, bytes, rounds(sizes[i]));
        assert_memory_equal(out, text, 16);
    }
}

static void blocks_equal_openssls_both_ways(void **state)
{
    for (size_t n = 0; n <= BLOCKS * 3; n++) {
        unsigned bits = sizes[n % 3];
        size_t len = n / 3 * 16;
        const uint8_t *made = draw_key(bits);
        openssl(bits, "ecb", true, NULL, len);
        AES_ECB_encrypt(data, ours + 1, len, made, rounds(bits)); /* at any address */
        assert_memory_equal(ours + 1, theirs, len);
        openssl(bits, "ecb", false, NULL, len);
        memcpy(ours, data, len);
        AES_ECB_decrypt(ours, ours, len, made, rounds(bits)); /* in place */
        assert_memory_equal(ours, theirs, len);
    }
}

/* In one and then another call, the counter near each of its carries. */
static void counter_mode_equals_openssls_across_every_carry(void **state)
{
    for (size_t carried = 0; carried <= 16; carried++) {
        for (size_t n = 1; n < BLOCKS; n++) {
            uint8_t counter[16];
            unsigned bits = sizes[(carried + n) % 3];
            const uint8_t *made = draw_key(bits);
            replay_draw(counter, 16);
            memset(counter + 16 - carried, 0xFF, carried);
            counter[15] = (uint8_t)(counter[15] - replay_below(BLOCKS));
            openssl(bits, "ctr", true, counter, LONGEST);
            AES_CTR_encrypt(data, ours, 16 * n, made, rounds(bits), counter);
            AES_CTR_encrypt(data + 16 * n, ours + 16 * n, LONGEST - 16 * n, made, rounds(bits), counter);
            assert_memory_equal(ours, theirs, LONGEST);
        }
    }
}

/* GCM's counter rises first, and in its last word only: the text is what OpenSSL makes of each counter by itself. */
static void gcms_counter_wraps_in_its_last_word(void **state)
{
    for (unsigned before = 0; before < BLOCKS; before++) {
        uint8_t counter[16], first[16];
        unsigned bits = sizes[before % 3];
        const uint8_t *made = draw_key(bits);
        replay_draw(counter, 16);
        memset(counter + 12, 0xFF, 4);
        counter[15] = (uint8_t)(counter[15] - before);
        memcpy(first, counter, 16);
        AES_GCM_encrypt(data, ours, 16, made, rounds(bits), counter);
        AES_GCM_encrypt(data + 16, ours + 16, LONGEST - 16, made, rounds(bits), counter);
        for (size_t i = 0; i < LONGEST; i++) {
            ours[i] ^= data[i];
        }
        for (unsigned n = 0; n < BLOCKS; n++) {
            memcpy(data + 16 * n, first, 12);
            uint32_t word = n + 1 - (before + 1);
            for (size_t i = 0; i < 4; i++) {
                data[16 * n + 15 - i] = (uint8_t)(word >> (8 * i));
            }
        }
        assert_memory_equal(counter, data + LONGEST - 16, 16);
        openssl(bits, "ecb", true, NULL, LONGEST);
        assert_memory_equal(ours, theirs, LONGEST);
    }
}

/* SP 800-38D, section 7.1, without a text: the tag is GHASH of additional data and lengths, covered by the first block. */
static void hash_makes_openssls_tags(void **state)
{
    for (size_t n = 0; n <= BLOCKS; n++) {
        uint8_t x[16] = {0}, h[16] = {0}, cover[16] = {0}, lengths[16] = {0}, tag[16];
        int written;
        const uint8_t *made = draw_key(128);
        memcpy(cover, data, 12);
        cover[15] = 1;
        EVP_CIPHER_CTX *peer = EVP_CIPHER_CTX_new();
        assert_int_equal(EVP_EncryptInit_ex(peer, EVP_aes_128_gcm(), NULL, key, cover), 1);
        assert_int_equal(EVP_EncryptUpdate(peer, NULL, &written, data, (int)(16 * n)), 1);
        assert_int_equal(EVP_EncryptFinal_ex(peer, theirs, &written), 1);
        assert_int_equal(EVP_CIPHER_CTX_ctrl(peer, EVP_CTRL_AEAD_GET_TAG, 16, tag), 1);
        EVP_CIPHER_CTX_free(peer);
        AES_ECB_encrypt(h, h, 16, made, 10);
        AES_ECB_encrypt(cover, cover, 16, made, 10);
        lengths[6] = (uint8_t)(128 * n >> 8);
        lengths[7] = (uint8_t)(128 * n);
        GCM_gmult_len(x, h, data, 16 * n);
        GCM_gmult_len(x, h, lengths, 16);
        for (size_t i = 0; i < 16; i++) {
            x[i] ^= cover[i];
        }
        assert_memory_equal(x, tag, 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_give_fips_197s_answers),
        cmocka_unit_test(blocks_equal_openssls_both_ways),
        cmocka_unit_test(counter_mode_equals_openssls_across_every_carry),
        cmocka_unit_test(gcms_counter_wraps_in_its_last_word),
        cmocka_unit_test(hash_makes_openssls_tags),
    };
    replay_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

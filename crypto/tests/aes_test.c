/* SPDX-License-Identifier: Apache-2.0 */
/* AES-GCM, AES-CCM and AES-CMAC: the standards' answers, OpenSSL's on random inputs of every length, refused inputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "crypto/primitives/primitives.h"
#include "crypto/tests/replay.h"

#define LONGEST 300

static uint8_t data[LONGEST], key[32], nonce[64], aad[100], ours[LONGEST + 16], theirs[LONGEST + 16], back[LONGEST];

static size_t from_hex(const char *text, uint8_t *out)
{
    size_t n = strlen(text) / 2;
    for (size_t i = 0; i < n; i++) {
        unsigned byte = 0;
        for (int k = 0; k < 2; k++) {
            char c = text[2 * i + (size_t)k];
            byte = byte << 4 | (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        out[i] = (uint8_t)byte;
    }
    return n;
}

typedef mico_err aead_fn(struct mico_span, struct mico_span, struct mico_span, struct mico_span, uint8_t *, size_t);

static void check(aead_fn *seal, aead_fn *open, const char *const hex[6])
{
    uint8_t in[6][128];
    struct mico_span span[6];
    for (int i = 0; i < 6; i++) {
        span[i] = (struct mico_span){in[i], from_hex(hex[i], in[i])};
    }
    uint8_t out[128];
    assert_int_equal(seal(span[0], span[1], span[2], span[3], out, span[5].len), MICO_OK);
    assert_memory_equal(out, in[4], span[4].len);
    assert_memory_equal(out + span[4].len, in[5], span[5].len);
    assert_int_equal(
        open(span[0], span[1], span[2], (struct mico_span){out, span[4].len + span[5].len}, out, span[5].len), MICO_OK);
    assert_memory_equal(out, in[3], span[3].len);
}

/* McGrew and Viega, The Galois/Counter Mode of Operation, test cases 1, 2, 4. */
static void gcm_gives_the_published_answers(void **state)
{
    static const char *const cases[][6] = {
        {"00000000000000000000000000000000", "000000000000000000000000", "", "", "",
         "58e2fccefa7e3061367f1d57a4e7455a"},
        {"00000000000000000000000000000000", "000000000000000000000000", "", "00000000000000000000000000000000",
         "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf"},
        {"feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
         "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de"
         "6"
         "57ba637b39",
         "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aa"
         "c"
         "973d58e091",
         "5bc94fbc3221a5db94fae95ae7121a47"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check(mico_aes_gcm_seal, mico_aes_gcm_open, cases[i]);
    }
}

/* SP 800-38C, examples 1 and 2. */
static void ccm_gives_sp_800_38cs_answers(void **state)
{
    static const char *const cases[][6] = {
        {"404142434445464748494a4b4c4d4e4f", "10111213141516", "0001020304050607", "20212223", "7162015b", "4dac255d"},
        {"404142434445464748494a4b4c4d4e4f", "1011121314151617", "000102030405060708090a0b0c0d0e0f",
         "202122232425262728292a2b2c2d2e2f", "d2a1f0e051ea5f62081a7792073d593d", "1fc64fbfaccd"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check(mico_aes_ccm_seal, mico_aes_ccm_open, cases[i]);
    }
}

/* RFC 4493 section 4, examples 1 and 2. */
static void cmac_gives_rfc_4493s_answers(void **state)
{
    uint8_t k[16], text[16], want[16], got[16];
    from_hex("2b7e151628aed2a6abf7158809cf4f3c", k);
    from_hex("6bc1bee22e409f96e93d7e117393172a", text);
    from_hex("bb1d6929e95937287fa37d129b756746", want);
    assert_int_equal(mico_aes_cmac(MICO_SPAN(k), (struct mico_span){NULL, 0}, got), MICO_OK);
    assert_memory_equal(got, want, 16);
    from_hex("070a16b46b4d4144f79bdd9dd04a287c", want);
    assert_int_equal(mico_aes_cmac(MICO_SPAN(k), MICO_SPAN(text), got), MICO_OK);
    assert_memory_equal(got, want, 16);
}

/* FIPS 180-4's example "abc", and every length against OpenSSL. */
static void sha384_and_its_hmac_agree(void **state)
{
    unsigned len;
    struct mico_sha512 hash;
    for (size_t n = 0; n <= LONGEST; n++) {
        mico_sha384_start(&hash);
        mico_sha512_add(&hash, data, n / 2);
        mico_sha512_add(&hash, data + n / 2, n - n / 2);
        mico_sha384_finish(&hash, ours);
        assert_int_equal(EVP_Digest(data, n, theirs, &len, EVP_sha384(), NULL), 1);
        assert_memory_equal(ours, theirs, 48);
        size_t written;
        mico_hmac_sha384((struct mico_span){data, n % 200 + 1}, (struct mico_span){data, n}, ours);
        assert_non_null(
            EVP_Q_mac(NULL, "HMAC", NULL, "SHA384", NULL, data, n % 200 + 1, data, n, theirs, sizeof theirs, &written));
        assert_memory_equal(ours, theirs, 48);
    }
    from_hex("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
             theirs);
    mico_sha384_start(&hash);
    mico_sha512_add(&hash, "abc", 3);
    mico_sha384_finish(&hash, ours);
    assert_memory_equal(ours, theirs, 48);
}

static void openssl_seals(const EVP_CIPHER *cipher, bool ccm, size_t nonce_len, size_t aad_len, size_t n,
                          size_t tag_len)
{
    int len;
    EVP_CIPHER_CTX *peer = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_EncryptInit_ex(peer, cipher, NULL, NULL, NULL), 1);
    assert_int_equal(EVP_CIPHER_CTX_ctrl(peer, EVP_CTRL_AEAD_SET_IVLEN, (int)nonce_len, NULL), 1);
    if (ccm) {
        assert_int_equal(EVP_CIPHER_CTX_ctrl(peer, EVP_CTRL_AEAD_SET_TAG, (int)tag_len, NULL), 1);
    }
    assert_int_equal(EVP_EncryptInit_ex(peer, NULL, NULL, key, nonce), 1);
    if (ccm) {
        assert_int_equal(EVP_EncryptUpdate(peer, NULL, &len, NULL, (int)n), 1);
    }
    if (aad_len != 0) {
        assert_int_equal(EVP_EncryptUpdate(peer, NULL, &len, aad, (int)aad_len), 1);
    }
    assert_int_equal(EVP_EncryptUpdate(peer, theirs, &len, data, (int)n), 1);
    assert_int_equal(EVP_EncryptFinal_ex(peer, theirs + n, &len), 1);
    assert_int_equal(EVP_CIPHER_CTX_ctrl(peer, EVP_CTRL_AEAD_GET_TAG, (int)tag_len, theirs + n), 1);
    EVP_CIPHER_CTX_free(peer);
}

static void sealing_agrees(bool ccm)
{
    static const size_t gcm_tags[] = {4, 8, 12, 13, 14, 15, 16}, ccm_tags[] = {4, 6, 8, 10, 12, 14, 16};
    aead_fn *seal = ccm ? mico_aes_ccm_seal : mico_aes_gcm_seal, *open = ccm ? mico_aes_ccm_open : mico_aes_gcm_open;
    for (size_t n = 0; n <= LONGEST; n++) {
        size_t size = n % 2 != 0 ? 16 : 32, tag = ccm ? ccm_tags[n % 7] : gcm_tags[n % 7];
        size_t nonce_len = ccm ? 7 + n % 7 : n % 3 == 0 ? 1 + n % 64 : 12;
        struct mico_span k = {key, size}, iv = {nonce, nonce_len}, extra = {aad, n % 90};
        const EVP_CIPHER *cipher = ccm          ? size == 16 ? EVP_aes_128_ccm() : EVP_aes_256_ccm()
                                            : size == 16 ? EVP_aes_128_gcm()
                                                : EVP_aes_256_gcm();
        replay_draw(key, sizeof key);
        replay_draw(nonce, sizeof nonce);
        openssl_seals(cipher, ccm, nonce_len, extra.len, n, tag);
        assert_int_equal(seal(k, iv, extra, (struct mico_span){data, n}, ours, tag), MICO_OK);
        assert_memory_equal(ours, theirs, n + tag);
        assert_int_equal(open(k, iv, extra, (struct mico_span){ours, n + tag}, back, tag), MICO_OK);
        assert_memory_equal(back, data, n);
        ours[n * 7 % (n + tag)] ^= 0x10;
        memset(back, 1, sizeof back);
        assert_int_equal(open(k, iv, extra, (struct mico_span){ours, n + tag}, back, tag), MICO_ERR_AUTH);
        assert_true(mico_ct_is_zero(back, n));
        memcpy(ours, data, n); /* in place */
        assert_int_equal(seal(k, iv, extra, (struct mico_span){ours, n}, ours, tag), MICO_OK);
        assert_memory_equal(ours, theirs, n + tag);
        assert_int_equal(open(k, iv, extra, (struct mico_span){ours, n + tag}, ours, tag), MICO_OK);
        assert_memory_equal(ours, data, n);
    }
}

static void gcm_agrees_with_openssl(void **state)
{
    sealing_agrees(false);
}

static void ccm_agrees_with_openssl(void **state)
{
    sealing_agrees(true);
}

static void cmac_agrees_with_openssl(void **state)
{
    for (size_t n = 0; n <= LONGEST; n++) {
        size_t size = n % 2 != 0 ? 16 : 32, written;
        replay_draw(key, sizeof key);
        assert_int_equal(mico_aes_cmac((struct mico_span){key, size}, (struct mico_span){data, n}, ours), MICO_OK);
        assert_non_null(EVP_Q_mac(NULL, "CMAC", NULL, size == 16 ? "AES-128-CBC" : "AES-256-CBC", NULL, key, size, data,
                                  n, theirs, sizeof theirs, &written));
        assert_memory_equal(ours, theirs, 16);
    }
}

static void other_sizes_are_refused(void **state)
{
    struct mico_span k = {key, 16}, iv = {nonce, 12}, none = {NULL, 0}, text = {data, 8};
    static const size_t keys[] = {0, 15, 17, 23, 31}, tags[] = {0, 2, 3, 17}, nonces[] = {0, 6, 14};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(mico_aes_gcm_seal((struct mico_span){key, keys[i]}, iv, none, text, ours, 16), MICO_ERR_PARAM);
        assert_int_equal(mico_aes_ccm_seal((struct mico_span){key, keys[i]}, iv, none, text, ours, 16), MICO_ERR_PARAM);
        assert_int_equal(mico_aes_cmac((struct mico_span){key, keys[i]}, text, ours), MICO_ERR_PARAM);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(mico_aes_gcm_seal(k, iv, none, text, ours, tags[i]), MICO_ERR_PARAM);
        assert_int_equal(mico_aes_ccm_seal(k, iv, none, text, ours, tags[i]), MICO_ERR_PARAM);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(mico_aes_ccm_seal(k, (struct mico_span){nonce, nonces[i]}, none, text, ours, 16),
                         MICO_ERR_PARAM);
    }
    assert_int_equal(mico_aes_gcm_seal(k, none, none, text, ours, 16), MICO_ERR_PARAM);
    assert_int_equal(mico_aes_ccm_seal(k, iv, none, text, ours, 7), MICO_ERR_PARAM);
    /* A nonce of 13 bytes leaves two for the length. */
    assert_int_equal(
        mico_aes_ccm_seal(k, (struct mico_span){nonce, 13}, none, (struct mico_span){data, 65536}, ours, 16),
        MICO_ERR_PARAM);
    assert_int_equal(mico_aes_gcm_open(k, iv, none, (struct mico_span){data, 15}, ours, 16), MICO_ERR_SIZE);
    assert_int_equal(mico_aes_ccm_open(k, iv, none, (struct mico_span){data, 15}, ours, 16), MICO_ERR_SIZE);
}

static int draw_data(void **state)
{
    replay_start();
    replay_draw(data, sizeof data);
    replay_draw(aad, sizeof aad);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gcm_gives_the_published_answers), cmocka_unit_test(ccm_gives_sp_800_38cs_answers),
        cmocka_unit_test(cmac_gives_rfc_4493s_answers),    cmocka_unit_test(sha384_and_its_hmac_agree),
        cmocka_unit_test(gcm_agrees_with_openssl),         cmocka_unit_test(ccm_agrees_with_openssl),
        cmocka_unit_test(cmac_agrees_with_openssl),        cmocka_unit_test(other_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, draw_data, NULL);
}

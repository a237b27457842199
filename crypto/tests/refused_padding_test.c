/* SPDX-License-Identifier: Apache-2.0 */
/* No oracle of a padding: whatever is wrong with it, PSA gives one status, no length, and the same bytes in the caller's
 * buffer. And what is authenticated, altered in any bit or cut, gives nothing. That the time is the same too is constant_time's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rsa_der.h"
#include "crypto/primitives/rsa_mask.h"
#include "crypto/tests/rsa_test_key.h"
#include "crypto/tests/test_key.h"

#define OUT 512
#define BOTH (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT)

/* What a caller sees of a refusal. */
struct seen {
    psa_status_t status;
    size_t len;
    uint8_t out[OUT];
};

static struct seen nothing(void)
{
    struct seen seen = {.len = 9};
    memset(seen.out, 0xA5, sizeof seen.out);
    return seen;
}

static void same(const struct seen *one, const struct seen *other)
{
    assert_int_equal(one->status, other->status);
    assert_int_equal(one->len, 0);
    assert_int_equal(other->len, 0);
    assert_memory_equal(one->out, other->out, OUT);
}

/* ---- CBC ---- */

struct cbc {
    psa_key_type_t type;
    size_t block;
    psa_key_id_t ecb, cbc;
    uint8_t sealed[4 * 16]; /* IV and three blocks, the last one made by seal_last */
};

static void cbc_start(struct cbc *with, psa_key_type_t type, size_t key_len, size_t block)
{
    uint8_t key[32];
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)(7 * i + 1);
    }
    *with = (struct cbc){.type = type, .block = block};
    with->ecb = test_key(type, BOTH, PSA_ALG_ECB_NO_PADDING, (struct mico_span){key, key_len});
    with->cbc = test_key(type, BOTH, PSA_ALG_CBC_PKCS7, (struct mico_span){key, key_len});
    memset(with->sealed, 0x3C, sizeof with->sealed);
}

/* The last ciphertext block, of which this comes. */
static void seal_last(struct cbc *with, const uint8_t *plain)
{
    uint8_t mixed[16];
    size_t len;
    for (size_t i = 0; i < with->block; i++) {
        mixed[i] = plain[i] ^ with->sealed[2 * with->block + i];
    }
    assert_int_equal(psa_cipher_encrypt(with->ecb, PSA_ALG_ECB_NO_PADDING, mixed, with->block,
                                        with->sealed + 3 * with->block, with->block, &len),
                     PSA_SUCCESS);
}

static struct seen open_at_once(struct cbc *with, const uint8_t *plain)
{
    struct seen seen = nothing();
    seal_last(with, plain);
    seen.status =
        psa_cipher_decrypt(with->cbc, PSA_ALG_CBC_PKCS7, with->sealed, 4 * with->block, seen.out, OUT, &seen.len);
    return seen;
}

/* The first two blocks come out before the padding is known; what finish does counts. */
static struct seen open_in_parts(struct cbc *with, const uint8_t *plain)
{
    struct seen seen = nothing();
    psa_cipher_operation_t op = PSA_CIPHER_OPERATION_INIT;
    size_t len;
    seal_last(with, plain);
    assert_int_equal(psa_cipher_decrypt_setup(&op, with->cbc, PSA_ALG_CBC_PKCS7), PSA_SUCCESS);
    assert_int_equal(psa_cipher_set_iv(&op, with->sealed, with->block), PSA_SUCCESS);
    assert_int_equal(psa_cipher_update(&op, with->sealed + with->block, 3 * with->block, seen.out, OUT, &len),
                     PSA_SUCCESS);
    assert_int_equal(len, 2 * with->block);
    seen.status = psa_cipher_finish(&op, seen.out + len, OUT - len, &seen.len);
    assert_int_equal(psa_cipher_abort(&op), PSA_SUCCESS);
    return seen;
}

/* A length of 0, and every one above a block; every length with each of its bytes wrong in its highest or lowest bit. */
static void every_wrong_padding(struct cbc *with, struct seen (*open)(struct cbc *, const uint8_t *))
{
    uint8_t plain[16];
    memset(plain, 0, sizeof plain);
    struct seen first = open(with, plain);
    assert_int_equal(first.status, PSA_ERROR_INVALID_PADDING);
    for (size_t pad = with->block + 1; pad < 256; pad++) {
        memset(plain, (int)pad, sizeof plain);
        struct seen seen = open(with, plain);
        same(&seen, &first);
    }
    for (size_t pad = 2; pad <= with->block; pad++) {
        for (size_t wrong = 2; wrong <= pad; wrong++) {
            for (unsigned bit = 0; bit < 8; bit += 7) {
                memset(plain, (int)pad, sizeof plain);
                plain[with->block - wrong] ^= (uint8_t)(1 << bit);
                struct seen seen = open(with, plain);
                same(&seen, &first);
            }
        }
    }
    memset(plain, (int)with->block, sizeof plain);
    struct seen good = open(with, plain);
    assert_int_equal(good.status, PSA_SUCCESS);
}

static void cbc_says_only_that_a_padding_is_wrong(void **state)
{
    struct cbc with;
    uint8_t wrong[16];
    cbc_start(&with, PSA_KEY_TYPE_AES, 32, 16);
    every_wrong_padding(&with, open_at_once);
    every_wrong_padding(&with, open_in_parts);
    memset(wrong, 0, sizeof wrong);
    struct seen seen = open_at_once(&with, wrong);
    assert_true(mico_ct_is_zero(seen.out, 32)); /* the two blocks before are taken back */
    test_destroy(with.ecb);
    test_destroy(with.cbc);
    cbc_start(&with, PSA_KEY_TYPE_DES, 24, 8);
    every_wrong_padding(&with, open_at_once);
    every_wrong_padding(&with, open_in_parts);
    test_destroy(with.ecb);
    test_destroy(with.cbc);
}

/* ---- RSA ---- */

static const uint8_t label[] = "label";

/* Opens what comes of an encoded message, in a buffer of cap bytes. */
static struct seen open_rsa(psa_key_id_t key, psa_algorithm_t alg, const uint8_t em[256], size_t cap)
{
    struct mico_rsa_private view;
    uint8_t sealed[256];
    struct seen seen = nothing();
    bool oaep = alg != PSA_ALG_RSA_PKCS1V15_CRYPT;
    assert_int_equal(mico_rsa_read_private(MICO_SPAN(rsa_test_key), &view), MICO_OK);
    assert_int_equal(mico_rsa_public_op(&view.pub, em, sealed), MICO_OK);
    seen.status = psa_asymmetric_decrypt(key, alg, sealed, sizeof sealed, oaep ? label : NULL, oaep ? sizeof label : 0,
                                         seen.out, cap, &seen.len);
    return seen;
}

/* 00 02, bytes that are not zero, 00, the text. */
static void pkcs1_message(uint8_t em[256])
{
    memset(em, 0x51, 256);
    em[0] = 0;
    em[1] = 2;
    em[200] = 0;
}

static void pkcs1_says_only_that_a_padding_is_wrong(void **state)
{
    static const size_t caps[] = {0, 1, 54, 55, 245, 256, OUT};
    const psa_algorithm_t alg = PSA_ALG_RSA_PKCS1V15_CRYPT;
    psa_key_id_t key = test_rsa(PSA_KEY_USAGE_DECRYPT, alg);
    uint8_t em[256];
    for (size_t c = 0; c < sizeof caps / sizeof caps[0]; c++) {
        pkcs1_message(em);
        em[1] = 1;
        struct seen first = open_rsa(key, alg, em, caps[c]);
        assert_int_equal(first.status, PSA_ERROR_INVALID_PADDING);
        for (unsigned i = 0; i < 30; i++) {
            pkcs1_message(em);
            if (i < 8) { /* a zero among the eight bytes that must be none */
                em[2 + i] = 0;
            } else if (i < 16) { /* the second byte in another bit */
                em[1] ^= (uint8_t)(1 << (i - 8));
            } else if (i < 23) { /* the first; the highest would not be below the modulus */
                em[0] = (uint8_t)(1 << (i - 16));
            } else if (i == 23) { /* no end */
                em[200] = 0x51;
            } else if (i == 24) { /* no end, and nothing before */
                memset(em, 0x51, 256);
                em[0] = 0;
            } else {
                memset(em, 0, (size_t)(i - 24) * 40);
            }
            struct seen seen = open_rsa(key, alg, em, caps[c]);
            same(&seen, &first);
        }
        pkcs1_message(em);
        struct seen good = open_rsa(key, alg, em, caps[c]);
        assert_int_equal(good.status, caps[c] < 55 ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_SUCCESS);
    }
    test_destroy(key);
}

#define HASH 32

/* 00 | maskedSeed | maskedDB of DB = lHash | 00 ... | 01 | text, after wrong has been at it. */
static void oaep_message(uint8_t em[256], unsigned wrong)
{
    uint8_t *seed = em + 1, *db = em + 1 + HASH;
    const size_t db_len = 255 - HASH, end = db_len - 10;
    memset(em, 0, 256);
    memset(seed, 0x77, HASH);
    mico_sha256(label, sizeof label, db);
    db[end] = 1;
    memset(db + end + 1, 0x61, db_len - end - 1);
    if (wrong < 8 * HASH) { /* each bit of the label's hash */
        db[wrong / 8] ^= (uint8_t)(1 << wrong % 8);
    } else if (wrong < 9 * HASH) { /* a byte in the zeros */
        db[HASH + (wrong - 8 * HASH) * 5] = 2;
    } else if (wrong == 9 * HASH) { /* no 01: zeros to the end */
        memset(db + end, 0, db_len - end);
    } else if (wrong == 9 * HASH + 1) { /* another byte in its place */
        db[end] = 0x81;
    }
    rsa_mask(&mico_sha256_digest, (struct mico_span){seed, HASH}, db, db_len);
    rsa_mask(&mico_sha256_digest, (struct mico_span){db, db_len}, seed, HASH);
    if (wrong == 9 * HASH + 2) {
        em[0] = 1;
    } else if (wrong == 9 * HASH + 3) {
        seed[5] ^= 0x10;
    }
}

static void oaep_says_only_that_a_padding_is_wrong(void **state)
{
    static const size_t caps[] = {0, 8, 9, 190, OUT};
    const psa_algorithm_t alg = PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256);
    psa_key_id_t key = test_rsa(PSA_KEY_USAGE_DECRYPT, alg);
    uint8_t em[256];
    for (size_t c = 0; c < sizeof caps / sizeof caps[0]; c++) {
        oaep_message(em, 0);
        struct seen first = open_rsa(key, alg, em, caps[c]);
        assert_int_equal(first.status, PSA_ERROR_INVALID_PADDING);
        for (unsigned wrong = c == 0 ? 1 : 7 * HASH; wrong <= 9 * HASH + 3; wrong++) {
            oaep_message(em, wrong);
            struct seen seen = open_rsa(key, alg, em, caps[c]);
            same(&seen, &first);
        }
        oaep_message(em, 9 * HASH + 4); /* nothing is wrong */
        struct seen good = open_rsa(key, alg, em, caps[c]);
        assert_int_equal(good.status, caps[c] < 9 ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_SUCCESS);
        assert_int_equal(good.len, caps[c] < 9 ? 0 : 9);
    }
    test_destroy(key);
}

/* Ciphertexts at and above the modulus, which no padding has to do with: refused like a wrong one. */
static void ciphertexts_that_are_no_numbers_below_the_modulus_are_refused(void **state)
{
    const psa_algorithm_t algs[] = {PSA_ALG_RSA_PKCS1V15_CRYPT, PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256)};
    struct mico_rsa_private view;
    uint8_t sealed[257];
    assert_int_equal(mico_rsa_read_private(MICO_SPAN(rsa_test_key), &view), MICO_OK);
    for (size_t a = 0; a < 2; a++) {
        psa_key_id_t key = test_rsa(PSA_KEY_USAGE_DECRYPT, algs[a]);
        for (unsigned i = 0; i < 4; i++) {
            struct seen seen = nothing();
            memset(sealed, i < 2 ? 0xFF : 0, sizeof sealed);
            if (i == 1) {
                memcpy(sealed, view.pub.n.data, 256);
            }
            sealed[255] |= (uint8_t)(i == 3); /* 0 and 1 are their own powers */
            seen.status = psa_asymmetric_decrypt(key, algs[a], sealed, 256, NULL, 0, seen.out, OUT, &seen.len);
            assert_int_equal(seen.status, PSA_ERROR_INVALID_PADDING);
            assert_int_equal(seen.len, 0);
        }
        for (size_t len = 0; len <= 257; len += len == 0 || len >= 255 ? 1 : 254) {
            size_t out_len;
            uint8_t out[256];
            psa_status_t status = psa_asymmetric_decrypt(key, algs[a], sealed, len, NULL, 0, out, sizeof out, &out_len);
            assert_int_equal(status, len == 256 ? PSA_ERROR_INVALID_PADDING : PSA_ERROR_INVALID_ARGUMENT);
        }
        test_destroy(key);
    }
}

/* ---- what is authenticated ---- */

static const uint8_t key32[32] = {3, 1, 4}, nonce[12] = {2, 7}, aad[21] = {8}, text[37] = {'t', 'e', 'x', 't'};

static void no_text(psa_key_id_t key, psa_algorithm_t alg, struct mico_span with, struct mico_span of,
                    struct mico_span sealed)
{
    static const uint8_t zeros[64];
    uint8_t out[64] = {0};
    size_t len = 4;
    psa_status_t status = psa_aead_decrypt(key, alg, with.data, with.len, of.data, of.len, sealed.data, sealed.len, out,
                                           sizeof out, &len);
    assert_true(status == PSA_ERROR_INVALID_SIGNATURE || (status == PSA_ERROR_INVALID_ARGUMENT && sealed.len < 16));
    assert_int_equal(len, 0);
    assert_memory_equal(out, zeros, sizeof out);
}

static void altered_texts(psa_key_type_t type, size_t key_len, psa_algorithm_t alg)
{
    uint8_t sealed[sizeof text + 17] = {0}, other[32];
    size_t len, got;
    psa_key_id_t key = test_key(type, BOTH, alg, (struct mico_span){key32, key_len});
    const struct mico_span as_was = MICO_SPAN(nonce), beside = MICO_SPAN(aad);
    assert_int_equal(psa_aead_encrypt(key, alg, nonce, sizeof nonce, aad, sizeof aad, text, sizeof text, sealed,
                                      sizeof sealed, &len),
                     PSA_SUCCESS);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        no_text(key, alg, as_was, beside, (struct mico_span){sealed, len});
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t cut = 0; cut <= len + 1; cut++) {
        if (cut != len) {
            no_text(key, alg, as_was, beside, (struct mico_span){sealed, cut});
        }
    }
    for (size_t bit = 0; bit < 8 * sizeof nonce; bit++) {
        memcpy(other, nonce, sizeof nonce);
        other[bit / 8] ^= (uint8_t)(1 << bit % 8);
        no_text(key, alg, (struct mico_span){other, sizeof nonce}, beside, (struct mico_span){sealed, len});
    }
    for (size_t bit = 0; bit < 8 * sizeof aad; bit++) {
        memcpy(other, aad, sizeof aad);
        other[bit / 8] ^= (uint8_t)(1 << bit % 8);
        no_text(key, alg, as_was, (struct mico_span){other, sizeof aad}, (struct mico_span){sealed, len});
    }
    for (size_t cut = 0; cut < sizeof aad; cut++) {
        no_text(key, alg, as_was, (struct mico_span){aad, cut}, (struct mico_span){sealed, len});
    }
    assert_int_equal(psa_aead_decrypt(key, alg, nonce, sizeof nonce, aad, sizeof aad, sealed, len, other, 0, &got),
                     PSA_ERROR_BUFFER_TOO_SMALL);
    test_destroy(key);
}

static void an_altered_or_cut_text_gives_nothing(void **state)
{
    altered_texts(PSA_KEY_TYPE_AES, 16, PSA_ALG_GCM);
    altered_texts(PSA_KEY_TYPE_AES, 32, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_GCM, 12));
    altered_texts(PSA_KEY_TYPE_AES, 24, PSA_ALG_CCM);
    altered_texts(PSA_KEY_TYPE_AES, 16, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 8));
    altered_texts(PSA_KEY_TYPE_CHACHA20, 32, PSA_ALG_CHACHA20_POLY1305);
}

static void altered_mac(psa_key_type_t type, size_t key_len, psa_algorithm_t alg)
{
    uint8_t mac[PSA_MAC_MAX_SIZE + 1] = {0};
    size_t len;
    psa_key_id_t key = test_key(type, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, alg,
                                (struct mico_span){key32, key_len});
    assert_int_equal(psa_mac_compute(key, alg, text, sizeof text, mac, sizeof mac, &len), PSA_SUCCESS);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        mac[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(psa_mac_verify(key, alg, text, sizeof text, mac, len), PSA_ERROR_INVALID_SIGNATURE);
        mac[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t cut = 0; cut <= len + 1; cut++) {
        assert_int_equal(psa_mac_verify(key, alg, text, sizeof text, mac, cut),
                         cut == len ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE);
    }
    test_destroy(key);
}

static void an_altered_or_cut_mac_is_refused(void **state)
{
    const psa_algorithm_t hashes[] = {PSA_ALG_MD5,     PSA_ALG_SHA_1,   PSA_ALG_SHA_224,
                                      PSA_ALG_SHA_256, PSA_ALG_SHA_384, PSA_ALG_SHA_512};
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        altered_mac(PSA_KEY_TYPE_HMAC, 20, PSA_ALG_HMAC(hashes[i]));
    }
    altered_mac(PSA_KEY_TYPE_AES, 24, PSA_ALG_CMAC);
    altered_mac(PSA_KEY_TYPE_DES, 24, PSA_ALG_CMAC);
    altered_mac(PSA_KEY_TYPE_HMAC, 32, PSA_ALG_TRUNCATED_MAC(PSA_ALG_HMAC(PSA_ALG_SHA_256), 10));
}

static int start(void **state)
{
    return psa_crypto_init() == PSA_SUCCESS ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cbc_says_only_that_a_padding_is_wrong),
        cmocka_unit_test(pkcs1_says_only_that_a_padding_is_wrong),
        cmocka_unit_test(oaep_says_only_that_a_padding_is_wrong),
        cmocka_unit_test(ciphertexts_that_are_no_numbers_below_the_modulus_are_refused),
        cmocka_unit_test(an_altered_or_cut_text_gives_nothing),
        cmocka_unit_test(an_altered_or_cut_mac_is_refused),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}

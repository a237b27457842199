/* SPDX-License-Identifier: Apache-2.0 */
/* RSA against OpenSSL's: keys of each, every padding, both directions, and what must be refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rsa.h"
#include "crypto/primitives/rsa_der.h"
#include "crypto/tests/replay.h"

static const uint8_t sha256_prefix[] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                        0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
#define PREFIX MICO_SPAN(sha256_prefix)

/* One key of each size, of OpenSSL's making, and its DER. */
static struct key {
    EVP_PKEY *theirs;
    uint8_t der[MICO_RSA_PRIVATE_DER_MAX];
    struct mico_rsa_private ours;
} keys[3];
static const unsigned sizes[3] = {2048, 3072, 4096};

static void read_their_key(struct key *key)
{
    uint8_t *at = key->der;
    int len = i2d_PrivateKey(key->theirs, NULL);
    assert_in_range(len, 1, sizeof key->der);
    len = i2d_PrivateKey(key->theirs, &at);
    assert_int_equal(mico_rsa_read_private((struct mico_span){key->der, (size_t)len}, &key->ours), MICO_OK);
    assert_int_equal(mico_rsa_check_private(&key->ours), MICO_OK);
}

static int make_keys(void **state)
{
    for (size_t i = 0; i < 3; i++) {
        keys[i].theirs = EVP_RSA_gen(sizes[i]);
        read_their_key(&keys[i]);
    }
    return 0;
}

static int free_keys(void **state)
{
    for (size_t i = 0; i < 3; i++) {
        EVP_PKEY_free(keys[i].theirs);
    }
    return 0;
}

static EVP_PKEY_CTX *context(const struct key *key, int (*start)(EVP_PKEY_CTX *), int padding, int salt)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key->theirs, NULL);
    assert_int_equal(start(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, padding), 1);
    if (padding == RSA_PKCS1_OAEP_PADDING) {
        assert_int_equal(EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256()), 1);
        void *label = OPENSSL_memdup("label", 5);
        assert_int_equal(EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, label, 5), 1);
    } else if (start != EVP_PKEY_encrypt_init && start != EVP_PKEY_decrypt_init) {
        assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()), 1);
    }
    if (padding == RSA_PKCS1_PSS_PADDING) {
        assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, salt), 1);
    }
    return ctx;
}

static bool they_verify(const struct key *key, int padding, int salt, const uint8_t digest[32],
                        const uint8_t *signature)
{
    EVP_PKEY_CTX *ctx = context(key, EVP_PKEY_verify_init, padding, salt);
    bool valid = EVP_PKEY_verify(ctx, signature, key->ours.pub.n.len, digest, 32) == 1;
    EVP_PKEY_CTX_free(ctx);
    return valid;
}

static void they_sign(const struct key *key, int padding, int salt, const uint8_t digest[32], uint8_t *signature)
{
    EVP_PKEY_CTX *ctx = context(key, EVP_PKEY_sign_init, padding, salt);
    size_t len = MICO_RSA_MAX;
    assert_int_equal(EVP_PKEY_sign(ctx, signature, &len, digest, 32), 1);
    EVP_PKEY_CTX_free(ctx);
}

/* Up to the longest that fits, RFC 8017 section 9.1.1 step 3. */
static void sign_with_salts(const struct key *key, const uint8_t digest[32], uint8_t *signature)
{
    static const uint8_t salt[MICO_RSA_MAX];
    const struct mico_rsa_private *ours = &key->ours;
    const size_t lengths[] = {0, 1, 32, ours->pub.n.len - 34, ours->pub.n.len - 33};
    for (size_t i = 0; i < 5; i++) {
        mico_err err =
            mico_rsa_pss_sign_with(ours, &mico_sha256_digest, digest, (struct mico_span){salt, lengths[i]}, signature);
        assert_int_equal(err, i < 4 ? MICO_OK : MICO_ERR_PARAM);
        assert_true(i == 4 || they_verify(key, RSA_PKCS1_PSS_PADDING, (int)lengths[i], digest, signature));
    }
}

static void signatures_of_each_verify_with_the_other(void **state)
{
    uint8_t digest[32], signature[MICO_RSA_MAX];
    for (size_t i = 0; i < 3; i++) {
        const struct mico_rsa_private *key = &keys[i].ours;
        struct mico_span whole = {signature, key->pub.n.len};
        replay_draw(digest, sizeof digest);
        assert_int_equal(mico_rsa_pkcs1_sign(key, PREFIX, MICO_SPAN(digest), signature), MICO_OK);
        assert_true(they_verify(&keys[i], RSA_PKCS1_PADDING, 0, digest, signature));
        assert_int_equal(mico_rsa_pss_sign(key, &mico_sha256_digest, digest, signature), MICO_OK);
        assert_true(they_verify(&keys[i], RSA_PKCS1_PSS_PADDING, 32, digest, signature));
        sign_with_salts(&keys[i], digest, signature);
        they_sign(&keys[i], RSA_PKCS1_PADDING, 0, digest, signature);
        assert_int_equal(mico_rsa_pkcs1_verify(&key->pub, PREFIX, MICO_SPAN(digest), whole), MICO_OK);
        for (int salt = 0; salt < 66; salt += 11) {
            they_sign(&keys[i], RSA_PKCS1_PSS_PADDING, salt, digest, signature);
            assert_int_equal(mico_rsa_pss_verify(&key->pub, &mico_sha256_digest, true, digest, whole), MICO_OK);
            assert_int_equal(mico_rsa_pss_verify(&key->pub, &mico_sha256_digest, false, digest, whole), MICO_ERR_AUTH);
        }
        they_sign(&keys[i], RSA_PKCS1_PSS_PADDING, 32, digest, signature);
        assert_int_equal(mico_rsa_pss_verify(&key->pub, &mico_sha256_digest, false, digest, whole), MICO_OK);
        digest[0] ^= 1;
        assert_int_equal(mico_rsa_pss_verify(&key->pub, &mico_sha256_digest, true, digest, whole), MICO_ERR_AUTH);
    }
}

/* The signature plus the modulus is the same number, and fits when it is small enough: wolfCrypt takes it. */
static void an_unreduced_signature_is_refused(void **state)
{
    const struct mico_rsa_private *key = &keys[0].ours;
    uint8_t digest[32], signature[256], sum[256];
    unsigned carry = 1;
    for (uint8_t i = 0; carry != 0; i++) { /* until signature + n is below 2^2048 */
        memset(digest, i, sizeof digest);
        assert_int_equal(mico_rsa_pkcs1_sign(key, PREFIX, MICO_SPAN(digest), signature), MICO_OK);
        carry = 0;
        for (size_t k = 256; k-- > 0;) {
            carry += (unsigned)signature[k] + key->pub.n.data[k];
            sum[k] = (uint8_t)carry;
            carry >>= 8;
        }
    }
    assert_int_equal(mico_rsa_pkcs1_verify(&key->pub, PREFIX, MICO_SPAN(digest), MICO_SPAN(signature)), MICO_OK);
    assert_int_equal(mico_rsa_pkcs1_verify(&key->pub, PREFIX, MICO_SPAN(digest), MICO_SPAN(sum)), MICO_ERR_AUTH);
    assert_int_equal(mico_rsa_pss_verify(&key->pub, &mico_sha256_digest, true, digest, MICO_SPAN(sum)), MICO_ERR_AUTH);
}

/* Encodings that careless parsers take, each signed with the key. */
static void other_encodings_of_the_digest_are_refused(void **state)
{
    const struct mico_rsa_private *key = &keys[0].ours;
    uint8_t digest[32] = {7}, em[256], signature[256], tail[64];
    size_t tail_len = sizeof sha256_prefix + 32;
    memcpy(tail, sha256_prefix, sizeof sha256_prefix);
    memcpy(tail + sizeof sha256_prefix, digest, 32);
    for (int wrong = 0; wrong < 6; wrong++) {
        size_t garbage = wrong == 1 ? 20 : 0;
        memset(em, 0xFF, sizeof em);
        em[0] = 0;
        em[1] = wrong == 2 ? 2 : 1;
        em[10] = wrong == 3 ? 0xFE : 0xFF;
        em[255 - tail_len - garbage] = wrong == 4 ? 1 : 0;
        memcpy(em + 256 - tail_len - garbage, tail, tail_len);
        em[256 - tail_len + 16] = wrong == 5 ? 0x81 : em[256 - tail_len + 16];
        assert_int_equal(mico_rsa_private_op(key, em, signature), MICO_OK);
        assert_int_equal(mico_rsa_pkcs1_verify(&key->pub, PREFIX, MICO_SPAN(digest), MICO_SPAN(signature)),
                         wrong == 0 ? MICO_OK : MICO_ERR_AUTH);
    }
}

static void texts_of_each_open_with_the_other(void **state)
{
    uint8_t text[MICO_RSA_MAX], sealed[MICO_RSA_MAX], back[MICO_RSA_MAX];
    static const struct mico_span label = {(const uint8_t *)"label", 5};
    for (size_t i = 0; i < 3; i++) {
        const struct mico_rsa_private *key = &keys[i].ours;
        size_t size = key->pub.n.len, longest[2] = {size - 11, size - 66};
        static const int padding[2] = {RSA_PKCS1_PADDING, RSA_PKCS1_OAEP_PADDING};
        for (int scheme = 0; scheme < 2; scheme++) {
            for (size_t len = 0; len <= longest[scheme]; len += len < 2 || len + 40 > longest[scheme] ? 1 : 37) {
                size_t got = sizeof back;
                if (len % 5 != 0 && i != 0) {
                    continue;
                }
                replay_draw(text, sizeof text);
                mico_err err = scheme == 0 ? mico_rsa_pkcs1_encrypt(&key->pub, (struct mico_span){text, len}, sealed)
                                           : mico_rsa_oaep_encrypt(&key->pub, &mico_sha256_digest, label,
                                                                   (struct mico_span){text, len}, sealed);
                assert_int_equal(err, MICO_OK);
                EVP_PKEY_CTX *ctx = context(&keys[i], EVP_PKEY_decrypt_init, padding[scheme], 0);
                assert_int_equal(EVP_PKEY_decrypt(ctx, back, &got, sealed, size), 1);
                EVP_PKEY_CTX_free(ctx);
                assert_int_equal(got, len);
                assert_memory_equal(back, text, len);
                ctx = context(&keys[i], EVP_PKEY_encrypt_init, padding[scheme], 0);
                got = sizeof sealed;
                assert_int_equal(EVP_PKEY_encrypt(ctx, sealed, &got, text, len), 1);
                EVP_PKEY_CTX_free(ctx);
                memset(back, 0xA5, sizeof back);
                err = scheme == 0 ? mico_rsa_pkcs1_decrypt(key, (struct mico_span){sealed, size}, back, size, &got)
                                  : mico_rsa_oaep_decrypt(key, &mico_sha256_digest, label,
                                                          (struct mico_span){sealed, size}, back, size, &got);
                assert_int_equal(err, MICO_OK);
                assert_int_equal(got, len);
                assert_memory_equal(back, text, len);
            }
            struct mico_span too_long = {text, longest[scheme] + 1};
            assert_int_equal(scheme == 0
                                 ? mico_rsa_pkcs1_encrypt(&key->pub, too_long, sealed)
                                 : mico_rsa_oaep_encrypt(&key->pub, &mico_sha256_digest, label, too_long, sealed),
                             MICO_ERR_SIZE);
        }
    }
}

static mico_err open_pkcs1(const uint8_t em[256], size_t cap, size_t *len)
{
    uint8_t sealed[256], text[256];
    assert_int_equal(mico_rsa_public_op(&keys[0].ours.pub, em, sealed), MICO_OK);
    mico_err err = mico_rsa_pkcs1_decrypt(&keys[0].ours, MICO_SPAN(sealed), text, cap, len);
    if (err != MICO_OK) {
        assert_true(mico_ct_is_zero(text, cap));
        assert_int_equal(*len, 0);
    }
    return err;
}

static void every_wrong_padding_is_one_error(void **state)
{
    uint8_t em[256];
    size_t len;
    memset(em, 0x11, sizeof em);
    em[0] = 0;
    em[1] = 2;
    assert_int_equal(open_pkcs1(em, 256, &len), MICO_ERR_AUTH); /* no end of PS */
    for (size_t end = 2; end < 256; end++) {
        em[end] = 0;
        assert_int_equal(open_pkcs1(em, 256, &len), end < 10 ? MICO_ERR_AUTH : MICO_OK); /* PS of eight bytes */
        assert_int_equal(len, end < 10 ? 0 : 255 - end);
        em[end] = 0x11;
    }
    em[100] = 0;
    assert_int_equal(open_pkcs1(em, 154, &len), MICO_ERR_SIZE);
    assert_int_equal(open_pkcs1(em, 155, &len), MICO_OK);
    em[1] = 1;
    assert_int_equal(open_pkcs1(em, 256, &len), MICO_ERR_AUTH);
    em[1] = 2;
    em[0] = 1;
    assert_int_equal(open_pkcs1(em, 256, &len), MICO_ERR_AUTH);
}

static void wrong_oaep_is_one_error(void **state)
{
    uint8_t sealed[256], text[256], em[256];
    size_t len;
    const struct mico_rsa_private *key = &keys[0].ours;
    static const struct mico_span label = {(const uint8_t *)"label", 5}, other = {(const uint8_t *)"lapel", 5};
    assert_int_equal(mico_rsa_oaep_encrypt(&key->pub, &mico_sha256_digest, label, MICO_SPAN("hello"), sealed), MICO_OK);
    assert_int_equal(mico_rsa_oaep_decrypt(key, &mico_sha256_digest, other, MICO_SPAN(sealed), text, 256, &len),
                     MICO_ERR_AUTH);
    assert_int_equal(mico_rsa_oaep_decrypt(key, &mico_sha384_digest, label, MICO_SPAN(sealed), text, 256, &len),
                     MICO_ERR_AUTH);
    assert_int_equal(mico_rsa_oaep_decrypt(key, &mico_sha256_digest, label, MICO_SPAN(sealed), text, 5, &len),
                     MICO_ERR_SIZE);
    assert_int_equal(mico_rsa_private_op(key, sealed, em), MICO_OK);
    for (size_t i = 0; i < 256; i += 5) {
        em[i] ^= i == 0 ? 1 : 0x40;
        if (mico_rsa_public_op(&key->pub, em, sealed) == MICO_OK) {
            assert_int_equal(mico_rsa_oaep_decrypt(key, &mico_sha256_digest, label, MICO_SPAN(sealed), text, 256, &len),
                             MICO_ERR_AUTH);
            assert_true(mico_ct_is_zero(text, 256));
        }
        em[i] ^= i == 0 ? 1 : 0x40;
    }
}

/* 2^bit and n - 2^bit, raised by us, by OpenSSL's numbers, and back. */
static void numbers_of_few_bits_are_raised_as_by_openssl(void **state)
{
    uint8_t in[MICO_RSA_MAX], out[MICO_RSA_MAX], want[MICO_RSA_MAX], back[MICO_RSA_MAX];
    BN_CTX *ctx = BN_CTX_new();
    for (size_t i = 0; i < 3; i++) {
        const struct mico_rsa_private *key = &keys[i].ours;
        int size = (int)key->pub.n.len;
        BIGNUM *n = BN_bin2bn(key->pub.n.data, size, NULL), *e = BN_new(), *base = BN_new(), *power = BN_new();
        BN_set_word(e, 65537);
        for (int bit = 0; bit < 8 * size - 1; bit += 97) {
            BN_zero(base);
            BN_set_bit(base, bit);
            if (bit % 2 != 0) {
                BN_sub(base, n, base);
            }
            assert_int_equal(BN_bn2binpad(base, in, size), size);
            assert_int_equal(BN_mod_exp(power, base, e, n, ctx), 1);
            assert_int_equal(BN_bn2binpad(power, want, size), size);
            assert_int_equal(mico_rsa_public_op(&key->pub, in, out), MICO_OK);
            assert_memory_equal(out, want, (size_t)size);
            assert_int_equal(mico_rsa_encrypt_op(&key->pub, in, out), MICO_OK);
            assert_memory_equal(out, want, (size_t)size);
            if (bit % 5 == 0) {
                assert_int_equal(mico_rsa_private_op(key, out, back), MICO_OK);
                assert_memory_equal(back, in, (size_t)size);
            }
        }
        BN_free(n);
        BN_free(e);
        BN_free(base);
        BN_free(power);
    }
    BN_CTX_free(ctx);
}

static void our_keys_are_good_in_their_eyes(void **state)
{
    static struct mico_rsa_key room;
    uint8_t der[MICO_RSA_PRIVATE_DER_MAX], again[MICO_RSA_PRIVATE_DER_MAX];
    static const uint32_t exponents[] = {65537, 3, 0xFFFFFFFF};
    for (size_t i = 0; i < 3; i++) {
        struct mico_rsa_private ours, read;
        size_t len, again_len;
        assert_int_equal(mico_rsa_generate(2048, exponents[i], &room, &ours), MICO_OK);
        assert_int_equal(mico_rsa_write_private(&ours, der, sizeof der, &len), MICO_OK);
        const uint8_t *at = der;
        EVP_PKEY *theirs = d2i_PrivateKey(EVP_PKEY_RSA, NULL, &at, (long)len);
        assert_non_null(theirs);
        assert_int_equal(EVP_PKEY_get_bits(theirs), 2048);
        EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(theirs, NULL);
        assert_int_equal(EVP_PKEY_check(ctx), 1);
        EVP_PKEY_CTX_free(ctx);
        EVP_PKEY_free(theirs);
        assert_int_equal(mico_rsa_read_private((struct mico_span){der, len}, &read), MICO_OK);
        assert_int_equal(mico_rsa_write_private(&read, again, sizeof again, &again_len), MICO_OK);
        assert_int_equal(again_len, len);
        assert_memory_equal(again, der, len);
        assert_int_equal(mico_rsa_write_private(&read, again, len - 1, &again_len), MICO_ERR_SIZE);
    }
    struct mico_rsa_private none;
    assert_int_equal(mico_rsa_generate(1024, 65537, &room, &none), MICO_ERR_UNSUPPORTED);
    assert_int_equal(mico_rsa_generate(2048, 65536, &room, &none), MICO_ERR_PARAM);
    assert_int_equal(mico_rsa_generate(2048, 1, &room, &none), MICO_ERR_PARAM);
}

static void a_key_whose_parts_do_not_belong_together_is_refused(void **state)
{
    uint8_t part[MICO_RSA_MAX];
    for (size_t i = 0; i < 7; i++) {
        struct mico_rsa_private key = keys[0].ours;
        struct mico_span *parts[] = {&key.pub.n, &key.d, &key.p, &key.q, &key.dp, &key.dq, &key.qinv};
        memcpy(part, parts[i]->data, parts[i]->len);
        part[parts[i]->len / 2] ^= 4;
        parts[i]->data = part;
        assert_int_not_equal(mico_rsa_check_private(&key), MICO_OK);
    }
    struct mico_rsa_private key = keys[0].ours;
    key.p.len--;
    assert_int_equal(mico_rsa_check_private(&key), MICO_ERR_PARAM);
}

/* A fault in one of the two halves would give the primes away: it is found, and nothing comes out. */
static void a_disturbed_computation_gives_no_signature(void **state)
{
    uint8_t dp[256], digest[32] = {1}, signature[256] = {0};
    struct mico_rsa_private key = keys[0].ours;
    memcpy(dp, key.dp.data, key.dp.len);
    dp[9] ^= 1;
    key.dp.data = dp;
    assert_int_equal(mico_rsa_pkcs1_sign(&key, PREFIX, MICO_SPAN(digest), signature), MICO_ERR_CRYPTO);
    assert_true(mico_ct_is_zero(signature, sizeof signature));
}

static void short_keys_verify_only(void **state)
{
    struct key key = {.theirs = EVP_RSA_gen(1024)};
    uint8_t *at = key.der, digest[32] = {9}, signature[MICO_RSA_MAX];
    int len = i2d_PrivateKey(key.theirs, &at);
    assert_int_equal(mico_rsa_read_private((struct mico_span){key.der, (size_t)len}, &key.ours), MICO_OK);
    assert_int_equal(mico_rsa_check_private(&key.ours), MICO_ERR_UNSUPPORTED);
    they_sign(&key, RSA_PKCS1_PADDING, 0, digest, signature);
    struct mico_span whole = {signature, 128};
    assert_int_equal(mico_rsa_pkcs1_verify(&key.ours.pub, PREFIX, MICO_SPAN(digest), whole), MICO_OK);
    signature[5] ^= 1;
    assert_int_equal(mico_rsa_pkcs1_verify(&key.ours.pub, PREFIX, MICO_SPAN(digest), whole), MICO_ERR_AUTH);
    assert_int_equal(mico_rsa_pkcs1_sign(&key.ours, PREFIX, MICO_SPAN(digest), signature), MICO_ERR_PARAM);
    EVP_PKEY_free(key.theirs);
}

static void malformed_der_is_refused(void **state)
{
    static const struct {
        uint8_t bytes[16];
        size_t len;
    } bad[] = {
        {{0x30, 0x06, 0x02, 0x01, 0x23, 0x02, 0x01}, 7},                          /* truncated */
        {{0x30, 0x06, 0x02, 0x01, 0x23, 0x02, 0x01, 0x03, 0x00}, 9},              /* and something after it */
        {{0x30, 0x07, 0x02, 0x01, 0x23, 0x02, 0x01, 0x03, 0x00}, 9},              /* something inside */
        {{0x30, 0x81, 0x06, 0x02, 0x01, 0x23, 0x02, 0x01, 0x03}, 9},              /* a length that could be shorter */
        {{0x30, 0x82, 0x00, 0x06, 0x02, 0x01, 0x23, 0x02, 0x01, 0x03}, 10},       /* the same */
        {{0x30, 0x80, 0x02, 0x01, 0x23, 0x02, 0x01, 0x03, 0x00, 0x00}, 10},       /* an indefinite length: BER */
        {{0x30, 0x07, 0x02, 0x02, 0x00, 0x23, 0x02, 0x01, 0x03}, 9},              /* a zero byte too many */
        {{0x30, 0x06, 0x02, 0x01, 0xA3, 0x02, 0x01, 0x03}, 8},                    /* negative */
        {{0x30, 0x05, 0x02, 0x00, 0x02, 0x01, 0x03}, 7},                          /* an empty number */
        {{0x31, 0x06, 0x02, 0x01, 0x23, 0x02, 0x01, 0x03}, 8},                    /* a SET */
        {{0x30, 0x06, 0x03, 0x01, 0x23, 0x02, 0x01, 0x03}, 8},                    /* a BIT STRING */
        {{0x30, 0x83, 0x00, 0x00, 0x06, 0x02, 0x01, 0x23, 0x02, 0x01, 0x03}, 11}, /* a length of three bytes */
    };
    static const uint8_t good[] = {0x30, 0x06, 0x02, 0x01, 0x23, 0x02, 0x01, 0x03};
    struct mico_rsa_public key;
    assert_int_equal(mico_rsa_read_public(MICO_SPAN(good), &key), MICO_OK);
    assert_int_equal(mico_rsa_check_public(&key), MICO_ERR_PARAM); /* a modulus of 6 bits */
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(mico_rsa_read_public((struct mico_span){bad[i].bytes, bad[i].len}, &key), MICO_ERR_FORMAT);
    }
    assert_int_equal(mico_rsa_read_public((struct mico_span){NULL, 0}, &key), MICO_ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_of_each_verify_with_the_other),
        cmocka_unit_test(an_unreduced_signature_is_refused),
        cmocka_unit_test(other_encodings_of_the_digest_are_refused),
        cmocka_unit_test(texts_of_each_open_with_the_other),
        cmocka_unit_test(every_wrong_padding_is_one_error),
        cmocka_unit_test(wrong_oaep_is_one_error),
        cmocka_unit_test(numbers_of_few_bits_are_raised_as_by_openssl),
        cmocka_unit_test(our_keys_are_good_in_their_eyes),
        cmocka_unit_test(a_key_whose_parts_do_not_belong_together_is_refused),
        cmocka_unit_test(a_disturbed_computation_gives_no_signature),
        cmocka_unit_test(short_keys_verify_only),
        cmocka_unit_test(malformed_der_is_refused),
    };
    replay_start();
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* DER that is not the one encoding (X.690 section 10) of a SEQUENCE of positive INTEGERs: keys of RSA and DSA through PSA, and the
 * signatures of ECDSA as TLS reads them, which goes through wolfSSL. Every truncation, every length and number in a longer form,
 * negative numbers, other tags, elements too many and too few. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/ecc.h>

#include "crypto/primitives/primitives.h"
#include "crypto/tests/rsa_test_key.h"
#include "crypto/tests/test_key.h"

#define DER_MAX 1600
#define NUMBERS_MAX 9

/* What is read: true when it is taken. */
typedef bool taker(struct mico_span der);

struct der {
    uint8_t bytes[DER_MAX];
    size_t len;
};

static void put(struct der *der, const uint8_t *bytes, size_t len)
{
    assert_true(der->len + len <= DER_MAX);
    memcpy(der->bytes + der->len, bytes, len);
    der->len += len;
}

static void put_byte(struct der *der, size_t byte)
{
    put(der, (const uint8_t[]){(uint8_t)byte}, 1);
}

/* A length in so many bytes after the first; 0: in the shortest form. */
static void put_length(struct der *der, size_t len, size_t bytes)
{
    size_t least = len < 0x80 ? 0 : len < 0x100 ? 1 : 2;
    bytes = bytes == 0 ? least : bytes;
    if (bytes == 0) {
        put_byte(der, len);
        return;
    }
    put_byte(der, 0x80 | bytes);
    for (size_t i = bytes; i-- > 0;) {
        put_byte(der, i < sizeof len ? len >> 8 * i & 0xFF : 0);
    }
}

static size_t read_length(const uint8_t **at)
{
    size_t len = *(*at)++;
    if (len >= 0x80) {
        size_t bytes = len & 0x7F;
        for (len = 0; bytes > 0; bytes--) {
            len = len << 8 | *(*at)++;
        }
    }
    return len;
}

/* The contents of the INTEGERs of good DER. */
static size_t take_apart(struct mico_span der, struct mico_span numbers[NUMBERS_MAX])
{
    const uint8_t *at = der.data;
    size_t count = 0;
    assert_int_equal(*at++, 0x30);
    size_t len = read_length(&at);
    for (const uint8_t *end = at + len; at < end;) {
        assert_int_equal(*at++, 0x02);
        assert_true(count < NUMBERS_MAX);
        numbers[count].len = read_length(&at);
        numbers[count].data = at;
        at += numbers[count++].len;
    }
    return count;
}

/* What may be wrong with one number; with all as it is, it is DER. */
struct flaw {
    uint8_t tag;
    size_t length_bytes; /* at least; 0: the shortest form */
    uint8_t zeros;       /* before the number */
    uint8_t cut;         /* bytes of its beginning left out */
    uint8_t copies;
    bool negative; /* its highest bit is set */
    bool empty;
};
static const struct flaw none = {.tag = 0x02, .copies = 1};

static void put_number(struct der *der, struct mico_span number, const struct flaw *flaw)
{
    static const uint8_t zeros[4];
    for (unsigned i = 0; i < flaw->copies; i++) {
        size_t begin, len = flaw->empty ? 0 : number.len - flaw->cut;
        put_byte(der, flaw->tag);
        put_length(der, len + flaw->zeros, flaw->length_bytes);
        begin = der->len;
        put(der, zeros, flaw->zeros);
        put(der, number.data + flaw->cut, len);
        if (flaw->negative) {
            der->bytes[begin] |= 0x80;
        }
    }
}

/* count numbers, one of them with the flaw, as a SEQUENCE whose own length takes so many bytes. */
static struct der encode(const struct mico_span *numbers, size_t count, size_t at, const struct flaw *flaw,
                         size_t length_bytes)
{
    struct der inside = {.len = 0}, der = {.len = 0};
    for (size_t i = 0; i < count; i++) {
        put_number(&inside, numbers[i], i == at ? flaw : &none);
    }
    put_byte(&der, 0x30);
    put_length(&der, inside.len, length_bytes);
    put(&der, inside.bytes, inside.len);
    return der;
}

static void refuse(taker *take, const struct der *der)
{
    assert_false(take((struct mico_span){der->bytes, der->len}));
}

static void flaws_of_a_number(taker *take, const struct mico_span *numbers, size_t count, size_t at)
{
    static const uint8_t tags[] = {0x00, 0x03, 0x04, 0x0A, 0x22, 0x30, 0x42, 0x82, 0xA2};
    const uint8_t first = numbers[at].data[0];
    const size_t least = numbers[at].len < 0x80 ? 0 : numbers[at].len < 0x100 ? 1 : 2;
    struct flaw flaws[32];
    size_t n = 0;
    for (size_t i = 0; i < sizeof tags; i++) {
        flaws[n] = none;
        flaws[n++].tag = tags[i];
    }
    for (size_t bytes = least + 1; bytes <= 5; bytes++) {
        flaws[n] = none;
        flaws[n++].length_bytes = bytes;
    }
    for (uint8_t zeros = 1; zeros <= 3; zeros++) {
        flaws[n] = none;
        flaws[n++].zeros = zeros;
    }
    flaws[n] = none;
    flaws[n++].empty = true;
    flaws[n] = none;
    flaws[n++].copies = 0;
    flaws[n] = none;
    flaws[n++].copies = 2;
    flaws[n] = none; /* the zero before a highest bit left out, or that bit set */
    flaws[n].cut = first == 0 && numbers[at].len > 1;
    flaws[n++].negative = true;
    for (size_t i = 0; i < n; i++) {
        struct der der = encode(numbers, count, at, &flaws[i], 0);
        refuse(take, &der);
    }
}

static void flaws_of_the_whole(taker *take, const struct mico_span *numbers, size_t count, struct mico_span good)
{
    const size_t least = good.len < 0x80 ? 0 : good.len < 0x104 ? 1 : 2;
    struct der der;
    for (size_t len = 0; len < good.len; len++) {
        assert_false(take((struct mico_span){good.data, len}));
    }
    for (size_t bytes = least + 1; bytes <= 5; bytes++) {
        der = encode(numbers, count, count, &none, bytes);
        refuse(take, &der);
    }
    for (unsigned tag = 0; tag < 256; tag++) {
        der = encode(numbers, count, count, &none, 0);
        der.bytes[0] = (uint8_t)tag;
        assert_int_equal(take((struct mico_span){der.bytes, der.len}), tag == 0x30);
    }
    static const uint8_t after[] = {0x00, 0x02, 0x05, 0x30};
    for (size_t i = 0; i < sizeof after; i++) {
        der = encode(numbers, count, count, &none, 0);
        put_byte(&der, after[i]);
        refuse(take, &der);
    }
    der = encode(numbers, count, count, &none, 0); /* an indefinite length, ended as BER has it */
    size_t header = 2 + least;
    struct der indefinite = {.bytes = {0x30, 0x80}, .len = 2};
    put(&indefinite, der.bytes + header, der.len - header);
    put(&indefinite, (const uint8_t[]){0, 0}, 2);
    refuse(take, &indefinite);
    for (int more = -2; more <= 2; more++) { /* a length that is not that of what follows */
        der = encode(numbers, count, count, &none, 0);
        der.bytes[header - 1] = (uint8_t)(der.bytes[header - 1] + more);
        assert_int_equal(take((struct mico_span){der.bytes, der.len}), more == 0);
    }
}

static void every_flaw(taker *take, struct mico_span good)
{
    struct mico_span numbers[NUMBERS_MAX];
    size_t count = take_apart(good, numbers);
    struct der same = encode(numbers, count, count, &none, 0);
    assert_int_equal(same.len, good.len); /* so the flaws are the only difference */
    assert_memory_equal(same.bytes, good.data, good.len);
    assert_true(take(good));
    flaws_of_the_whole(take, numbers, count, good);
    for (size_t at = 0; at < count; at++) {
        flaws_of_a_number(take, numbers, count, at);
    }
}

static bool take_rsa_pair(struct mico_span der)
{
    return test_import(PSA_KEY_TYPE_RSA_KEY_PAIR, 0, der) == PSA_SUCCESS;
}

static bool take_rsa_public(struct mico_span der)
{
    return test_import(PSA_KEY_TYPE_RSA_PUBLIC_KEY, 0, der) == PSA_SUCCESS;
}

static bool take_dsa_pair(struct mico_span der)
{
    return test_import(PSA_KEY_TYPE_DSA_KEY_PAIR, 0, der) == PSA_SUCCESS;
}

static bool take_dsa_public(struct mico_span der)
{
    return test_import(PSA_KEY_TYPE_DSA_PUBLIC_KEY, 0, der) == PSA_SUCCESS;
}

static void keys_of_rsa_have_one_encoding(void **state)
{
    uint8_t public_der[300];
    psa_key_id_t pair = test_rsa(PSA_KEY_USAGE_EXPORT, 0);
    every_flaw(take_rsa_public, (struct mico_span){public_der, test_public(pair, public_der, sizeof public_der)});
    every_flaw(take_rsa_pair, MICO_SPAN(rsa_test_key));
    test_destroy(pair);
}

static void keys_of_dsa_have_one_encoding(void **state)
{
    static uint8_t der[DER_MAX];
    size_t len;
    psa_key_id_t pair = test_pair(PSA_KEY_TYPE_DSA_KEY_PAIR, 2048, PSA_KEY_USAGE_EXPORT, 0);
    every_flaw(take_dsa_public, (struct mico_span){der, test_public(pair, der, sizeof der)});
    assert_int_equal(psa_export_key(pair, der, sizeof der, &len), PSA_SUCCESS);
    every_flaw(take_dsa_pair, (struct mico_span){der, len});
    test_destroy(pair);
}

static ecc_key tls_key;
static uint8_t digest[48];
static size_t digest_len;

static bool take_signature(struct mico_span der)
{
    int valid = 0;
    static const uint8_t nothing[1];
    return wc_ecc_verify_hash(der.len == 0 ? nothing : der.data, (word32)der.len, digest, (word32)digest_len, &valid,
                              &tls_key) == 0 &&
           valid == 1;
}

/* r or s of a signature, as short as DER wants it; out keeps it. */
static struct mico_span shortest(const uint8_t *half, size_t size, uint8_t *out)
{
    size_t zeros = 0;
    while (zeros < size - 1 && half[zeros] == 0) {
        zeros++;
    }
    out[0] = 0;
    memcpy(out + 1, half + zeros, size - zeros);
    bool sign = (half[zeros] & 0x80) != 0;
    return (struct mico_span){out + !sign, size - zeros + sign};
}

/* Keys of a number, so that r and s have and have not their highest bits over the runs. */
static void signatures_of(int curve, size_t size, uint8_t number)
{
    uint8_t key[48] = {0}, public_key[97], raw[96], halves[2][49];
    key[size - 1] = (uint8_t)(number + 1);
    memset(digest, number + 7, sizeof digest);
    digest_len = size;
    mico_err err =
        size == 32 ? mico_p256_sign_deterministic(key, digest, raw) : mico_p384_sign_deterministic(key, digest, raw);
    assert_int_equal(err, MICO_OK);
    err = size == 32 ? mico_p256_public(key, public_key) : mico_p384_public(key, public_key);
    assert_int_equal(err, MICO_OK);
    assert_int_equal(wc_ecc_init(&tls_key), 0);
    assert_int_equal(wc_ecc_import_x963_ex(public_key, (word32)(2 * size + 1), &tls_key, curve), 0);
    const struct mico_span numbers[] = {shortest(raw, size, halves[0]), shortest(raw + size, size, halves[1])};
    struct der good = encode(numbers, 2, 2, &none, 0);
    every_flaw(take_signature, (struct mico_span){good.bytes, good.len});
    wc_ecc_free(&tls_key);
}

static void signatures_of_ecdsa_have_one_encoding_in_tls(void **state)
{
    for (uint8_t number = 0; number < 8; number++) {
        signatures_of(ECC_SECP256R1, 32, number);
        signatures_of(ECC_SECP384R1, 48, number);
    }
}

static int start(void **state)
{
    return psa_crypto_init() == PSA_SUCCESS ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_rsa_have_one_encoding),
        cmocka_unit_test(keys_of_dsa_have_one_encoding),
        cmocka_unit_test(signatures_of_ecdsa_have_one_encoding_in_tls),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}

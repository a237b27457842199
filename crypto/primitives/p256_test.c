/* SPDX-License-Identifier: Apache-2.0 */
/* P-256 and P-384: known answers of RFC 6979, RFC 5903 and SP 800-186, and what must be refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sys/random.h>

#include "crypto/primitives/primitives.h"
#include "os/port/rng.h"

static bool dry;

mico_err mico_entropy(uint8_t *out, size_t len)
{
    return !dry && getrandom(out, len, 0) == (ssize_t)len ? MICO_OK : MICO_ERR_ENTROPY;
}

#define ORDER "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define PRIME "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"
#define BASE                                                                                                           \
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315e" \
    "cecb"                                                                                                             \
    "b6406837bf51f5"
/* RFC 6979 section A.2.5. */
#define PRIVATE "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
#define PUBLIC                                                                                                         \
    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f" \
    "5177"                                                                                                             \
    "a3c294d4462299"
#define SAMPLE                                                                                                         \
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff406" \
    "4d"                                                                                                               \
    "c4ab2f843acda8"
#define TEST                                                                                                           \
    "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367019f4113742a2b14bd25926b49c649155f267e60d3814b4c" \
    "0c"                                                                                                               \
    "c84250e46f0083"

static uint8_t *hex(const char *digits, uint8_t *out)
{
    assert_int_equal(mico_unhex(digits, out, strlen(digits) / 2), MICO_OK);
    return out;
}

static void assert_bytes(const uint8_t *got, const char *digits)
{
    uint8_t want[72];
    assert_memory_equal(got, hex(digits, want), strlen(digits) / 2);
}

static void deterministic_signatures_are_those_of_rfc_6979(void **state)
{
    uint8_t key[32], public_key[65], digest[32], signature[64];
    assert_int_equal(mico_p256_public(hex(PRIVATE, key), public_key), MICO_OK);
    assert_bytes(public_key, PUBLIC);
    mico_sha256("sample", 6, digest);
    assert_int_equal(mico_p256_sign_deterministic(key, digest, signature), MICO_OK);
    assert_bytes(signature, SAMPLE);
    assert_int_equal(mico_p256_verify(public_key, digest, signature), MICO_OK);
    mico_sha256("test", 4, digest);
    assert_int_equal(mico_p256_sign_deterministic(key, digest, signature), MICO_OK);
    assert_bytes(signature, TEST);
    assert_int_equal(mico_p256_verify(public_key, digest, signature), MICO_OK);
}

static void random_signatures_differ_and_verify(void **state)
{
    uint8_t key[32], public_key[65], digest[32] = {1}, a[64], b[64];
    assert_int_equal(mico_p256_generate(key, public_key), MICO_OK);
    assert_int_equal(mico_p256_sign(key, digest, a), MICO_OK);
    assert_int_equal(mico_p256_sign(key, digest, b), MICO_OK);
    assert_memory_not_equal(a, b, 32);
    assert_int_equal(mico_p256_verify(public_key, digest, a), MICO_OK);
    assert_int_equal(mico_p256_verify(public_key, digest, b), MICO_OK);
}

/* RFC 5903 section 8.1. */
static void both_sides_agree_on_the_secret_of_rfc_5903(void **state)
{
    static const char i[] = "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433";
    static const char r[] = "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53";
    static const char shared[] = "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de";
    uint8_t a[32], b[32], a_public[65], b_public[65], secret[32];
    assert_int_equal(mico_p256_public(hex(i, a), a_public), MICO_OK);
    assert_int_equal(mico_p256_public(hex(r, b), b_public), MICO_OK);
    assert_int_equal(mico_p256_agree(a, b_public, secret), MICO_OK);
    assert_bytes(secret, shared);
    assert_int_equal(mico_p256_agree(b, a_public, secret), MICO_OK);
    assert_bytes(secret, shared);
}

static void private_keys_outside_of_the_range_are_refused(void **state)
{
    static const char *const bad[] = {
        ZERO,
        ORDER,
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    uint8_t key[32], public_key[65], digest[32] = {1}, out[65];
    hex(BASE, public_key);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        hex(bad[i], key);
        assert_int_equal(mico_p256_public(key, out), MICO_ERR_PARAM);
        assert_int_equal(mico_p256_sign(key, digest, out), MICO_ERR_PARAM);
        assert_int_equal(mico_p256_sign_deterministic(key, digest, out), MICO_ERR_PARAM);
        assert_int_equal(mico_p256_agree(key, public_key, out), MICO_ERR_PARAM);
    }
}

/* 1, n - 1: the edges of the range, where the point is the base and its negative. */
static void private_keys_at_the_ends_of_the_range_work(void **state)
{
    uint8_t one[32] = {[31] = 1}, last[32], public_key[65], base[65], digest[32] = {1}, signature[64], secret[32];
    hex(ORDER, last)[31]--;
    hex(BASE, base);
    assert_int_equal(mico_p256_public(one, public_key), MICO_OK);
    assert_memory_equal(public_key, base, 65);
    assert_int_equal(mico_p256_public(last, public_key), MICO_OK);
    assert_memory_equal(public_key, base, 33);
    assert_memory_not_equal(public_key + 33, base + 33, 32);
    assert_int_equal(mico_p256_sign(last, digest, signature), MICO_OK);
    assert_int_equal(mico_p256_verify(public_key, digest, signature), MICO_OK);
    assert_int_equal(mico_p256_agree(last, public_key, secret), MICO_OK); /* (n-1)(n-1) = 1 */
    assert_memory_equal(secret, base + 1, 32);
}

static void points_that_are_none_are_refused(void **state)
{
    static const char *const bad[] = {
        "04" ZERO ZERO, /* where some put infinity */
        "04" PRIME ZERO,
        "04" ZERO PRIME,
        /* the point at X = 5, whose X fits 32 bytes with the prime added too */
        "04ffffffff00000001000000000000000000000001000000000000000000000004459243b9aa581806fe913bce99817ade11ca503c64d9"
        "a3c53"
        "3415c083248fbcc",
        "02" ZERO ZERO,
    };
    uint8_t key[32], point[65], digest[32] = {1}, signature[64] = {[31] = 1, [63] = 1}, secret[32];
    hex(PRIVATE, key);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        hex(bad[i], point);
        assert_int_equal(mico_p256_check(point), MICO_ERR_CRYPTO);
        assert_int_equal(mico_p256_agree(key, point, secret), MICO_ERR_CRYPTO);
        assert_int_equal(mico_p256_verify(point, digest, signature), MICO_ERR_AUTH);
    }
    for (unsigned bit = 0; bit < 520; bit++) { /* off the curve, or another form */
        hex(BASE, point);
        point[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(mico_p256_check(point), MICO_ERR_CRYPTO);
    }
    assert_int_equal(mico_p256_check(hex(BASE, point)), MICO_OK);
    /* X = 0 is a coordinate of two points: y^2 = b. */
    assert_int_equal(
        mico_p256_check(hex("04" ZERO "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4", point)),
        MICO_OK);
}

static void signatures_with_r_or_s_outside_of_the_range_are_refused(void **state)
{
    uint8_t public_key[65], digest[32], signature[64], number[32];
    static const char *const bad[] = {ZERO, ORDER, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};
    hex(PUBLIC, public_key);
    mico_sha256("sample", 6, digest);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        for (size_t half = 0; half < 64; half += 32) {
            hex(SAMPLE, signature);
            memcpy(signature + half, hex(bad[i], number), 32);
            assert_int_equal(mico_p256_verify(public_key, digest, signature), MICO_ERR_AUTH);
        }
    }
    for (unsigned bit = 0; bit < 512; bit++) {
        hex(SAMPLE, signature);
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(mico_p256_verify(public_key, digest, signature), MICO_ERR_AUTH);
    }
    assert_int_equal(mico_p256_verify(public_key, digest, hex(SAMPLE, signature)), MICO_OK);
    digest[31] ^= 1;
    assert_int_equal(mico_p256_verify(public_key, digest, signature), MICO_ERR_AUTH);
}

/* r + n is what verification compares with too when it is below the prime: a forger's r of a few bits must not pass. */
static void a_signature_of_small_numbers_is_refused(void **state)
{
    uint8_t public_key[65], digest[32] = {0};
    hex(PUBLIC, public_key);
    for (uint8_t r = 0; r < 20; r++) {
        for (uint8_t s = 0; s < 20; s++) {
            uint8_t signature[64] = {[31] = r, [63] = s};
            assert_int_equal(mico_p256_verify(public_key, digest, signature), MICO_ERR_AUTH);
        }
    }
}

/* RFC 6979 section A.2.6, and RFC 5903 section 8.2. */
static void p384_gives_the_published_signature_and_secret(void **state)
{
    static const char key_hex[] =
        "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5";
    static const char sample[] =
        "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
        "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8";
    static const char i[] =
        "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194";
    static const char r[] =
        "41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a7448fc";
    static const char shared[] =
        "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746";
    uint8_t key[48], public_key[97], digest[48], signature[96], want[96], a[48], b[48], secret[48];
    struct mico_sha512 hash;
    mico_sha384_start(&hash);
    mico_sha512_add(&hash, "sample", 6);
    mico_sha384_finish(&hash, digest);
    assert_int_equal(mico_p384_public(hex(key_hex, key), public_key), MICO_OK);
    assert_int_equal(mico_p384_sign_deterministic(key, digest, signature), MICO_OK);
    assert_memory_equal(signature, hex(sample, want), 96);
    assert_int_equal(mico_p384_verify(public_key, digest, signature), MICO_OK);
    signature[50] ^= 1;
    assert_int_equal(mico_p384_verify(public_key, digest, signature), MICO_ERR_AUTH);
    assert_int_equal(mico_p384_public(hex(r, b), public_key), MICO_OK);
    assert_int_equal(mico_p384_agree(hex(i, a), public_key, secret), MICO_OK);
    assert_memory_equal(secret, hex(shared, want), 48);
    public_key[96] ^= 1;
    assert_int_equal(mico_p384_agree(a, public_key, secret), MICO_ERR_CRYPTO);
    memset(a, 0xFF, sizeof a);
    assert_int_equal(mico_p384_public(a, public_key), MICO_ERR_PARAM);
}

static void without_entropy_nothing_is_generated_or_signed_at_random(void **state)
{
    uint8_t key[32], public_key[65], digest[32] = {1}, signature[64];
    hex(PRIVATE, key);
    mico_random_forget();
    dry = true;
    assert_int_equal(mico_p256_sign(key, digest, signature), MICO_ERR_ENTROPY);
    assert_int_equal(mico_p256_sign_deterministic(key, digest, signature), MICO_OK);
    assert_int_equal(mico_p256_generate(key, public_key), MICO_ERR_ENTROPY);
    assert_true(mico_ct_is_zero(key, 32));
    dry = false;
    assert_int_equal(mico_p256_generate(key, public_key), MICO_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deterministic_signatures_are_those_of_rfc_6979),
        cmocka_unit_test(random_signatures_differ_and_verify),
        cmocka_unit_test(both_sides_agree_on_the_secret_of_rfc_5903),
        cmocka_unit_test(private_keys_outside_of_the_range_are_refused),
        cmocka_unit_test(private_keys_at_the_ends_of_the_range_work),
        cmocka_unit_test(points_that_are_none_are_refused),
        cmocka_unit_test(signatures_with_r_or_s_outside_of_the_range_are_refused),
        cmocka_unit_test(a_signature_of_small_numbers_is_refused),
        cmocka_unit_test(p384_gives_the_published_signature_and_secret),
        cmocka_unit_test(without_entropy_nothing_is_generated_or_signed_at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

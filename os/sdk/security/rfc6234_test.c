/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 6234's names, by the examples of FIPS 180-4, RFC 4231 and RFC 5869; random numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "mico.h"

static void assert_hex(const uint8_t *got, size_t len, const char *wanted)
{
    char hex[2 * USHAMaxHashSize + 1];
    mico_hex(got, len, hex);
    assert_string_equal(hex, wanted);
}

static void hashes_are_those_of_the_standard(void **state)
{
    USHAContext context;
    uint8_t digest[USHAMaxHashSize];
    assert_int_equal(SHA256Reset(&context), shaSuccess);
    assert_int_equal(SHA256Input(&context, (const uint8_t *)"ab", 2), shaSuccess);
    assert_int_equal(SHA256Input(&context, NULL, 0), shaSuccess);
    assert_int_equal(SHA256Input(&context, (const uint8_t *)"c", 1), shaSuccess);
    assert_int_equal(SHA256Result(&context, digest), shaSuccess);
    assert_hex(digest, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(SHA256Result(&context, digest), shaStateError);
    assert_int_equal(SHA256Input(&context, digest, 1), shaStateError);
    assert_int_equal(SHA512Reset(&context), shaSuccess);
    assert_int_equal(SHA512Input(&context, (const uint8_t *)"abc", 3), shaSuccess);
    assert_int_equal(SHA512Result(&context, digest), shaSuccess);
    assert_hex(digest, 64,
               "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
               "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    assert_int_equal(USHAHashSizeBits(SHA512), 512);
    assert_int_equal(USHABlockSize(SHA256), SHA256_Message_Block_Size);
    assert_int_equal(USHABlockSize(SHA512), SHA512_Message_Block_Size);
}

static void hmac_is_that_of_rfc_4231_case_2(void **state)
{
    uint8_t digest[USHAMaxHashSize];
    const unsigned char *text = (const unsigned char *)"what do ya want for nothing?";
    assert_int_equal(hmac(SHA256, text, 28, (const unsigned char *)"Jefe", 4, digest), shaSuccess);
    assert_hex(digest, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void hkdf_is_that_of_rfc_5869_case_1(void **state)
{
    uint8_t ikm[22], salt[13], info[10], okm[42];
    memset(ikm, 0x0b, sizeof ikm);
    for (uint8_t i = 0; i < sizeof salt; i++) {
        salt[i] = i;
    }
    for (uint8_t i = 0; i < sizeof info; i++) {
        info[i] = (uint8_t)(0xf0 + i);
    }
    assert_int_equal(hkdf(SHA256, salt, sizeof salt, ikm, sizeof ikm, info, sizeof info, okm, sizeof okm), shaSuccess);
    assert_hex(okm, sizeof okm, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

static void bad_parameters_are_refused(void **state)
{
    USHAContext context;
    uint8_t digest[USHAMaxHashSize];
    assert_int_equal(USHAReset(NULL, SHA256), shaNull);
    assert_int_equal(USHAReset(&context, (SHAversion)5), shaBadParam);
    assert_int_equal(USHAHashSize((SHAversion)-1), 0);
    assert_int_equal(USHAReset(&context, SHA256), shaSuccess);
    assert_int_equal(USHAInput(&context, NULL, 1), shaNull);
    assert_int_equal(USHAResult(&context, NULL), shaNull);
    assert_int_equal(hmac((SHAversion)7, digest, 1, digest, 1, digest), shaBadParam);
    assert_int_equal(hmac(SHA256, digest, -1, digest, 1, digest), shaBadParam);
    assert_int_equal(hmac(SHA256, NULL, 1, digest, 1, digest), shaNull);
    assert_int_equal(hkdf(SHA256, NULL, 0, digest, 1, NULL, 0, digest, 0), shaBadParam);
    assert_int_equal(hkdf(SHA256, NULL, 0, digest, 1, NULL, 0, digest, 32 * 255 + 1), shaBadParam);
    assert_int_equal(hkdf(SHA512, NULL, 0, NULL, 1, NULL, 0, digest, 1), shaNull);
    assert_int_equal(hkdf(SHA512, NULL, 0, digest, 64, NULL, 0, digest, 64), shaSuccess);
}

static void random_numbers_differ(void **state)
{
    uint8_t a[32] = {0}, b[32] = {0};
    assert_int_equal(MicoRandomNumberRead(NULL, 1), kParamErr);
    assert_int_equal(MicoRandomNumberRead(a, 0), kParamErr);
    assert_int_equal(MicoRandomNumberRead(a, sizeof a), kNoErr);
    assert_int_equal(MicoRandomNumberRead(b, sizeof b), kNoErr);
    assert_memory_not_equal(a, b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_the_standard),
        cmocka_unit_test(hmac_is_that_of_rfc_4231_case_2),
        cmocka_unit_test(hkdf_is_that_of_rfc_5869_case_1),
        cmocka_unit_test(bad_parameters_are_refused),
        cmocka_unit_test(random_numbers_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

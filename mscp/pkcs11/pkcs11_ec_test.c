/* SPDX-License-Identifier: Apache-2.0 */
/* P-256, agreement and HKDF by the module. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/pkcs11/pkcs11_rig.h"
#include "mscp/pkcs11/pkcs11_v3.h"

#define P256_POINT 67

static CK_MECHANISM generate_p256 = {CKM_EC_KEY_PAIR_GEN, NULL, 0}, ecdsa = {CKM_ECDSA, NULL, 0},
                    ecdsa_sha256 = {CKM_ECDSA_SHA256, NULL, 0};
static CK_KEY_TYPE generic = CKK_GENERIC_SECRET;

static void make_p256(CK_BBOOL *signs, CK_BBOOL *derives, CK_OBJECT_HANDLE *pub, CK_OBJECT_HANDLE *pri)
{
    CK_ATTRIBUTE of_pub[] = {{CKA_TOKEN, &yes, 1}, {CKA_EC_PARAMS, p256, 10}, {CKA_LABEL, "p", 1}};
    CK_ATTRIBUTE of_pri[] = {{CKA_TOKEN, &yes, 1}, {CKA_SIGN, signs, 1}, {CKA_DERIVE, derives, 1}};
    assert_int_equal(p11->C_GenerateKeyPair(session, &generate_p256, of_pub, 3, of_pri, 3, pub, pri), CKR_OK);
}

static void p256_point_of(CK_OBJECT_HANDLE key, uint8_t point[P256_POINT])
{
    CK_ATTRIBUTE a = {CKA_EC_POINT, point, P256_POINT};
    assert_int_equal(p11->C_GetAttributeValue(session, key, &a, 1), CKR_OK);
    assert_int_equal(a.ulValueLen, P256_POINT);
    assert_memory_equal(point, "\x04\x41\x04", 3);
}

static void ecdsa_signs_digests_and_messages(void **state)
{
    static uint8_t message[] = "a message", signature[64];
    CK_OBJECT_HANDLE pub, pri;
    CK_ULONG len = sizeof signature;
    uint8_t point[P256_POINT], digest[48];
    make_p256(&yes, &no, &pub, &pri);
    p256_point_of(pub, point);
    mico_sha256(message, sizeof message, digest);
    assert_int_equal(p11->C_SignInit(session, &ecdsa, pri), CKR_OK);
    assert_int_equal(p11->C_Sign(session, digest, 32, signature, &len), CKR_OK);
    assert_int_equal(mico_p256_verify(point + 2, digest, signature), MICO_OK);
    assert_int_equal(p11->C_VerifyInit(session, &ecdsa_sha256, pub), CKR_OK);
    assert_int_equal(p11->C_Verify(session, message, sizeof message, signature, len), CKR_OK);

    assert_int_equal(p11->C_SignInit(session, &ecdsa_sha256, pri), CKR_OK);
    assert_int_equal(p11->C_SignUpdate(session, message, 3), CKR_OK);
    assert_int_equal(p11->C_SignUpdate(session, message + 3, sizeof message - 3), CKR_OK);
    assert_int_equal(p11->C_SignFinal(session, signature, &len), CKR_OK);
    assert_int_equal(mico_p256_verify(point + 2, digest, signature), MICO_OK);
    signature[40] ^= 1;
    assert_int_equal(p11->C_VerifyInit(session, &ecdsa, pub), CKR_OK);
    assert_int_equal(p11->C_Verify(session, digest, 32, signature, len), CKR_SIGNATURE_INVALID);
}

/* FIPS 186-4 section 6.4: the leftmost bits of a longer one. */
static void ecdsa_takes_digests_of_other_lengths(void **state)
{
    uint8_t signature[64], point[P256_POINT], digest[48] = {1, 2, 3}, padded[32] = {0};
    CK_OBJECT_HANDLE pub, pri;
    CK_ULONG len = sizeof signature;
    make_p256(&yes, &no, &pub, &pri);
    p256_point_of(pub, point);
    assert_int_equal(p11->C_SignInit(session, &ecdsa, pri), CKR_OK);
    assert_int_equal(p11->C_Sign(session, digest, 48, signature, &len), CKR_OK);
    assert_int_equal(mico_p256_verify(point + 2, digest, signature), MICO_OK);
    assert_int_equal(p11->C_SignInit(session, &ecdsa, pri), CKR_OK);
    assert_int_equal(p11->C_Sign(session, digest, 20, signature, &len), CKR_OK);
    memcpy(padded + 12, digest, 20);
    assert_int_equal(mico_p256_verify(point + 2, padded, signature), MICO_OK);
}

static void a_p256_key_signs_or_agrees_and_says_which(void **state)
{
    CK_OBJECT_HANDLE pub, pri;
    CK_BBOOL signs, derives;
    CK_ATTRIBUTE ask[] = {{CKA_SIGN, &signs, 1}, {CKA_DERIVE, &derives, 1}};
    make_p256(&yes, &yes, &pub, &pri);
    assert_int_equal(p11->C_GetAttributeValue(session, pri, ask, 2), CKR_OK);
    assert_true(signs && !derives);
    make_p256(&no, &yes, &pub, &pri);
    assert_int_equal(p11->C_GetAttributeValue(session, pri, ask, 2), CKR_OK);
    assert_true(!signs && derives);
    assert_int_equal(p11->C_SignInit(session, &ecdsa, pri), CKR_KEY_FUNCTION_NOT_PERMITTED);
    assert_int_equal(p11->C_SignInit(session, &eddsa, pri), CKR_KEY_TYPE_INCONSISTENT);
}

static CK_RV agree(CK_OBJECT_HANDLE pri, uint8_t *point, CK_ULONG len, CK_OBJECT_HANDLE *secret)
{
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &secret_class, sizeof secret_class},
                               {CKA_KEY_TYPE, &generic, sizeof generic},
                               {CKA_DERIVE, &yes, 1},
                               {CKA_SENSITIVE, &no, 1},
                               {CKA_EXTRACTABLE, &yes, 1}};
    CK_ECDH1_DERIVE_PARAMS params = {CKD_NULL, 0, NULL, len, point};
    CK_MECHANISM derive = {CKM_ECDH1_DERIVE, &params, sizeof params};
    return p11->C_DeriveKey(session, &derive, pri, template, 5, secret);
}

static void value_of(CK_OBJECT_HANDLE secret, uint8_t *out, CK_ULONG len)
{
    CK_ATTRIBUTE a = {CKA_VALUE, out, len};
    assert_int_equal(p11->C_GetAttributeValue(session, secret, &a, 1), CKR_OK);
    assert_int_equal(a.ulValueLen, len);
}

static void two_p256_keys_agree_and_points_off_the_curve_are_refused(void **state)
{
    CK_OBJECT_HANDLE pub[2], pri[2], secret[2];
    uint8_t point[2][P256_POINT], value[2][32];
    for (int i = 0; i < 2; i++) {
        make_p256(&no, &yes, &pub[i], &pri[i]);
        p256_point_of(pub[i], point[i]);
    }
    assert_int_equal(agree(pri[0], point[1], P256_POINT, &secret[0]), CKR_OK);
    assert_int_equal(agree(pri[1], point[0] + 2, 65, &secret[1]), CKR_OK);
    value_of(secret[0], value[0], 32);
    value_of(secret[1], value[1], 32);
    assert_memory_equal(value[0], value[1], 32);
    point[1][20] ^= 1;
    assert_int_equal(agree(pri[0], point[1], P256_POINT, &secret[0]), CKR_MECHANISM_PARAM_INVALID);
    assert_int_equal(agree(pri[0], point[1], 64, &secret[0]), CKR_MECHANISM_PARAM_INVALID);
    assert_int_equal(agree(pri[0], point[1] + 2, 32, &secret[0]), CKR_MECHANISM_PARAM_INVALID);
}

static CK_RV hkdf(CK_OBJECT_HANDLE base, struct p11_hkdf_params *params, CK_ULONG len, CK_OBJECT_HANDLE *out)
{
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &secret_class, sizeof secret_class},
                               {CKA_KEY_TYPE, &generic, sizeof generic},
                               {CKA_VALUE_LEN, &len, sizeof len},
                               {CKA_DERIVE, &yes, 1},
                               {CKA_SENSITIVE, &no, 1},
                               {CKA_EXTRACTABLE, &yes, 1}};
    CK_MECHANISM derive = {P11_HKDF_DERIVE, params, sizeof *params};
    return p11->C_DeriveKey(session, &derive, base, template, 6, out);
}

/* The module's HKDF over an agreed secret is the primitives', whose answers are RFC 5869's. */
static void hkdf_extracts_and_expands(void **state)
{
    static uint8_t salt[] = "a salt", info[] = "what for";
    CK_OBJECT_HANDLE pub, pri, shared, prk, okm;
    uint8_t point[P256_POINT], ikm[32], want[300], got[300], extracted[32];
    make_p256(&no, &yes, &pub, &pri);
    p256_point_of(pub, point);
    assert_int_equal(agree(pri, point, P256_POINT, &shared), CKR_OK);
    value_of(shared, ikm, 32);
    struct p11_hkdf_params both = {1, 1, CKM_SHA256, 2, salt, sizeof salt, 0, info, sizeof info};
    assert_int_equal(hkdf(shared, &both, 300, &okm), CKR_OK);
    value_of(okm, got, 300);
    assert_int_equal(mico_hkdf_sha256(MICO_SPAN(salt), MICO_SPAN(ikm), MICO_SPAN(info), want, 300), MICO_OK);
    assert_memory_equal(got, want, 300);

    struct p11_hkdf_params extract = {1, 0, CKM_SHA256, 2, salt, sizeof salt, 0, NULL, 0};
    struct p11_hkdf_params expand = {0, 1, CKM_SHA256, 1, NULL, 0, 0, info, sizeof info};
    assert_int_equal(hkdf(shared, &extract, 32, &prk), CKR_OK);
    value_of(prk, extracted, 32);
    assert_int_equal(hkdf(prk, &expand, 300, &okm), CKR_OK);
    value_of(okm, got, 300);
    assert_memory_equal(got, want, 300);

    struct p11_hkdf_params wide = {1, 1, CKM_SHA512, 1, NULL, 0, 0, NULL, 0};
    assert_int_equal(hkdf(shared, &wide, 64, &okm), CKR_OK);
    value_of(okm, got, 64);
    assert_int_equal(mico_hkdf_sha512((struct mico_span){0}, MICO_SPAN(ikm), (struct mico_span){0}, want, 64), MICO_OK);
    assert_memory_equal(got, want, 64);
}

static void hkdf_says_why_it_refuses(void **state)
{
    CK_OBJECT_HANDLE pub, pri, shared, out;
    uint8_t point[P256_POINT];
    make_p256(&no, &yes, &pub, &pri);
    p256_point_of(pub, point);
    assert_int_equal(agree(pri, point, P256_POINT, &shared), CKR_OK);
    static struct {
        struct p11_hkdf_params params;
        CK_ULONG len;
        CK_RV want;
    } cases[] = {
        {{0, 0, CKM_SHA256, 1, NULL, 0, 0, NULL, 0}, 32, CKR_MECHANISM_PARAM_INVALID},
        {{1, 1, CKM_SHA_1, 1, NULL, 0, 0, NULL, 0}, 32, CKR_MECHANISM_PARAM_INVALID},
        {{1, 1, CKM_SHA256, 9, NULL, 0, 0, NULL, 0}, 32, CKR_MECHANISM_PARAM_INVALID},
        {{1, 1, CKM_SHA256, 2, NULL, 3, 0, NULL, 0}, 32, CKR_MECHANISM_PARAM_INVALID},
        {{1, 1, CKM_SHA256, 4, NULL, 0, 12345, NULL, 0}, 32, CKR_KEY_HANDLE_INVALID},
        {{1, 1, CKM_SHA256, 1, NULL, 0, 0, NULL, 7}, 32, CKR_MECHANISM_PARAM_INVALID},
        {{1, 0, CKM_SHA256, 1, NULL, 0, 0, NULL, 0}, 33, CKR_KEY_SIZE_RANGE},
        {{1, 1, CKM_SHA256, 1, NULL, 0, 0, NULL, 0}, 513, CKR_KEY_SIZE_RANGE},
        {{1, 1, CKM_SHA256, 1, NULL, 0, 0, NULL, 0}, 0, CKR_KEY_SIZE_RANGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(hkdf(shared, &cases[i].params, cases[i].len, &out), cases[i].want);
    }
    assert_int_equal(hkdf(pri, &cases[8].params, 32, &out), CKR_KEY_TYPE_INCONSISTENT); /* a key of the chip's */
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
        CASE(ecdsa_signs_digests_and_messages),
        CASE(ecdsa_takes_digests_of_other_lengths),
        CASE(a_p256_key_signs_or_agrees_and_says_which),
        CASE(two_p256_keys_agree_and_points_off_the_curve_are_refused),
        CASE(hkdf_extracts_and_expands),
        CASE(hkdf_says_why_it_refuses),
    };
    return cmocka_run_group_tests(tests, group_start, group_end);
}

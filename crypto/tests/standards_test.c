/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers for PSA that psa_vectors_test does not take: IEEE's, NIST ACVP's, RFC 6979's, in known/, where each file
 * says whence it is; of Debian's python3-cryptography-vectors RSA Laboratories' examples, RFC 7748's, and CBC's with
 * padding. RFC 7748's million iterations take a minute: MICO_MILLION=1 runs them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/rsa_der.h"
#include "crypto/tests/psa_cases.h"
#include "crypto/tests/rsa_examples.h"

#define CBC "ciphers/AES/CBC/CBCMMT"
#define DES_CBC "ciphers/3DES/CBC/TCBCMMT"
#define RSA "asymmetric/RSA/"

static struct vectors file;          /* large */
static struct rsa_examples examples; /* large */

struct row {
    const char *path, *first;
    psa_case *run;
    psa_algorithm_t alg;
    unsigned cases; /* that it must have */
};

static void run_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned ran = 0;
        printf("%s: ", rows[i].path);
        fflush(stdout);
        vectors_open(&file, rows[i].path);
        while (vectors_case(&file, rows[i].first)) {
            assert_null(rows[i].run(&file, rows[i].alg));
            ran++;
        }
        printf("%u cases\n", ran);
        assert_int_equal(ran, rows[i].cases);
    }
}
#define RUN(rows) run_rows(rows, sizeof rows / sizeof rows[0])

static void ieee_802_1ae_and_802_11_and_802_15_4_frames_are_sealed_and_opened(void **state)
{
    static const struct row rows[] = {
        {"known/ieee-802.1ae-gcm.txt", "Count", case_gcm, PSA_ALG_GCM, 16},
        {"known/ieee-802.11-ccmp.txt", "Count", case_ccm, PSA_ALG_CCM, 8},
        {"known/ieee-802.15.4-ccm.txt", "Count", case_ccm, PSA_ALG_CCM, 2},
        {"known/ieee-802.15.4-ccm-star.txt", "COUNT", case_aes, PSA_ALG_CCM_STAR_NO_TAG, 1},
    };
    RUN(rows);
}

static void the_counter_of_gcm_wraps_within_its_32_bits(void **state)
{
    static const struct row rows[] = {{"known/gcm-counter.txt", "Count", case_gcm, PSA_ALG_GCM, 6}};
    RUN(rows);
}

static void ieee_802_11_and_thread_passwords_give_their_keys(void **state)
{
    static const struct row rows[] = {
        {"known/ieee-802.11-psk.txt", "COUNT", case_pbkdf2, PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_1), 3},
        {"known/thread-pskc.txt", "COUNT", case_pbkdf2_cmac, PSA_ALG_PBKDF2_AES_CMAC_PRF_128, 1},
    };
    RUN(rows);
}

static void the_prf_of_tls_1_2_gives_acvps_answers(void **state)
{
    static const struct row rows[] = {{"known/tls12-prf.txt", "COUNT", case_tls12_prf, 0, 10}};
    RUN(rows);
}

static void pre_shared_keys_of_tls_1_2_give_mbed_tlss_master_secrets(void **state)
{
    static const struct row rows[] = {{"known/tls12-psk.txt", "COUNT", case_tls12_psk, 0, 8}};
    RUN(rows);
}

static void the_counter_mode_gives_nordics_answers(void **state)
{
    static const struct row rows[] = {
        {"known/sp800-108-counter.txt", "COUNT", case_counter, PSA_ALG_SP800_108_COUNTER_CMAC, 4}};
    RUN(rows);
}

static void cbc_with_padding_gives_cavs_answers(void **state)
{
    static const struct row rows[] = {
        {CBC "128.rsp", "COUNT", case_cbc_padded, PSA_ALG_CBC_PKCS7, 20},
        {CBC "192.rsp", "COUNT", case_cbc_padded, PSA_ALG_CBC_PKCS7, 20},
        {CBC "256.rsp", "COUNT", case_cbc_padded, PSA_ALG_CBC_PKCS7, 20},
        {DES_CBC "2.rsp", "COUNT", case_cbc_padded, PSA_ALG_CBC_PKCS7, 20},
        {DES_CBC "3.rsp", "COUNT", case_cbc_padded, PSA_ALG_CBC_PKCS7, 20},
    };
    RUN(rows);
}

static void deterministic_signatures_are_rfc_6979s(void **state)
{
    static const struct row rows[] = {
        {"known/rfc6979-ecdsa.txt", "COUNT", case_ecdsa, 0, 20},
        {"known/rfc6979-dsa.txt", "COUNT", case_dsa, 0, 20},
    };
    RUN(rows);
}

static void curves_are_right_at_the_edges_that_wycheproof_knows(void **state)
{
    static const struct row rows[] = {
        {"known/wycheproof-x25519.txt", "COUNT", case_x25519, PSA_ALG_ECDH, 24},
        {"known/wycheproof-ecdsa.txt", "COUNT", case_ecdsa_verify, PSA_ALG_ECDSA(PSA_ALG_SHA_256), 13},
    };
    RUN(rows);
}

static void agreements_are_as_published(void **state)
{
    static const struct row rows[] = {
        {"asymmetric/X25519/rfc7748.txt", "COUNT", case_x25519, PSA_ALG_ECDH, 3},
        {"known/acvp-ffdhe2048.txt", "COUNT", case_ffdh, PSA_ALG_FFDH, 2},
        {"known/ffdhe.txt", "COUNT", case_ffdh, PSA_ALG_FFDH, 7},
    };
    RUN(rows);
}

/* Section 5.2: each result is the next scalar, each scalar the next point. */
static void x25519_iterated_gives_rfc_7748s_answers(void **state)
{
    static const struct {
        unsigned times;
        const char *answer;
    } known[] = {
        {1, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"},
        {1000, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"},
        {1000000, "7c3911e0ab2586fd864497297e575e6f3bc601c0883c30df5f4dd2d24f665424"},
    };
    uint8_t scalar[32] = {9}, point[32] = {9}, out[32], want[32];
    size_t len, steps = getenv("MICO_MILLION") != NULL ? 3 : 2;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY));
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_DERIVE);
    psa_set_key_algorithm(&attributes, PSA_ALG_ECDH);
    for (unsigned done = 0, step = 0; step < steps;) {
        psa_key_id_t id;
        assert_int_equal(psa_import_key(&attributes, scalar, sizeof scalar, &id), PSA_SUCCESS);
        assert_int_equal(psa_raw_key_agreement(PSA_ALG_ECDH, id, point, sizeof point, out, sizeof out, &len),
                         PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
        memcpy(point, scalar, sizeof point);
        memcpy(scalar, out, sizeof scalar);
        if (++done == known[step].times) {
            assert_int_equal(mico_unhex(known[step++].answer, want, sizeof want), MICO_OK);
            assert_memory_equal(scalar, want, sizeof want);
        }
    }
}

/* ---- RSA ---- */

static psa_key_id_t rsa_key(bool pair, psa_key_usage_t usage, psa_algorithm_t alg)
{
    static uint8_t der[MICO_RSA_PRIVATE_DER_MAX];
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    struct mico_rsa_private key = rsa_examples_key(&examples);
    psa_key_id_t id;
    size_t len;
    mico_err err = pair ? mico_rsa_write_private(&key, der, sizeof der, &len)
                        : mico_rsa_write_public(&key.pub, der, sizeof der, &len);
    assert_int_equal(err, MICO_OK);
    psa_set_key_type(&attributes, pair ? PSA_KEY_TYPE_RSA_KEY_PAIR : PSA_KEY_TYPE_RSA_PUBLIC_KEY);
    psa_set_key_usage_flags(&attributes, usage);
    psa_set_key_algorithm(&attributes, alg);
    assert_int_equal(psa_import_key(&attributes, der, len, &id), PSA_SUCCESS);
    return id;
}

static size_t modulus_size(void)
{
    return rsa_examples_key(&examples).pub.n.len;
}

/* The answer opens; altered it does not, and what we encrypt opens too. */
static void opens(psa_key_id_t id, psa_algorithm_t alg, struct mico_span label)
{
    uint8_t text[512], sealed[512];
    struct mico_span want = rsa_examples_value(&examples, RSA_MESSAGE),
                     answer = rsa_examples_value(&examples, RSA_ANSWER);
    size_t len;
    psa_status_t status =
        psa_asymmetric_decrypt(id, alg, answer.data, answer.len, label.data, label.len, text, sizeof text, &len);
    case_expect(status, text, len, want);
    memcpy(sealed, answer.data, answer.len);
    sealed[answer.len - 1] ^= 1;
    assert_int_not_equal(
        psa_asymmetric_decrypt(id, alg, sealed, answer.len, label.data, label.len, text, sizeof text, &len),
        PSA_SUCCESS);
    assert_int_equal(
        psa_asymmetric_encrypt(id, alg, want.data, want.len, label.data, label.len, sealed, sizeof sealed, &len),
        PSA_SUCCESS);
    status = psa_asymmetric_decrypt(id, alg, sealed, len, label.data, label.len, text, sizeof text, &len);
    case_expect(status, text, len, want);
}

static void decrypt_examples(const char *path, psa_algorithm_t alg, unsigned cases)
{
    static const struct mico_span no_label = {NULL, 0};
    unsigned ran = 0, other = 0;
    rsa_examples_open(&examples, path);
    while (rsa_examples_next(&examples)) {
        if (modulus_size() != 256) {
            other++;
            continue;
        }
        psa_key_id_t id = rsa_key(true, PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_ENCRYPT, alg);
        opens(id, alg, no_label);
        assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
        ran++;
    }
    printf("%s: %u cases, %u with keys of a size that is not offered\n", path, ran, other);
    assert_int_equal(ran, cases);
}

static void rsa_texts_open_as_known(void **state)
{
    decrypt_examples(RSA "pkcs1v15crypt-vectors.txt", PSA_ALG_RSA_PKCS1V15_CRYPT, 20);
    decrypt_examples(RSA "pkcs-1v2-1d2-vec/oaep-vect.txt", PSA_ALG_RSA_OAEP(PSA_ALG_SHA_1), 6);
    decrypt_examples(RSA "oaep-custom/oaep-sha224-sha224.txt", PSA_ALG_RSA_OAEP(PSA_ALG_SHA_224), 60);
    decrypt_examples(RSA "oaep-custom/oaep-sha256-sha256.txt", PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256), 60);
    decrypt_examples(RSA "oaep-custom/oaep-sha384-sha384.txt", PSA_ALG_RSA_OAEP(PSA_ALG_SHA_384), 60);
    decrypt_examples(RSA "oaep-custom/oaep-sha512-sha512.txt", PSA_ALG_RSA_OAEP(PSA_ALG_SHA_512), 60);
}

/* Its key is PKCS #8's: RSAPrivateKey is what comes after 26 bytes. */
static void an_rsa_text_with_a_label_opens_as_known(void **state)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    const psa_algorithm_t alg = PSA_ALG_RSA_OAEP(PSA_ALG_SHA_512);
    uint8_t text[256];
    psa_key_id_t id;
    size_t len;
    vectors_open(&file, RSA "oaep-label.txt");
    assert_true(vectors_case(&file, "COUNT"));
    struct mico_span key = vectors_hex(&file, "KEY"), label = vectors_hex(&file, "OAEPLabel"),
                     sealed = vectors_hex(&file, "Input"), want = vectors_hex(&file, "Output");
    psa_set_key_type(&attributes, PSA_KEY_TYPE_RSA_KEY_PAIR);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_DECRYPT);
    psa_set_key_algorithm(&attributes, alg);
    assert_int_equal(psa_import_key(&attributes, key.data + 26, key.len - 26, &id), PSA_SUCCESS);
    psa_status_t status =
        psa_asymmetric_decrypt(id, alg, sealed.data, sealed.len, label.data, label.len, text, sizeof text, &len);
    case_expect(status, text, len, want);
    assert_int_equal(psa_asymmetric_decrypt(id, alg, sealed.data, sealed.len, NULL, 0, text, sizeof text, &len),
                     PSA_ERROR_INVALID_PADDING);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
}

/* By PSA, or below it with the example's salt, which PSA would draw. */
static void sign_example(psa_algorithm_t alg, struct mico_span msg, struct mico_span want)
{
    uint8_t signature[512], hash[PSA_HASH_MAX_SIZE];
    size_t len = want.len;
    psa_status_t status;
    if (PSA_ALG_IS_RSA_PSS(alg)) {
        const struct mico_rsa_private key = rsa_examples_key(&examples);
        mico_digest_of(&mico_sha1_digest, msg, hash);
        status = mico_rsa_pss_sign_with(&key, &mico_sha1_digest, hash, rsa_examples_value(&examples, RSA_SALT),
                                        signature) == MICO_OK
                     ? PSA_SUCCESS
                     : PSA_ERROR_GENERIC_ERROR;
    } else {
        psa_key_id_t id = rsa_key(true, PSA_KEY_USAGE_SIGN_MESSAGE, alg);
        status = psa_sign_message(id, alg, msg.data, msg.len, signature, sizeof signature, &len);
        assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
    }
    case_expect(status, signature, len, want);
}

static void verify_examples(const char *path, psa_algorithm_t alg, unsigned cases, unsigned signed_too)
{
    uint8_t signature[512];
    unsigned verified = 0, made = 0;
    rsa_examples_open(&examples, path);
    while (rsa_examples_next(&examples)) {
        size_t size = modulus_size();
        struct mico_span msg = rsa_examples_value(&examples, RSA_MESSAGE),
                         want = rsa_examples_value(&examples, RSA_ANSWER);
        if (size != 128 && size != 256) {
            continue;
        }
        psa_key_id_t id = rsa_key(false, PSA_KEY_USAGE_VERIFY_MESSAGE, alg);
        assert_int_equal(psa_verify_message(id, alg, msg.data, msg.len, want.data, want.len), PSA_SUCCESS);
        memcpy(signature, want.data, want.len);
        signature[verified++ % want.len] ^= 1;
        assert_int_equal(psa_verify_message(id, alg, msg.data, msg.len, signature, want.len),
                         PSA_ERROR_INVALID_SIGNATURE);
        assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
        if (size == 256) {
            sign_example(alg, msg, want);
            made++;
        }
    }
    printf("%s: %u verified, %u signed\n", path, verified, made);
    assert_int_equal(verified, cases);
    assert_int_equal(made, signed_too);
}

/* Each signature is made anew as well, of PSS with the salt that its example has. 1024 bits verify only. */
static void rsa_signatures_are_as_known(void **state)
{
    verify_examples(RSA "pkcs1v15sign-vectors.txt", PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_1), 140, 20);
    verify_examples(RSA "pkcs-1v2-1d2-vec/pss-vect.txt", PSA_ALG_RSA_PSS(PSA_ALG_SHA_1), 12, 6);
}

static int start(void **state)
{
    return psa_crypto_init() == PSA_SUCCESS ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ieee_802_1ae_and_802_11_and_802_15_4_frames_are_sealed_and_opened),
        cmocka_unit_test(the_counter_of_gcm_wraps_within_its_32_bits),
        cmocka_unit_test(ieee_802_11_and_thread_passwords_give_their_keys),
        cmocka_unit_test(the_prf_of_tls_1_2_gives_acvps_answers),
        cmocka_unit_test(pre_shared_keys_of_tls_1_2_give_mbed_tlss_master_secrets),
        cmocka_unit_test(the_counter_mode_gives_nordics_answers),
        cmocka_unit_test(cbc_with_padding_gives_cavs_answers),
        cmocka_unit_test(deterministic_signatures_are_rfc_6979s),
        cmocka_unit_test(curves_are_right_at_the_edges_that_wycheproof_knows),
        cmocka_unit_test(agreements_are_as_published),
        cmocka_unit_test(x25519_iterated_gives_rfc_7748s_answers),
        cmocka_unit_test(rsa_texts_open_as_known),
        cmocka_unit_test(an_rsa_text_with_a_label_opens_as_known),
        cmocka_unit_test(rsa_signatures_are_as_known),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}

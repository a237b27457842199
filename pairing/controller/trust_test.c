/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "pairing/controller/test_maker.h"
#include "pairing/controller/trust.h"

#define ID "A1:B2:C3:D4:E5:F6"
#define ROOT_PEM "trust_test_root.pem"

static struct test_maker maker, other;
static struct mico_trust *trust;
static const uint8_t key[32] = {0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
                                0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};
static const struct test_device good = {ID, NULL, key, 0, TEST_FOR_EVER, false};

static int make(void **state)
{
    test_maker_make(&maker);
    test_maker_make(&other);
    test_maker_write_root(&maker, ROOT_PEM);
    return mico_trust_load(ROOT_PEM, &trust) == MICO_OK ? 0 : -1;
}

static int unmake(void **state)
{
    mico_trust_free(trust);
    test_maker_free(&maker);
    test_maker_free(&other);
    return unlink(ROOT_PEM);
}

static const char *why;
static char subject[MICO_HAP_ID_MAX + 1];

static mico_err check(const uint8_t *chain, size_t len)
{
    uint8_t got[32] = {0};
    mico_err err = mico_trust_check(trust, (struct mico_span){chain, len}, subject, got, &why);
    assert_true(err != MICO_OK || memcmp(got, key, 32) == 0);
    assert_true((err == MICO_OK) == (why == NULL));
    return err;
}

static void refused(const struct test_maker *by, struct test_device device, const char *words)
{
    uint8_t chain[4096];
    assert_int_equal(check(chain, test_maker_chain(by, &device, chain, sizeof chain)), MICO_ERR_AUTH);
    if (strstr(why, words) == NULL) {
        fail_msg("refused because \"%s\", not \"%s\"", why, words);
    }
}

static void certificate_of_the_maker_without_an_end_is_taken(void **state)
{
    uint8_t chain[4096];
    assert_int_equal(check(chain, test_maker_chain(&maker, &good, chain, sizeof chain)), MICO_OK);
    assert_string_equal(subject, ID);
}

static void certificate_of_another_maker_is_refused(void **state)
{
    refused(&other, good, "not issued by this maker");
}

static void certificate_out_of_its_time_is_refused(void **state)
{
    struct test_device device = good;
    device.to = time(NULL) - 86400;
    refused(&maker, device, "expired");
    device = good;
    device.from = time(NULL) + 86400;
    refused(&maker, device, "not valid yet");
}

static void certificate_with_an_unfit_subject_key_or_purpose_is_refused(void **state)
{
    struct test_device device = good;
    device.second_cn = "00:00:00:00:00:00";
    refused(&maker, device, "several");
    device = good;
    device.cn = "a name of more than thirty-six characters, that is";
    refused(&maker, device, "no usable subject");
    device = good;
    device.key = NULL;
    refused(&maker, device, "not Ed25519");
    device = good;
    device.ca = true;
    refused(&maker, device, "");
}

static void chain_that_is_cut_altered_reordered_or_padded_is_refused(void **state)
{
    uint8_t chain[4096], bad[4097];
    size_t len = test_maker_chain(&maker, &good, chain, sizeof chain);
    for (size_t cut = 0; cut < len; cut++) {
        assert_int_equal(check(chain, cut), MICO_ERR_AUTH);
    }
    memcpy(bad, chain, len);
    bad[len] = 0;
    assert_int_equal(check(bad, len + 1), MICO_ERR_AUTH);
    size_t first = 4 + ((size_t)chain[2] << 8 | chain[3]);
    for (size_t i = 0; i < len; i += 3) {
        memcpy(bad, chain, len);
        bad[i] ^= 0x10;
        assert_int_equal(check(bad, len), MICO_ERR_AUTH);
    }
    memcpy(bad, chain + first, len - first);
    memcpy(bad + len - first, chain, first);
    assert_int_equal(check(bad, len), MICO_ERR_AUTH);
}

static void device_certificate_cannot_issue_another(void **state)
{
    /* A device that holds its own key signs a certificate for another id: its issuer is no authority. */
    struct test_maker thief = maker;
    struct test_device leaf = good;
    uint8_t chain[8192], der[2048];
    size_t der_len = sizeof der;
    thief.issuing_key = other.issuing_key;
    gnutls_datum_t bytes = {chain, 0};
    gnutls_x509_crt_t mine;
    gnutls_pubkey_t public_key;
    uint8_t stolen[32];
    gnutls_datum_t x, y;
    gnutls_ecc_curve_t curve;
    assert_true(gnutls_pubkey_init(&public_key) >= 0);
    assert_true(gnutls_pubkey_import_x509(public_key, other.issuing, 0) >= 0);
    assert_true(gnutls_pubkey_export_ecc_raw(public_key, &curve, &x, &y) >= 0);
    memcpy(stolen, x.data, 32);
    gnutls_free(x.data);
    gnutls_free(y.data);
    gnutls_pubkey_deinit(public_key);
    leaf.key = stolen;
    bytes.size = (unsigned)test_maker_chain(&maker, &leaf, chain, sizeof chain); /* an honest certificate of the thief's */
    bytes.size = (unsigned)(4 + ((size_t)chain[2] << 8 | chain[3]));
    assert_true(gnutls_x509_crt_init(&mine) >= 0);
    assert_true(gnutls_x509_crt_import(mine, &bytes, GNUTLS_X509_FMT_DER) >= 0);
    thief.issuing = mine;
    size_t len = test_maker_chain(&thief, &good, chain, sizeof chain); /* forged leaf | the thief's own */
    assert_true(gnutls_x509_crt_export(maker.issuing, GNUTLS_X509_FMT_DER, der, &der_len) >= 0);
    memcpy(chain + len, der, der_len);
    assert_int_equal(check(chain, len + der_len), MICO_ERR_AUTH);
    assert_non_null(strstr(why, "not issued by this maker"));
    gnutls_x509_crt_deinit(mine);
}

static void root_file_without_a_certificate_is_refused(void **state)
{
    struct mico_trust *none;
    assert_int_equal(mico_trust_load("/nonexistent/root.pem", &none), MICO_ERR_IO);
    assert_int_equal(mico_trust_load("/dev/null", &none), MICO_ERR_FORMAT);
    assert_null(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificate_of_the_maker_without_an_end_is_taken),
        cmocka_unit_test(certificate_of_another_maker_is_refused),
        cmocka_unit_test(certificate_out_of_its_time_is_refused),
        cmocka_unit_test(certificate_with_an_unfit_subject_key_or_purpose_is_refused),
        cmocka_unit_test(chain_that_is_cut_altered_reordered_or_padded_is_refused),
        cmocka_unit_test(device_certificate_cannot_issue_another),
        cmocka_unit_test(root_file_without_a_certificate_is_refused),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "pairing/controller/test_maker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(int rc)
{
    if (rc < 0) {
        (void)fprintf(stderr, "test maker: %s\n", gnutls_strerror(rc));
        abort();
    }
}

static gnutls_x509_crt_t start(const char *cn, time_t from, time_t to, bool ca, int path_len)
{
    static uint8_t serial;
    gnutls_x509_crt_t crt;
    uint8_t number[2] = {1, ++serial};
    must(gnutls_x509_crt_init(&crt));
    must(gnutls_x509_crt_set_version(crt, 3));
    must(gnutls_x509_crt_set_serial(crt, number, sizeof number));
    must(gnutls_x509_crt_set_activation_time(crt, from));
    must(gnutls_x509_crt_set_expiration_time(crt, to));
    must(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, cn, (unsigned)strlen(cn)));
    must(gnutls_x509_crt_set_basic_constraints(crt, ca, path_len));
    must(gnutls_x509_crt_set_key_usage(crt, ca ? GNUTLS_KEY_KEY_CERT_SIGN : GNUTLS_KEY_DIGITAL_SIGNATURE));
    return crt;
}

static gnutls_x509_privkey_t make_key(gnutls_pk_algorithm_t algorithm, unsigned bits)
{
    gnutls_x509_privkey_t key;
    must(gnutls_x509_privkey_init(&key));
    must(gnutls_x509_privkey_generate(key, algorithm, bits, 0));
    return key;
}

void test_maker_make(struct test_maker *maker)
{
    maker->root_key = make_key(GNUTLS_PK_EDDSA_ED25519, 0);
    maker->issuing_key = make_key(GNUTLS_PK_EDDSA_ED25519, 0);
    maker->root = start("Test maker root", 0, TEST_FOR_EVER, true, 1);
    must(gnutls_x509_crt_set_key(maker->root, maker->root_key));
    must(gnutls_x509_crt_sign2(maker->root, maker->root, maker->root_key, GNUTLS_DIG_SHA512, 0));
    maker->issuing = start("Test maker issuing", 0, TEST_FOR_EVER, true, 0);
    must(gnutls_x509_crt_set_key(maker->issuing, maker->issuing_key));
    must(gnutls_x509_crt_sign2(maker->issuing, maker->root, maker->root_key, GNUTLS_DIG_SHA512, 0));
}

void test_maker_free(struct test_maker *maker)
{
    gnutls_x509_crt_deinit(maker->root);
    gnutls_x509_crt_deinit(maker->issuing);
    gnutls_x509_privkey_deinit(maker->root_key);
    gnutls_x509_privkey_deinit(maker->issuing_key);
}

void test_maker_write_root(const struct test_maker *maker, const char *path)
{
    gnutls_datum_t pem;
    must(gnutls_x509_crt_export2(maker->root, GNUTLS_X509_FMT_PEM, &pem));
    FILE *file = fopen(path, "w");
    if (file == NULL || fwrite(pem.data, 1, pem.size, file) != pem.size || fclose(file) != 0) {
        abort();
    }
    gnutls_free(pem.data);
}

static void set_public_key(gnutls_x509_crt_t crt, const uint8_t *key)
{
    gnutls_pubkey_t public_key;
    must(gnutls_pubkey_init(&public_key));
    if (key != NULL) {
        gnutls_datum_t x = {(unsigned char *)(uintptr_t)key, 32};
        must(gnutls_pubkey_import_ecc_raw(public_key, GNUTLS_ECC_CURVE_ED25519, &x, NULL));
        must(gnutls_x509_crt_set_pubkey(crt, public_key));
    } else {
        gnutls_x509_privkey_t other = make_key(GNUTLS_PK_ECDSA, 256);
        must(gnutls_x509_crt_set_key(crt, other));
        gnutls_x509_privkey_deinit(other);
    }
    gnutls_pubkey_deinit(public_key);
}

static size_t append_der(gnutls_x509_crt_t crt, uint8_t *out, size_t cap)
{
    must(gnutls_x509_crt_export(crt, GNUTLS_X509_FMT_DER, out, &cap));
    return cap;
}

size_t test_maker_chain(const struct test_maker *maker, const struct test_device *device, uint8_t *out, size_t cap)
{
    gnutls_x509_crt_t crt = start(device->cn, device->from, device->to, device->ca, device->ca ? 0 : -1);
    if (device->second_cn != NULL) {
        must(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, device->second_cn,
                                           (unsigned)strlen(device->second_cn)));
    }
    set_public_key(crt, device->key);
    must(gnutls_x509_crt_sign2(crt, maker->issuing, maker->issuing_key, GNUTLS_DIG_SHA512, 0));
    size_t len = append_der(crt, out, cap);
    len += append_der(maker->issuing, out + len, cap - len);
    gnutls_x509_crt_deinit(crt);
    return len;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud/broker/test_pki.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "base/bytes.h"

static void must(int rc)
{
    if (rc < 0) {
        fprintf(stderr, "test certificates: %s\n", gnutls_strerror(rc));
        abort();
    }
}

/* What follows from the key. */
static void name_key(struct test_cert *c)
{
    uint8_t hash[32];
    gnutls_datum_t x = {NULL, 0};
    must(gnutls_x509_privkey_export_ecc_raw(c->key, NULL, &x, NULL, NULL));
    memcpy(c->public_key, x.data, 32);
    must(gnutls_hash_fast(GNUTLS_DIG_SHA256, x.data, 32, hash));
    gnutls_free(x.data);
    snprintf(c->device_id, sizeof c->device_id, "%02X:%02X:%02X:%02X:%02X:%02X", hash[0], hash[1], hash[2], hash[3],
             hash[4], hash[5]);
    memcpy(c->serial, hash + 8, sizeof c->serial);
}

static void describe(struct test_cert *c)
{
    size_t len = sizeof c->der;
    must(gnutls_x509_crt_export(c->certificate, GNUTLS_X509_FMT_DER, c->der, &len));
    c->der_len = len;
    must(gnutls_hash_fast(GNUTLS_DIG_SHA256, c->der, c->der_len, c->sha256));
}

static void sign(struct test_cert *c, const char *cn, enum test_role role, const struct test_cert *issuer)
{
    uint8_t number[16], id[20];
    size_t id_len = sizeof id;
    gnutls_x509_crt_t crt;
    must(gnutls_rnd(GNUTLS_RND_NONCE, number, sizeof number));
    number[0] &= 0x7F;
    number[0] |= 1;
    must(gnutls_x509_crt_init(&crt));
    c->certificate = crt;
    must(gnutls_x509_crt_set_version(crt, 3));
    must(gnutls_x509_crt_set_serial(crt, number, sizeof number));
    must(gnutls_x509_crt_set_activation_time(crt, time(NULL) - 3600));
    must(gnutls_x509_crt_set_expiration_time(crt, (time_t)253402300799)); /* 99991231235959Z, RFC 5280 4.1.2.5 */
    must(gnutls_x509_crt_set_key(crt, c->key));
    must(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, cn, (unsigned)strlen(cn)));
    if (strcmp(cn, c->device_id) == 0) {
        char serial[17];
        mico_hex(c->serial, sizeof c->serial, serial);
        must(gnutls_x509_crt_set_dn_by_oid(crt, "2.5.4.5", 0, serial, 16));
    }
    must(gnutls_x509_crt_get_key_id(crt, 0, id, &id_len));
    must(gnutls_x509_crt_set_subject_key_id(crt, id, id_len));
    must(gnutls_x509_crt_set_basic_constraints(crt, role == TEST_CA, -1));
    must(gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE |
                                                (role == TEST_CA ? GNUTLS_KEY_KEY_CERT_SIGN : 0)));
    if (role == TEST_SERVER) {
        uint8_t loopback[4] = {127, 0, 0, 1};
        must(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, "localhost", 9, GNUTLS_FSAN_SET));
        must(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, loopback, 4, GNUTLS_FSAN_APPEND));
    }
    must(gnutls_x509_crt_sign2(crt, issuer ? issuer->certificate : crt, issuer ? issuer->key : c->key,
                               GNUTLS_DIG_SHA512, 0));
    describe(c);
}

void test_cert_make(struct test_cert *out, const char *cn, enum test_role role, const struct test_cert *issuer)
{
    gnutls_x509_privkey_t key;
    memset(out, 0, sizeof *out);
    must(gnutls_x509_privkey_init(&key));
    must(gnutls_x509_privkey_generate2(key, GNUTLS_PK_EDDSA_ED25519, 0, 0, NULL, 0));
    out->key = key;
    name_key(out);
    sign(out, cn ? cn : out->device_id, role, issuer);
}

void test_cert_again(struct test_cert *out, const struct test_cert *same, const char *cn,
                     const struct test_cert *issuer)
{
    gnutls_x509_privkey_t key;
    memset(out, 0, sizeof *out);
    must(gnutls_x509_privkey_init(&key));
    must(gnutls_x509_privkey_cpy(key, same->key));
    out->key = key;
    name_key(out);
    sign(out, cn, TEST_CLIENT, issuer);
}

static void write_pem(FILE *f, gnutls_x509_crt_t certificate)
{
    gnutls_datum_t pem;
    must(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &pem));
    fwrite(pem.data, 1, pem.size, f);
    gnutls_free(pem.data);
}

static FILE *create(const char *name, const char *ending)
{
    char path[256];
    snprintf(path, sizeof path, "%s.%s", name, ending);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        abort();
    }
    return f;
}

void test_cert_write(const struct test_cert *cert, const struct test_cert *chain, const char *name)
{
    gnutls_datum_t pem;
    FILE *f = create(name, "pem");
    write_pem(f, cert->certificate);
    if (chain) {
        write_pem(f, chain->certificate);
    }
    fclose(f);
    must(gnutls_x509_privkey_export2_pkcs8(cert->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem));
    f = create(name, "key");
    fwrite(pem.data, 1, pem.size, f);
    fclose(f);
    gnutls_free(pem.data);
}

void test_cert_free(struct test_cert *cert)
{
    if (cert->certificate) {
        gnutls_x509_crt_deinit(cert->certificate);
    }
    if (cert->key) {
        gnutls_x509_privkey_deinit(cert->key);
    }
    memset(cert, 0, sizeof *cert);
}

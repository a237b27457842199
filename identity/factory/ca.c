/* SPDX-License-Identifier: Apache-2.0 */
/* Making certificates with GnuTLS. RFC 5280 sections 4.1.2.5 (no expiry) and 4.2.1. */
#include "identity/factory/ca.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "identity/factory/files.h"
#include "identity/factory/say.h"

#define BACKDATED_S 3600
#define DAY_S 86400
#define CERTIFICATES_MAX 4

static const struct profile {
    int pathlen; /* -1: no CA */
    unsigned usage;
    const char *purpose;
    int days; /* 0: never expires */
} profiles[] = {
    [STATION_ROOT] = {1, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN, NULL, 0},
    [STATION_ISSUING] = {0, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN | GNUTLS_KEY_DIGITAL_SIGNATURE, NULL, 0},
    [STATION_DEVICE] = {-1, GNUTLS_KEY_DIGITAL_SIGNATURE, GNUTLS_KP_TLS_WWW_CLIENT, 0},
    [STATION_CLOUD_ROOT] = {0, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN, NULL, 0},
    [STATION_SERVER] = {-1, GNUTLS_KEY_DIGITAL_SIGNATURE, GNUTLS_KP_TLS_WWW_SERVER, 3650},
    [STATION_OPERATOR] = {-1, GNUTLS_KEY_DIGITAL_SIGNATURE, GNUTLS_KP_TLS_WWW_CLIENT, 730},
};

static mico_err fail_gnutls(const char *what, int code)
{
    return station_fail(MICO_ERR_CRYPTO, NULL, "%s: %s", what, gnutls_strerror(code));
}

static int set_serial(gnutls_x509_crt_t crt)
{
    uint8_t serial[16];
    int code = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);
    serial[0] = (uint8_t)((serial[0] & 0x7F) | 0x40); /* positive, and always 16 bytes */
    return code == 0 ? gnutls_x509_crt_set_serial(crt, serial, sizeof serial) : code;
}

/* (time_t)-1 gives 99991231235959Z; the macro that is named for it, GNUTLS_X509_NO_WELL_DEFINED_EXPIRATION, gives a day
 * in 2106 with GnuTLS 3.7 and a 64-bit time_t. */
static int set_times(gnutls_x509_crt_t crt, int days)
{
    time_t now = time(NULL);
    int code = gnutls_x509_crt_set_activation_time(crt, now - BACKDATED_S);
    if (code != 0) {
        return code;
    }
    return gnutls_x509_crt_set_expiration_time(crt, days == 0 ? (time_t)-1 : now + (time_t)days * DAY_S);
}

static int set_subject(gnutls_x509_crt_t crt, const struct station_request *r)
{
    const struct {
        const char *oid, *value;
    } parts[] = {
        {GNUTLS_OID_X520_ORGANIZATION_NAME, r->organization},
        {GNUTLS_OID_X520_COMMON_NAME, r->common_name},
        {"2.5.4.5", r->serial_number},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].value != NULL) {
            int code =
                gnutls_x509_crt_set_dn_by_oid(crt, parts[i].oid, 0, parts[i].value, (unsigned)strlen(parts[i].value));
            if (code != 0) {
                return code;
            }
        }
    }
    return 0;
}

static int set_names(gnutls_x509_crt_t crt, const struct station_request *r)
{
    int code = 0;
    for (const char *const *name = r->dns; code == 0 && name != NULL && *name != NULL; name++) {
        code = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, *name, (unsigned)strlen(*name),
                                                    GNUTLS_FSAN_APPEND);
    }
    for (const char *const *ip = r->ip; code == 0 && ip != NULL && *ip != NULL; ip++) {
        struct in_addr address;
        if (inet_pton(AF_INET, *ip, &address) != 1) {
            return GNUTLS_E_INVALID_REQUEST;
        }
        code = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, &address, sizeof address,
                                                    GNUTLS_FSAN_APPEND);
    }
    return code;
}

/* Subject key identifier, and the issuer's as authority key identifier. */
static int set_key_ids(gnutls_x509_crt_t crt, gnutls_pubkey_t key, gnutls_x509_crt_t issuer)
{
    uint8_t id[64];
    size_t len = sizeof id;
    int code = gnutls_pubkey_get_key_id(key, GNUTLS_KEYID_USE_SHA1, id, &len);
    if (code == 0) {
        code = gnutls_x509_crt_set_subject_key_id(crt, id, len);
    }
    if (code == 0 && issuer != NULL) {
        len = sizeof id;
        code = gnutls_x509_crt_get_subject_key_id(issuer, id, &len, NULL);
        if (code == 0) {
            code = gnutls_x509_crt_set_authority_key_id(crt, id, len);
        }
    }
    return code;
}

static int fill(gnutls_x509_crt_t crt, const struct station_request *r, gnutls_x509_crt_t issuer)
{
    const struct profile *p = &profiles[r->kind];
    int code = gnutls_x509_crt_set_version(crt, 3);
    code = code != 0 ? code : set_serial(crt);
    code = code != 0 ? code : set_times(crt, p->days);
    code = code != 0 ? code : set_subject(crt, r);
    code = code != 0 ? code : gnutls_x509_crt_set_pubkey(crt, r->key);
    code = code != 0 ? code : gnutls_x509_crt_set_basic_constraints(crt, p->pathlen >= 0, p->pathlen);
    code = code != 0 ? code : gnutls_x509_crt_set_key_usage(crt, p->usage);
    if (code == 0 && p->purpose != NULL) {
        code = gnutls_x509_crt_set_key_purpose_oid(crt, p->purpose, 0);
    }
    code = code != 0 ? code : set_names(crt, r);
    return code != 0 ? code : set_key_ids(crt, r->key, issuer);
}

static gnutls_digest_algorithm_t digest_for(gnutls_privkey_t key)
{
    /* Ed25519 hashes by itself, with SHA-512; GnuTLS still wants to hear it. */
    return gnutls_privkey_get_pk_algorithm(key, NULL) == GNUTLS_PK_EDDSA_ED25519 ? GNUTLS_DIG_SHA512
                                                                                 : GNUTLS_DIG_SHA256;
}

/* What was signed, read back: GnuTLS cannot verify against a certificate that it has only built. */
static int read_back(gnutls_x509_crt_t built, gnutls_x509_crt_t *out)
{
    gnutls_datum_t der;
    int code = gnutls_x509_crt_export2(built, GNUTLS_X509_FMT_DER, &der);
    if (code != 0) {
        return code;
    }
    code = gnutls_x509_crt_init(out);
    if (code == 0) {
        code = gnutls_x509_crt_import(*out, &der, GNUTLS_X509_FMT_DER);
        if (code != 0) {
            gnutls_x509_crt_deinit(*out);
            *out = NULL;
        }
    }
    gnutls_free(der.data);
    return code;
}

mico_err station_certify(const struct station_request *request, gnutls_x509_crt_t issuer, gnutls_privkey_t signer,
                         gnutls_x509_crt_t *out)
{
    gnutls_x509_crt_t crt;
    *out = NULL;
    int code = gnutls_x509_crt_init(&crt);
    if (code != 0) {
        return fail_gnutls("certificate", code);
    }
    code = fill(crt, request, issuer);
    if (code == 0) {
        code = gnutls_x509_crt_privkey_sign(crt, issuer != NULL ? issuer : crt, signer, digest_for(signer), 0);
    }
    if (code == 0) {
        code = read_back(crt, out);
    }
    gnutls_x509_crt_deinit(crt);
    if (code != 0) {
        return station_fail(MICO_ERR_CRYPTO, "check names and addresses, and that the key's token works",
                            "certificate for %s: %s", request->common_name, gnutls_strerror(code));
    }
    return MICO_OK;
}

mico_err station_ed25519_key(const uint8_t raw[32], gnutls_pubkey_t *out)
{
    const gnutls_datum_t x = {(unsigned char *)(uintptr_t)raw, 32};
    *out = NULL;
    int code = gnutls_pubkey_init(out);
    if (code == 0) {
        code = gnutls_pubkey_import_ecc_raw(*out, GNUTLS_ECC_CURVE_ED25519, &x, NULL);
    }
    return code == 0 ? MICO_OK : fail_gnutls("public key of the chip", code);
}

mico_err station_public_of(gnutls_privkey_t key, gnutls_pubkey_t *out)
{
    *out = NULL;
    int code = gnutls_pubkey_init(out);
    if (code == 0) {
        code = gnutls_pubkey_import_privkey(*out, key, 0, 0);
    }
    return code == 0 ? MICO_OK : fail_gnutls("public key", code);
}

mico_err station_soft_key(bool p256, gnutls_privkey_t *out)
{
    *out = NULL;
    int code = gnutls_privkey_init(out);
    if (code == 0) {
        code = p256
                   ? gnutls_privkey_generate(*out, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0)
                   : gnutls_privkey_generate(*out, GNUTLS_PK_EDDSA_ED25519, 0, 0);
    }
    return code == 0 ? MICO_OK : fail_gnutls("key", code);
}

mico_err station_write_key(const char *path, gnutls_privkey_t key)
{
    gnutls_x509_privkey_t x509;
    gnutls_datum_t pem;
    int code = gnutls_privkey_export_x509(key, &x509);
    if (code != 0) {
        return fail_gnutls(path, code);
    }
    code = gnutls_x509_privkey_export2_pkcs8(x509, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem);
    gnutls_x509_privkey_deinit(x509);
    if (code != 0) {
        return fail_gnutls(path, code);
    }
    mico_err err = station_write_file(path, pem.data, pem.size, 0600);
    mico_wipe(pem.data, pem.size);
    gnutls_free(pem.data);
    return err;
}

mico_err station_write_certificates(const char *path, const gnutls_x509_crt_t *certificates, size_t count)
{
    char text[CERTIFICATES_MAX * 4096];
    struct mico_writer w = mico_writer_of((uint8_t *)text, sizeof text);
    for (size_t i = 0; i < count; i++) {
        gnutls_datum_t pem;
        int code = gnutls_x509_crt_export2(certificates[i], GNUTLS_X509_FMT_PEM, &pem);
        if (code != 0) {
            return fail_gnutls(path, code);
        }
        mico_write_bytes(&w, pem.data, pem.size);
        gnutls_free(pem.data);
    }
    if (w.failed) {
        return station_fail(MICO_ERR_SIZE, NULL, "%s: certificates too long", path);
    }
    return station_write_file(path, text, w.len, 0644);
}

mico_err station_read_certificate(const char *path, gnutls_x509_crt_t *out)
{
    char *text;
    size_t len;
    bool found;
    *out = NULL;
    mico_err err = station_read_file(path, &text, &len, &found);
    if (err != MICO_OK) {
        return err;
    }
    const gnutls_datum_t pem = {(unsigned char *)text, (unsigned)len};
    int code = found ? gnutls_x509_crt_init(out) : GNUTLS_E_FILE_ERROR;
    if (code == 0) {
        code = gnutls_x509_crt_import(*out, &pem, GNUTLS_X509_FMT_PEM);
        if (code != 0) {
            gnutls_x509_crt_deinit(*out);
            *out = NULL;
        }
    }
    free(text);
    return code == 0 ? MICO_OK
                     : station_fail(MICO_ERR_FORMAT, "give a certificate in PEM", "%s: %s", path,
                                    found ? gnutls_strerror(code) : "no such file");
}

mico_err station_der(gnutls_x509_crt_t certificate, gnutls_datum_t *out)
{
    int code = gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, out);
    return code == 0 ? MICO_OK : fail_gnutls("certificate to DER", code);
}

mico_err station_sign(gnutls_privkey_t key, struct mico_span data, gnutls_datum_t *out)
{
    const gnutls_datum_t in = {(unsigned char *)(uintptr_t)data.data, (unsigned)data.len};
    bool ed25519 = gnutls_privkey_get_pk_algorithm(key, NULL) == GNUTLS_PK_EDDSA_ED25519;
    int code =
        gnutls_privkey_sign_data2(key, ed25519 ? GNUTLS_SIGN_EDDSA_ED25519 : GNUTLS_SIGN_ECDSA_SHA256, 0, &in, out);
    return code == 0 ? MICO_OK : fail_gnutls("signature", code);
}

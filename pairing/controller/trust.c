/* SPDX-License-Identifier: Apache-2.0 */
/* The check of a device certificate; see trust.h. RFC 5280, RFC 8410. */
#include "pairing/controller/trust.h"

#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "identity/chain.h"

struct mico_trust {
    gnutls_x509_trust_list_t roots;
};

mico_err mico_trust_load(const char *path, struct mico_trust **trust)
{
    gnutls_datum_t pem;
    gnutls_x509_crt_t *roots = NULL;
    unsigned count = 0;
    *trust = NULL;
    if (gnutls_load_file(path, &pem) < 0) {
        return MICO_ERR_IO;
    }
    int rc = gnutls_x509_crt_list_import2(&roots, &count, &pem, GNUTLS_X509_FMT_PEM, 0);
    gnutls_free(pem.data);
    if (rc < 0 || count == 0) {
        return MICO_ERR_FORMAT;
    }
    struct mico_trust *made = calloc(1, sizeof *made);
    if (made == NULL || gnutls_x509_trust_list_init(&made->roots, 0) < 0) {
        abort(); /* out of memory, in a program that runs for a second */
    }
    (void)gnutls_x509_trust_list_add_cas(made->roots, roots, count, 0);
    gnutls_free(roots); /* the list owns the certificates now */
    *trust = made;
    return MICO_OK;
}

void mico_trust_free(struct mico_trust *trust)
{
    if (trust != NULL) {
        gnutls_x509_trust_list_deinit(trust->roots, 1);
        free(trust);
    }
}

static const char *reason_of(unsigned status)
{
    if ((status & GNUTLS_CERT_EXPIRED) != 0) {
        return "its certificate has expired";
    }
    if ((status & GNUTLS_CERT_NOT_ACTIVATED) != 0) {
        return "its certificate is not valid yet: check this computer's clock";
    }
    return "its certificate was not issued by this maker";
}

static const char *check_chain(struct mico_trust *trust, gnutls_x509_crt_t *certificates, unsigned count)
{
    unsigned status = 0;
    if (gnutls_x509_trust_list_verify_crt(trust->roots, certificates, count, 0, &status, NULL) < 0) {
        return "its certificate could not be verified";
    }
    return status == 0 ? NULL : reason_of(status);
}

/* The device's own certificate is no CA, and has exactly one CN that fits. */
static const char *read_subject(gnutls_x509_crt_t certificate, char subject[MICO_HAP_ID_MAX + 1])
{
    size_t len = MICO_HAP_ID_MAX + 1, second_len = 0;
    if (gnutls_x509_crt_get_ca_status(certificate, NULL) > 0) {
        return "its certificate is one of a certificate authority";
    }
    int rc = gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, subject, &len);
    if (rc < 0 || len != strlen(subject) || len == 0) {
        return "its certificate has no usable subject CN";
    }
    rc = gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 1, 0, NULL, &second_len);
    return rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE ? NULL : "its certificate has several subject CNs";
}

static const char *read_key(gnutls_x509_crt_t certificate, uint8_t key[32])
{
    gnutls_pubkey_t public_key;
    gnutls_ecc_curve_t curve;
    gnutls_datum_t x = {NULL, 0}, y = {NULL, 0};
    const char *wrong = "its certificate's key is not Ed25519";
    if (gnutls_pubkey_init(&public_key) < 0) {
        return wrong;
    }
    if (gnutls_pubkey_import_x509(public_key, certificate, 0) >= 0 &&
        gnutls_pubkey_export_ecc_raw(public_key, &curve, &x, &y) >= 0 && curve == GNUTLS_ECC_CURVE_ED25519 && x.size == 32) {
        memcpy(key, x.data, 32);
        wrong = NULL;
    }
    gnutls_free(x.data);
    gnutls_free(y.data);
    gnutls_pubkey_deinit(public_key);
    return wrong;
}

/* The first reason to refuse, or NULL. */
static const char *check(struct mico_trust *trust, gnutls_x509_crt_t *certificates, unsigned count, char *subject,
                         uint8_t key[32])
{
    const char *wrong = check_chain(trust, certificates, count);
    if (wrong == NULL) {
        wrong = read_subject(certificates[0], subject);
    }
    return wrong != NULL ? wrong : read_key(certificates[0], key);
}

mico_err mico_trust_check(void *ctx, struct mico_span chain, char subject[MICO_HAP_ID_MAX + 1], uint8_t key[32],
                          const char **why)
{
    struct mico_span parts[MICO_CHAIN_MAX];
    gnutls_x509_crt_t certificates[MICO_CHAIN_MAX];
    size_t count = 0;
    unsigned read = 0;
    bool sound = mico_chain_split(chain, parts, &count) == MICO_OK;
    while (sound && read < count) {
        gnutls_datum_t der = {(unsigned char *)parts[read].data, (unsigned)parts[read].len};
        if (gnutls_x509_crt_init(&certificates[read]) < 0) {
            break;
        }
        sound = gnutls_x509_crt_import(certificates[read++], &der, GNUTLS_X509_FMT_DER) >= 0;
    }
    *why = sound && read == count ? check(ctx, certificates, read, subject, key) : "its certificate chain is malformed";
    while (read > 0) {
        gnutls_x509_crt_deinit(certificates[--read]);
    }
    return *why == NULL ? MICO_OK : MICO_ERR_AUTH;
}

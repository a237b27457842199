/* SPDX-License-Identifier: Apache-2.0 */
/* X.509 certificates (RFC 5280, Ed25519 as in RFC 8410): one request, one table of what each kind may do. */
#ifndef IDENTITY_FACTORY_CA_H
#define IDENTITY_FACTORY_CA_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum station_kind {
    STATION_ROOT,       /* the maker's root: signs issuing CAs; path length 1; never expires */
    STATION_ISSUING,    /* signs devices and manifests; path length 0; never expires, as its devices do not */
    STATION_DEVICE,     /* an IDevID: TLS client; never expires */
    STATION_CLOUD_ROOT, /* signs servers and operators; path length 0; never expires: devices keep it for life */
    STATION_SERVER,     /* TLS server, 10 years */
    STATION_OPERATOR,   /* TLS client, 2 years */
};

struct station_request {
    enum station_kind kind;
    const char *common_name;
    const char *organization;  /* or NULL */
    const char *serial_number; /* the subject's, or NULL */
    gnutls_pubkey_t key;
    const char *const *dns; /* names of a server, NULL at the end; or NULL */
    const char *const *ip;  /* addresses of a server, IPv4, NULL at the end; or NULL */
};

/** Issue a certificate signed with signer, the key of issuer (NULL: self-signed). Valid from an hour ago, so that
 * clocks may differ. The caller's, by gnutls_x509_crt_deinit. Errors are said. */
MICO_MUST_USE mico_err station_certify(const struct station_request *request, gnutls_x509_crt_t issuer,
                                       gnutls_privkey_t signer, gnutls_x509_crt_t *out);

/** The public key of a chip, from its 32 bytes; by gnutls_pubkey_deinit. */
MICO_MUST_USE mico_err station_ed25519_key(const uint8_t raw[32], gnutls_pubkey_t *out);
MICO_MUST_USE mico_err station_public_of(gnutls_privkey_t key, gnutls_pubkey_t *out);

/** A key in software (Ed25519, or P-256 with p256); by gnutls_privkey_deinit. */
MICO_MUST_USE mico_err station_soft_key(bool p256, gnutls_privkey_t *out);

/** Write key or certificates as PEM. */
MICO_MUST_USE mico_err station_write_key(const char *path, gnutls_privkey_t key);
MICO_MUST_USE mico_err station_write_certificates(const char *path, const gnutls_x509_crt_t *certificates,
                                                  size_t count);
/** The first certificate in a PEM file. */
MICO_MUST_USE mico_err station_read_certificate(const char *path, gnutls_x509_crt_t *out);

/** DER; the caller's, by gnutls_free(out->data). */
MICO_MUST_USE mico_err station_der(gnutls_x509_crt_t certificate, gnutls_datum_t *out);

/** Signature of data with key: Ed25519, or ECDSA with SHA-256. By gnutls_free. */
MICO_MUST_USE mico_err station_sign(gnutls_privkey_t key, struct mico_span data, gnutls_datum_t *out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud/service/import.h"

#include <stdio.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "identity/manifest.h"

_Static_assert(MICO_REGISTRY_ID_SIZE == MICO_DEVICE_ID_SIZE, "one form of device id");

#define ACTOR "import"

/* The registry knows the first `count` entries: are they this manifest's too? */
static mico_err check_extends(const struct mico_manifest *manifest, uint32_t count, const uint8_t head[32],
                              struct mico_complaint *complaint)
{
    size_t have = mico_manifest_count(manifest);
    if (have < count) {
        return mico_complain(complaint, MICO_ERR_ROLLBACK, "import the station's newest manifest",
                             "the manifest is older than the one taken before (%zu < %u entries)", have,
                             (unsigned)count);
    }
    if (count > 0 && memcmp(mico_manifest_at(manifest, count - 1)->hash, head, 32) != 0) {
        return mico_complain(complaint, MICO_ERR_AUTH, "ask the station why its history changed; nothing was imported",
                             "manifest entry %u is not the one taken before: an entry up to it was replaced",
                             (unsigned)count);
    }
    return MICO_OK;
}

static mico_err add_entry(struct mico_registry *registry, const struct mico_manifest_entry *entry, unsigned *added,
                          struct mico_complaint *complaint)
{
    char serial[2 * MSCP_SERIAL_SIZE + 1];
    struct mico_complaint why = {0};
    struct mico_new_device device = {.id = entry->device_id, .serial = serial, .certificate = entry->certificate};
    bool is_new;
    mico_hex(entry->serial, MSCP_SERIAL_SIZE, serial);
    memcpy(device.identity_key, entry->identity_key, 32);
    memcpy(device.certificate_sha256, entry->certificate_sha256, 32);
    mico_err err = mico_registry_add_device(registry, ACTOR, &device, &is_new, &why);
    *added += is_new;
    return err ? mico_complain(complaint, err, why.next, "manifest entry %u: %s", (unsigned)entry->index, why.what)
               : MICO_OK;
}

/* ---- issuing CAs ---- */

/* The key, not the certificate: of one that was signed by ECDSA anybody can make another that is as good. */
static bool key_of(gnutls_x509_crt_t certificate, uint8_t sha256[32])
{
    size_t len = 32;
    return gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256, sha256, &len) == 0 && len == 32;
}

static mico_err check_not_revoked(struct mico_registry *registry, struct mico_span issuer,
                                  struct mico_complaint *complaint)
{
    gnutls_x509_crt_t certificate;
    gnutls_datum_t der = {(unsigned char *)(uintptr_t)issuer.data, (unsigned)issuer.len};
    uint8_t key[32];
    bool revoked;
    if (gnutls_x509_crt_init(&certificate) < 0) {
        return mico_complain(complaint, MICO_ERR_FULL, NULL, "out of memory");
    }
    bool have = gnutls_x509_crt_import(certificate, &der, GNUTLS_X509_FMT_DER) == 0 && key_of(certificate, key);
    gnutls_x509_crt_deinit(certificate);
    if (!have) {
        return mico_complain(complaint, MICO_ERR_CRYPTO, NULL, "the issuing certificate's key cannot be read");
    }
    mico_err err = mico_registry_issuer_is_revoked(registry, key, &revoked);
    return err || !revoked ? err
                           : mico_complain(complaint, MICO_ERR_AUTH, "make the devices anew at a station that was not",
                                           "the issuing CA that signed the manifest was revoked; nothing was imported");
}

static mico_err load_issuer(const char *path, uint8_t key_sha256[32], struct mico_complaint *complaint)
{
    gnutls_x509_crt_t certificate;
    gnutls_datum_t pem = {NULL, 0};
    int rc = gnutls_load_file(path, &pem);
    if (rc < 0 || gnutls_x509_crt_init(&certificate) < 0) {
        gnutls_free(pem.data);
        return mico_complain(complaint, MICO_ERR_IO, "name a PEM file that you may read", "--issuer %s: %s", path,
                             gnutls_strerror(rc));
    }
    bool is_ca = gnutls_x509_crt_import(certificate, &pem, GNUTLS_X509_FMT_PEM) == 0 &&
                 gnutls_x509_crt_get_ca_status(certificate, NULL) > 0 &&
                 gnutls_x509_crt_check_issuer(certificate, certificate) == 0 && key_of(certificate, key_sha256);
    gnutls_x509_crt_deinit(certificate);
    gnutls_free(pem.data);
    return is_ca ? MICO_OK
                 : mico_complain(complaint, MICO_ERR_PARAM, "it lies beside each of its manifests: manifest.json.pem",
                                 "--issuer %s: not an issuing CA's certificate", path);
}

mico_err mico_import_revoke(struct mico_registry *registry, const char *actor, const char *issuer_pem,
                            uint8_t key_sha256[32], struct mico_complaint *complaint)
{
    bool added;
    mico_err err = load_issuer(issuer_pem, key_sha256, complaint);
    if (err) {
        return err;
    }
    err = mico_registry_revoke_issuer(registry, actor, key_sha256, &added);
    return err ? mico_complain_registry(complaint, err) : MICO_OK;
}

/* ---- manifests ---- */

static mico_err add_all(struct mico_registry *registry, const struct mico_manifest *manifest, struct mico_imported *out,
                        struct mico_complaint *complaint)
{
    uint8_t issuer_sha256[32], head[32];
    uint32_t known;
    bool found;
    struct mico_span issuer = mico_manifest_issuer(manifest);
    size_t count = mico_manifest_count(manifest);
    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, issuer.data, issuer.len, issuer_sha256) < 0) {
        return mico_complain(complaint, MICO_ERR_CRYPTO, NULL, "SHA-256 failed");
    }
    mico_err err = check_not_revoked(registry, issuer, complaint);
    err = err ? err : mico_registry_manifest(registry, issuer_sha256, &found, &known, head);
    if (!err && found) {
        err = check_extends(manifest, known, head, complaint);
    }
    for (size_t i = 0; !err && i < count; i++) {
        err = add_entry(registry, mico_manifest_at(manifest, i), &out->added, complaint);
    }
    if (!err && count > known) {
        err = mico_registry_note_manifest(registry, ACTOR, mico_manifest_maker(manifest), issuer_sha256,
                                          (uint32_t)count, mico_manifest_at(manifest, count - 1)->hash);
    }
    out->entries = (unsigned)count;
    return err;
}

mico_err mico_import_manifest(struct mico_registry *registry, const char *path, const char *maker_root,
                              struct mico_imported *out, struct mico_complaint *complaint)
{
    struct mico_manifest *manifest;
    char why[MICO_MANIFEST_WHY_MAX];
    *out = (struct mico_imported){0};
    mico_err err = mico_manifest_verify(path, maker_root, &manifest, why);
    if (err) {
        return mico_complain(complaint, err,
                             "get it from the station again, with its .sig and .pem; nothing was imported", "%s", why);
    }
    err = mico_registry_begin(registry);
    if (!err) {
        err = mico_registry_end(registry, add_all(registry, manifest, out, complaint));
    }
    if (err && !complaint->what[0]) {
        mico_complain_registry(complaint, err);
    }
    if (err) {
        *out = (struct mico_imported){0};
    }
    mico_manifest_close(manifest);
    return err;
}

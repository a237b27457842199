/* SPDX-License-Identifier: Apache-2.0 */
/* The manifest of made devices: what travels from the factory's station to the cloud, by any way, also offline.
 *
 * Three files beside each other: NAME (JSON), NAME.sig (its signature by the issuing CA's key: raw Ed25519, or DER
 * ECDSA with SHA-256), NAME.pem (the issuing CA's certificate, signer first). The entries form a hash chain, and each
 * holds the certificate that names its device, chip and key, so an altered entry is found by its number.
 * identity/README.md has the format. For Linux programs; uses GnuTLS, cJSON and the heap. */
#ifndef IDENTITY_MANIFEST_H
#define IDENTITY_MANIFEST_H

#include "base/bytes.h"
#include "base/err.h"
#include "identity/provision.h"
#include "mscp/protocol/mscp.h"

#define MICO_MANIFEST_WHY_MAX 256 /* bytes of an explanation, with NUL */

struct mico_manifest_entry {
    uint32_t index; /* 1 for the first device */
    char device_id[MICO_DEVICE_ID_SIZE + 1];
    uint8_t serial[MSCP_SERIAL_SIZE]; /* of the chip */
    uint8_t identity_key[32];         /* Ed25519: the certificate's key */
    uint8_t firmware_key[32];         /* X25519: firmware for this device alone is encrypted to it */
    uint64_t made_at;                 /* seconds since 1970, by the station's clock */
    uint8_t certificate_sha256[32];
    struct mico_span certificate; /* DER */
    uint8_t prev[32];             /* hash of the entry before; of the maker's name for the first */
    uint8_t hash[32];
};

struct mico_manifest; /* verified, whole, unchanging */

/** Read and verify the manifest at path, with path.sig and path.pem beside it, against the maker's root certificate
 * (a PEM file). Everything is checked before anything is given out: the signature, the chain to the root, every field
 * of every entry against its certificate, certificates against the issuer, the hash chain, and that no device or chip
 * appears twice.
 *
 * out   the manifest, to be closed; NULL on error
 * why   on error, one sentence for a person: the file, the number of the entry and its field where there is one
 * Returns MICO_OK, MICO_ERR_IO (a file cannot be read), MICO_ERR_SIZE (of the path), MICO_ERR_FORMAT, MICO_ERR_AUTH
 * (altered, or not by this maker).
 */
MICO_MUST_USE mico_err mico_manifest_verify(const char *path, const char *root_pem, struct mico_manifest **out,
                                            char why[MICO_MANIFEST_WHY_MAX]);
/** NULL is allowed. */
void mico_manifest_close(struct mico_manifest *manifest);

/* Views live until the manifest is closed. */
const char *mico_manifest_maker(const struct mico_manifest *manifest);
size_t mico_manifest_count(const struct mico_manifest *manifest);
const struct mico_manifest_entry *mico_manifest_at(const struct mico_manifest *manifest, size_t i); /* i < count */
/** The issuing CA's certificate, DER: with an entry's certificate, the chain that the device shows. */
struct mico_span mico_manifest_issuer(const struct mico_manifest *manifest);

/** True when later begins with every entry of earlier, unchanged: a cloud that knows `earlier` takes only such a one,
 * so that an old manifest put back, or one that dropped a device, is noticed. */
bool mico_manifest_extends(const struct mico_manifest *later, const struct mico_manifest *earlier);

#endif

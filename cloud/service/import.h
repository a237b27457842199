/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the factory's manifest into the registry. */
#ifndef CLOUD_SERVICE_IMPORT_H
#define CLOUD_SERVICE_IMPORT_H

#include "cloud/registry/registry.h"

struct mico_imported {
    unsigned entries, added;
};

/** Verify the manifest (identity/manifest.h) against the maker's root and add its devices: all or none. A manifest that
 * is known changes nothing; a longer one must begin with every entry that is known. MICO_ERR_AUTH (altered, not by this
 * maker, or of an issuing CA that was revoked), MICO_ERR_ROLLBACK (older than the one taken before), MICO_ERR_DENIED (a
 * device that is known otherwise), MICO_ERR_FORMAT, MICO_ERR_IO; the complaint names the entry. */
MICO_MUST_USE mico_err mico_import_manifest(struct mico_registry *registry, const char *manifest,
                                            const char *maker_root, struct mico_imported *out,
                                            struct mico_complaint *complaint);

/** Have no more manifests taken that the issuing CA of that certificate (PEM) signs. key_sha256 says which key it was.
 * MICO_ERR_IO, MICO_ERR_PARAM (no CA's certificate, or a root's). */
MICO_MUST_USE mico_err mico_import_revoke(struct mico_registry *registry, const char *actor, const char *issuer_pem,
                                          uint8_t key_sha256[32], struct mico_complaint *complaint);

#endif

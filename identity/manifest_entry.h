/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of the manifest and of the station's log, which are the same: its JSON, its hash, its checks. For
 * manifest.c and the station; everyone else reads entries through manifest.h. */
#ifndef IDENTITY_MANIFEST_ENTRY_H
#define IDENTITY_MANIFEST_ENTRY_H

#include <cjson/cJSON.h>
#include <gnutls/x509.h>

#include "identity/manifest.h"

/** What the first entry has as prev. */
void mico_manifest_start(const char *maker, uint8_t out[32]);

/** Hash of everything in entry but its hash; the certificate goes in by its own hash. */
void mico_manifest_entry_hash(const struct mico_manifest_entry *entry, uint8_t out[32]);

/** NULL when there is no memory. The caller's, by cJSON_Delete. */
cJSON *mico_manifest_entry_to_json(const struct mico_manifest_entry *entry);

/** Strict: exactly the ten fields, each in its one spelling. On success certificate is on the heap, freed by
 * mico_manifest_entry_free; on error *bad_field names the field and nothing is held. Returns MICO_OK or
 * MICO_ERR_FORMAT. */
MICO_MUST_USE mico_err mico_manifest_entry_from_json(const cJSON *json, struct mico_manifest_entry *entry,
                                                     const char **bad_field);
void mico_manifest_entry_free(struct mico_manifest_entry *entry);

/** Check entry against its place and its certificate: index, prev, hash, device id, serial and key as the certificate
 * says, certificate issued by issuer (NULL: whoever issued it). Returns MICO_OK, or MICO_ERR_AUTH with *bad_field. */
MICO_MUST_USE mico_err mico_manifest_entry_check(const struct mico_manifest_entry *entry, uint32_t index,
                                                 const uint8_t prev[32], gnutls_x509_crt_t issuer,
                                                 const char **bad_field);

/** The number (from 1) of the first entry whose device id or serial stands in an earlier one too; 0 when each is alone.
 */
size_t mico_manifest_repeated(const struct mico_manifest_entry *entries, size_t count, const char **bad_field);

#endif

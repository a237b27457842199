/* SPDX-License-Identifier: Apache-2.0 */
/* The station's log of made devices: log.jsonl, one manifest entry in a line, hash-chained; and log.head, which says
 * how many lines there were, so that lines cut from the end are missed. */
#ifndef IDENTITY_FACTORY_LOG_H
#define IDENTITY_FACTORY_LOG_H

#include "identity/factory/station.h"
#include "identity/manifest_entry.h"

struct station_log {
    struct mico_manifest_entry *entries;
    size_t count;
};

/** Read and check the whole log: each line's form, place, hash and certificate (the issuer's signature on it only with
 * deep: reading 10,000 lines then takes seconds), no device and no chip twice, as many lines as log.head says. A last
 * line that a crash cut off is dropped, with a word: its device was not reported as made.
 * Returns MICO_OK, MICO_ERR_IO, or MICO_ERR_CORRUPT (said, with the line's number); log is then empty. */
MICO_MUST_USE mico_err station_log_open(struct station_log *log, const struct station *station, bool deep);
void station_log_close(struct station_log *log);

/** The entry of a chip, or NULL. */
const struct mico_manifest_entry *station_log_find(const struct station_log *log,
                                                   const uint8_t serial[MSCP_SERIAL_SIZE]);
const struct mico_manifest_entry *station_log_find_id(const struct station_log *log, const char *device_id);

/** Fill in index, prev and hash, as the next entry of this log. */
void station_log_place(const struct station_log *log, const struct station *station, struct mico_manifest_entry *entry);

/** Append entry, placed here; it lies on the disk when this returns MICO_OK. Takes its
 * certificate over only then. */
MICO_MUST_USE mico_err station_log_append(struct station_log *log, const struct station *station,
                                          struct mico_manifest_entry *entry);

#endif

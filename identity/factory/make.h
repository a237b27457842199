/* SPDX-License-Identifier: Apache-2.0 */
/* Making one device: the chip behind a link, and the flash beside it. */
#ifndef IDENTITY_FACTORY_MAKE_H
#define IDENTITY_FACTORY_MAKE_H

#include "identity/factory/label.h"
#include "identity/factory/station.h"
#include "identity/manifest.h"

struct station_order {
    const char *link;                                /* Unix socket of the chip */
    const char *flash;                               /* the device's flash, a file of 16 MiB */
    const struct mico_cloud_config *cloud;           /* or NULL: a device without a cloud */
    uint8_t category;                                /* HAP's, for the label's payload */
    void (*after_step)(void *ctx, const char *step); /* or NULL: for tests that cut the power */
    void *ctx;
};

/* Secret: it has the label. */
struct station_made {
    struct mico_manifest_entry entry; /* its certificate is on the heap */
    struct station_label label;
    char payload[STATION_PAYLOAD_SIZE + 1];
};

/** Make a device, or finish one that an earlier run began. Whatever fails, nothing is recorded by halves: before the
 * log's line there is no device, and the same command may be given again; after it, the same command gives the label
 * again until station_made_delivered.
 *
 * Returns MICO_OK; MICO_ERR_DENIED for a chip that has become a device already (here, or elsewhere: locked, but not in
 * the log); or what failed. All is said. */
MICO_MUST_USE mico_err station_make(const struct station *station, const struct station_order *order,
                                    struct station_made *made);

/** The label has been given out: forget it. */
MICO_MUST_USE mico_err station_made_delivered(const struct station *station, const struct station_made *made);
void station_made_close(struct station_made *made);

#endif

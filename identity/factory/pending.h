/* SPDX-License-Identifier: Apache-2.0 */
/* A device that is being made: its label, on disk (0600) from before anything is done to the chip until the label has
 * been given out. So a run that was cut off at any step can be finished by the next one. */
#ifndef IDENTITY_FACTORY_PENDING_H
#define IDENTITY_FACTORY_PENDING_H

#include "identity/factory/label.h"
#include "identity/factory/station.h"
#include "mscp/protocol/mscp.h"

/** The label of the chip with this serial. *found false when none is under way. */
MICO_MUST_USE mico_err station_pending_load(const struct station *station, const uint8_t serial[MSCP_SERIAL_SIZE],
                                            struct station_label *label, bool *found);
MICO_MUST_USE mico_err station_pending_save(const struct station *station, const uint8_t serial[MSCP_SERIAL_SIZE],
                                            const struct station_label *label);
MICO_MUST_USE mico_err station_pending_remove(const struct station *station, const uint8_t serial[MSCP_SERIAL_SIZE]);

/** Remove what crashes left of labels that were being written or forgotten. */
MICO_MUST_USE mico_err station_pending_sweep(const struct station *station);

/** How many are under way. */
MICO_MUST_USE mico_err station_pending_count(const struct station *station, size_t *count);

#endif

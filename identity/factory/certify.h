/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate of one chip: issued by the station's issuing CA, kept in the chip, taken into the log's entry. */
#ifndef IDENTITY_FACTORY_CERTIFY_H
#define IDENTITY_FACTORY_CERTIFY_H

#include "identity/factory/chip.h"
#include "identity/factory/log.h"

/** Certify the chip's identity key, or take the certificate that an earlier run stored there; either is checked as the
 * cloud will check it. entry has device id, serial and keys; its certificate (on the heap), time, place and hash are
 * filled in. MICO_ERR_AUTH, MICO_ERR_FORMAT: the chip holds a chain that is not this station's. Errors are said. */
MICO_MUST_USE mico_err station_certify_chip(const struct station *station, const struct station_log *log,
                                            struct station_chip *chip, struct mico_manifest_entry *entry);

#endif

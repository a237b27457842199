/* SPDX-License-Identifier: Apache-2.0 */
/* What leaves the station: the signed manifest, and a report for people. */
#ifndef IDENTITY_FACTORY_EXPORT_H
#define IDENTITY_FACTORY_EXPORT_H

#include "identity/factory/station.h"

/** Write the manifest of all made devices to path, with path.sig and path.pem, and verify them as the cloud will. */
MICO_MUST_USE mico_err station_export(const struct station *station, const char *path, size_t *count);

/** A table of made devices on stdout, or JSON. */
MICO_MUST_USE mico_err station_report(const struct station *station, bool json);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* An accessory's database, as GET /accessories gives it (docs/PAIRING.md): where a value is. */
#ifndef PAIRING_CONTROLLER_DATABASE_H
#define PAIRING_CONTROLLER_DATABASE_H

#include <stdbool.h>

struct cJSON;

/** aid and iid of the first characteristic of a type ("25"; the accessory may write it short or in full). False, and
 * both untouched, when there is none whose ids are whole numbers from 1 on. */
bool mico_database_find(const struct cJSON *database, const char *type, int *aid, int *iid);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What an accessory is made of, as constant tables: services of characteristics, and the products MiCO ships. Every
 * accessory has aid 1, the accessory information service (iid 1), the product's own (from iid 8) and the protocol
 * information (iid 16). Facts: docs/PAIRING.md. */
#ifndef PAIRING_ACCESSORY_DATABASE_H
#define PAIRING_ACCESSORY_DATABASE_H

#include <stddef.h>
#include <stdint.h>

#define MICO_AID 1

enum mico_iid {
    MICO_IID_IDENTIFY = 2,
    MICO_IID_MANUFACTURER = 3,
    MICO_IID_MODEL = 4,
    MICO_IID_NAME = 5,
    MICO_IID_SERIAL = 6,
    MICO_IID_FIRMWARE = 7,
    MICO_IID_VERSION = 17,
    /* The products' own. */
    MICO_IID_LIGHT_ON = 9,
    MICO_IID_LOCK_CURRENT = 9,
    MICO_IID_LOCK_TARGET = 10,
};

enum mico_permission { MICO_PERM_READ = 1, MICO_PERM_WRITE = 2, MICO_PERM_EVENT = 4 };

enum mico_format { MICO_FORMAT_BOOL, MICO_FORMAT_UINT8, MICO_FORMAT_STRING };

struct mico_characteristic {
    uint16_t iid;
    uint8_t type;        /* the UUID's first part; all others are Apple's base */
    uint8_t format;      /* enum mico_format */
    uint8_t permissions; /* enum mico_permission bits */
    uint8_t max;         /* largest uint8 */
};

struct mico_service {
    uint16_t iid;
    uint8_t type;
    uint8_t count;
    const struct mico_characteristic *characteristics;
};

extern const struct mico_service mico_service_information;
extern const struct mico_service mico_service_protocol;
extern const struct mico_service mico_service_light; /* bulb: On */
extern const struct mico_service mico_service_lock;  /* lock mechanism: current and target state */

#define MICO_CATEGORY_LIGHT 5
#define MICO_CATEGORY_LOCK 6

#endif

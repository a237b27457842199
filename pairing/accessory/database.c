/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of database.h. */
#include "pairing/accessory/database.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define READ MICO_PERM_READ
#define WRITE MICO_PERM_WRITE
#define EVENT MICO_PERM_EVENT

static const struct mico_characteristic information[] = {
    {MICO_IID_IDENTIFY, 0x14, MICO_FORMAT_BOOL, WRITE, 1},
    {MICO_IID_MANUFACTURER, 0x20, MICO_FORMAT_STRING, READ, 0},
    {MICO_IID_MODEL, 0x21, MICO_FORMAT_STRING, READ, 0},
    {MICO_IID_NAME, 0x23, MICO_FORMAT_STRING, READ, 0},
    {MICO_IID_SERIAL, 0x30, MICO_FORMAT_STRING, READ, 0},
    {MICO_IID_FIRMWARE, 0x52, MICO_FORMAT_STRING, READ, 0},
};

static const struct mico_characteristic protocol[] = {
    {MICO_IID_VERSION, 0x37, MICO_FORMAT_STRING, READ, 0},
};

static const struct mico_characteristic light[] = {
    {MICO_IID_LIGHT_ON, 0x25, MICO_FORMAT_BOOL, READ | WRITE | EVENT, 1},
};

static const struct mico_characteristic lock[] = {
    {MICO_IID_LOCK_CURRENT, 0x1D, MICO_FORMAT_UINT8, READ | EVENT, 3},
    {MICO_IID_LOCK_TARGET, 0x1E, MICO_FORMAT_UINT8, READ | WRITE | EVENT, 1},
};

const struct mico_service mico_service_information = {1, 0x3E, COUNT(information), information};
const struct mico_service mico_service_protocol = {16, 0xA2, COUNT(protocol), protocol};
const struct mico_service mico_service_light = {8, 0x43, COUNT(light), light};
const struct mico_service mico_service_lock = {8, 0x45, COUNT(lock), lock};

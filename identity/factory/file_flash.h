/* SPDX-License-Identifier: Apache-2.0 */
/* A device's flash as a file: what the station writes before the flash is soldered on, or what an emulated board maps. */
#ifndef IDENTITY_FACTORY_FILE_FLASH_H
#define IDENTITY_FACTORY_FILE_FLASH_H

#include "os/port/flash.h"

#define STATION_FLASH_SIZE 0x1000000u /* 16 MiB, in sectors of 4 KiB */

struct station_flash {
    struct mico_flash flash; /* hand this to os/store */
    int fd;
};

/** Open the file at path, made and erased when there is none. Errors are said. */
MICO_MUST_USE mico_err station_flash_open(struct station_flash *rig, const char *path);
/** Everything written so far is on the disk. */
MICO_MUST_USE mico_err station_flash_sync(struct station_flash *rig);
void station_flash_close(struct station_flash *rig);

#endif

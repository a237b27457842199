/* SPDX-License-Identifier: Apache-2.0 */
/* NOR flash in a file: programming clears bits, erasing sets a sector. */
#include "identity/factory/file_flash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "identity/factory/files.h"
#include "identity/factory/say.h"

#define SECTOR 4096u

static int fd_of(const struct mico_flash *flash)
{
    return ((const struct station_flash *)flash->ctx)->fd;
}

static bool in_range(const struct mico_flash *flash, uint32_t address, size_t len)
{
    return address <= flash->size && len <= flash->size - address;
}

static mico_err flash_read(const struct mico_flash *flash, uint32_t address, void *out, size_t len)
{
    if (!in_range(flash, address, len)) {
        return MICO_ERR_PARAM;
    }
    return pread(fd_of(flash), out, len, address) == (ssize_t)len ? MICO_OK : MICO_ERR_IO;
}

static mico_err flash_program(const struct mico_flash *flash, uint32_t address, const void *data, size_t len)
{
    uint8_t cells[SECTOR];
    const uint8_t *from = data;
    if (!in_range(flash, address, len)) {
        return MICO_ERR_PARAM;
    }
    while (len > 0) {
        size_t part = len < sizeof cells ? len : sizeof cells;
        if (pread(fd_of(flash), cells, part, address) != (ssize_t)part) {
            return MICO_ERR_IO;
        }
        for (size_t i = 0; i < part; i++) {
            cells[i] &= from[i];
        }
        if (pwrite(fd_of(flash), cells, part, address) != (ssize_t)part) {
            return MICO_ERR_IO;
        }
        from += part;
        address += (uint32_t)part;
        len -= part;
    }
    return MICO_OK;
}

static mico_err flash_erase(const struct mico_flash *flash, uint32_t address, size_t len)
{
    uint8_t erased[SECTOR];
    memset(erased, 0xFF, sizeof erased);
    if (!in_range(flash, address, len) || address % SECTOR != 0 || len % SECTOR != 0) {
        return MICO_ERR_PARAM;
    }
    for (; len > 0; len -= SECTOR, address += SECTOR) {
        if (pwrite(fd_of(flash), erased, SECTOR, address) != (ssize_t)SECTOR) {
            return MICO_ERR_IO;
        }
    }
    return MICO_OK;
}

/* A new file gets its name when all of it is erased, so a crash leaves none or a whole one. */
static mico_err create_erased(const char *path)
{
    char beside[STATION_PATH_MAX];
    static uint8_t erased[SECTOR];
    memset(erased, 0xFF, sizeof erased);
    int n = snprintf(beside, sizeof beside, "%s.new", path);
    int fd = n < (int)sizeof beside ? open(beside, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    bool good = fd >= 0;
    for (uint32_t at = 0; good && at < STATION_FLASH_SIZE; at += SECTOR) {
        good = write(fd, erased, sizeof erased) == (ssize_t)sizeof erased;
    }
    good = good && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    if (!good || rename(beside, path) != 0) {
        return station_fail(MICO_ERR_IO, "check the path and the free space (16 MiB)", "cannot create the flash %s: %s", path,
                            strerror(errno));
    }
    return MICO_OK;
}

mico_err station_flash_open(struct station_flash *rig, const char *path)
{
    struct stat st;
    rig->fd = -1;
    if (stat(path, &st) != 0) {
        mico_err err = create_erased(path);
        if (err != MICO_OK) {
            return err;
        }
    } else if (!S_ISREG(st.st_mode) || st.st_size != (off_t)STATION_FLASH_SIZE) {
        return station_fail(MICO_ERR_PARAM, "give a flash of 16 MiB, or the name of a new file",
                            "%s is no flash: %lld bytes, not %u", path, (long long)st.st_size, STATION_FLASH_SIZE);
    }
    rig->fd = open(path, O_RDWR | O_CLOEXEC);
    if (rig->fd < 0) {
        return station_fail(MICO_ERR_IO, "check its permissions", "cannot open the flash %s: %s", path, strerror(errno));
    }
    rig->flash = (struct mico_flash){.size = STATION_FLASH_SIZE,
                                     .sector_size = SECTOR,
                                     .program_size = 1,
                                     .read = flash_read,
                                     .program = flash_program,
                                     .erase = flash_erase,
                                     .ctx = rig};
    return MICO_OK;
}

mico_err station_flash_sync(struct station_flash *rig)
{
    return fsync(rig->fd) == 0 ? MICO_OK : station_fail(MICO_ERR_IO, NULL, "cannot sync the flash: %s", strerror(errno));
}

void station_flash_close(struct station_flash *rig)
{
    if (rig->fd >= 0) {
        close(rig->fd);
    }
    rig->fd = -1;
}

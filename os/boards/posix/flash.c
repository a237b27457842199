/* SPDX-License-Identifier: Apache-2.0 */
/* A file that behaves as NOR flash; os/port/flash.h is the contract. */
#include "os/boards/posix/posix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 4096u

static struct mico_posix_flash the_flash;

static bool inside(const struct mico_flash *flash, uint32_t address, size_t len)
{
    return address <= flash->size && len <= flash->size - address;
}

static uint8_t *memory_of(const struct mico_flash *flash)
{
    return ((const struct mico_posix_flash *)flash->ctx)->memory;
}

static mico_err read_flash(const struct mico_flash *flash, uint32_t address, void *out, size_t len)
{
    if (!inside(flash, address, len)) {
        return MICO_ERR_PARAM;
    }
    memcpy(out, memory_of(flash) + address, len);
    return MICO_OK;
}

static mico_err program(const struct mico_flash *flash, uint32_t address, const void *data, size_t len)
{
    if (!inside(flash, address, len)) {
        return MICO_ERR_PARAM;
    }
    uint8_t *to = memory_of(flash) + address;
    for (size_t i = 0; i < len; i++) {
        to[i] &= ((const uint8_t *)data)[i];
    }
    return MICO_OK;
}

static mico_err erase(const struct mico_flash *flash, uint32_t address, size_t len)
{
    if (!inside(flash, address, len) || address % SECTOR != 0 || len % SECTOR != 0) {
        return MICO_ERR_PARAM;
    }
    memset(memory_of(flash) + address, 0xFF, len);
    return MICO_OK;
}

/* A new file becomes whole before it gets its name, so that a cut leaves none that is half erased. */
static mico_err create(const char *path)
{
    char temporary[4096];
    uint8_t sector[SECTOR];
    snprintf(temporary, sizeof temporary, "%.4000s.new", path);
    FILE *f = fopen(temporary, "wb");
    if (f == NULL) {
        return MICO_ERR_IO;
    }
    memset(sector, 0xFF, sizeof sector);
    bool good = true;
    for (uint32_t at = 0; at < MICO_POSIX_FLASH_SIZE && good; at += SECTOR) {
        good = fwrite(sector, sizeof sector, 1, f) == 1;
    }
    good = fclose(f) == 0 && good && rename(temporary, path) == 0;
    return good ? MICO_OK : MICO_ERR_IO;
}

mico_err mico_posix_flash_open(struct mico_posix_flash *flash, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && create(path) == MICO_OK) {
        fd = open(path, O_RDWR | O_CLOEXEC);
    }
    if (fd < 0 || fstat(fd, &st) != 0) {
        return MICO_ERR_IO;
    }
    if (st.st_size == 0 || st.st_size % SECTOR != 0 || st.st_size > 0x40000000) {
        close(fd);
        return MICO_ERR_SIZE;
    }
    void *memory = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        close(fd);
        return MICO_ERR_IO;
    }
    flash->memory = memory;
    flash->fd = fd;
    flash->flash = (struct mico_flash){(uint32_t)st.st_size, SECTOR, 1, read_flash, program, erase, flash};
    return MICO_OK;
}

mico_err mico_posix_flash_sync(const struct mico_posix_flash *flash)
{
    return msync(flash->memory, flash->flash.size, MS_SYNC) == 0 && fsync(flash->fd) == 0 ? MICO_OK : MICO_ERR_IO;
}

void mico_posix_flash_close(struct mico_posix_flash *flash)
{
    munmap(flash->memory, flash->flash.size);
    close(flash->fd);
    memset(flash, 0, sizeof *flash);
}

void mico_posix_board_flash(const char *path)
{
    mico_err err = mico_posix_flash_open(&the_flash, path);
    if (err != MICO_OK) {
        fprintf(stderr, "error: cannot use the flash file %s (%s)\n  try: another --flash, or remove the file\n", path,
                err == MICO_ERR_SIZE ? "its length is no multiple of 4096" : strerror(errno));
        exit(2);
    }
}

bool mico_board_has_flash(void)
{
    return the_flash.memory != NULL;
}

const struct mico_flash *mico_board_flash(void)
{
    if (the_flash.memory == NULL) {
        fprintf(stderr, "error: this board has no flash\n  try: --flash FILE\n");
        exit(2);
    }
    return &the_flash.flash;
}

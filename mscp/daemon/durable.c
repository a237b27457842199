/* SPDX-License-Identifier: Apache-2.0 */
/* Each write of the flash waits for the disk; see durable.h. */
#include "mscp/daemon/durable.h"

#include <stdint.h>
#include <sys/mman.h>

#define PAGE 4096u

static struct mico_posix_flash *file_of(const struct mico_flash *flash)
{
    return ((const struct mscpd_durable *)flash->ctx)->file;
}

static mico_err wait_for_disk(struct mico_posix_flash *file, uint32_t address, size_t len)
{
    uint32_t from = address / PAGE * PAGE;
    return msync(file->memory + from, address - from + len, MS_SYNC) == 0 ? MICO_OK : MICO_ERR_IO;
}

static mico_err read_flash(const struct mico_flash *flash, uint32_t address, void *out, size_t len)
{
    const struct mico_flash *below = &file_of(flash)->flash;
    return below->read(below, address, out, len);
}

static mico_err program(const struct mico_flash *flash, uint32_t address, const void *data, size_t len)
{
    const struct mico_flash *below = &file_of(flash)->flash;
    mico_err err = below->program(below, address, data, len);
    return err != MICO_OK ? err : wait_for_disk(file_of(flash), address, len);
}

static mico_err erase(const struct mico_flash *flash, uint32_t address, size_t len)
{
    const struct mico_flash *below = &file_of(flash)->flash;
    mico_err err = below->erase(below, address, len);
    return err != MICO_OK ? err : wait_for_disk(file_of(flash), address, len);
}

void mscpd_durable_open(struct mscpd_durable *durable, struct mico_posix_flash *file)
{
    *durable = (struct mscpd_durable){.file = file};
    durable->flash = (struct mico_flash){
        file->flash.size, file->flash.sector_size, file->flash.program_size, read_flash, program, erase, durable};
}

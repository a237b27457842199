/* SPDX-License-Identifier: Apache-2.0 */
/* See anchor.h. The file is 8 bytes, little-endian: inside one sector of any disk, so that it is written whole or not. */
#include "mscp/daemon/anchor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.h"

#define SIZE 8

static uint8_t *anchor;
static bool waits;

bool mscpd_anchor_open(const char *path, bool survive_power)
{
    waits = survive_power;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    off_t size = fd >= 0 ? lseek(fd, 0, SEEK_END) : -1;
    if (fd >= 0 && (size == SIZE || (size == 0 && ftruncate(fd, SIZE) == 0))) {
        void *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        anchor = memory != MAP_FAILED ? memory : NULL;
    }
    if (anchor == NULL) {
        fprintf(stderr, "error: --anchor: cannot use %s (%s)\n  try: a file of %d bytes, or one that does not exist\n",
                path, size > 0 && size != SIZE ? "it has another length" : strerror(errno), SIZE);
    }
    if (fd >= 0) {
        close(fd); /* the mapping stays */
    }
    return anchor != NULL;
}

mico_err mscpd_anchor_read(void *ctx, uint64_t *value)
{
    *value = mico_load_le64(anchor);
    return MICO_OK;
}

mico_err mscpd_anchor_raise(void *ctx, uint64_t to)
{
    mico_store_le64(anchor, to);
    return !waits || msync(anchor, SIZE, MS_SYNC) == 0 ? MICO_OK : MICO_ERR_IO;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's flash file, on the disk when an operation returns. A mapped file alone survives the process, not the
 * machine: the kernel writes its pages later and in any order, where the store counts on theirs. */
#ifndef MSCP_DAEMON_DURABLE_H
#define MSCP_DAEMON_DURABLE_H

#include "os/boards/posix/posix.h"

struct mscpd_durable {
    struct mico_flash flash; /* give this to the chip */
    struct mico_posix_flash *file;
};

/** Wrap file, which must stay; every program and erase then waits for the disk. MICO_ERR_IO when the disk fails, which
 * stops the chip from writing on (status STORAGE). */
void mscpd_durable_open(struct mscpd_durable *durable, struct mico_posix_flash *file);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's anchor in a file of its own. It tells most where whoever can put the flash file back cannot write: another disk, a
 * folder of root's, a network file system. */
#ifndef MSCP_DAEMON_ANCHOR_H
#define MSCP_DAEMON_ANCHOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/** Map the file at path, made when it does not exist; false, and said, when it cannot be used. Before the sandbox. With
 * survive_power a number that is raised is on the disk when the call returns; without, it outlives the process only, as the
 * flash then does: it must not come ahead of it. */
bool mscpd_anchor_open(const char *path, bool survive_power);

/* For struct mscp_chip_platform; ctx is not used. */
mico_err mscpd_anchor_read(void *ctx, uint64_t *value);
mico_err mscpd_anchor_raise(void *ctx, uint64_t to);

#endif

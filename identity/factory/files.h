/* SPDX-License-Identifier: Apache-2.0 */
/* Files that survive a crash: replaced whole, or appended with a sync. Errors are said where they arise. */
#ifndef IDENTITY_FACTORY_FILES_H
#define IDENTITY_FACTORY_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

#define STATION_PATH_MAX 4096

/** dir/name into out. MICO_ERR_SIZE when it does not fit. */
MICO_MUST_USE mico_err station_path(char out[STATION_PATH_MAX], const char *dir, const char *name);

/** The whole file with a NUL after it, on the heap. *found false (text NULL) when there is none. */
MICO_MUST_USE mico_err station_read_file(const char *path, char **text, size_t *len, bool *found);

/** Replace path by data: written beside it, synced, renamed, directory synced. */
MICO_MUST_USE mico_err station_write_file(const char *path, const void *data, size_t len, mode_t mode);

/** Add data at the end of path in one write, synced. */
MICO_MUST_USE mico_err station_append_file(const char *path, const void *data, size_t len, mode_t mode);

/** Make the directory unless it is there. */
MICO_MUST_USE mico_err station_make_dir(const char *path, mode_t mode);

#define STATION_GONE ".gone" /* a file on its way out has this behind its name; a crash may leave it */

/** Remove a file that held a secret: renamed, so that it is there whole or not at all, then overwritten, then unlinked.
 * One that is not there is no error. */
MICO_MUST_USE mico_err station_remove_secret(const char *path);

#endif

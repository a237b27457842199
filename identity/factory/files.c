/* SPDX-License-Identifier: Apache-2.0 */
/* Files that survive a crash. */
#include "identity/factory/files.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "identity/factory/say.h"

mico_err station_path(char out[STATION_PATH_MAX], const char *dir, const char *name)
{
    int len = snprintf(out, STATION_PATH_MAX, "%s/%s", dir, name);
    if (len < 0 || len >= STATION_PATH_MAX) {
        return station_fail(MICO_ERR_SIZE, NULL, "path too long: %s/%s", dir, name);
    }
    return MICO_OK;
}

static mico_err fail_errno(const char *what, const char *path)
{
    return station_fail(MICO_ERR_IO, "check the path, its permissions and the free space", "%s %s: %s", what, path,
                        strerror(errno));
}

mico_err station_read_file(const char *path, char **text, size_t *len, bool *found)
{
    *text = NULL;
    *len = 0;
    *found = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? MICO_OK : fail_errno("cannot open", path);
    }
    struct stat st;
    char *data = NULL;
    mico_err err = MICO_OK;
    size_t have = 0;
    if (fstat(fd, &st) != 0) {
        err = fail_errno("cannot read", path);
    } else if (!S_ISREG(st.st_mode)) {
        err = station_fail(MICO_ERR_IO, "name a file", "%s is no regular file", path);
    } else if ((data = malloc((size_t)st.st_size + 1)) == NULL) {
        err = fail_errno("cannot read", path);
    }
    while (err == MICO_OK && have < (size_t)st.st_size) {
        ssize_t n = read(fd, data + have, (size_t)st.st_size - have);
        if (n > 0) {
            have += (size_t)n;
        } else if (n == 0) {
            err = station_fail(MICO_ERR_IO, "run the same command again", "%s became shorter while it was read", path);
        } else if (errno != EINTR) {
            err = fail_errno("cannot read", path);
        }
    }
    close(fd);
    if (err != MICO_OK) {
        free(data);
        return err;
    }
    data[have] = '\0';
    *text = data;
    *len = have;
    *found = true;
    return MICO_OK;
}

/* All of data, then a sync, then closed. */
static mico_err write_and_close(int fd, const char *path, const void *data, size_t len)
{
    const char *at = data;
    while (len > 0) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            mico_err err = fail_errno("cannot write", path);
            close(fd);
            return err;
        }
        at += n;
        len -= (size_t)n;
    }
    bool synced = fsync(fd) == 0;
    return close(fd) == 0 && synced ? MICO_OK : fail_errno("cannot sync", path);
}

static mico_err sync_directory_of(const char *path)
{
    char copy[STATION_PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return fail_errno("cannot open the directory of", path);
    }
    bool synced = fsync(fd) == 0;
    close(fd);
    return synced ? MICO_OK : fail_errno("cannot sync the directory of", path);
}

mico_err station_write_file(const char *path, const void *data, size_t len, mode_t mode)
{
    char beside[STATION_PATH_MAX];
    int n = snprintf(beside, sizeof beside, "%s.new", path);
    if (n < 0 || (size_t)n >= sizeof beside) {
        return station_fail(MICO_ERR_SIZE, NULL, "path too long: %s", path);
    }
    unlink(beside); /* left by a crash, perhaps with another mode */
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0) {
        return fail_errno("cannot create", beside);
    }
    mico_err err = write_and_close(fd, beside, data, len);
    if (err == MICO_OK && rename(beside, path) != 0) {
        err = fail_errno("cannot replace", path);
    }
    if (err != MICO_OK) {
        unlink(beside); /* it may hold a secret */
        return err;
    }
    return sync_directory_of(path);
}

mico_err station_append_file(const char *path, const void *data, size_t len, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode);
    if (fd < 0) {
        return fail_errno("cannot open", path);
    }
    mico_err err = write_and_close(fd, path, data, len);
    return err == MICO_OK ? sync_directory_of(path) : err;
}

mico_err station_make_dir(const char *path, mode_t mode)
{
    if (mkdir(path, mode) != 0 && errno != EEXIST) {
        return fail_errno("cannot make the directory", path);
    }
    return MICO_OK;
}

static mico_err overwrite(const char *path)
{
    struct stat st;
    static const char zeros[4096];
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return fail_errno("cannot open", path);
    }
    if (fstat(fd, &st) == 0 && st.st_size <= (off_t)sizeof zeros) {
        return write_and_close(fd, path, zeros, (size_t)st.st_size);
    }
    close(fd);
    return MICO_OK;
}

mico_err station_remove_secret(const char *path)
{
    char gone[STATION_PATH_MAX];
    int n = snprintf(gone, sizeof gone, "%s" STATION_GONE, path);
    if (n < 0 || (size_t)n >= sizeof gone) {
        return station_fail(MICO_ERR_SIZE, NULL, "path too long: %s", path);
    }
    if (rename(path, gone) != 0) {
        return errno == ENOENT ? MICO_OK : fail_errno("cannot rename", path);
    }
    mico_err err = overwrite(gone);
    if (err == MICO_OK && unlink(gone) != 0) {
        err = fail_errno("cannot remove", gone);
    }
    return err == MICO_OK ? sync_directory_of(path) : err;
}

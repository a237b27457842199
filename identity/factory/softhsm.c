/* SPDX-License-Identifier: Apache-2.0 */
/* SoftHSM2's tokens: a directory of directories of small files. */
#include "identity/factory/softhsm.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "identity/factory/files.h"
#include "identity/factory/say.h"

/* No sync: the copy is worth nothing after a crash. */
static mico_err copy_file(const char *from, const char *to)
{
    char *data;
    size_t len;
    bool found;
    mico_err err = station_read_file(from, &data, &len, &found);
    if (err != MICO_OK) {
        return err;
    }
    FILE *file = found ? fopen(to, "wb") : NULL;
    bool good = file != NULL && (len == 0 || fwrite(data, len, 1, file) == 1);
    good = file != NULL && fclose(file) == 0 && good;
    free(data);
    return good ? MICO_OK : station_fail(MICO_ERR_IO, "check the free space", "cannot copy %s to %s", from, to);
}

/* Call each(from/name, to/name) for all that does not begin with a dot. */
static mico_err for_each(const char *from, const char *to, mico_err (*each)(const char *from, const char *to))
{
    DIR *dir = opendir(from);
    if (dir == NULL) {
        return station_fail(MICO_ERR_IO, "bring the directory back from a copy", "cannot read %s", from);
    }
    mico_err err = MICO_OK;
    for (const struct dirent *item = readdir(dir); item != NULL && err == MICO_OK; item = readdir(dir)) {
        char source[STATION_PATH_MAX], target[STATION_PATH_MAX];
        if (item->d_name[0] == '.') {
            continue;
        }
        err = station_path(source, from, item->d_name);
        if (err == MICO_OK) {
            err = station_path(target, to, item->d_name);
        }
        if (err == MICO_OK) {
            err = each(source, target);
        }
    }
    closedir(dir);
    return err;
}

static mico_err copy_token(const char *from, const char *to)
{
    mico_err err = station_make_dir(to, 0700);
    return err == MICO_OK ? for_each(from, to, copy_file) : err;
}

/* The configuration names the directory absolutely; it is written anew each time, so that DIR may be moved. */
static mico_err configure(const char *dir, const char *tokens)
{
    char path[STATION_PATH_MAX], absolute[STATION_PATH_MAX], text[STATION_PATH_MAX + 128];
    if (realpath(tokens, absolute) == NULL) {
        return station_fail(MICO_ERR_IO, "give --dir a directory that exists", "cannot resolve %s", tokens);
    }
    int len = snprintf(text, sizeof text, "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n",
                       absolute);
    mico_err err = station_path(path, dir, "softhsm2.conf");
    if (err == MICO_OK) {
        err = station_write_file(path, text, (size_t)len, 0600);
    }
    if (err == MICO_OK && setenv("SOFTHSM2_CONF", path, 1) != 0) {
        err = station_fail(MICO_ERR_FULL, NULL, "no memory for the environment");
    }
    return err;
}

mico_err station_softhsm_use(const char *dir, bool copy)
{
    char tokens[STATION_PATH_MAX], work[STATION_PATH_MAX];
    mico_err err = station_path(tokens, dir, "tokens");
    if (err == MICO_OK) {
        err = station_path(work, dir, "tokens.work");
    }
    if (err == MICO_OK) {
        err = station_make_dir(copy ? work : tokens, 0700);
    }
    if (err == MICO_OK && copy) {
        err = for_each(tokens, work, copy_token);
    }
    return err == MICO_OK ? configure(dir, copy ? work : tokens) : err;
}

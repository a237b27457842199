/* SPDX-License-Identifier: Apache-2.0 */
/* The controller's state file; see state.h. */
#include "pairing/controller/state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#define FILE_MAX (1024 * 1024)

static mico_err import_seed(struct mico_client_self *self, const uint8_t seed[32])
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_bits(&attributes, 255);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    size_t len;
    bool fine = psa_import_key(&attributes, seed, 32, &self->key) == PSA_SUCCESS &&
                psa_export_public_key(self->key, self->public_key, sizeof self->public_key, &len) == PSA_SUCCESS;
    return fine ? MICO_OK : MICO_ERR_CRYPTO;
}

/* A random UUID (RFC 9562, version 4), upper case as HomeKit's controllers write it. */
static mico_err make_uuid(char out[37])
{
    uint8_t b[16];
    mico_err err = mico_hap_random(b, sizeof b);
    if (err == MICO_OK) {
        b[6] = (uint8_t)((b[6] & 0x0F) | 0x40);
        b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
        (void)snprintf(out, 37, "%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X", b[0], b[1],
                       b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    }
    return err;
}

static mico_err make_new(struct mico_state *state)
{
    uint8_t seed[32];
    char hex[65];
    mico_err err = make_uuid(state->self.id);
    if (err == MICO_OK) {
        err = mico_hap_random(seed, sizeof seed);
    }
    if (err == MICO_OK) {
        err = import_seed(&state->self, seed);
    }
    if (err == MICO_OK) {
        mico_hex(seed, sizeof seed, hex);
        state->root = cJSON_CreateObject();
        (void)cJSON_AddStringToObject(state->root, "id", state->self.id);
        (void)cJSON_AddStringToObject(state->root, "private_key", hex);
        (void)cJSON_AddArrayToObject(state->root, "accessories");
    }
    mico_wipe(seed, sizeof seed);
    mico_wipe(hex, sizeof hex);
    return err;
}

static const char *string_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static mico_err take(struct mico_state *state, const char *text)
{
    uint8_t seed[32];
    state->root = cJSON_Parse(text);
    const char *id = string_of(state->root, "id");
    const char *key = string_of(state->root, "private_key");
    if (id == NULL || id[0] == '\0' || strlen(id) > MICO_HAP_ID_MAX || key == NULL ||
        mico_unhex(key, seed, sizeof seed) != MICO_OK ||
        !cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(state->root, "accessories"))) {
        mico_wipe(seed, sizeof seed);
        return MICO_ERR_FORMAT;
    }
    (void)snprintf(state->self.id, sizeof state->self.id, "%s", id);
    mico_err err = import_seed(&state->self, seed);
    mico_wipe(seed, sizeof seed);
    return err;
}

static mico_err take_lock(struct mico_state *state)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s.lock", state->path) >= (int)sizeof path) {
        return MICO_ERR_IO;
    }
    state->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    return state->lock >= 0 && flock(state->lock, LOCK_EX) == 0 ? MICO_OK : MICO_ERR_IO;
}

static mico_err read_file(struct mico_state *state, const char **why)
{
    *why = "it cannot be read";
    FILE *file = fopen(state->path, "r");
    if (file == NULL) {
        return errno == ENOENT ? make_new(state) : MICO_ERR_IO;
    }
    char *text = calloc(1, FILE_MAX + 1);
    size_t len = text != NULL ? fread(text, 1, FILE_MAX, file) : 0;
    bool whole = text != NULL && len < FILE_MAX && ferror(file) == 0;
    (void)fclose(file);
    mico_err err = whole ? take(state, text) : MICO_ERR_IO;
    if (err == MICO_ERR_FORMAT) {
        *why = "it is no state file of mico-controller";
    }
    if (text != NULL) {
        mico_wipe(text, len);
    }
    free(text);
    return err;
}

mico_err mico_state_open(struct mico_state *state, const char *path, bool to_change, const char **why)
{
    memset(state, 0, sizeof *state);
    state->path = path;
    state->lock = -1;
    *why = "its .lock cannot be made beside it: is the folder there, and may you write in it?";
    mico_err err = to_change ? take_lock(state) : MICO_OK;
    if (err == MICO_OK) {
        err = read_file(state, why);
    }
    if (err != MICO_OK) {
        mico_state_close(state);
    }
    return err;
}

void mico_state_close(struct mico_state *state)
{
    const char *key = string_of(state->root, "private_key");
    if (key != NULL) {
        mico_wipe((void *)(uintptr_t)key, strlen(key));
    }
    cJSON_Delete(state->root);
    (void)psa_destroy_key(state->self.key);
    if (state->lock >= 0) {
        (void)close(state->lock);
    }
    memset(state, 0, sizeof *state);
    state->lock = -1;
}

static bool write_all(int fd, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t done = write(fd, text, left);
        if (done < 0 && errno != EINTR) {
            return false;
        }
        text += done > 0 ? done : 0;
        left -= done > 0 ? (size_t)done : 0;
    }
    return fsync(fd) == 0;
}

/* The rename itself is on disk only when the folder is. */
static void sync_folder(const char *path)
{
    char folder[PATH_MAX];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash != NULL) {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    int fd = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

mico_err mico_state_save(struct mico_state *state)
{
    char beside[PATH_MAX];
    if (snprintf(beside, sizeof beside, "%s.new-%ld", state->path, (long)getpid()) >= (int)sizeof beside) {
        return MICO_ERR_IO;
    }
    char *text = cJSON_Print(state->root);
    int fd = text != NULL ? open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR) : -1;
    bool fine = fd >= 0 && write_all(fd, text);
    if (fd >= 0) {
        fine = close(fd) == 0 && fine;
        fine = fine && rename(beside, state->path) == 0;
        if (!fine) {
            (void)unlink(beside);
        }
    }
    if (text != NULL) {
        mico_wipe(text, strlen(text));
    }
    cJSON_free(text);
    if (fine) {
        sync_folder(state->path);
    }
    return fine ? MICO_OK : MICO_ERR_IO;
}

static cJSON *accessories(const struct mico_state *state)
{
    return cJSON_GetObjectItemCaseSensitive(state->root, "accessories");
}

int mico_state_count(const struct mico_state *state)
{
    return cJSON_GetArraySize(accessories(state));
}

mico_err mico_state_get(const struct mico_state *state, int index, struct mico_client_peer *peer, const char **address)
{
    const cJSON *entry = cJSON_GetArrayItem(accessories(state), index);
    const char *id = string_of(entry, "id");
    const char *key = string_of(entry, "public_key");
    memset(peer, 0, sizeof *peer);
    *address = string_of(entry, "address");
    if (id == NULL || strlen(id) > MICO_HAP_ID_MAX || key == NULL || *address == NULL ||
        mico_unhex(key, peer->public_key, sizeof peer->public_key) != MICO_OK) {
        return MICO_ERR_FORMAT;
    }
    (void)snprintf(peer->id, sizeof peer->id, "%s", id);
    peer->certified = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "certified"));
    return MICO_OK;
}

int mico_state_find(const struct mico_state *state, const char *id)
{
    int count = mico_state_count(state);
    if (id == NULL) {
        return count == 1 ? 0 : -1;
    }
    for (int i = 0; i < count; i++) {
        const char *other = string_of(cJSON_GetArrayItem(accessories(state), i), "id");
        if (other != NULL && strcmp(other, id) == 0) {
            return i;
        }
    }
    return -1;
}

void mico_state_put(struct mico_state *state, const struct mico_client_peer *peer, const char *address)
{
    char hex[65];
    int before = mico_state_find(state, peer->id);
    if (before >= 0) {
        mico_state_remove(state, before);
    }
    mico_hex(peer->public_key, sizeof peer->public_key, hex);
    cJSON *entry = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(entry, "id", peer->id);
    (void)cJSON_AddStringToObject(entry, "public_key", hex);
    (void)cJSON_AddBoolToObject(entry, "certified", peer->certified);
    (void)cJSON_AddStringToObject(entry, "address", address);
    (void)cJSON_AddItemToArray(accessories(state), entry);
}

void mico_state_remove(struct mico_state *state, int index)
{
    cJSON_DeleteItemFromArray(accessories(state), index);
}

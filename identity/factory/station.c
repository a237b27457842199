/* SPDX-License-Identifier: Apache-2.0 */
/* A station's directory. */
#include "identity/factory/station.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "identity/factory/ca.h"
#include "identity/factory/hsm.h"
#include "identity/factory/say.h"

static mico_err write_certificate(const char *dir, const char *name, gnutls_x509_crt_t certificate)
{
    char path[STATION_PATH_MAX];
    mico_err err = station_path(path, dir, name);
    return err == MICO_OK ? station_write_certificates(path, &certificate, 1) : err;
}

/* Certify the key of token `name`, by the key of token `by` and its certificate (NULL: by itself). */
static mico_err make_ca(const char *dir, const char *maker, enum station_kind kind, const char *name, const char *by,
                        gnutls_x509_crt_t issuer, gnutls_x509_crt_t *out)
{
    gnutls_privkey_t own = NULL, signer = NULL;
    gnutls_pubkey_t public_key = NULL;
    char common_name[STATION_MAKER_MAX + 16], file[32];
    snprintf(common_name, sizeof common_name, "%s %s CA", maker, name);
    snprintf(file, sizeof file, "%s.pem", name);
    mico_err err = station_hsm_key(dir, name, &own);
    if (err == MICO_OK) {
        err = station_hsm_key(dir, by, &signer);
    }
    if (err == MICO_OK) {
        err = station_public_of(own, &public_key);
    }
    if (err == MICO_OK) {
        const struct station_request request = {
            .kind = kind, .common_name = common_name, .organization = maker, .key = public_key};
        err = station_certify(&request, issuer, signer, out);
    }
    if (err == MICO_OK) {
        err = write_certificate(dir, file, *out);
    }
    gnutls_pubkey_deinit(public_key);
    gnutls_privkey_deinit(own);
    gnutls_privkey_deinit(signer);
    return err;
}

static mico_err write_config(const char *dir, const char *maker, const char *module)
{
    char path[STATION_PATH_MAX];
    cJSON *json = cJSON_CreateObject();
    bool good = cJSON_AddNumberToObject(json, "version", 1) != NULL &&
                cJSON_AddStringToObject(json, "maker", maker) != NULL &&
                cJSON_AddStringToObject(json, "module", module != NULL ? module : "") != NULL;
    char *text = good ? cJSON_Print(json) : NULL;
    cJSON_Delete(json);
    mico_err err =
        text == NULL ? station_fail(MICO_ERR_FULL, NULL, "no memory") : station_path(path, dir, "station.json");
    if (err == MICO_OK) {
        err = station_write_file(path, text, strlen(text), 0644);
    }
    cJSON_free(text);
    return err;
}

static mico_err make_keys_and_cas(const char *dir, const char *maker, const char *module)
{
    gnutls_x509_crt_t root = NULL, issuing = NULL;
    mico_err err = station_hsm_generate(dir, module, "root");
    if (err == MICO_OK) {
        err = station_hsm_generate(dir, module, "issuing");
    }
    if (err == MICO_OK) {
        err = station_hsm_open(dir, module);
    }
    if (err != MICO_OK) {
        return err;
    }
    err = make_ca(dir, maker, STATION_ROOT, "root", "root", NULL, &root);
    if (err == MICO_OK) {
        err = make_ca(dir, maker, STATION_ISSUING, "issuing", "root", root, &issuing);
    }
    gnutls_x509_crt_deinit(root);
    gnutls_x509_crt_deinit(issuing);
    station_hsm_close();
    return err;
}

/* Empty, or not there: anything else could be another station, or what an interrupted init left. */
static mico_err check_unused(const char *dir)
{
    char path[STATION_PATH_MAX];
    static const char *const names[] = {"station.json", "tokens", "root.pin", "issuing.pin", "log.jsonl"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        mico_err err = station_path(path, dir, names[i]);
        if (err != MICO_OK) {
            return err;
        }
        if (access(path, F_OK) == 0) {
            return station_fail(MICO_ERR_STATE,
                                i == 0 ? "another --dir" : "an init was cut off here: remove the directory and repeat",
                                "%s is there already", path);
        }
    }
    return MICO_OK;
}

mico_err station_init(const char *dir, const char *maker, const char *module)
{
    char path[STATION_PATH_MAX];
    if (strlen(maker) < 1 || strlen(maker) > STATION_MAKER_MAX - sizeof " issuing CA" + 1) {
        return station_fail(MICO_ERR_PARAM, "a shorter --maker", "the maker's name must have 1 to %zu characters",
                            STATION_MAKER_MAX - sizeof " issuing CA" + 1);
    }
    mico_err err = check_unused(dir);
    if (err == MICO_OK) {
        err = station_make_dir(dir, 0700);
    }
    if (err == MICO_OK) {
        err = station_path(path, dir, "pending");
    }
    if (err == MICO_OK) {
        err = station_make_dir(path, 0700);
    }
    if (err == MICO_OK) {
        err = make_keys_and_cas(dir, maker, module);
    }
    return err == MICO_OK ? write_config(dir, maker, module) : err;
}

static mico_err parse_config(struct station *station, const char *path, const char *text)
{
    cJSON *json = cJSON_Parse(text);
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(json, "version");
    const char *maker = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "maker"));
    const char *module = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "module"));
    bool good = cJSON_IsNumber(version) && version->valuedouble == 1 && maker != NULL && module != NULL &&
                strlen(maker) >= 1 && strlen(maker) < sizeof station->maker && strlen(module) < sizeof station->module;
    if (good) {
        memcpy(station->maker, maker, strlen(maker) + 1);
        memcpy(station->module, module, strlen(module) + 1);
    }
    cJSON_Delete(json);
    return good ? MICO_OK
                : station_fail(MICO_ERR_FORMAT, "bring the file back from a copy",
                               "%s: not version 1 with maker and module", path);
}

static mico_err load_config(struct station *station)
{
    char path[STATION_PATH_MAX], *text;
    size_t len;
    bool found;
    mico_err err = station_path(path, station->dir, "station.json");
    if (err == MICO_OK) {
        err = station_read_file(path, &text, &len, &found);
    }
    if (err != MICO_OK) {
        return err;
    }
    if (!found) {
        return station_fail(MICO_ERR_STATE, "mico-station init --dir DIR", "%s is no station: %s is missing",
                            station->dir, path);
    }
    err = parse_config(station, path, text);
    free(text);
    return err;
}

static mico_err take_lock(struct station *station)
{
    char path[STATION_PATH_MAX];
    mico_err err = station_path(path, station->dir, "lock");
    if (err != MICO_OK) {
        return err;
    }
    station->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (station->lock < 0 || flock(station->lock, LOCK_EX) != 0) {
        return station_fail(MICO_ERR_IO, NULL, "cannot lock %s: %s", path, strerror(errno));
    }
    return MICO_OK;
}

mico_err station_open(struct station *station, const char *dir, bool hsm)
{
    char path[STATION_PATH_MAX];
    *station = (struct station){.lock = -1};
    int len = snprintf(station->dir, sizeof station->dir, "%s", dir);
    mico_err err = len < (int)sizeof station->dir ? load_config(station)
                                                  : station_fail(MICO_ERR_SIZE, NULL, "path too long: %s", dir);
    if (err == MICO_OK) {
        err = take_lock(station);
    }
    if (err == MICO_OK) {
        err = station_path(path, dir, "root.pem");
    }
    if (err == MICO_OK) {
        err = station_read_certificate(path, &station->root);
    }
    if (err == MICO_OK) {
        err = station_path(path, dir, "issuing.pem");
    }
    if (err == MICO_OK) {
        err = station_read_certificate(path, &station->issuing);
    }
    if (err == MICO_OK && hsm) {
        err = station_hsm_open(dir, station->module);
    }
    if (err != MICO_OK) {
        station_close(station);
    }
    return err;
}

void station_close(struct station *station)
{
    gnutls_x509_crt_deinit(station->root);
    gnutls_x509_crt_deinit(station->issuing);
    station->root = station->issuing = NULL;
    if (station->lock >= 0) {
        close(station->lock);
        station->lock = -1;
    }
    station_hsm_close();
}

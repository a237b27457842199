/* SPDX-License-Identifier: Apache-2.0 */
/* The cloud's CA. Plain files: the cloud's operator keeps root.key off the server. */
#include "identity/factory/cloud_ca.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "identity/factory/ca.h"
#include "identity/factory/files.h"
#include "identity/factory/say.h"

#define COMMON_NAME_MAX 64 /* RFC 5280, ub-common-name */

struct pair {
    gnutls_privkey_t key;
    gnutls_x509_crt_t certificate;
};

static void pair_free(struct pair *pair)
{
    gnutls_privkey_deinit(pair->key);
    gnutls_x509_crt_deinit(pair->certificate);
}

static mico_err write_pair(const char *dir, const char *name, const struct pair *pair)
{
    char path[STATION_PATH_MAX], file[256];
    snprintf(file, sizeof file, "%s.key", name);
    mico_err err = station_path(path, dir, file);
    if (err == MICO_OK) {
        err = station_write_key(path, pair->key);
    }
    if (err == MICO_OK) {
        snprintf(file, sizeof file, "%s.pem", name);
        err = station_path(path, dir, file);
    }
    return err == MICO_OK ? station_write_certificates(path, &pair->certificate, 1) : err;
}

/* A fresh key, certified by issuer (NULL: by itself) and written as `name`. */
static mico_err make_pair(const char *dir, const char *name, struct station_request request, bool p256,
                          const struct pair *issuer, struct pair *pair)
{
    *pair = (struct pair){NULL, NULL};
    mico_err err = station_soft_key(p256, &pair->key);
    if (err == MICO_OK) {
        err = station_public_of(pair->key, &request.key);
    }
    if (err == MICO_OK) {
        err = station_certify(&request, issuer != NULL ? issuer->certificate : NULL,
                              issuer != NULL ? issuer->key : pair->key, &pair->certificate);
        gnutls_pubkey_deinit(request.key);
    }
    return err == MICO_OK ? write_pair(dir, name, pair) : err;
}

/* A name is a file's and a certificate's: of plain characters, as short as X.509 wants a common name, and no other's. */
static bool name_is_good(const char *const *operators, const char *const *name)
{
    static const char *const taken[] = {"root", "server", "service"};
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    size_t len = strlen(*name);
    bool good = len >= 1 && len <= COMMON_NAME_MAX && strspn(*name, plain) == len && (*name)[0] != '.';
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        good = good && strcmp(*name, taken[i]) != 0;
    }
    for (const char *const *earlier = operators; earlier < name; earlier++) {
        good = good && strcmp(*name, *earlier) != 0;
    }
    return good;
}

static mico_err check_operators(const char *const *operators)
{
    for (const char *const *name = operators; *name != NULL; name++) {
        if (!name_is_good(operators, name)) {
            return station_fail(
                MICO_ERR_PARAM,
                "1 to 64 letters, digits, '-', '_' and '.', each name once; not root, server or service",
                "--operator '%s' cannot be the name of a certificate and its files", *name);
        }
    }
    return MICO_OK;
}

mico_err station_cloud_ca(const struct station_cloud_order *order)
{
    char path[STATION_PATH_MAX];
    struct pair root = {NULL, NULL}, leaf;
    mico_err err = check_operators(order->operators);
    if (err == MICO_OK) {
        err = station_make_dir(order->out, 0755);
    }
    if (err == MICO_OK) {
        err = station_path(path, order->out, "root.key");
    }
    if (err == MICO_OK && access(path, F_OK) == 0) {
        err = station_fail(MICO_ERR_STATE, "another --out; or remove it, if a cloud-ca was cut off there",
                           "%s is there already", path);
    }
    if (err != MICO_OK) {
        return err;
    }
    err = make_pair(order->out, "root",
                    (struct station_request){.kind = STATION_CLOUD_ROOT, .common_name = "MiCO cloud root"}, false, NULL,
                    &root);
    if (err == MICO_OK) {
        err = make_pair(order->out, "server",
                        (struct station_request){
                            .kind = STATION_SERVER, .common_name = order->dns[0], .dns = order->dns, .ip = order->ip},
                        order->p256, &root, &leaf);
        pair_free(&leaf);
    }
    if (err == MICO_OK) {
        err = make_pair(order->out, "service",
                        (struct station_request){.kind = STATION_OPERATOR, .common_name = STATION_SERVICE_NAME}, false,
                        &root, &leaf);
        pair_free(&leaf);
    }
    for (const char *const *name = order->operators; err == MICO_OK && *name != NULL; name++) {
        err = make_pair(order->out, *name, (struct station_request){.kind = STATION_OPERATOR, .common_name = *name},
                        false, &root, &leaf);
        pair_free(&leaf);
    }
    pair_free(&root);
    return err;
}

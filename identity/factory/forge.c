/* SPDX-License-Identifier: Apache-2.0 */
/* mico-forge: what an attacker without the maker's keys can make, for the demo and the tests. A CA that bears the
 * maker's names, and under it a certificate with the wanted device id, over a key of the attacker's own. A cloud must
 * refuse it. */
#include <stdio.h>
#include <string.h>

#include "identity/factory/ca.h"
#include "identity/factory/files.h"
#include "identity/factory/say.h"

struct forgery {
    const char *out, *device_id, *maker, *serial;
    gnutls_privkey_t root_key, issuing_key, device_key;
    gnutls_x509_crt_t root, issuing, device;
};

static mico_err forge_one(struct station_request request, gnutls_x509_crt_t issuer, gnutls_privkey_t issuer_key,
                          gnutls_privkey_t *key, gnutls_x509_crt_t *out)
{
    mico_err err = station_soft_key(false, key);
    if (err == MICO_OK) {
        err = station_public_of(*key, &request.key);
    }
    if (err == MICO_OK) {
        err = station_certify(&request, issuer, issuer_key != NULL ? issuer_key : *key, out);
    }
    gnutls_pubkey_deinit(request.key);
    return err;
}

static mico_err forge(struct forgery *f)
{
    char root_name[128], issuing_name[128];
    snprintf(root_name, sizeof root_name, "%s root CA", f->maker);
    snprintf(issuing_name, sizeof issuing_name, "%s issuing CA", f->maker);
    mico_err err =
        forge_one((struct station_request){.kind = STATION_ROOT, .common_name = root_name, .organization = f->maker},
                  NULL, NULL, &f->root_key, &f->root);
    if (err == MICO_OK) {
        err = forge_one(
            (struct station_request){.kind = STATION_ISSUING, .common_name = issuing_name, .organization = f->maker},
            f->root, f->root_key, &f->issuing_key, &f->issuing);
    }
    if (err == MICO_OK) {
        err = forge_one(
            (struct station_request){.kind = STATION_DEVICE, .common_name = f->device_id, .serial_number = f->serial},
            f->issuing, f->issuing_key, &f->device_key, &f->device);
    }
    return err;
}

static mico_err write_all(const struct forgery *f)
{
    const gnutls_x509_crt_t chain[] = {f->device, f->issuing};
    char path[STATION_PATH_MAX];
    mico_err err = station_make_dir(f->out, 0755);
    if (err == MICO_OK && (err = station_path(path, f->out, "root.pem")) == MICO_OK) {
        err = station_write_certificates(path, &f->root, 1);
    }
    if (err == MICO_OK && (err = station_path(path, f->out, "device.pem")) == MICO_OK) {
        err = station_write_certificates(path, chain, 2);
    }
    if (err == MICO_OK && (err = station_path(path, f->out, "device.key")) == MICO_OK) {
        err = station_write_key(path, f->device_key);
    }
    return err;
}

int main(int argc, char **argv)
{
    struct forgery f = {.maker = "MiCO maker", .serial = "0000000000000000"};
    for (int i = 1; i + 1 < argc; i += 2) {
        const char **to = strcmp(argv[i], "--out") == 0         ? &f.out
                          : strcmp(argv[i], "--device-id") == 0 ? &f.device_id
                          : strcmp(argv[i], "--maker") == 0     ? &f.maker
                          : strcmp(argv[i], "--serial") == 0    ? &f.serial
                                                                : NULL;
        if (to == NULL) {
            argc = 0;
            break;
        }
        *to = argv[i + 1];
    }
    if (argc % 2 == 0 || f.out == NULL || f.device_id == NULL) {
        fputs("mico-forge --out DIR --device-id ID [--maker NAME] [--serial HEX]\n"
              "    write root.pem, device.pem (with its issuer) and device.key: genuine in all but the signatures\n",
              stderr);
        return 2;
    }
    mico_err err = forge(&f);
    if (err == MICO_OK) {
        err = write_all(&f);
    }
    return err == MICO_OK ? 0 : 1; /* the process ends: nothing is freed */
}

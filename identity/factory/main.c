/* SPDX-License-Identifier: Apache-2.0 */
/* mico-station: the program that makes devices. Exit status: 0 done; 1 failed; 2 used wrongly; 3 this chip may not
 * become a device (again). */
#include <cjson/cJSON.h>
#include <errno.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "identity/factory/ca.h"
#include "identity/factory/cloud_ca.h"
#include "identity/factory/export.h"
#include "identity/factory/make.h"
#include "identity/factory/options.h"
#include "identity/factory/say.h"

static int exit_status(mico_err err)
{
    return err == MICO_OK ? 0 : err == MICO_ERR_DENIED ? 3 : 1;
}

/* ---- init, cloud-ca ---- */

static int run_init(const struct station_options *o)
{
    mico_err err = station_init(o->dir, o->maker != NULL ? o->maker : "MiCO maker", o->module);
    if (err == MICO_OK) {
        station_say("station made in %s: root.pem is what clouds and controllers trust", o->dir);
    }
    return exit_status(err);
}

static int run_cloud_ca(const struct station_options *o)
{
    static const char *const localhost[] = {"localhost", NULL}, *const operator[] = {"operator", NULL};
    char path[STATION_PATH_MAX];
    const struct station_cloud_order order = {.out = o->out != NULL ? o->out : path,
                                              .dns = o->names[0] != NULL ? o->names : localhost,
                                              .ip = o->ips,
                                              .operators = o->operators[0] != NULL ? o->operators : operator,
                                              .p256 = o->p256 };
    if (o->out == NULL && o->dir == NULL) {
        station_fail(MICO_ERR_PARAM, "--out DIR2", "cloud-ca needs a directory to write to");
        return 2;
    }
    mico_err err = o->out == NULL ? station_path(path, o->dir, "cloud") : MICO_OK;
    if (err == MICO_OK) {
        err = station_cloud_ca(&order);
    }
    if (err == MICO_OK) {
        station_say("cloud CA written to %s", order.out);
    }
    return exit_status(err);
}

/* ---- make ---- */

static mico_err read_root(const char *path, struct mico_cloud_config *config)
{
    gnutls_x509_crt_t root;
    gnutls_datum_t der = {NULL, 0};
    mico_err err = station_read_certificate(path, &root);
    if (err == MICO_OK) {
        err = station_der(root, &der);
        gnutls_x509_crt_deinit(root);
    }
    if (err == MICO_OK && der.size > sizeof config->root) {
        err = station_fail(MICO_ERR_SIZE, "a root with an Ed25519 or P-256 key", "%s: %u bytes of DER, at most %zu fit",
                           path, der.size, sizeof config->root);
    }
    if (err == MICO_OK) {
        memcpy(config->root, der.data, der.size);
        config->root_len = (uint16_t)der.size;
    }
    gnutls_free(der.data);
    return err;
}

/* host:port:servername */
static mico_err read_cloud(const char *text, const char *root, struct mico_cloud_config *config)
{
    memset(config, 0, sizeof *config);
    char port[8], rest;
    if (sscanf(text, "%63[^:]:%5[0-9]:%63[^:]%c", config->host, port, config->server_name, &rest) != 3 ||
        atoi(port) < 1 || atoi(port) > 65535) {
        return station_fail(MICO_ERR_PARAM, "--cloud 10.0.2.2:8883:broker.mico.test",
                            "--cloud %s is not host:port:servername", text);
    }
    config->port = (uint16_t)atoi(port);
    config->made_at = (uint64_t)time(NULL);
    return read_root(root, config);
}

static bool add_hex(cJSON *json, const char *name, const uint8_t *data, size_t len)
{
    char text[65];
    mico_hex(data, len, text);
    return cJSON_AddStringToObject(json, name, text) != NULL;
}

static mico_err print_made_json(const struct station_made *made)
{
    const gnutls_datum_t der = {(unsigned char *)(uintptr_t)made->entry.certificate.data,
                                (unsigned)made->entry.certificate.len};
    gnutls_datum_t pem;
    cJSON *json = cJSON_CreateObject();
    bool good = cJSON_AddStringToObject(json, "device_id", made->entry.device_id) != NULL &&
                add_hex(json, "serial", made->entry.serial, sizeof made->entry.serial) &&
                cJSON_AddStringToObject(json, "setup_code", made->label.code) != NULL &&
                cJSON_AddStringToObject(json, "setup_payload", made->payload) != NULL &&
                add_hex(json, "identity_key", made->entry.identity_key, 32) &&
                add_hex(json, "firmware_key", made->entry.firmware_key, 32) &&
                gnutls_pem_base64_encode2("CERTIFICATE", &der, &pem) == 0;
    if (good) {
        good = cJSON_AddStringToObject(json, "certificate", (const char *)pem.data) != NULL;
        gnutls_free(pem.data);
    }
    char *text = good ? cJSON_Print(json) : NULL;
    cJSON_Delete(json);
    if (text == NULL) {
        return station_fail(MICO_ERR_FULL, NULL, "no memory for the label");
    }
    puts(text);
    mico_wipe(text, strlen(text));
    cJSON_free(text);
    return MICO_OK;
}

static void print_label(const struct station_made *made)
{
    printf("+------------------------------------+\n"
           "| setup code   %-21s |\n"
           "| device       %-21s |\n"
           "| payload      %-21s |\n"
           "+------------------------------------+\n",
           made->label.code, made->entry.device_id, made->payload);
}

static bool written(FILE *out)
{
    return fflush(out) == 0 && !ferror(out);
}

static mico_err deliver(const struct station *station, const struct station_made *made, bool json)
{
    mico_err err = MICO_OK;
    if (json) {
        err = print_made_json(made);
    } else {
        print_label(made);
    }
    /* On the disk, where it is a file: with the next step the station forgets the code. */
    if (err == MICO_OK && (!written(stdout) || (fsync(STDOUT_FILENO) != 0 && errno != EINVAL && errno != EROFS))) {
        err = station_fail(MICO_ERR_IO, "run the same command again: it gives the label again",
                           "the label cannot be written");
    }
    return err == MICO_OK ? station_made_delivered(station, made) : err;
}

static int run_make(const struct station_options *o)
{
    struct mico_cloud_config cloud;
    struct station_order order = {.link = o->link, .flash = o->flash, .category = o->category};
    mico_err err = MICO_OK;
    if (o->cloud != NULL) {
        if (o->cloud_root == NULL) {
            station_fail(MICO_ERR_PARAM, "--cloud-root root.pem", "--cloud needs the cloud's root certificate");
            return 2;
        }
        err = read_cloud(o->cloud, o->cloud_root, &cloud);
        order.cloud = &cloud;
    }
    struct station station;
    struct station_made made;
    if (err == MICO_OK) {
        err = station_open(&station, o->dir, true);
    }
    if (err != MICO_OK) {
        return exit_status(err);
    }
    err = station_make(&station, &order, &made);
    if (err == MICO_OK) {
        err = deliver(&station, &made, o->json);
        station_made_close(&made);
    }
    station_close(&station);
    return exit_status(err);
}

/* ---- manifest, report ---- */

static int run_manifest(const struct station_options *o)
{
    struct station station;
    size_t count;
    mico_err err = station_open(&station, o->dir, true);
    if (err != MICO_OK) {
        return exit_status(err);
    }
    err = station_export(&station, o->out, &count);
    if (err == MICO_OK) {
        station_say("%s: %zu devices; with %s.sig and %s.pem", o->out, count, o->out, o->out);
    }
    station_close(&station);
    return exit_status(err);
}

static int run_report(const struct station_options *o)
{
    struct station station;
    mico_err err = station_open(&station, o->dir, false);
    if (err != MICO_OK) {
        return exit_status(err);
    }
    err = station_report(&station, o->json);
    station_close(&station);
    return exit_status(err);
}

/* ---- commands ---- */

static const struct command {
    const char *name;
    int (*run)(const struct station_options *o);
    const char *needs; /* letters of the options it cannot do without: d dir, l link, f flash, o out */
    const char *help;
} commands[] = {
    {"init", run_init, "d",
     "init --dir DIR [--maker NAME] [--module PKCS11.so]\n"
     "    make a station: the maker's root CA and issuing CA, their keys in a PKCS#11 token\n"},
    {"cloud-ca", run_cloud_ca, "",
     "cloud-ca --out DIR2 [--name DNS]... [--ip ADDRESS]... [--operator NAME]... [--p256]\n"
     "    make the cloud's own root, server, service and operator certificates, as PEM files; broker and service\n"
     "    let in the operator named 'operator', which is the default\n"},
    {"make", run_make, "dlf",
     "make --dir DIR --link SOCKET --flash FILE [--cloud host:port:servername --cloud-root root.pem]\n"
     "     [--category N] [--json]\n"
     "    make one device of the chip behind SOCKET, or finish one; prints the label\n"},
    {"manifest", run_manifest, "do",
     "manifest --dir DIR -o manifest.json\n"
     "    write the signed manifest of all made devices: manifest.json, .sig, .pem\n"},
    {"report", run_report, "d",
     "report --dir DIR [--json]\n"
     "    what was made\n"},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static int usage(FILE *out, int status)
{
    fputs("mico-station: make devices, without a network\n\n", out);
    for (size_t i = 0; i < COMMANDS; i++) {
        fprintf(out, "  mico-station %s", commands[i].help);
    }
    fputs("\nexample:\n  mico-station init --dir factory --maker \"Example Lights\"\n"
          "  mico-station make --dir factory --link chip.sock --flash device-flash.bin --json\n",
          out);
    return status;
}

static bool has_needs(const struct command *command, const struct station_options *o)
{
    const struct {
        char letter;
        const char *name, *value;
    } all[] = {{'d', "--dir DIR", o->dir},
               {'l', "--link SOCKET", o->link},
               {'f', "--flash FILE", o->flash},
               {'o', "-o FILE", o->out}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strchr(command->needs, all[i].letter) != NULL && all[i].value == NULL) {
            station_fail(MICO_ERR_PARAM, "mico-station --help", "%s needs %s", command->name, all[i].name);
            return false;
        }
    }
    return true;
}

static void print_line(const char *line, size_t len)
{
    fwrite(line, 1, len, stderr);
}

static uint64_t no_clock(void)
{
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        return usage(stderr, 2);
    }
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || (i == 1 && strcmp(argv[i], "help") == 0)) {
            return usage(stdout, 0);
        }
    }
    if (getenv("MICO_STATION_LOG") != NULL) {
        mico_log_to(print_line, no_clock);
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        struct station_options options;
        if (strcmp(argv[1], commands[i].name) == 0) {
            if (!station_options_read(&options, argc - 2, argv + 2) || !has_needs(&commands[i], &options)) {
                return 2;
            }
            int status = commands[i].run(&options);
            if (status == 0 && !written(stdout)) {
                station_fail(MICO_ERR_IO, "see where the output goes", "the answer cannot be written");
                status = 1;
            }
            return status;
        }
    }
    station_fail(MICO_ERR_PARAM, "mico-station --help", "%s is no command", argv[1]);
    return 2;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* mico-cloud: the registry's commands and the identity service. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cloud/broker/config.h"
#include "cloud/service/cli.h"
#include "cloud/service/import.h"
#include "cloud/service/json.h"
#include "cloud/service/report.h"
#include "cloud/service/serve.h"

#define ACTOR "cli"
/* clang-format off */
#define DB {"--db", "FILE", false, "the registry"}
#define JSON {"--json", NULL, true, "as JSON"}
/* clang-format on */

static enum mico_exit exit_of(mico_err err)
{
    return err ? MICO_EXIT_FAILED : MICO_EXIT_OK;
}

static bool wants_json(const struct mico_arguments *a)
{
    return mico_cli_get(a, "--json") != NULL;
}

static enum mico_exit init(const struct mico_arguments *a, struct mico_complaint *complaint)
{
    const char *path = mico_cli_get(a, "--db");
    mico_err err = mico_registry_create(path, complaint);
    if (!err) {
        printf("made the registry %s\n", path);
    }
    return exit_of(err);
}

static enum mico_exit import(const struct mico_arguments *a, struct mico_complaint *complaint)
{
    struct mico_registry *registry;
    struct mico_imported imported;
    mico_err err = mico_registry_open(mico_cli_get(a, "--db"), &registry, complaint);
    if (err) {
        return MICO_EXIT_FAILED;
    }
    err = mico_import_manifest(registry, mico_cli_get(a, "--manifest"), mico_cli_get(a, "--maker-root"), &imported,
                               complaint);
    mico_registry_close(registry);
    if (!err && wants_json(a)) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddNumberToObject(json, "entries", imported.entries);
        cJSON_AddNumberToObject(json, "new", imported.added);
        mico_json_print(json);
    } else if (!err) {
        printf("%u devices on the manifest, %u new\n", imported.entries, imported.added);
    }
    return err == MICO_ERR_AUTH || err == MICO_ERR_ROLLBACK ? MICO_EXIT_ALTERED : exit_of(err);
}

static enum mico_exit revoke_issuer(const struct mico_arguments *a, struct mico_complaint *complaint)
{
    struct mico_registry *registry;
    uint8_t key[32] = {0};
    char hex[65];
    mico_err err = mico_registry_open(mico_cli_get(a, "--db"), &registry, complaint);
    if (err) {
        return MICO_EXIT_FAILED;
    }
    err = mico_import_revoke(registry, ACTOR, mico_cli_get(a, "--issuer"), key, complaint);
    mico_registry_close(registry);
    mico_hex(key, sizeof key, hex);
    if (!err && wants_json(a)) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "key_sha256", hex);
        mico_json_print(json);
    } else if (!err) {
        printf("no more manifests of the issuing CA with key %s\n", hex);
    }
    return exit_of(err);
}

/* The first line of a file. */
static mico_err read_password(const char *path, char out[MICO_REGISTRY_PASSWORD_MAX + 2],
                              struct mico_complaint *complaint)
{
    FILE *f = fopen(path, "r");
    if (!f || !fgets(out, MICO_REGISTRY_PASSWORD_MAX + 2, f)) {
        out[0] = 0;
    }
    mico_err err = f ? MICO_OK
                     : mico_complain(complaint, MICO_ERR_IO, "put the password on the first line of a file",
                                     "--password-file %s: %s", path, strerror(errno));
    if (f) {
        fclose(f);
    }
    out[strcspn(out, "\r\n")] = 0;
    return err;
}

static mico_err add_and_claim(struct mico_registry *registry, const char *name, const char *password,
                              const char *device, struct mico_complaint *complaint)
{
    mico_err err = mico_registry_begin(registry);
    if (err) {
        return mico_complain_registry(complaint, err);
    }
    err = mico_registry_add_user(registry, ACTOR, name, password, complaint);
    if (!err) {
        err = mico_registry_claim(registry, ACTOR, name, device, complaint);
    }
    err = mico_registry_end(registry, err);
    return err && !complaint->what[0] ? mico_complain_registry(complaint, err) : err;
}

static enum mico_exit user_add(const struct mico_arguments *a, struct mico_complaint *complaint)
{
    struct mico_registry *registry;
    char password[MICO_REGISTRY_PASSWORD_MAX + 2];
    const char *name = mico_cli_argument(a), *device = mico_cli_get(a, "--device");
    mico_err err = read_password(mico_cli_get(a, "--password-file"), password, complaint);
    if (!err) {
        err = mico_registry_open(mico_cli_get(a, "--db"), &registry, complaint);
    }
    if (!err) {
        err = add_and_claim(registry, name, password, device, complaint);
        mico_registry_close(registry);
    }
    mico_wipe(password, sizeof password);
    if (!err) {
        printf("user %s has device %s\n", name, device);
    }
    return exit_of(err);
}

static enum mico_exit set_state(const struct mico_arguments *a, enum mico_device_state state,
                                struct mico_complaint *complaint)
{
    struct mico_registry *registry;
    struct mico_device device;
    bool found = false;
    const char *id = mico_cli_argument(a);
    mico_err err = mico_registry_open(mico_cli_get(a, "--db"), &registry, complaint);
    if (err) {
        return MICO_EXIT_FAILED;
    }
    err = mico_registry_set_state(registry, ACTOR, id, state, complaint);
    if (!err && wants_json(a)) {
        err = mico_registry_find(registry, id, &found, &device);
        err = err ? mico_complain_registry(complaint, err) : MICO_OK;
    }
    mico_registry_close(registry);
    if (!err && found) {
        mico_json_print(mico_device_json(&device));
    } else if (!err) {
        printf("device %s is %s\n", id, state == MICO_DEVICE_ACTIVE ? "released" : mico_device_state_name(state));
    }
    return exit_of(err);
}

static enum mico_exit quarantine(const struct mico_arguments *a, struct mico_complaint *complaint)
{
    return set_state(a, MICO_DEVICE_QUARANTINED, complaint);
}

static enum mico_exit release(const struct mico_arguments *a, struct mico_complaint *complaint)
{
    return set_state(a, MICO_DEVICE_ACTIVE, complaint);
}

static enum mico_exit retire(const struct mico_arguments *a, struct mico_complaint *complaint)
{
    return set_state(a, MICO_DEVICE_RETIRED, complaint);
}

static enum mico_exit broker_config(const struct mico_arguments *a, struct mico_complaint *complaint)
{
    struct mico_broker_config config = {.registry = mico_cli_get(a, "--db"),
                                        .folder = mico_cli_get(a, "--dir"),
                                        .address = mico_cli_get(a, "--address"),
                                        .port = mico_cli_port(a, "--port", complaint),
                                        .user_port = mico_cli_port(a, "--user-port", complaint),
                                        .server_cert = mico_cli_get(a, "--server-cert"),
                                        .server_key = mico_cli_get(a, "--server-key"),
                                        .device_ca = mico_cli_get(a, "--device-ca"),
                                        .cloud_root = mico_cli_get(a, "--cloud-root"),
                                        .plugin = mico_cli_get(a, "--plugin")};
    if (config.port == 0 || config.user_port == 0) {
        return MICO_EXIT_USAGE;
    }
    mico_err err = mico_broker_config_write(&config, complaint);
    if (!err) {
        printf("wrote %s/mosquitto.conf\nstart it with: mosquitto -c %s/mosquitto.conf\n", config.folder,
               config.folder);
    }
    return exit_of(err);
}

static const struct mico_command commands[] = {
    {"init", NULL, "Make an empty registry.", "mico-cloud init --db cloud.db", {DB}, init},
    {"import",
     NULL,
     "Take in the factory's manifest, once it is verified. Again is harmless.",
     "mico-cloud import --db cloud.db --manifest manifest.json --maker-root factory/root.pem",
     {DB,
      {"--manifest", "FILE", false, "its .sig and .pem lie beside it"},
      {"--maker-root", "FILE", false, "the maker's root certificate, PEM"},
      JSON},
     import},
    {"revoke-issuer",
     NULL,
     "Take no more manifests of an issuing CA, as of a station that was stolen. Devices taken in before stay.",
     "mico-cloud revoke-issuer --db cloud.db --issuer manifest.json.pem",
     {DB, {"--issuer", "FILE", false, "its certificate, PEM: it lies beside each of its manifests"}, JSON},
     revoke_issuer},
    {"user add",
     "NAME",
     "Add a user, or a device to a user.",
     "mico-cloud user add --db cloud.db alice --password-file alice.txt --device A1:B2:C3:D4:E5:F6",
     {DB,
      {"--password-file", "FILE", false, "the password is its first line"},
      {"--device", "ID", false, "the device that the user claims"}},
     user_add},
    {"quarantine",
     "ID",
     "Disconnect a device and refuse it from now on.",
     "mico-cloud quarantine --db cloud.db A1:B2:C3:D4:E5:F6",
     {DB, JSON},
     quarantine},
    {"release",
     "ID",
     "End a device's quarantine.",
     "mico-cloud release --db cloud.db A1:B2:C3:D4:E5:F6",
     {DB, JSON},
     release},
    {"retire",
     "ID",
     "Disconnect a device and refuse it for ever, as one that was thrown away. There is no way back.",
     "mico-cloud retire --db cloud.db A1:B2:C3:D4:E5:F6",
     {DB, JSON},
     retire},
    {"broker-config",
     NULL,
     "Write the configuration of a Mosquitto broker.",
     "mico-cloud broker-config --db cloud.db --dir broker --port 8883 --user-port 8884 --server-cert cloud/server.pem "
     "--server-key cloud/server.key --device-ca factory/root.pem --cloud-root cloud/root.pem --plugin mico_broker.so",
     {DB,
      {"--dir", "DIR", false, "where to write; made when absent"},
      {"--address", "ADDRESS", true, "listen there only (every interface otherwise)"},
      {"--port", "P", false, "devices, the service, the operator: client certificates"},
      {"--user-port", "P", false, "users: name and password"},
      {"--server-cert", "FILE", false, "the broker's certificate, PEM"},
      {"--server-key", "FILE", false, "and its key"},
      {"--device-ca", "FILE", false, "the maker's root certificate, PEM"},
      {"--cloud-root", "FILE", false, "the cloud's root certificate, PEM"},
      {"--plugin", "FILE", false, "mico_broker.so"}},
     broker_config},
    {"serve",
     NULL,
     "Run the identity service until SIGTERM.",
     "mico-cloud serve --db cloud.db --port 8443 --cert cloud/server.pem --key cloud/server.key --client-ca "
     "cloud/root.pem "
     "--broker localhost:8883 --broker-cafile cloud/root.pem --broker-cert cloud/service.pem --broker-key "
     "cloud/service.key",
     {DB,
      {"--address", "ADDRESS", true, "listen there only (every interface otherwise)"},
      {"--port", "P", false, "HTTPS, for the operator's certificate"},
      {"--cert", "FILE", false, "the service's server certificate, PEM"},
      {"--key", "FILE", false, "and its key"},
      {"--client-ca", "FILE", false, "the cloud's root, which signed the operator's certificate"},
      {"--broker", "HOST:PORT", false, "the broker's certificate listener"},
      {"--broker-cafile", "FILE", false, "the root of the broker's certificate"},
      {"--broker-cert", "FILE", false, "the service's client certificate, CN mico-cloud"},
      {"--broker-key", "FILE", false, "and its key"}},
     mico_serve},
    {"list", NULL, "List the devices.", "mico-cloud list --db cloud.db --json", {DB, JSON}, mico_report_list},
    {"audit",
     NULL,
     "Print the log and verify its chain; exit code 3 names an altered row.",
     "mico-cloud audit --db cloud.db --witness 12:0123…",
     {DB, JSON, {"--witness", "N:HASH", true, "a head that an earlier audit printed"}},
     mico_report_audit},
};

int main(int argc, char **argv)
{
    return mico_cli_run("mico-cloud", "MiCO's identity service and its registry", commands,
                        sizeof commands / sizeof *commands, argc, argv);
}

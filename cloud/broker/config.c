/* SPDX-License-Identifier: Apache-2.0 */
/* mosquitto.conf, as Mosquitto 2.0 reads it. A path there ends at the line's end, so a path with a line break is
 * refused. */
#include "cloud/broker/config.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sizes: a device's buffers hold packets of 4,096 bytes (os/net/mqtt). */
static const char common[] = "# Written by mico-cloud broker-config: change it there.\n"
                             "per_listener_settings false\n"
                             "allow_anonymous false\n"
                             "persistence false\n"
                             "set_tcp_nodelay true\n"
                             "max_packet_size 4096\n"
                             "max_inflight_messages 20\n"
                             "max_queued_messages 1000\n"
                             "log_dest stderr\n"
                             "log_type error\nlog_type warning\nlog_type notice\n";

/* Forward secrecy and authenticated encryption only; TLS 1.3's suites all have both. */
static const char tls[] = "tls_version tlsv1.2\n"
                          "ciphers ECDHE+AESGCM:ECDHE+CHACHA20\n";

struct paths {
    char registry[PATH_MAX], folder[PATH_MAX], cert[PATH_MAX], key[PATH_MAX], device_ca[PATH_MAX], cloud_root[PATH_MAX],
        plugin[PATH_MAX];
};

static mico_err resolve(const char *option, const char *path, char out[PATH_MAX], struct mico_complaint *complaint)
{
    char next[64];
    snprintf(next, sizeof next, "check %s", option);
    if (!realpath(path, out) || access(out, R_OK) != 0) {
        return mico_complain(complaint, MICO_ERR_IO, next, "%s %s: %s", option, path, strerror(errno));
    }
    if (strpbrk(out, "\r\n")) {
        return mico_complain(complaint, MICO_ERR_PARAM, next, "%s: the path has a line break", option);
    }
    return MICO_OK;
}

static mico_err resolve_all(const struct mico_broker_config *c, struct paths *p, struct mico_complaint *complaint)
{
    if (mkdir(c->folder, 0700) != 0 && errno != EEXIST) {
        return mico_complain(complaint, MICO_ERR_IO, "check --dir", "--dir %s: %s", c->folder, strerror(errno));
    }
    mico_err err = resolve("--dir", c->folder, p->folder, complaint);
    err = err ? err : resolve("--db", c->registry, p->registry, complaint);
    err = err ? err : resolve("--server-cert", c->server_cert, p->cert, complaint);
    err = err ? err : resolve("--server-key", c->server_key, p->key, complaint);
    err = err ? err : resolve("--device-ca", c->device_ca, p->device_ca, complaint);
    err = err ? err : resolve("--cloud-root", c->cloud_root, p->cloud_root, complaint);
    return err ? err : resolve("--plugin", c->plugin, p->plugin, complaint);
}

/* path in the folder, opened to write. */
static FILE *create(const struct paths *p, const char *name, char path[PATH_MAX])
{
    return snprintf(path, PATH_MAX, "%s/%s", p->folder, name) < PATH_MAX ? fopen(path, "w") : NULL;
}

static mico_err close_written(FILE *f, const char *path, struct mico_complaint *complaint)
{
    bool bad = !f || ferror(f);
    if (f && fclose(f) != 0) {
        bad = true;
    }
    return bad ? mico_complain(complaint, MICO_ERR_IO, "check --dir", "%s: %s", path, strerror(errno)) : MICO_OK;
}

static void append_file(FILE *out, const char *path)
{
    char piece[4096];
    size_t len;
    FILE *in = fopen(path, "r");
    while (in && (len = fread(piece, 1, sizeof piece, in)) > 0) {
        fwrite(piece, 1, len, out);
    }
    if (in) {
        fclose(in);
    }
    fputc('\n', out);
}

static mico_err write_client_ca(const struct paths *p, char path[PATH_MAX], struct mico_complaint *complaint)
{
    FILE *f = create(p, "client-ca.pem", path);
    if (f) {
        append_file(f, p->device_ca);
        append_file(f, p->cloud_root);
    }
    return close_written(f, path, complaint);
}

static void write_listener(FILE *f, const struct mico_broker_config *c, const struct paths *p, unsigned port)
{
    fprintf(f, "\nlistener %u%s%s\n%scertfile %s\nkeyfile %s\n", port, c->address ? " " : "",
            c->address ? c->address : "", tls, p->cert, p->key);
}

mico_err mico_broker_config_write(const struct mico_broker_config *c, struct mico_complaint *complaint)
{
    struct paths *p = calloc(1, sizeof *p);
    char ca[PATH_MAX], path[PATH_MAX];
    if (!p) {
        return mico_complain(complaint, MICO_ERR_FULL, NULL, "out of memory");
    }
    mico_err err = resolve_all(c, p, complaint);
    if (!err) {
        err = write_client_ca(p, ca, complaint);
    }
    if (!err) {
        FILE *f = create(p, "mosquitto.conf", path);
        const struct passwd *me = getpwuid(geteuid()); /* who can read the registry and the key */
        if (f) {
            fprintf(f, "%suser %s\n\nplugin %s\nplugin_opt_registry %s\nplugin_opt_cloud_root %s\n", common,
                    me ? me->pw_name : "mosquitto", p->plugin, p->registry, p->cloud_root);
            fputs("\n# Devices, the identity service and the operator: a certificate says who they are.", f);
            write_listener(f, c, p, c->port);
            fprintf(f, "cafile %s\nrequire_certificate true\nuse_identity_as_username false\n", ca);
            fputs("\n# Users: name and password inside TLS.", f);
            write_listener(f, c, p, c->user_port);
        }
        err = close_written(f, path, complaint);
    }
    free(p);
    return err;
}

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

/* Of host names and addresses. A line break or a space would make another line or word of the configuration. */
#define ADDRESS_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:_%-"

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

/* A file that takes its place when it is whole: a broker never starts with half a configuration. */
struct written {
    FILE *f;
    char path[PATH_MAX], beside[PATH_MAX + 8];
    bool bad;
};

static void create(struct written *w, const struct paths *p, const char *name)
{
    w->bad = snprintf(w->path, sizeof w->path, "%s/%s", p->folder, name) >= (int)sizeof w->path;
    snprintf(w->beside, sizeof w->beside, "%s.new", w->path);
    w->f = w->bad ? NULL : fopen(w->beside, "w");
}

static mico_err take_place(struct written *w, struct mico_complaint *complaint)
{
    bool good = w->f && !w->bad && fflush(w->f) == 0 && fsync(fileno(w->f)) == 0 && rename(w->beside, w->path) == 0;
    int why = errno;
    if (w->f) {
        fclose(w->f);
    }
    if (good) {
        return MICO_OK;
    }
    unlink(w->beside);
    return mico_complain(complaint, MICO_ERR_IO, "check --dir, and the free space there", "%s: %s", w->path,
                         strerror(why));
}

static void append_file(struct written *w, const char *path)
{
    char piece[4096];
    size_t len;
    FILE *in = fopen(path, "r");
    while (in && (len = fread(piece, 1, sizeof piece, in)) > 0) {
        fwrite(piece, 1, len, w->f);
    }
    w->bad = w->bad || !in || ferror(in);
    if (in) {
        fclose(in);
    }
    fputc('\n', w->f);
}

static mico_err write_client_ca(const struct paths *p, struct mico_complaint *complaint)
{
    struct written w;
    create(&w, p, "client-ca.pem");
    if (w.f) {
        append_file(&w, p->device_ca);
        append_file(&w, p->cloud_root);
    }
    return take_place(&w, complaint);
}

static void write_listener(FILE *f, const struct mico_broker_config *c, const struct paths *p, unsigned port)
{
    fprintf(f, "\nlistener %u%s%s\n%scertfile %s\nkeyfile %s\n", port, c->address ? " " : "",
            c->address ? c->address : "", tls, p->cert, p->key);
}

static mico_err write_config(const struct mico_broker_config *c, const struct paths *p,
                             struct mico_complaint *complaint)
{
    struct written w;
    create(&w, p, "mosquitto.conf");
    const struct passwd *me = getpwuid(geteuid()); /* who can read the registry and the key */
    if (w.f) {
        fprintf(w.f, "%suser %s\n\nplugin %s\nplugin_opt_registry %s\nplugin_opt_cloud_root %s\n", common,
                me ? me->pw_name : "mosquitto", p->plugin, p->registry, p->cloud_root);
        fputs("\n# Devices, the identity service and the operator: a certificate says who they are.", w.f);
        write_listener(w.f, c, p, c->port);
        fprintf(w.f, "cafile %s/client-ca.pem\nrequire_certificate true\nuse_identity_as_username false\n", p->folder);
        fputs("\n# Users: name and password inside TLS.", w.f);
        write_listener(w.f, c, p, c->user_port);
    }
    return take_place(&w, complaint);
}

mico_err mico_broker_config_write(const struct mico_broker_config *c, struct mico_complaint *complaint)
{
    if (c->address && (!c->address[0] || strspn(c->address, ADDRESS_CHARACTERS) != strlen(c->address))) {
        return mico_complain(complaint, MICO_ERR_PARAM, "a host name or an address, such as 127.0.0.1",
                             "--address '%.80s' is neither", c->address);
    }
    struct paths *p = calloc(1, sizeof *p);
    if (!p) {
        return mico_complain(complaint, MICO_ERR_FULL, NULL, "out of memory");
    }
    mico_err err = resolve_all(c, p, complaint);
    err = err ? err : write_client_ca(p, complaint);
    err = err ? err : write_config(c, p, complaint);
    free(p);
    return err;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* libmicrohttpd with one polling thread, which owns the registry handle. A request's way: who asks (the certificate),
 * what for (the path), then the answer as JSON. */
#include "cloud/service/http.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>

#include "base/log.h"
#include "cloud/broker/rules.h"
#include "cloud/service/json.h"

#define DEVICES "/api/v1/devices"
#define PAGE_MAX 1000
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
#define CONNECTIONS_MAX 64u
#define CONNECTIONS_OF_ADDRESS_MAX 16u /* so that one stranger leaves room */
#define IDLE_S 30u

struct mico_http {
    struct MHD_Daemon *daemon;
    struct mico_registry *registry;
    bool (*broker_is_connected)(void *ctx);
    void *ctx;
    gnutls_datum_t cert, key, client_ca;
};

/* A request being answered. */
struct request {
    struct mico_http *http;
    struct MHD_Connection *connection;
    const char *method;
    const char *path;
    unsigned status;
    cJSON *body;
    const char *allow; /* with 405 */
};

static void refuse(struct request *r, unsigned status, const char *what, const char *next)
{
    cJSON_Delete(r->body);
    r->status = status;
    r->body = cJSON_CreateObject();
    cJSON_AddStringToObject(r->body, "error", what);
    if (next[0]) {
        cJSON_AddStringToObject(r->body, "try", next);
    }
}

static void refuse_registry(struct request *r, mico_err err)
{
    refuse(r, err == MICO_ERR_BUSY ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_INTERNAL_SERVER_ERROR,
           "the registry cannot be used now", "see the service's log");
}

/* ---- who asks ---- */

static bool peer_is_operator(gnutls_session_t tls)
{
    gnutls_typed_vdata_st purpose = {GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT, 0};
    unsigned status = 1, count = 0;
    char cn[65];
    size_t cn_len = sizeof cn;
    gnutls_x509_crt_t certificate;
    if (gnutls_certificate_verify_peers(tls, &purpose, 1, &status) != 0 || status != 0) {
        return false;
    }
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(tls, &count);
    if (!chain || count == 0 || gnutls_x509_crt_init(&certificate) < 0) {
        return false;
    }
    bool is = gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) == 0 &&
              gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, cn, &cn_len) == 0 &&
              cn_len == strlen(MICO_OPERATOR_NAME) && memcmp(cn, MICO_OPERATOR_NAME, cn_len) == 0;
    gnutls_x509_crt_deinit(certificate);
    return is;
}

static bool is_operator(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info && peer_is_operator(info->tls_session);
}

/* A browser adds the operator's certificate to any site's requests, and says in Origin whose page asked (RFC 6454
 * section 7): another site's page may not act for the operator. */
static bool asked_by_another_site(struct MHD_Connection *connection)
{
    static const char scheme[] = "https://";
    const char *origin = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ORIGIN);
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    return origin && (!host || strncmp(origin, scheme, sizeof scheme - 1) != 0 ||
                      strcasecmp(origin + sizeof scheme - 1, host) != 0);
}

/* ---- what for ---- */

static void get_health(struct request *r)
{
    int64_t entries = 0;
    mico_err err = mico_registry_audit_last(r->http->registry, &entries);
    if (err) {
        refuse_registry(r, err);
        return;
    }
    bool broker = r->http->broker_is_connected(r->http->ctx);
    r->body = cJSON_CreateObject();
    cJSON_AddStringToObject(r->body, "status", broker ? "ok" : "degraded");
    cJSON_AddBoolToObject(r->body, "broker_connected", broker);
    cJSON_AddNumberToObject(r->body, "audit_entries", (double)entries);
}

static const char *query(struct request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, name);
}

static void get_devices(struct request *r)
{
    const char *limit = query(r, "limit"), *after = query(r, "after");
    char *end = NULL;
    long most = limit ? strtol(limit, &end, 10) : PAGE_MAX;
    if (most < 1 || most > PAGE_MAX || (end && *end)) {
        refuse(r, MHD_HTTP_BAD_REQUEST, "limit is not a number from 1 to 1000", "GET " DEVICES "?limit=100");
        return;
    }
    if (after && !mico_registry_id_is_good(after)) {
        refuse(r, MHD_HTTP_BAD_REQUEST, "after is not the id of a device", "the \"next\" of the page before");
        return;
    }
    r->body = mico_devices_json(r->http->registry, after ? after : "", most);
    if (!r->body) {
        refuse_registry(r, MICO_ERR_IO);
    }
}

static void get_device(struct request *r, const char *id)
{
    struct mico_device device;
    bool found;
    mico_err err = mico_registry_find(r->http->registry, id, &found, &device);
    if (err) {
        refuse_registry(r, err);
    } else if (!found) {
        refuse(r, MHD_HTTP_NOT_FOUND, "no such device", "GET " DEVICES);
    } else {
        r->body = mico_device_json(&device);
    }
}

static void set_state(struct request *r, const char *id, enum mico_device_state state)
{
    struct mico_complaint complaint = {0};
    mico_err err = mico_registry_set_state(r->http->registry, MICO_OPERATOR_NAME, id, state, &complaint);
    if (err == MICO_ERR_PARAM) {
        refuse(r, MHD_HTTP_NOT_FOUND, "no such device", "GET " DEVICES);
    } else if (err == MICO_ERR_STATE) {
        refuse(r, MHD_HTTP_CONFLICT, complaint.what, complaint.next);
    } else if (err) {
        refuse_registry(r, err);
    } else {
        get_device(r, id);
    }
}

/* DEVICES "/{id}" or DEVICES "/{id}/{action}" */
static void on_device(struct request *r, const char *rest)
{
    char id[64];
    size_t len = strcspn(rest, "/");
    const char *action = rest + len;
    if (len == 0 || len >= sizeof id) {
        refuse(r, MHD_HTTP_NOT_FOUND, "no such device", "GET " DEVICES);
        return;
    }
    memcpy(id, rest, len);
    id[len] = 0;
    const char *method = action[0] ? MHD_HTTP_METHOD_POST : MHD_HTTP_METHOD_GET;
    bool known = action[0] == 0 || strcmp(action, "/quarantine") == 0 || strcmp(action, "/release") == 0;
    if (!known) {
        refuse(r, MHD_HTTP_NOT_FOUND, "no such action", "POST " DEVICES "/{id}/quarantine or /release");
    } else if (strcmp(r->method, method) != 0) {
        refuse(r, MHD_HTTP_METHOD_NOT_ALLOWED, "not with this method", method);
        r->allow = method;
    } else if (action[0] == 0) {
        get_device(r, id);
    } else {
        set_state(r, id, action[1] == 'q' ? MICO_DEVICE_QUARANTINED : MICO_DEVICE_ACTIVE);
    }
}

static void route(struct request *r)
{
    bool health = strcmp(r->path, "/api/v1/health") == 0, devices = strcmp(r->path, DEVICES) == 0;
    if (strncmp(r->path, DEVICES "/", sizeof DEVICES) == 0) {
        on_device(r, r->path + sizeof DEVICES);
    } else if (!health && !devices) {
        refuse(r, MHD_HTTP_NOT_FOUND, "no such resource", "GET " DEVICES);
    } else if (strcmp(r->method, MHD_HTTP_METHOD_GET) != 0) {
        refuse(r, MHD_HTTP_METHOD_NOT_ALLOWED, "not with this method", MHD_HTTP_METHOD_GET);
        r->allow = MHD_HTTP_METHOD_GET;
    } else if (health) {
        get_health(r);
    } else {
        get_devices(r);
    }
}

/* ---- the answer ---- */

static enum MHD_Result respond(struct MHD_Connection *connection, struct request *r)
{
    char *text = cJSON_Print(r->body);
    cJSON_Delete(r->body);
    if (!text) {
        return MHD_NO;
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(text);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (r->allow) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, r->allow);
    }
    enum MHD_Result result = MHD_queue_response(connection, r->status, response);
    MHD_destroy_response(response);
    return result;
}

/* False with the refusal in r: nobody else gets as far as a body. */
static bool admits(struct request *r, struct MHD_Connection *connection)
{
    if (!is_operator(connection)) {
        refuse(r, MHD_HTTP_FORBIDDEN, "the operator's certificate is needed",
               "curl --cert operator.pem --key operator.key");
        return false;
    }
    if (asked_by_another_site(connection)) {
        refuse(r, MHD_HTTP_FORBIDDEN, "a page of another site asks (its Origin is not this host)",
               "a page of this host, or a client that sends no Origin");
        return false;
    }
    return true;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *upload_len, void **per_request)
{
    static int headers_read;
    struct request r = {.http = ctx, .connection = connection, .method = method, .path = url, .status = MHD_HTTP_OK};
    if (!*per_request) { /* first the headers; the operator's answer comes when the body is through */
        *per_request = &headers_read;
        return admits(&r, connection) ? MHD_YES : respond(connection, &r);
    }
    if (*upload_len > 0) { /* no request has a body of use */
        *upload_len = 0;
        return MHD_YES;
    }
    route(&r);
    return respond(connection, &r);
}

static void on_log(void *ctx, const char *format, va_list args)
{
    char text[200];
    vsnprintf(text, sizeof text, format, args);
    text[strcspn(text, "\n")] = 0;
    MICO_LOG("http", "%s", text);
}

/* ---- start and stop ---- */

static mico_err load(const char *option, const char *path, gnutls_datum_t *out, struct mico_complaint *complaint)
{
    int rc = gnutls_load_file(path, out);
    return rc < 0 ? mico_complain(complaint, MICO_ERR_IO, "name a PEM file that you may read", "%s %s: %s", option,
                                  path, gnutls_strerror(rc))
                  : MICO_OK;
}

static mico_err load_all(struct mico_http *http, const struct mico_http_config *c, struct mico_complaint *complaint)
{
    mico_err err = load("--cert", c->cert, &http->cert, complaint);
    err = err ? err : load("--key", c->key, &http->key, complaint);
    err = err ? err : load("--client-ca", c->client_ca, &http->client_ca, complaint);
    return err ? err : mico_registry_open(c->registry, &http->registry, complaint);
}

static mico_err listen_on(struct mico_http *http, const struct mico_http_config *c, struct mico_complaint *complaint)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)c->port)};
    if (c->address && inet_pton(AF_INET, c->address, &address.sin_addr) != 1) {
        return mico_complain(complaint, MICO_ERR_PARAM, "give an IPv4 address such as 127.0.0.1", "--address '%s'",
                             c->address);
    }
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS | MHD_USE_ERROR_LOG, (uint16_t)c->port, NULL, NULL, on_request,
        http, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_HTTPS_MEM_CERT,
        http->cert.data, MHD_OPTION_HTTPS_MEM_KEY, http->key.data, MHD_OPTION_HTTPS_MEM_TRUST, http->client_ca.data,
        MHD_OPTION_HTTPS_PRIORITIES, TLS_PRIORITIES, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, CONNECTIONS_OF_ADDRESS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
    if (!http->daemon) {
        return mico_complain(complaint, MICO_ERR_IO, "check that the port is free and --cert and --key belong together",
                             "cannot serve HTTPS on port %u", c->port);
    }
    return MICO_OK;
}

mico_err mico_http_start(const struct mico_http_config *config, struct mico_http **out,
                         struct mico_complaint *complaint)
{
    *out = NULL;
    struct mico_http *http = calloc(1, sizeof *http);
    if (!http) {
        return mico_complain(complaint, MICO_ERR_FULL, NULL, "out of memory");
    }
    http->broker_is_connected = config->broker_is_connected;
    http->ctx = config->ctx;
    mico_err err = load_all(http, config, complaint);
    if (!err) {
        err = listen_on(http, config, complaint);
    }
    if (err) {
        mico_http_stop(http);
    } else {
        *out = http;
    }
    return err;
}

void mico_http_stop(struct mico_http *http)
{
    if (!http) {
        return;
    }
    if (http->daemon) {
        MHD_stop_daemon(http->daemon);
    }
    mico_registry_close(http->registry);
    gnutls_free(http->cert.data);
    if (http->key.data) {
        mico_wipe(http->key.data, http->key.size);
    }
    gnutls_free(http->key.data);
    gnutls_free(http->client_ca.data);
    free(http);
}

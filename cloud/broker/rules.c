/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of rules.h. */
#include "cloud/broker/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "cloud/broker/throttle.h"

struct mico_rules {
    struct mico_registry *registry;
    gnutls_x509_crt_t *cloud_roots;
    unsigned cloud_root_count;
    struct mico_throttle throttle;
    int64_t seen; /* the log entry up to which mico_rules_expelled has looked */
};

/* ---- opening ---- */

static mico_err load_roots(struct mico_rules *rules, const char *pem, struct mico_complaint *complaint)
{
    gnutls_datum_t file;
    int rc = gnutls_load_file(pem, &file);
    if (rc < 0) {
        return mico_complain(complaint, MICO_ERR_IO, "name the cloud root's certificate, a PEM file", "%s: %s", pem,
                             gnutls_strerror(rc));
    }
    rc = gnutls_x509_crt_list_import2(&rules->cloud_roots, &rules->cloud_root_count, &file, GNUTLS_X509_FMT_PEM, 0);
    gnutls_free(file.data);
    if (rc < 0) {
        return mico_complain(complaint, MICO_ERR_FORMAT, "name the cloud root's certificate, a PEM file",
                             "%s: no certificate in it (%s)", pem, gnutls_strerror(rc));
    }
    return MICO_OK;
}

mico_err mico_rules_open(const char *registry_path, const char *cloud_root_pem, struct mico_rules **out,
                         struct mico_complaint *complaint)
{
    *out = NULL;
    struct mico_rules *rules = calloc(1, sizeof *rules);
    if (!rules) {
        return mico_complain(complaint, MICO_ERR_FULL, NULL, "out of memory");
    }
    mico_err err = load_roots(rules, cloud_root_pem, complaint);
    if (!err) {
        err = mico_registry_open(registry_path, &rules->registry, complaint);
    }
    if (!err) {
        err = mico_registry_audit_last(rules->registry, &rules->seen);
    }
    if (err) {
        mico_rules_close(rules);
    } else {
        *out = rules;
    }
    return err;
}

void mico_rules_close(struct mico_rules *rules)
{
    if (!rules) {
        return;
    }
    mico_registry_close(rules->registry);
    for (unsigned i = 0; i < rules->cloud_root_count; i++) {
        gnutls_x509_crt_deinit(rules->cloud_roots[i]);
    }
    gnutls_free(rules->cloud_roots);
    free(rules);
}

/* ---- logging in ---- */

/* The broker lets a new client evict one of the same client id. So nobody may use another's: a device's id is its name,
 * everyone else's is the name, or the name and '/' and anything, or one that the broker drew ("auto-" and a UUID). The
 * operator may use any that is neither a device's nor the service's. */
static bool client_id_is_theirs(const char *name, const char *client_id)
{
    size_t len = strlen(name);
    if (mico_registry_id_is_good(name)) {
        return strcmp(client_id, name) == 0;
    }
    if (strcmp(name, MICO_OPERATOR_NAME) == 0) {
        return !mico_registry_id_is_good(client_id) && strcmp(client_id, MICO_SERVICE_NAME) != 0;
    }
    if (strncmp(client_id, "auto-", 5) == 0) {
        return true;
    }
    return strncmp(client_id, name, len) == 0 && (client_id[len] == 0 || client_id[len] == '/');
}

static mico_err check_client_id(const char *name, const char *client_id, struct mico_complaint *complaint)
{
    if (client_id_is_theirs(name, client_id)) {
        return MICO_OK;
    }
    return mico_complain(complaint, MICO_ERR_DENIED,
                         "a device's client id is its device id, a user's is NAME or NAME/…",
                         "'%s' may not use the client id '%.64s'", name, client_id);
}

/* A certificate that the cloud root itself signed. */
static mico_err own_login(const char *cn, char name[], struct mico_complaint *complaint)
{
    if (strcmp(cn, MICO_SERVICE_NAME) != 0 && strcmp(cn, MICO_OPERATOR_NAME) != 0) {
        return mico_complain(complaint, MICO_ERR_DENIED,
                             "only " MICO_SERVICE_NAME " and " MICO_OPERATOR_NAME
                             " log in with the cloud's certificates",
                             "the cloud root's certificate names '%.64s'", cn);
    }
    snprintf(name, MICO_REGISTRY_USER_MAX + 1, "%s", cn);
    return MICO_OK;
}

static mico_err device_login(struct mico_rules *rules, const char *cn, const uint8_t sha256[32], char name[],
                             struct mico_complaint *complaint)
{
    struct mico_device device;
    bool found;
    mico_err err = mico_registry_find(rules->registry, cn, &found, &device);
    if (err) {
        return mico_complain_registry(complaint, err);
    }
    if (!found) {
        return mico_complain(complaint, MICO_ERR_AUTH, "import the manifest it is on: mico-cloud import",
                             "no device '%.64s' is on any manifest", cn);
    }
    if (!mico_ct_equal(device.certificate_sha256, sha256, 32)) {
        return mico_complain(complaint, MICO_ERR_AUTH, "a device logs in with the certificate it left the factory with",
                             "device %s showed a certificate that is not the one on its manifest", cn);
    }
    if (device.state >= MICO_DEVICE_QUARANTINED) {
        return mico_complain(complaint, MICO_ERR_DENIED, NULL, "device %s is %s", cn,
                             mico_device_state_name(device.state));
    }
    snprintf(name, MICO_REGISTRY_USER_MAX + 1, "%s", device.id);
    return MICO_OK;
}

static bool signed_by_cloud(const struct mico_rules *rules, gnutls_x509_crt_t certificate)
{
    unsigned status = 0;
    int rc = gnutls_x509_crt_verify(certificate, rules->cloud_roots, (int)rules->cloud_root_count,
                                    GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status);
    return rc == 0 && status == 0;
}

mico_err mico_rules_certificate(struct mico_rules *rules, struct mico_span der, const char *client_id,
                                char name[MICO_REGISTRY_USER_MAX + 1], struct mico_complaint *complaint)
{
    gnutls_x509_crt_t certificate;
    gnutls_datum_t datum = {(unsigned char *)(uintptr_t)der.data, (unsigned)der.len};
    char cn[65];
    size_t cn_len = sizeof cn;
    uint8_t sha256[32];
    name[0] = 0;
    if (gnutls_x509_crt_init(&certificate) < 0) {
        return mico_complain(complaint, MICO_ERR_FULL, NULL, "out of memory");
    }
    mico_err err;
    if (gnutls_x509_crt_import(certificate, &datum, GNUTLS_X509_FMT_DER) < 0 ||
        gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.len, sha256) < 0) {
        err = mico_complain(complaint, MICO_ERR_FORMAT, NULL, "the client's certificate cannot be read");
    } else if (gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, cn, &cn_len) < 0 ||
               strlen(cn) != cn_len) {
        err = mico_complain(complaint, MICO_ERR_AUTH, NULL, "the client's certificate names nobody (subject CN)");
    } else if (signed_by_cloud(rules, certificate)) {
        err = own_login(cn, name, complaint);
    } else {
        err = device_login(rules, cn, sha256, name, complaint);
    }
    gnutls_x509_crt_deinit(certificate);
    if (!err) {
        err = check_client_id(name, client_id, complaint);
    }
    if (err) {
        name[0] = 0;
    }
    return err;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

mico_err mico_rules_password(struct mico_rules *rules, const char *address, const char *user, const char *password,
                             const char *client_id, struct mico_complaint *complaint)
{
    bool good = false;
    if (!user || !password) {
        return mico_complain(complaint, MICO_ERR_AUTH, "give a user name and a password",
                             "a client without certificate "
                             "gave no %s",
                             user ? "password" : "user name");
    }
    if (!mico_throttle_may(&rules->throttle, address, user, now_ms())) {
        return mico_complain(complaint, MICO_ERR_BUSY, "wait some seconds between tries",
                             "too many wrong passwords: this one was not looked at");
    }
    mico_err err = mico_registry_check_password(rules->registry, user, password, &good);
    if (err) {
        return mico_complain_registry(complaint, err);
    }
    if (!good) {
        mico_throttle_wrong(&rules->throttle, address, user, now_ms());
        return mico_complain(complaint, MICO_ERR_AUTH, "mico-cloud user add makes users",
                             "wrong user name or password");
    }
    mico_throttle_right(&rules->throttle, address, user, now_ms());
    return check_client_id(user, client_id, complaint);
}

/* ---- topics ---- */

#define PREFIX "mico/"
#define PREFIX_LEN 5

/* What follows "mico/<device id>/", and the id; NULL for any other topic. */
static const char *under_device(const char *topic, char id[MICO_REGISTRY_ID_SIZE + 1])
{
    if (strlen(topic) <= PREFIX_LEN + MICO_REGISTRY_ID_SIZE || strncmp(topic, PREFIX, PREFIX_LEN) != 0 ||
        topic[PREFIX_LEN + MICO_REGISTRY_ID_SIZE] != '/') {
        return NULL;
    }
    memcpy(id, topic + PREFIX_LEN, MICO_REGISTRY_ID_SIZE);
    id[MICO_REGISTRY_ID_SIZE] = 0;
    return mico_registry_id_is_good(id) ? topic + PREFIX_LEN + MICO_REGISTRY_ID_SIZE + 1 : NULL;
}

static bool is_relay(const char *rest)
{
    return strncmp(rest, "relay/", 6) == 0;
}

/* relay/<cid>/c or relay/<cid>/d. A subscriber may say '+' for <cid>. */
static bool is_relay_direction(const char *rest, char direction)
{
    if (!is_relay(rest)) {
        return false;
    }
    size_t cid = strcspn(rest + 6, "/#");
    return cid > 0 && rest[6 + cid] == '/' && rest[7 + cid] == direction && rest[8 + cid] == 0;
}

static bool device_may(const char *name, const char *topic, bool retain)
{
    char id[MICO_REGISTRY_ID_SIZE + 1];
    const char *rest = under_device(topic, id);
    return rest && strcmp(id, name) == 0 && !(retain && is_relay(rest)); /* a stale frame would meet the next session */
}

static bool user_may(struct mico_rules *rules, const char *name, enum mico_topic_access access, const char *topic,
                     bool retain)
{
    char id[MICO_REGISTRY_ID_SIZE + 1];
    bool may = false;
    const char *rest = under_device(topic, id);
    if (!rest || !is_relay_direction(rest, access == MICO_TOPIC_WRITE ? 'c' : 'd') || retain) {
        return false;
    }
    return mico_registry_may_use(rules->registry, name, id, &may) == MICO_OK && may;
}

static bool service_may(enum mico_topic_access access, const char *topic)
{
    char id[MICO_REGISTRY_ID_SIZE + 1];
    if (access == MICO_TOPIC_SUBSCRIBE) {
        return strcmp(topic, "mico/+/status") == 0;
    }
    const char *rest = under_device(topic, id);
    return access == MICO_TOPIC_READ && rest && strcmp(rest, "status") == 0;
}

bool mico_rules_may(struct mico_rules *rules, const char *name, enum mico_topic_access access, const char *topic,
                    bool retain)
{
    if (!name || !topic) {
        return false;
    }
    retain = retain && access == MICO_TOPIC_WRITE;
    if (mico_registry_id_is_good(name)) {
        return device_may(name, topic, retain);
    }
    if (mico_registry_user_is_good(name)) {
        return user_may(rules, name, access, topic, retain);
    }
    if (strcmp(name, MICO_SERVICE_NAME) == 0) {
        return service_may(access, topic);
    }
    return strcmp(name, MICO_OPERATOR_NAME) == 0 && access != MICO_TOPIC_WRITE;
}

/* ---- who has to go ---- */

struct expulsion {
    struct mico_rules *rules;
    void (*expel)(void *ctx, const char *name);
    void *ctx;
};

static bool look(void *ctx, const struct mico_audit_entry *entry)
{
    struct expulsion *expulsion = ctx;
    if (strcmp(entry->action, "device.quarantined") == 0 || strcmp(entry->action, "device.retired") == 0) {
        expulsion->expel(expulsion->ctx, entry->subject);
    }
    expulsion->rules->seen = entry->seq;
    return true;
}

mico_err mico_rules_expelled(struct mico_rules *rules, void (*expel)(void *ctx, const char *name), void *ctx)
{
    struct expulsion expulsion = {rules, expel, ctx};
    return mico_registry_audit_each(rules->registry, rules->seen, look, &expulsion);
}

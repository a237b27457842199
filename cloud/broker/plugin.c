/* SPDX-License-Identifier: Apache-2.0 */
/* mico_broker.so, a plugin of Mosquitto 2.0 (plugin interface 5): hands each login and each topic to the rules, and
 * disconnects within 50 ms whom the registry no longer lets in. The broker calls it from one thread. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mosquitto.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>
#include <openssl/x509.h>

#include "cloud/broker/rules.h"

#define LOOK_EVERY_MS 50

struct plugin {
    mosquitto_plugin_id_t *id;
    struct mico_rules *rules;
    int64_t looked_ms;
    bool blind; /* the registry could not be read at the last look: said once, not twenty times a second */
};

static int refused(struct mosquitto *client, const struct mico_complaint *complaint)
{
    const char *address = mosquitto_client_address(client);
    mosquitto_log_printf(MOSQ_LOG_WARNING, "mico: refused %s: %s%s%s", address ? address : "a client", complaint->what,
                         complaint->next[0] ? "; " : "", complaint->next);
    return MOSQ_ERR_AUTH;
}

static mico_err login_certificate(struct plugin *plugin, X509 *certificate, struct mosquitto *client,
                                  struct mico_complaint *complaint)
{
    char name[MICO_REGISTRY_USER_MAX + 1];
    unsigned char *der = NULL;
    int len = i2d_X509(certificate, &der);
    if (len <= 0) {
        return mico_complain(complaint, MICO_ERR_FORMAT, NULL, "the client's certificate cannot be read");
    }
    const char *client_id = mosquitto_client_id(client);
    mico_err err = mico_rules_certificate(plugin->rules, (struct mico_span){der, (size_t)len},
                                          client_id ? client_id : "", name, complaint);
    OPENSSL_free(der);
    if (!err && mosquitto_set_username(client, name) != MOSQ_ERR_SUCCESS) {
        err = mico_complain(complaint, MICO_ERR_FULL, NULL, "out of memory");
    }
    return err;
}

static int on_login(int event, void *event_data, void *userdata)
{
    struct plugin *plugin = userdata;
    struct mosquitto_evt_basic_auth *login = event_data;
    struct mico_complaint complaint = {0};
    mico_err err;
    X509 *certificate = mosquitto_client_certificate(login->client);
    if (certificate) {
        err = login_certificate(plugin, certificate, login->client, &complaint);
        X509_free(certificate);
    } else {
        const char *client_id = mosquitto_client_id(login->client);
        err = mico_rules_password(plugin->rules, mosquitto_client_address(login->client), login->username,
                                  login->password, client_id ? client_id : "", &complaint);
    }
    return err ? refused(login->client, &complaint) : MOSQ_ERR_SUCCESS;
}

static int on_topic(int event, void *event_data, void *userdata)
{
    struct plugin *plugin = userdata;
    struct mosquitto_evt_acl_check *check = event_data;
    enum mico_topic_access access;
    switch (check->access) {
    case MOSQ_ACL_READ:
        access = MICO_TOPIC_READ;
        break;
    case MOSQ_ACL_WRITE:
        access = MICO_TOPIC_WRITE;
        break;
    case MOSQ_ACL_SUBSCRIBE:
        access = MICO_TOPIC_SUBSCRIBE;
        break;
    case MOSQ_ACL_UNSUBSCRIBE:
        return MOSQ_ERR_SUCCESS;
    default:
        return MOSQ_ERR_ACL_DENIED;
    }
    bool may =
        mico_rules_may(plugin->rules, mosquitto_client_username(check->client), access, check->topic, check->retain);
    return may ? MOSQ_ERR_SUCCESS : MOSQ_ERR_ACL_DENIED;
}

static void expel(void *ctx, const char *name)
{
    mosquitto_log_printf(MOSQ_LOG_NOTICE, "mico: %s may no longer be connected", name);
    mosquitto_kick_client_by_username(name, true);
}

static int on_tick(int event, void *event_data, void *userdata)
{
    struct plugin *plugin = userdata;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t now_ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
    if (now_ms < plugin->looked_ms + LOOK_EVERY_MS) {
        return MOSQ_ERR_SUCCESS;
    }
    plugin->looked_ms = now_ms;
    bool blind = mico_rules_expelled(plugin->rules, expel, NULL) != MICO_OK;
    if (blind && !plugin->blind) {
        mosquitto_log_printf(MOSQ_LOG_ERR,
                             "mico: the registry cannot be read: quarantine takes no effect until it can");
    }
    plugin->blind = blind;
    return MOSQ_ERR_SUCCESS;
}

int mosquitto_plugin_version(int supported_version_count, const int *supported_versions)
{
    for (int i = 0; i < supported_version_count; i++) {
        if (supported_versions[i] == MOSQ_PLUGIN_VERSION) {
            return MOSQ_PLUGIN_VERSION;
        }
    }
    return -1;
}

static const char *option(const struct mosquitto_opt *options, int count, const char *key)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(options[i].key, key) == 0) {
            return options[i].value;
        }
    }
    return "";
}

int mosquitto_plugin_init(mosquitto_plugin_id_t *identifier, void **userdata, struct mosquitto_opt *options,
                          int option_count)
{
    struct plugin *plugin = calloc(1, sizeof *plugin);
    struct mico_complaint complaint = {0};
    if (!plugin) {
        return MOSQ_ERR_NOMEM;
    }
    if (mico_rules_open(option(options, option_count, "registry"), option(options, option_count, "cloud_root"),
                        &plugin->rules, &complaint)) {
        mosquitto_log_printf(MOSQ_LOG_ERR, "mico: %s; %s", complaint.what, complaint.next);
        free(plugin);
        return MOSQ_ERR_UNKNOWN;
    }
    plugin->id = identifier;
    *userdata = plugin;
    int rc = mosquitto_callback_register(identifier, MOSQ_EVT_BASIC_AUTH, on_login, NULL, plugin);
    if (rc == MOSQ_ERR_SUCCESS) {
        rc = mosquitto_callback_register(identifier, MOSQ_EVT_ACL_CHECK, on_topic, NULL, plugin);
    }
    if (rc == MOSQ_ERR_SUCCESS) {
        rc = mosquitto_callback_register(identifier, MOSQ_EVT_TICK, on_tick, NULL, plugin);
    }
    return rc;
}

int mosquitto_plugin_cleanup(void *userdata, struct mosquitto_opt *options, int option_count)
{
    struct plugin *plugin = userdata;
    mosquitto_callback_unregister(plugin->id, MOSQ_EVT_BASIC_AUTH, on_login, NULL);
    mosquitto_callback_unregister(plugin->id, MOSQ_EVT_ACL_CHECK, on_topic, NULL);
    mosquitto_callback_unregister(plugin->id, MOSQ_EVT_TICK, on_tick, NULL);
    mico_rules_close(plugin->rules);
    free(plugin);
    return MOSQ_ERR_SUCCESS;
}

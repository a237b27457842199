/* SPDX-License-Identifier: Apache-2.0 */
/* One libmosquitto client with a thread of ours: libmosquitto's own thread ends at the first TLS error. Device statuses
 * are retained, so each subscription begins with the present ones; a broker that restarted has forgotten them, and who
 * is not heard of in GRACE_MS, counted from the last of them that is noted, is offline. A status that the registry does not take (another program is writing, the
 * disk is full) is not lost: the broker has it, and a new subscription brings all of them again. */
#include "cloud/service/watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <mosquitto.h>

#include "base/log.h"
#include "cloud/broker/rules.h"

#define KEEP_ALIVE_S 30
#define LOOP_MS 100
#define RETRY_FIRST_MS 250
#define RETRY_MOST_MS 8000
#define GRACE_MS 5000 /* a device's own reconnection takes about a second */
#define AGAIN_MS 1000 /* from a status that could not be noted until all are asked for again */

struct mico_watch {
    struct mosquitto *mqtt;
    pthread_t thread;
    struct mico_registry *registry;
    bool told;         /* a failure to connect is logged once, not at every try */
    int64_t missed_ms; /* monotonic: when a status could not be noted; 0: none since the last subscription */
    int64_t since_ms;  /* of the present connection; 0 when none, or when those who did not come back are offline */
    int64_t grace_ms;  /* monotonic: from when GRACE_MS counts */
    atomic_bool connected, stop;
};

static int64_t ms_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t now_ms(void)
{
    return ms_of(CLOCK_REALTIME);
}

static void subscribe(struct mico_watch *watch)
{
    watch->missed_ms = 0;
    watch->grace_ms = ms_of(CLOCK_MONOTONIC);
    int rc = mosquitto_subscribe(watch->mqtt, NULL, "mico/+/status", 1);
    if (rc != MOSQ_ERR_SUCCESS) {
        MICO_LOG("watch", "subscribe: %s", mosquitto_strerror(rc));
    }
}

static void on_connect(struct mosquitto *mqtt, void *ctx, int rc)
{
    struct mico_watch *watch = ctx;
    if (rc != 0) {
        if (!watch->told) {
            MICO_LOG("watch", "the broker refused the service: %s", mosquitto_connack_string(rc));
        }
        return;
    }
    watch->told = false;
    watch->since_ms = now_ms();
    subscribe(watch);
}

static void on_subscribe(struct mosquitto *mqtt, void *ctx, int id, int count, const int *granted)
{
    struct mico_watch *watch = ctx;
    bool good = count == 1 && granted[0] <= 1;
    bool before = atomic_exchange(&watch->connected, good);
    if (good && before) {
        return; /* the statuses once more: subscribe, after a miss */
    }
    MICO_LOG("watch", good ? "watching the broker"
                           : "the broker refused mico/+/status: is the certificate's CN " MICO_SERVICE_NAME "?");
}

static void lost(struct mico_watch *watch, int rc)
{
    atomic_store(&watch->connected, false);
    watch->since_ms = 0;
    if (!watch->told) {
        MICO_LOG("watch", "no connection to the broker (%s): trying again until there is", mosquitto_strerror(rc));
    }
    watch->told = true;
}

static void on_log(struct mosquitto *mqtt, void *ctx, int level, const char *text)
{
    struct mico_watch *watch = ctx;
    if (level == MOSQ_LOG_ERR && !watch->told) {
        MICO_LOG("watch", "broker connection: %s", text);
    }
}

/* "mico/<id>/status" */
static bool id_of(const char *topic, char id[MICO_REGISTRY_ID_SIZE + 1])
{
    if (strlen(topic) != 5 + MICO_REGISTRY_ID_SIZE + 7 || strncmp(topic, "mico/", 5) != 0 ||
        strcmp(topic + 5 + MICO_REGISTRY_ID_SIZE, "/status") != 0) {
        return false;
    }
    memcpy(id, topic + 5, MICO_REGISTRY_ID_SIZE);
    id[MICO_REGISTRY_ID_SIZE] = 0;
    return mico_registry_id_is_good(id);
}

static bool payload_is(const struct mosquitto_message *message, const char *text)
{
    return (size_t)message->payloadlen == strlen(text) && memcmp(message->payload, text, strlen(text)) == 0;
}

static void on_message(struct mosquitto *mqtt, void *ctx, const struct mosquitto_message *message)
{
    struct mico_watch *watch = ctx;
    char id[MICO_REGISTRY_ID_SIZE + 1];
    bool online = payload_is(message, "online"), known, changed;
    if (watch->missed_ms != 0) {
        return; /* it comes again with the one that was missed; waiting for the registry each time would lose the broker */
    }
    if (!id_of(message->topic, id) || (!online && !payload_is(message, "offline"))) {
        MICO_LOG("watch", "ignored a status that is neither online nor offline");
        return;
    }
    mico_err err = mico_registry_set_online(watch->registry, id, online, now_ms(), &known, &changed);
    if (message->retain) { /* more of those that the subscription brings may follow */
        watch->grace_ms = ms_of(CLOCK_MONOTONIC);
    }
    if (err) {
        watch->missed_ms = ms_of(CLOCK_MONOTONIC);
        MICO_LOG("watch", "%s %s was not noted (the registry: %s): asking for all statuses again", id,
                 online ? "online" : "offline", mico_err_name(err));
    } else if (changed) {
        MICO_LOG("watch", "%s is %s", id, online ? "online" : "offline");
    }
}

static int configure(struct mico_watch *watch, const struct mico_watch_config *config)
{
    struct mosquitto *m = watch->mqtt;
    mosquitto_connect_callback_set(m, on_connect);
    mosquitto_subscribe_callback_set(m, on_subscribe);
    mosquitto_message_callback_set(m, on_message);
    mosquitto_log_callback_set(m, on_log);
    mosquitto_int_option(m, MOSQ_OPT_TCP_NODELAY, 1);
    int rc = mosquitto_tls_set(m, config->cafile, NULL, config->cert, config->key, NULL);
    if (rc == MOSQ_ERR_SUCCESS) {
        rc = mosquitto_tls_opts_set(m, 1, "tlsv1.2", NULL);
    }
    if (rc == MOSQ_ERR_SUCCESS) {
        rc = mosquitto_connect_async(m, config->host, (int)config->port, KEEP_ALIVE_S);
    }
    /* A broker that is not there yet is no error: the thread goes on trying. */
    return rc == MOSQ_ERR_INVAL || rc == MOSQ_ERR_NOMEM || rc == MOSQ_ERR_NOT_SUPPORTED ? rc : MOSQ_ERR_SUCCESS;
}

/* Who was online before the connection and has not been heard of in it is offline. */
static void tend(struct mico_watch *watch)
{
    unsigned count;
    bool waits = watch->since_ms == 0 || watch->missed_ms != 0 || !mico_watch_is_connected(watch);
    if (waits || ms_of(CLOCK_MONOTONIC) < watch->grace_ms + GRACE_MS) {
        return;
    }
    if (mico_registry_expire_online(watch->registry, watch->since_ms, &count)) {
        watch->grace_ms = ms_of(CLOCK_MONOTONIC) - GRACE_MS + AGAIN_MS; /* logged */
        return;
    }
    if (count > 0) {
        MICO_LOG("watch", "%u devices did not come back: offline", count);
    }
    watch->since_ms = 0;
}

static void rest(struct mico_watch *watch, unsigned ms)
{
    for (unsigned slept = 0; slept < ms && !atomic_load(&watch->stop); slept += 50) {
        usleep(50000);
    }
}

static void *run(void *ctx)
{
    struct mico_watch *watch = ctx;
    unsigned retry_ms = RETRY_FIRST_MS;
    while (!atomic_load(&watch->stop)) {
        int rc = mosquitto_loop(watch->mqtt, LOOP_MS, 1);
        if (mico_watch_is_connected(watch)) {
            retry_ms = RETRY_FIRST_MS;
        }
        if (rc == MOSQ_ERR_SUCCESS) {
            if (watch->missed_ms != 0 && ms_of(CLOCK_MONOTONIC) - watch->missed_ms >= AGAIN_MS) {
                subscribe(watch);
            }
            tend(watch);
            continue;
        }
        lost(watch, rc);
        rest(watch, retry_ms);
        retry_ms = retry_ms * 2 < RETRY_MOST_MS ? retry_ms * 2 : RETRY_MOST_MS;
        (void)mosquitto_reconnect_async(watch->mqtt); /* its failure is the next loop's */
    }
    mosquitto_disconnect(watch->mqtt);
    mosquitto_loop_write(watch->mqtt, 1);
    return NULL;
}

static void release(struct mico_watch *watch)
{
    if (watch->mqtt) {
        mosquitto_destroy(watch->mqtt);
    }
    mosquitto_lib_cleanup();
    mico_registry_close(watch->registry);
    free(watch);
}

mico_err mico_watch_start(const struct mico_watch_config *config, struct mico_watch **out,
                          struct mico_complaint *complaint)
{
    struct mico_watch *watch = calloc(1, sizeof *watch);
    *out = NULL;
    if (!watch) {
        return mico_complain(complaint, MICO_ERR_FULL, NULL, "out of memory");
    }
    mico_err err = mico_registry_open(config->registry, &watch->registry, complaint);
    if (err) {
        free(watch);
        return err;
    }
    mosquitto_lib_init();
    watch->mqtt = mosquitto_new(MICO_SERVICE_NAME, true, watch);
    int rc = watch->mqtt ? configure(watch, config) : MOSQ_ERR_NOMEM;
    if (rc == MOSQ_ERR_SUCCESS && pthread_create(&watch->thread, NULL, run, watch) != 0) {
        rc = MOSQ_ERR_NOMEM;
    }
    if (rc != MOSQ_ERR_SUCCESS) {
        release(watch);
        return mico_complain(complaint, MICO_ERR_IO, "check --broker, --broker-cafile, --broker-cert and --broker-key",
                             "cannot watch the broker %s:%u: %s", config->host, config->port, mosquitto_strerror(rc));
    }
    *out = watch;
    return MICO_OK;
}

bool mico_watch_is_connected(struct mico_watch *watch)
{
    return atomic_load(&watch->connected);
}

void mico_watch_stop(struct mico_watch *watch)
{
    if (!watch) {
        return;
    }
    atomic_store(&watch->stop, true);
    pthread_join(watch->thread, NULL);
    release(watch);
}

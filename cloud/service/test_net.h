/* SPDX-License-Identifier: Apache-2.0 */
/* For end-to-end tests: programs started and stopped, free ports, MQTT clients (libmosquitto), HTTPS by curl. */
#ifndef CLOUD_SERVICE_TEST_NET_H
#define CLOUD_SERVICE_TEST_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct mosquitto;

#define TEST_ANSWER_MS 5000

/** A free loopback port. */
unsigned test_free_port(void);
/** True once something listens there. */
bool test_port_opens(unsigned port);

/** Start argv[0] (found in PATH) with its output in log. */
pid_t test_start(const char *log, const char *const argv[]);
/** SIGTERM; the exit code, or 128 + the signal. */
int test_stop(pid_t pid);

/** Run a command line to its end; its output (stdout and stderr) in out. Returns its exit code. */
int test_run(char *out, size_t cap, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* An MQTT client with a thread of its own. */
struct test_client {
    struct mosquitto *mqtt;
    volatile int connack;  /* -1 none, else the code */
    volatile bool closed;  /* by the other side */
    volatile int granted;  /* -1 none, else what SUBACK said */
    volatile int received; /* messages */
    char topic[256];
    char payload[256];
};

struct test_login {
    unsigned port;
    const char *root;      /* PEM of the server's root */
    const char *cert;      /* NAME of NAME.pem and NAME.key; NULL: none */
    const char *key;       /* NAME of another key; NULL: cert's */
    const char *client_id; /* NULL: the broker draws one */
    const char *user, *password;
    const char *will_topic; /* "offline", retained; NULL: none */
};

/** Connect and wait: 0 when let in, the CONNACK code when not, -1 when TLS or the broker ended it before. */
int test_connect(struct test_client *client, const struct test_login *login);
/** What SUBACK granted (0, 1), 128 when refused, -1 without answer. */
int test_subscribe(struct test_client *client, const char *filter);
void test_publish(struct test_client *client, const char *topic, const char *payload, bool retain);
/** True when that many messages came within TEST_ANSWER_MS. */
bool test_receives(struct test_client *client, int messages);
bool test_is_closed(struct test_client *client);
/** Leave with goodbye, or (abruptly) without. */
void test_leave(struct test_client *client, bool abruptly);

#endif

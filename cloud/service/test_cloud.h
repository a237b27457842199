/* SPDX-License-Identifier: Apache-2.0 */
/* The cloud as it runs, for tests: a real Mosquitto with the plugin, the identity service, real MQTT clients and curl,
 * on free loopback ports, with certificates made here, in a folder of its own. */
#ifndef CLOUD_SERVICE_TEST_CLOUD_H
#define CLOUD_SERVICE_TEST_CLOUD_H

#include "cloud/broker/test_pki.h"
#include "cloud/service/test_net.h"

#define CLOUD MICO_CLOUD_PROGRAM

struct test_cloud {
    unsigned port, user_port, http_port;
    pid_t broker, service;
    struct test_cert maker, issuing, cloud, a, b; /* a is alice's device, b is bob's */
    char out[65536];                              /* what the last command or request said */
};

extern struct test_cloud t;

/** A group's setup and teardown: certificates, a registry with both devices and users, broker and service. */
int test_cloud_start(void **state);
int test_cloud_stop(void **state);
void test_start_broker(void);
void test_start_service(void);

/** A certificate of a new key, as FILE.pem and FILE.key. */
void test_issue(const char *cn, enum test_role role, const struct test_cert *issuer, const char *file);

/** Fail with what was said unless code is 0. */
void test_must(int code);
/** True when t.out has the text. */
bool test_says(const char *text);
/** Ask the API with the certificate CERT; the answer, then the status on a line of its own, in t.out. */
int test_curl(const char *cert, const char *options, const char *path);
/** The API says so about the device, at the latest after TEST_ANSWER_MS. */
bool test_api_says(const struct test_cert *device, const char *text);

/** mico/<id>/<rest>; good for the next three calls. */
const char *test_topic(const struct test_cert *device, const char *rest);
/** Log in at the broker; as test_connect. */
int test_device_login(struct test_client *client, const struct test_cert *device, const char *files);
int test_user_login(struct test_client *client, const char *name, const char *password);

#endif

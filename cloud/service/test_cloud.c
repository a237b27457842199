/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mosquitto.h>
#include <unistd.h>

#include <cmocka.h>

#include "cloud/registry/registry.h"
#include "cloud/service/test_cloud.h"

#define PLUGIN MICO_BROKER_PLUGIN

struct test_cloud t;

void test_issue(const char *cn, enum test_role role, const struct test_cert *issuer, const char *file)
{
    struct test_cert cert;
    test_cert_make(&cert, cn, role, issuer);
    test_cert_write(&cert, issuer == &t.issuing ? &t.issuing : NULL, file);
    test_cert_free(&cert);
}

static void make_certificates(void)
{
    test_cert_make(&t.maker, "Maker root", TEST_CA, NULL);
    test_cert_make(&t.issuing, "Maker issuing", TEST_CA, &t.maker);
    test_cert_make(&t.cloud, "Cloud root", TEST_CA, NULL);
    test_cert_make(&t.a, NULL, TEST_CLIENT, &t.issuing);
    test_cert_make(&t.b, NULL, TEST_CLIENT, &t.issuing);
    test_cert_write(&t.maker, NULL, "maker");
    test_cert_write(&t.cloud, NULL, "cloud");
    test_cert_write(&t.a, &t.issuing, "a");
    test_cert_write(&t.b, &t.issuing, "b");
    test_issue("localhost", TEST_SERVER, &t.cloud, "server");
    test_issue("mico-cloud", TEST_CLIENT, &t.cloud, "service");
    test_issue("operator", TEST_CLIENT, &t.cloud, "operator");
}

static void add_device(struct mico_registry *registry, const struct test_cert *cert, const char *serial)
{
    struct mico_new_device device = {
        .id = cert->device_id, .serial = serial, .certificate = {cert->der, cert->der_len}};
    bool added;
    memcpy(device.identity_key, cert->public_key, 32);
    memcpy(device.certificate_sha256, cert->sha256, 32);
    assert_int_equal(mico_registry_add_device(registry, "test", &device, &added, NULL), MICO_OK);
}

static void add_devices(void)
{
    struct mico_registry *registry;
    assert_int_equal(mico_registry_open("cloud.db", &registry, NULL), MICO_OK);
    add_device(registry, &t.a, "a0");
    add_device(registry, &t.b, "b0");
    mico_registry_close(registry);
}

void test_start_broker(void)
{
    t.broker = test_start("broker.log", (const char *[]){"mosquitto", "-c", "broker/mosquitto.conf", NULL});
    if (!test_port_opens(t.port)) {
        test_run(t.out, sizeof t.out, "cat broker.log");
        fail_msg("mosquitto did not start (apt-get install mosquitto): %s", t.out);
    }
}

void test_start_service(void)
{
    char at[64], https[16];
    snprintf(at, sizeof at, "localhost:%u", t.port);
    snprintf(https, sizeof https, "%u", t.http_port);
    t.service = test_start("service.log", (const char *[]){CLOUD,
                                                           "serve",
                                                           "--db",
                                                           "cloud.db",
                                                           "--address",
                                                           "127.0.0.1",
                                                           "--port",
                                                           https,
                                                           "--cert",
                                                           "server.pem",
                                                           "--key",
                                                           "server.key",
                                                           "--client-ca",
                                                           "cloud.pem",
                                                           "--broker",
                                                           at,
                                                           "--broker-cafile",
                                                           "cloud.pem",
                                                           "--broker-cert",
                                                           "service.pem",
                                                           "--broker-key",
                                                           "service.key",
                                                           NULL});
    if (!test_port_opens(t.http_port)) {
        test_run(t.out, sizeof t.out, "cat service.log");
        fail_msg("the service did not start: %s", t.out);
    }
}

void test_must(int code)
{
    if (code != 0) {
        fail_msg("%s", t.out);
    }
}

int test_cloud_start(void **state)
{
    char folder[] = "cloud-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    setenv("PATH", "/usr/sbin:/usr/bin:/bin:/sbin", 1);
    mosquitto_lib_init();
    t.port = test_free_port();
    t.user_port = test_free_port();
    t.http_port = test_free_port();
    make_certificates();
    test_must(test_run(t.out, sizeof t.out, CLOUD " init --db cloud.db"));
    add_devices();
    test_must(test_run(t.out, sizeof t.out, "echo 'correct horse' > alice.txt; echo 'battery staple' > bob.txt"));
    test_must(test_run(t.out, sizeof t.out, CLOUD " user add --db cloud.db alice --password-file alice.txt --device %s",
                       t.a.device_id));
    test_must(test_run(t.out, sizeof t.out, CLOUD " user add --db cloud.db bob --password-file bob.txt --device %s",
                       t.b.device_id));
    test_must(test_run(
        t.out, sizeof t.out,
        CLOUD " broker-config --db cloud.db --dir broker --address 127.0.0.1 --port %u "
              "--user-port %u --server-cert server.pem --server-key server.key --device-ca maker.pem --cloud-root "
              "cloud.pem --plugin " PLUGIN,
        t.port, t.user_port));
    test_start_broker();
    test_start_service();
    return 0;
}

int test_cloud_stop(void **state)
{
    int service_code = test_stop(t.service), broker_code = test_stop(t.broker);
    mosquitto_lib_cleanup();
    char folder[4096];
    assert_non_null(getcwd(folder, sizeof folder));
    assert_int_equal(chdir(".."), 0);
    test_run(t.out, sizeof t.out, "rm -r %s", folder);
    test_cert_free(&t.maker);
    test_cert_free(&t.issuing);
    test_cert_free(&t.cloud);
    test_cert_free(&t.a);
    test_cert_free(&t.b);
    return service_code != 0 || broker_code != 0;
}

/* ---- short words ---- */

int test_curl(const char *cert, const char *options, const char *path)
{
    return test_run(t.out, sizeof t.out,
                    "curl -sS --cacert cloud.pem --cert %s.pem --key %s.key %s -w '\\n%%{http_code}' "
                    "https://localhost:%u/api/v1/%s",
                    cert, cert, options, t.http_port, path);
}

bool test_says(const char *text)
{
    return strstr(t.out, text) != NULL;
}

bool test_api_says(const struct test_cert *device, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "devices/%s", device->device_id);
    for (int waited = 0; waited < TEST_ANSWER_MS; waited += 50) {
        if (test_curl("operator", "", path) == 0 && test_says(text)) {
            return true;
        }
        usleep(50000);
    }
    return false;
}

const char *test_topic(const struct test_cert *device, const char *rest)
{
    static char topics[4][128];
    static unsigned next;
    char *topic = topics[next++ % 4];
    snprintf(topic, sizeof topics[0], "mico/%s/%s", device->device_id, rest);
    return topic;
}

int test_device_login(struct test_client *client, const struct test_cert *device, const char *files)
{
    struct test_login login = {.port = t.port,
                               .root = "cloud.pem",
                               .cert = files,
                               .client_id = device->device_id,
                               .will_topic = test_topic(device, "status")};
    return test_connect(client, &login);
}

int test_user_login(struct test_client *client, const char *name, const char *password)
{
    struct test_login login = {
        .port = t.user_port, .root = "cloud.pem", .client_id = name, .user = name, .password = password};
    return test_connect(client, &login);
}

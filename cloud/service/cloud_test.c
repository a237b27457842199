/* SPDX-License-Identifier: Apache-2.0 */
/* The cloud as it runs: a real Mosquitto with the plugin, the identity service, real MQTT clients and curl, on free
 * loopback ports, with certificates made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>

#include <mosquitto.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cmocka.h>

#include "cloud/broker/test_pki.h"
#include "cloud/registry/registry.h"
#include "cloud/service/test_net.h"

#define CLOUD MICO_CLOUD_PROGRAM
#define PLUGIN MICO_BROKER_PLUGIN

static unsigned port, user_port, http_port;
static pid_t broker, service;
static struct test_cert maker, issuing, cloud, a, b;
static char out[65536];

/* ---- the fixture ---- */

static void issue(const char *cn, enum test_role role, const struct test_cert *issuer, const char *file)
{
    struct test_cert cert;
    test_cert_make(&cert, cn, role, issuer);
    test_cert_write(&cert, issuer == &issuing ? &issuing : NULL, file);
    test_cert_free(&cert);
}

static void make_certificates(void)
{
    test_cert_make(&maker, "Maker root", TEST_CA, NULL);
    test_cert_make(&issuing, "Maker issuing", TEST_CA, &maker);
    test_cert_make(&cloud, "Cloud root", TEST_CA, NULL);
    test_cert_make(&a, NULL, TEST_CLIENT, &issuing);
    test_cert_make(&b, NULL, TEST_CLIENT, &issuing);
    test_cert_write(&maker, NULL, "maker");
    test_cert_write(&cloud, NULL, "cloud");
    test_cert_write(&a, &issuing, "a");
    test_cert_write(&b, &issuing, "b");
    issue("localhost", TEST_SERVER, &cloud, "server");
    issue("mico-cloud", TEST_CLIENT, &cloud, "service");
    issue("operator", TEST_CLIENT, &cloud, "operator");
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
    add_device(registry, &a, "a0");
    add_device(registry, &b, "b0");
    mico_registry_close(registry);
}

static void start_broker(void)
{
    broker = test_start("broker.log", (const char *[]){"mosquitto", "-c", "broker/mosquitto.conf", NULL});
    if (!test_port_opens(port)) {
        test_run(out, sizeof out, "cat broker.log");
        fail_msg("mosquitto did not start (apt-get install mosquitto): %s", out);
    }
}

static void start_service(void)
{
    char at[64], https[16];
    snprintf(at, sizeof at, "localhost:%u", port);
    snprintf(https, sizeof https, "%u", http_port);
    service = test_start("service.log", (const char *[]){CLOUD,
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
    if (!test_port_opens(http_port)) {
        test_run(out, sizeof out, "cat service.log");
        fail_msg("the service did not start: %s", out);
    }
}

static void must(int code)
{
    if (code != 0) {
        fail_msg("%s", out);
    }
}

static int start(void **state)
{
    char folder[] = "cloud-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    setenv("PATH", "/usr/sbin:/usr/bin:/bin:/sbin", 1);
    mosquitto_lib_init();
    port = test_free_port();
    user_port = test_free_port();
    http_port = test_free_port();
    make_certificates();
    must(test_run(out, sizeof out, CLOUD " init --db cloud.db"));
    add_devices();
    must(test_run(out, sizeof out, "echo 'correct horse' > alice.txt; echo 'battery staple' > bob.txt"));
    must(test_run(out, sizeof out, CLOUD " user add --db cloud.db alice --password-file alice.txt --device %s",
                  a.device_id));
    must(test_run(out, sizeof out, CLOUD " user add --db cloud.db bob --password-file bob.txt --device %s",
                  b.device_id));
    must(test_run(out, sizeof out,
                  CLOUD
                  " broker-config --db cloud.db --dir broker --address 127.0.0.1 --port %u "
                  "--user-port %u --server-cert server.pem --server-key server.key --device-ca maker.pem --cloud-root "
                  "cloud.pem --plugin " PLUGIN,
                  port, user_port));
    start_broker();
    start_service();
    return 0;
}

static int stop(void **state)
{
    int service_code = test_stop(service), broker_code = test_stop(broker);
    mosquitto_lib_cleanup();
    char folder[4096];
    assert_non_null(getcwd(folder, sizeof folder));
    assert_int_equal(chdir(".."), 0);
    test_run(out, sizeof out, "rm -r %s", folder);
    test_cert_free(&maker);
    test_cert_free(&issuing);
    test_cert_free(&cloud);
    test_cert_free(&a);
    test_cert_free(&b);
    return service_code != 0 || broker_code != 0;
}

/* ---- short names ---- */

static int curl(const char *cert, const char *options, const char *path)
{
    return test_run(out, sizeof out,
                    "curl -sS --cacert cloud.pem --cert %s.pem --key %s.key %s -w '\\n%%{http_code}' "
                    "https://localhost:%u/api/v1/%s",
                    cert, cert, options, http_port, path);
}

static bool says(const char *text)
{
    return strstr(out, text) != NULL;
}

/* The API says so about the device, at the latest after TEST_ANSWER_MS. */
static bool api_says(const struct test_cert *device, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "devices/%s", device->device_id);
    for (int waited = 0; waited < TEST_ANSWER_MS; waited += 50) {
        if (curl("operator", "", path) == 0 && says(text)) {
            return true;
        }
        usleep(50000);
    }
    return false;
}

static const char *topic_of(const struct test_cert *device, const char *rest)
{
    static char topics[4][128];
    static unsigned next;
    char *topic = topics[next++ % 4];
    snprintf(topic, sizeof topics[0], "mico/%s/%s", device->device_id, rest);
    return topic;
}

static int device_login(struct test_client *client, const struct test_cert *device, const char *files)
{
    struct test_login login = {.port = port,
                               .root = "cloud.pem",
                               .cert = files,
                               .client_id = device->device_id,
                               .will_topic = topic_of(device, "status")};
    return test_connect(client, &login);
}

static int user_login(struct test_client *client, const char *name, const char *password)
{
    struct test_login login = {
        .port = user_port, .root = "cloud.pem", .client_id = name, .user = name, .password = password};
    return test_connect(client, &login);
}

/* ---- tests ---- */

static void registered_device_is_shown_online_and_its_will_makes_it_offline(void **state)
{
    struct test_client device;
    assert_int_equal(device_login(&device, &a, "a"), 0);
    test_publish(&device, topic_of(&a, "status"), "online", true);
    assert_true(api_says(&a, "\"online\":\ttrue"));
    assert_true(says("\"state\":\t\"active\""));
    test_leave(&device, true);
    assert_true(api_says(&a, "\"online\":\tfalse"));
    assert_false(says("\"last_seen\":\tnull"));
    must(test_run(out, sizeof out, CLOUD " audit --db cloud.db"));
    assert_true(says("device.online") && says("device.offline") && says("chain good"));
}

static void certificate_off_the_manifest_is_refused(void **state)
{
    struct test_cert extra;
    struct test_client device;
    test_cert_make(&extra, NULL, TEST_CLIENT, &issuing); /* genuine CA, never on a manifest */
    test_cert_write(&extra, &issuing, "extra");
    assert_int_equal(device_login(&device, &extra, "extra"), 5);
    test_leave(&device, false);
    test_cert_free(&extra);
    test_run(out, sizeof out, "cat broker.log");
    assert_true(says("is on any manifest"));
}

static void right_name_with_another_key_is_refused(void **state)
{
    struct test_client device;
    struct test_cert twin;
    test_cert_make(&twin, a.device_id, TEST_CLIENT, &issuing); /* even from the genuine CA */
    test_cert_write(&twin, &issuing, "twin");
    assert_int_equal(device_login(&device, &a, "twin"), 5);
    test_leave(&device, false);
    test_cert_free(&twin);

    issue(a.device_id, TEST_CLIENT, NULL, "lookalike"); /* self-signed: TLS refuses */
    assert_int_equal(device_login(&device, &a, "lookalike"), -1);
    test_leave(&device, false);

    struct test_login stolen = {.port = port, .root = "cloud.pem", .cert = "a", .key = "b", .client_id = a.device_id};
    assert_int_equal(test_connect(&device, &stolen), -1); /* the certificate is public, its key is not */
    test_leave(&device, false);
}

static void no_certificate_no_connection(void **state)
{
    struct test_client client;
    struct test_login login = {
        .port = port, .root = "cloud.pem", .client_id = "alice", .user = "alice", .password = "correct horse"};
    assert_int_equal(test_connect(&client, &login), -1);
    test_leave(&client, false);
    login = (struct test_login){.port = user_port, .root = "cloud.pem", .client_id = "x"};
    assert_int_equal(test_connect(&client, &login), 5); /* anonymous */
    test_leave(&client, false);
}

static void makers_ca_mints_no_operator_and_clouds_no_device(void **state)
{
    struct test_client client;
    struct test_login login = {.port = port, .root = "cloud.pem", .cert = "fake", .client_id = "operator"};
    issue("operator", TEST_CLIENT, &issuing, "fake");
    assert_int_equal(test_connect(&client, &login), 5);
    test_leave(&client, false);
    issue(a.device_id, TEST_CLIENT, &cloud, "fake");
    assert_int_equal(device_login(&client, &a, "fake"), 5);
    test_leave(&client, false);
    assert_int_equal(curl("a", "", "devices"), 0); /* a device asks the operator's API */
    assert_true(says("403"));
    assert_int_equal(curl("service", "", "devices"), 0);
    assert_true(says("403"));
    assert_int_equal(test_run(out, sizeof out,
                              "curl -sS --cacert cloud.pem -w '\\n%%{http_code}' "
                              "https://localhost:%u/api/v1/devices",
                              http_port),
                     0);
    assert_true(says("403"));
}

static void device_cannot_hear_or_speak_for_another(void **state)
{
    struct test_client one, two;
    assert_int_equal(device_login(&one, &a, "a"), 0);
    assert_int_equal(device_login(&two, &b, "b"), 0);
    assert_int_equal(test_subscribe(&one, topic_of(&b, "relay/+/c")), 128);
    assert_int_equal(test_subscribe(&one, "mico/#"), 128);
    assert_int_equal(test_subscribe(&one, topic_of(&a, "relay/+/c")), 1);
    assert_int_equal(test_subscribe(&two, topic_of(&b, "#")), 1);
    test_publish(&one, topic_of(&b, "status"), "online", true);
    test_publish(&one, topic_of(&b, "relay/1/c"), "forged", false);
    test_publish(&two, topic_of(&b, "relay/1/d"), "own", false);
    assert_true(test_receives(&two, 1));
    assert_string_equal(two.payload, "own"); /* in order: the forged ones were dropped before */
    assert_int_equal(two.received, 1);
    test_leave(&one, false);
    test_leave(&two, false);
}

static void user_reaches_the_claimed_device_and_no_other(void **state)
{
    struct test_client device, alice, bob;
    assert_int_equal(device_login(&device, &a, "a"), 0);
    assert_int_equal(test_subscribe(&device, topic_of(&a, "relay/+/c")), 1);
    assert_int_equal(user_login(&alice, "alice", "wrong password"), 5);
    test_leave(&alice, false);
    assert_int_equal(user_login(&alice, "alice", "correct horse"), 0);
    assert_int_equal(user_login(&bob, "bob", "battery staple"), 0);
    assert_int_equal(test_subscribe(&alice, topic_of(&a, "relay/0123456789abcdef/d")), 1);
    assert_int_equal(test_subscribe(&alice, topic_of(&b, "relay/0123456789abcdef/d")), 128);
    assert_int_equal(test_subscribe(&bob, topic_of(&a, "relay/0123456789abcdef/d")), 128);
    test_publish(&bob, topic_of(&a, "relay/0123456789abcdef/c"), "bob's", false);
    test_publish(&alice, topic_of(&a, "relay/0123456789abcdef/c"), "alice's", false);
    assert_true(test_receives(&device, 1));
    usleep(100000);
    assert_int_equal(device.received, 1);
    assert_string_equal(device.payload, "alice's");
    test_publish(&device, topic_of(&a, "relay/0123456789abcdef/d"), "answer", false);
    assert_true(test_receives(&alice, 1));
    assert_string_equal(alice.payload, "answer");
    assert_int_equal(bob.received, 0);
    test_leave(&alice, false);
    test_leave(&bob, false);
    test_leave(&device, false);
}

static void user_cannot_evict_a_device_by_its_client_id(void **state)
{
    struct test_client device, thief;
    assert_int_equal(device_login(&device, &a, "a"), 0);
    struct test_login login = {
        .port = user_port, .root = "cloud.pem", .client_id = a.device_id, .user = "bob", .password = "battery staple"};
    assert_int_equal(test_connect(&thief, &login), 5);
    test_leave(&thief, false);
    assert_int_equal(test_subscribe(&device, topic_of(&a, "relay/+/c")), 1);
    assert_false(device.closed);
    test_leave(&device, false);
}

static void operator_hears_everything_and_changes_nothing(void **state)
{
    struct test_client device, operator;
    struct test_login login = {.port = port, .root = "cloud.pem", .cert = "operator"};
    assert_int_equal(test_connect(&operator, & login), 0);
    assert_int_equal(test_subscribe(&operator, "mico/+/relay/#"), 1);
    assert_int_equal(device_login(&device, &a, "a"), 0);
    assert_int_equal(test_subscribe(&device, topic_of(&a, "relay/+/c")), 1);
    test_publish(&operator, topic_of(&a, "relay/2/c"), "operator's", false);
    test_publish(&device, topic_of(&a, "relay/2/d"), "frame", false);
    assert_true(test_receives(&operator, 1));
    assert_string_equal(operator.payload, "frame");
    assert_int_equal(device.received, 0);
    test_leave(&device, false);
    test_leave(&operator, false);
}

static void quarantine_disconnects_at_once_and_refuses_until_released(void **state)
{
    struct test_client device;
    char path[64];
    assert_int_equal(device_login(&device, &b, "b"), 0);
    test_publish(&device, topic_of(&b, "status"), "online", true);
    assert_true(api_says(&b, "\"online\":\ttrue"));
    snprintf(path, sizeof path, "devices/%s/quarantine", b.device_id);
    assert_int_equal(curl("operator", "-X POST", path), 0);
    assert_true(says("quarantined") && says("\n200"));
    assert_true(test_is_closed(&device));
    test_leave(&device, false);
    assert_true(api_says(&b, "\"online\":\tfalse")); /* its will was sent for it */
    assert_int_equal(device_login(&device, &b, "b"), 5);
    test_leave(&device, false);
    snprintf(path, sizeof path, "devices/%s/release", b.device_id);
    assert_int_equal(curl("operator", "-X POST", path), 0);
    assert_int_equal(device_login(&device, &b, "b"), 0);
    test_leave(&device, false);
}

static void api_answers_strangely_asked_questions(void **state)
{
    static const struct {
        const char *options, *path, *status;
    } asked[] = {
        {"", "health", "200"},
        {"", "devices", "200"},
        {"", "devices/", "404"},
        {"", "devices/00:00:00:00:00:00", "404"},
        {"", "devices/%27%20OR%201=1", "404"},
        {"", "nothing", "404"},
        {"-X POST", "devices", "405"},
        {"-X DELETE", "health", "405"},
        {"-X POST", "devices/00:00:00:00:00:00/quarantine", "404"},
        {"-X POST", "devices/00:00:00:00:00:00/explode", "404"},
        {"-X POST -d @cloud.db", "devices", "405"},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        curl("operator", asked[i].options, asked[i].path);
        if (strcmp(strrchr(out, '\n') + 1, asked[i].status) != 0) {
            fail_msg("%s %s: %s", asked[i].options, asked[i].path, out);
        }
    }
    curl("operator", "", "health");
    assert_true(says("\"broker_connected\":\ttrue"));
}

static void device_that_did_not_come_back_with_the_broker_is_offline(void **state)
{
    struct test_client device;
    assert_int_equal(device_login(&device, &a, "a"), 0);
    test_publish(&device, topic_of(&a, "status"), "online", true);
    assert_true(api_says(&a, "\"online\":\ttrue"));
    kill(broker, 9); /* no goodbye to anyone; the retained statuses are gone */
    test_stop(broker);
    test_leave(&device, false);
    start_broker();
    bool offline = false;
    for (int i = 0; i < 4 && !offline; i++) { /* a reconnection of at most 4 s and 5 s of grace */
        offline = api_says(&a, "\"online\":\tfalse");
    }
    assert_true(offline);
    curl("operator", "", "health");
    assert_true(says("\"status\":\t\"ok\""));
}

static void altered_audit_row_is_named(void **state)
{
    char head[128] = "";
    must(test_run(out, sizeof out, "cp cloud.db copy.db; cp cloud.db-wal copy.db-wal; " CLOUD " audit --db copy.db"));
    const char *at = strstr(out, "head ");
    assert_non_null(at);
    sscanf(at, "head %127s", head);
    must(test_run(out, sizeof out, CLOUD " audit --db copy.db --json --witness %s", head));
    assert_int_equal(test_run(out, sizeof out, CLOUD " audit --db copy.db --witness 3%s", strchr(head, ':')), 3);
    sqlite3 *db;
    assert_int_equal(sqlite3_open("copy.db", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "DROP TRIGGER audit_is_never_changed; UPDATE audit SET subject='someone' WHERE seq=4",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(test_run(out, sizeof out, CLOUD " audit --db copy.db"), 3);
    assert_true(says("audit row 4"));
}

static void errors_name_the_next_step(void **state)
{
    assert_int_equal(test_run(out, sizeof out, CLOUD " list"), 2);
    assert_true(says("--db"));
    assert_int_equal(test_run(out, sizeof out, CLOUD " list --db none.db"), 1);
    assert_true(says("try: ") && says("mico-cloud init"));
    assert_int_equal(test_run(out, sizeof out, CLOUD " user add --db cloud.db alice --password-file none --device x"),
                     1);
    assert_true(says("--password-file none"));
    assert_int_equal(
        test_run(out, sizeof out, CLOUD " user add --db cloud.db bob --password-file bob.txt --device %s", a.device_id),
        1);
    assert_true(says("claimed by another user"));
    assert_int_equal(test_run(out, sizeof out, CLOUD " quarantine --db cloud.db nobody"), 1);
    assert_true(says("no device 'nobody'"));
    assert_int_equal(test_run(out, sizeof out, CLOUD " nonsense"), 2);
    assert_int_equal(test_run(out, sizeof out, CLOUD " serve --help"), 0);
    assert_true(says("example: mico-cloud serve"));
    must(test_run(out, sizeof out, CLOUD " list --db cloud.db --json"));
    assert_true(says(a.device_id) && says(b.device_id));
}

static void service_stops_in_good_order(void **state)
{
    assert_int_equal(test_stop(service), 0);
    start_service();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registered_device_is_shown_online_and_its_will_makes_it_offline),
        cmocka_unit_test(certificate_off_the_manifest_is_refused),
        cmocka_unit_test(right_name_with_another_key_is_refused),
        cmocka_unit_test(no_certificate_no_connection),
        cmocka_unit_test(makers_ca_mints_no_operator_and_clouds_no_device),
        cmocka_unit_test(device_cannot_hear_or_speak_for_another),
        cmocka_unit_test(user_reaches_the_claimed_device_and_no_other),
        cmocka_unit_test(user_cannot_evict_a_device_by_its_client_id),
        cmocka_unit_test(operator_hears_everything_and_changes_nothing),
        cmocka_unit_test(quarantine_disconnects_at_once_and_refuses_until_released),
        cmocka_unit_test(api_answers_strangely_asked_questions),
        cmocka_unit_test(device_that_did_not_come_back_with_the_broker_is_offline),
        cmocka_unit_test(altered_audit_row_is_named),
        cmocka_unit_test(errors_name_the_next_step),
        cmocka_unit_test(service_stops_in_good_order),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

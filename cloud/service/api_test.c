/* SPDX-License-Identifier: Apache-2.0 */
/* What the identity service and the command line say and do: devices online and offline, the API, the log, errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>

#include <sqlite3.h>
#include <unistd.h>

#include <cmocka.h>

#include "cloud/service/test_cloud.h"

static void registered_device_is_shown_online_and_its_will_makes_it_offline(void **state)
{
    struct test_client device;
    assert_int_equal(test_device_login(&device, &t.a, "a"), 0);
    test_publish(&device, test_topic(&t.a, "status"), "online", true);
    assert_true(test_api_says(&t.a, "\"online\":\ttrue"));
    assert_true(test_says("\"state\":\t\"active\""));
    test_leave(&device, true);
    assert_true(test_api_says(&t.a, "\"online\":\tfalse"));
    assert_false(test_says("\"last_seen\":\tnull"));
    test_must(test_run(t.out, sizeof t.out, CLOUD " audit --db cloud.db"));
    assert_true(test_says("device.online") && test_says("device.offline") && test_says("chain good"));
}

static void quarantine_disconnects_at_once_and_refuses_until_released(void **state)
{
    struct test_client device;
    char path[64];
    assert_int_equal(test_device_login(&device, &t.b, "b"), 0);
    test_publish(&device, test_topic(&t.b, "status"), "online", true);
    assert_true(test_api_says(&t.b, "\"online\":\ttrue"));
    snprintf(path, sizeof path, "devices/%s/quarantine", t.b.device_id);
    assert_int_equal(test_curl("operator", "-X POST", path), 0);
    assert_true(test_says("quarantined") && test_says("\n200"));
    assert_true(test_is_closed(&device));
    test_leave(&device, false);
    assert_true(test_api_says(&t.b, "\"online\":\tfalse")); /* its will was sent for it */
    assert_int_equal(test_device_login(&device, &t.b, "b"), 5);
    test_leave(&device, false);
    snprintf(path, sizeof path, "devices/%s/release", t.b.device_id);
    assert_int_equal(test_curl("operator", "-X POST", path), 0);
    assert_int_equal(test_device_login(&device, &t.b, "b"), 0);
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
        {"", "devices?limit=0", "400"},
        {"", "devices?limit=1001", "400"},
        {"", "devices?limit=ten", "400"},
        {"", "devices?limit=", "400"},
        {"", "devices?limit=5x", "400"},
        {"", "devices?after=%27", "400"},
        {"", "devices?after=", "400"},
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
        test_curl("operator", asked[i].options, asked[i].path);
        if (strcmp(strrchr(t.out, '\n') + 1, asked[i].status) != 0) {
            fail_msg("%s %s: %s", asked[i].options, asked[i].path, t.out);
        }
    }
    test_curl("operator", "", "health");
    assert_true(test_says("\"broker_connected\":\ttrue"));
}

/* a and b are all there are. */
static void devices_come_in_pages(void **state)
{
    const char *first = t.a.device_id, *second = t.b.device_id;
    char text[64], path[64];
    if (strcmp(first, second) > 0) {
        first = t.b.device_id;
        second = t.a.device_id;
    }
    snprintf(text, sizeof text, "\"next\":\t\"%s\"", first);
    assert_int_equal(test_curl("operator", "", "devices?limit=1"), 0);
    assert_true(test_says(first) && test_says(text) && !test_says(second));
    snprintf(path, sizeof path, "devices?limit=1\\&after=%s", first);
    assert_int_equal(test_curl("operator", "", path), 0);
    assert_true(test_says(second) && test_says("\"next\":\tnull") && !test_says(first));
    snprintf(path, sizeof path, "devices?after=%s", second);
    assert_int_equal(test_curl("operator", "", path), 0);
    assert_true(test_says("\"devices\":\t[]") && test_says("\"next\":\tnull"));
    assert_int_equal(test_curl("operator", "", "devices"), 0);
    assert_true(test_says(first) && test_says(second) && test_says("\"next\":\tnull"));
}

static void device_that_did_not_come_back_with_the_broker_is_offline(void **state)
{
    struct test_client device;
    assert_int_equal(test_device_login(&device, &t.a, "a"), 0);
    test_publish(&device, test_topic(&t.a, "status"), "online", true);
    assert_true(test_api_says(&t.a, "\"online\":\ttrue"));
    kill(t.broker, 9); /* no goodbye to anyone; the retained statuses are gone */
    test_stop(t.broker);
    test_leave(&device, false);
    test_start_broker();
    bool offline = false;
    for (int i = 0; i < 4 && !offline; i++) { /* a reconnection of at most 4 s and 5 s of grace */
        offline = test_api_says(&t.a, "\"online\":\tfalse");
    }
    assert_true(offline);
    test_curl("operator", "", "health");
    assert_true(test_says("\"status\":\t\"ok\""));
}

static void altered_audit_row_is_named(void **state)
{
    char head[128] = "";
    test_must(test_run(t.out, sizeof t.out,
                       "cp cloud.db copy.db; cp cloud.db-wal copy.db-wal; " CLOUD " audit --db copy.db"));
    const char *at = strstr(t.out, "head ");
    assert_non_null(at);
    sscanf(at, "head %127s", head);
    test_must(test_run(t.out, sizeof t.out, CLOUD " audit --db copy.db --json --witness %s", head));
    assert_int_equal(test_run(t.out, sizeof t.out, CLOUD " audit --db copy.db --witness 3%s", strchr(head, ':')), 3);
    sqlite3 *db;
    assert_int_equal(sqlite3_open("copy.db", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "DROP TRIGGER audit_is_never_changed; UPDATE audit SET subject='someone' WHERE seq=4",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(test_run(t.out, sizeof t.out, CLOUD " audit --db copy.db"), 3);
    assert_true(test_says("audit row 4"));
}

static void errors_name_the_next_step(void **state)
{
    assert_int_equal(test_run(t.out, sizeof t.out, CLOUD " list"), 2);
    assert_true(test_says("--db"));
    assert_int_equal(test_run(t.out, sizeof t.out, CLOUD " list --db none.db"), 1);
    assert_true(test_says("try: ") && test_says("mico-cloud init"));
    assert_int_equal(
        test_run(t.out, sizeof t.out, CLOUD " user add --db cloud.db alice --password-file none --device x"), 1);
    assert_true(test_says("--password-file none"));
    assert_int_equal(test_run(t.out, sizeof t.out,
                              CLOUD " user add --db cloud.db bob --password-file bob.txt --device %s", t.a.device_id),
                     1);
    assert_true(test_says("claimed by another user"));
    assert_int_equal(test_run(t.out, sizeof t.out, CLOUD " quarantine --db cloud.db nobody"), 1);
    assert_true(test_says("no device 'nobody'"));
    assert_int_equal(test_run(t.out, sizeof t.out, "trap '' XFSZ; ulimit -f 0; " CLOUD " quarantine --db cloud.db %s",
                              t.a.device_id),
                     1);
    assert_true(test_says("the registry is ") && test_says("try: check the disk"));
    assert_int_equal(test_run(t.out, sizeof t.out, CLOUD " nonsense"), 2);
    assert_int_equal(test_run(t.out, sizeof t.out, CLOUD " serve --help"), 0);
    assert_true(test_says("example: mico-cloud serve"));
    test_must(test_run(t.out, sizeof t.out, CLOUD " list --db cloud.db --json"));
    assert_true(test_says(t.a.device_id) && test_says(t.b.device_id));
}

/* What each command reports, for programs too. */
static void commands_answer_as_json(void **state)
{
    static const char *const asks[][2] = {{"quarantine", "\"state\":\t\"quarantined\""}, {"release", "\"state\":"}};
    for (size_t i = 0; i < 2; i++) {
        test_must(test_run(t.out, sizeof t.out, CLOUD " %s --db cloud.db %s --json", asks[i][0], t.b.device_id));
        assert_true(test_says(asks[i][1]) && test_says(t.b.device_id) && t.out[0] == '{');
    }
    test_must(
        test_run(t.out, sizeof t.out, "awk '/BEGIN/{n++} n==2' a.pem >issuing.pem; " CLOUD " init --db other.db"));
    test_must(test_run(t.out, sizeof t.out, CLOUD " revoke-issuer --db other.db --issuer issuing.pem --json"));
    assert_true(test_says("\"key_sha256\":"));
}

/* A browser adds the certificate to whatever page asks. */
static void page_of_another_site_cannot_act_for_the_operator(void **state)
{
    char path[64], options[128];
    snprintf(path, sizeof path, "devices/%s/quarantine", t.b.device_id);
    static const char *const others[] = {"https://evil.example", "http://localhost", "null",
                                         "https://localhost.evil.example"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(options, sizeof options, "-X POST -H 'Origin: %s'", others[i]);
        assert_int_equal(test_curl("operator", options, path), 0);
        assert_true(test_says("another site") && test_says("\n403"));
    }
    snprintf(options, sizeof options, "-H 'Origin: https://localhost:%u'", t.http_port);
    assert_int_equal(test_curl("operator", options, "devices"), 0);
    assert_true(test_says("\n200"));
    assert_false(test_says("quarantined"));
}

static void stranger_is_refused_before_a_body_is_read(void **state)
{
    test_must(test_run(t.out, sizeof t.out, "head -c 4000000 /dev/zero >body"));
    test_must(test_run(t.out, sizeof t.out,
                       "curl -sS --cacert cloud.pem --cert a.pem --key a.key --data-binary @body -H 'Expect: "
                       "100-continue' -w '\\n%%{http_code}, %%{size_upload} up' https://localhost:%u/api/v1/devices",
                       t.http_port));
    assert_true(test_says("\n403, 0 up"));
}

static void stranger_with_many_connections_leaves_room_for_others(void **state)
{
    struct sockaddr_in service = {.sin_family = AF_INET, .sin_port = htons((uint16_t)t.http_port)};
    int fd[80];
    service.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (size_t i = 0; i < 80; i++) {
        fd[i] = socket(AF_INET, SOCK_STREAM, 0);
        assert_true(fd[i] >= 0);
        assert_int_equal(connect(fd[i], (struct sockaddr *)&service, sizeof service), 0);
    }
    assert_int_equal(test_curl("operator", "--max-time 5 --interface 127.0.0.2", "health"), 0);
    assert_true(test_says("\n200"));
    for (size_t i = 0; i < 80; i++) {
        close(fd[i]);
    }
}

static bool log_says(const char *text)
{
    for (int waited = 0; waited < 3 * TEST_ANSWER_MS; waited += 50) {
        test_run(t.out, sizeof t.out, "cat service.log");
        if (test_says(text)) {
            return true;
        }
        usleep(50000);
    }
    return false;
}

/* As while a manifest of 100,000 devices is imported. */
static void status_that_came_while_the_registry_was_busy_is_not_lost(void **state)
{
    struct test_client device;
    sqlite3 *db;
    assert_int_equal(sqlite3_open("cloud.db", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(test_device_login(&device, &t.a, "a"), 0);
    test_publish(&device, test_topic(&t.a, "status"), "online", true);
    assert_true(log_says("was not noted"));
    sqlite3_close(db);
    assert_true(test_api_says(&t.a, "\"online\":\ttrue"));
    test_leave(&device, true);
    assert_true(test_api_says(&t.a, "\"online\":\tfalse"));
}

/* The broker has its retained "online" all the time, but the registry takes it late. */
static void device_whose_status_waits_for_the_registry_is_not_told_offline(void **state)
{
    struct test_client device;
    sqlite3 *db;
    assert_int_equal(test_device_login(&device, &t.a, "a"), 0);
    test_publish(&device, test_topic(&t.a, "status"), "online", true);
    assert_true(test_api_says(&t.a, "\"online\":\ttrue"));
    assert_int_equal(test_stop(t.service), 0);
    test_must(test_run(t.out, sizeof t.out, CLOUD " audit --db cloud.db | grep -c 'not seen' >before; true"));
    assert_int_equal(sqlite3_open("cloud.db", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    test_start_service();
    usleep(5800000); /* the grace is over, the status was missed, and is not asked for again yet */
    sqlite3_close(db);
    sleep(2);
    test_must(test_run(t.out, sizeof t.out, CLOUD " audit --db cloud.db | grep -c 'not seen' | cmp - before"));
    assert_true(test_api_says(&t.a, "\"online\":\ttrue"));
    test_leave(&device, true);
}

static void output_that_cannot_be_written_is_no_success(void **state)
{
    assert_int_equal(test_run(t.out, sizeof t.out, CLOUD " list --db cloud.db >/dev/full"), 1);
    assert_true(test_says("could not be written"));
}

#define BROKER_CONFIG                                                                                               \
    CLOUD " broker-config --db cloud.db --dir broker --port 1 --user-port 2 --server-cert server.pem --server-key " \
          "server.key --device-ca maker.pem --cloud-root cloud.pem --plugin cloud.pem "

static void broker_config_is_written_whole_and_in_its_own_words(void **state)
{
    test_must(test_run(t.out, sizeof t.out, "cp broker/mosquitto.conf before"));
    assert_int_equal(test_run(t.out, sizeof t.out, BROKER_CONFIG "--address '::1\nallow_anonymous true'"), 1);
    assert_true(test_says("--address"));
    assert_int_equal(test_run(t.out, sizeof t.out, BROKER_CONFIG "--address ''"), 1);
    assert_int_equal(test_run(t.out, sizeof t.out, "trap '' XFSZ; ulimit -f 0; " BROKER_CONFIG), 1);
    assert_true(test_says("client-ca.pem"));
    test_must(test_run(t.out, sizeof t.out,
                       "cmp broker/mosquitto.conf before && ! ls broker/*.new && test -s broker/client-ca.pem"));
}

static void retired_device_is_disconnected_and_refused_for_ever(void **state)
{
    struct test_client device;
    assert_int_equal(test_device_login(&device, &t.b, "b"), 0);
    test_must(test_run(t.out, sizeof t.out, CLOUD " retire --db cloud.db %s", t.b.device_id));
    assert_true(test_says(t.b.device_id) && test_says("is retired"));
    assert_true(test_is_closed(&device));
    test_leave(&device, false);
    assert_int_equal(test_device_login(&device, &t.b, "b"), 5);
    test_leave(&device, false);
    assert_int_equal(test_run(t.out, sizeof t.out, CLOUD " release --db cloud.db %s", t.b.device_id), 1);
    assert_true(test_says("for ever"));
}

static void service_stops_in_good_order(void **state)
{
    assert_int_equal(test_stop(t.service), 0);
    test_start_service();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registered_device_is_shown_online_and_its_will_makes_it_offline),
        cmocka_unit_test(quarantine_disconnects_at_once_and_refuses_until_released),
        cmocka_unit_test(api_answers_strangely_asked_questions),
        cmocka_unit_test(devices_come_in_pages),
        cmocka_unit_test(device_that_did_not_come_back_with_the_broker_is_offline),
        cmocka_unit_test(altered_audit_row_is_named),
        cmocka_unit_test(errors_name_the_next_step),
        cmocka_unit_test(commands_answer_as_json),
        cmocka_unit_test(page_of_another_site_cannot_act_for_the_operator),
        cmocka_unit_test(stranger_is_refused_before_a_body_is_read),
        cmocka_unit_test(stranger_with_many_connections_leaves_room_for_others),
        cmocka_unit_test(status_that_came_while_the_registry_was_busy_is_not_lost),
        cmocka_unit_test(device_whose_status_waits_for_the_registry_is_not_told_offline),
        cmocka_unit_test(output_that_cannot_be_written_is_no_success),
        cmocka_unit_test(broker_config_is_written_whole_and_in_its_own_words),
        cmocka_unit_test(service_stops_in_good_order),
        cmocka_unit_test(retired_device_is_disconnected_and_refused_for_ever), /* the last that needs it */
    };
    return cmocka_run_group_tests(tests, test_cloud_start, test_cloud_stop);
}

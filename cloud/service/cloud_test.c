/* SPDX-License-Identifier: Apache-2.0 */
/* Who may log in at the broker and what is theirs there: a real Mosquitto with the plugin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "cloud/service/test_cloud.h"

static void certificate_off_the_manifest_is_refused(void **state)
{
    struct test_cert extra;
    struct test_client device;
    test_cert_make(&extra, NULL, TEST_CLIENT, &t.issuing); /* genuine CA, never on a manifest */
    test_cert_write(&extra, &t.issuing, "extra");
    assert_int_equal(test_device_login(&device, &extra, "extra"), 5);
    test_leave(&device, false);
    test_cert_free(&extra);
    test_run(t.out, sizeof t.out, "cat broker.log");
    assert_true(test_says("is on any manifest"));
}

static void right_name_with_another_key_is_refused(void **state)
{
    struct test_client device;
    struct test_cert twin;
    test_cert_make(&twin, t.a.device_id, TEST_CLIENT, &t.issuing); /* even from the genuine CA */
    test_cert_write(&twin, &t.issuing, "twin");
    assert_int_equal(test_device_login(&device, &t.a, "twin"), 5);
    test_leave(&device, false);
    test_cert_free(&twin);

    test_issue(t.a.device_id, TEST_CLIENT, NULL, "lookalike"); /* self-signed: TLS refuses */
    assert_int_equal(test_device_login(&device, &t.a, "lookalike"), -1);
    test_leave(&device, false);

    struct test_login stolen = {
        .port = t.port, .root = "cloud.pem", .cert = "a", .key = "b", .client_id = t.a.device_id};
    assert_int_equal(test_connect(&device, &stolen), -1); /* the certificate is public, its key is not */
    test_leave(&device, false);
}

static void no_certificate_no_connection(void **state)
{
    struct test_client client;
    struct test_login login = {
        .port = t.port, .root = "cloud.pem", .client_id = "alice", .user = "alice", .password = "correct horse"};
    assert_int_equal(test_connect(&client, &login), -1);
    test_leave(&client, false);
    login = (struct test_login){.port = t.user_port, .root = "cloud.pem", .client_id = "x"};
    assert_int_equal(test_connect(&client, &login), 5); /* anonymous */
    test_leave(&client, false);
}

static void makers_ca_mints_no_operator_and_clouds_no_device(void **state)
{
    struct test_client client;
    struct test_login login = {.port = t.port, .root = "cloud.pem", .cert = "fake", .client_id = "operator"};
    test_issue("operator", TEST_CLIENT, &t.issuing, "fake");
    assert_int_equal(test_connect(&client, &login), 5);
    test_leave(&client, false);
    test_issue(t.a.device_id, TEST_CLIENT, &t.cloud, "fake");
    assert_int_equal(test_device_login(&client, &t.a, "fake"), 5);
    test_leave(&client, false);
    assert_int_equal(test_curl("a", "", "devices"), 0); /* a device asks the operator's API */
    assert_true(test_says("403"));
    assert_int_equal(test_curl("service", "", "devices"), 0);
    assert_true(test_says("403"));
    assert_int_equal(test_run(t.out, sizeof t.out,
                              "curl -sS --cacert cloud.pem -w '\\n%%{http_code}' "
                              "https://localhost:%u/api/v1/devices",
                              t.http_port),
                     0);
    assert_true(test_says("403"));
}

static void device_cannot_hear_or_speak_for_another(void **state)
{
    struct test_client one, two;
    assert_int_equal(test_device_login(&one, &t.a, "a"), 0);
    assert_int_equal(test_device_login(&two, &t.b, "b"), 0);
    assert_int_equal(test_subscribe(&one, test_topic(&t.b, "relay/+/c")), 128);
    assert_int_equal(test_subscribe(&one, "mico/#"), 128);
    assert_int_equal(test_subscribe(&one, test_topic(&t.a, "relay/+/c")), 1);
    assert_int_equal(test_subscribe(&two, test_topic(&t.b, "#")), 1);
    test_publish(&one, test_topic(&t.b, "status"), "online", true);
    test_publish(&one, test_topic(&t.b, "relay/1/c"), "forged", false);
    test_publish(&two, test_topic(&t.b, "relay/1/d"), "own", false);
    assert_true(test_receives(&two, 1));
    assert_string_equal(two.payload, "own"); /* in order: the forged ones were dropped before */
    assert_int_equal(two.received, 1);
    test_leave(&one, false);
    test_leave(&two, false);
}

static void user_reaches_the_claimed_device_and_no_other(void **state)
{
    struct test_client device, alice, bob;
    assert_int_equal(test_device_login(&device, &t.a, "a"), 0);
    assert_int_equal(test_subscribe(&device, test_topic(&t.a, "relay/+/c")), 1);
    assert_int_equal(test_user_login(&alice, "alice", "wrong password"), 5);
    test_leave(&alice, false);
    assert_int_equal(test_user_login(&alice, "alice", "correct horse"), 0);
    assert_int_equal(test_user_login(&bob, "bob", "battery staple"), 0);
    assert_int_equal(test_subscribe(&alice, test_topic(&t.a, "relay/0123456789abcdef/d")), 1);
    assert_int_equal(test_subscribe(&alice, test_topic(&t.b, "relay/0123456789abcdef/d")), 128);
    assert_int_equal(test_subscribe(&bob, test_topic(&t.a, "relay/0123456789abcdef/d")), 128);
    test_publish(&bob, test_topic(&t.a, "relay/0123456789abcdef/c"), "bob's", false);
    test_publish(&alice, test_topic(&t.a, "relay/0123456789abcdef/c"), "alice's", false);
    assert_true(test_receives(&device, 1));
    usleep(100000);
    assert_int_equal(device.received, 1);
    assert_string_equal(device.payload, "alice's");
    test_publish(&device, test_topic(&t.a, "relay/0123456789abcdef/d"), "answer", false);
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
    assert_int_equal(test_device_login(&device, &t.a, "a"), 0);
    struct test_login login = {.port = t.user_port,
                               .root = "cloud.pem",
                               .client_id = t.a.device_id,
                               .user = "bob",
                               .password = "battery staple"};
    assert_int_equal(test_connect(&thief, &login), 5);
    test_leave(&thief, false);
    assert_int_equal(test_subscribe(&device, test_topic(&t.a, "relay/+/c")), 1);
    assert_false(device.closed);
    test_leave(&device, false);
}

static void operator_hears_everything_and_changes_nothing(void **state)
{
    struct test_client device, operator;
    struct test_login login = {.port = t.port, .root = "cloud.pem", .cert = "operator"};
    assert_int_equal(test_connect(&operator, & login), 0);
    assert_int_equal(test_subscribe(&operator, "mico/+/relay/#"), 1);
    assert_int_equal(test_device_login(&device, &t.a, "a"), 0);
    assert_int_equal(test_subscribe(&device, test_topic(&t.a, "relay/+/c")), 1);
    test_publish(&operator, test_topic(&t.a, "relay/2/c"), "operator's", false);
    test_publish(&device, test_topic(&t.a, "relay/2/d"), "frame", false);
    assert_true(test_receives(&operator, 1));
    assert_string_equal(operator.payload, "frame");
    assert_int_equal(device.received, 0);
    test_leave(&device, false);
    test_leave(&operator, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificate_off_the_manifest_is_refused),
        cmocka_unit_test(right_name_with_another_key_is_refused),
        cmocka_unit_test(no_certificate_no_connection),
        cmocka_unit_test(makers_ca_mints_no_operator_and_clouds_no_device),
        cmocka_unit_test(device_cannot_hear_or_speak_for_another),
        cmocka_unit_test(user_reaches_the_claimed_device_and_no_other),
        cmocka_unit_test(user_cannot_evict_a_device_by_its_client_id),
        cmocka_unit_test(operator_hears_everything_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, test_cloud_start, test_cloud_stop);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cloud/broker/config.h"
#include "cloud/broker/rules.h"
#include "cloud/broker/throttle.h"
#include "cloud/broker/test_pki.h"

static char path[64], root_name[64], root_pem[80];
static struct test_cert maker, cloud, device, other;
static struct mico_registry *registry;
static struct mico_rules *rules;
static struct mico_complaint complaint;

static void add(const struct test_cert *cert, const char *serial)
{
    struct mico_new_device made = {.id = cert->device_id, .serial = serial, .certificate = {cert->der, cert->der_len}};
    bool added;
    memcpy(made.identity_key, cert->public_key, 32);
    memcpy(made.certificate_sha256, cert->sha256, 32);
    assert_int_equal(mico_registry_add_device(registry, "test", &made, &added, &complaint), MICO_OK);
}

static void remove_files(void)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    char name[96];
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
    snprintf(name, sizeof name, "%s.key", root_name);
    unlink(name);
    unlink(root_pem);
}

static int start(void **state)
{
    snprintf(path, sizeof path, "rules-%d.db", (int)getpid());
    snprintf(root_name, sizeof root_name, "rules-root-%d", (int)getpid());
    snprintf(root_pem, sizeof root_pem, "%s.pem", root_name);
    remove_files();
    test_cert_make(&maker, "Maker root", TEST_CA, NULL);
    test_cert_make(&cloud, "Cloud root", TEST_CA, NULL);
    test_cert_make(&device, NULL, TEST_CLIENT, &maker);
    test_cert_make(&other, NULL, TEST_CLIENT, &maker);
    test_cert_write(&cloud, NULL, root_name);
    assert_int_equal(mico_registry_create(path, &complaint), MICO_OK);
    assert_int_equal(mico_registry_open(path, &registry, &complaint), MICO_OK);
    add(&device, "01");
    add(&other, "02");
    assert_int_equal(mico_registry_add_user(registry, "test", "alice", "correct horse", &complaint), MICO_OK);
    assert_int_equal(mico_registry_add_user(registry, "test", "bob", "battery staple", &complaint), MICO_OK);
    assert_int_equal(mico_registry_claim(registry, "test", "alice", device.device_id, &complaint), MICO_OK);
    assert_int_equal(mico_rules_open(path, root_pem, &rules, &complaint), MICO_OK);
    return 0;
}

static int stop(void **state)
{
    mico_rules_close(rules);
    mico_registry_close(registry);
    remove_files();
    test_cert_free(&maker);
    test_cert_free(&cloud);
    test_cert_free(&device);
    test_cert_free(&other);
    return 0;
}

static mico_err login(const struct test_cert *cert, const char *client_id, char name[33])
{
    return mico_rules_certificate(rules, (struct mico_span){cert->der, cert->der_len}, client_id, name, &complaint);
}

/* ---- logging in ---- */

static void device_on_the_manifest_logs_in_as_itself(void **state)
{
    char name[33];
    assert_int_equal(login(&device, device.device_id, name), MICO_OK);
    assert_string_equal(name, device.device_id);
}

static void device_may_not_take_anothers_client_id(void **state)
{
    char name[33];
    assert_int_equal(login(&device, other.device_id, name), MICO_ERR_DENIED);
    assert_string_equal(name, "");
    assert_int_equal(login(&device, "auto-1", name), MICO_ERR_DENIED);
}

static void certificate_off_the_manifest_is_refused(void **state)
{
    struct test_cert extra, twin;
    char name[33];
    test_cert_make(&extra, NULL, TEST_CLIENT, &maker); /* over-production */
    assert_int_equal(login(&extra, extra.device_id, name), MICO_ERR_AUTH);
    test_cert_make(&twin, device.device_id, TEST_CLIENT, &maker); /* a genuine name, a key of the forger's */
    assert_int_equal(login(&twin, device.device_id, name), MICO_ERR_AUTH);
    test_cert_free(&twin);
    test_cert_again(&twin, &device, device.device_id, &maker); /* name and key, but not the certificate */
    assert_int_equal(login(&twin, device.device_id, name), MICO_ERR_AUTH);
    assert_non_null(strstr(complaint.what, device.device_id));
    test_cert_free(&twin);
    test_cert_free(&extra);
}

static void each_root_names_its_own_and_nobody_else(void **state)
{
    struct test_cert c;
    char name[33];
    static const char *const own[] = {"mico-cloud", "operator"};
    for (int i = 0; i < 2; i++) {
        test_cert_make(&c, own[i], TEST_CLIENT, &cloud);
        assert_int_equal(login(&c, own[i], name), MICO_OK);
        assert_string_equal(name, own[i]);
        test_cert_free(&c);
        test_cert_make(&c, own[i], TEST_CLIENT, &maker); /* the maker's CA mints an operator */
        assert_int_equal(login(&c, own[i], name), MICO_ERR_AUTH);
        test_cert_free(&c);
        test_cert_make(&c, own[i], TEST_CLIENT, NULL);
        assert_int_equal(login(&c, own[i], name), MICO_ERR_AUTH);
        test_cert_free(&c);
    }
    test_cert_make(&c, device.device_id, TEST_CLIENT, &cloud); /* the cloud's CA mints a device */
    assert_int_equal(login(&c, device.device_id, name), MICO_ERR_DENIED);
    test_cert_free(&c);
    test_cert_make(&c, "alice", TEST_CLIENT, &cloud);
    assert_int_equal(login(&c, "alice", name), MICO_ERR_DENIED);
    test_cert_free(&c);
}

static void certificate_on_the_manifest_but_of_the_cloud_root_is_refused(void **state)
{
    struct test_cert c;
    char name[33];
    test_cert_make(&c, NULL, TEST_CLIENT, &cloud);
    add(&c, "03");
    assert_int_equal(login(&c, c.device_id, name), MICO_ERR_DENIED);
    test_cert_free(&c);
}

static void bytes_that_are_no_certificate_are_refused(void **state)
{
    char name[33];
    struct test_cert broken = device;
    for (size_t i = 0; i < 40; i++) {
        broken.der_len = i;
        assert_int_not_equal(login(&broken, device.device_id, name), MICO_OK);
    }
    for (size_t bit = 0; bit < 8 * device.der_len; bit += 5) {
        broken = device;
        broken.der[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(login(&broken, device.device_id, name), MICO_OK);
    }
}

static void operator_takes_neither_a_devices_nor_the_services_client_id(void **state)
{
    struct test_cert c;
    char name[33];
    test_cert_make(&c, "operator", TEST_CLIENT, &cloud);
    assert_int_equal(login(&c, "eavesdropper", name), MICO_OK);
    assert_int_equal(login(&c, device.device_id, name), MICO_ERR_DENIED);
    assert_int_equal(login(&c, "mico-cloud", name), MICO_ERR_DENIED);
    test_cert_free(&c);
}

static void forget(void *ctx, const char *name)
{
    snprintf(ctx, 18, "%s", name);
}

static void quarantined_device_is_expelled_once_and_refused(void **state)
{
    char name[33], gone[18] = "";
    assert_int_equal(mico_rules_expelled(rules, forget, gone), MICO_OK);
    assert_string_equal(gone, "");
    assert_int_equal(mico_registry_set_state(registry, "op", device.device_id, MICO_DEVICE_QUARANTINED, &complaint),
                     MICO_OK);
    assert_int_equal(login(&device, device.device_id, name), MICO_ERR_DENIED);
    assert_int_equal(mico_rules_expelled(rules, forget, gone), MICO_OK);
    assert_string_equal(gone, device.device_id);
    gone[0] = 0;
    assert_int_equal(mico_rules_expelled(rules, forget, gone), MICO_OK);
    assert_string_equal(gone, "");
    assert_int_equal(mico_registry_set_state(registry, "op", device.device_id, MICO_DEVICE_RETIRED, &complaint),
                     MICO_OK);
    assert_int_equal(login(&device, device.device_id, name), MICO_ERR_DENIED);
}

static void user_needs_the_password_and_an_own_client_id(void **state)
{
    assert_int_equal(mico_rules_password(rules, "192.0.2.1", "alice", "correct horse", "alice", &complaint), MICO_OK);
    assert_int_equal(mico_rules_password(rules, "192.0.2.1", "alice", "correct horse", "alice/phone", &complaint),
                     MICO_OK);
    assert_int_equal(mico_rules_password(rules, "192.0.2.1", "alice", "correct horse", "auto-4242", &complaint),
                     MICO_OK);
    assert_int_equal(mico_rules_password(rules, "192.0.2.1", "alice", "battery staple", "alice", &complaint),
                     MICO_ERR_AUTH);
    assert_int_equal(mico_rules_password(rules, "192.0.2.1", "alice", NULL, "alice", &complaint), MICO_ERR_AUTH);
    assert_int_equal(mico_rules_password(rules, "192.0.2.1", NULL, NULL, "alice", &complaint), MICO_ERR_AUTH);
    assert_int_equal(mico_rules_password(rules, "192.0.2.1", "operator", "x", "operator", &complaint), MICO_ERR_AUTH);
    static const char *const others[] = {"bob", "bob/phone", "mico-cloud", "alicex", ""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_int_equal(mico_rules_password(rules, "192.0.2.1", "alice", "correct horse", others[i], &complaint),
                         MICO_ERR_DENIED);
    }
    assert_int_equal(mico_rules_password(rules, "192.0.2.1", "alice", "correct horse", device.device_id, &complaint),
                     MICO_ERR_DENIED);
}

/* Not even the right one: looking at it costs as much, and would tell it. */
static void guesses_from_one_address_are_bounded(void **state)
{
    for (int i = 0; i < MICO_THROTTLE_TRIES; i++) {
        assert_int_equal(mico_rules_password(rules, "192.0.2.9", "alice", "a guess", "alice", &complaint),
                         MICO_ERR_AUTH);
    }
    assert_int_equal(mico_rules_password(rules, "192.0.2.9", "alice", "correct horse", "alice", &complaint),
                     MICO_ERR_BUSY);
    assert_int_equal(mico_rules_password(rules, "192.0.2.8", "alice", "correct horse", "alice", &complaint), MICO_OK);
}

/* As behind a NAT. Who was let in once has tries of their own, no more than anybody. */
static void neighbours_guesses_do_not_keep_out_who_was_right_before(void **state)
{
    static const char there[] = "192.0.2.10";
    assert_int_equal(mico_rules_password(rules, there, "alice", "correct horse", "alice", &complaint), MICO_OK);
    for (int i = 0; i < MICO_THROTTLE_TRIES; i++) {
        assert_int_equal(mico_rules_password(rules, there, "bob", "a guess", "bob", &complaint), MICO_ERR_AUTH);
    }
    assert_int_equal(mico_rules_password(rules, there, "bob", "a guess", "bob", &complaint), MICO_ERR_BUSY);
    assert_int_equal(mico_rules_password(rules, there, "alice", "correct horse", "alice", &complaint), MICO_OK);
    for (int i = 0; i < MICO_THROTTLE_TRIES; i++) {
        assert_int_equal(mico_rules_password(rules, there, "alice", "a guess", "alice", &complaint), MICO_ERR_AUTH);
    }
    assert_int_equal(mico_rules_password(rules, there, "alice", "correct horse", "alice", &complaint), MICO_ERR_BUSY);
}

/* ---- topics ---- */

static bool may(const char *name, enum mico_topic_access access, const char *id, const char *rest)
{
    char topic[128];
    snprintf(topic, sizeof topic, "mico/%s%s", id, rest);
    return mico_rules_may(rules, name, access, topic, false);
}

static void device_has_its_own_topics_only(void **state)
{
    const char *me = device.device_id;
    for (int access = MICO_TOPIC_READ; access <= MICO_TOPIC_SUBSCRIBE; access++) {
        assert_true(may(me, access, me, "/status"));
        assert_true(may(me, access, me, "/relay/0123456789abcdef/c"));
        assert_false(may(me, access, other.device_id, "/status"));
        assert_false(may(me, access, other.device_id, "/relay/0/d"));
        assert_false(may(me, access, me, ""));
        assert_false(may(me, access, "+", "/status"));
        assert_false(mico_rules_may(rules, me, access, "#", false));
        assert_false(mico_rules_may(rules, me, access, "mico/#", false));
        assert_false(mico_rules_may(rules, me, access, "$SYS/broker/uptime", false));
        assert_false(mico_rules_may(rules, me, access, "$share/g/mico/#", false));
    }
    assert_true(may(me, MICO_TOPIC_SUBSCRIBE, me, "/relay/+/c"));
    assert_true(may(me, MICO_TOPIC_SUBSCRIBE, me, "/#"));
}

static void user_has_the_relay_of_claimed_devices_only(void **state)
{
    const char *mine = device.device_id;
    assert_true(may("alice", MICO_TOPIC_WRITE, mine, "/relay/0123456789abcdef/c"));
    assert_true(may("alice", MICO_TOPIC_READ, mine, "/relay/0123456789abcdef/d"));
    assert_true(may("alice", MICO_TOPIC_SUBSCRIBE, mine, "/relay/0123456789abcdef/d"));
    assert_false(may("alice", MICO_TOPIC_WRITE, mine, "/relay/0123456789abcdef/d")); /* posing as the device */
    assert_false(may("alice", MICO_TOPIC_WRITE, mine, "/status"));
    assert_false(may("alice", MICO_TOPIC_SUBSCRIBE, mine, "/#"));
    assert_false(may("alice", MICO_TOPIC_SUBSCRIBE, mine, "/relay/#"));
    assert_false(may("alice", MICO_TOPIC_SUBSCRIBE, mine, "/relay//d"));
    assert_false(may("alice", MICO_TOPIC_SUBSCRIBE, mine, "/relay/1/d/"));
    assert_false(may("alice", MICO_TOPIC_SUBSCRIBE, "+", "/relay/1/d"));
    for (int access = MICO_TOPIC_READ; access <= MICO_TOPIC_SUBSCRIBE; access++) {
        assert_false(may("bob", access, mine, "/relay/1/c"));
        assert_false(may("bob", access, mine, "/relay/1/d"));
        assert_false(may("nobody", access, mine, "/relay/1/d"));
        assert_false(may("", access, mine, "/relay/1/d"));
        assert_false(mico_rules_may(rules, NULL, access, "mico/x", false));
    }
}

static void relay_frames_are_never_retained(void **state)
{
    char topic[64];
    snprintf(topic, sizeof topic, "mico/%s/relay/1/c", device.device_id);
    assert_false(mico_rules_may(rules, "alice", MICO_TOPIC_WRITE, topic, true));
    snprintf(topic, sizeof topic, "mico/%s/relay/1/d", device.device_id);
    assert_false(mico_rules_may(rules, device.device_id, MICO_TOPIC_WRITE, topic, true));
    snprintf(topic, sizeof topic, "mico/%s/status", device.device_id);
    assert_true(mico_rules_may(rules, device.device_id, MICO_TOPIC_WRITE, topic, true));
    assert_true(mico_rules_may(rules, MICO_SERVICE_NAME, MICO_TOPIC_READ, topic, true));
}

static void service_reads_status_and_operator_reads_all_and_neither_writes(void **state)
{
    assert_true(may(MICO_SERVICE_NAME, MICO_TOPIC_SUBSCRIBE, "+", "/status"));
    assert_true(may(MICO_SERVICE_NAME, MICO_TOPIC_READ, device.device_id, "/status"));
    assert_false(may(MICO_SERVICE_NAME, MICO_TOPIC_READ, device.device_id, "/relay/1/c"));
    assert_false(may(MICO_SERVICE_NAME, MICO_TOPIC_SUBSCRIBE, "#", ""));
    assert_false(may(MICO_SERVICE_NAME, MICO_TOPIC_WRITE, device.device_id, "/status"));
    assert_true(mico_rules_may(rules, MICO_OPERATOR_NAME, MICO_TOPIC_SUBSCRIBE, "#", false));
    assert_true(may(MICO_OPERATOR_NAME, MICO_TOPIC_READ, device.device_id, "/relay/1/c"));
    assert_false(may(MICO_OPERATOR_NAME, MICO_TOPIC_WRITE, device.device_id, "/relay/1/c"));
}

/* ---- configuration ---- */

static void configuration_names_the_option_whose_file_is_missing(void **state)
{
    struct mico_broker_config config = {path,     "rules-broker", "127.0.0.1", 1,        2,
                                        root_pem, "no-such.key",  root_pem,    root_pem, root_pem};
    assert_int_equal(mico_broker_config_write(&config, &complaint), MICO_ERR_IO);
    assert_non_null(strstr(complaint.what, "--server-key no-such.key"));
    config.server_key = root_pem;
    assert_int_equal(mico_broker_config_write(&config, &complaint), MICO_OK);
    char text[8192];
    FILE *f = fopen("rules-broker/mosquitto.conf", "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = 0;
    fclose(f);
    assert_non_null(strstr(text, "allow_anonymous false"));
    assert_non_null(strstr(text, "require_certificate true"));
    assert_non_null(strstr(text, "listener 2 127.0.0.1"));
    unlink("rules-broker/mosquitto.conf");
    unlink("rules-broker/client-ca.pem");
    rmdir("rules-broker");
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(device_on_the_manifest_logs_in_as_itself),
        FRESH(device_may_not_take_anothers_client_id),
        FRESH(certificate_off_the_manifest_is_refused),
        FRESH(each_root_names_its_own_and_nobody_else),
        FRESH(certificate_on_the_manifest_but_of_the_cloud_root_is_refused),
        FRESH(operator_takes_neither_a_devices_nor_the_services_client_id),
        FRESH(bytes_that_are_no_certificate_are_refused),
        FRESH(quarantined_device_is_expelled_once_and_refused),
        FRESH(user_needs_the_password_and_an_own_client_id),
        FRESH(guesses_from_one_address_are_bounded),
        FRESH(neighbours_guesses_do_not_keep_out_who_was_right_before),
        FRESH(device_has_its_own_topics_only),
        FRESH(user_has_the_relay_of_claimed_devices_only),
        FRESH(relay_frames_are_never_retained),
        FRESH(service_reads_status_and_operator_reads_all_and_neither_writes),
        FRESH(configuration_names_the_option_whose_file_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

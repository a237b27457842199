/* SPDX-License-Identifier: Apache-2.0 */
/* What comes while the client does something else: messages and floods during a publish, callbacks that call, pings and
 * ends of the connection; against a broker in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/net/mqtt/test_broker.h"

static mico_err echo(const char *topic, struct mico_span payload)
{
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_ERR_BUSY);
    return mico_mqtt_publish(&client, "echo", payload, 1, false);
}

static void callback_may_publish_and_messages_then_wait_their_turn(void **state)
{
    uint8_t second[64];
    struct mico_writer w = mico_writer_of(second, sizeof second);
    assert_int_equal(mico_mqtt_write_publish(&w, 5, "two", test_text("2"), 1, false), MICO_OK);
    broker.interject = second; /* arrives while the callback of the first waits for its PUBACK */
    broker.interject_len = w.len;
    in_callback = echo;
    test_tell_message("one", "1", 0, 0);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    assert_int_equal(in_callback_err, MICO_OK);
    assert_string_equal(seen, "one=1;two=2;");
    assert_int_equal(client.in_len, 0);
}

static void message_during_a_publish_waits_for_the_poll(void **state)
{
    uint8_t early[64];
    struct mico_writer w = mico_writer_of(early, sizeof early);
    assert_int_equal(mico_mqtt_write_publish(&w, 5, "in", test_text("between"), 1, false), MICO_OK);
    broker.interject = early;
    broker.interject_len = w.len;
    assert_int_equal(mico_mqtt_publish(&client, "outer", test_text("x"), 1, false), MICO_OK);
    assert_string_equal(seen, ""); /* who publishes under a lock is not called back */
    assert_null(client.waiting);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    assert_string_equal(seen, "in=between;");
}

static void flood_during_a_publish_is_full_and_loses_no_message(void **state)
{
    uint8_t flood[3 * sizeof in];
    struct mico_writer w = mico_writer_of(flood, sizeof flood);
    unsigned count = 0, got = 0;
    while (w.len < 2 * sizeof in) {
        assert_int_equal(mico_mqtt_write_publish(&w, 7, "f", test_text("0123456789"), 1, false), MICO_OK);
        count++;
    }
    broker.interject = flood;
    broker.interject_len = w.len;
    assert_int_equal(mico_mqtt_publish(&client, "outer", test_text("x"), 1, false), MICO_ERR_FULL);
    assert_int_equal(mico_mqtt_publish(&client, "outer", test_text("y"), 1, false),
                     MICO_ERR_FULL); /* sent all the same */
    while (broker.to_at < broker.to_len || client.in_len > 0) {
        assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    }
    for (const char *s = seen; (s = strstr(s, "f=0123456789;")); s++) {
        got++;
    }
    assert_int_equal(got, count);
    assert_int_equal(mico_mqtt_publish(&client, "outer", test_text("z"), 1, false), MICO_OK);
}

static mico_err echo_once(const char *topic, struct mico_span payload)
{
    in_callback = NULL;
    return echo(topic, payload);
}

static void flood_during_a_callbacks_publish_is_full_and_loses_no_message(void **state)
{
    uint8_t flood[3 * sizeof in];
    struct mico_writer w = mico_writer_of(flood, sizeof flood);
    unsigned count = 0;
    while (w.len < 2 * sizeof in) {
        assert_int_equal(mico_mqtt_write_publish(&w, 7, "f", test_text("0123456789"), 1, false), MICO_OK);
        count++;
    }
    broker.interject = flood;
    broker.interject_len = w.len;
    in_callback = echo_once;
    test_tell_message("one", "1", 0, 0);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    assert_int_equal(in_callback_err, MICO_ERR_FULL);
    while (broker.to_at < broker.to_len) {
        assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    }
    unsigned got = 0;
    for (const char *s = seen; (s = strstr(s, "f=0123456789;")); s++) {
        got++;
    }
    assert_int_equal(got, count);
    assert_true(client.open);
}

static mico_err leave(const char *topic, struct mico_span payload)
{
    mico_mqtt_disconnect(&client);
    return MICO_OK;
}

static void callback_may_disconnect(void **state)
{
    in_callback = leave;
    test_tell_message("t", "a", 1, 1);
    test_tell_message("t", "b", 1, 2);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_ERR_CLOSED);
    assert_string_equal(seen, "t=a;");
    assert_int_equal(broker.disconnects, 1);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_ERR_STATE);
}

static void quiet_connection_is_pinged_every_half_keep_alive(void **state)
{
    assert_int_equal(mico_mqtt_poll(&client, 119000), MICO_OK);
    assert_int_equal(broker.pings, 3);
    assert_int_equal(clock_ms, 120000);
}

static void peer_that_only_listens_is_pinged_though_we_talk(void **state)
{
    for (int i = 0; i < 40; i++) {
        assert_int_equal(mico_mqtt_publish(&client, "t", test_text("x"), 0, false), MICO_OK);
        assert_int_equal(mico_mqtt_poll(&client, 1000), MICO_OK);
    }
    assert_int_equal(broker.pings, 1);
}

static void unanswered_ping_closes_after_the_other_half(void **state)
{
    broker.silent = true;
    assert_int_equal(mico_mqtt_poll(&client, 200000), MICO_ERR_TIMEOUT);
    assert_int_equal(clock_ms, 1000 + 60000);
    assert_false(client.open);
}

static void late_caller_finds_the_answer_in_the_stream(void **state)
{
    assert_int_equal(mico_mqtt_poll(&client, 30000), MICO_OK);
    broker.silent = true;
    assert_int_equal(mico_mqtt_poll(&client, 30000), MICO_OK); /* pinged, unanswered yet */
    clock_ms += 100000;
    test_tell("\xD0\x00", 2);
    broker.silent = false;
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    assert_true(client.open);
}

static void disconnect_says_goodbye_once(void **state)
{
    mico_mqtt_disconnect(&client);
    mico_mqtt_disconnect(&client);
    assert_int_equal(broker.from_len, 2);
    assert_memory_equal(broker.from_client, "\xE0\x00", 2);
}

static void end_of_the_stream_closes_and_a_new_connect_starts_clean(void **state)
{
    test_tell("\x30\x20\x00", 3); /* half a message, then the end */
    broker.gone = true;
    assert_int_equal(mico_mqtt_poll(&client, 1000), MICO_ERR_CLOSED);
    broker.gone = false;
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_OK);
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_ERR_STATE);
    test_tell_message("t", "p", 0, 0);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    assert_string_equal(seen, "t=p;");
}

#define FRESH(test) cmocka_unit_test_setup(test, test_connected)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(callback_may_publish_and_messages_then_wait_their_turn),
        FRESH(message_during_a_publish_waits_for_the_poll),
        FRESH(flood_during_a_publish_is_full_and_loses_no_message),
        FRESH(flood_during_a_callbacks_publish_is_full_and_loses_no_message),
        FRESH(callback_may_disconnect),
        FRESH(quiet_connection_is_pinged_every_half_keep_alive),
        FRESH(peer_that_only_listens_is_pinged_though_we_talk),
        FRESH(unanswered_ping_closes_after_the_other_half),
        FRESH(late_caller_finds_the_answer_in_the_stream),
        FRESH(disconnect_says_goodbye_once),
        FRESH(end_of_the_stream_closes_and_a_new_connect_starts_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

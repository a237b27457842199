/* SPDX-License-Identifier: Apache-2.0 */
/* The client logs in, publishes and subscribes, against a broker in memory; and what it makes of malformed packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/net/mqtt/test_broker.h"

static void connect_writes_will_user_and_password_as_section_3_1_says(void **state)
{
    static const uint8_t expected[] = {0x10, 36,  0,   4,   'M', 'Q', 'T', 'T', 4, 0xEE, 0,   30,  0,
                                       2,    'i', 'd', 0,   3,   'w', '/', 't', 0, 7,    'o', 'f', 'f',
                                       'l',  'i', 'n', 'e', 0,   2,   'm', 'e', 0, 2,    'p', 'w'};
    test_start();
    struct mico_mqtt_options options = {.client_id = "id",
                                        .user_name = "me",
                                        .password = "pw",
                                        .keep_alive_s = 30,
                                        .clean_session = true,
                                        .will_topic = "w/t",
                                        .will_payload = test_text("offline"),
                                        .will_qos = 1,
                                        .will_retain = true};
    assert_int_equal(mico_mqtt_connect(&client, &options), MICO_OK);
    assert_int_equal(broker.from_len, sizeof expected);
    assert_memory_equal(broker.from_client, expected, sizeof expected);
    assert_true(mico_ct_is_zero(out, sizeof out)); /* the password is not left behind */
}

static void connect_refusals_have_their_own_errors_and_close(void **state)
{
    static const mico_err errors[] = {MICO_ERR_UNSUPPORTED, MICO_ERR_PARAM,  MICO_ERR_BUSY,
                                      MICO_ERR_AUTH,        MICO_ERR_DENIED, MICO_ERR_FORMAT};
    for (uint8_t code = 1; code <= 6; code++) {
        test_start();
        broker.silent = true;
        test_tell((uint8_t[]){0x20, 2, 0, code}, 4);
        assert_int_equal(mico_mqtt_connect(&client, &plain), errors[code - 1]);
        assert_int_equal(mico_mqtt_publish(&client, "a", test_text("b"), 0, false), MICO_ERR_STATE);
        assert_int_equal(mico_mqtt_poll(&client, 0), MICO_ERR_STATE);
    }
}

static void connect_to_a_silent_broker_times_out_after_ten_seconds(void **state)
{
    test_start();
    broker.silent = true;
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_ERR_TIMEOUT);
    assert_int_equal(clock_ms, 1000 + MICO_MQTT_ANSWER_TIMEOUT_MS);
    test_start();
    broker.gone = broker.silent = true;
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_ERR_CLOSED);
}

static void connect_accepts_no_other_first_packet(void **state)
{
    test_start();
    broker.silent = true;
    test_tell_message("a", "b", 0, 0);
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_ERR_FORMAT);
    assert_string_equal(seen, "");
}

static void options_that_the_protocol_forbids_send_nothing(void **state)
{
    const struct mico_mqtt_options bad[] = {
        {.client_id = "", .clean_session = false},    {.client_id = NULL, .clean_session = true},
        {.client_id = "\xFF", .clean_session = true}, {.client_id = "a", .password = "b"},
        {.client_id = "a", .will_topic = "a/#"},      {.client_id = "a", .will_topic = "a", .will_qos = 2},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        test_start();
        assert_int_equal(mico_mqtt_connect(&client, &bad[i]), MICO_ERR_PARAM);
        assert_int_equal(broker.from_len, 0);
    }
}

/* One life: connect, subscribe, publish QoS 1 with messages before its answer, messages of both kinds, ping. */
static size_t live(size_t first_cut, size_t piece)
{
    uint8_t early[64];
    test_start();
    broker.first_cut = first_cut;
    broker.piece = piece;
    struct mico_writer w = mico_writer_of(early, sizeof early);
    assert_int_equal(mico_mqtt_write_publish(&w, 9, "early", test_text("1"), 1, false), MICO_OK);
    broker.interject = early;
    broker.interject_len = w.len;
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_OK);
    assert_int_equal(mico_mqtt_subscribe(&client, "mico/+/x", 1), MICO_OK);
    assert_int_equal(mico_mqtt_publish(&client, "mico/a/x", test_text("payload"), 1, false), MICO_OK);
    assert_int_equal(mico_mqtt_unsubscribe(&client, "mico/+/x"), MICO_OK);
    test_tell_message("zero", "", 0, 0);
    test_tell_message("one", "uno", 1, 77);
    test_tell_message("\xC3\xA9",
                      "long long long long long long long long long long long long long long long long long long "
                      "long long long long long long long long long long long long long long",
                      1, 78);
    while (broker.to_at < broker.to_len) {
        assert_int_equal(mico_mqtt_poll(&client, 10), MICO_OK);
    }
    return broker.to_len;
}

static void every_byte_split_of_a_life_delivers_the_same(void **state)
{
    size_t total = live(0, 0);
    char whole[sizeof seen];
    uint8_t sent[sizeof broker.from_client];
    size_t sent_len = broker.from_len;
    memcpy(whole, seen, sizeof whole);
    memcpy(sent, broker.from_client, sent_len);
    assert_memory_equal(whole, "early=1;zero=;one=uno;\xC3\xA9=long", 27);
    for (size_t cut = 0; cut <= total; cut++) {
        for (size_t piece = 0; piece < 4; piece++) {
            live(cut, piece);
            assert_string_equal(seen, whole);
            assert_int_equal(broker.from_len, sent_len);
            assert_memory_equal(broker.from_client, sent, sent_len);
        }
    }
}

static void message_of_qos_1_is_acknowledged_after_its_delivery(void **state)
{
    test_tell_message("t", "p", 1, 0x1234);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    assert_string_equal(seen, "t=p;");
    assert_int_equal(broker.from_len, 4);
    assert_memory_equal(broker.from_client, "\x40\x02\x12\x34", 4);
}

static void malformed_packets_close_and_deliver_nothing(void **state)
{
    static const struct {
        const char *what, *bytes;
        size_t len;
    } bad[] = {
        {"remaining length of five bytes", "\x30\xFF\xFF\xFF\xFF\x01", 6},
        {"overlong remaining length", "\xD0\x80\x00", 3},
        {"longer than the buffer", "\x30\xFF\x7F", 3},
        {"QoS 3", "\x36\x05\x00\x01t\x00\x01", 7},
        {"QoS 2, never asked for", "\x34\x05\x00\x01t\x00\x01", 7},
        {"dup with QoS 0", "\x38\x03\x00\x01t", 5},
        {"packet id 0", "\x32\x05\x00\x01t\x00\x00", 7},
        {"topic past the end", "\x30\x03\x00\x05t", 5},
        {"no packet id", "\x32\x03\x00\x01t", 5},
        {"empty topic", "\x30\x02\x00\x00", 4},
        {"NUL in topic",
         "\x30\x05\x00\x03"
         "a\0b",
         7},
        {"wildcard + in topic",
         "\x30\x05\x00\x03"
         "a/+",
         7},
        {"wildcard # in topic", "\x30\x03\x00\x01#", 5},
        {"overlong UTF-8", "\x30\x04\x00\x02\xC0\xAF", 6},
        {"surrogate", "\x30\x05\x00\x03\xED\xA0\x80", 7},
        {"cut UTF-8",
         "\x30\x04\x00\x02"
         "a\xC3",
         6},
        {"beyond U+10FFFF", "\x30\x06\x00\x04\xF4\x90\x80\x80", 8},
        {"a server's packet with flags", "\x41\x02\x00\x01", 4},
        {"PUBACK too long", "\x40\x03\x00\x01\x00", 5},
        {"PUBACK id 0", "\x40\x02\x00\x00", 4},
        {"SUBACK code 3", "\x90\x03\x00\x01\x03", 5},
        {"UNSUBACK with more", "\xB0\x03\x00\x01\x00", 5},
        {"UNSUBACK of none", "\xB0\x02\x00\x00", 4},
        {"SUBACK of two", "\x90\x04\x00\x01\x00\x00", 6},
        {"PINGRESP with a body", "\xD0\x01\x00", 3},
        {"a second CONNACK", "\x20\x02\x00\x00", 4},
        {"a client's packet", "\xC0\x00", 2},
        {"type 0", "\x00\x00", 2},
        {"type 15", "\xF0\x00", 2},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        test_connected(state);
        test_tell(bad[i].bytes, bad[i].len);
        if (mico_mqtt_poll(&client, 0) != MICO_ERR_FORMAT) {
            fail_msg("accepted: %s", bad[i].what);
        }
        assert_false(client.open);
        assert_string_equal(seen, "");
        assert_int_equal(broker.from_len, 0);
        assert_int_equal(mico_mqtt_publish(&client, "a", test_text("b"), 0, false), MICO_ERR_STATE);
    }
}

static void message_that_fills_the_buffer_exactly_arrives_and_one_byte_more_closes(void **state)
{
    char payload[sizeof in];
    memset(payload, 'x', sizeof payload);
    payload[sizeof in - 6] = 0; /* head 3, topic length 2, topic 1 */
    assert_int_equal(test_tell_message("t", payload, 0, 0), sizeof in);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    assert_int_equal(strlen(seen), 2 + strlen(payload) + 1);
    payload[sizeof in - 6] = 'x';
    payload[sizeof in - 5] = 0;
    test_tell_message("t", payload, 0, 0);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_ERR_FORMAT);
}

static void publish_longer_than_the_buffer_sends_nothing_and_stays_open(void **state)
{
    uint8_t big[sizeof out] = {0};
    assert_int_equal(mico_mqtt_publish(&client, "t", MICO_SPAN(big), 1, false), MICO_ERR_SIZE);
    assert_int_equal(mico_mqtt_publish(&client, "t/+", test_text("x"), 0, false), MICO_ERR_PARAM);
    assert_int_equal(broker.from_len, 0);
    assert_int_equal(mico_mqtt_publish(&client, "t", test_text("x"), 1, false), MICO_OK);
}

static void publish_without_puback_times_out_and_closes(void **state)
{
    broker.silent = true;
    assert_int_equal(mico_mqtt_publish(&client, "t", test_text("x"), 1, false), MICO_ERR_TIMEOUT);
    assert_false(client.open);
}

static void acknowledgement_of_another_id_is_not_mine(void **state)
{
    broker.silent = true;
    test_tell("\x40\x02\x77\x77", 4);
    assert_int_equal(mico_mqtt_publish(&client, "t", test_text("x"), 1, false), MICO_ERR_TIMEOUT);
}

static void packet_ids_skip_zero_when_they_wrap(void **state)
{
    client.last_id = 65534;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(mico_mqtt_publish(&client, "t", test_text("x"), 1, false), MICO_OK);
    }
    assert_int_equal(client.last_id, 2);
}

static void refused_subscription_is_denied_and_the_connection_stays(void **state)
{
    broker.silent = true;
    test_tell("\x90\x03\x00\x01\x80", 5);
    assert_int_equal(mico_mqtt_subscribe(&client, "other/#", 1), MICO_ERR_DENIED);
    broker.silent = false;
    assert_int_equal(mico_mqtt_subscribe(&client, "mine/#", 1), MICO_OK);
}

#define FRESH(test) cmocka_unit_test_setup(test, test_connected)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connect_writes_will_user_and_password_as_section_3_1_says),
        cmocka_unit_test(connect_refusals_have_their_own_errors_and_close),
        cmocka_unit_test(connect_to_a_silent_broker_times_out_after_ten_seconds),
        cmocka_unit_test(connect_accepts_no_other_first_packet),
        cmocka_unit_test(options_that_the_protocol_forbids_send_nothing),
        cmocka_unit_test(every_byte_split_of_a_life_delivers_the_same),
        FRESH(message_of_qos_1_is_acknowledged_after_its_delivery),
        cmocka_unit_test(malformed_packets_close_and_deliver_nothing),
        FRESH(message_that_fills_the_buffer_exactly_arrives_and_one_byte_more_closes),
        FRESH(publish_longer_than_the_buffer_sends_nothing_and_stays_open),
        FRESH(publish_without_puback_times_out_and_closes),
        FRESH(acknowledgement_of_another_id_is_not_mine),
        FRESH(packet_ids_skip_zero_when_they_wrap),
        FRESH(refused_subscription_is_denied_and_the_connection_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

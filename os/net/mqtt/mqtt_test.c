/* SPDX-License-Identifier: Apache-2.0 */
/* The client against a broker in memory that answers as the standard says, or as the test tells it to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/net/mqtt/mqtt.h"
#include "os/net/mqtt/packet.h"
#include "os/port/clock.h"

static uint64_t clock_ms;

uint64_t mico_clock_ms(void)
{
    return clock_ms;
}

/* ---- the broker ---- */

struct broker {
    uint8_t to_client[16384], from_client[16384];
    size_t to_len, to_at, from_len;
    size_t first_cut;         /* the first reads end here */
    size_t piece;             /* and later ones give at most this much */
    bool silent;              /* answers nothing */
    bool gone;                /* the stream has ended once to_client is read */
    const uint8_t *interject; /* sent just before the next PUBACK */
    size_t interject_len;
    unsigned pings, disconnects;
};

static struct broker broker;
static struct mico_mqtt client;
static uint8_t in[512], out[512];

static void tell(const void *data, size_t len)
{
    assert_true(broker.to_len + len <= sizeof broker.to_client);
    memcpy(broker.to_client + broker.to_len, data, len);
    broker.to_len += len;
}

static size_t tell_message(const char *topic, const char *payload, uint8_t qos, uint16_t id)
{
    uint8_t wire[600];
    struct mico_writer w = mico_writer_of(wire, sizeof wire);
    assert_int_equal(mico_mqtt_write_publish(&w, id, topic,
                                             (struct mico_span){(const uint8_t *)payload, strlen(payload)}, qos, false),
                     MICO_OK);
    tell(wire, w.len);
    return w.len;
}

static void answer(const uint8_t *packet, size_t len)
{
    size_t head = packet[1] & 0x80 ? 3 : 2;
    switch (packet[0] >> 4) {
    case MICO_MQTT_CONNECT:
        tell("\x20\x02\x00\x00", 4);
        break;
    case MICO_MQTT_SUBSCRIBE:
        tell((uint8_t[]){0x90, 3, packet[2], packet[3], packet[len - 1]}, 5);
        break;
    case MICO_MQTT_UNSUBSCRIBE:
        tell((uint8_t[]){0xB0, 2, packet[2], packet[3]}, 4);
        break;
    case MICO_MQTT_PUBLISH:
        if (packet[0] & 0x06) {
            size_t topic = packet[head] * 256u + packet[head + 1];
            if (broker.interject_len > 0) {
                tell(broker.interject, broker.interject_len);
            }
            broker.interject_len = 0;
            tell((uint8_t[]){0x40, 2, packet[head + 2 + topic], packet[head + 3 + topic]}, 4);
        }
        break;
    case MICO_MQTT_PINGREQ:
        broker.pings++;
        tell("\xD0\x00", 2);
        break;
    case MICO_MQTT_DISCONNECT:
        broker.disconnects++;
        break;
    default:
        break;
    }
}

static mico_err broker_send(void *ctx, const void *data, size_t len)
{
    assert_true(broker.from_len + len <= sizeof broker.from_client);
    memcpy(broker.from_client + broker.from_len, data, len);
    broker.from_len += len;
    if (!broker.silent) {
        answer(data, len);
    }
    return MICO_OK;
}

static mico_err broker_recv(void *ctx, void *buffer, size_t cap, size_t *len, uint32_t timeout_ms)
{
    size_t left = broker.to_len - broker.to_at;
    if (left == 0) {
        clock_ms += timeout_ms;
        return broker.gone ? MICO_ERR_CLOSED : MICO_ERR_TIMEOUT;
    }
    size_t most = broker.to_at < broker.first_cut ? broker.first_cut - broker.to_at
                  : broker.piece                  ? broker.piece
                                                  : left;
    *len = left < most ? left : most;
    *len = *len < cap ? *len : cap;
    memcpy(buffer, broker.to_client + broker.to_at, *len);
    broker.to_at += *len;
    return MICO_OK;
}

/* ---- what the client was told ---- */

static char seen[4096];
static mico_err (*in_callback)(const char *topic, struct mico_span payload);
static mico_err in_callback_err;

static void on_message(void *ctx, const char *topic, struct mico_span payload)
{
    assert_ptr_equal(ctx, seen);
    size_t at = strlen(seen);
    assert_true(at + strlen(topic) + payload.len + 3 < sizeof seen);
    snprintf(seen + at, sizeof seen - at, "%s=%.*s;", topic, (int)payload.len, (const char *)payload.data);
    if (in_callback) {
        in_callback_err = in_callback(topic, payload);
    }
}

static const struct mico_mqtt_options plain = {.client_id = "A1:B2", .clean_session = true, .keep_alive_s = 60};

static void start(void)
{
    memset(&broker, 0, sizeof broker);
    memset(seen, 0, sizeof seen);
    in_callback = NULL;
    clock_ms = 1000;
    mico_mqtt_init(&client, &(struct mico_mqtt_io){broker_send, broker_recv, NULL}, in, sizeof in, out, sizeof out,
                   on_message, seen);
}

static int connected(void **state)
{
    start();
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_OK);
    broker.from_len = 0;
    return 0;
}

static struct mico_span text(const char *s)
{
    return (struct mico_span){(const uint8_t *)s, strlen(s)};
}

/* ---- tests ---- */

static void connect_writes_will_user_and_password_as_section_3_1_says(void **state)
{
    static const uint8_t expected[] = {0x10, 36,  0,   4,   'M', 'Q', 'T', 'T', 4, 0xEE, 0,   30,  0,
                                       2,    'i', 'd', 0,   3,   'w', '/', 't', 0, 7,    'o', 'f', 'f',
                                       'l',  'i', 'n', 'e', 0,   2,   'm', 'e', 0, 2,    'p', 'w'};
    start();
    struct mico_mqtt_options options = {.client_id = "id",
                                        .user_name = "me",
                                        .password = "pw",
                                        .keep_alive_s = 30,
                                        .clean_session = true,
                                        .will_topic = "w/t",
                                        .will_payload = text("offline"),
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
        start();
        broker.silent = true;
        tell((uint8_t[]){0x20, 2, 0, code}, 4);
        assert_int_equal(mico_mqtt_connect(&client, &plain), errors[code - 1]);
        assert_int_equal(mico_mqtt_publish(&client, "a", text("b"), 0, false), MICO_ERR_STATE);
        assert_int_equal(mico_mqtt_poll(&client, 0), MICO_ERR_STATE);
    }
}

static void connect_to_a_silent_broker_times_out_after_ten_seconds(void **state)
{
    start();
    broker.silent = true;
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_ERR_TIMEOUT);
    assert_int_equal(clock_ms, 1000 + MICO_MQTT_ANSWER_TIMEOUT_MS);
    start();
    broker.gone = broker.silent = true;
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_ERR_CLOSED);
}

static void connect_accepts_no_other_first_packet(void **state)
{
    start();
    broker.silent = true;
    tell_message("a", "b", 0, 0);
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
        start();
        assert_int_equal(mico_mqtt_connect(&client, &bad[i]), MICO_ERR_PARAM);
        assert_int_equal(broker.from_len, 0);
    }
}

/* One life: connect, subscribe, publish QoS 1 with messages before its answer, messages of both kinds, ping. */
static size_t live(size_t first_cut, size_t piece)
{
    uint8_t early[64];
    start();
    broker.first_cut = first_cut;
    broker.piece = piece;
    struct mico_writer w = mico_writer_of(early, sizeof early);
    assert_int_equal(mico_mqtt_write_publish(&w, 9, "early", text("1"), 1, false), MICO_OK);
    broker.interject = early;
    broker.interject_len = w.len;
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_OK);
    assert_int_equal(mico_mqtt_subscribe(&client, "mico/+/x", 1), MICO_OK);
    assert_int_equal(mico_mqtt_publish(&client, "mico/a/x", text("payload"), 1, false), MICO_OK);
    assert_int_equal(mico_mqtt_unsubscribe(&client, "mico/+/x"), MICO_OK);
    tell_message("zero", "", 0, 0);
    tell_message("one", "uno", 1, 77);
    tell_message("\xC3\xA9",
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
    tell_message("t", "p", 1, 0x1234);
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
        connected(state);
        tell(bad[i].bytes, bad[i].len);
        if (mico_mqtt_poll(&client, 0) != MICO_ERR_FORMAT) {
            fail_msg("accepted: %s", bad[i].what);
        }
        assert_false(client.open);
        assert_string_equal(seen, "");
        assert_int_equal(broker.from_len, 0);
        assert_int_equal(mico_mqtt_publish(&client, "a", text("b"), 0, false), MICO_ERR_STATE);
    }
}

static void message_that_fills_the_buffer_exactly_arrives_and_one_byte_more_closes(void **state)
{
    char payload[sizeof in];
    memset(payload, 'x', sizeof payload);
    payload[sizeof in - 6] = 0; /* head 3, topic length 2, topic 1 */
    assert_int_equal(tell_message("t", payload, 0, 0), sizeof in);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    assert_int_equal(strlen(seen), 2 + strlen(payload) + 1);
    payload[sizeof in - 6] = 'x';
    payload[sizeof in - 5] = 0;
    tell_message("t", payload, 0, 0);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_ERR_FORMAT);
}

static void publish_longer_than_the_buffer_sends_nothing_and_stays_open(void **state)
{
    uint8_t big[sizeof out] = {0};
    assert_int_equal(mico_mqtt_publish(&client, "t", MICO_SPAN(big), 1, false), MICO_ERR_SIZE);
    assert_int_equal(mico_mqtt_publish(&client, "t/+", text("x"), 0, false), MICO_ERR_PARAM);
    assert_int_equal(broker.from_len, 0);
    assert_int_equal(mico_mqtt_publish(&client, "t", text("x"), 1, false), MICO_OK);
}

static void publish_without_puback_times_out_and_closes(void **state)
{
    broker.silent = true;
    assert_int_equal(mico_mqtt_publish(&client, "t", text("x"), 1, false), MICO_ERR_TIMEOUT);
    assert_false(client.open);
}

static void acknowledgement_of_another_id_is_not_mine(void **state)
{
    broker.silent = true;
    tell("\x40\x02\x77\x77", 4);
    assert_int_equal(mico_mqtt_publish(&client, "t", text("x"), 1, false), MICO_ERR_TIMEOUT);
}

static void packet_ids_skip_zero_when_they_wrap(void **state)
{
    client.last_id = 65534;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(mico_mqtt_publish(&client, "t", text("x"), 1, false), MICO_OK);
    }
    assert_int_equal(client.last_id, 2);
}

static void refused_subscription_is_denied_and_the_connection_stays(void **state)
{
    broker.silent = true;
    tell("\x90\x03\x00\x01\x80", 5);
    assert_int_equal(mico_mqtt_subscribe(&client, "other/#", 1), MICO_ERR_DENIED);
    broker.silent = false;
    assert_int_equal(mico_mqtt_subscribe(&client, "mine/#", 1), MICO_OK);
}

static mico_err echo(const char *topic, struct mico_span payload)
{
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_ERR_BUSY);
    return mico_mqtt_publish(&client, "echo", payload, 1, false);
}

static void callback_may_publish_and_messages_then_wait_their_turn(void **state)
{
    uint8_t second[64];
    struct mico_writer w = mico_writer_of(second, sizeof second);
    assert_int_equal(mico_mqtt_write_publish(&w, 5, "two", text("2"), 1, false), MICO_OK);
    broker.interject = second; /* arrives while the callback of the first waits for its PUBACK */
    broker.interject_len = w.len;
    in_callback = echo;
    tell_message("one", "1", 0, 0);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    assert_int_equal(in_callback_err, MICO_OK);
    assert_string_equal(seen, "one=1;two=2;");
    assert_int_equal(client.in_len, 0);
}

static void message_during_a_publish_waits_for_the_poll(void **state)
{
    uint8_t early[64];
    struct mico_writer w = mico_writer_of(early, sizeof early);
    assert_int_equal(mico_mqtt_write_publish(&w, 5, "in", text("between"), 1, false), MICO_OK);
    broker.interject = early;
    broker.interject_len = w.len;
    assert_int_equal(mico_mqtt_publish(&client, "outer", text("x"), 1, false), MICO_OK);
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
        assert_int_equal(mico_mqtt_write_publish(&w, 7, "f", text("0123456789"), 1, false), MICO_OK);
        count++;
    }
    broker.interject = flood;
    broker.interject_len = w.len;
    assert_int_equal(mico_mqtt_publish(&client, "outer", text("x"), 1, false), MICO_ERR_FULL);
    assert_int_equal(mico_mqtt_publish(&client, "outer", text("y"), 1, false), MICO_ERR_FULL); /* sent all the same */
    while (broker.to_at < broker.to_len || client.in_len > 0) {
        assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    }
    for (const char *s = seen; (s = strstr(s, "f=0123456789;")); s++) {
        got++;
    }
    assert_int_equal(got, count);
    assert_int_equal(mico_mqtt_publish(&client, "outer", text("z"), 1, false), MICO_OK);
}

static void flood_during_a_callbacks_publish_is_full_and_loses_no_message(void **state)
{
    uint8_t flood[3 * sizeof in];
    struct mico_writer w = mico_writer_of(flood, sizeof flood);
    unsigned count = 0;
    while (w.len < 2 * sizeof in) {
        assert_int_equal(mico_mqtt_write_publish(&w, 7, "f", text("0123456789"), 1, false), MICO_OK);
        count++;
    }
    broker.interject = flood;
    broker.interject_len = w.len;
    in_callback = echo;
    tell_message("one", "1", 0, 0);
    mico_err first = mico_mqtt_poll(&client, 0);
    assert_int_equal(first, MICO_OK);
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
    tell_message("t", "a", 1, 1);
    tell_message("t", "b", 1, 2);
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
        assert_int_equal(mico_mqtt_publish(&client, "t", text("x"), 0, false), MICO_OK);
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
    tell("\xD0\x00", 2);
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
    tell("\x30\x20\x00", 3); /* half a message, then the end */
    broker.gone = true;
    assert_int_equal(mico_mqtt_poll(&client, 1000), MICO_ERR_CLOSED);
    broker.gone = false;
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_OK);
    assert_int_equal(mico_mqtt_connect(&client, &plain), MICO_ERR_STATE);
    tell_message("t", "p", 0, 0);
    assert_int_equal(mico_mqtt_poll(&client, 0), MICO_OK);
    assert_string_equal(seen, "t=p;");
}

#define FRESH(test) cmocka_unit_test_setup(test, connected)

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

/* SPDX-License-Identifier: Apache-2.0 */
/* A controller on the relay of a device whose broker is slow, beside users who come directly. The clock is held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "apps/device/relay.h"
#include "apps/device/test_device.h"
#include "os/net/mqtt/packet.h"
#include "os/port/board.h"
#include "os/port/clock.h"

#define TO_DEVICE "mico/" TEST_DEVICE_ID "/relay/0123456789abcdef/c"
#define TO_CONTROLLER "mico/" TEST_DEVICE_ID "/relay/0123456789abcdef/d"

static struct mico_relay relay;
static struct mico_mqtt mqtt;
static uint8_t buffers[2][MICO_MQTT_BUFFER];

/* ---- the broker: takes its time, then confirms ---- */

static uint32_t takes_ms;   /* for each message */
static uint8_t answers[64]; /* what it sends next */
static size_t answers_len;
static uint8_t came[65536]; /* what has come for the controller */
static size_t came_len, came_at;
static unsigned messages, ends; /* ends: the empty ones */
static bool strangers;          /* what comes is for them */
static bool gone;               /* it takes nothing more */
static unsigned refused;

static void keep(const struct mico_mqtt_packet *packet)
{
    if (!strangers) {
        assert_int_equal(packet->topic.len, sizeof TO_CONTROLLER - 1);
        assert_memory_equal(packet->topic.data, TO_CONTROLLER, packet->topic.len);
    }
    assert_true(came_len + packet->payload.len <= sizeof came);
    memcpy(came + came_len, packet->payload.data, packet->payload.len);
    came_len += packet->payload.len;
    messages++;
    ends += packet->payload.len == 0;
}

static mico_err broker_takes(void *ctx, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    struct mico_mqtt_packet packet;
    if (bytes[0] >> 4 == MICO_MQTT_CONNECT) {
        memcpy(answers, "\x20\x02\x00\x00", answers_len = 4);
        return MICO_OK;
    }
    if (gone) {
        refused++;
        return MICO_ERR_CLOSED;
    }
    assert_int_equal(mico_mqtt_packet_read(data, len, &packet), MICO_OK);
    assert_int_equal(packet.type, MICO_MQTT_PUBLISH);
    mico_thread_sleep_ms(takes_ms);
    keep(&packet);
    memcpy(answers, ((uint8_t[]){0x40, 2, packet.id >> 8, packet.id & 0xFF}), answers_len = 4);
    return MICO_OK;
}

static mico_err broker_gives(void *ctx, void *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    if (answers_len == 0) {
        mico_thread_sleep_ms(timeout_ms);
        return MICO_ERR_TIMEOUT;
    }
    memcpy(out, answers, *len = answers_len);
    answers_len = 0;
    return MICO_OK;
}

static void no_message(void *ctx, const char *topic, struct mico_span payload)
{
}

/* ---- the controller ---- */

static struct mico_client controller;
static int events;

static mico_err wire_send(void *ctx, const uint8_t *data, size_t len)
{
    mico_relay_message(&relay, TO_DEVICE, (struct mico_span){data, len});
    return MICO_OK;
}

static mico_err wire_receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    size_t left = came_len - came_at;
    if (left == 0) {
        return MICO_ERR_TIMEOUT;
    }
    memcpy(out, came + came_at, *len = left < cap ? left : cap);
    came_at += *len;
    return MICO_OK;
}

static void on_event(void *ctx, const char *json, size_t len)
{
    events++;
}

static void request(const char *method, const char *path, const char *body, int status)
{
    assert_int_equal(mico_client_request(&controller, method, path, body != NULL ? "application/hap+json" : NULL,
                                         (struct mico_span){(const uint8_t *)body, body != NULL ? strlen(body) : 0}),
                     MICO_OK);
    assert_int_equal(controller.reply.status, status);
}

static void subscribe(void)
{
    request("PUT", "/characteristics", "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"ev\":true}]}", 204);
}

/* ---- cases ---- */

static int connected(void **state)
{
    const struct mico_mqtt_io io = {broker_takes, broker_gives, NULL};
    const struct mico_mqtt_options options = {.client_id = TEST_DEVICE_ID, .clean_session = true};
    const struct mico_wire wire = {NULL, wire_send, wire_receive};
    takes_ms = 0;
    strangers = gone = false;
    refused = 0;
    answers_len = came_len = came_at = 0;
    events = 0;
    mico_mqtt_init(&mqtt, &io, buffers[0], sizeof buffers[0], buffers[1], sizeof buffers[1], no_message, NULL);
    if (mico_mqtt_connect(&mqtt, &options) != MICO_OK) {
        return -1;
    }
    mico_relay_start(&relay, &device, &mqtt);
    mico_client_start(&controller, &wire, 1000);
    controller.on_event = on_event;
    messages = ends = 0;
    test_longest_wait_ms = 0;
    return 0;
}

static int verified(void **state)
{
    int err = connected(state);
    assert_int_equal(mico_client_verify(&controller, &alice.self, &lamp), MICO_OK);
    return err;
}

static int disconnected(void **state)
{
    mico_client_stop(&controller);
    mico_relay_stop(&relay);
    return 0;
}

static void slow_broker_delays_no_direct_user(void **state)
{
    takes_ms = 9000;
    assert_int_equal(mico_client_verify(&controller, &alice.self, &lamp), MICO_OK);
    request("GET", "/accessories", NULL, 200);
    subscribe();
    test_device_change();
    mico_relay_poll(&relay);
    assert_int_equal(mico_client_wait_event(&controller, 1000), MICO_OK);
    assert_int_equal(events, 1);
    mico_relay_message(&relay, TO_DEVICE, (struct mico_span){(const uint8_t *)"no frame at all, but long enough", 32});
    assert_int_equal(ends, 1);
    assert_true(messages >= 5);
    assert_in_range(test_longest_wait_ms, 0, 100);
}

#define ASK_ALL "GET /accessories HTTP/1.1\r\n\r\n"

/* Requests for all accessories in one frame. */
static void send_frame_of(size_t count)
{
    uint8_t text[MICO_FRAME_TEXT_MAX], frame[MICO_FRAME_MAX];
    size_t len;
    for (size_t i = 0; i < count; i++) {
        memcpy(text + i * (sizeof ASK_ALL - 1), ASK_ALL, sizeof ASK_ALL - 1);
    }
    assert_int_equal(mico_session_seal(&controller.session, text, count * (sizeof ASK_ALL - 1), frame, &len), MICO_OK);
    mico_relay_message(&relay, TO_DEVICE, (struct mico_span){frame, len});
}

static void answers_to_one_frame_share_messages_and_keep_their_order(void **state)
{
    size_t from = came_len, answered = 0;
    messages = 0;
    send_frame_of(3);
    assert_true(came_len - from > MICO_RELAY_PIECE);
    assert_int_equal(messages, (came_len - from + MICO_RELAY_PIECE - 1) / MICO_RELAY_PIECE);
    while (from < came_len) { /* a frame out of its order does not check */
        uint8_t text[MICO_FRAME_TEXT_MAX];
        size_t used, text_len;
        assert_int_equal(
            mico_session_receive(&controller.session, came + from, came_len - from, &used, text, &text_len), MICO_OK);
        answered += text_len >= 12 && memcmp(text, "HTTP/1.1 200", 12) == 0;
        from += used;
    }
    assert_int_equal(answered, 3);
    came_at = came_len;
}

/* As many as one message holds; the first answers go out before the last requests are looked at. */
static void many_requests_in_one_message_are_all_answered_in_order(void **state)
{
    static const char one[] = ASK_ALL, other[] = "GET /nothing HTTP/1.1\r\n\r\n";
    char text[3000];
    size_t len = 0, answered = 0;
    unsigned count = 0;
    for (; len + sizeof one < sizeof text; count++) {
        const char *next = count % 2 == 0 ? one : other;
        memcpy(text + len, next, strlen(next));
        len += strlen(next);
    }
    mico_relay_message(&relay, TO_DEVICE, (struct mico_span){(const uint8_t *)text, len});
    for (char *at = (char *)came; (at = memmem(at, (size_t)((char *)came + came_len - at), "HTTP/1.1 ", 9)) != NULL;
         at++) {
        assert_memory_equal(at + 9, answered++ % 2 == 0 ? "470" : "404", 3);
    }
    assert_int_equal(answered, count);
    assert_int_equal(ends, 0);
}

static void frame_of_requests_with_more_answers_than_room_ends_the_connection(void **state)
{
    messages = 0;
    send_frame_of(35);
    assert_int_equal(ends, 1);
    assert_int_equal(messages, 1);
}

static void broker_that_is_gone_is_told_nothing_more(void **state)
{
    gone = true;
    assert_int_equal(mico_client_request(&controller, "GET", "/accessories", NULL, (struct mico_span){NULL, 0}),
                     MICO_ERR_TIMEOUT);
    assert_int_equal(refused, 1);
    assert_string_equal(relay.list[0].id, "");
}

static void subscriber_that_was_silent_for_long_gets_its_event(void **state)
{
    subscribe();
    for (int s = 0; s < 600; s++) {
        mico_thread_sleep_ms(1000);
        mico_relay_poll(&relay);
    }
    assert_int_equal(ends, 0);
    test_device_change();
    mico_relay_poll(&relay);
    assert_int_equal(mico_client_wait_event(&controller, 1000), MICO_OK);
}

static void strangers_take_each_others_places_before_a_verified_one(void **state)
{
    char topic[] = "mico/" TEST_DEVICE_ID "/relay/000000000000000?/c";
    subscribe();
    for (int i = 0; i < 10; i++) {
        mico_thread_sleep_ms(1000);
        topic[sizeof topic - 4] = (char)('0' + i);
        mico_relay_message(&relay, topic, (struct mico_span){(const uint8_t *)"G", 1});
    }
    request("GET", "/characteristics?id=1.9", NULL, 200);
    mico_thread_sleep_ms(61000);
    strangers = true;
    mico_relay_poll(&relay);
    assert_int_equal(ends, MICO_RELAY_CONNECTIONS - 1); /* silent for a minute */
    strangers = false;
    request("GET", "/characteristics?id=1.9", NULL, 200);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(slow_broker_delays_no_direct_user, connected, disconnected),
        cmocka_unit_test_setup_teardown(answers_to_one_frame_share_messages_and_keep_their_order, verified,
                                        disconnected),
        cmocka_unit_test_setup_teardown(many_requests_in_one_message_are_all_answered_in_order, connected,
                                        disconnected),
        cmocka_unit_test_setup_teardown(frame_of_requests_with_more_answers_than_room_ends_the_connection, verified,
                                        disconnected),
        cmocka_unit_test_setup_teardown(broker_that_is_gone_is_told_nothing_more, verified, disconnected),
        cmocka_unit_test_setup_teardown(subscriber_that_was_silent_for_long_gets_its_event, verified, disconnected),
        cmocka_unit_test_setup_teardown(strangers_take_each_others_places_before_a_verified_one, verified,
                                        disconnected),
    };
    mico_board_halt(cmocka_run_group_tests(tests, test_device_make, test_parties_unmake));
}

int main(void)
{
    test_device_main(run_all);
}

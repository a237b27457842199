/* SPDX-License-Identifier: Apache-2.0 */
/* Controllers and strangers at a device's TCP port, while the clock is held: minutes pass in no time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "apps/device/test_device.h"
#include "os/net/tcp.h"
#include "os/port/board.h"
#include "os/port/clock.h"

#define PATIENCE_MS 60000u
#define LATE_ANSWERS 16000u /* of more than 1 KB */

static uint16_t port;

/* A controller's connection over TCP. */
struct caller {
    mico_tcp tcp;
    struct mico_client client;
    int events;
};

static mico_err wire_send(void *ctx, const uint8_t *data, size_t len)
{
    return mico_tcp_send(((struct caller *)ctx)->tcp, data, len, PATIENCE_MS);
}

static mico_err wire_receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return mico_tcp_recv(((struct caller *)ctx)->tcp, out, cap, len, timeout_ms);
}

static void on_event(void *ctx, const char *json, size_t len)
{
    ((struct caller *)ctx)->events++;
}

static mico_tcp dial(void)
{
    mico_tcp tcp;
    assert_int_equal(mico_tcp_connect("127.0.0.1", port, PATIENCE_MS, &tcp), MICO_OK);
    mico_thread_sleep_ms(1);
    return tcp;
}

static void call(struct caller *caller)
{
    struct mico_wire wire = {caller, wire_send, wire_receive};
    caller->tcp = dial();
    mico_client_start(&caller->client, &wire, PATIENCE_MS);
    caller->client.on_event = on_event;
    caller->client.event_ctx = caller;
    caller->events = 0;
}

static void call_and_subscribe(struct caller *caller)
{
    static const char body[] = "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"ev\":true}]}";
    call(caller);
    assert_int_equal(mico_client_verify(&caller->client, &alice.self, &lamp), MICO_OK);
    assert_int_equal(mico_client_request(&caller->client, "PUT", "/characteristics", "application/hap+json",
                                         (struct mico_span){(const uint8_t *)body, sizeof body - 1}),
                     MICO_OK);
    assert_int_equal(caller->client.reply.status, 204);
}

static void hang_up(struct caller *caller)
{
    mico_client_stop(&caller->client);
    mico_tcp_close(caller->tcp);
    mico_thread_sleep_ms(1000);
}

/* The device has ended the connection. */
static bool ended(mico_tcp tcp)
{
    uint8_t byte;
    size_t len;
    return mico_tcp_recv(tcp, &byte, 1, &len, 0) != MICO_ERR_TIMEOUT;
}

struct strangers {
    mico_tcp tcp[2 * 4]; /* more than there are places */
    size_t count;
};

static void come(struct strangers *strangers, size_t count)
{
    for (strangers->count = 0; strangers->count < count; strangers->count++) {
        strangers->tcp[strangers->count] = dial();
    }
}

static size_t sent_away(const struct strangers *strangers)
{
    size_t count = 0;
    for (size_t i = 0; i < strangers->count; i++) {
        count += ended(strangers->tcp[i]);
    }
    return count;
}

static void go(struct strangers *strangers)
{
    for (size_t i = 0; i < strangers->count; i++) {
        mico_tcp_close(strangers->tcp[i]);
    }
    mico_thread_sleep_ms(2000);
}

static void subscriber_that_was_silent_for_long_gets_its_event(void **state)
{
    static struct caller owner;
    call_and_subscribe(&owner);
    mico_thread_sleep_ms(300000);
    test_device_change();
    assert_int_equal(mico_client_wait_event(&owner.client, 1000), MICO_OK);
    assert_int_equal(owner.events, 1);
    hang_up(&owner);
}

static void silent_stranger_is_sent_away_after_half_a_minute(void **state)
{
    struct strangers one;
    come(&one, 1);
    mico_thread_sleep_ms(29000);
    assert_int_equal(sent_away(&one), 0);
    mico_thread_sleep_ms(2000);
    assert_int_equal(sent_away(&one), 1);
    go(&one);
}

static void strangers_in_all_places_do_not_keep_an_owner_out(void **state)
{
    static struct caller owner;
    struct strangers four;
    come(&four, 4);
    uint64_t start_ms = mico_clock_ms();
    call_and_subscribe(&owner);
    assert_in_range(mico_clock_ms() - start_ms, 0, 3000);
    assert_int_equal(sent_away(&four), 1);
    go(&four);
    hang_up(&owner);
}

static void strangers_who_wait_too_do_not_keep_an_owner_out_for_long(void **state)
{
    static struct caller owner;
    struct strangers seven;
    come(&seven, 7);
    uint64_t start_ms = mico_clock_ms();
    call_and_subscribe(&owner);
    assert_in_range(mico_clock_ms() - start_ms, 0, 8000);
    go(&seven);
    hang_up(&owner);
}

/* However often they send a byte. Only as many leave as there are newcomers. */
static void strangers_who_talk_without_end_give_way_after_ten_seconds(void **state)
{
    static struct caller owner;
    struct strangers four;
    come(&four, 4);
    for (int s = 0; s < 40; s++) {
        for (size_t i = 0; i < four.count; i++) {
            assert_int_equal(mico_tcp_send(four.tcp[i], "G", 1, PATIENCE_MS), MICO_OK);
        }
        mico_thread_sleep_ms(1000);
    }
    assert_int_equal(sent_away(&four), 0); /* nobody wanted their places */
    uint64_t start_ms = mico_clock_ms();
    call_and_subscribe(&owner);
    assert_in_range(mico_clock_ms() - start_ms, 0, 800);
    assert_int_equal(sent_away(&four), 1);
    go(&four);
    hang_up(&owner);
}

static void owners_stay_and_others_get_in_while_strangers_come_and_go(void **state)
{
    static struct caller owners[3], late;
    for (size_t i = 0; i < 3; i++) {
        call_and_subscribe(&owners[i]);
    }
    for (int round = 0; round < 5; round++) {
        struct strangers five;
        come(&five, 5);
        mico_thread_sleep_ms(40000);
        go(&five);
    }
    test_device_change();
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(mico_client_wait_event(&owners[i].client, 1000), MICO_OK);
    }
    struct strangers one;
    come(&one, 1);
    call_and_subscribe(&late);
    assert_int_equal(sent_away(&one), 1);
    go(&one);
    hang_up(&late);
    for (size_t i = 0; i < 3; i++) {
        hang_up(&owners[i]);
    }
}

/* It asks and asks, until neither side has room for more answers. */
static void stranger_who_takes_no_answers_delays_nobody(void **state)
{
    static const char ask[] = "GET /accessories HTTP/1.1\r\n\r\n";
    static char asks[2000 * (sizeof ask - 1)];
    for (size_t i = 0; i < sizeof asks; i++) {
        asks[i] = ask[i % (sizeof ask - 1)];
    }
    mico_tcp tcp = dial();
    mico_err err = MICO_OK;
    test_longest_wait_ms = 0;
    for (int i = 0; err == MICO_OK && i < 500; i++) { /* 28 MB */
        err = mico_tcp_send(tcp, asks, sizeof asks, PATIENCE_MS);
    }
    assert_int_not_equal(err, MICO_OK);
    assert_int_not_equal(err, MICO_ERR_TIMEOUT);
    assert_in_range(test_longest_wait_ms, 0, 100);
    mico_tcp_close(tcp);
}

/* "GET /accessories" in a frame of its own. */
static size_t seal_ask(struct caller *caller, uint8_t frame[MICO_FRAME_MAX])
{
    static const char ask[] = "GET /accessories HTTP/1.1\r\n\r\n";
    size_t len;
    assert_int_equal(mico_session_seal(&caller->client.session, (const uint8_t *)ask, sizeof ask - 1, frame, &len),
                     MICO_OK);
    return len;
}

static void owner_who_takes_no_answers_delays_nobody(void **state)
{
    static struct caller owner;
    uint8_t frame[MICO_FRAME_MAX];
    call_and_subscribe(&owner);
    mico_err err = MICO_OK;
    test_longest_wait_ms = 0;
    for (int i = 0; err == MICO_OK && i < 1000000; i++) {
        err = mico_tcp_send(owner.tcp, frame, seal_ask(&owner, frame), PATIENCE_MS);
    }
    assert_int_not_equal(err, MICO_OK);
    assert_int_not_equal(err, MICO_ERR_TIMEOUT);
    assert_in_range(test_longest_wait_ms, 0, 100);
    hang_up(&owner);
}

static void take_answers(struct caller *caller, size_t count)
{
    static uint8_t data[8192], text[MICO_FRAME_TEXT_MAX];
    for (size_t at = 0, len = 0; count > 0; at += len) {
        size_t used, text_len;
        assert_int_equal(mico_tcp_recv(caller->tcp, data, sizeof data, &len, PATIENCE_MS), MICO_OK);
        for (at = 0; len > 0; at += used, len -= used) {
            assert_int_equal(mico_session_receive(&caller->client.session, data + at, len, &used, text, &text_len),
                             MICO_OK);
            count -= text_len > 12 && memcmp(text, "HTTP/1.1 200", 12) == 0;
        }
    }
}

/* More than both sides' buffers hold: the device waits for the owner meanwhile, and others do not wait for the device. */
static void owner_who_takes_answers_late_gets_them_all(void **state)
{
    static struct caller owner;
    uint8_t frame[MICO_FRAME_MAX];
    call_and_subscribe(&owner);
    test_longest_wait_ms = 0;
    for (size_t i = 0; i < LATE_ANSWERS; i++) {
        size_t len = seal_ask(&owner, frame);
        assert_int_equal(mico_tcp_send(owner.tcp, frame, len, PATIENCE_MS), MICO_OK);
    }
    mico_thread_sleep_ms(3000);
    take_answers(&owner, LATE_ANSWERS);
    mico_thread_sleep_ms(100); /* who waited has noted it */
    assert_in_range(test_longest_wait_ms, 0, 100);
    hang_up(&owner);
}

static int start(void **state)
{
    if (test_device_make(state) != 0) {
        return -1;
    }
    for (port = 20000 + (uint16_t)(mico_clock_us() * 7919 % 20000); port < 60000; port++) {
        if (mico_device_serve(&device, port) == MICO_OK) {
            return 0;
        }
    }
    return -1;
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subscriber_that_was_silent_for_long_gets_its_event),
        cmocka_unit_test(silent_stranger_is_sent_away_after_half_a_minute),
        cmocka_unit_test(strangers_in_all_places_do_not_keep_an_owner_out),
        cmocka_unit_test(strangers_who_wait_too_do_not_keep_an_owner_out_for_long),
        cmocka_unit_test(strangers_who_talk_without_end_give_way_after_ten_seconds),
        cmocka_unit_test(stranger_who_takes_no_answers_delays_nobody),
        cmocka_unit_test(owner_who_takes_no_answers_delays_nobody),
        cmocka_unit_test(owner_who_takes_answers_late_gets_them_all),
        cmocka_unit_test(owners_stay_and_others_get_in_while_strangers_come_and_go),
    };
    mico_board_halt(cmocka_run_group_tests(tests, start, test_parties_unmake));
}

int main(void)
{
    test_device_main(run_all);
}

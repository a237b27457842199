/* SPDX-License-Identifier: Apache-2.0 */
/* What a verified controller can do and an unverified one cannot: values, events, and HTTP that means harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pairing/accessory/test_parties.h"

static struct mico_client_self bobs_own;

/* Two connections of one controller. */
static int unpaired(void **state)
{
    int made = test_parties_make(state);
    bobs_own = bob.self;
    bob.self = alice.self;
    return made;
}

static int unmake(void **state)
{
    bob.self = bobs_own;
    return test_parties_unmake(state);
}

static int paired(void **state)
{
    (void)unpaired(state);
    test_pair(&alice);
    return test_verify(&bob) == MICO_OK ? 0 : -1;
}

static int request(struct party *party, const char *method, const char *path, const char *body)
{
    struct mico_span span = {(const uint8_t *)body, body != NULL ? strlen(body) : 0};
    assert_int_equal(
        mico_client_request(&party->client, method, path, body != NULL ? "application/hap+json" : NULL, span), MICO_OK);
    return party->client.reply.status;
}

static int put(struct party *party, const char *body)
{
    return request(party, "PUT", "/characteristics", body);
}

static void expect_body(const struct party *party, const char *json)
{
    assert_string_equal((const char *)party->client.reply.body, json);
}

static void unverified_controller_gets_470_everywhere(void **state)
{
    assert_int_equal(request(&alice, "GET", "/accessories", NULL), 470);
    expect_body(&alice, "{\"status\":-70401}");
    assert_int_equal(request(&alice, "GET", "/characteristics?id=1.9", NULL), 470);
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":true}]}"), 470);
    assert_int_equal(request(&alice, "PUT", "/prepare", "{\"ttl\":1,\"pid\":1}"), 470);
    assert_int_equal(request(&alice, "POST", "/pairings", "x"), 470);
    assert_false(bed.light);
}

static void unknown_path_is_404_and_wrong_method_405(void **state)
{
    assert_int_equal(request(&alice, "GET", "/", NULL), 404);
    assert_int_equal(request(&alice, "GET", "/accessories/", NULL), 404);
    assert_int_equal(request(&alice, "GET", "/pair-setup", NULL), 405);
    assert_int_equal(request(&alice, "DELETE", "/pairings", NULL), 405);
}

static void identify_is_for_the_unpaired_device_only(void **state)
{
    assert_int_equal(request(&alice, "POST", "/identify", ""), 204);
    assert_int_equal(bed.identified, 1);
    test_pair(&alice);
    assert_int_equal(request(&bob, "POST", "/identify", ""), 400);
    expect_body(&bob, "{\"status\":-70401}");
    assert_int_equal(bed.identified, 1);
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":2,\"value\":true}]}"), 204);
    assert_int_equal(bed.identified, 2);
}

static void pairing_is_done_in_the_clear_only(void **state)
{
    assert_int_equal(request(&alice, "POST", "/pair-verify", "\x06\x01\x01"), 400);
    assert_int_equal(request(&alice, "POST", "/pair-setup", "\x06\x01\x01"), 400);
    assert_int_equal(request(&alice, "GET", "/characteristics?id=1.9", NULL), 200);
}

static void accessories_tell_every_service_in_json(void **state)
{
    static struct mico_json json;
    bed.light = true;
    assert_int_equal(request(&alice, "GET", "/accessories", NULL), 200);
    assert_int_equal(mico_json_parse(&json, (const char *)alice.client.reply.body, alice.client.reply.body_len),
                     MICO_OK);
    int accessory = mico_json_first(&json, mico_json_member(&json, 0, "accessories"));
    int service = mico_json_first(&json, mico_json_member(&json, accessory, "services"));
    int count = 0;
    for (; service >= 0; service = mico_json_next(&json, service)) {
        count++;
    }
    assert_int_equal(count, 3);
    const char *body = (const char *)alice.client.reply.body;
    assert_non_null(strstr(
        body, "{\"iid\":9,\"type\":\"25\",\"perms\":[\"pr\",\"pw\",\"ev\"],\"format\":\"bool\",\"value\":true}"));
    assert_non_null(strstr(body, "{\"iid\":2,\"type\":\"14\",\"perms\":[\"pw\"],\"format\":\"bool\"}"));
    assert_non_null(strstr(body, "\"value\":\"Lamp \\\"one\\\"\""));
    assert_non_null(
        strstr(body, "{\"iid\":17,\"type\":\"37\",\"perms\":[\"pr\"],\"format\":\"string\",\"value\":\"1.1.0\"}"));
}

static void lock_has_its_two_states_with_their_ranges(void **state)
{
    bed.acc.config.product = &mico_service_lock;
    assert_int_equal(request(&alice, "GET", "/characteristics?id=1.9,1.10&meta=1", NULL), 200);
    expect_body(
        &alice,
        "{\"characteristics\":["
        "{\"aid\":1,\"iid\":9,\"value\":0,\"format\":\"uint8\",\"minValue\":0,\"maxValue\":3,\"minStep\":1},"
        "{\"aid\":1,\"iid\":10,\"value\":0,\"format\":\"uint8\",\"minValue\":0,\"maxValue\":1,\"minStep\":1}]}");
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":10,\"value\":2}]}"), 207);
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":10,\"value\":1}]}"), 204);
}

static void light_is_switched_and_read(void **state)
{
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":true}]}"), 204);
    assert_true(bed.light);
    assert_int_equal(request(&alice, "GET", "/characteristics?id=1.9", NULL), 200);
    expect_body(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":true}]}");
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":0}]}"), 204);
    assert_false(bed.light);
    assert_int_equal(request(&alice, "GET", "/characteristics?id=1.9&meta=1&perms=1&type=1&ev=1", NULL), 200);
    expect_body(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":false,\"type\":\"25\","
                        "\"perms\":[\"pr\",\"pw\",\"ev\"],\"format\":\"bool\",\"ev\":false}]}");
}

static void partly_failed_requests_are_207_with_a_status_on_every_item(void **state)
{
    assert_int_equal(request(&alice, "GET", "/characteristics?id=1.9,1.2,1.99,2.9", NULL), 207);
    expect_body(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":false,\"status\":0},"
                        "{\"aid\":1,\"iid\":2,\"status\":-70405},{\"aid\":1,\"iid\":99,\"status\":-70409},"
                        "{\"aid\":2,\"iid\":9,\"status\":-70409}]}");
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":true},"
                                 "{\"aid\":1,\"iid\":3,\"value\":true},{\"aid\":1,\"iid\":99,\"value\":1},"
                                 "{\"aid\":1,\"iid\":9,\"value\":2},{\"aid\":1,\"iid\":9,\"value\":\"1\"},"
                                 "{\"aid\":1,\"iid\":3,\"ev\":true}]}"),
                     207);
    expect_body(&alice,
                "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"status\":0},{\"aid\":1,\"iid\":3,\"status\":-70404},"
                "{\"aid\":1,\"iid\":99,\"status\":-70409},{\"aid\":1,\"iid\":9,\"status\":-70410},"
                "{\"aid\":1,\"iid\":9,\"status\":-70410},{\"aid\":1,\"iid\":3,\"status\":-70406}]}");
    assert_true(bed.light);
    bed.get_fails = MICO_ERR_BUSY;
    assert_int_equal(request(&alice, "GET", "/characteristics?id=1.9", NULL), 207);
    expect_body(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"status\":-70403}]}");
    bed.set_fails = MICO_ERR_IO;
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":false}]}"), 207);
    expect_body(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"status\":-70402}]}");
}

static void requests_that_cannot_be_understood_are_400_and_change_nothing(void **state)
{
    static const char *const bodies[] = {
        "",
        "{",
        "[]",
        "{\"characteristics\":{}}",
        "{\"characteristics\":[]}",
        "{\"characteristics\":[1]}",
        "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":true},{\"aid\":1,\"value\":true}]}",
        "{\"characteristics\":[{\"aid\":1,\"iid\":99999999999999999999,\"value\":true}]}",
        "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":\"\xff\"}]}",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(put(&alice, bodies[i]), 400);
    }
    static const char *const queries[] = {
        "",        "?id=", "?id=1", "?id=1.", "?id=.9", "?id=1.9,", "?id=1.9;1.9", "?id=1.9.9", "?id=1.99999999999",
        "?ids=1.9"};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "/characteristics%s", queries[i]);
        assert_int_equal(request(&alice, "GET", path, NULL), 400);
    }
    assert_false(bed.light);
}

static void timed_write_needs_its_pid_within_its_time(void **state)
{
    const char *write = "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":true}],\"pid\":7}";
    assert_int_equal(put(&alice, write), 207);
    assert_int_equal(request(&alice, "PUT", "/prepare", "{\"ttl\":1000,\"pid\":7}"), 200);
    expect_body(&alice, "{\"status\":0}");
    bed.now_ms += 1001;
    assert_int_equal(put(&alice, write), 207);
    assert_false(bed.light);
    assert_int_equal(request(&alice, "PUT", "/prepare", "{\"ttl\":1000,\"pid\":7}"), 200);
    bed.now_ms += 1000;
    assert_int_equal(put(&alice, write), 204);
    assert_true(bed.light);
    assert_int_equal(put(&alice, write), 207); /* once */
    assert_int_equal(request(&alice, "PUT", "/prepare", "{\"ttl\":1000}"), 400);
}

static void subscriber_is_told_of_changes_by_others_but_not_of_its_own(void **state)
{
    const char *on = "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":true}]}";
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"ev\":true}]}"), 204);
    assert_int_equal(request(&alice, "GET", "/characteristics?id=1.9&ev=1", NULL), 200);
    assert_non_null(strstr((const char *)alice.client.reply.body, "\"ev\":true"));
    assert_int_equal(put(&alice, on), 204);
    test_link_poll(&alice.link);
    assert_int_equal(mico_client_wait_event(&alice.client, 0), MICO_ERR_TIMEOUT);
    assert_int_equal(put(&bob, on), 204);
    test_link_poll(&alice.link);
    test_link_poll(&bob.link);
    assert_int_equal(mico_client_wait_event(&alice.client, 0), MICO_OK);
    assert_string_equal(alice.event, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":true}]}");
    assert_int_equal(mico_client_wait_event(&bob.client, 0), MICO_ERR_TIMEOUT); /* not subscribed, and the writer */
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"ev\":false}]}"), 204);
    assert_int_equal(put(&bob, on), 204);
    test_link_poll(&alice.link);
    assert_int_equal(mico_client_wait_event(&alice.client, 0), MICO_ERR_TIMEOUT);
}

static void events_within_250_ms_are_told_as_one(void **state)
{
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"ev\":true}]}"), 204);
    for (int i = 0; i < 5; i++) {
        bed.light = i % 2 != 0;
        mico_accessory_changed(&bed.acc, MICO_IID_LIGHT_ON);
        test_link_poll(&alice.link);
        bed.now_ms += 50;
    }
    assert_int_equal(mico_client_wait_event(&alice.client, 0), MICO_OK);
    assert_int_equal(mico_client_wait_event(&alice.client, 0), MICO_ERR_TIMEOUT);
    bed.light = true;
    test_link_poll(&alice.link); /* 250 ms after the first */
    assert_int_equal(mico_client_wait_event(&alice.client, 0), MICO_OK);
    assert_non_null(strstr(alice.event, "true"));
    assert_int_equal(alice.events, 2);
}

static void event_before_an_answer_is_told_apart_from_it(void **state)
{
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"ev\":true}]}"), 204);
    mico_accessory_changed(&bed.acc, MICO_IID_LIGHT_ON);
    test_link_poll(&alice.link);
    assert_int_equal(request(&alice, "GET", "/characteristics?id=1.9", NULL), 200);
    assert_int_equal(alice.events, 1);
}

static void clear_text_in_a_session_closes_it_and_others_go_on(void **state)
{
    const char *text = "GET /characteristics?id=1.9 HTTP/1.1\r\n\r\n";
    test_link_send(&alice.link, text, strlen(text));
    assert_true(alice.link.closed);
    assert_int_equal(alice.link.answer_at, alice.link.answer_len);
    assert_int_equal(request(&bob, "GET", "/characteristics?id=1.9", NULL), 200);
    test_link_send(&alice.link, text, strlen(text)); /* stays closed */
    assert_int_equal(alice.link.answer_at, alice.link.answer_len);
}

static void request_is_not_carried_out_when_a_frame_is_replayed(void **state)
{
    uint8_t frame[512];
    assert_int_equal(put(&alice, "{\"characteristics\":[{\"aid\":1,\"iid\":9,\"value\":true}]}"), 204);
    size_t len = alice.link.sent_len;
    memcpy(frame, alice.link.sent, len);
    bed.light = false;
    test_link_send(&alice.link, frame, len);
    assert_true(alice.link.closed);
    assert_false(bed.light);
    test_link_send(&bob.link, frame, len); /* nor in another session */
    assert_true(bob.link.closed);
    assert_false(bed.light);
}

static void smuggled_requests_close_the_connection(void **state)
{
    static const char *const texts[] = {
        "POST /pair-setup HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 0\r\n\r\n\x06\x01\x01",
        "POST /pair-setup HTTP/1.1\r\nContent-Length: 18446744073709551619\r\n\r\n\x06\x01\x01",
        "POST /pair-setup HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /a HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nX: a\nContent-Length: 9\r\n\r\n",
        "\r\n\r\n",
    };
    static const char *const answers[] = {"HTTP/1.1 400 ", "HTTP/1.1 413 ", "HTTP/1.1 501 ", "HTTP/1.1 400 ",
                                          "HTTP/1.1 400 "};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct test_link link;
        test_link_open(&link, &bed);
        test_link_send(&link, texts[i], strlen(texts[i]));
        assert_true(link.closed);
        assert_memory_equal(link.answer, answers[i], strlen(answers[i]));
        link.answer[link.answer_len] = '\0';
        assert_null(strstr((char *)link.answer + 1, "HTTP/1.1")); /* one answer, not two */
        test_link_close(&link);
    }
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    const char *text = "GET /x HTTP/1.1\r\n\r\nGET /accessories HTTP/1.1\r\n\r\n";
    test_link_send(&alice.link, text, strlen(text));
    alice.link.answer[alice.link.answer_len] = '\0';
    assert_memory_equal(alice.link.answer, "HTTP/1.1 404", 12);
    assert_non_null(strstr((char *)alice.link.answer, "HTTP/1.1 470"));
    assert_false(alice.link.closed);
}

static void eight_sessions_and_idle_connections_are_served_at_once(void **state)
{
    static struct party more[6], idle[20];
    for (int i = 0; i < 20; i++) {
        test_link_open(&idle[i].link, &bed);
    }
    for (int i = 0; i < 6; i++) {
        more[i].self = alice.self;
        test_dial(&more[i]);
        assert_int_equal(mico_client_verify(&more[i].client, &more[i].self, &lamp), MICO_OK);
        assert_int_equal(request(&more[i], "GET", "/characteristics?id=1.9", NULL), 200);
        mico_client_stop(
            &more[i].client); /* this end's keys would not all fit beside the accessory's; its session stays */
    }
    assert_int_equal(request(&alice, "GET", "/characteristics?id=1.9", NULL), 200);
    assert_int_equal(request(&bob, "GET", "/characteristics?id=1.9", NULL), 200);
    for (int i = 0; i < 6; i++) {
        assert_true(more[i].link.conn.secure);
        test_link_close(&more[i].link);
    }
    for (int i = 0; i < 20; i++) {
        test_link_close(&idle[i].link);
    }
}

static void configuration_with_a_missing_field_is_refused(void **state)
{
    struct mico_accessory acc;
    struct mico_accessory_config config = bed.config;
    config.device_id = "short";
    assert_int_equal(mico_accessory_start(&acc, &config), MICO_ERR_PARAM);
    config = bed.config;
    config.setup_verifier = NULL;
    assert_int_equal(mico_accessory_start(&acc, &config), MICO_ERR_PARAM);
    config = bed.config;
    config.chain.len = MICO_ACCESSORY_CHAIN_MAX + 1;
    assert_int_equal(mico_accessory_start(&acc, &config), MICO_ERR_PARAM);
    config = bed.config;
    config.get = NULL;
    assert_int_equal(mico_accessory_start(&acc, &config), MICO_ERR_PARAM);
}

#define UNPAIRED(test) cmocka_unit_test_setup_teardown(test, unpaired, unmake)
#define PAIRED(test) cmocka_unit_test_setup_teardown(test, paired, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNPAIRED(unverified_controller_gets_470_everywhere),
        UNPAIRED(unknown_path_is_404_and_wrong_method_405),
        UNPAIRED(identify_is_for_the_unpaired_device_only),
        PAIRED(pairing_is_done_in_the_clear_only),
        PAIRED(accessories_tell_every_service_in_json),
        PAIRED(lock_has_its_two_states_with_their_ranges),
        PAIRED(light_is_switched_and_read),
        PAIRED(partly_failed_requests_are_207_with_a_status_on_every_item),
        PAIRED(requests_that_cannot_be_understood_are_400_and_change_nothing),
        PAIRED(timed_write_needs_its_pid_within_its_time),
        PAIRED(subscriber_is_told_of_changes_by_others_but_not_of_its_own),
        PAIRED(events_within_250_ms_are_told_as_one),
        PAIRED(event_before_an_answer_is_told_apart_from_it),
        PAIRED(clear_text_in_a_session_closes_it_and_others_go_on),
        PAIRED(request_is_not_carried_out_when_a_frame_is_replayed),
        UNPAIRED(smuggled_requests_close_the_connection),
        UNPAIRED(pipelined_requests_are_answered_in_order),
        PAIRED(eight_sessions_and_idle_connections_are_served_at_once),
        UNPAIRED(configuration_with_a_missing_field_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Claiming names, answering, and services that are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/net/mdns/test_net.h"

/* ---- claiming ---- */

static void name_is_probed_three_times_and_announced_twice(void **state)
{
    start_net();
    start_node(0, "lamp");
    struct mico_dns_record r;
    run(10000);
    assert_int_equal(sent, 5);
    assert_in_range(packet(0)->at_ms, 1000, 1250);
    for (size_t i = 0; i < 3; i++) {
        assert_false(is_response(packet(i)));
        assert_int_equal(packet(i)->at_ms - packet(0)->at_ms, 250 * i);
        assert_int_equal(records_of(packet(i), MICO_DNS_A, &r), 1);
        assert_false(r.top_bit);
        assert_memory_equal(packet(i)->to, group, 4);
    }
    for (size_t i = 3; i < 5; i++) {
        assert_true(is_response(packet(i)));
        assert_int_equal(records_of(packet(i), MICO_DNS_A, &r), 1);
        assert_true(r.top_bit);
        assert_int_equal(r.ttl_s, 120);
        assert_memory_equal(r.rdata, nodes[0].ip, 4);
    }
    assert_int_equal(packet(3)->at_ms - packet(2)->at_ms, 250);
    assert_int_equal(packet(4)->at_ms - packet(3)->at_ms, 1000);
}

static void service_waits_for_its_host_and_is_announced_whole(void **state)
{
    struct node *n = ready_lamp();
    struct mico_dns_record r;
    const struct packet *last = packet(sent - 1);
    assert_int_equal(records_of(last, MICO_DNS_PTR, &r), 2); /* its type, and the type among types */
    assert_int_equal(records_of(last, MICO_DNS_TXT, &r), 1);
    assert_int_equal(r.ttl_s, 4500);
    assert_int_equal(records_of(last, MICO_DNS_SRV, &r), 1);
    assert_name(&r.name, "Lamp._hap._tcp.local");
    struct mico_dns_name host;
    assert_true(mico_dns_rdata_name(&r, 6, &host));
    assert_name(&host, "lamp.local");
    assert_int_equal(mico_mdns_poll(&n->m, now_ms), MICO_MDNS_NEVER);
}

static void name_that_another_has_is_not_taken(void **state)
{
    start_net();
    start_node(0, "lamp");
    add(&nodes[0], "Lamp");
    run(5000);
    start_node(1, "lamp");
    add(&nodes[1], "Lamp");
    run(10000);
    assert_name(&nodes[0].m.host.name, "lamp.local");
    assert_name(&nodes[0].m.services[0].owner.name, "Lamp._hap._tcp.local");
    assert_name(&nodes[1].m.host.name, "lamp-2.local");
    assert_name(&nodes[1].m.services[0].owner.name, "Lamp (2)._hap._tcp.local");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(nodes[i].m.host.state, MICO_MDNS_READY);
        assert_int_equal(nodes[i].m.services[0].owner.state, MICO_MDNS_READY);
    }
}

static void of_simultaneous_probes_the_greater_data_wins(void **state)
{
    for (uint32_t seed = 1; seed < 40; seed++) {
        start_net();
        noise = seed * 7919;
        for (unsigned i = 0; i < NODES; i++) {
            start_node(i, "lamp");
            add(&nodes[i], "Lamp");
        }
        run(20000);
        for (unsigned i = 0; i < NODES; i++) {
            assert_int_equal(nodes[i].m.host.state, MICO_MDNS_READY);
            assert_int_equal(nodes[i].m.services[0].owner.state, MICO_MDNS_READY);
            for (unsigned k = 0; k < i; k++) {
                assert_false(mico_dns_name_equal(&nodes[i].m.host.name, &nodes[k].m.host.name));
                assert_false(
                    mico_dns_name_equal(&nodes[i].m.services[0].owner.name, &nodes[k].m.services[0].owner.name));
            }
        }
    }
}

static void name_that_clashes_later_is_probed_again_and_kept_when_nobody_answers(void **state)
{
    struct node *n = ready_lamp();
    tell(n, "LAMP.local", MICO_DNS_A, "\12\0\0\143", 4, 120);
    assert_int_equal(n->m.host.state, MICO_MDNS_PROBING);
    run(5000);
    assert_int_equal(n->m.host.state, MICO_MDNS_READY);
    assert_name(&n->m.host.name, "lamp.local");
}

static void goodbye_or_the_same_data_of_another_is_no_clash(void **state)
{
    struct node *n = ready_lamp();
    tell(n, "lamp.local", MICO_DNS_A, "\12\0\0\143", 4, 0);
    tell(n, "lamp.local", MICO_DNS_A, n->ip, 4, 120);
    tell(n, "lamp.local", MICO_DNS_AAAA, "0123456789abcdef", 16, 120);
    assert_int_equal(n->m.host.state, MICO_MDNS_READY);
}

static void fifteen_clashes_slow_the_search_for_a_name_down(void **state)
{
    start_net();
    struct node *n = start_node(0, "lamp");
    char name[32];
    for (unsigned i = 1; i <= 15; i++) {
        snprintf(name, sizeof name, i == 1 ? "lamp.local" : "lamp-%u.local", i);
        run(260);
        assert_int_equal(n->m.host.attempt, i);
        tell(n, name, MICO_DNS_A, "\12\0\0\143", 4, 120);
    }
    size_t before = sent;
    run(4900);
    assert_int_equal(sent, before); /* five seconds of silence */
    run(200);
    assert_int_equal(sent, before + 1);
    run(3000);
    assert_name(&n->m.host.name, "lamp-16.local");
    assert_int_equal(n->m.host.state, MICO_MDNS_READY);
}

static void long_label_gives_way_to_the_number_by_whole_characters(void **state)
{
    static const char label[] = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvw\xc3\xa4xy";
    start_net();
    start_node(0, "lamp");
    add(&nodes[0], label); /* 63 bytes; the character stands where the number must begin */
    run(5000);
    start_node(1, "other");
    add(&nodes[1], label);
    run(5000);
    assert_int_equal(nodes[1].m.services[0].owner.name.bytes[0], 63);
    assert_memory_equal(nodes[1].m.services[0].owner.name.bytes + 1 + 59, " (2)", 4);
}

static void another_address_is_claimed_and_told(void **state)
{
    struct node *n = ready_lamp();
    struct mico_dns_record r;
    static const uint8_t other[4] = {10, 0, 0, 50};
    mico_mdns_set_address(&n->m, other, mask, now_ms);
    n->due_ms = now_ms;
    run(5000);
    assert_int_equal(records_of(packet(sent - 1), MICO_DNS_A, &r), 1);
    assert_memory_equal(r.rdata, other, 4);
    assert_int_equal(n->m.host.state, MICO_MDNS_READY);
}

/* ---- answering ---- */

static void question_for_the_type_is_answered_with_all_that_is_needed(void **state)
{
    struct node *n = ready_lamp();
    struct mico_dns_record r;
    size_t before = sent;
    uint64_t asked = now_ms;
    ask(n, "_hap._tcp.local", MICO_DNS_PTR);
    run(500);
    assert_int_equal(sent, before + 1);
    assert_in_range(packet(before)->at_ms - asked, 20, 120);
    assert_int_equal(records_of(packet(before), MICO_DNS_PTR, &r), 1);
    assert_false(r.top_bit); /* shared */
    assert_int_equal(records_of(packet(before), MICO_DNS_SRV, &r), 1);
    assert_int_equal(records_of(packet(before), MICO_DNS_TXT, &r), 1);
    assert_int_equal(records_of(packet(before), MICO_DNS_A, &r), 1);
    assert_memory_equal(packet(before)->to, group, 4);
}

static void own_name_is_answered_at_once_and_its_absent_types_are_denied(void **state)
{
    struct node *n = ready_lamp();
    struct mico_dns_record r;
    size_t before = sent;
    ask(n, "Lamp.LOCAL", MICO_DNS_A);
    run(1);
    assert_int_equal(records_of(packet(before), MICO_DNS_A, &r), 1);
    run(2000);
    before = sent;
    ask(n, "lamp.local", MICO_DNS_AAAA);
    run(1);
    assert_int_equal(records_of(packet(before), MICO_DNS_NSEC, &r), 1);
    assert_name(&r.name, "lamp.local");
    assert_memory_equal(r.rdata + r.rdata_len - 3, "\0\1\100", 3); /* it has an A record */
    run(2000);
    before = sent;
    ask(n, "Lamp._hap._tcp.local", MICO_DNS_A);
    run(1);
    assert_int_equal(records_of(packet(before), MICO_DNS_NSEC, &r), 1);
}

static void questions_for_others_get_silence(void **state)
{
    struct node *n = ready_lamp();
    size_t before = sent;
    ask(n, "desk.local", MICO_DNS_A);
    ask(n, "_http._tcp.local", MICO_DNS_PTR);
    ask(n, "Desk._hap._tcp.local", MICO_DNS_ANY);
    ask_port(n, MICO_MDNS_PORT, "lamp.local", MICO_DNS_A, 3);
    run(2000);
    assert_int_equal(sent, before);
}

static struct mico_dns_record known_ptr(uint32_t ttl_s)
{
    struct mico_dns_name instance = name_of("lamp._hap._tcp.local");
    struct mico_dns_record r = {.name = name_of("_hap._tcp.local"),
                                .type = MICO_DNS_PTR,
                                .dns_class = 1,
                                .ttl_s = ttl_s,
                                .rdata_len = instance.len};
    memcpy(r.rdata, instance.bytes, instance.len);
    return r;
}

static void answer_that_is_known_for_half_its_life_is_not_given(void **state)
{
    struct node *n = ready_lamp();
    uint8_t out[MICO_MDNS_PACKET_MAX];
    size_t before = sent;
    for (uint32_t ttl = 2249; ttl <= 2250; ttl++) {
        struct mico_dns_writer w = begin_query(out, "_hap._tcp.local", MICO_DNS_PTR, MICO_DNS_CLASS_IN);
        struct mico_dns_record known = known_ptr(ttl);
        assert_true(mico_dns_put_record(&w, MICO_DNS_ANSWER, &known));
        hear(n, MICO_MDNS_PORT, &w);
        run(2000);
        assert_int_equal(sent, before + 1); /* only to the first: 2249 is less than half of 4500 */
    }
}

static void known_answers_may_follow_a_truncated_question(void **state)
{
    struct node *n = ready_lamp();
    uint8_t out[MICO_MDNS_PACKET_MAX];
    size_t before = sent;
    for (int answered = 0; answered < 2; answered++) {
        struct mico_dns_writer w = begin_query(out, "_hap._tcp.local", MICO_DNS_PTR, MICO_DNS_CLASS_IN);
        mico_dns_add_flags(&w, MICO_DNS_TRUNCATED);
        hear(n, MICO_MDNS_PORT, &w);
        run(300);
        assert_int_equal(sent, before);
        if (answered == 0) {
            struct mico_dns_record known = known_ptr(4500);
            mico_dns_begin(&w, out, sizeof out, 0, 0);
            assert_true(mico_dns_put_record(&w, MICO_DNS_ANSWER, &known));
            hear(n, MICO_MDNS_PORT, &w);
        }
        run(300);
        assert_int_equal(sent, before + (size_t)answered);
    }
}

static void record_is_multicast_once_a_second_at_most(void **state)
{
    struct node *n = ready_lamp();
    size_t before = sent;
    for (int i = 0; i < 25; i++) {
        ask(n, "lamp.local", MICO_DNS_A);
        run(100);
    }
    run(1000);
    assert_in_range(sent - before, 3, 4);
    for (size_t i = before + 1; i < sent; i++) {
        assert_true(packet(i)->at_ms - packet(i - 1)->at_ms >= 1000);
    }
}

static void unicast_answer_goes_to_who_wants_one_and_to_all_when_they_have_not_heard_it_for_long(void **state)
{
    struct node *n = ready_lamp();
    size_t before = sent;
    ask_port(n, MICO_MDNS_PORT, "lamp.local", MICO_DNS_A, MICO_DNS_CLASS_IN | MICO_DNS_TOP_BIT);
    run(100);
    assert_int_equal(sent, before + 1);
    assert_memory_equal(packet(before)->to, stranger, 4);
    assert_int_equal(packet(before)->port, MICO_MDNS_PORT);
    run(60000);
    before = sent;
    ask_port(n, MICO_MDNS_PORT, "lamp.local", MICO_DNS_A, MICO_DNS_CLASS_IN | MICO_DNS_TOP_BIT);
    run(1000);
    assert_int_equal(sent, before + 2);
}

static void plain_dns_client_gets_its_question_back_and_short_lived_answers(void **state)
{
    struct node *n = ready_lamp();
    struct mico_dns_record r;
    struct mico_dns_message m;
    size_t before = sent;
    ask_port(n, 40000, "_hap._tcp.local", MICO_DNS_PTR, MICO_DNS_CLASS_IN);
    assert_int_equal(sent, before + 1);
    const struct packet *p = packet(before);
    assert_memory_equal(p->to, stranger, 4);
    assert_int_equal(p->port, 40000);
    assert_int_equal(mico_dns_open(&m, p->data, p->len), MICO_OK);
    assert_int_equal(m.id, 77);
    assert_int_equal(m.questions, 1);
    assert_int_equal(records_of(p, MICO_DNS_SRV, &r), 1);
    assert_false(r.top_bit);
    assert_in_range(r.ttl_s, 1, 10);
}

static void what_is_no_business_of_ours_is_dropped(void **state)
{
    static const uint8_t far_away[4] = {10, 0, 1, 1};
    struct node *n = ready_lamp();
    uint8_t out[MICO_MDNS_PACKET_MAX];
    size_t before = sent;
    struct mico_dns_writer w = begin_query(out, "lamp.local", MICO_DNS_A, MICO_DNS_CLASS_IN);
    size_t len = mico_dns_end(&w);
    mico_mdns_input(&n->m, far_away, MICO_MDNS_PORT, out, len, now_ms);
    mico_mdns_input(&n->m, stranger, MICO_MDNS_PORT, out, len - 1, now_ms);
    out[2] = 0x10; /* opcode 2 */
    mico_mdns_input(&n->m, stranger, MICO_MDNS_PORT, out, len, now_ms);
    out[2] = 0;
    out[3] = 3; /* an error */
    mico_mdns_input(&n->m, stranger, MICO_MDNS_PORT, out, len, now_ms);
    run(2000);
    assert_int_equal(sent, before);
    struct mico_dns_record r = {
        .name = name_of("lamp.local"), .type = MICO_DNS_A, .dns_class = 1, .ttl_s = 9, .rdata_len = 4};
    mico_dns_begin(&w, out, sizeof out, 0, MICO_DNS_RESPONSE);
    assert_true(mico_dns_put_record(&w, MICO_DNS_ANSWER, &r));
    hear(n, 5354, &w); /* a forged response: from another port */
    assert_int_equal(n->m.host.state, MICO_MDNS_READY);
}

/* ---- services ---- */

static void wrong_services_are_refused_and_nothing_changes(void **state)
{
    struct node *n = ready_lamp();
    static uint8_t txt[MICO_MDNS_TXT_MAX + 1];
    char label[65];
    int id = -7;
    memset(label, 'a', 64);
    label[64] = '\0';
    static const char *const types[] = {"",          "_hap",          "hap._tcp",
                                        "_hap.tcp",  "_a._tcp.local", "_abcdefghijklmnopqrstuvwxyz01._tcp",
                                        "_a._t\\cp", "_a._tcp."};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        assert_int_equal(mico_mdns_add(&n->m, "x", types[i], 1, NULL, 0, 0, now_ms, &id), MICO_ERR_PARAM);
    }
    assert_int_equal(mico_mdns_add(&n->m, "", "_hap._tcp", 1, NULL, 0, 0, now_ms, &id), MICO_ERR_PARAM);
    assert_int_equal(mico_mdns_add(&n->m, label, "_hap._tcp", 1, NULL, 0, 0, now_ms, &id), MICO_ERR_PARAM);
    assert_int_equal(mico_mdns_add(&n->m, "x", "_hap._tcp", 0, NULL, 0, 0, now_ms, &id), MICO_ERR_PARAM);
    assert_int_equal(mico_mdns_add(&n->m, "x", "_hap._tcp", 1, (const uint8_t *)"\5ab", 3, 0, now_ms, &id),
                     MICO_ERR_PARAM);
    assert_int_equal(mico_mdns_add(&n->m, "x", "_hap._tcp", 1, txt, sizeof txt, 0, now_ms, &id), MICO_ERR_SIZE);
    assert_int_equal(mico_mdns_add(&n->m, "lamp", "_hap._tcp", 1, NULL, 0, 0, now_ms, &id),
                     MICO_ERR_PARAM); /* is here */
    assert_int_equal(mico_mdns_set_txt(&n->m, 0, (const uint8_t *)"\5ab", 3, now_ms), MICO_ERR_PARAM);
    assert_int_equal(id, -7);
    for (unsigned i = 1; i < MICO_MDNS_SERVICES; i++) {
        snprintf(label, sizeof label, "Lamp %u", i);
        add(n, label);
    }
    assert_int_equal(mico_mdns_add(&n->m, "x", "_hap._tcp", 1, NULL, 0, 0, now_ms, &id), MICO_ERR_FULL);
    assert_int_equal(n->m.services[0].txt_len, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(name_is_probed_three_times_and_announced_twice),
        cmocka_unit_test(service_waits_for_its_host_and_is_announced_whole),
        cmocka_unit_test(name_that_another_has_is_not_taken),
        cmocka_unit_test(of_simultaneous_probes_the_greater_data_wins),
        cmocka_unit_test(name_that_clashes_later_is_probed_again_and_kept_when_nobody_answers),
        cmocka_unit_test(goodbye_or_the_same_data_of_another_is_no_clash),
        cmocka_unit_test(fifteen_clashes_slow_the_search_for_a_name_down),
        cmocka_unit_test(long_label_gives_way_to_the_number_by_whole_characters),
        cmocka_unit_test(another_address_is_claimed_and_told),
        cmocka_unit_test(question_for_the_type_is_answered_with_all_that_is_needed),
        cmocka_unit_test(own_name_is_answered_at_once_and_its_absent_types_are_denied),
        cmocka_unit_test(questions_for_others_get_silence),
        cmocka_unit_test(answer_that_is_known_for_half_its_life_is_not_given),
        cmocka_unit_test(known_answers_may_follow_a_truncated_question),
        cmocka_unit_test(record_is_multicast_once_a_second_at_most),
        cmocka_unit_test(unicast_answer_goes_to_who_wants_one_and_to_all_when_they_have_not_heard_it_for_long),
        cmocka_unit_test(plain_dns_client_gets_its_question_back_and_short_lived_answers),
        cmocka_unit_test(what_is_no_business_of_ours_is_dropped),
        cmocka_unit_test(wrong_services_are_refused_and_nothing_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

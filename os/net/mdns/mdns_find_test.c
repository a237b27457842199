/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the services of others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/net/mdns/test_net.h"

static void on_found(void *ctx, enum mico_mdns_event event, const struct mico_mdns_found *found)
{
    struct node *n = ctx;
    *(event == MICO_MDNS_ADDED ? &n->added : event == MICO_MDNS_CHANGED ? &n->changed : &n->removed) += 1;
    n->last = *found;
}

/* A second device that looks for the first one's service. */
static struct node *start_finder(int *id)
{
    struct node *n = start_node(1, "phone");
    assert_int_equal(mico_mdns_browse(&n->m, "_hap._tcp", on_found, n, now_ms, id), MICO_OK);
    n->due_ms = now_ms;
    return n;
}

static void service_is_found_with_its_address_and_text(void **state)
{
    int id;
    ready_lamp();
    struct node *n = start_finder(&id);
    run(5000);
    assert_int_equal(n->added, 1);
    assert_string_equal(n->last.instance, "Lamp");
    assert_string_equal(n->last.host, "lamp");
    assert_memory_equal(n->last.ip, nodes[0].ip, 4);
    assert_int_equal(n->last.port, 80);
    assert_int_equal(n->last.txt_len, 5);
    assert_memory_equal(n->last.txt, "\4c#=1", 5);
}

static void host_of_several_addresses_keeps_the_one_that_is_known(void **state)
{
    int id;
    ready_lamp();
    struct node *n = start_finder(&id);
    run(5000);
    tell(n, "lamp.local", MICO_DNS_A, nodes[0].ip, 4, 120);
    uint8_t out[MICO_MDNS_PACKET_MAX];
    for (int order = 0; order < 2; order++) { /* both, in either order */
        struct mico_dns_writer w;
        struct mico_dns_record r = {.name = name_of("lamp.local"),
                                    .type = MICO_DNS_A,
                                    .dns_class = 1,
                                    .top_bit = true,
                                    .ttl_s = 120,
                                    .rdata_len = 4};
        mico_dns_begin(&w, out, sizeof out, 0, MICO_DNS_RESPONSE);
        for (int i = 0; i < 2; i++) {
            memcpy(r.rdata, i == order ? nodes[0].ip : stranger, 4);
            assert_true(mico_dns_put_record(&w, MICO_DNS_ANSWER, &r));
        }
        hear(n, MICO_MDNS_PORT, &w);
        assert_int_equal(n->changed, 0);
    }
    tell(n, "lamp.local", MICO_DNS_A, stranger, 4, 120);
    assert_int_equal(n->changed, 1);
    assert_memory_equal(n->last.ip, stranger, 4);
}

static void changed_text_and_goodbye_reach_the_finder(void **state)
{
    int id;
    struct node *lamp = ready_lamp(), *n = start_finder(&id);
    run(5000);
    assert_int_equal(mico_mdns_set_txt(&lamp->m, 0, (const uint8_t *)"\4c#=2", 5, now_ms), MICO_OK);
    lamp->due_ms = now_ms;
    run(3000);
    assert_int_equal(n->changed, 1);
    assert_memory_equal(n->last.txt, "\4c#=2", 5);
    mico_mdns_suspend(&lamp->m, 0);
    run(900);
    assert_int_equal(n->removed, 0);
    run(200);
    assert_int_equal(n->removed, 1);
    size_t before = sent;
    ask(lamp, "_hap._tcp.local", MICO_DNS_PTR);
    run(500);
    assert_int_equal(sent, before);
    mico_mdns_resume(&lamp->m, 0, now_ms);
    lamp->due_ms = now_ms;
    run(3000);
    assert_int_equal(n->added, 2);
    mico_mdns_remove(&lamp->m, 0);
    run(2000);
    assert_int_equal(n->removed, 2);
    add(lamp, "Lamp");
    run(5000);
    assert_int_equal(n->added, 3);
}

static void device_that_vanishes_is_asked_for_and_then_gone(void **state)
{
    int id;
    struct node *lamp = ready_lamp(), *n = start_finder(&id);
    run(5000);
    lamp->on = false;
    size_t before = sent;
    run(4400000);
    assert_int_equal(n->removed, 0);
    assert_true(sent - before >= 2);
    run(200000);
    assert_int_equal(n->removed, 1);
}

static void device_that_stays_is_renewed_before_its_record_runs_out(void **state)
{
    int id;
    ready_lamp();
    struct node *n = start_finder(&id);
    run(3 * 4500000ull);
    assert_int_equal(n->added, 1);
    assert_int_equal(n->removed, 0);
}

static void questions_become_rarer_and_name_what_is_known(void **state)
{
    int id;
    ready_lamp();
    struct node *n = start_finder(&id);
    struct mico_dns_record r;
    size_t queries = 0, with_answers = 0;
    run(100000);
    for (size_t i = sent > QUEUE ? sent - QUEUE : 0; i < sent; i++) {
        struct mico_dns_message m;
        assert_int_equal(mico_dns_open(&m, packet(i)->data, packet(i)->len), MICO_OK);
        if (memcmp(packet(i)->from, n->ip, 4) == 0 && !is_response(packet(i)) && m.authorities == 0) {
            queries++;
            with_answers += records_of(packet(i), MICO_DNS_PTR, &r);
        }
    }
    assert_in_range(queries, 5, 6); /* at 0, 1, 4, 13, 40 s */
    assert_int_equal(with_answers, queries - 1);
}

static void finder_has_its_bounds(void **state)
{
    int id, more;
    start_net();
    struct node *n = start_finder(&id);
    assert_int_equal(mico_mdns_browse(&n->m, "_http._tcp", on_found, n, now_ms, &more), MICO_OK);
    assert_int_equal(mico_mdns_browse(&n->m, "_x._tcp", on_found, n, now_ms, &more), MICO_ERR_FULL);
    mico_mdns_browse_end(&n->m, id);
    assert_int_equal(mico_mdns_browse(&n->m, "a..b", on_found, n, now_ms, &more), MICO_ERR_PARAM);
    assert_int_equal(mico_mdns_browse(&n->m, "_hap._tcp", on_found, n, now_ms, &id), MICO_OK);
    for (int i = 0; i < 20; i++) { /* more than it has room for */
        char text[40];
        snprintf(text, sizeof text, "d%d._hap._tcp.local", i);
        struct mico_dns_name instance = name_of(text);
        tell(n, "_hap._tcp.local", MICO_DNS_PTR, instance.bytes, instance.len, 4500);
    }
    run(60000);
    assert_int_equal(n->added, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(service_is_found_with_its_address_and_text),
        cmocka_unit_test(host_of_several_addresses_keeps_the_one_that_is_known),
        cmocka_unit_test(changed_text_and_goodbye_reach_the_finder),
        cmocka_unit_test(device_that_vanishes_is_asked_for_and_then_gone),
        cmocka_unit_test(device_that_stays_is_renewed_before_its_record_runs_out),
        cmocka_unit_test(questions_become_rarer_and_name_what_is_known),
        cmocka_unit_test(finder_has_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* DNS messages, those of others written out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "os/net/mdns/message.h"

#define HEADER(qd, an, ns, ar) 0, 7, 0x84, 0, 0, qd, 0, an, 0, ns, 0, ar

static struct mico_dns_name name_of(const char *text)
{
    struct mico_dns_name name = {.len = 0};
    assert_int_equal(mico_dns_name_text(&name, text), MICO_OK);
    return name;
}

static void refused(const uint8_t *data, size_t len, mico_err err)
{
    struct mico_dns_message m;
    assert_int_equal(mico_dns_open(&m, data, len), err);
}

static void names_of_text_have_labels_with_escaped_dots(void **state)
{
    struct mico_dns_name name = name_of("a\\.b._hap._tcp.local");
    assert_int_equal(name.len, 21);
    assert_memory_equal(name.bytes, "\3a.b\4_hap\4_tcp\5local", 21);
    struct mico_dns_name upper = name_of("A\\.B._HAP._tcp.LOCAL"), parent = name_of("_hap._tcp.local");
    assert_true(mico_dns_name_equal(&name, &upper));
    assert_true(mico_dns_name_is_child(&upper, &parent));
    assert_false(mico_dns_name_is_child(&parent, &parent));
    assert_false(mico_dns_name_equal(&name, &parent));
}

static void wrong_names_are_refused_and_change_nothing(void **state)
{
    char text[300];
    struct mico_dns_name name = {.len = 0};
    assert_int_equal(mico_dns_name_text(&name, ""), MICO_ERR_FORMAT);
    assert_int_equal(mico_dns_name_text(&name, "a..b"), MICO_ERR_FORMAT);
    assert_int_equal(mico_dns_name_text(&name, ".a"), MICO_ERR_FORMAT);
    memset(text, 'a', 64);
    text[64] = '\0';
    assert_int_equal(mico_dns_name_text(&name, text), MICO_ERR_SIZE);
    for (int i = 0; i < 256; i += 2) {
        memcpy(text + i, "a.", 3);
    }
    assert_int_equal(mico_dns_name_text(&name, text), MICO_ERR_SIZE); /* 257 bytes */
    assert_int_equal(name.len, 0);
    text[254] = '\0';
    assert_int_equal(mico_dns_name_text(&name, text), MICO_OK);
    assert_int_equal(name.len, 255);
}

static void message_with_compressed_names_is_read(void **state)
{
    static const uint8_t data[] = {
        HEADER(1, 2, 0, 1),
        4,
        '_',
        'h',
        'a',
        'p',
        4,
        '_',
        't',
        'c',
        'p',
        5,
        'l',
        'o',
        'c',
        'a',
        'l',
        0,
        0,
        12,
        0x80,
        1, /* at 12 */
        0xC0,
        12,
        0,
        12,
        0,
        1,
        0,
        0,
        0,
        120,
        0,
        4,
        1,
        'x',
        0xC0,
        12, /* x at 45 */
        0xC0,
        45,
        0,
        33,
        0x80,
        1,
        0,
        0,
        0,
        120,
        0,
        10,
        0,
        0,
        0,
        0,
        0,
        80,
        1,
        'h',
        0xC0,
        22,
        1,
        'h',
        0xC0,
        22,
        0,
        1,
        0x80,
        1,
        0,
        0,
        0,
        120,
        0,
        4,
        10,
        0,
        0,
        9,
    };
    struct mico_dns_message m;
    struct mico_dns_question q;
    struct mico_dns_record r;
    struct mico_dns_name name, type = name_of("_hap._tcp.local"), x = name_of("x._hap._tcp.local"),
                               h = name_of("h.local");
    assert_int_equal(mico_dns_open(&m, data, sizeof data), MICO_OK);
    assert_int_equal(m.id, 7);
    assert_true(mico_dns_next_question(&m, &q));
    assert_true(q.top_bit);
    assert_int_equal(q.type, MICO_DNS_PTR);
    assert_true(mico_dns_name_equal(&q.name, &type));
    assert_false(mico_dns_next_question(&m, &q));
    assert_int_equal(mico_dns_next_record(&m, &r), MICO_DNS_ANSWER);
    assert_false(r.top_bit);
    assert_true(mico_dns_rdata_name(&r, 0, &name) && mico_dns_name_equal(&name, &x));
    assert_int_equal(mico_dns_next_record(&m, &r), MICO_DNS_ANSWER);
    assert_true(r.top_bit && mico_dns_name_equal(&r.name, &x));
    assert_true(mico_dns_rdata_name(&r, 6, &name) && mico_dns_name_equal(&name, &h));
    assert_int_equal(mico_dns_next_record(&m, &r), MICO_DNS_ADDITIONAL);
    assert_memory_equal(r.rdata, "\12\0\0\11", 4);
    assert_int_equal(mico_dns_next_record(&m, &r), MICO_DNS_NO_SECTION);
    for (size_t len = 0; len < sizeof data; len++) {
        refused(data, len, MICO_ERR_FORMAT); /* cut at any byte */
    }
}

static void pointers_that_do_not_lead_backwards_are_refused(void **state)
{
    static const uint8_t to_itself[] = {HEADER(1, 0, 0, 0), 0xC0, 12, 0, 1, 0, 1};
    static const uint8_t forwards[] = {HEADER(1, 0, 0, 0), 0xC0, 14, 1, 'a', 0, 0, 1, 0, 1};
    static const uint8_t around[] = {HEADER(1, 0, 0, 0), 1, 'a', 0xC0, 12, 0, 1, 0, 1};
    static const uint8_t into_the_header[] = {HEADER(1, 0, 0, 0), 0xC0, 4, 0, 1, 0, 1};
    refused(to_itself, sizeof to_itself, MICO_ERR_FORMAT);
    refused(forwards, sizeof forwards, MICO_ERR_FORMAT);
    refused(around, sizeof around, MICO_ERR_FORMAT);
    refused(into_the_header, sizeof into_the_header, MICO_ERR_FORMAT);
}

static void wrong_lengths_counts_and_types_are_refused(void **state)
{
    static const uint8_t reserved_label[] = {HEADER(1, 0, 0, 0), 0x40, 0, 0, 1, 0, 1};
    static const uint8_t more_records[] = {HEADER(0, 2, 0, 0), 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 1, 2, 3, 4};
    static const uint8_t bytes_behind[] = {HEADER(0, 0, 0, 0), 0};
    static const uint8_t short_a[] = {HEADER(0, 1, 0, 0), 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 3, 1, 2, 3};
    static const uint8_t empty_txt[] = {HEADER(0, 1, 0, 0), 0, 0, 16, 0, 1, 0, 0, 0, 1, 0, 0};
    static const uint8_t cut_txt[] = {HEADER(0, 1, 0, 0), 0, 0, 16, 0, 1, 0, 0, 0, 1, 0, 2, 2, 'a'};
    static const uint8_t srv_without_name[] = {HEADER(0, 1, 0, 0), 0, 0, 33, 0, 1, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 1};
    static const uint8_t ptr_with_more[] = {HEADER(0, 1, 0, 0), 0, 0, 12, 0, 1, 0, 0, 0, 1, 0, 2, 0, 0};
    refused(reserved_label, sizeof reserved_label, MICO_ERR_FORMAT);
    refused(more_records, sizeof more_records, MICO_ERR_FORMAT);
    refused(bytes_behind, sizeof bytes_behind, MICO_ERR_FORMAT);
    refused(short_a, sizeof short_a, MICO_ERR_FORMAT);
    refused(empty_txt, sizeof empty_txt, MICO_ERR_FORMAT);
    refused(cut_txt, sizeof cut_txt, MICO_ERR_FORMAT);
    refused(srv_without_name, sizeof srv_without_name, MICO_ERR_FORMAT);
    refused(ptr_with_more, sizeof ptr_with_more, MICO_ERR_FORMAT);
    refused(short_a, 0, MICO_ERR_FORMAT);
    refused(short_a, 11, MICO_ERR_FORMAT);
}

static void record_above_the_bound_is_refused(void **state)
{
    static uint8_t data[12 + 11 + MICO_DNS_RDATA_MAX + 1] = {HEADER(0, 1, 0, 0), 0, 0x12, 0x34, 0, 1, 0, 0, 0, 1};
    mico_store_be16(data + 21, MICO_DNS_RDATA_MAX + 1);
    refused(data, sizeof data, MICO_ERR_SIZE);
    mico_store_be16(data + 21, MICO_DNS_RDATA_MAX);
    struct mico_dns_message m;
    assert_int_equal(mico_dns_open(&m, data, sizeof data - 1), MICO_OK);
}

static void written_message_is_read_again_with_its_names_compressed(void **state)
{
    uint8_t out[256];
    struct mico_dns_writer w;
    struct mico_dns_message m;
    struct mico_dns_question q;
    struct mico_dns_record r;
    struct mico_dns_name type = name_of("_hap._tcp.local"), x = name_of("x._hap._tcp.local");
    struct mico_dns_record ptr = {.name = type, .type = MICO_DNS_PTR, .dns_class = 1, .ttl_s = 9, .rdata_len = x.len};
    struct mico_dns_record srv = {
        .name = x, .type = MICO_DNS_SRV, .dns_class = 1, .top_bit = true, .rdata_len = 6 + x.len};
    memcpy(ptr.rdata, x.bytes, x.len);
    memcpy(srv.rdata, "\0\0\0\0\0\1", 6);
    memcpy(srv.rdata + 6, x.bytes, x.len);
    mico_dns_begin(&w, out, sizeof out, 1, MICO_DNS_RESPONSE);
    assert_true(mico_dns_put_question(&w, &type, MICO_DNS_PTR, 1));
    assert_true(mico_dns_put_record(&w, MICO_DNS_ANSWER, &ptr));
    assert_true(mico_dns_put_record(&w, MICO_DNS_ADDITIONAL, &srv));
    size_t len = mico_dns_end(&w);
    assert_int_equal(len, 12 + (17 + 4) + (2 + 10 + 4) + (2 + 10 + 6 + 2));
    assert_int_equal(mico_dns_open(&m, out, len), MICO_OK);
    assert_true(mico_dns_next_question(&m, &q) && mico_dns_name_equal(&q.name, &type));
    assert_int_equal(mico_dns_next_record(&m, &r), MICO_DNS_ANSWER);
    assert_int_equal(r.rdata_len, x.len);
    assert_memory_equal(r.rdata, x.bytes, x.len);
    assert_int_equal(mico_dns_next_record(&m, &r), MICO_DNS_ADDITIONAL);
    assert_true(r.top_bit && mico_dns_name_equal(&r.name, &x));
    assert_memory_equal(r.rdata, srv.rdata, srv.rdata_len);
}

static void record_without_room_leaves_the_message_as_it_was(void **state)
{
    uint8_t out[12 + 17 + 4 + 20];
    struct mico_dns_writer w;
    struct mico_dns_message m;
    struct mico_dns_name type = name_of("_hap._tcp.local");
    struct mico_dns_record txt = {.name = type, .type = MICO_DNS_TXT, .dns_class = 1, .rdata = {8}, .rdata_len = 9};
    mico_dns_begin(&w, out, sizeof out, 1, 0);
    assert_true(mico_dns_put_question(&w, &type, MICO_DNS_TXT, 1));
    size_t before = w.w.len;
    assert_false(mico_dns_put_record(&w, MICO_DNS_ANSWER, &txt)); /* 21 bytes */
    assert_int_equal(w.w.len, before);
    txt.rdata[0] = 7;
    txt.rdata_len = 8;
    assert_true(mico_dns_put_record(&w, MICO_DNS_ANSWER, &txt));
    assert_int_equal(mico_dns_open(&m, out, mico_dns_end(&w)), MICO_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_text_have_labels_with_escaped_dots),
        cmocka_unit_test(wrong_names_are_refused_and_change_nothing),
        cmocka_unit_test(message_with_compressed_names_is_read),
        cmocka_unit_test(pointers_that_do_not_lead_backwards_are_refused),
        cmocka_unit_test(wrong_lengths_counts_and_types_are_refused),
        cmocka_unit_test(record_above_the_bound_is_refused),
        cmocka_unit_test(written_message_is_read_again_with_its_names_compressed),
        cmocka_unit_test(record_without_room_leaves_the_message_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

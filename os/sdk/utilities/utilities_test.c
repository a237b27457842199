/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's helpers: by the examples of the standards that they follow, and by input that breaks their rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "CheckSumUtils.h"
#include "RingBufferUtils.h"
#include "SecurityUtils.h"
#include "StringUtils.h"
#include "TLVUtils.h"
#include "URLUtils.h"
#include "base64.h"
#include "mico.h"
#include "url.h"

static void numbers_are_read_and_written_in_either_byte_order(void **state)
{
    uint8_t bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8}, copy[8];
    assert_int_equal(ReadBig16(bytes), 0x0102);
    assert_int_equal(ReadLittle32(bytes), 0x04030201);
    assert_int_equal(ReadBig48(bytes), 0x010203040506);
    assert_true(ReadLittle64(bytes) == 0x0807060504030201);
    WriteBig64(copy, ReadHost64(bytes));
    assert_true(ReadSwap64(copy) == ReadLittle64(bytes));
    assert_int_equal(hton16(0x1234), 0x3412);
    assert_int_equal(Swap32(0x12345678), 0x78563412);
    assert_int_equal(BitArray_GetBit(bytes, sizeof bytes, 7), 1);
    assert_int_equal(BitArray_GetBit(bytes, sizeof bytes, 64), 0);
}

static void hexadecimal_text_becomes_bytes_or_nothing(void **state)
{
    uint8_t bytes[4] = {0};
    char mac[18];
    assert_int_equal(str2hex((unsigned char *)"00fFa5", bytes, sizeof bytes), 3);
    assert_memory_equal(bytes, "\x00\xff\xa5", 3);
    assert_int_equal(str2hex((unsigned char *)"0011223344", bytes, sizeof bytes), 4);
    assert_int_equal(str2hex((unsigned char *)"00f", bytes, sizeof bytes), 0);
    assert_int_equal(str2hex((unsigned char *)"0g", bytes, sizeof bytes), 0);
    formatMACAddr(mac, "001a2b3c4d5e");
    assert_string_equal(mac, "00:1A:2B:3C:4D:5E");
}

static void bytes_become_text_that_the_caller_frees(void **state)
{
    const uint8_t bytes[] = {0x0a, 0xff, 'x'};
    char *plain = DataToHexString(bytes, 3), *spaces = DataToHexStringWithSpaces(bytes, 3);
    char *colons = DataToHexStringWithColons(bytes, 3), *string = DataToCString(bytes + 2, 1), *copy = __strdup("abc");
    char *dots = __strdup_trans_dot("a.b");
    assert_string_equal(plain, "0AFF78");
    assert_string_equal(spaces, "0A FF 78 ");
    assert_string_equal(colons, "0A:FF:78");
    assert_string_equal(string, "x");
    assert_string_equal(copy, "abc");
    assert_string_equal(dots, "a/.b");
    free(plain);
    free(spaces);
    free(colons);
    free(string);
    free(copy);
    free(dots);
    assert_null(DataToHexString(NULL, 3));
    assert_null(DataToHexString(bytes, 0));
    assert_null(DataToCString(NULL, 1));
    assert_null(__strdup(NULL));
    assert_null(__strdup(""));
}

static void assert_int_of(const char *text, uint32_t good, int32_t wanted)
{
    int32_t number = -77;
    assert_int_equal(Str2Int((uint8_t *)(uintptr_t)text, &number), good);
    assert_int_equal(number, good != 0 ? wanted : -77);
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
    uint8_t text[12];
    uint32_t value = 5;
    char digits[12];
    assert_int_of("0", 1, 0);
    assert_int_of("4294967295", 1, -1);
    assert_int_of("4294967296", 0, 0);
    assert_int_of("0x7fffFFFF", 1, INT32_MAX);
    assert_int_of("0x", 0, 0);
    assert_int_of("0x123456789", 0, 0);
    assert_int_of("4k", 1, 4096);
    assert_int_of("2M", 1, 2 << 20);
    assert_int_of("4096M", 0, 0);
    assert_int_of("", 0, 0);
    assert_int_of("k", 0, 0);
    assert_int_of("12x", 0, 0);
    Int2Str(text, INT32_MIN);
    assert_string_equal((char *)text, "-2147483648");
    assert_int_equal(string_to_unsigned("0x1Fz", 5, &value, 1), 4);
    assert_int_equal(value, 0x1f);
    assert_int_equal(string_to_unsigned("19", 1, &value, 0), 1);
    assert_int_equal(value, 1);
    assert_int_equal(string_to_unsigned("99999999999", 11, &value, 0), 0);
    assert_int_equal(value, 1);
    assert_int_equal(unsigned_to_hex_string(0xAB, digits, 4, 8), 4);
    assert_string_equal(digits, "00AB");
    assert_int_equal(unsigned_to_decimal_string(12345, digits, 1, 4), 0);
    assert_int_equal(unsigned_to_decimal_string(12345, digits, 1, 5), 5);
    assert_string_equal(digits, "12345");
}

static void hardware_addresses_may_leave_out_zeros_but_no_number(void **state)
{
    uint8_t address[6] = {0};
    assert_int_equal(TextToMACAddress("0:1a-2b 3C:4:fF", kSizeCString, address), kNoErr);
    assert_memory_equal(address, "\x00\x1a\x2b\x3c\x04\xff", 6);
    assert_int_equal(TextToMACAddress("112233445566", kSizeCString, address), kNoErr);
    assert_memory_equal(address, "\x11\x22\x33\x44\x55\x66", 6);
    assert_int_equal(TextToMACAddress("1:2:3:4:5", kSizeCString, address), kMalformedErr);
    assert_int_equal(TextToMACAddress("1:2:3:4:5:", kSizeCString, address), kMalformedErr);
    assert_int_equal(TextToMACAddress("1:2:3:4:5:6", 10, address), kMalformedErr);
    assert_memory_equal(address, "\x11\x22\x33\x44\x55\x66", 6);
    assert_int_equal(TextToMACAddress(NULL, 0, address), kParamErr);
}

static void comparing_does_not_mind_case(void **state)
{
    assert_int_equal(strnicmp("ABC", "abd", 2), 0);
    assert_int_equal(strnicmp("ABC", "abd", 3), -1);
    assert_int_equal(strnicmp("b", "A", 9), 1);
    assert_int_equal(strnicmpx("HOSTX", 4, "host"), 0);
    assert_int_equal(strnicmpx("HOSTX", 4, "hosts"), -1);
    assert_int_equal(strnicmpx("HOSTX", 5, "host"), 1);
    assert_int_equal(strnicmp_suffix("index.HTML", 10, ".html"), 0);
    assert_int_equal(strnicmp_suffix("l", 10, ".html"), 1);
    char text[] = "a=1;b=2";
    assert_ptr_equal(strnstr_suffix(text, 7, "b="), text + 4);
    assert_null(strnstr_suffix(text, 5, "b="));
    assert_ptr_equal(memmem(text, 7, "2", 1), text + 6);
    assert_null(memmem(text, 7, "12345678", 8));
    assert_int_equal(memcmp_constant_time("ab", "ab", 2), 0);
    assert_int_not_equal(memcmp_constant_time("ab", "aB", 2), 0);
}

static void check_sums_are_those_of_the_catalogue(void **state)
{
    CRC8_Context small;
    CRC16_Context large;
    uint8_t crc8;
    uint16_t crc16;
    CRC8_Init(&small);
    CRC16_Init(&large);
    for (const char *c = "123456789"; *c != '\0'; c++) {
        CRC8_Update(&small, c, 1);
        CRC16_Update(&large, c, 1);
    }
    CRC8_Final(&small, &crc8);
    CRC16_Final(&large, &crc16);
    assert_int_equal(crc8, 0xA1);    /* CRC-8/MAXIM-DOW */
    assert_int_equal(crc16, 0x31C3); /* CRC-16/XMODEM */
}

static void a_ring_keeps_order_and_never_more_than_it_holds(void **state)
{
    ring_buffer_t ring;
    uint8_t storage[8], *data;
    uint32_t together;
    uint8_t next_in = 0, next_out = 0;
    assert_int_equal(ring_buffer_init(&ring, storage, sizeof storage), kNoErr);
    for (int i = 0; i < 50; i++) {
        uint8_t in[5];
        for (size_t k = 0; k < sizeof in; k++) {
            in[k] = (uint8_t)(next_in + k);
        }
        uint32_t room = ring_buffer_free_space(&ring);
        uint32_t written = ring_buffer_write(&ring, in, sizeof in);
        assert_int_equal(written, Min(room, sizeof in));
        next_in = (uint8_t)(next_in + written);
        ring_buffer_get_data(&ring, &data, &together);
        for (uint32_t k = 0; k < Min(together, 3u); k++) {
            assert_int_equal(data[k], next_out++);
        }
        ring_buffer_consume(&ring, Min(together, 3u));
        assert_int_equal(ring_buffer_used_space(&ring) + ring_buffer_free_space(&ring), sizeof storage - 1);
    }
    ring_buffer_consume(&ring, 1000);
    assert_int_equal(ring_buffer_used_space(&ring), 0);
    assert_int_equal(ring_buffer_init(&ring, storage, 1), kParamErr);
    assert_int_equal(ring_buffer_init(NULL, storage, 8), kParamErr);
}

static void records_are_walked_to_the_end_and_never_past_it(void **state)
{
    const uint8_t records[] = {1, 2, 'a', 'b', 9, 0, 7, 5, 'x'};
    const uint8_t *end = records + sizeof records, *data, *next;
    uint8_t id;
    size_t len;
    assert_int_equal(TLVGetNext(records, end, &id, &data, &len, &next), kNoErr);
    assert_int_equal(id, 1);
    assert_int_equal(len, 2);
    assert_ptr_equal(data, records + 2);
    assert_int_equal(TLVGetNext(next, end, &id, &data, &len, &next), kNoErr);
    assert_int_equal(id, 9);
    assert_int_equal(len, 0);
    assert_int_equal(TLVGetNext(next, end, &id, NULL, NULL, NULL), kUnderrunErr);
    assert_int_equal(TLVGetNext(end, end, NULL, NULL, NULL, NULL), kNotFoundErr);
    assert_int_equal(TLVGetNext(NULL, end, NULL, NULL, NULL, NULL), kParamErr);
}

static void assert_base64(const char *plain, const char *wanted)
{
    int len = 0, back = 0;
    unsigned char *text = base64_encode((const unsigned char *)plain, (int)strlen(plain), &len);
    assert_non_null(text);
    assert_string_equal((char *)text, wanted);
    assert_int_equal(len, strlen(wanted));
    unsigned char *bytes = base64_decode(text, len, &back);
    assert_non_null(bytes);
    assert_int_equal(back, strlen(plain));
    assert_memory_equal(bytes, plain, strlen(plain));
    free(text);
    free(bytes);
}

static void base64_is_that_of_rfc_4648(void **state)
{
    assert_base64("", "");
    assert_base64("f", "Zg==\n");
    assert_base64("fo", "Zm8=\n");
    assert_base64("foo", "Zm9v\n");
    assert_base64("foobar", "Zm9vYmFy\n");
    assert_base64("123456789012345678901234567890123456789012345678901234",
                  "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0\n");
    assert_base64("1234567890123456789012345678901234567890123456789012345",
                  "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0\nNQ==\n");
}

static void malformed_base64_is_refused(void **state)
{
    static const char *const bad[] = {
        "Zg=", "Zg", "Zh==", "Zm9=", "Z", "Zg==Zg==", "====", "Z===", "Zm9v!", "Zm=v", "="};
    int len = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(base64_decode((const unsigned char *)bad[i], (int)strlen(bad[i]), &len));
    }
    assert_null(base64_decode(NULL, 0, &len));
    assert_null(base64_encode((const unsigned char *)"x", -1, &len));
    assert_int_equal(len, 7);
}

static void assert_part(const char *part, size_t len, const char *wanted)
{
    assert_int_equal(len, strlen(wanted));
    assert_memory_equal(part, wanted, len);
}

static void urls_are_split_as_rfc_3986_says(void **state)
{
    URLComponents url;
    const char *end, *text = "foo://tom:secret@example.com:8042/over/there/?name=ferret#nose";
    assert_int_equal(URLParseComponents(text, NULL, &url, &end), kNoErr);
    assert_part(url.schemePtr, url.schemeLen, "foo");
    assert_part(url.userPtr, url.userLen, "tom");
    assert_part(url.passwordPtr, url.passwordLen, "secret");
    assert_part(url.hostPtr, url.hostLen, "example.com:8042");
    assert_part(url.pathPtr, url.pathLen, "/over/there/");
    assert_part(url.segmentPtr, (size_t)(url.segmentEnd - url.segmentPtr), "over/there");
    assert_part(url.queryPtr, url.queryLen, "name=ferret");
    assert_part(url.fragmentPtr, url.fragmentLen, "nose");
    assert_ptr_equal(end, text + strlen(text));
    assert_int_equal(URLParseComponents("/a?b", NULL, &url, NULL), kNoErr);
    assert_null(url.schemePtr);
    assert_null(url.hostPtr);
    assert_part(url.pathPtr, url.pathLen, "/a");
    assert_int_equal(URLParseComponents("urn:example:animal", NULL, &url, NULL), kNoErr);
    assert_part(url.pathPtr, url.pathLen, "example:animal");
    assert_int_equal(URLParseComponents(NULL, NULL, &url, NULL), kParamErr);
    PrintURL(&url);
}

static void a_parsed_url_has_strings_of_its_own(void **state)
{
    url_field_t *url = url_parse("http://me:pw@192.168.1.2:8080/a/b?x=1&y&z=#top");
    assert_non_null(url);
    assert_int_equal(url->host_type, HOST_IPV4);
    assert_string_equal(url->schema, "http");
    assert_string_equal(url->username, "me");
    assert_string_equal(url->password, "pw");
    assert_string_equal(url->host, "192.168.1.2");
    assert_string_equal(url->port, "8080");
    assert_string_equal(url->path, "a/b");
    assert_string_equal(url->fragment, "top");
    assert_int_equal(url->query_num, 3);
    assert_string_equal(url->query[0].value, "1");
    assert_string_equal(url->query[1].name, "y");
    assert_null(url->query[1].value);
    assert_string_equal(url->query[2].value, "");
    url_field_print(url);
    url_free(url);
    url = url_parse("coap://[fe80::1]:5683");
    assert_non_null(url);
    assert_int_equal(url->host_type, HOST_IPV6);
    assert_string_equal(url->host, "fe80::1");
    assert_string_equal(url->port, "5683");
    assert_null(url->path);
    url_free(url);
    url_free(NULL);
}

static void malformed_urls_are_refused(void **state)
{
    static const char *const bad[] = {"",          "host",        "http://",     "://host",        "http:///path",
                                      "http://:1", "http://a:",   "http://a:x",  "http://a:65536", "http://u@host",
                                      "http://[1", "http://[]:1", "http://[1]2", "http:/host"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(url_parse(bad[i]));
    }
    assert_null(url_parse(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_and_written_in_either_byte_order),
        cmocka_unit_test(hexadecimal_text_becomes_bytes_or_nothing),
        cmocka_unit_test(bytes_become_text_that_the_caller_frees),
        cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
        cmocka_unit_test(hardware_addresses_may_leave_out_zeros_but_no_number),
        cmocka_unit_test(comparing_does_not_mind_case),
        cmocka_unit_test(check_sums_are_those_of_the_catalogue),
        cmocka_unit_test(a_ring_keeps_order_and_never_more_than_it_holds),
        cmocka_unit_test(records_are_walked_to_the_end_and_never_past_it),
        cmocka_unit_test(base64_is_that_of_rfc_4648),
        cmocka_unit_test(malformed_base64_is_refused),
        cmocka_unit_test(urls_are_split_as_rfc_3986_says),
        cmocka_unit_test(a_parsed_url_has_strings_of_its_own),
        cmocka_unit_test(malformed_urls_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

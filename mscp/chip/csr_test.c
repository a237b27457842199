/* SPDX-License-Identifier: Apache-2.0 */
/* Certification requests and TLS 1.3 messages: what passes as one, and that nothing near it does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/csr.h"
#include "mscp/chip/tls_transcript.h"

/* CertificationRequestInfo as OpenSSL 3 made them: Ed25519, a name of two parts, an extensionRequest; P-256, one part. */
static const uint8_t ed25519_request[] = {
    0x30, 0x7D, 0x02, 0x01, 0x00, 0x30, 0x1E, 0x31, 0x0D, 0x30, 0x0B, 0x06, 0x03, 0x55, 0x04, 0x0A, 0x0C, 0x04, 0x4D,
    0x69, 0x43, 0x4F, 0x31, 0x0D, 0x30, 0x0B, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0C, 0x04, 0x63, 0x68, 0x69, 0x70, 0x30,
    0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00, 0x8E, 0xE2, 0x6C, 0x4F, 0xC2, 0x58, 0xD8, 0x7D,
    0x11, 0x1C, 0xA2, 0x20, 0x7A, 0x98, 0x86, 0xE2, 0x3C, 0xEA, 0xAD, 0x27, 0xA2, 0xC4, 0xAA, 0x0B, 0x80, 0x8F, 0xFF,
    0x82, 0xD9, 0xB7, 0x25, 0xFF, 0xA0, 0x2C, 0x30, 0x2A, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09,
    0x0E, 0x31, 0x1D, 0x30, 0x1B, 0x30, 0x19, 0x06, 0x03, 0x55, 0x1D, 0x11, 0x04, 0x12, 0x30, 0x10, 0x82, 0x0E, 0x64,
    0x65, 0x76, 0x69, 0x63, 0x65, 0x2E, 0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65};
static const uint8_t p256_request[] = {
    0x30, 0x7D, 0x02, 0x01, 0x00, 0x30, 0x1B, 0x31, 0x19, 0x30, 0x17, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0C, 0x10, 0x30,
    0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x30, 0x59, 0x30, 0x13,
    0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
    0x03, 0x42, 0x00, 0x04, 0x5A, 0x11, 0xBD, 0x8C, 0xEB, 0xDF, 0xCA, 0x30, 0xE8, 0x7B, 0x3E, 0xC6, 0x0F, 0x2B, 0xC1,
    0xF4, 0x58, 0x14, 0xF8, 0x11, 0x28, 0x14, 0x0D, 0xC1, 0x0D, 0xD7, 0x02, 0x13, 0x98, 0x1F, 0xA2, 0xBF, 0x4D, 0x02,
    0xAC, 0x14, 0x88, 0xD2, 0xFB, 0x95, 0x2B, 0xED, 0x80, 0x20, 0x2D, 0x4E, 0x12, 0x07, 0x1E, 0x99, 0x7D, 0x84, 0x13,
    0xD6, 0xD1, 0xD6, 0x9D, 0x4D, 0xBD, 0x69, 0xE6, 0x27, 0x56, 0xCF, 0xA0, 0x00};

#define ED25519_KEY_AT 49
#define P256_KEY_AT 60

static struct mico_span ed25519_key(const uint8_t *request)
{
    return (struct mico_span){request + ED25519_KEY_AT, 32};
}

static struct mico_span p256_key(const uint8_t *request)
{
    return (struct mico_span){request + P256_KEY_AT, 65};
}

static void requests_of_a_real_tool_are_requests_for_their_own_keys(void **state)
{
    uint8_t other[65];
    struct mico_span e = MICO_SPAN(ed25519_request), p = MICO_SPAN(p256_request);
    assert_true(mscp_is_csr_of(e, ed25519_key(ed25519_request)));
    assert_true(mscp_is_csr_of(p, p256_key(p256_request)));
    assert_false(mscp_is_csr_of(e, p256_key(p256_request)));
    assert_false(mscp_is_csr_of(p, ed25519_key(ed25519_request)));
    memcpy(other, ed25519_key(ed25519_request).data, 32);
    other[31] ^= 1;
    assert_false(mscp_is_csr_of(e, (struct mico_span){other, 32}));
    memcpy(other, p256_key(p256_request).data, 65);
    other[64] ^= 1;
    assert_false(mscp_is_csr_of(p, MICO_SPAN(other)));
}

static void no_beginning_and_no_continuation_of_a_request_is_one(void **state)
{
    uint8_t longer[sizeof ed25519_request + 1];
    memcpy(longer, ed25519_request, sizeof ed25519_request);
    longer[sizeof ed25519_request] = 0;
    for (size_t len = 0; len < sizeof ed25519_request; len++) {
        assert_false(mscp_is_csr_of((struct mico_span){ed25519_request, len}, ed25519_key(ed25519_request)));
    }
    assert_false(mscp_is_csr_of(MICO_SPAN(longer), ed25519_key(ed25519_request)));
}

/* Everything but what a name or an extension says has one right value. */
static void a_request_of_another_structure_is_none(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } spoilt[] = {
        {0, 0x31},  /* no SEQUENCE */
        {1, 0x80},  /* an indefinite length */
        {4, 1},     /* version 2 */
        {2, 0x0A},  /* no INTEGER */
        {5, 0x31},  /* no Name */
        {7, 0x30},  /* no SET in it */
        {9, 0x31},  /* no SEQUENCE in that */
        {11, 0x0C}, /* no OBJECT IDENTIFIER */
        {ED25519_KEY_AT - 12, 0x31},
        {ED25519_KEY_AT - 4, 0x6E},  /* X25519 */
        {ED25519_KEY_AT - 1, 1},     /* unused bits */
        {ED25519_KEY_AT + 32, 0xA1}, /* other than [0] */
        {ED25519_KEY_AT + 34, 0x31}, /* no Attribute */
        {ED25519_KEY_AT + 36, 0x0C}, /* no type */
    };
    for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++) {
        uint8_t request[sizeof ed25519_request];
        memcpy(request, ed25519_request, sizeof request);
        assert_int_not_equal(request[spoilt[i].at], spoilt[i].value);
        request[spoilt[i].at] = spoilt[i].value;
        if (mscp_is_csr_of(MICO_SPAN(request), ed25519_key(ed25519_request))) {
            fail_msg("byte %u spoilt, and still a request", (unsigned)spoilt[i].at);
        }
    }
}

static size_t tls13(uint8_t *out, size_t hash_len)
{
    static const char context[] = "TLS 1.3, client CertificateVerify";
    memset(out, ' ', 64);
    memcpy(out + 64, context, sizeof context);
    memset(out + 64 + sizeof context, 0x5A, hash_len);
    return 64 + sizeof context + hash_len;
}

static void a_tls_1_3_client_message_is_one_and_a_servers_is_none(void **state)
{
    uint8_t message[160];
    for (size_t hash_len = 0; hash_len <= 60; hash_len++) {
        struct mico_span whole = {message, tls13(message, hash_len)};
        assert_int_equal(mscp_is_tls13_client_message(whole), hash_len == 32 || hash_len == 48);
    }
    const struct mico_span whole = {message, tls13(message, 32)};
    for (size_t i = 0; i < 64 + 34; i++) {
        message[i] ^= 0x01;
        assert_false(mscp_is_tls13_client_message(whole));
        message[i] ^= 0x01;
    }
    memcpy(message + 64, "TLS 1.3, server CertificateVerify", 34);
    assert_false(mscp_is_tls13_client_message(whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_of_a_real_tool_are_requests_for_their_own_keys),
        cmocka_unit_test(no_beginning_and_no_continuation_of_a_request_is_one),
        cmocka_unit_test(a_request_of_another_structure_is_none),
        cmocka_unit_test(a_tls_1_3_client_message_is_one_and_a_servers_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

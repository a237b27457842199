/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/certificate.h"
#include "mscp/chip/tls_transcript.h"
#include "mscp/protocol/evidence.h"
#include "mscp/protocol/mscp.h"

/* A transcript of a real handshake's form, message by message, so that tests can leave one out or spoil one. */
static const uint8_t client_hello[] = {1, 0, 0, 49, 3, 3, 0, 0,    0,    0, 0, 0, 0, 0, 0,  0, 0,
                                       0, 0, 0, 0,  0, 0, 0, 0,    0,    0, 0, 0, 0, 0, 0,  0, 0,
                                       0, 0, 0, 0,  0, 0, 2, 0xC0, 0x2B, 1, 0, 0, 6, 0, 10, 0, 2};
static const uint8_t server_hello[] = {2, 0, 0, 38, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,    0,    0,
                                       0, 0, 0, 0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0x2B, 0};
static const uint8_t certificate[] = {11, 0, 0, 11, 0, 0, 8, 0, 0, 5, 1, 2, 3, 4, 5};
static const uint8_t key_exchange[] = {12, 0, 0, 12, 3, 0, 29, 1, 9, 8, 7, 0, 3, 1, 2, 3};
static const uint8_t request[] = {13, 0, 0, 13, 1, 64, 0, 2, 8, 7, 0, 5, 0, 3, 0x30, 1, 2};
static const uint8_t done[] = {14, 0, 0, 0};
static const uint8_t client_key[] = {16, 0, 0, 3, 2, 4, 5};

#define MESSAGES 8
static struct mico_span all[MESSAGES];

static size_t build(uint8_t *out, int leave_out)
{
    uint8_t hello[sizeof client_hello + 2];
    memcpy(hello, client_hello, sizeof client_hello);
    hello[sizeof client_hello] = 0; /* the extension's two bytes of data */
    hello[sizeof client_hello + 1] = 29;
    hello[3] = (uint8_t)(sizeof hello - 4);
    size_t len = 0;
    for (int i = 0; i < MESSAGES; i++) {
        struct mico_span m = i == 0 ? (struct mico_span){hello, sizeof hello} : all[i];
        if (i != leave_out) {
            memcpy(out + len, m.data, m.len);
            len += m.len;
        }
    }
    return len;
}

static int setup(void **state)
{
    const struct mico_span set[MESSAGES] = {MICO_SPAN(client_hello), MICO_SPAN(server_hello), MICO_SPAN(certificate),
                                            MICO_SPAN(key_exchange), MICO_SPAN(request),      MICO_SPAN(done),
                                            MICO_SPAN(certificate),  MICO_SPAN(client_key)};
    memcpy(all, set, sizeof set);
    return 0;
}

static void a_whole_client_transcript_is_one(void **state)
{
    uint8_t t[512];
    size_t len = build(t, -1);
    assert_true(mscp_is_tls_client_transcript((struct mico_span){t, len}));
}

static void a_transcript_without_server_key_exchange_is_one_but_none_other_may_be_missing(void **state)
{
    uint8_t t[512];
    for (int i = 0; i < MESSAGES; i++) {
        size_t len = build(t, i);
        assert_int_equal(mscp_is_tls_client_transcript((struct mico_span){t, len}), i == 3);
    }
}

/* The same as DTLS has it: another version, an empty cookie, and numbers and fragments in the headers. */
static size_t build_datagrams(uint8_t *out, int leave_out)
{
    uint8_t stream[512];
    size_t len = 0, left = build(stream, -1);
    uint8_t numbers[2] = {1, 1};
    for (int i = 0; i < MESSAGES; i++) {
        const uint8_t *m = stream + (build(stream, -1) - left);
        size_t size = 4u + m[3], body = size - 4;
        uint8_t *to = out + len;
        bool hello = i < 2, client = i == 0 || i > 5;
        memcpy(to, m, 4);
        to[3] = to[11] = (uint8_t)(body + (i == 0));
        to[4] = 0;
        to[5] = numbers[client];
        memset(to + 6, 0, 5);
        memcpy(to + 12, m + 4, body);
        if (hello) {
            to[12] = 0xFE;
            to[13] = 0xFD;
        }
        if (i == 0) {
            memmove(to + 48, to + 47, body - 35); /* behind version, random and an empty session_id */
            to[47] = 0;
        }
        if (i != leave_out) {
            len += 12 + body + (i == 0);
            numbers[client]++;
        }
        left -= size;
    }
    return len;
}

static bool is_transcript(const uint8_t *t, size_t len)
{
    return mscp_is_tls_client_transcript((struct mico_span){t, len});
}

static void a_transcript_of_datagrams_is_one_when_whole_and_in_order(void **state)
{
    uint8_t t[512];
    size_t len = build_datagrams(t, -1), at = 0;
    assert_true(is_transcript(t, len));
    for (size_t cut = 0; cut < len; cut++) {
        assert_false(is_transcript(t, cut));
    }
    assert_false(is_transcript(t, len + 1));
    for (int message = 0; message < MESSAGES; message++) {
        for (size_t i = 0; i < 14; i++) { /* type, length, number, fragment; and the version of those that have one */
            bool first = message < 2 && (i == 4 || i == 5); /* where a side begins to count is its own matter */
            if (i < 12 || message < 2) {
                t[at + i] ^= 1;
                assert_false(is_transcript(t, len) && !first);
                t[at + i] ^= 1;
            }
        }
        at += 12u + t[at + 3];
    }
    assert_int_equal(at, len);
    for (int i = 0; i < MESSAGES; i++) {
        len = build_datagrams(t, i);
        assert_int_equal(is_transcript(t, len), i == 3);
    }
}

static void what_a_server_signs_is_its_key_exchange_or_the_context_of_tls_1_3(void **state)
{
    static const struct {
        uint8_t group, len;
    } points[] = {{29, 32}, {23, 65}, {24, 97}, {25, 133}, {29, 65}, {23, 32}};
    uint8_t m[256] = {0x5A};
    for (size_t i = 0; i < 6; i++) {
        struct mico_span whole = {m, 68u + points[i].len};
        m[64] = 3;
        m[65] = 0;
        m[66] = points[i].group;
        m[67] = points[i].len;
        assert_int_equal(mscp_is_tls_server_message(whole), i < 3);
        for (size_t at = 64; at < 68; at++) {
            m[at] ^= 4;
            assert_false(mscp_is_tls_server_message(whole));
            m[at] ^= 4;
        }
        assert_false(mscp_is_tls_server_message((struct mico_span){m, whole.len - 1}));
        assert_false(mscp_is_tls_server_message((struct mico_span){m, whole.len + 1}));
    }
    memset(m, ' ', 64);
    memcpy(m + 64, "TLS 1.3, server CertificateVerify", 34);
    for (size_t len = 97; len < 150; len++) {
        assert_int_equal(mscp_is_tls_server_message((struct mico_span){m, len}), len == 130 || len == 146);
        assert_false(mscp_is_tls13_client_message((struct mico_span){m, len}));
    }
    for (size_t at = 0; at < 98; at++) {
        m[at] ^= 1;
        assert_false(mscp_is_tls_server_message((struct mico_span){m, 130}));
        m[at] ^= 1;
    }
    memcpy(m + 73, "client", 6);
    assert_false(mscp_is_tls_server_message((struct mico_span){m, 130}));
    assert_true(mscp_is_tls13_client_message((struct mico_span){m, 130}));
}

/* What wolfSSL gave to sign when it connected to OpenSSL's s_server with an Ed25519 server behind an issuer. */
static const char real_transcript[] =
#include "mscp/chip/test_transcript.inc"
    ;

static void the_transcript_of_a_real_connection_is_one_and_none_of_its_beginnings(void **state)
{
    uint8_t t[MSCP_MESSAGE_MAX];
    size_t len = strlen(real_transcript) / 2;
    assert_int_equal(mico_unhex(real_transcript, t, len), MICO_OK);
    assert_true(mscp_is_tls_client_transcript((struct mico_span){t, len}));
    for (size_t cut = 0; cut < len; cut++) {
        assert_false(mscp_is_tls_client_transcript((struct mico_span){t, cut}));
    }
}

static void a_cut_or_longer_transcript_is_none(void **state)
{
    uint8_t t[512] = {0};
    size_t len = build(t, -1);
    for (size_t cut = 0; cut < len; cut++) {
        assert_false(mscp_is_tls_client_transcript((struct mico_span){t, cut}));
    }
    assert_false(mscp_is_tls_client_transcript((struct mico_span){t, len + 1}));
}

static void every_length_and_type_byte_matters(void **state)
{
    uint8_t t[512];
    size_t len = build(t, -1);
    size_t at = 0;
    for (int message = 0; message < MESSAGES; message++) {
        for (size_t i = 0; i < 4; i++) {
            t[at + i] ^= 1;
            assert_false(mscp_is_tls_client_transcript((struct mico_span){t, len}));
            t[at + i] ^= 1;
        }
        at += 4 + t[at + 3];
    }
    assert_int_equal(at, len);
}

static void other_signed_things_are_no_transcript(void **state)
{
    uint8_t tls13[130];
    memset(tls13, 0x20, 64);
    memcpy(tls13 + 64, "TLS 1.3, client CertificateVerify", 34);
    memset(tls13 + 98, 0x77, 32);
    assert_false(mscp_is_tls_client_transcript(MICO_SPAN(tls13)));
    assert_false(mscp_is_tls_client_transcript((struct mico_span){(const uint8_t *)"MSCP attestation v1", 20}));
    assert_false(mscp_is_tls_client_transcript((struct mico_span){NULL, 0}));
}

/* `openssl req -x509 -newkey ed25519 -subj /CN=A1:B2:C3:D4:E5:F6`: a certificate made by someone else. */
static const char real_certificate[] =
#include "mscp/chip/test_certificate.inc"
    ;
static const char real_key[] =
#include "mscp/chip/test_certificate_key.inc"
    ;

static struct mico_span real_der(void)
{
    static uint8_t der[512];
    size_t len = strlen(real_certificate) / 2;
    assert_true(len <= sizeof der);
    assert_int_equal(mico_unhex(real_certificate, der, len), MICO_OK);
    return (struct mico_span){der, len};
}

static struct mico_span real_spki(enum mscp_type type)
{
    static uint8_t spki[MSCP_SPKI_25519_SIZE];
    uint8_t key[32];
    assert_int_equal(mico_unhex(real_key, key, 32), MICO_OK);
    mscp_spki_25519(type, key, spki);
    return MICO_SPAN(spki);
}

static void a_certificate_made_by_openssl_is_of_its_key(void **state)
{
    struct mico_span der = real_der(), spki = real_spki(MSCP_KEY_ED25519);
    assert_true(mscp_certificate_is_of(der, spki));
    size_t first = 0;
    while (!mscp_certificate_is_of((struct mico_span){der.data, first}, spki)) {
        first++;
    }
    assert_memory_equal(der.data + first - spki.len, spki.data, spki.len); /* any cut before the key's end is refused */
}

static void a_certificate_of_another_key_or_algorithm_is_not(void **state)
{
    uint8_t other[MSCP_SPKI_25519_SIZE];
    memcpy(other, real_spki(MSCP_KEY_ED25519).data, sizeof other);
    for (size_t i = 0; i < sizeof other; i++) {
        other[i] ^= 1;
        assert_false(mscp_certificate_is_of(real_der(), MICO_SPAN(other)));
        other[i] ^= 1;
    }
    assert_true(mscp_certificate_is_of(real_der(), MICO_SPAN(other)));
    assert_false(mscp_certificate_is_of(real_der(), real_spki(MSCP_KEY_X25519)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_client_transcript_is_one),
        cmocka_unit_test(a_transcript_without_server_key_exchange_is_one_but_none_other_may_be_missing),
        cmocka_unit_test(a_transcript_of_datagrams_is_one_when_whole_and_in_order),
        cmocka_unit_test(what_a_server_signs_is_its_key_exchange_or_the_context_of_tls_1_3),
        cmocka_unit_test(the_transcript_of_a_real_connection_is_one_and_none_of_its_beginnings),
        cmocka_unit_test(a_cut_or_longer_transcript_is_none),
        cmocka_unit_test(every_length_and_type_byte_matters),
        cmocka_unit_test(other_signed_things_are_no_transcript),
        cmocka_unit_test(a_certificate_made_by_openssl_is_of_its_key),
        cmocka_unit_test(a_certificate_of_another_key_or_algorithm_is_not),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}

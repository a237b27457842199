/* SPDX-License-Identifier: Apache-2.0 */
/* TLS and DTLS in the approved mode with other people's programs, which prefer what is not approved: what they are offered, what is taken
 * of their offers, and what is refused. This whole program is in the mode. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/ssl.h>

#include "crypto/tls/tls_test_peer.h"

#define TIMEOUT_MS 20000
#define S_CLIENT "openssl s_client -connect 127.0.0.1:%u -CAfile roots.pem -verify_return_error "
#define S_SERVER "openssl s_server -CAfile roots.pem -accept 127.0.0.1:%u "
#define GNUTLS_CLIENT "gnutls-cli 127.0.0.1 --port %u --x509cafile roots.pem --verify-hostname ec.example "

static struct mico_tls_config base_of(const struct peer_identity *identity, bool datagram,
                                      enum mico_tls_version version)
{
    return (struct mico_tls_config){
        .roots = peer_roots,
        .root_count = 3,
        .chain = identity->chain,
        .key = identity->key,
        .now_s = peer_now_s(),
        .timeout_ms = TIMEOUT_MS,
        .version = version,
        .datagram = datagram,
        .retransmit_ms = 300,
    };
}

/* --- we are the server -------------------------------------------------------------------------------------------------- */

/* What became of one client: the group of its connection, or why there is none. */
struct outcome {
    mico_err err;
    char group[16], suite[48], reason[96];
};

static struct outcome serve(const struct peer_identity *identity, bool datagram, enum mico_tls_version version,
                            const char *client, const char *options)
{
    struct outcome outcome = {.group = ""};
    struct mico_tls_server server;
    struct mico_tls tls;
    struct peer_link link;
    uint16_t port;
    char command[512];
    const struct mico_tls_server_config config = {.base = base_of(identity, datagram, version)};
    int listener = peer_listen(datagram, &port);
    outcome.err = mico_tls_server_open(&server, &config);
    if (outcome.err != MICO_OK) {
        fail_msg("server: %s: %s", mico_err_name(outcome.err), server.reason);
    }
    int len = snprintf(command, sizeof command, client, port);
    snprintf(command + len, sizeof command - (size_t)len, "%s", options);
    struct peer peer = peer_start("%s", command);
    peer_accept(listener, datagram, &link);
    struct mico_tls_io io = peer_io(&link);
    outcome.err = mico_tls_accept(&server, &tls, &io, MICO_SPAN("somebody"), peer_now_s(), TIMEOUT_MS);
    snprintf(outcome.reason, sizeof outcome.reason, "%s", mico_tls_reason(&tls));
    if (outcome.err == MICO_OK) {
        snprintf(outcome.group, sizeof outcome.group, "%s", wolfSSL_get_curve_name(tls.session));
        snprintf(outcome.suite, sizeof outcome.suite, "%s", mico_tls_suite(&tls));
        assert_int_equal(mico_tls_write(&tls, (const uint8_t *)"welcome\n", 8, TIMEOUT_MS), MICO_OK);
        assert_true(peer_says(&peer, "welcome"));
        mico_tls_close(&tls);
    }
    print_message("%s: %s %s %s\n", options, mico_err_name(outcome.err), outcome.group, outcome.reason);
    close(link.fd);
    peer_stop(&peer);
    mico_tls_server_close(&server);
    close(listener);
    return outcome;
}

/* TLS 1.2, TLS 1.3 and DTLS 1.2 as the two name them. */
static const struct {
    bool datagram;
    enum mico_tls_version version;
    const char *openssl, *gnutls;
} protocols[] = {
    {false, MICO_TLS_1_2, "-tls1_2", "--priority NORMAL:-VERS-ALL:+VERS-TLS1.2"},
    {false, MICO_TLS_1_3, "-tls1_3", "--priority NORMAL:-VERS-ALL:+VERS-TLS1.3"},
    {true, MICO_TLS_1_2, "-dtls1_2", "--udp --priority NORMAL:-VERS-ALL:+VERS-DTLS1.2"},
};
#define PROTOCOLS (sizeof protocols / sizeof protocols[0])

static void visit_by_openssl(const struct peer_identity *identity, const char *curves, const char *group)
{
    for (size_t i = 0; i < PROTOCOLS; i++) {
        char options[96];
        snprintf(options, sizeof options, "%s -curves %s", protocols[i].openssl, curves);
        struct outcome outcome = serve(identity, protocols[i].datagram, protocols[i].version, S_CLIENT, options);
        assert_string_equal(outcome.group, group);
        assert_non_null(strstr(outcome.suite, "AES"));
    }
}

static void openssl_that_prefers_x25519_gets_another_group(void **state)
{
    visit_by_openssl(&peer_ec, "X25519:P-256", "SECP256R1");
    visit_by_openssl(&peer_rsa, "X25519:P-384", "SECP384R1");
    visit_by_openssl(&peer_rsa, "X448:X25519:P-384:P-256", "SECP256R1");
}

static void gnutls_that_prefers_x25519_gets_another_group(void **state)
{
    for (size_t i = 0; i < PROTOCOLS; i++) {
        char options[160];
        snprintf(options, sizeof options, "%s:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1", protocols[i].gnutls);
        struct outcome outcome = serve(&peer_ec, protocols[i].datagram, protocols[i].version, GNUTLS_CLIENT, options);
        assert_string_equal(outcome.group, "SECP256R1");
        assert_non_null(strstr(outcome.suite, "AES"));
    }
}

static void a_server_of_either_version_gives_both_an_approved_group(void **state)
{
    for (size_t i = 0; i < 2; i++) {
        char options[96];
        snprintf(options, sizeof options, "%s -curves X25519:P-256", protocols[i].openssl);
        assert_string_equal(serve(&peer_rsa, false, MICO_TLS_1_2_OR_1_3, S_CLIENT, options).group, "SECP256R1");
    }
}

static void a_client_that_has_nothing_approved_is_refused(void **state)
{
    static const char *const unapproved[] = {"-curves X25519", "-curves X448:X25519", "-cipher ECDHE+CHACHA20",
                                             "-sigalgs RSA+SHA1:ECDSA+SHA1 -cipher ALL:@SECLEVEL=0"};
    for (size_t i = 0; i < PROTOCOLS; i++) {
        for (size_t k = 0; k < sizeof unapproved / sizeof unapproved[0]; k++) {
            char options[160];
            if (protocols[i].version == MICO_TLS_1_3 && k >= 2) { /* 1.3 has no SHA-1, and other names of suites */
                continue;
            }
            snprintf(options, sizeof options, "%s %s", protocols[i].openssl, unapproved[k]);
            struct outcome outcome = serve(&peer_rsa, protocols[i].datagram, protocols[i].version, S_CLIENT, options);
            assert_int_not_equal(outcome.err, MICO_OK);
            assert_int_not_equal(outcome.err, MICO_ERR_TIMEOUT); /* it is said, not left open */
        }
    }
    assert_int_not_equal(
        serve(&peer_ec, false, MICO_TLS_1_3, S_CLIENT, "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256").err,
        MICO_OK);
}

/* --- we are the client -------------------------------------------------------------------------------------------------- */

/* The first thing that is sent, to nobody. */
static struct {
    uint8_t bytes[2048];
    size_t len;
} offer;

static mico_err keep(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    if (offer.len == 0 && len <= sizeof offer.bytes) {
        memcpy(offer.bytes, data, len);
        offer.len = len;
    }
    *sent = len;
    return MICO_OK;
}

static mico_err hear_nothing(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return MICO_ERR_TIMEOUT;
}

static unsigned number_at(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

/* RFC 5246 section 7.4.1.2, RFC 6347 section 4.2.1: where the suites are, and the data of an extension; empty: it is not there. */
static struct mico_span suites_of(bool datagram)
{
    const uint8_t *at = offer.bytes + (datagram ? 13 + 12 : 5 + 4) + 2 + 32;
    at += 1 + at[0];
    at += datagram ? 1 + at[0] : 0;
    return (struct mico_span){at + 2, number_at(at)};
}

static struct mico_span extension_of(bool datagram, unsigned type)
{
    struct mico_span suites = suites_of(datagram);
    const uint8_t *at = suites.data + suites.len, *end;
    at += 1 + at[0];
    end = at + 2 + number_at(at);
    assert_true(end <= offer.bytes + offer.len);
    for (at += 2; at < end; at += 4 + number_at(at + 2)) {
        if (number_at(at) == type) {
            return (struct mico_span){at + 4, number_at(at + 2)};
        }
    }
    return (struct mico_span){NULL, 0};
}

static bool among(unsigned number, const unsigned *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == number) {
            return true;
        }
    }
    return false;
}

/* Every number of a list is one of those; there are some. */
#define ALL_AMONG(span, ...) \
    all_among(span, (const unsigned[]){__VA_ARGS__}, sizeof(const unsigned[]){__VA_ARGS__} / sizeof(unsigned))
static void all_among(struct mico_span span, const unsigned *numbers, size_t count)
{
    assert_true(span.len >= 2);
    for (size_t i = 0; i + 1 < span.len; i += 2) {
        if (!among(number_at(span.data + i), numbers, count)) {
            fail_msg("%04x is offered", number_at(span.data + i));
        }
    }
}

static void check_offer(bool datagram)
{
    struct mico_span groups = extension_of(datagram, 10), signatures = extension_of(datagram, 13),
                     shares = extension_of(datagram, 51);
    /* ECDHE with AES-GCM of TLS 1.2, TLS 1.3's two, and RFC 5746's word */
    ALL_AMONG(suites_of(datagram), 0xC02B, 0xC02C, 0xC02F, 0xC030, 0x1301, 0x1302, 0x00FF);
    ALL_AMONG(((struct mico_span){groups.data + 2, groups.len - 2}), 23, 24);
    /* RSA, ECDSA and RSA-PSS (of both kinds of keys) with SHA-2, Ed25519 */
    ALL_AMONG(((struct mico_span){signatures.data + 2, signatures.len - 2}), 0x0301, 0x0401, 0x0501, 0x0601, 0x0303,
              0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0807, 0x0809, 0x080A, 0x080B);
    if (shares.len != 0) { /* one share, of P-256 */
        assert_int_equal(number_at(shares.data + 2), 23);
        assert_int_equal(number_at(shares.data), shares.len - 2);
        assert_int_equal(number_at(shares.data + 4), shares.len - 6);
    }
}

static void a_client_offers_what_is_approved_and_nothing_else(void **state)
{
    for (enum mico_tls_version version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version++) {
        for (int datagram = 0; datagram < 2; datagram++) {
            struct mico_tls tls;
            struct mico_tls_config config = base_of(&peer_device, datagram, version);
            config.server_name = "ec.example";
            config.timeout_ms = 0;
            config.io = (struct mico_tls_io){NULL, keep, hear_nothing};
            offer.len = 0;
            assert_int_equal(mico_tls_connect(&tls, &config), MICO_ERR_TIMEOUT);
            check_offer(datagram);
        }
    }
}

static mico_err visit(uint16_t port, const char *name, bool datagram, enum mico_tls_version version)
{
    struct peer_link link;
    struct mico_tls tls;
    struct mico_tls_config config = base_of(&peer_device, datagram, version);
    config.server_name = name;
    peer_dial(&link, datagram, port);
    config.io = peer_io(&link);
    mico_err err = mico_tls_connect(&tls, &config);
    print_message("%s: %s\n", mico_err_name(err), mico_tls_reason(&tls));
    if (err == MICO_OK) {
        assert_string_equal(wolfSSL_get_curve_name(tls.session), "SECP256R1");
        assert_non_null(strstr(mico_tls_suite(&tls), "AES"));
        mico_tls_close(&tls);
    }
    close(link.fd);
    return err;
}

/* The server would rather have ChaCha20 and X25519. */
static void openssl_serves_us_by_what_is_approved(void **state)
{
    for (size_t i = 0; i < PROTOCOLS; i++) {
        uint16_t port = peer_free_port(protocols[i].datagram);
        struct peer server =
            peer_start(S_SERVER "-cert ec.pem -key ec.key -Verify 3 -serverpref -curves X25519:P-256 -cipher "
                                "ECDHE+CHACHA20:ECDHE+AESGCM %s",
                       port, protocols[i].openssl);
        assert_true(peer_says(&server, "ACCEPT"));
        assert_int_equal(visit(port, "ec.example", protocols[i].datagram, protocols[i].version), MICO_OK);
        peer_stop(&server);
    }
}

static void a_server_that_has_nothing_approved_is_refused(void **state)
{
    kit_make("30", "weak", "weak", "RSA -pkeyopt rsa_keygen_bits:1024", "rsaroot", KIT_SERVER("DNS:weak.example"));
    kit_run(
        "openssl x509 -req -sha1 -in ec.csr -CA rsaroot.pem -CAkey rsaroot.key -CAcreateserial -days 30 -out "
        "sha1.pem 2>/dev/null || (openssl req -new -key ec.key -subj /CN=sha1.example -addext "
        "subjectAltName=DNS:sha1.example -out sha1.csr && openssl x509 -req -sha1 -copy_extensions copy -in sha1.csr "
        "-CA rsaroot.pem -CAkey rsaroot.key -CAcreateserial -days 30 -out sha1.pem 2>/dev/null)");
    static const struct {
        const char *name, *options;
        mico_err err;
    } cases[] = {
        {"weak.example", "-cert weak.pem -key weak.key", MICO_ERR_AUTH}, /* RSA of 1024 bits */
        {"sha1.example", "-cert sha1.pem -key ec.key", MICO_ERR_AUTH},   /* a certificate signed with SHA-1 */
        {"ec.example", "-cert ec.pem -key ec.key -curves X25519", MICO_ERR_FORMAT},
        {"ec.example", "-cert ec.pem -key ec.key -cipher ECDHE+CHACHA20", MICO_ERR_FORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint16_t port = peer_free_port(false);
        struct peer server =
            peer_start(S_SERVER "-tls1_2 %s%s", port, cases[i].options, i < 2 ? " -cipher ALL:@SECLEVEL=0" : "");
        mico_err err = visit(port, cases[i].name, false, MICO_TLS_1_2);
        assert_int_not_equal(err, MICO_OK);
        assert_int_not_equal(err, MICO_ERR_TIMEOUT);
        assert_true(cases[i].err != MICO_ERR_AUTH || err == MICO_ERR_AUTH);
        peer_stop(&server);
    }
}

/* --- pre-shared keys ---------------------------------------------------------------------------------------------------- */

static void pre_shared_keys_go_with_approved_suites_alone(void **state)
{
    static const struct {
        const char *options;
        bool taken;
    } cases[] = {
        {"-cipher PSK-AES128-GCM-SHA256", true},
        {"-cipher PSK-AES128-CCM8", true},
        {"-cipher PSK-CHACHA20-POLY1305", false},
        {"-cipher ECDHE-PSK-CHACHA20-POLY1305", false},
        {"-cipher PSK-CHACHA20-POLY1305:PSK-AES128-GCM-SHA256", true},
    };
    const struct mico_tls_server_config config = {
        .base = {.psk = {"sensor", MICO_SPAN(peer_psk)}, .now_s = peer_now_s(), .version = MICO_TLS_1_2}};
    struct mico_tls_server server;
    uint16_t port;
    int listener = peer_listen(false, &port);
    assert_int_equal(mico_tls_server_open(&server, &config), MICO_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct peer_link link;
        struct mico_tls tls;
        struct peer client =
            peer_start("openssl s_client -connect 127.0.0.1:%u -psk_identity sensor -psk %s -tls1_2 %s", port,
                       PEER_PSK_HEX, cases[i].options);
        peer_accept(listener, false, &link);
        struct mico_tls_io io = peer_io(&link);
        mico_err err = mico_tls_accept(&server, &tls, &io, MICO_SPAN("x"), peer_now_s(), TIMEOUT_MS);
        assert_int_equal(err == MICO_OK, cases[i].taken);
        if (err == MICO_OK) {
            assert_non_null(strstr(mico_tls_suite(&tls), "AES"));
            mico_tls_close(&tls);
        }
        close(link.fd);
        peer_stop(&client);
    }
    mico_tls_server_close(&server);
    close(listener);
}

/* Keys for TLS as crypto/tls makes them, in the mode. */
static int enter_the_mode(void **state)
{
    psa_status_t status = psa_crypto_init();
    mico_psa_self_tested(true);
    return status == PSA_SUCCESS && mico_psa_approved_mode(true) == PSA_SUCCESS ? peer_set_up(state) : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openssl_that_prefers_x25519_gets_another_group),
        cmocka_unit_test(gnutls_that_prefers_x25519_gets_another_group),
        cmocka_unit_test(a_server_of_either_version_gives_both_an_approved_group),
        cmocka_unit_test(a_client_that_has_nothing_approved_is_refused),
        cmocka_unit_test(a_client_offers_what_is_approved_and_nothing_else),
        cmocka_unit_test(openssl_serves_us_by_what_is_approved),
        cmocka_unit_test(a_server_that_has_nothing_approved_is_refused),
        cmocka_unit_test(pre_shared_keys_go_with_approved_suites_alone),
    };
    return cmocka_run_group_tests(tests, enter_the_mode, kit_leave);
}

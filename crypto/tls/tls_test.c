/* SPDX-License-Identifier: Apache-2.0 */
/* The client against OpenSSL's s_server, whose certificates OpenSSL makes at the start of the test. Our key stands in a
 * PSA location of its own, as it would in the coprocessor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/tls/tls.h"
#include "crypto/tls/tls_test_kit.h"
#include "crypto/tls/tls_test_peer.h"
#include "os/port/clock.h"

static struct mico_span root, other_root, chain;
static psa_key_id_t key, wrong_key, refused_key;

/* --- our key, elsewhere ------------------------------------------------------------------------------------------- */

static uint8_t seeds[2][32], publics[2][32];
static unsigned signatures_made;

static psa_status_t away_sign(void *ctx, const struct mico_psa_key *which, psa_algorithm_t alg, struct mico_span text,
                              uint8_t *out, size_t cap, size_t *len)
{
    *len = 64;
    if (which->note[0] == 2) {
        return PSA_ERROR_COMMUNICATION_FAILURE; /* a chip that does not answer */
    }
    mico_ed25519_sign(seeds[which->note[0]], publics[which->note[0]], text, out);
    signatures_made++;
    return PSA_SUCCESS;
}

static const struct mico_psa_driver away = {.location = 0x800042, .sign_message = away_sign};

static psa_key_id_t register_key(uint8_t which)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t id;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_bits(&attributes, 255);
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    psa_set_key_lifetime(&attributes, 0x80004201);
    assert_int_equal(mico_psa_register_key(&attributes, (struct mico_span){&which, 1}, &id), PSA_SUCCESS);
    return id;
}

static int set_up(void **state)
{
    assert_int_equal(kit_enter(state), 0);
    kit_make("30", "root", "Cloud root", KIT_ED25519, NULL, KIT_CA);
    kit_make("30", "other", "Another root", KIT_ED25519, NULL, KIT_CA);
    kit_make("30", "middle", "Cloud issuer", KIT_ED25519, "root", KIT_CA);
    kit_make("30", "ed", "broker.example", KIT_ED25519, "middle", KIT_SERVER("DNS:broker.example,IP:127.0.0.1"));
    kit_make("30", "ec", "broker.example", KIT_P256, "root", KIT_SERVER("DNS:broker.example"));
    kit_make("30", "fake", "broker.example", KIT_ED25519, "ec",
             KIT_SERVER("DNS:broker.example")); /* issued by a leaf */
    kit_make("30", "notserver", "broker.example", KIT_ED25519, "root", KIT_CLIENT);
    kit_make("1", "brief", "broker.example", KIT_ED25519, "root", KIT_SERVER("DNS:broker.example"));
    kit_make("30", "maker", "Maker root", KIT_ED25519, NULL, KIT_CA);
    kit_make("30", "issuing", "Maker issuing", KIT_ED25519, "maker", KIT_CA);
    kit_make("30", "device", "A1:B2:C3:D4:E5:F6", KIT_ED25519, "issuing", KIT_CLIENT);
    kit_run("openssl pkey -in device.key -outform DER -out device.key.der");
    kit_run("cat device.der issuing.der > chain.der; cat ed.pem middle.pem > ed_chain.pem; cat fake.pem ec.pem > "
            "fake_chain.pem");
    root = kit_load("root.der");
    other_root = kit_load("other.der");
    chain = kit_load("chain.der");
    struct mico_span pkcs8 = kit_load("device.key.der");
    memcpy(seeds[0], pkcs8.data + pkcs8.len - 32, 32);
    memset(seeds[1], 0x66, 32);
    mico_ed25519_public(seeds[0], publics[0]);
    mico_ed25519_public(seeds[1], publics[1]);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(mico_psa_attach_driver(&away, NULL), PSA_SUCCESS);
    key = register_key(0);
    wrong_key = register_key(1);
    refused_key = register_key(2);
    return 0;
}

/* --- the server --------------------------------------------------------------------------------------------------- */

/* openssl s_server with a certificate file (leaf first) and its key; it sends each line back reversed. */
static struct peer serve(uint16_t port, const char *certificate, const char *key_file, const char *more)
{
    return peer_start(
        "openssl s_server -accept 127.0.0.1:%u -cert %s -cert_chain %s -key %s -CAfile maker.pem -Verify 3 "
        "-verify_return_error -rev %s",
        port, certificate, certificate, key_file, more);
}

static struct mico_tls_config config_of(struct peer_link *link, uint16_t port)
{
    peer_dial(link, false, port);
    return (struct mico_tls_config){
        .roots = &root,
        .root_count = 1,
        .chain = chain,
        .key = key,
        .server_name = "broker.example",
        .now_s = (uint64_t)time(NULL) + 60,
        .timeout_ms = 20000,
        .io = peer_io(link),
    };
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

/* One line there and back. */
static void assert_talks(struct mico_tls *tls)
{
    uint8_t answer[16] = {0};
    size_t got = 0, len;
    assert_int_equal(mico_tls_write(tls, (const uint8_t *)"coprocessor\n", 12, 20000), MICO_OK);
    while (got < 12) {
        assert_int_equal(mico_tls_read(tls, answer + got, sizeof answer - got, &len, 20000), MICO_OK);
        assert_true(len > 0);
        got += len;
    }
    assert_memory_equal(answer, "rossecorpoc\n", 12);
}

static void check_talks(const char *certificate, const char *key_file, const char *more, const char *name)
{
    uint16_t port = peer_free_port(false);
    struct peer server = serve(port, certificate, key_file, more);
    struct peer_link link;
    struct mico_tls tls;
    struct mico_tls_config config = config_of(&link, port);
    config.server_name = name;
    unsigned before = signatures_made;
    mico_err err = mico_tls_connect(&tls, &config);
    if (err != MICO_OK) {
        fail_msg("%s: %s", mico_err_name(err), mico_tls_reason(&tls));
    }
    assert_int_equal(signatures_made, before + 1);
    assert_talks(&tls);
    mico_tls_close(&tls);
    close(link.fd);
    peer_stop(&server);
}

static void talks_with_an_ed25519_server_behind_an_issuer(void **state)
{
    check_talks("ed_chain.pem", "ed.key", "-tls1_2", "broker.example");
}

static void talks_with_a_p256_server(void **state)
{
    check_talks("ec.pem", "ec.key", "-tls1_2", "broker.example");
}

static void talks_with_a_server_that_prefers_tls_1_3(void **state)
{
    check_talks("ec.pem", "ec.key", "", "broker.example");
}

static void talks_by_address(void **state)
{
    check_talks("ed_chain.pem", "ed.key", "-tls1_2", "127.0.0.1");
}

static void talks_in_each_suite_and_group(void **state)
{
    check_talks("ec.pem", "ec.key", "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305 -groups X25519", "broker.example");
    check_talks("ec.pem", "ec.key", "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 -groups P-256", "broker.example");
    check_talks("ed_chain.pem", "ed.key", "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 -groups X25519",
                "broker.example");
}

/* Connect with a changed config; must fail so, and say why. */
static void check_refused(const char *certificate, const char *key_file, const char *more,
                          void (*change)(struct mico_tls_config *config), mico_err want, const char *reason)
{
    uint16_t port = peer_free_port(false);
    struct peer server = serve(port, certificate, key_file, more);
    struct peer_link link;
    struct mico_tls tls;
    struct mico_tls_config config = config_of(&link, port);
    uint8_t byte;
    size_t len;
    if (change != NULL) {
        change(&config);
    }
    mico_err err = mico_tls_connect(&tls, &config);
    if (err != want || strstr(mico_tls_reason(&tls), reason) == NULL) {
        fail_msg("got %s: %s", mico_err_name(err), mico_tls_reason(&tls));
    }
    assert_int_equal(mico_tls_read(&tls, &byte, 1, &len, 10), MICO_ERR_STATE);
    mico_tls_close(&tls);
    close(link.fd);
    peer_stop(&server);
}

static void use_other_root(struct mico_tls_config *config)
{
    config->roots = &other_root;
}
static void use_other_name(struct mico_tls_config *config)
{
    config->server_name = "broker.example.org";
}
static void use_other_address(struct mico_tls_config *config)
{
    config->server_name = "127.0.0.2";
}
static void be_late(struct mico_tls_config *config)
{
    config->now_s += 40u * 86400;
}
static void be_late_for_the_leaf(struct mico_tls_config *config)
{
    config->now_s += 3u * 86400;
}
static void be_early(struct mico_tls_config *config)
{
    config->now_s -= 86400;
}
static void know_no_time(struct mico_tls_config *config)
{
    config->now_s = 0;
}
static void use_wrong_key(struct mico_tls_config *config)
{
    config->key = wrong_key;
}
static void use_refused_key(struct mico_tls_config *config)
{
    config->key = refused_key;
}
static void use_no_certificate(struct mico_tls_config *config)
{
    config->chain.len = 0;
    config->key = 0;
}
static void use_no_root(struct mico_tls_config *config)
{
    config->root_count = 0;
}

static void refuses_a_server_of_another_root(void **state)
{
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_other_root, MICO_ERR_AUTH, "certificate: unknown issuer");
}
static void refuses_a_server_whose_issuer_is_missing(void **state)
{
    check_refused("ed.pem", "ed.key", "-tls1_2", NULL, MICO_ERR_AUTH, "certificate: unknown issuer");
}
static void refuses_a_server_certified_by_a_leaf(void **state)
{
    check_refused("fake_chain.pem", "fake.key", "-tls1_2", NULL, MICO_ERR_AUTH, "certificate: ");
}
static void refuses_a_server_with_a_client_certificate(void **state)
{
    check_refused("notserver.pem", "notserver.key", "-tls1_2", NULL, MICO_ERR_AUTH, "not for this side");
}
static void refuses_another_name_or_address(void **state)
{
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_other_name, MICO_ERR_AUTH, "wrong server name");
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_other_address, MICO_ERR_AUTH, "wrong server name");
}
static void refuses_certificates_outside_their_dates(void **state)
{
    check_refused("brief.pem", "brief.key", "-tls1_2", be_late_for_the_leaf, MICO_ERR_AUTH, "certificate: expired");
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", be_late, MICO_ERR_PARAM, "expired");
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", be_early, MICO_ERR_PARAM, "not yet valid");
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", know_no_time, MICO_ERR_PARAM, "not yet valid");
}
static void says_when_the_server_refuses_our_key(void **state)
{
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_wrong_key, MICO_ERR_DENIED, "alert from peer: ");
}
static void says_when_the_server_wants_a_certificate_that_we_lack(void **state)
{
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_no_certificate, MICO_ERR_DENIED, "alert from peer: ");
}
static void says_when_our_key_does_not_answer(void **state)
{
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_refused_key, MICO_ERR_IO, "signing with our key failed");
}
static void says_when_no_suite_is_in_common(void **state)
{
    check_refused("ec.pem", "ec.key", "-tls1_2 -cipher ECDHE-ECDSA-AES256-CCM", NULL, MICO_ERR_DENIED,
                  "handshake_failure");
}
static void says_when_the_server_speaks_tls_1_3_only(void **state)
{
    check_refused("ec.pem", "ec.key", "-tls1_3", NULL, MICO_ERR_DENIED, "protocol_version");
}
static void refuses_a_config_without_a_root(void **state)
{
    check_refused("ec.pem", "ec.key", "-tls1_2", use_no_root, MICO_ERR_PARAM, "config: no root certificate");
}

static void a_silent_server_times_out(void **state)
{
    uint16_t port;
    int listener = peer_listen(false, &port);
    struct peer_link link;
    struct mico_tls tls;
    struct mico_tls_config config = config_of(&link, port);
    config.timeout_ms = 300;
    uint64_t before = mico_clock_ms();
    assert_int_equal(mico_tls_connect(&tls, &config), MICO_ERR_TIMEOUT);
    assert_true(mico_clock_ms() - before >= 250);
    close(link.fd);
    close(listener);
}

static void reading_times_out_and_goes_on(void **state)
{
    uint16_t port = peer_free_port(false);
    struct peer server = serve(port, "ec.pem", "ec.key", "-tls1_2");
    struct peer_link link;
    struct mico_tls tls;
    struct mico_tls_config config = config_of(&link, port);
    uint8_t byte;
    size_t len;
    assert_int_equal(mico_tls_connect(&tls, &config), MICO_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(mico_tls_read(&tls, &byte, 1, &len, 30), MICO_ERR_TIMEOUT);
        assert_int_equal(len, 0);
    }
    assert_talks(&tls);
    peer_stop(&server);
    assert_int_equal(mico_tls_read(&tls, &byte, 1, &len, 20000), MICO_ERR_CLOSED);
    mico_tls_close(&tls);
    close(link.fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(talks_with_an_ed25519_server_behind_an_issuer),
        cmocka_unit_test(talks_with_a_p256_server),
        cmocka_unit_test(talks_with_a_server_that_prefers_tls_1_3),
        cmocka_unit_test(talks_by_address),
        cmocka_unit_test(talks_in_each_suite_and_group),
        cmocka_unit_test(refuses_a_server_of_another_root),
        cmocka_unit_test(refuses_a_server_whose_issuer_is_missing),
        cmocka_unit_test(refuses_a_server_certified_by_a_leaf),
        cmocka_unit_test(refuses_a_server_with_a_client_certificate),
        cmocka_unit_test(refuses_another_name_or_address),
        cmocka_unit_test(refuses_certificates_outside_their_dates),
        cmocka_unit_test(says_when_the_server_refuses_our_key),
        cmocka_unit_test(says_when_the_server_wants_a_certificate_that_we_lack),
        cmocka_unit_test(says_when_our_key_does_not_answer),
        cmocka_unit_test(says_when_no_suite_is_in_common),
        cmocka_unit_test(says_when_the_server_speaks_tls_1_3_only),
        cmocka_unit_test(refuses_a_config_without_a_root),
        cmocka_unit_test(a_silent_server_times_out),
        cmocka_unit_test(reading_times_out_and_goes_on),
    };
    return cmocka_run_group_tests(tests, set_up, kit_leave);
}

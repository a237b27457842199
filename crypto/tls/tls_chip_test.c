/* SPDX-License-Identifier: Apache-2.0 */
/* Client and server whose private keys are in the coprocessor, under the policies of devices in the field: every protocol, both
 * kinds of key; what a chip says that fails in the middle of a handshake; and that no key comes out. Other people's TLS on the
 * other side is in tls_chip_peers_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tls/tls_test_chip.h"
#include "crypto/tls/tls_pair.h"

static struct pair pair;

static int set_up(void **state)
{
    assert_int_equal(kit_enter(state), 0);
    chip_kit_set_up();
    return 0;
}

static int tear_down(void **state)
{
    chip_kit_tear_down();
    return kit_leave(state);
}

/* Handshake between keys of the chip's, as far as it comes. */
static void shake(const struct chip_identity *client, const struct chip_identity *server, bool datagram,
                  enum mico_tls_version version)
{
    struct mico_tls_config config = {.roots = &chip_root,
                                     .root_count = 1,
                                     .server_name = "server.example",
                                     .datagram = datagram,
                                     .version = version,
                                     .now_s = pair_now_s()};
    struct mico_tls_server_config serve = {.base = config, .clients = MICO_TLS_CLIENTS_REQUIRED};
    config.chain = client->chain;
    config.key = client->key;
    serve.base.chain = server->chain;
    serve.base.key = server->key;
    assert_int_equal(mico_tls_server_open(&pair.server, &serve), MICO_OK);
    pair_wires(&pair, !datagram);
    assert_int_equal(pair_open(&pair, &config, &pair.server), MICO_OK);
    pair_handshake(&pair);
}

static void close_all(void)
{
    pair_close(&pair);
    mico_tls_server_close(&pair.server);
}

static void assert_stands(void)
{
    if (pair.client_err != MICO_OK || pair.served_err != MICO_OK) {
        fail_msg("client %s (%s), server %s (%s)", mico_err_name(pair.client_err), mico_tls_reason(&pair.client),
                 mico_err_name(pair.served_err), mico_tls_reason(&pair.served));
    }
}

static void assert_shakes(void)
{
    shake(&chip_device, &chip_server, false, MICO_TLS_1_2);
    assert_stands();
    close_all();
}

static void every_protocol_stands_with_keys_in_the_chip_on_both_sides(void **state)
{
    const struct chip_identity *clients[] = {&chip_device, &chip_client},
                               *servers[] = {&chip_server, &chip_server_p256};
    for (int kind = 0; kind < 16; kind++) {
        enum mico_tls_version version = kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2;
        shake(clients[kind >> 2 & 1], servers[kind >> 3], kind & 1, version);
        assert_stands();
        print_message("%s: client %s, server %s\n", mico_tls_version(&pair.client), clients[kind >> 2 & 1]->name,
                      servers[kind >> 3]->name);
        close_all();
    }
}

/* A key of a client's does not serve, nor one of a server's a client: the chip looks at what it signs. */
static void the_chip_refuses_the_other_sides_signature(void **state)
{
    for (int kind = 0; kind < 4; kind++) {
        enum mico_tls_version version = kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2;
        shake(&chip_device, kind & 1 ? &chip_client : &chip_device, false, version);
        assert_int_equal(pair.served_err, MICO_ERR_DENIED);
        assert_string_equal(mico_tls_reason(&pair.served),
                            "signing with our key failed: not permitted (PSA status -133)");
        assert_int_not_equal(pair.client_err, MICO_OK);
        close_all();
        shake(kind & 1 ? &chip_server : &chip_server_p256, &chip_server, false, version);
        assert_int_equal(pair.client_err, MICO_ERR_DENIED);
        assert_string_equal(mico_tls_reason(&pair.client),
                            "signing with our key failed: not permitted (PSA status -133)");
        assert_int_not_equal(pair.served_err, MICO_OK);
        close_all();
    }
}

static void no_key_of_the_chip_comes_out(void **state)
{
    const struct chip_identity *keys[] = {&chip_device, &chip_client, &chip_server, &chip_server_p256};
    uint8_t out[256], wrapping[16] = {1};
    size_t len;
    psa_key_id_t kek, copy = 0;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT, here = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
    psa_set_key_algorithm(&attributes, PSA_ALG_KWP);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_WRAP);
    assert_int_equal(psa_import_key(&attributes, wrapping, sizeof wrapping, &kek), PSA_SUCCESS);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_int_equal(psa_export_key(keys[i]->key, out, sizeof out, &len), PSA_ERROR_NOT_PERMITTED);
        assert_int_equal(psa_wrap_key(kek, PSA_ALG_KWP, keys[i]->key, out, sizeof out, &len), PSA_ERROR_NOT_PERMITTED);
        assert_int_not_equal(psa_copy_key(keys[i]->key, &here, &copy), PSA_SUCCESS);
        assert_int_equal(psa_destroy_key(keys[i]->key), PSA_ERROR_NOT_PERMITTED);
        assert_int_equal(mscp_host_read(&chip_rig.host, keys[i]->object, out, sizeof out, &len), MICO_ERR_DENIED);
        assert_int_not_equal(psa_sign_message(keys[i]->key,
                                              keys[i]->p256 ? PSA_ALG_ECDSA(PSA_ALG_SHA_256) : PSA_ALG_PURE_EDDSA,
                                              wrapping, sizeof wrapping, out, sizeof out, &len),
                             PSA_SUCCESS); /* nor does one sign anything else */
    }
    assert_int_equal(psa_destroy_key(kek), PSA_SUCCESS);
}

/* Both sides end, at once by the test's clock, and say what was wrong. */
static void assert_fails(const struct chip_identity *client, bool datagram, enum mico_tls_version version,
                         mico_err want, const char *reason)
{
    uint64_t before = pair_clock_ms;
    shake(client, &chip_server, datagram, version);
    mico_err err = pair.served_err == MICO_OK || pair.served_err == MICO_ERR_DENIED ? pair.client_err : pair.served_err;
    const char *said = mico_tls_reason(err == pair.served_err ? &pair.served : &pair.client);
    if (err != want || strcmp(said, reason) != 0) {
        fail_msg("client %s (%s), server %s (%s)", mico_err_name(pair.client_err), mico_tls_reason(&pair.client),
                 mico_err_name(pair.served_err), mico_tls_reason(&pair.served));
    }
    assert_int_not_equal(pair.client_err, MICO_OK);
    assert_in_range(pair_clock_ms - before, 0, 10);
    close_all();
}

static void a_chip_without_power_ends_the_handshake_with_an_error_and_is_used_again(void **state)
{
    for (int kind = 0; kind < 4; kind++) {
        chip_rig.off = true;
        assert_fails(&chip_device, kind & 1, kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2, MICO_ERR_IO,
                     "signing with our key failed: no answer from where it is (PSA status -145)");
        chip_rig.off = false;
        assert_shakes();
    }
}

/* Frames are counted from the handshake's first signature on: the line is cut at each. */
static void a_line_that_is_cut_at_any_frame_ends_the_handshake_with_an_error(void **state)
{
    rig_fault_at(&chip_rig, 0, RIG_NONE, 0);
    assert_shakes();
    unsigned frames = chip_rig.frames_seen;
    assert_in_range(frames, 4, 60);
    for (unsigned at = 1; at <= frames; at++) {
        rig_drop_from(&chip_rig, at);
        assert_fails(&chip_device, false, MICO_TLS_1_2, MICO_ERR_IO,
                     "signing with our key failed: no answer from where it is (PSA status -145)");
        chip_rig.drop_from = 0;
    }
    assert_shakes();
}

/* A frame that is lost, doubled or spoilt costs a repetition, or at most the handshake. */
static void a_disturbed_line_costs_a_repetition_or_the_handshake(void **state)
{
    unsigned stood = 0, failed = 0;
    rig_fault_at(&chip_rig, 0, RIG_NONE, 0);
    assert_shakes();
    unsigned frames = chip_rig.frames_seen;
    for (unsigned at = 1; at <= frames; at++) {
        for (enum rig_fault fault = RIG_DROP; fault < RIG_FAULTS; fault++) {
            rig_fault_at(&chip_rig, at, fault, 77);
            shake(&chip_device, &chip_server, false, MICO_TLS_1_2);
            bool stands = pair.client_err == MICO_OK && pair.served_err == MICO_OK;
            assert_true(stands || pair.client_err == MICO_ERR_IO || pair.served_err == MICO_ERR_IO);
            stood += stands;
            failed += !stands;
            close_all();
        }
    }
    print_message("%u stood, %u failed\n", stood, failed);
    assert_true(stood > failed);
    rig_fault_at(&chip_rig, 0, RIG_NONE, 0);
    assert_shakes();
}

/* The chip restarts between two steps of the handshake: its session is gone, and the driver opens another. */
static void a_chip_that_is_reset_in_the_middle_is_asked_again(void **state)
{
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        struct mico_tls_config config = {.roots = &chip_root,
                                         .root_count = 1,
                                         .server_name = "server.example",
                                         .version = version,
                                         .now_s = pair_now_s()};
        struct mico_tls_server_config serve = {.base = config, .clients = MICO_TLS_CLIENTS_REQUIRED};
        config.chain = chip_device.chain;
        config.key = chip_device.key;
        serve.base.chain = chip_server.chain;
        serve.base.key = chip_server.key;
        assert_int_equal(mico_tls_server_open(&pair.server, &serve), MICO_OK);
        pair_wires(&pair, true);
        assert_int_equal(pair_open(&pair, &config, &pair.server), MICO_OK);
        assert_int_equal(mico_tls_handshake(&pair.client, 0), MICO_ERR_TIMEOUT);
        assert_int_equal(mico_tls_handshake(&pair.served, 0), MICO_ERR_TIMEOUT); /* the server has signed */
        rig_restart_chip(&chip_rig);
        pair_handshake(&pair);
        assert_stands();
        close_all();
    }
}

static void a_key_whose_uses_are_spent_is_refused_in_words(void **state)
{
    shake(&chip_scarce, &chip_server, false, MICO_TLS_1_2);
    assert_stands();
    close_all();
    for (int kind = 0; kind < 4; kind++) {
        assert_fails(&chip_scarce, kind & 1, kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2, MICO_ERR_IO,
                     "signing with our key failed: where it is, it is busy or broken (PSA status -147)");
    }
    rig_pass(&chip_rig, 3600 * 1000);
    shake(&chip_scarce, &chip_server, false, MICO_TLS_1_3);
    assert_stands();
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_protocol_stands_with_keys_in_the_chip_on_both_sides),
        cmocka_unit_test(the_chip_refuses_the_other_sides_signature),
        cmocka_unit_test(no_key_of_the_chip_comes_out),
        cmocka_unit_test(a_chip_without_power_ends_the_handshake_with_an_error_and_is_used_again),
        cmocka_unit_test(a_line_that_is_cut_at_any_frame_ends_the_handshake_with_an_error),
        cmocka_unit_test(a_disturbed_line_costs_a_repetition_or_the_handshake),
        cmocka_unit_test(a_chip_that_is_reset_in_the_middle_is_asked_again),
        cmocka_unit_test(a_key_whose_uses_are_spent_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

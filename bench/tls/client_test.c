/* SPDX-License-Identifier: Apache-2.0 */
/* Runs bench_tls, whose size ./mico bench tls-size shows, in the emulator against OpenSSL's servers: what is measured is a whole
 * client, by TLS and by DTLS, of every suite and certificate that the measure names. And it is not larger than it may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/tls/tls_test_kit.h"
#include "crypto/tls/tls_test_peer.h"
#include "micoder/elf_size.h"
#include "tests/boards/emulator.h"

/* Bytes of text and data: 5 % of what Debian 12's libssl and libcrypto (3.0.20) have for armhf. */
#define BOUND 153917u

static struct emulator board;
static int board_link;
static psa_key_id_t device_key;

static int set_up(void **state)
{
    assert_int_equal(kit_enter(state), 0);
    kit_make("30", "edroot", "Root", KIT_ED25519, NULL, KIT_CA);
    kit_make("30", "ed", "ed.example", KIT_ED25519, "edroot", KIT_SERVER("DNS:ed.example"));
    kit_make("30", "device", "device", KIT_ED25519, "edroot", KIT_CLIENT);
    kit_make("30", "ecroot", "P-256 root", KIT_P256, NULL, KIT_CA);
    kit_make("30", "ec", "ec.example", KIT_P256, "ecroot", KIT_SERVER("DNS:ec.example"));
    kit_make("30", "rsaroot", "RSA root", KIT_RSA, NULL, KIT_CA);
    kit_make("30", "rsa", "rsa.example", KIT_RSA, "rsaroot", KIT_SERVER("DNS:rsa.example"));
    device_key = KIT_KEY_ED25519("device");
    emulator_start(&board, "../../bench/tls/bench_tls", "/dev/urandom");
    (void)emulator_expect(&board, "ready", 60000);
    board_link = emulator_link(&board);
    return 0;
}

static int tear_down(void **state)
{
    close(board_link);
    emulator_stop(&board);
    return kit_leave(state);
}

/* --- the link --------------------------------------------------------------------------------------------------------- */

static void tell(char type, const void *data, size_t len)
{
    uint8_t head[] = {(uint8_t)type, (uint8_t)(len >> 8), (uint8_t)len};
    assert_int_equal(send(board_link, head, sizeof head, MSG_NOSIGNAL), sizeof head);
    assert_true(len == 0 || send(board_link, data, len, MSG_NOSIGNAL) == (ssize_t)len);
}

static void hear_exactly(uint8_t *out, size_t len)
{
    while (len > 0) {
        struct pollfd poller = {.fd = board_link, .events = POLLIN};
        assert_int_equal(poll(&poller, 1, 60000), 1);
        ssize_t got = recv(board_link, out, len, 0);
        assert_true(got > 0);
        out += got;
        len -= (size_t)got;
    }
}

static char hear(uint8_t *out, size_t cap, size_t *len)
{
    uint8_t head[3];
    hear_exactly(head, sizeof head);
    *len = mico_load_be16(head + 1);
    assert_true(*len < cap);
    hear_exactly(out, *len);
    out[*len] = '\0';
    return (char)head[0];
}

static void pass_on(struct mico_tls_io *io, const uint8_t *question)
{
    uint8_t data[2048];
    size_t len = 0, cap = mico_load_be16(question + 4);
    mico_err err = io->receive(io->ctx, data, cap < sizeof data ? cap : sizeof data, &len, mico_load_be32(question));
    tell('D', data, err == MICO_OK ? len : 0);
}

static void sign(const uint8_t *message, size_t message_len)
{
    uint8_t signature[64];
    size_t len;
    assert_int_equal(
        psa_sign_message(device_key, PSA_ALG_PURE_EDDSA, message, message_len, signature, sizeof signature, &len),
        PSA_SUCCESS);
    tell('S', signature, len);
}

/* Bytes that docs/TLS.md promises in the row that has these words. */
static uint32_t promised(const char *words)
{
    static char page[16384];
    FILE *file = fopen(MICO_SOURCE_DIR "/docs/TLS.md", "r");
    assert_non_null(file);
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    fclose(file);
    const char *at = strstr(page, words);
    assert_non_null(at);
    uint32_t bytes = 0;
    for (at = strchr(at, '|'); *at != '\n'; at++) {
        bytes = *at >= '0' && *at <= '9' ? bytes * 10 + (uint32_t)(*at - '0') : bytes;
    }
    assert_true(bytes > 1000);
    return bytes;
}

/* The most heap that there was until this report. */
static void assert_heap(const char *report, const char *words)
{
    const char *at = strstr(report, "heap ");
    assert_non_null(at);
    assert_in_range(strtoul(at + 5, NULL, 10), 1000, promised(words));
}

/* Be the board's network and coprocessor until it says how it went. */
static const char *attend(struct mico_tls_io io)
{
    static uint8_t data[8192];
    size_t len, sent;
    for (;;) {
        switch (hear(data, sizeof data, &len)) {
        case 'D':
            assert_int_equal(io.send(io.ctx, data, len, &sent, 10000), MICO_OK);
            break;
        case 'Q':
            pass_on(&io, data);
            break;
        case 'S':
            sign(data, len);
            break;
        case 'E':
            return (const char *)data;
        default:
            fail_msg("the board says what it should not");
        }
    }
}

static const char *connect_board(const char *name, const char *root, const char *suite, bool datagram, uint16_t port)
{
    char path[32];
    uint8_t go[9] = {datagram};
    struct peer_link link;
    mico_store_be32(go + 5, (uint32_t)time(NULL) + 60);
    snprintf(path, sizeof path, "%s.der", root);
    struct mico_span root_der = kit_load(path), chain = kit_load("device.der");
    tell('N', name, strlen(name));
    tell('R', root_der.data, root_der.len);
    tell('C', chain.data, chain.len);
    tell('U', suite, strlen(suite));
    peer_dial(&link, datagram, port);
    tell('G', go, sizeof go);
    const char *report = attend(peer_io(&link));
    close(link.fd);
    print_message("%s\n", report);
    return report;
}

/* --- tests ------------------------------------------------------------------------------------------------------------ */

static void it_speaks_tls_with_every_suite_and_certificate(void **state)
{
    static const char *const cases[][2] = {
        {"ed", "ECDHE-ECDSA-AES128-GCM-SHA256"}, {"ed", "ECDHE-ECDSA-CHACHA20-POLY1305"},
        {"ec", "ECDHE-ECDSA-AES128-GCM-SHA256"}, {"ec", "ECDHE-ECDSA-CHACHA20-POLY1305"},
        {"rsa", "ECDHE-RSA-AES128-GCM-SHA256"},  {"rsa", "ECDHE-RSA-CHACHA20-POLY1305"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[32], root[32], want[128];
        uint16_t port = peer_free_port(false);
        struct peer server =
            peer_start("openssl s_server -accept 127.0.0.1:%u -cert %s.pem -key %s.key -CAfile edroot.pem "
                       "-Verify 3 -verify_return_error -rev -groups %s",
                       port, cases[i][0], cases[i][0], i % 2 == 0 ? "X25519" : "P-256");
        snprintf(name, sizeof name, "%s.example", cases[i][0]);
        snprintf(root, sizeof root, "%sroot", cases[i][0]);
        snprintf(want, sizeof want, "TLSv1.2 %s: ok : senil", cases[i][1]);
        const char *report = connect_board(name, root, cases[i][1], false, port);
        assert_memory_equal(report, want, strlen(want));
        assert_heap(report, i < 4 ? "certificates of Ed25519 or ECDSA" : "certificates of 2048 bits");
        peer_stop(&server);
    }
}

static void it_speaks_dtls(void **state)
{
    static const char *const names[] = {"ec", "rsa"};
    for (size_t i = 0; i < 2; i++) {
        char name[32], root[32];
        uint16_t port = peer_free_port(true);
        struct peer server =
            peer_start("openssl s_server -dtls1_2 -accept 127.0.0.1:%u -cert %s.pem -key %s.key -CAfile "
                       "edroot.pem -Verify 3 -verify_return_error -listen",
                       port, names[i], names[i]);
        assert_true(peer_says(&server, "ACCEPT"));
        peer_tell(&server, "senil\n"); /* goes out once the handshake is done */
        snprintf(name, sizeof name, "%s.example", names[i]);
        snprintf(root, sizeof root, "%sroot", names[i]);
        const char *report = connect_board(
            name, root, i == 0 ? "ECDHE-ECDSA-AES128-GCM-SHA256" : "ECDHE-RSA-CHACHA20-POLY1305", true, port);
        assert_non_null(strstr(report, "DTLSv1.2"));
        assert_non_null(strstr(report, ": ok : senil"));
        assert_heap(report, "certificates of 2048 bits");
        assert_true(peer_says(&server, "lines"));
        peer_stop(&server);
    }
}

static void it_refuses_another_root(void **state)
{
    uint16_t port = peer_free_port(false);
    struct peer server = peer_start("openssl s_server -accept 127.0.0.1:%u -cert rsa.pem -key rsa.key -rev", port);
    const char *report = connect_board("rsa.example", "edroot", "ECDHE-RSA-AES128-GCM-SHA256", false, port);
    assert_non_null(strstr(report, "auth certificate: unknown issuer"));
    peer_stop(&server);
}

static void it_is_as_small_as_it_has_to_be(void **state)
{
    char path[512];
    struct mico_elf_size size;
    emulator_firmware(path, "bench/tls/bench_tls.elf");
    assert_int_equal(mico_elf_size(path, &size), MICO_OK);
    print_message("%u bytes\n", size.rom);
    assert_true(size.rom > 60000); /* it is all there */
    assert_int_equal(promised("5 % of OpenSSL's"), BOUND);
    assert_in_range(size.rom, 1, promised("everything linked in"));
    assert_in_range(promised("everything linked in"), 1, BOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_speaks_tls_with_every_suite_and_certificate),
        cmocka_unit_test(it_speaks_dtls),
        cmocka_unit_test(it_refuses_another_root),
        cmocka_unit_test(it_is_as_small_as_it_has_to_be),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

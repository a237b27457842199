/* SPDX-License-Identifier: Apache-2.0 */
/* TLS in the approved mode: suites and groups that a publication approves, and no others, whichever side has the mode. The mode lasts
 * until its process ends, so the side that has it is a process of its own, at the other end of a socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/ssl.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/tls/tls_server.h"
#include "os/port/clock.h"

#define NOW_S 1800000000u
#define PATIENCE_MS 20000
static const uint8_t psk_key[32] = "a key that both sides have, 32 b";

uint64_t mico_clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static mico_err send_some(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    ssize_t result = send(*(int *)ctx, data, len, MSG_NOSIGNAL);
    *sent = result < 0 ? 0 : (size_t)result;
    return result < 0 ? MICO_ERR_CLOSED : MICO_OK;
}

static mico_err receive_some(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct pollfd one = {.fd = *(int *)ctx, .events = POLLIN};
    if (poll(&one, 1, (int)timeout_ms) != 1) {
        return MICO_ERR_TIMEOUT;
    }
    ssize_t result = recv(one.fd, out, cap, 0);
    *len = result < 0 ? 0 : (size_t)result;
    return result <= 0 ? MICO_ERR_CLOSED : MICO_OK;
}

struct side {
    bool approved, serves;
    enum mico_tls_version version;
    const char *suites;
};

static struct mico_tls tls;
static struct mico_tls_server server;
static int end;

/* The handshake of one side; what it ends with. */
static mico_err handshake(const struct side *side)
{
    const struct mico_tls_io io = {&end, send_some, receive_some};
    struct mico_tls_config config = {.psk = {"me", MICO_SPAN(psk_key)},
                                     .version = side->version,
                                     .suites = side->suites,
                                     .now_s = NOW_S,
                                     .timeout_ms = PATIENCE_MS,
                                     .io = io};
    if (side->approved) { /* in the child, whose exit says what went wrong */
        psa_status_t status = psa_crypto_init();
        mico_psa_self_tested(true);
        if (status != PSA_SUCCESS || mico_psa_approved_mode(true) != PSA_SUCCESS) {
            return MICO_ERR_BUSY;
        }
    }
    if (!side->serves) {
        return mico_tls_connect(&tls, &config);
    }
    const struct mico_tls_server_config server_config = {.base = config};
    mico_err err = mico_tls_server_open(&server, &server_config);
    return err == MICO_OK
               ? mico_tls_accept(&server, &tls, &io, (struct mico_span){(const uint8_t *)"a", 1}, NOW_S, PATIENCE_MS)
               : err;
}

static pid_t start(const struct side *side)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        end = ends[1];
        close(ends[0]);
        mico_err err = handshake(side);
        uint8_t rest[64];
        if (err == MICO_OK) {
            err = mico_tls_write(&tls, (const uint8_t *)"done", 4, PATIENCE_MS);
        }
        while (err == MICO_OK && recv(end, rest, sizeof rest, 0) > 0) { /* what TLS 1.3 sends afterwards */
        }
        _exit(-err);
    }
    assert_true(child > 0);
    close(ends[1]);
    end = ends[0];
    return child;
}

static mico_err result_of(pid_t child)
{
    int status;
    close(end);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return (mico_err)-WEXITSTATUS(status);
}

static void release(bool serves)
{
    mico_tls_close(&tls);
    if (serves) {
        mico_tls_server_close(&server);
    }
}

/* The one with the mode is there, the other here. */
static void they_agree_on_what_is_approved(bool approved_serves, enum mico_tls_version version)
{
    const struct side there = {.approved = true, .serves = approved_serves, .version = version},
                      here = {.serves = !approved_serves, .version = version};
    pid_t child = start(&there);
    mico_err err = handshake(&here);
    if (err != MICO_OK) {
        fail_msg("%s: %s %s; there %d", mico_err_name(err), tls.reason, server.reason, (int)result_of(child));
    }
    assert_non_null(strstr(mico_tls_suite(&tls), "AES"));
    assert_string_equal(wolfSSL_get_curve_name(tls.session), "SECP256R1"); /* without the mode it is X25519 */
    uint8_t word[8];
    size_t len;
    assert_int_equal(mico_tls_read(&tls, word, sizeof word, &len, PATIENCE_MS), MICO_OK); /* it is done there, too */
    release(here.serves);
    assert_int_equal(result_of(child), MICO_OK);
}

static void clients_agree_on_what_is_approved(void **state)
{
    they_agree_on_what_is_approved(false, MICO_TLS_1_2);
    they_agree_on_what_is_approved(false, MICO_TLS_1_3);
}

/* The client here asks for X25519 first. */
static void servers_agree_on_what_is_approved(void **state)
{
    they_agree_on_what_is_approved(true, MICO_TLS_1_2);
    they_agree_on_what_is_approved(true, MICO_TLS_1_3);
}

static void a_peer_that_has_nothing_approved_is_refused(void **state)
{
    for (int serves = 0; serves < 2; serves++) {
        const struct side there = {.approved = true, .serves = serves},
                          here = {.serves = !serves, .suites = "ECDHE-PSK-CHACHA20-POLY1305:PSK-CHACHA20-POLY1305"};
        pid_t child = start(&there);
        assert_int_not_equal(handshake(&here), MICO_OK);
        release(here.serves);
        assert_int_not_equal(result_of(child), MICO_OK);
    }
}

static void a_config_that_asks_for_what_is_not_approved_is_refused(void **state)
{
    static const char *const suites[] = {"PSK-CHACHA20-POLY1305", "TLS13-CHACHA20-POLY1305-SHA256",
                                         "PSK-AES128-GCM-SHA256:PSK-CHACHA20-POLY1305"};
    for (size_t i = 0; i < 3; i++) {
        for (int serves = 0; serves < 2; serves++) {
            const struct side side = {
                .approved = true, .serves = serves, .suites = suites[i], .version = MICO_TLS_1_2_OR_1_3};
            assert_int_equal(result_of(start(&side)), MICO_ERR_DENIED);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_agree_on_what_is_approved),
        cmocka_unit_test(servers_agree_on_what_is_approved),
        cmocka_unit_test(a_peer_that_has_nothing_approved_is_refused),
        cmocka_unit_test(a_config_that_asks_for_what_is_not_approved_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Zeroisation on demand and the error state, as TLS has them. A process of its own has connections in both roles and protocols,
 * keys and a seeded generator; its memory, all of it that can be written to, is searched by this one for their secrets, before and
 * after. Its secrets come here through a pipe, straight from where they lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/internal.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/trust.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/tls/tls_pair.h"
#include "crypto/tls/tls_test_kit.h"

#define SECRETS 32
#define SECRET 16 /* bytes of each that are looked for */

static struct pair pairs[3]; /* TLS 1.2, TLS 1.3, DTLS 1.2 */
static const uint8_t psk_key[32] = "a key that both sides have, 32 b";

static bool talks(struct mico_tls *from, struct mico_tls *to)
{
    uint8_t got[8];
    size_t len;
    return mico_tls_write(from, (const uint8_t *)"word", 4, 0) == MICO_OK &&
           mico_tls_read(to, got, sizeof got, &len, 0) == MICO_OK && len == 4 && memcmp(got, "word", 4) == 0;
}

static bool stands(struct pair *pair, enum mico_tls_version version, bool datagram)
{
    struct mico_tls_config client = {
        .psk = {"me", MICO_SPAN(psk_key)}, .version = version, .datagram = datagram};
    struct mico_tls_server_config server = {.base = client};
    server.base.now_s = pair_now_s();
    if (mico_tls_server_open(&pair->server, &server) != MICO_OK) {
        return false;
    }
    pair_wires(pair, !datagram);
    if (pair_open(pair, &client, &pair->server) != MICO_OK) {
        return false;
    }
    pair_handshake(pair);
    return pair->client_err == MICO_OK && pair->served_err == MICO_OK && talks(&pair->client, &pair->served) &&
           talks(&pair->served, &pair->client);
}

static void tell(int to, const void *secret)
{
    if (write(to, secret, SECRET) != SECRET) {
        _exit(3);
    }
}

static void tell_of(int to, const struct mico_tls *tls)
{
    const WOLFSSL *session = tls->session;
    tell(to, session->keys.client_write_key);
    tell(to, session->keys.server_write_key);
    tell(to, session->session->masterSecret);
}

/* A key that is nowhere but where it was planted: its complement is a constant. */
static void plant(int to)
{
    static const volatile uint8_t complement[32] = {0x11, 0x22, 0x33, 0x44, 0x55};
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key;
    uint8_t bytes[32];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = complement[i] ^ 0xFF;
    }
    psa_set_key_type(&attributes, PSA_KEY_TYPE_HMAC);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    psa_set_key_algorithm(&attributes, PSA_ALG_HMAC(PSA_ALG_SHA_256));
    if (psa_import_key(&attributes, bytes, sizeof bytes, &key) != PSA_SUCCESS) {
        _exit(5);
    }
    tell(to, bytes);
    mico_wipe(bytes, sizeof bytes);
}

static void zeroise(void)
{
    mico_psa_zeroise();
}

static void approve(void)
{
    mico_psa_self_tested(true);
    if (mico_psa_approved_mode(true) != PSA_SUCCESS) {
        _exit(9);
    }
}

static void fail_a_test(void)
{
    mico_psa_self_tested(false);
}

/* Which of the doors is open to a connection that was wiped? */
static bool all_is_closed(struct pair *pair)
{
    uint8_t byte = 0;
    size_t len;
    struct mico_tls *both[] = {&pair->client, &pair->served};
    for (int i = 0; i < 2; i++) {
        if (mico_tls_write(both[i], &byte, 1, 0) != MICO_ERR_STATE || mico_tls_read(both[i], &byte, 1, &len, 0) != MICO_ERR_STATE ||
            mico_tls_handshake(both[i], 0) != MICO_ERR_STATE || mico_tls_pending(both[i]) != 0) {
            return false;
        }
    }
    uint8_t saved[MICO_TLS_SESSION_SIZE];
    struct mico_tls_io io = pair_server_io(pair);
    return mico_tls_save_session(&pair->client, saved, sizeof saved, &len) == MICO_ERR_STATE &&
           mico_tls_accept_open(&pair->server, &pair->served, &io, (struct mico_span){&byte, 1}, pair_now_s()) ==
               MICO_ERR_STATE;
}

/* The process that is searched: stops when there is something to find, and again after how. */
static void live(int to, void (*how)(void), bool opens_again)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (psa_crypto_init() != PSA_SUCCESS || !stands(&pairs[0], MICO_TLS_1_2, false) ||
        !stands(&pairs[1], MICO_TLS_1_3, false) || !stands(&pairs[2], MICO_TLS_1_2, true)) {
        _exit(2);
    }
    for (int i = 0; i < 3; i++) {
        tell_of(to, &pairs[i].client);
        tell_of(to, &pairs[i].served);
        tell(to, pairs[i].server.cookie_secret);
    }
    plant(to);
    close(to);
    raise(SIGSTOP);
    how();
    raise(SIGSTOP);
    for (int i = 0; i < 3; i++) {
        if (!all_is_closed(&pairs[i])) {
            _exit(6);
        }
        pair_close(&pairs[i]); /* twice is no harm */
    }
    mico_err again = opens_again ? MICO_OK : MICO_ERR_STATE;
    struct mico_tls_config client = {.psk = {"me", MICO_SPAN(psk_key)}};
    if (opens_again && psa_crypto_init() != PSA_SUCCESS) {
        _exit(7);
    }
    _exit(mico_tls_open(&pairs[0].client, &client) == again ? 0 : 8);
}

/* How often the process's memory has a secret; only what can be written to. */
static size_t count_in(pid_t process, const uint8_t secret[SECRET])
{
    char path[64], line[512], kind[8];
    unsigned long from, to;
    size_t count = 0;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)process);
    FILE *maps = fopen(path, "r");
    snprintf(path, sizeof path, "/proc/%d/mem", (int)process);
    int memory = open(path, O_RDONLY);
    assert_true(maps != NULL && memory >= 0);
    while (fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%lx-%lx %7s", &from, &to, kind) != 3 || kind[1] != 'w') {
            continue;
        }
        uint8_t *copy = malloc(to - from);
        assert_non_null(copy);
        ssize_t got = pread(memory, copy, to - from, (off_t)from);
        for (const uint8_t *at = copy; got >= SECRET;) {
            at = memmem(at, (size_t)(copy + got - at), secret, SECRET);
            if (at == NULL) {
                break;
            }
            count++;
            at++;
        }
        free(copy);
    }
    fclose(maps);
    close(memory);
    return count;
}

static pid_t the_process;

static int end(void **state)
{
    if (the_process > 0) {
        (void)kill(the_process, SIGKILL);
        (void)waitpid(the_process, NULL, 0);
        the_process = 0;
    }
    return 0;
}

static void wait_until_stopped(void)
{
    int status = 0;
    assert_int_equal(waitpid(the_process, &status, WUNTRACED), the_process);
    if (!WIFSTOPPED(status)) {
        fail_msg("the process ended with %d", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    }
}

static void nothing_is_left_after(void (*how)(void), bool opens_again)
{
    static uint8_t secrets[SECRETS][SECRET];
    int ends[2], status;
    size_t count = 0;
    mico_wipe(secrets, sizeof secrets); /* of the test before, which the process would have a copy of */
    assert_int_equal(pipe(ends), 0);
    the_process = fork();
    if (the_process == 0) {
        close(ends[0]);
        live(ends[1], how, opens_again);
    }
    assert_true(the_process > 0);
    close(ends[1]);
    while (count < SECRETS && read(ends[0], secrets[count], SECRET) == SECRET) {
        count++;
    }
    close(ends[0]);
    wait_until_stopped();
    assert_int_equal(count, 3 * 7 + 1);
    for (size_t i = 0; i < count; i++) {
        assert_true(count_in(the_process, secrets[i]) >= 1); /* the search finds what is there */
    }
    assert_int_equal(kill(the_process, SIGCONT), 0);
    wait_until_stopped();
    for (size_t i = 0; i < count; i++) {
        size_t left = count_in(the_process, secrets[i]);
        if (left != 0) {
            fail_msg("secret %zu is still there, %zu times", i, left);
        }
    }
    assert_int_equal(kill(the_process, SIGCONT), 0);
    assert_int_equal(waitpid(the_process, &status, 0), the_process);
    the_process = 0;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void zeroisation_leaves_no_secret_in_the_process(void **state)
{
    nothing_is_left_after(zeroise, true);
}

static void a_failed_self_test_leaves_no_secret_and_no_open_door(void **state)
{
    nothing_is_left_after(fail_a_test, false);
}

static void entering_the_approved_mode_leaves_none_either(void **state)
{
    nothing_is_left_after(approve, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(zeroisation_leaves_no_secret_in_the_process, end),
        cmocka_unit_test_teardown(a_failed_self_test_leaves_no_secret_and_no_open_door, end),
        cmocka_unit_test_teardown(entering_the_approved_mode_leaves_none_either, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

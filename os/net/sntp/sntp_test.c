/* SPDX-License-Identifier: Apache-2.0 */
/* SNTP against a server of this test's, then of chrony. */
#include "os/net/sntp/sntp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"

#define UTC_2026 1767225600u /* seconds since 1970 */
#define TO_1900 2208988800u

static const uint8_t own[4] = {127, 0, 0, 1};
static const uint8_t nonce[8] = "question";

/* What a good server would answer. */
static void good_answer(uint8_t out[MICO_SNTP_PACKET], const uint8_t question[MICO_SNTP_PACKET])
{
    memset(out, 0, MICO_SNTP_PACKET);
    out[0] = 4 << 3 | 4;
    out[1] = 2;
    memcpy(out + 24, question + 40, 8);
    mico_store_be32(out + 32, UTC_2026 + TO_1900);
    mico_store_be32(out + 40, UTC_2026 + TO_1900);
    mico_store_be32(out + 44, 0x80000000u); /* half a second later */
}

static mico_err read_changed(size_t at, uint8_t value)
{
    uint8_t question[MICO_SNTP_PACKET], answer[MICO_SNTP_PACKET];
    uint64_t utc = 7;
    mico_sntp_write(question, nonce);
    good_answer(answer, question);
    answer[at] = value;
    mico_err err = mico_sntp_read(answer, sizeof answer, nonce, 0, &utc);
    assert_true(err == MICO_OK || utc == 7);
    return err;
}

static void question_is_a_clients_of_version_4(void **state)
{
    uint8_t question[MICO_SNTP_PACKET];
    mico_sntp_write(question, nonce);
    assert_int_equal(question[0], 0x23);
    assert_memory_equal(question + 40, nonce, 8);
}

static void answer_gives_the_time_and_half_of_its_way(void **state)
{
    uint8_t question[MICO_SNTP_PACKET], answer[MICO_SNTP_PACKET];
    uint64_t utc;
    mico_sntp_write(question, nonce);
    good_answer(answer, question);
    assert_int_equal(mico_sntp_read(answer, sizeof answer, nonce, 700000, &utc), MICO_OK);
    assert_true(utc == UTC_2026 * 1000000ull + 500000 + 100000); /* 0.7 s, of which 0.5 at the server */
    assert_int_equal(mico_sntp_read(answer, sizeof answer, nonce, 0, &utc), MICO_OK);
    assert_true(utc == UTC_2026 * 1000000ull + 500000);
}

static void year_2036_does_not_begin_in_1900_again(void **state)
{
    uint8_t question[MICO_SNTP_PACKET], answer[MICO_SNTP_PACKET];
    uint64_t utc;
    mico_sntp_write(question, nonce);
    good_answer(answer, question);
    mico_store_be32(answer + 40, 0);
    assert_int_equal(mico_sntp_read(answer, sizeof answer, nonce, 0, &utc), MICO_OK);
    assert_true(utc == 2085978496ull * 1000000 + 500000); /* 2036-02-07 06:28:16 */
}

static void what_is_no_answer_to_the_question_is_refused(void **state)
{
    uint8_t question[MICO_SNTP_PACKET], answer[MICO_SNTP_PACKET];
    uint64_t utc = 7;
    assert_int_equal(read_changed(0, 4 << 3 | 4), MICO_OK);
    assert_int_equal(read_changed(0, 3 << 3 | 4), MICO_OK);
    assert_int_equal(read_changed(0, 4 << 3 | 3), MICO_ERR_FORMAT); /* a client */
    assert_int_equal(read_changed(0, 4 << 3 | 5), MICO_ERR_FORMAT); /* a broadcast */
    assert_int_equal(read_changed(0, 5 << 3 | 4), MICO_ERR_FORMAT); /* a version to come */
    assert_int_equal(read_changed(0, 0 << 3 | 4), MICO_ERR_FORMAT);
    for (size_t i = 24; i < 32; i++) {
        assert_int_equal(read_changed(i, 0), MICO_ERR_FORMAT); /* another's question */
    }
    mico_sntp_write(question, nonce);
    good_answer(answer, question);
    for (size_t len = 0; len < sizeof answer; len++) {
        assert_int_equal(mico_sntp_read(answer, len, nonce, 0, &utc), MICO_ERR_FORMAT);
    }
    assert_true(utc == 7);
}

static void server_that_has_no_time_or_no_mind_to_tell_it_says_so(void **state)
{
    assert_int_equal(read_changed(1, 0), MICO_ERR_DENIED);
    assert_int_equal(read_changed(1, 16), MICO_ERR_STATE);
    assert_int_equal(read_changed(0, 0xC0 | 4 << 3 | 4), MICO_ERR_STATE);
}

/* ---- over the network ---- */

struct server {
    int fd;
    int lies; /* wrong answers that come first */
    pthread_t thread;
};

static uint16_t bind_free(int fd)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    return ntohs(at.sin_port);
}

static void *serve(void *arg)
{
    struct server *s = arg;
    uint8_t question[MICO_SNTP_PACKET], answer[MICO_SNTP_PACKET + 20] = {0};
    struct sockaddr_in from;
    socklen_t len = sizeof from;
    if (recvfrom(s->fd, question, sizeof question, 0, (struct sockaddr *)&from, &len) != sizeof question) {
        return NULL;
    }
    for (int i = 0; i <= s->lies; i++) {
        good_answer(answer, question);
        answer[24] ^= i < s->lies ? 1 : 0;
        sendto(s->fd, answer, i == s->lies ? sizeof answer : 10u + (size_t)i, 0, (struct sockaddr *)&from, len);
    }
    return NULL;
}

static uint16_t start_server(struct server *s, int lies)
{
    s->fd = socket(AF_INET, SOCK_DGRAM, 0);
    s->lies = lies;
    uint16_t port = bind_free(s->fd);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
    return port;
}

static void server_is_asked_and_false_answers_are_waited_past(void **state)
{
    struct server s;
    uint64_t utc = 0;
    uint16_t port = start_server(&s, 5);
    assert_int_equal(mico_sntp_ask(own, port, 5000, &utc), MICO_OK);
    assert_in_range(utc / 1000000, UTC_2026, UTC_2026 + 10);
    pthread_join(s.thread, NULL);
    close(s.fd);
}

static void silent_server_times_out(void **state)
{
    uint64_t utc = 7;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(mico_sntp_ask(own, bind_free(fd), 50, &utc), MICO_ERR_TIMEOUT);
    assert_true(utc == 7);
    close(fd);
}

/* chrony as a server of this host's own time, on a free port, without touching the clock. */
static pid_t start_chrony(char dir[64], uint16_t port)
{
    char path[128];
    snprintf(dir, 64, "/tmp/mico-sntp-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/chrony.conf", dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "local stratum 8\nallow 127.0.0.1\nbindaddress 127.0.0.1\nport %u\ncmdport 0\nbindcmdaddress /\n"
            "pidfile %s/pid\nuser root\n",
            port, dir);
    fclose(file);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        freopen("/dev/null", "w", stderr);
        execl("/usr/sbin/chronyd", "chronyd", "-x", "-d", "-U", "-f", path, (char *)NULL);
        _exit(127);
    }
    return child;
}

static void chrony_tells_the_time_of_this_host(void **state)
{
    char dir[64], path[128];
    uint64_t utc = 0;
    struct timeval now;
    if (access("/usr/sbin/chronyd", X_OK) != 0) {
        fail_msg("chronyd is missing\n  try: apt-get install chrony");
    }
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    uint16_t port = bind_free(fd);
    close(fd);
    pid_t child = start_chrony(dir, port);
    mico_err err = MICO_ERR_TIMEOUT;
    for (int tries = 0; tries < 40 && err != MICO_OK; tries++) { /* it has to start */
        err = mico_sntp_ask(own, port, 500, &utc);
    }
    gettimeofday(&now, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    snprintf(path, sizeof path, "rm -rf %s", dir);
    assert_int_equal(system(path), 0);
    assert_int_equal(err, MICO_OK);
    int64_t differ = (int64_t)utc - ((int64_t)now.tv_sec * 1000000 + now.tv_usec);
    assert_in_range(differ + 2000000, 0, 4000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(question_is_a_clients_of_version_4),
        cmocka_unit_test(answer_gives_the_time_and_half_of_its_way),
        cmocka_unit_test(year_2036_does_not_begin_in_1900_again),
        cmocka_unit_test(what_is_no_answer_to_the_question_is_refused),
        cmocka_unit_test(server_that_has_no_time_or_no_mind_to_tell_it_says_so),
        cmocka_unit_test(server_is_asked_and_false_answers_are_waited_past),
        cmocka_unit_test(silent_server_times_out),
        cmocka_unit_test(chrony_tells_the_time_of_this_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

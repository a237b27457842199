/* SPDX-License-Identifier: Apache-2.0 */
/* The examples that need names, servers or multicast, in a network of the test's own; as examples_test.c. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "apps/examples/test_expected.h"
#include "apps/examples/test_run.h"
#include "os/net/mdns/message.h"
#include "tests/peers/private_net.h"

#define HTTP_PORT 27184 /* of http_client */
#define UTC_2026 1767225600u

static bool alone; /* in a network of its own */

static void start_by(void (*run)(const char *name), const char *name)
{
    if (!alone) {
        skip();
    }
    expect_open(name);
    run(name);
}

static void dns_finds_the_name_that_is_known(void **state)
{
    if (alone) {
        private_net_name("lamp.test", "10.1.2.3");
    }
    start_by(run_start, "dns");
    expect_rest();
}

static void sntp_brings_the_clock_from_2000_to_2026(void **state)
{
    if (alone) {
        private_net_time(UTC_2026);
    }
    start_by(run_start, "sntp");
    expect_rest();
}

static void wlan_joins_the_one_access_point(void **state)
{
    start_by(run_start, "wlan");
    expect_rest();
}

/* ---- HTTP ---- */

static int listen_at(uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    struct timeval patience = {30, 0};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 1), 0);
    return fd;
}

static void http_client_posts_and_reads_an_answer_in_chunks(void **state)
{
    static const char answer[] =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nthe lamp\r\n6\r\n is on\r\n0\r\n\r\n";
    char text[512];
    size_t len = 0;
    int listener = alone ? listen_at(HTTP_PORT) : -1;
    start_by(run_start, "http_client");
    int fd = accept(listener, NULL, NULL);
    assert_true(fd >= 0);
    do { /* up to the end of its body */
        ssize_t got = recv(fd, text + len, sizeof text - 1 - len, 0);
        assert_true(got > 0);
        len += (size_t)got;
        text[len] = '\0';
    } while (strstr(text, "{\"on\":true}") == NULL);
    assert_memory_equal(text, "POST /lamp?room=hall HTTP/1.1\r\n", 31);
    assert_non_null(strstr(text, "\r\nContent-Length: 11\r\n"));
    assert_int_equal(send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL), sizeof answer - 1);
    expect_rest();
    close(fd);
    close(listener);
}

/* All that it says to text on a connection of its own. */
static const char *ask(const char *text)
{
    static char answer[1024];
    size_t len = 0;
    int fd = run_connect();
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    for (ssize_t got; (got = recv(fd, answer + len, sizeof answer - 1 - len, 0)) > 0;) {
        len += (size_t)got;
    }
    answer[len] = '\0';
    close(fd);
    return answer;
}

static void http_server_shows_and_switches_its_lamp(void **state)
{
    start_by(run_start, "http_server");
    expect_lines(1);
    assert_non_null(strstr(ask("GET /lamp HTTP/1.1\r\nHost: lamp\r\n\r\n"), "\r\n\r\noff"));
    assert_non_null(strstr(ask("PUT /lamp HTTP/1.1\r\nHost: lamp\r\nContent-Length: 2\r\n\r\non"), "{\"success\": 0}"));
    assert_memory_equal(ask("PUT /lamp HTTP/1.1\r\nHost: lamp\r\nContent-Length: 16\r\n\r\n0123456789abcdef"),
                        "HTTP/1.1 400 ", 13);
    assert_non_null(strstr(ask("GET /lamp HTTP/1.1\r\nHost: lamp\r\n\r\n"), "\r\n\r\non"));
    assert_non_null(
        strstr(ask("GET /count HTTP/1.1\r\nHost: lamp\r\n\r\n"), "2\r\n1\n\r\n2\r\n2\n\r\n2\r\n3\n\r\n0\r\n\r\n"));
    assert_memory_equal(ask("GET /none HTTP/1.1\r\nHost: lamp\r\n\r\n"), "HTTP/1.1 404 ", 13);
    expect_rest();
}

/* ---- MQTT ---- */

static pid_t broker;

/* By its id, and not only with the test: Mosquitto gives up root, and with that the signal for its parent's death. */
static int stop_broker(void **state)
{
    if (broker > 0) {
        kill(broker, SIGKILL);
        waitpid(broker, NULL, 0);
    }
    broker = 0;
    return 0;
}

static void mqtt_hears_what_it_says(void **state)
{
    if (alone) {
        broker = fork();
        if (broker == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            freopen("/dev/null", "w", stderr);
            freopen("/dev/null", "w", stdout);
            execl("/usr/sbin/mosquitto", "mosquitto", "-p", "27185", (char *)NULL);
            _exit(127);
        }
        struct sockaddr_in at = {
            .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(27185)};
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        for (int tries = 0; connect(fd, (struct sockaddr *)&at, sizeof at) != 0; tries++) {
            assert_true(tries < 200); /* it has to start */
            usleep(50000);
        }
        close(fd);
    }
    start_by(run_start, "mqtt");
    expect_rest();
}

/* ---- mDNS ---- */

static struct mico_dns_name name_of(const char *text)
{
    struct mico_dns_name name = {.len = 0};
    assert_int_equal(mico_dns_name_text(&name, text), MICO_OK);
    return name;
}

/* True when somebody answers a question for the lamps with a TXT record of text that lives. */
static bool is_told(const char *text)
{
    uint8_t query[128], answer[1500];
    struct mico_dns_writer w;
    struct mico_dns_message m;
    struct mico_dns_question q;
    struct mico_dns_record r;
    struct mico_dns_name type = name_of("_mico-lamp._tcp.local");
    bool told = false;
    mico_dns_begin(&w, query, sizeof query, 0, 0);
    assert_true(mico_dns_put_question(&w, &type, MICO_DNS_PTR, MICO_DNS_CLASS_IN));
    size_t len = run_mdns(query, mico_dns_end(&w), answer, sizeof answer);
    if (len == 0 || mico_dns_open(&m, answer, len) != MICO_OK) {
        return false;
    }
    while (mico_dns_next_question(&m, &q)) {
    }
    while (mico_dns_next_record(&m, &r) != MICO_DNS_NO_SECTION) {
        told = told || (r.type == MICO_DNS_TXT && r.ttl_s > 0 && r.rdata_len == strlen(text) &&
                        memcmp(r.rdata, text, r.rdata_len) == 0);
    }
    return told;
}

static void await(const char *text, bool told)
{
    for (int tries = 0; is_told(text) != told; tries++) {
        assert_true(tries < 30);
    }
}

static void mdns_tells_changes_and_says_goodbye(void **state)
{
    start_by(run_start_wired, "mdns");
    expect_lines(1);
    await("\4on=0\13version=1.0", true);
    int fd = run_connect_udp();
    assert_int_equal(send(fd, "on", 2, 0), 2);
    expect_lines(1);
    await("\4on=1\13version=1.0", true);
    assert_int_equal(send(fd, "end", 3, 0), 3);
    expect_lines(1);
    await("\4on=1\13version=1.0", false);
    close(fd);
    expect_rest();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dns_finds_the_name_that_is_known),
        cmocka_unit_test(sntp_brings_the_clock_from_2000_to_2026),
        cmocka_unit_test(wlan_joins_the_one_access_point),
        cmocka_unit_test(http_client_posts_and_reads_an_answer_in_chunks),
        cmocka_unit_test(http_server_shows_and_switches_its_lamp),
        cmocka_unit_test_teardown(mqtt_hears_what_it_says, stop_broker),
        cmocka_unit_test(mdns_tells_changes_and_says_goodbye),
    };
    alone = private_net_enter();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

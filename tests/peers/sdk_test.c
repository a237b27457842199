/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's network calls on the posix board against programs of others: Mosquitto, the host's resolver before a name
 * server, an SNTP server; in a network of the test's own. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "MQTTClient.h"
#include "mico.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"
#include "sntp.h"
#include "tests/peers/private_net.h"

#define UTC_2026 1767225600u
#define BROKER "127.0.0.1"
#define PORT 1883

static pid_t broker;
static bool alone; /* in a network of its own */

static void need_private_net(void)
{
    if (!alone) {
        skip();
    }
}

/* ---- names ---- */

static volatile unsigned counted;

static void count(mico_thread_arg_t arg)
{
    for (;;) {
        mico_thread_msleep(10);
        counted++;
    }
}

static void names_are_resolved_while_other_threads_run(void **state)
{
    mico_thread_t counter;
    need_private_net();
    private_net_name("lamp.test", "10.1.2.3");
    struct hostent *found = gethostbyname("Lamp.Test");
    assert_non_null(found);
    assert_memory_equal(found->h_addr, "\12\1\2\3", 4);
    assert_null(gethostbyname("desk.test"));
    assert_null(gethostbyname("broken.test"));
    counted = 0;
    assert_int_equal(mico_rtos_create_thread(&counter, 5, "count", count, 2048, 0), kNoErr);
    assert_null(gethostbyname("silent.test")); /* two seconds */
    assert_true(counted >= 50);
    assert_int_equal(mico_rtos_delete_thread(&counter), kNoErr);
}

/* ---- time ---- */

static mico_semaphore_t synced;

static void on_synced(void)
{
    mico_rtos_set_semaphore(&synced);
}

static void network_time_sets_the_clock(void **state)
{
    ntp_timestamp_t time = {0, 0};
    mico_utc_time_t utc = 0;
    struct in_addr server = {inet_addr("127.0.0.1")};
    need_private_net();
    private_net_time(UTC_2026);
    assert_int_equal(sntp_get_time(&server, &time), kNoErr);
    assert_in_range(time.seconds, UTC_2026, UTC_2026 + 60);
    assert_int_equal(mico_rtos_init_semaphore(&synced, 1), kNoErr);
    assert_int_equal(sntp_set_server_ip_address(3, server), kNoErr);
    assert_int_equal(sntp_stop_auto_time_sync(), kNotInUseErr);
    assert_int_equal(sntp_start_auto_time_sync(0, on_synced), kNoErr);
    assert_int_equal(sntp_start_auto_time_sync(0, on_synced), kAlreadyInUseErr);
    assert_int_equal(mico_rtos_get_semaphore(&synced, 10000), kNoErr);
    assert_int_equal(mico_time_get_utc_time(&utc), kNoErr);
    assert_in_range(utc, UTC_2026, UTC_2026 + 10);
    assert_int_equal(sntp_stop_auto_time_sync(), kNoErr);
    mico_thread_msleep(100);
    assert_int_equal(sntp_start_auto_time_sync(0, on_synced), kNoErr); /* it has ended */
    assert_int_equal(sntp_stop_auto_time_sync(), kNoErr);
    assert_int_equal(sntp_get_time(NULL, &time), kParamErr);
    assert_int_equal(sntp_get_time(&server, NULL), kParamErr);
    assert_int_equal(sntp_set_server_ip_address(NUM_NTP_SERVERS, server), kParamErr);
    assert_int_equal(sntp_clr_server_ip_address(NUM_NTP_SERVERS), kParamErr);
    assert_int_equal(sntp_clr_server_ip_address(3), kNoErr);
}

/* ---- MQTT ---- */

static const ssl_opts plain;
static char seen[256];
static MQTTMessage last;

static void note(const char *who, MessageData *data)
{
    char line[96];
    last = *data->message;
    snprintf(line, sizeof line, "%s:%.*s=%.*s;", who, data->topicName->lenstring.len, data->topicName->lenstring.data,
             (int)data->message->payloadlen, (const char *)data->message->payload);
    strncat(seen, line, sizeof seen - 1 - strlen(seen));
}

static void on_lamp(MessageData *data)
{
    note("lamp", data);
}

static void on_any(MessageData *data)
{
    note("any", data);
}

static void on_rest(MessageData *data)
{
    note("rest", data);
}

static void join(Client *c, Network *n, const char *id)
{
    MQTTPacket_connectData data = MQTTPacket_connectData_initializer;
    int err = MQTT_FAILURE;
    data.clientID.cstring = (char *)(uintptr_t)id;
    memset(c, 0, sizeof *c);
    for (int tries = 0; tries < 100 && err != MQTT_SUCCESS; tries++) { /* the broker has to start */
        err = NewNetwork(n, BROKER, PORT, plain);
        mico_thread_msleep(err == MQTT_SUCCESS ? 0 : 50);
    }
    assert_int_equal(err, MQTT_SUCCESS);
    assert_int_equal(MQTTClientInit(c, n, 5000), MQTT_SUCCESS);
    assert_int_equal(c->isconnected, 0);
    assert_int_equal(MQTTConnect(c, &data), MQTT_SUCCESS);
    assert_int_equal(c->isconnected, 1);
    seen[0] = '\0';
}

static void part(Client *c, Network *n)
{
    assert_int_equal(MQTTDisconnect(c), MQTT_SUCCESS);
    n->disconnect(n);
    assert_int_equal(n->my_socket, -1);
    assert_int_equal(MQTTYield(c, 10), MQTT_FAILURE);
    assert_int_equal(MQTTClientDeinit(c), MQTT_SUCCESS);
}

static int publish(Client *c, const char *topic, const char *text, int qos)
{
    MQTTMessage message = {.qos = qos, .payload = (void *)(uintptr_t)text, .payloadlen = strlen(text)};
    return MQTTPublish(c, topic, &message);
}

static void await(Client *c, const char *want)
{
    for (int i = 0; i < 100 && strcmp(seen, want) != 0; i++) {
        assert_int_equal(MQTTYield(c, 50), MQTT_SUCCESS);
    }
    assert_string_equal(seen, want);
    seen[0] = '\0';
}

static void messages_go_to_the_handlers_whose_filters_match(void **state)
{
    Client c;
    Network n;
    need_private_net();
    join(&c, &n, "handlers");
    c.defaultMessageHandler = on_rest;
    assert_int_equal(MQTTSubscribe(&c, "home/+/lamp", QOS1, on_lamp), MQTT_SUCCESS);
    assert_int_equal(MQTTSubscribe(&c, "home/#", QOS1, on_any), MQTT_SUCCESS);
    assert_int_equal(MQTTSubscribe(&c, "other", QOS0, NULL), MQTT_SUCCESS);
    assert_int_equal(publish(&c, "home/hall/lamp", "on", QOS1), MQTT_SUCCESS);
    await(&c, "lamp:home/hall/lamp=on;any:home/hall/lamp=on;");
    assert_int_equal(last.qos, QOS1);
    assert_int_equal(publish(&c, "home", "1", QOS0), MQTT_SUCCESS);
    await(&c, "any:home=1;"); /* "home/#" has the parent too */
    assert_int_equal(last.qos, QOS0);
    assert_int_equal(MQTTUnsubscribe(&c, "home/#"), MQTT_SUCCESS);
    assert_int_equal(publish(&c, "home/x", "lost", QOS1), MQTT_SUCCESS);
    assert_int_equal(publish(&c, "home/y/lamp", "2", QOS1), MQTT_SUCCESS);
    await(&c, "lamp:home/y/lamp=2;");
    c.messageHandlers[0].topicFilter = NULL; /* as an application may */
    assert_int_equal(publish(&c, "home/y/lamp", "3", QOS1), MQTT_SUCCESS);
    await(&c, "rest:home/y/lamp=3;");
    part(&c, &n);
}

static void will_is_told_when_a_client_vanishes(void **state)
{
    Client watcher, other;
    Network n, m;
    MQTTPacket_connectData data = MQTTPacket_connectData_initializer;
    need_private_net();
    join(&watcher, &n, "watcher");
    assert_int_equal(MQTTSubscribe(&watcher, "will", QOS1, on_any), MQTT_SUCCESS);
    data.clientID = (MQTTString){NULL, {5, "other-cut"}};
    data.willFlag = 1;
    data.will.topicName.cstring = "will";
    data.will.message.cstring = "gone";
    memset(&other, 0, sizeof other);
    assert_int_equal(NewNetwork(&m, "localhost", PORT, plain), MQTT_SUCCESS);
    assert_int_equal(MQTTClientInit(&other, &m, 5000), MQTT_SUCCESS);
    assert_int_equal(MQTTConnect(&other, &data), MQTT_SUCCESS);
    m.disconnect(&m); /* without a goodbye */
    assert_int_equal(publish(&other, "x", "y", QOS0), MQTT_FAILURE);
    assert_int_equal(other.isconnected, 0);
    await(&watcher, "any:will=gone;");
    assert_int_equal(MQTTClientDeinit(&other), MQTT_SUCCESS);
    part(&watcher, &n);
}

static void select_tells_when_to_yield(void **state)
{
    Client c;
    Network n;
    fd_set set;
    struct timeval limit = {5, 0};
    need_private_net();
    join(&c, &n, "selects");
    assert_int_equal(MQTTSubscribe(&c, "self", QOS0, on_any), MQTT_SUCCESS);
    assert_int_equal(publish(&c, "self", "hi", QOS0), MQTT_SUCCESS);
    FD_ZERO(&set);
    FD_SET(n.my_socket, &set);
    assert_int_equal(select(n.my_socket + 1, &set, NULL, NULL, &limit), 1);
    await(&c, "any:self=hi;");
    assert_int_equal(keepalive(&c), MQTT_SUCCESS);
    part(&c, &n);
}

static void wrong_uses_of_the_mqtt_client_fail(void **state)
{
    static char large[4096];
    Client c;
    Network n;
    ssl_opts tls = {.ssl_enable = true}; /* which this broker does not speak */
    MQTTPacket_connectData data = MQTTPacket_connectData_initializer;
    need_private_net();
    assert_int_equal(NewNetwork(&n, BROKER, PORT, tls), MQTT_FAILURE);
    assert_int_equal(NewNetwork(&n, "desk.test", PORT, plain), MQTT_FAILURE);
    assert_int_equal(NewNetwork(&n, BROKER, 1, plain), MQTT_FAILURE); /* nobody is there */
    assert_int_equal(NewNetwork(&n, BROKER, 0, plain), MQTT_FAILURE);
    assert_int_equal(NewNetwork(NULL, BROKER, PORT, plain), MQTT_FAILURE);
    assert_int_equal(MQTTClientInit(NULL, &n, 1), MQTT_FAILURE);
    assert_int_equal(MQTTClientInit(&c, NULL, 1), MQTT_FAILURE);
    join(&c, &n, "wrong");
    assert_int_equal(publish(&c, "a/+", "x", QOS0), MQTT_FAILURE);
    assert_int_equal(publish(&c, "a", "x", QOS2), MQTT_FAILURE);
    assert_int_equal(MQTTSubscribe(&c, "a", QOS2, on_any), MQTT_FAILURE);
    assert_int_equal(MQTTSubscribe(&c, NULL, QOS0, on_any), MQTT_FAILURE);
    memset(large, 'x', sizeof large - 1);
    assert_int_equal(publish(&c, "a", large, QOS0), MQTT_BUFFER_OVERFLOW);
    static const char *const filters[] = {"1", "2", "3", "4", "5"};
    for (int i = 0; i < MAX_MESSAGE_HANDLERS; i++) {
        assert_int_equal(MQTTSubscribe(&c, filters[i], QOS0, on_any), MQTT_SUCCESS);
    }
    assert_int_equal(MQTTSubscribe(&c, "6", QOS0, on_any), MQTT_FAILURE);
    assert_int_equal(MQTTConnect(&c, &data), MQTT_FAILURE); /* connected already */
    part(&c, &n);
    assert_int_equal(MQTTDisconnect(&c), MQTT_FAILURE);
    data.MQTTVersion = 3;
    assert_int_equal(MQTTConnect(&c, &data), MQTT_FAILURE);
    assert_int_equal(MQTTClientLibVersion(), 0x000108);
}

static void start_broker(void)
{
    broker = fork();
    if (broker == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        freopen("/dev/null", "w", stderr);
        freopen("/dev/null", "w", stdout);
        execl("/usr/sbin/mosquitto", "mosquitto", "-p", "1883",
              (char *)NULL); /* alone: it serves this host without names */
        _exit(127);
    }
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_resolved_while_other_threads_run),
        cmocka_unit_test(network_time_sets_the_clock),
        cmocka_unit_test(messages_go_to_the_handlers_whose_filters_match),
        cmocka_unit_test(will_is_told_when_a_client_vanishes),
        cmocka_unit_test(select_tells_when_to_yield),
        cmocka_unit_test(wrong_uses_of_the_mqtt_client_fail),
    };
    int failed = cmocka_run_group_tests_name("the SDK's network", tests, NULL, NULL);
    if (broker > 0) {
        kill(broker, SIGKILL);
    }
    mico_board_halt(failed);
}

int main(void)
{
    static uint64_t stack[8192];
    alone = private_net_enter();
    if (alone) {
        start_broker();
    }
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}

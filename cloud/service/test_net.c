/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud/service/test_net.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mosquitto.h>

#define STEP_MS 5

static struct sockaddr_in loopback(unsigned port)
{
    return (struct sockaddr_in){AF_INET, htons((uint16_t)port), {htonl(INADDR_LOOPBACK)}, {0}};
}

unsigned test_free_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&address, len) != 0 || getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        abort();
    }
    close(fd);
    return ntohs(address.sin_port);
}

bool test_port_opens(unsigned port)
{
    struct sockaddr_in address = loopback(port);
    for (int waited = 0; waited < TEST_ANSWER_MS; waited += STEP_MS) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        bool open = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
        close(fd);
        if (open) {
            return true;
        }
        usleep(STEP_MS * 1000);
    }
    return false;
}

pid_t test_start(const char *log, const char *const argv[])
{
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* a test that ends early leaves nothing running */
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(fd, STDOUT_FILENO);
        dup2(fd, STDERR_FILENO);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return pid;
}

int test_stop(pid_t pid)
{
    int status;
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int test_run(char *out, size_t cap, const char *format, ...)
{
    char command[2048], line[2100];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    snprintf(line, sizeof line, "( %s ) 2>&1", command);
    FILE *pipe = popen(line, "r");
    if (!pipe) {
        abort();
    }
    size_t len = fread(out, 1, cap - 1, pipe);
    out[len] = 0;
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- MQTT ---- */

static void on_connect(struct mosquitto *mqtt, void *ctx, int code)
{
    ((struct test_client *)ctx)->connack = code;
}

static void on_disconnect(struct mosquitto *mqtt, void *ctx, int rc)
{
    ((struct test_client *)ctx)->closed = true;
}

static void on_subscribe(struct mosquitto *mqtt, void *ctx, int id, int count, const int *granted)
{
    ((struct test_client *)ctx)->granted = granted[0];
}

static void on_message(struct mosquitto *mqtt, void *ctx, const struct mosquitto_message *message)
{
    struct test_client *client = ctx;
    snprintf(client->topic, sizeof client->topic, "%s", message->topic);
    snprintf(client->payload, sizeof client->payload, "%.*s", message->payloadlen, (const char *)message->payload);
    client->received++;
}

static int tls(struct test_client *client, const struct test_login *login)
{
    char cert[128], key[128];
    snprintf(cert, sizeof cert, "%s.pem", login->cert ? login->cert : "");
    snprintf(key, sizeof key, "%s.key", login->key ? login->key : login->cert ? login->cert : "");
    int rc =
        mosquitto_tls_set(client->mqtt, login->root, NULL, login->cert ? cert : NULL, login->cert ? key : NULL, NULL);
    return rc ? rc : mosquitto_tls_opts_set(client->mqtt, 1, "tlsv1.2", NULL);
}

int test_connect(struct test_client *client, const struct test_login *login)
{
    *client = (struct test_client){.connack = -1, .granted = -1};
    client->mqtt = mosquitto_new(login->client_id, true, client);
    mosquitto_connect_callback_set(client->mqtt, on_connect);
    mosquitto_disconnect_callback_set(client->mqtt, on_disconnect);
    mosquitto_subscribe_callback_set(client->mqtt, on_subscribe);
    mosquitto_message_callback_set(client->mqtt, on_message);
    mosquitto_reconnect_delay_set(client->mqtt, 60, 60, false);
    mosquitto_int_option(client->mqtt, MOSQ_OPT_TCP_NODELAY, 1);
    if (login->user) {
        mosquitto_username_pw_set(client->mqtt, login->user, login->password);
    }
    if (login->will_topic) {
        mosquitto_will_set(client->mqtt, login->will_topic, 7, "offline", 1, true);
    }
    if (tls(client, login) || mosquitto_connect(client->mqtt, "localhost", (int)login->port, 30) ||
        mosquitto_loop_start(client->mqtt)) {
        return -1;
    }
    for (int waited = 0; waited < TEST_ANSWER_MS && client->connack < 0 && !client->closed; waited += STEP_MS) {
        usleep(STEP_MS * 1000);
    }
    return client->connack;
}

int test_subscribe(struct test_client *client, const char *filter)
{
    client->granted = -1;
    mosquitto_subscribe(client->mqtt, NULL, filter, 1);
    for (int waited = 0; waited < TEST_ANSWER_MS && client->granted < 0 && !client->closed; waited += STEP_MS) {
        usleep(STEP_MS * 1000);
    }
    return client->granted;
}

void test_publish(struct test_client *client, const char *topic, const char *payload, bool retain)
{
    mosquitto_publish(client->mqtt, NULL, topic, (int)strlen(payload), payload, 1, retain);
}

bool test_receives(struct test_client *client, int messages)
{
    for (int waited = 0; waited < TEST_ANSWER_MS && client->received < messages; waited += STEP_MS) {
        usleep(STEP_MS * 1000);
    }
    return client->received >= messages;
}

bool test_is_closed(struct test_client *client)
{
    for (int waited = 0; waited < TEST_ANSWER_MS && !client->closed; waited += STEP_MS) {
        usleep(STEP_MS * 1000);
    }
    return client->closed;
}

void test_leave(struct test_client *client, bool abruptly)
{
    if (!client->mqtt) {
        return;
    }
    if (abruptly) {
        shutdown(mosquitto_socket(client->mqtt), SHUT_RDWR);
    }
    mosquitto_disconnect(client->mqtt);
    mosquitto_loop_stop(client->mqtt, true);
    mosquitto_destroy(client->mqtt);
    client->mqtt = NULL;
}

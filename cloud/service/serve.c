/* SPDX-License-Identifier: Apache-2.0 */
/* Three threads: HTTP and the broker's watch, each with its own registry handle, and this one, which waits for a signal. */
#include "cloud/service/serve.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "cloud/service/http.h"
#include "cloud/service/watch.h"

struct service {
    struct mico_watch *watch;
    struct mico_http *http;
};

static void log_line(const char *line, size_t len)
{
    (void)!write(STDERR_FILENO, line, len);
}

static uint64_t log_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool broker_is_connected(void *ctx)
{
    return mico_watch_is_connected(ctx);
}

/* "host:port" */
static mico_err split_broker(const char *text, char host[256], unsigned *port, struct mico_complaint *complaint)
{
    const char *colon = strrchr(text, ':');
    char *end = NULL;
    unsigned long number = colon ? strtoul(colon + 1, &end, 10) : 0;
    if (!colon || colon == text || colon - text > 255 || *end || number < 1 || number > 65535) {
        return mico_complain(complaint, MICO_ERR_PARAM, "--broker localhost:8883", "--broker '%s' is not HOST:PORT",
                             text);
    }
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = 0;
    *port = (unsigned)number;
    return MICO_OK;
}

static mico_err start(struct service *service, const struct mico_arguments *a, struct mico_complaint *complaint)
{
    char host[256];
    struct mico_watch_config watch = {.registry = mico_cli_get(a, "--db"),
                                      .host = host,
                                      .cafile = mico_cli_get(a, "--broker-cafile"),
                                      .cert = mico_cli_get(a, "--broker-cert"),
                                      .key = mico_cli_get(a, "--broker-key")};
    struct mico_http_config http = {.registry = watch.registry,
                                    .address = mico_cli_get(a, "--address"),
                                    .port = mico_cli_port(a, "--port", complaint),
                                    .cert = mico_cli_get(a, "--cert"),
                                    .key = mico_cli_get(a, "--key"),
                                    .client_ca = mico_cli_get(a, "--client-ca"),
                                    .broker_is_connected = broker_is_connected};
    if (http.port == 0) {
        return MICO_ERR_PARAM;
    }
    mico_err err = split_broker(mico_cli_get(a, "--broker"), host, &watch.port, complaint);
    if (!err) {
        err = mico_watch_start(&watch, &service->watch, complaint);
    }
    http.ctx = service->watch;
    if (!err) {
        err = mico_http_start(&http, &service->http, complaint);
    }
    if (!err) {
        fprintf(stderr, "mico-cloud: serving https://%s:%u/api/v1/, watching the broker at %s:%u\n",
                http.address ? http.address : "localhost", http.port, host, watch.port);
    }
    return err;
}

static void stop(struct service *service)
{
    mico_http_stop(service->http);
    mico_watch_stop(service->watch);
}

enum mico_exit mico_serve(const struct mico_arguments *arguments, struct mico_complaint *complaint)
{
    struct service service = {0};
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before the threads: they inherit it, and only we take the signals */
    signal(SIGPIPE, SIG_IGN);
    mico_log_to(log_line, log_clock);
    mico_err err = start(&service, arguments, complaint);
    while (!err && sigwaitinfo(&ends, NULL) < 0) { /* another signal than these */
    }
    if (!err) {
        fprintf(stderr, "mico-cloud: stopping\n");
    }
    stop(&service);
    return err ? MICO_EXIT_FAILED : MICO_EXIT_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Controllers on the local network: one thread accepts, a few serve, each one connection at a time. */
#include "apps/device/internal.h"
#include "base/log.h"
#include "os/net/tcp.h"
#include "os/port/clock.h"

#define WORKERS 4u
#define STACK_SIZE (32u * 1024u) /* pair-setup takes 23 KiB: SRP-6a works on 3072-bit numbers */
#define PRIORITY 6u
#define SEND_TIMEOUT_MS 5000u
#define IDLE_LIMIT_MS 30000u /* a silent connection gives its place to others */

struct worker {
    struct mico_device *device;
    struct mico_connection connection;
    mico_tcp tcp;
    bool broken; /* an answer could not be sent: the connection ends */
    struct mico_thread thread;
    uint64_t stack[STACK_SIZE / sizeof(uint64_t)];
};

static struct worker workers[WORKERS];
static struct mico_queue waiting; /* accepted, not yet served */
static mico_tcp waiting_items[WORKERS];
static struct mico_thread acceptor;
static uint64_t acceptor_stack[2048 / sizeof(uint64_t)];
static mico_tcp listener;

static void reply(void *ctx, const uint8_t *data, size_t len)
{
    struct worker *worker = ctx;
    if (worker->broken) {
        return;
    }
    mico_err err = mico_tcp_send(worker->tcp, data, len, SEND_TIMEOUT_MS);
    if (err != MICO_OK) {
        worker->broken = true;
        MICO_LOG("device", "a controller does not take its answer (%s)", mico_err_name(err));
    }
}

/* Feed what came, or what is due, to the accessory. */
static mico_err feed(struct worker *worker, const uint8_t *data, size_t len)
{
    struct mico_device *device = worker->device;
    mico_device_lock(&device->accessory_lock);
    mico_err err = len > 0 ? mico_accessory_input(&device->accessory, &worker->connection, data, len, reply, worker)
                           : mico_accessory_poll(&device->accessory, &worker->connection, reply, worker);
    mico_mutex_unlock(&device->accessory_lock);
    mico_device_advertise(device);
    return worker->broken ? MICO_ERR_CLOSED : err;
}

static void serve_one(struct worker *worker)
{
    struct mico_device *device = worker->device;
    uint8_t data[1024];
    worker->broken = false;
    mico_device_lock(&device->accessory_lock);
    mico_accessory_open(&device->accessory, &worker->connection);
    mico_mutex_unlock(&device->accessory_lock);
    mico_err err = MICO_OK;
    for (uint64_t heard = mico_clock_ms(); err == MICO_OK && mico_clock_ms() - heard < IDLE_LIMIT_MS;) {
        size_t len = 0;
        err = mico_tcp_recv(worker->tcp, data, sizeof data, &len, MICO_ACCESSORY_EVENT_GAP_MS);
        if (err == MICO_OK) {
            heard = mico_clock_ms();
        }
        if (err == MICO_OK || err == MICO_ERR_TIMEOUT) {
            err = feed(worker, data, len);
        }
    }
    mico_device_lock(&device->accessory_lock);
    mico_accessory_close(&device->accessory, &worker->connection);
    mico_mutex_unlock(&device->accessory_lock);
    mico_tcp_close(worker->tcp);
}

static void serve(void *arg)
{
    struct worker *worker = arg;
    while (mico_queue_pop(&waiting, &worker->tcp, MICO_FOREVER) == MICO_OK) {
        serve_one(worker);
    }
}

static void accept_all(void *arg)
{
    for (;;) {
        mico_tcp tcp = MICO_TCP_NONE;
        mico_err err = mico_tcp_accept(listener, MICO_NET_FOREVER, &tcp);
        if (err != MICO_OK) {
            MICO_LOG("device", "cannot accept a connection (%s)", mico_err_name(err));
            mico_thread_sleep_ms(1000);
        } else if (mico_queue_push(&waiting, &tcp, MICO_NO_WAIT) != MICO_OK) {
            MICO_LOG("device", "too many connections: one refused");
            mico_tcp_close(tcp);
        }
    }
}

mico_err mico_device_serve(struct mico_device *device, uint16_t port)
{
    mico_err err = mico_tcp_listen(port, &listener);
    if (err != MICO_OK) {
        MICO_LOG("device", "cannot listen on port %u (%s)", port, mico_err_name(err));
        return err;
    }
    mico_queue_init(&waiting, waiting_items, sizeof waiting_items[0], WORKERS);
    for (size_t i = 0; i < WORKERS; i++) {
        workers[i].device = device;
        mico_thread_create(&workers[i].thread, "controller", PRIORITY, serve, &workers[i], workers[i].stack,
                           sizeof workers[i].stack);
    }
    mico_thread_create(&acceptor, "accept", PRIORITY - 1, accept_all, NULL, acceptor_stack, sizeof acceptor_stack);
    char address[16];
    mico_net_address(address);
    MICO_LOG("device", "serving on %s:%u as %s", address, port, device->id);
    return MICO_OK;
}

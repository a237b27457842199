/* SPDX-License-Identifier: Apache-2.0 */
/* Controllers on the local network: one thread accepts, a few serve, each one connection at a time. places.h says who
 * has to leave when more come than there are threads. */
#include "apps/device/internal.h"
#include "apps/device/outbox.h"
#include "apps/device/places.h"
#include "base/log.h"
#include "os/net/tcp.h"
#include "os/port/clock.h"

#define WORKERS MICO_PLACES
#define STACK_SIZE (32u * 1024u) /* pair-setup takes 23 KiB: SRP-6a works on 3072-bit numbers */
#define PRIORITY 6u
#define SEND_TIMEOUT_MS 5000u
#define FEED_MAX 64u         /* bytes between two times of sending: at most two frames end in so many */
#define IDLE_LIMIT_MS 30000u /* a silent connection that has not verified ends */
#define LOOK_MS 100u         /* how often the places are looked at while a newcomer waits */

struct worker {
    struct mico_device *device;
    struct mico_connection connection;
    mico_tcp tcp;
    struct mico_outbox out;
    bool verified; /* its peer is a paired controller: it stays as long as that does */
    struct mico_thread thread;
    uint64_t stack[STACK_SIZE / sizeof(uint64_t)];
};

static struct worker workers[WORKERS];
static struct mico_places places; /* one for each worker; with interrupts masked */
static struct mico_queue waiting; /* accepted, not yet served */
static mico_tcp waiting_items[WORKERS];
static struct mico_thread acceptor;
static uint64_t acceptor_stack[2048 / sizeof(uint64_t)];
static mico_tcp listener;

/* While the accessory is locked: what the peer's window takes at once goes, the rest is kept. */
static void reply(void *ctx, const uint8_t *data, size_t len)
{
    struct worker *worker = ctx;
    size_t sent = 0;
    if (worker->out.len == 0 && !worker->out.overfull &&
        mico_tcp_send_some(worker->tcp, data, len, &sent, 0) != MICO_OK) {
        sent = 0; /* an error shows again when the rest is sent */
    }
    mico_outbox_put(&worker->out, data + sent, len - sent);
}

/* Send what was kept. Who has not verified is not waited for: there is room for its answer, unless it has not taken
 * earlier ones. */
static mico_err send_out(struct worker *worker)
{
    struct mico_outbox *out = &worker->out;
    mico_err err = out->overfull ? MICO_ERR_FULL : MICO_OK;
    if (err == MICO_OK && out->len > 0) {
        err = mico_tcp_send(worker->tcp, out->bytes, out->len, worker->verified ? SEND_TIMEOUT_MS : 0);
        if (err != MICO_OK) {
            MICO_LOG("device", "a controller does not take its answer (%s)", mico_err_name(err));
        }
    }
    mico_outbox_empty(out);
    return err;
}

/* Feed bytes, or with none what is due, to the accessory; then send what it gave. */
static mico_err feed_piece(struct worker *worker, const uint8_t *data, size_t len)
{
    struct mico_device *device = worker->device;
    mico_device_lock(&device->accessory_lock);
    mico_err err = len > 0 ? mico_accessory_input(&device->accessory, &worker->connection, data, len, reply, worker)
                           : mico_accessory_poll(&device->accessory, &worker->connection, reply, worker);
    worker->verified = mico_accessory_verified(&worker->connection);
    mico_mutex_unlock(&device->accessory_lock);
    mico_err sent = send_out(worker);
    return err != MICO_OK ? err : sent;
}

static mico_err feed(struct worker *worker, const uint8_t *data, size_t len)
{
    mico_err err = MICO_OK;
    do {
        size_t piece = len < FEED_MAX ? len : FEED_MAX;
        err = feed_piece(worker, data, piece);
        data += piece;
        len -= piece;
    } while (err == MICO_OK && len > 0);
    mico_device_advertise(worker->device);
    return err;
}

static size_t place_of(const struct worker *worker)
{
    return (size_t)(worker - workers);
}

static void begin(struct worker *worker)
{
    uint32_t state = mico_irq_save();
    mico_places_take(&places, place_of(worker), mico_clock_ms());
    mico_irq_restore(state);
    worker->verified = false;
    mico_outbox_empty(&worker->out);
    mico_tcp_keep_alive(worker->tcp, true);
    mico_device_lock(&worker->device->accessory_lock);
    mico_accessory_open(&worker->device->accessory, &worker->connection);
    mico_mutex_unlock(&worker->device->accessory_lock);
}

static void end(struct worker *worker)
{
    mico_device_lock(&worker->device->accessory_lock);
    mico_accessory_close(&worker->device->accessory, &worker->connection);
    mico_mutex_unlock(&worker->device->accessory_lock);
    mico_tcp_close(worker->tcp);
    uint32_t state = mico_irq_save();
    mico_places_free(&places, place_of(worker));
    mico_irq_restore(state);
}

/* Whether the connection goes on: its place is not wanted by another, and it is verified or heard of. */
static bool stays(const struct worker *worker, uint64_t heard_ms)
{
    uint64_t now_ms = mico_clock_ms();
    uint32_t state = mico_irq_save();
    if (worker->verified) {
        mico_places_verified(&places, place_of(worker), now_ms);
    }
    bool leaving = mico_places_leaving(&places, place_of(worker));
    mico_irq_restore(state);
    return !leaving && (worker->verified || now_ms - heard_ms < IDLE_LIMIT_MS);
}

static void serve_one(struct worker *worker)
{
    uint8_t data[1024];
    begin(worker);
    mico_err err = MICO_OK;
    for (uint64_t heard_ms = mico_clock_ms(); err == MICO_OK && stays(worker, heard_ms);) {
        size_t len = 0;
        err = mico_tcp_recv(worker->tcp, data, sizeof data, &len, MICO_ACCESSORY_EVENT_GAP_MS);
        if (err == MICO_OK) {
            heard_ms = mico_clock_ms();
        }
        if (err == MICO_OK || err == MICO_ERR_TIMEOUT) {
            err = feed(worker, data, len);
        }
    }
    end(worker);
}

static void serve(void *arg)
{
    struct worker *worker = arg;
    while (mico_queue_pop(&waiting, &worker->tcp, MICO_FOREVER) == MICO_OK) {
        serve_one(worker);
    }
}

/* Have places given up for those who wait; returns how long that may take until the next look. */
static uint32_t make_room(void)
{
    uint32_t state = mico_irq_save();
    size_t newcomers = mico_queue_count(&waiting);
    mico_places_wait(&places, newcomers, mico_clock_ms());
    mico_irq_restore(state);
    return newcomers > 0 ? LOOK_MS : MICO_NET_FOREVER;
}

static void accept_all(void *arg)
{
    for (;;) {
        mico_tcp tcp = MICO_TCP_NONE;
        mico_err err = mico_tcp_accept(listener, make_room(), &tcp);
        if (err == MICO_OK && mico_queue_push(&waiting, &tcp, MICO_NO_WAIT) != MICO_OK) {
            MICO_LOG("device", "too many connections: one refused");
            mico_tcp_close(tcp);
        } else if (err != MICO_OK && err != MICO_ERR_TIMEOUT) {
            MICO_LOG("device", "cannot accept a connection (%s)", mico_err_name(err));
            mico_thread_sleep_ms(1000);
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

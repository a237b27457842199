/* SPDX-License-Identifier: Apache-2.0 */
/* mDNS over UDP: one thread hears, one keeps the time; see service.h. */
#include "os/net/mdns/service.h"

#include <string.h>

#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "os/kernel/kernel.h"
#include "os/net/mdns/internal.h"
#include "os/net/net.h"
#include "os/net/udp.h"
#include "os/port/clock.h"
#include "os/port/context.h"

#define PRIORITY 4u
#define STACK_SIZE 6144u
#define TTL 255u               /* RFC 6762 section 11 */
#define ADDRESS_LOOK_MS 30000u /* how soon another address is seen */

static struct mico_mdns machine;
static struct mico_mutex lock;
static struct mico_semaphore changed;
static struct mico_thread hearer, clock;
static uint64_t hearer_stack[STACK_SIZE / sizeof(uint64_t)], clock_stack[STACK_SIZE / sizeof(uint64_t)];
static mico_udp udp = MICO_UDP_NONE;
static bool started;

static void enter(void)
{
    if (mico_mutex_lock(&lock, MICO_FOREVER) != MICO_OK) {
        mico_context_panic("mdns: its lock is held by its own waiter");
    }
}

static void leave(void)
{
    mico_mutex_unlock(&lock);
    (void)mico_semaphore_give(&changed); /* at its maximum it says the same */
}

static void send(void *ctx, const uint8_t ip[4], uint16_t port, const uint8_t *data, size_t len)
{
    mico_err err = mico_udp_send(udp, ip, port, data, len);
    if (err != MICO_OK) {
        MICO_LOG("mdns", "a message of %u bytes is not sent (%s)", (unsigned)len, mico_err_name(err));
    }
}

static uint32_t random_number(void *ctx)
{
    uint8_t bytes[4] = {0};
    mico_err err = mico_random(bytes, sizeof bytes);
    return err == MICO_OK ? mico_load_le32(bytes) : (uint32_t)mico_clock_us(); /* it is for delays only */
}

static void hear(void *arg)
{
    static uint8_t data[MICO_MDNS_PACKET_MAX];
    for (;;) {
        uint8_t ip[4];
        uint16_t port;
        size_t len;
        mico_err err = mico_udp_recv(udp, data, sizeof data, &len, ip, &port, MICO_FOREVER);
        if (err != MICO_OK) {
            mico_thread_sleep_ms(1000); /* the network may come back */
        } else if (len <= sizeof data) {
            enter();
            mico_mdns_input(&machine, ip, port, data, len, mico_clock_ms() + 1);
            leave();
        }
    }
}

static void keep_time(void *arg)
{
    for (;;) {
        struct mico_net_info info;
        mico_net_info(&info);
        if (mico_mutex_lock(&lock, MICO_FOREVER) != MICO_OK) {
            mico_context_panic("mdns: its lock is held by its own waiter");
        }
        uint64_t now = mico_clock_ms() + 1; /* above 0 */
        if (info.up) {
            mico_mdns_set_address(&machine, info.ip, info.mask, now);
        }
        uint64_t due = mico_mdns_poll(&machine, now);
        mico_mutex_unlock(&lock);
        uint64_t left = due <= now ? 0 : due - now;
        mico_err err = mico_semaphore_take(&changed, left < ADDRESS_LOOK_MS ? (uint32_t)left : ADDRESS_LOOK_MS);
        if (err == MICO_ERR_CLOSED) {
            return;
        }
    }
}

static mico_err open_socket(void)
{
    mico_err err = mico_udp_open(MICO_MDNS_PORT, true, &udp);
    if (err != MICO_OK) {
        return err;
    }
    mico_udp_multicast(udp, TTL, true); /* others on this host hear each other */
    err = mico_udp_join(udp, mdns_group);
    if (err != MICO_OK) {
        mico_udp_close(udp);
        udp = MICO_UDP_NONE;
    }
    return err;
}

mico_err mico_mdns_start(const char *host)
{
    static const struct mico_mdns_io io = {send, random_number, NULL};
    struct mico_net_info info;
    if (started) {
        return MICO_ERR_STATE;
    }
    mico_net_info(&info);
    mico_err err = mico_mdns_init(&machine, &io, host, info.ip, info.mask, mico_clock_ms() + 1);
    if (err == MICO_OK) {
        err = open_socket();
    }
    if (err != MICO_OK) {
        return err;
    }
    mico_mutex_init(&lock);
    mico_semaphore_init(&changed, 0, 1);
    started = true;
    mico_thread_create(&hearer, "mdns-hear", PRIORITY, hear, NULL, hearer_stack, sizeof hearer_stack);
    mico_thread_create(&clock, "mdns", PRIORITY, keep_time, NULL, clock_stack, sizeof clock_stack);
    return MICO_OK;
}

mico_err mico_mdns_publish(const char *instance, const char *type, uint16_t port, const uint8_t *txt, size_t txt_len,
                           uint32_t ttl_s, int *id)
{
    if (!started) {
        return MICO_ERR_STATE;
    }
    enter();
    mico_err err = mico_mdns_add(&machine, instance, type, port, txt, txt_len, ttl_s, mico_clock_ms() + 1, id);
    leave();
    return err;
}

mico_err mico_mdns_publish_txt(int id, const uint8_t *txt, size_t txt_len)
{
    enter();
    mico_err err = mico_mdns_set_txt(&machine, id, txt, txt_len, mico_clock_ms() + 1);
    leave();
    return err;
}

void mico_mdns_publish_suspend(int id)
{
    enter();
    mico_mdns_suspend(&machine, id);
    leave();
}

void mico_mdns_publish_resume(int id)
{
    enter();
    mico_mdns_resume(&machine, id, mico_clock_ms() + 1);
    leave();
}

void mico_mdns_publish_end(int id)
{
    enter();
    mico_mdns_remove(&machine, id);
    leave();
}

enum mico_mdns_state mico_mdns_publish_state(int id)
{
    enter();
    enum mico_mdns_state state = machine.services[id].owner.state;
    mico_mutex_unlock(&lock);
    return state;
}

mico_err mico_mdns_find(const char *type, mico_mdns_on_found on_found, void *ctx, int *id)
{
    if (!started) {
        return MICO_ERR_STATE;
    }
    enter();
    mico_err err = mico_mdns_browse(&machine, type, on_found, ctx, mico_clock_ms() + 1, id);
    leave();
    return err;
}

void mico_mdns_find_end(int id)
{
    enter();
    mico_mdns_browse_end(&machine, id);
    leave();
}

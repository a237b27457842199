/* SPDX-License-Identifier: Apache-2.0 */
/* The board's Ethernet as lwIP's interface: frames in by a thread that the driver's interrupt wakes, frames out straight
 * from lwIP's thread; the address comes by DHCP. */
#include "os/net/lwip/interface.h"

#include <stdbool.h>
#include <string.h>

#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/netifapi.h>
#include <lwip/tcpip.h>
#include <netif/ethernet.h>

#include "base/log.h"
#include "os/kernel/kernel.h"
#include "os/port/ethernet.h"

#define RECEIVE_PRIORITY 2u
#define HAS_ADDRESS 1u /* of the event */

static struct netif the_netif;
static bool running; /* lwIP has its thread */
static struct mico_semaphore frames;
static struct mico_event address; /* its flag stays while there is one: as many threads as like wait for it */
static struct mico_thread receiver;
static uint64_t receiver_stack[1024 / sizeof(uint64_t)];

static void wake(void *ctx)
{
    (void)mico_semaphore_give(&frames);
}

/* Give lwIP one frame; when its pool is empty the frame is lost, as on any full network. */
static void input(const uint8_t *frame, size_t len)
{
    struct pbuf *buffer = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
    if (buffer == NULL) {
        return;
    }
    if (pbuf_take(buffer, frame, (u16_t)len) != ERR_OK || the_netif.input(buffer, &the_netif) != ERR_OK) {
        pbuf_free(buffer);
    }
}

static void receive(void *arg)
{
    static uint8_t frame[MICO_ETHERNET_FRAME_MAX];
    for (;;) {
        if (mico_semaphore_take(&frames, MICO_FOREVER) != MICO_OK) {
            return;
        }
        for (size_t len = mico_ethernet_receive(frame); len > 0; len = mico_ethernet_receive(frame)) {
            input(frame, len);
        }
    }
}

static err_t output(struct netif *netif, struct pbuf *buffer)
{
    static uint8_t frame[MICO_ETHERNET_FRAME_MAX];
    if (buffer->tot_len > sizeof frame) {
        return ERR_BUF;
    }
    u16_t len = pbuf_copy_partial(buffer, frame, buffer->tot_len, 0);
    return mico_ethernet_send(frame, len) == MICO_OK ? ERR_OK : ERR_IF;
}

static err_t init(struct netif *netif)
{
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->hostname = "mico";
    netif->hwaddr_len = ETH_HWADDR_LEN;
    netif->mtu = 1500;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP |
                   NETIF_FLAG_IGMP; /* the hardware takes in every multicast frame: no filter to set */
    netif->output = etharp_output;
    netif->linkoutput = output;
    return mico_ethernet_start(netif->hwaddr, wake, NULL) == MICO_OK ? ERR_OK : ERR_IF;
}

static void changed(struct netif *netif)
{
    if (ip4_addr_isany_val(*netif_ip4_addr(netif))) {
        (void)mico_event_clear(&address, HAS_ADDRESS);
    } else {
        (void)mico_event_set(&address, HAS_ADDRESS);
    }
}

static mico_err add_interface(void)
{
    if (netifapi_netif_add(&the_netif, NULL, NULL, NULL, NULL, init, tcpip_input) != ERR_OK) {
        MICO_LOG("net", "the board has no Ethernet");
        return MICO_ERR_IO;
    }
    LOCK_TCPIP_CORE();
    netif_set_status_callback(&the_netif, changed);
    netif_set_default(&the_netif);
    netif_set_up(&the_netif);
    err_t err = dhcp_start(&the_netif);
    UNLOCK_TCPIP_CORE();
    return err == ERR_OK ? MICO_OK : MICO_ERR_IO;
}

/* Once: lwIP cannot be taken down again, so what failed stays failed. */
static mico_err start(void)
{
    mico_semaphore_init(&frames, 0, 1);
    tcpip_init(NULL, NULL);
    running = true;
    mico_err err = add_interface();
    if (err == MICO_OK) {
        mico_thread_create(&receiver, "ethernet", RECEIVE_PRIORITY, receive, NULL, receiver_stack,
                           sizeof receiver_stack);
    }
    return err;
}

mico_err mico_interface_up(uint32_t timeout_ms)
{
    static bool started;
    static mico_err outcome;
    uint32_t irq = mico_irq_save();
    bool first = !started;
    started = true;
    if (first) {
        mico_event_init(&address);
    }
    mico_irq_restore(irq);
    if (first) {
        outcome = start();
    }
    return outcome != MICO_OK
               ? outcome
               : mico_event_wait(&address, HAS_ADDRESS, MICO_EVENT_ANY | MICO_EVENT_KEEP, NULL, timeout_ms);
}

void mico_interface_address(char out[16])
{
    ip4addr_ntoa_r(netif_ip4_addr(&the_netif), out, 16);
}

void mico_interface_info(struct mico_net_info *out)
{
    memset(out, 0, sizeof *out);
    if (!running) {
        return;
    }
    LOCK_TCPIP_CORE();
    memcpy(out->ip, &netif_ip4_addr(&the_netif)->addr, 4);
    memcpy(out->mask, &netif_ip4_netmask(&the_netif)->addr, 4);
    memcpy(out->gateway, &netif_ip4_gw(&the_netif)->addr, 4);
    memcpy(out->dns, &ip_2_ip4(dns_getserver(0))->addr, 4);
    memcpy(out->mac, the_netif.hwaddr, sizeof out->mac);
    out->up = !ip4_addr_isany_val(*netif_ip4_addr(&the_netif));
    UNLOCK_TCPIP_CORE();
}

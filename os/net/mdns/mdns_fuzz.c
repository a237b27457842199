/* SPDX-License-Identifier: Apache-2.0 */
/* Any datagrams, in any order and at any time: nothing is read or written out of bounds, everything sent is well formed,
 * and every wait ends. The first byte of each datagram is its length; the second says what passes before it. */
#include <stdlib.h>
#include <string.h>

#include "os/net/mdns/mdns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t own[4] = {10, 0, 0, 1}, other[4] = {10, 0, 0, 2}, mask[4] = {255, 255, 255, 0};

static void send_out(void *ctx, const uint8_t ip[4], uint16_t port, const uint8_t *data, size_t len)
{
    struct mico_dns_message m;
    if (mico_dns_open(&m, data, len) != MICO_OK) {
        abort();
    }
}

static uint32_t no_noise(void *ctx)
{
    return 4;
}

static void on_found(void *ctx, enum mico_mdns_event event, const struct mico_mdns_found *found)
{
    if (strlen(found->instance) > MICO_MDNS_LABEL_MAX || found->txt_len > MICO_MDNS_TXT_MAX) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mico_mdns m;
    static const struct mico_mdns_io io = {send_out, no_noise, NULL};
    uint64_t now = 1;
    int id, browse;
    if (mico_mdns_init(&m, &io, "a", own, mask, now) != MICO_OK ||
        mico_mdns_add(&m, "b", "_c._d", 1, NULL, 0, 0, now, &id) != MICO_OK ||
        mico_mdns_browse(&m, "_c._d", on_found, NULL, now, &browse) != MICO_OK) {
        abort();
    }
    while (size > 2) {
        size_t len = data[0] < size - 2 ? data[0] : size - 2;
        now += (uint64_t)data[1] * data[1];
        (void)mico_mdns_poll(&m, now);
        mico_mdns_input(&m, other, data[1] == 77 ? 9 : MICO_MDNS_PORT, data + 2, len, now);
        uint64_t next = mico_mdns_poll(&m, now);
        if (next <= now && mico_mdns_poll(&m, now) <= now) {
            abort(); /* nothing stays due for ever */
        }
        data += 2 + len;
        size -= 2 + len;
    }
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A bucket of tries for each address, kept as the time at which it is full again. */
#include "cloud/broker/throttle.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

static void parse(const char *text, uint8_t out[16])
{
    memset(out, 0, 16);
    if (text && inet_pton(AF_INET6, text, out) == 1) {
        static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};
        if (memcmp(out, mapped, sizeof mapped) != 0) {
            memset(out + 8, 0, 8);
        }
    } else if (text && inet_pton(AF_INET, text, out + 12) == 1) {
        out[10] = out[11] = 0xFF;
    }
}

/* Index of the address's place; MICO_THROTTLE_PLACES when it has none. */
static size_t find(const struct mico_throttle *throttle, const uint8_t address[16])
{
    size_t i = 0;
    while (i < MICO_THROTTLE_PLACES &&
           (throttle->place[i].peaceful_ms == 0 || memcmp(throttle->place[i].address, address, 16) != 0)) {
        i++;
    }
    return i;
}

bool mico_throttle_may(const struct mico_throttle *throttle, const char *text, int64_t now_ms)
{
    uint8_t address[16];
    parse(text, address);
    size_t at = find(throttle, address);
    return at == MICO_THROTTLE_PLACES ||
           throttle->place[at].peaceful_ms <= now_ms + (MICO_THROTTLE_TRIES - 1) * MICO_THROTTLE_BACK_MS;
}

void mico_throttle_wrong(struct mico_throttle *throttle, const char *text, int64_t now_ms)
{
    uint8_t address[16];
    parse(text, address);
    size_t at = find(throttle, address);
    if (at == MICO_THROTTLE_PLACES) {
        at = 0;
        for (size_t i = 1; i < MICO_THROTTLE_PLACES; i++) {
            at = throttle->place[i].peaceful_ms < throttle->place[at].peaceful_ms ? i : at;
        }
        memcpy(throttle->place[at].address, address, 16);
        throttle->place[at].peaceful_ms = now_ms;
    }
    int64_t from_ms = throttle->place[at].peaceful_ms > now_ms ? throttle->place[at].peaceful_ms : now_ms;
    throttle->place[at].peaceful_ms = from_ms + MICO_THROTTLE_BACK_MS;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Datagrams in Ethernet frames; see wire.h. RFC 791, 768, 1112. */
#include "tests/boards/wire.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/bytes.h"

#define ETHERNET 14u
#define IP 20u
#define UDP 8u
#define HEADS (ETHERNET + IP + UDP)

static uint16_t checksum(const uint8_t *data, size_t len)
{
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < len; i += 2) {
        sum += mico_load_be16(data + i);
    }
    while (sum >> 16 != 0) {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    return (uint16_t)~sum;
}

void wire_send(int wire, uint16_t from_port, const uint8_t group[4], uint16_t to_port, const void *data, size_t len)
{
    uint8_t frame[WIRE_FRAME_MAX] = {0x01, 0x00, 0x5E, group[1] & 0x7F, group[2], group[3], 2, 0, 0, 0, 0, 77, 8, 0};
    uint8_t *ip = frame + ETHERNET, *udp = ip + IP;
    static const uint8_t from[4] = {10, 0, 2, 77};
    ip[0] = 0x45;
    mico_store_be16(ip + 2, (uint16_t)(IP + UDP + len));
    ip[8] = 255;
    ip[9] = 17;
    memcpy(ip + 12, from, 4);
    memcpy(ip + 16, group, 4);
    mico_store_be16(ip + 10, checksum(ip, IP));
    mico_store_be16(udp, from_port);
    mico_store_be16(udp + 2, to_port);
    mico_store_be16(udp + 4, (uint16_t)(UDP + len)); /* without a checksum, as IPv4 allows */
    memcpy(udp + UDP, data, len);
    (void)!send(wire, frame, HEADS + len, 0);
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

size_t wire_receive(int wire, const uint8_t group[4], uint16_t port, void *out, size_t cap, int timeout_ms)
{
    for (int64_t until = now_ms() + timeout_ms, left; (left = until - now_ms()) > 0;) {
        uint8_t frame[WIRE_FRAME_MAX];
        struct pollfd ready = {wire, POLLIN, 0};
        ssize_t got = poll(&ready, 1, (int)left) > 0 ? recv(wire, frame, sizeof frame, 0) : -1;
        const uint8_t *ip = frame + ETHERNET, *udp = ip + IP;
        if (got < (ssize_t)HEADS || frame[12] != 8 || ip[0] != 0x45 || ip[9] != 17 || memcmp(ip + 16, group, 4) != 0 ||
            mico_load_be16(udp + 2) != port) {
            continue;
        }
        size_t len = mico_load_be16(udp + 4) - UDP;
        if (len <= cap && HEADS + len <= (size_t)got) {
            memcpy(out, udp + UDP, len);
            return len;
        }
    }
    return 0;
}

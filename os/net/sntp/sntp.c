/* SPDX-License-Identifier: Apache-2.0 */
/* SNTP; see sntp.h. */
#include "os/net/sntp/sntp.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "crypto/primitives/primitives.h"
#include "os/net/readable.h"
#include "os/net/udp.h"
#include "os/port/clock.h"

/* RFC 4330 section 4. */
#define VERSION 4u
#define MODE_CLIENT 3u
#define MODE_SERVER 4u
#define LEAP_ALARM 3u
#define STRATUM_MAX 15u
#define AT_ORIGINATE 24u
#define AT_RECEIVE 32u
#define AT_TRANSMIT 40u

#define SECONDS_1900_TO_1970 2208988800ull
#define ERA_SECONDS (1ull << 32) /* the first of 1900 ends in 2036 */
#define HALF_ERA 0x80000000u

void mico_sntp_write(uint8_t out[MICO_SNTP_PACKET], const uint8_t nonce[8])
{
    memset(out, 0, MICO_SNTP_PACKET);
    out[0] = VERSION << 3 | MODE_CLIENT;
    memcpy(out + AT_TRANSMIT, nonce, 8); /* what the server repeats; it need not be our time */
}

/* Seconds and fractions of 2^-32 as microseconds since 1970. Section 3: without the top bit it is of the era of 2036. */
static uint64_t us_of(const uint8_t *at)
{
    uint64_t seconds = mico_load_be32(at), fraction = mico_load_be32(at + 4);
    seconds += seconds < HALF_ERA ? ERA_SECONDS : 0;
    return (seconds - SECONDS_1900_TO_1970) * 1000000u + (fraction * 1000000u >> 32);
}

mico_err mico_sntp_read(const uint8_t *data, size_t len, const uint8_t nonce[8], uint64_t round_us, uint64_t *utc_us)
{
    if (len < MICO_SNTP_PACKET) {
        return MICO_ERR_FORMAT;
    }
    unsigned leap = data[0] >> 6, version = data[0] >> 3 & 7u, mode = data[0] & 7u, stratum = data[1];
    if (mode != MODE_SERVER || version == 0 || version > VERSION || memcmp(data + AT_ORIGINATE, nonce, 8) != 0) {
        return MICO_ERR_FORMAT;
    }
    if (stratum == 0) {
        return MICO_ERR_DENIED; /* section 8 */
    }
    bool none = mico_load_be32(data + AT_TRANSMIT) == 0 && mico_load_be32(data + AT_TRANSMIT + 4) == 0;
    if (leap == LEAP_ALARM || stratum > STRATUM_MAX || none) {
        return MICO_ERR_STATE;
    }
    uint64_t received = us_of(data + AT_RECEIVE), sent = us_of(data + AT_TRANSMIT);
    uint64_t at_server = sent >= received && sent - received < round_us ? sent - received : 0;
    *utc_us = sent + (round_us - at_server) / 2;
    return MICO_OK;
}

/* Until the answer is there, or the time is over. */
static mico_err wait_answer(mico_udp udp, const uint8_t ip[4], uint16_t port, const uint8_t nonce[8], uint64_t asked_us,
                            uint32_t timeout_ms, uint64_t *utc_us)
{
    uint64_t start_ms = mico_clock_ms();
    for (;;) {
        uint8_t data[MICO_SNTP_PACKET], from[4];
        size_t len;
        uint16_t from_port;
        mico_err err =
            mico_udp_recv(udp, data, sizeof data, &len, from, &from_port, mico_net_left(timeout_ms, start_ms));
        if (err != MICO_OK) {
            return err;
        }
        if (from_port != port || memcmp(from, ip, 4) != 0) {
            continue;
        }
        /* longer ones carry extensions that we did not ask for, behind what we read */
        err = mico_sntp_read(data, len < sizeof data ? len : sizeof data, nonce, mico_clock_us() - asked_us, utc_us);
        if (err != MICO_ERR_FORMAT) {
            return err;
        }
    }
}

mico_err mico_sntp_ask(const uint8_t ip[4], uint16_t port, uint32_t timeout_ms, uint64_t *utc_us)
{
    uint8_t question[MICO_SNTP_PACKET], nonce[8];
    mico_udp udp;
    mico_err err = mico_random(nonce, sizeof nonce);
    if (err != MICO_OK) {
        return err;
    }
    err = mico_udp_open(0, false, &udp);
    if (err != MICO_OK) {
        return err;
    }
    mico_sntp_write(question, nonce);
    uint64_t asked_us = mico_clock_us();
    err = mico_udp_send(udp, ip, port, question, sizeof question);
    if (err == MICO_OK) {
        err = wait_answer(udp, ip, port, nonce, asked_us, timeout_ms, utc_us);
    }
    mico_udp_close(udp);
    return err;
}

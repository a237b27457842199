/* SPDX-License-Identifier: Apache-2.0 */
/* wolfSSL's bytes through the caller's io, the deadline of the running call, and the retransmission timer of DTLS, which
 * wolfSSL counts in whole units of its own and MiCO in retransmit_ms (RFC 6347 section 4.2.4). */
#include "crypto/tls/internal.h"

#include <wolfssl/internal.h>

#include "os/port/clock.h"

static uint32_t time_left(uint64_t until_ms)
{
    uint64_t now = mico_clock_ms();
    return now >= until_ms ? 0 : until_ms - now > UINT32_MAX ? UINT32_MAX : (uint32_t)(until_ms - now);
}

void tls_set_deadline(struct mico_tls *tls, uint32_t timeout_ms)
{
    tls->deadline_ms = mico_clock_ms() + timeout_ms;
    tls->waits = timeout_ms != 0;
    tls->io_error = MICO_OK;
    tls->reason[0] = '\0';
}

/* wolfSSL's WANT_READ and WANT_WRITE are one number here. */
static int io_result(struct mico_tls *tls, mico_err err, size_t moved, bool sending)
{
    if (err == MICO_OK && moved > 0) {
        return (int)moved;
    }
    tls->io_error = err == MICO_OK ? MICO_ERR_IO : err;
    tls->writing = sending;
    switch (tls->io_error) {
    case MICO_ERR_TIMEOUT:
        return WOLFSSL_CBIO_ERR_WANT_READ;
    case MICO_ERR_CLOSED:
        return WOLFSSL_CBIO_ERR_CONN_CLOSE;
    default:
        return WOLFSSL_CBIO_ERR_GENERAL;
    }
}

#ifdef WOLFSSL_DTLS
/* How long to wait for the next datagram: to the deadline, or until the timer goes off, which starts here. */
static uint32_t patience(struct mico_tls *tls, WOLFSSL *session)
{
    uint32_t left = time_left(tls->deadline_ms);
    if (!tls->datagram) {
        return left;
    }
    if (tls->retransmit_at_ms == 0 && !tls->established) {
        tls->retransmit_at_ms =
            mico_clock_ms() + (uint64_t)wolfSSL_dtls_get_current_timeout(session) * tls->retransmit_ms;
    }
    uint32_t timer = mico_tls_timer_ms(tls);
    return timer < left ? timer : left;
}

uint32_t mico_tls_timer_ms(const struct mico_tls *tls)
{
    return tls->retransmit_at_ms == 0 ? UINT32_MAX : time_left(tls->retransmit_at_ms);
}

mico_err tls_retransmit(struct mico_tls *tls)
{
    if (mico_tls_timer_ms(tls) != 0) {
        return MICO_OK;
    }
    tls->retransmit_at_ms = 0;
    if (wolfSSL_dtls_got_timeout(tls->session) == WOLFSSL_SUCCESS || tls->established) {
        return MICO_OK;
    }
    return mico_tls_say(tls, "connection: no answer, though sent again and again", MICO_ERR_TIMEOUT);
}
#else
static uint32_t patience(struct mico_tls *tls, WOLFSSL *session)
{
    return time_left(tls->deadline_ms);
}

uint32_t mico_tls_timer_ms(const struct mico_tls *tls)
{
    return UINT32_MAX;
}

mico_err tls_retransmit(struct mico_tls *tls)
{
    return MICO_OK;
}
#endif

#ifdef WOLFSSL_DTLS
/* Whether a datagram is whole records (RFC 6347 section 4.1, RFC 9147 section 4). wolfSSL would fill up a record that is cut
 * short, or whose length was altered, from the datagrams that come after it, and lose those too. */
static bool whole_records(const uint8_t *in, size_t len)
{
    while (len > 0) {
        bool unified = (in[0] & 0xE0) == 0x20, has_length = !unified || (in[0] & 0x04) != 0;
        size_t head = !unified ? 13 : 1 + (in[0] & 0x08 ? 2 : 1) + (has_length ? 2 : 0);
        if (len <= head || (unified && (in[0] & 0x10) != 0)) { /* connection ids were not agreed on */
            return false;
        }
        size_t body = has_length ? mico_load_be16(in + head - 2) : len - head;
        if (body > len - head) {
            return false;
        }
        in += head + body;
        len -= head + body;
    }
    return true;
}
#endif

static int receive_record(WOLFSSL *session, char *out, int cap, void *ctx)
{
    struct mico_tls *tls = ctx;
    size_t len = 0;
    mico_err err = tls->io.receive(tls->io.ctx, (uint8_t *)out, (size_t)cap, &len, patience(tls, session));
#ifdef WOLFSSL_DTLS
    if (err == MICO_OK && tls->datagram && !whole_records((const uint8_t *)out, len)) {
        err = MICO_ERR_TIMEOUT; /* as if it had not come */
    }
    if (err == MICO_OK && tls->established && tls->datagram && IsAtLeastTLSv1_3(session->version)) {
        tls->retransmit_at_ms = mico_clock_ms() + tls->retransmit_ms / 4; /* to acknowledge it: RFC 9147 section 7.1 */
    }
#endif
    return io_result(tls, err, len, false);
}

static int send_record(WOLFSSL *session, char *data, int len, void *ctx)
{
    struct mico_tls *tls = ctx;
    size_t sent = 0;
    mico_err err = tls->io.send(tls->io.ctx, (const uint8_t *)data, (size_t)len, &sent, time_left(tls->deadline_ms));
    tls->retransmit_at_ms = 0; /* a new flight, a new timer */
    return io_result(tls, err, sent, true);
}

void tls_io_install(WOLFSSL_CTX *context)
{
    wolfSSL_CTX_SetIORecv(context, receive_record);
    wolfSSL_CTX_SetIOSend(context, send_record);
}

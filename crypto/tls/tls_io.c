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
    tls->late = 0;
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
    return mico_tls_say(tls, "connection: no answer, though sent again and again", MICO_ERR_IO);
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
#define LAST_KIND 26   /* of records: an acknowledgement (RFC 9147) */
#define VERSION 0xFEFD /* of DTLS 1.2 */
#define RECORD_HEAD 13
#define MESSAGE_HEAD 12
#define SAMPLE 16 /* bytes of a protected record of 1.3 at the least: RFC 9147 section 4.2.3 */

/* Handshake messages without protection, after the handshake: the peer's once more, since our answer was lost (RFC 6347 section
 * 4.2.4), or anybody's. wolfSSL ends the connection by such as may not come then, and by that of the number that it takes for the
 * next one: it counts from 0 again, and has seen all others. */
static bool come_again(const WOLFSSL *session, const uint8_t *in, size_t len)
{
    static const uint32_t kinds = 1u << server_hello | 1u << session_ticket | 1u << certificate |
                                  1u << server_key_exchange | 1u << certificate_request | 1u << server_hello_done |
                                  1u << certificate_verify | 1u << client_key_exchange | 1u << certificate_status;
    while (len > 0) {
        if (len < MESSAGE_HEAD || in[0] > certificate_status || (kinds >> in[0] & 1) == 0 ||
            mico_load_be16(in + 4) == session->keys.dtls_expected_peer_handshake_number) {
            return false;
        }
        size_t size = mico_load_be32(in) & 0xFFFFFF, at = mico_load_be32(in + 5) & 0xFFFFFF,
               piece = mico_load_be32(in + 8) & 0xFFFFFF;
        if (piece > len - MESSAGE_HEAD || at + piece > size || size > RECORD_MOST) {
            return false;
        }
        in += MESSAGE_HEAD + piece;
        len -= MESSAGE_HEAD + piece;
    }
    return true;
}

/* May a record be the peer's? One that cannot is dropped (RFC 6347 section 4.1.2.7): everybody can send it. */
static bool is_possible(const struct mico_tls *tls, const WOLFSSL *session, const uint8_t *in, size_t head, size_t body)
{
    if (head != RECORD_HEAD || IsAtLeastTLSv1_3(session->version)) {
        return head == RECORD_HEAD || body >= SAMPLE;
    }
    if (mico_load_be16(in + 3) == 0) {
        bool changes = in[0] == change_cipher_spec && body == 1 && in[head] == 1;
        bool again = in[0] == handshake && mico_load_be16(in + 1) == VERSION && come_again(session, in + head, body);
        return !tls->established || changes || again;
    }
    size_t nonce = session->specs.bulk_cipher_algorithm == wolfssl_chacha ? 0 : AESGCM_EXP_IV_SZ;
    return session->specs.aead_mac_size == 0 || body >= session->specs.aead_mac_size + nonce;
}

/* Whether a datagram is whole records (RFC 6347 section 4.1, RFC 9147 section 4), each possible. wolfSSL would fill up a record
 * that is cut short, or whose length was altered, from the datagrams that come after it, and lose those too; it takes all first
 * bytes with 0x20 for a unified header. */
static bool whole_records(const struct mico_tls *tls, const WOLFSSL *session, const uint8_t *in, size_t len)
{
    while (len > 0) {
        bool known = in[0] >= change_cipher_spec && in[0] <= LAST_KIND, unified = (in[0] & 0xE0) == 0x20;
        bool has_length = !unified || (in[0] & 0x04) != 0;
        size_t head = !unified ? RECORD_HEAD : 1 + (in[0] & 0x08 ? 2 : 1) + (has_length ? 2 : 0);
        if (len <= head || !(known || unified) ||
            (unified && (in[0] & 0x10) != 0)) { /* connection ids were not agreed on */
            return false;
        }
        size_t body = has_length ? mico_load_be16(in + head - 2) : len - head;
        if (body > len - head || !is_possible(tls, session, in, head, body)) {
            return false;
        }
        in += head + body;
        len -= head + body;
    }
    return true;
}
#endif

/* Times that a call asks for more when its time is over: for what has come by then, but no flood without end. */
#define LATE 64

/* wolfSSL asks for more when it drops a datagram, or has read what is no data. MICO_ERR_TIMEOUT: too often. */
static mico_err check_patience(struct mico_tls *tls, uint32_t wait)
{
    tls->late += wait == 0;
    return wait == 0 && tls->late > LATE ? MICO_ERR_TIMEOUT : MICO_OK;
}

static int receive_record(WOLFSSL *session, char *out, int cap, void *ctx)
{
    struct mico_tls *tls = ctx;
    size_t len = 0;
    uint32_t wait = patience(tls, session);
    mico_err err = check_patience(tls, wait);
    if (err == MICO_OK) {
        err = tls->io.receive(tls->io.ctx, (uint8_t *)out, (size_t)cap, &len, wait);
    }
#ifdef WOLFSSL_DTLS
    if (err == MICO_OK && tls->datagram && !whole_records(tls, session, (const uint8_t *)out, len)) {
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

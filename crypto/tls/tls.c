/* SPDX-License-Identifier: Apache-2.0 */
/* A connection over wolfSSL: handshake, records, end. Set-up is in tls_client.c, tls_server.c and tls_context.c, the bytes
 * in tls_io.c, reasons for failures in tls_reason.c. */
#include "crypto/tls/tls.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/internal.h>

#include "crypto/primitives/wolf_platform.h"
#include "crypto/tls/internal.h"
#include "os/port/clock.h"

static void *heap_alloc(size_t len)
{
    return malloc(len);
}
/* wolfSSL does not clear all that it gives back: the schedules of AES keys, for one. */
static void heap_release(void *block)
{
    mico_wipe(block, malloc_usable_size(block));
    free(block);
}
static void *heap_resize(void *block, size_t len)
{
    return realloc(block, len); /* fragments of handshakes and identities: no secrets */
}

mico_err tls_start_library(void)
{
    static const struct mico_wolf_heap heap = {heap_alloc, heap_resize, heap_release, mico_clock_ms};
    static bool started;
    if (!started) {
        mico_wolf_use_heap(&heap);
        started = wolfSSL_Init() == WOLFSSL_SUCCESS;
    }
    return started ? MICO_OK : MICO_ERR_FULL;
}

static int step(struct mico_tls *tls)
{
#ifndef NO_WOLFSSL_SERVER
    if (tls->server != NULL) {
        int result = wolfSSL_accept(tls->session);
#ifdef WOLFSSL_DTLS
        const WOLFSSL *session = tls->session;
        tls->met = tls->met || session->options.dtlsStateful;
#endif
        return result;
    }
#endif
    return wolfSSL_connect(tls->session);
}

/* wolfSSL leaves some refusals unsaid; the peer would wait for the rest. */
static void say_refusal(struct mico_tls *tls)
{
    WOLFSSL_ALERT_HISTORY history;
    bool said = wolfSSL_get_alert_history(tls->session, &history) == WOLFSSL_SUCCESS &&
                (history.last_tx.level == alert_fatal || history.last_rx.level == alert_fatal);
    if (tls->io_error == MICO_OK && !said) {
        (void)SendAlert(tls->session, alert_fatal, handshake_failure);
    }
}

/* After an operation that did not succeed: MICO_OK to try it again, because DTLS has sent anew what was lost, or why not. */
static mico_err go_on(struct mico_tls *tls, int result)
{
    int number = wolfSSL_get_error(tls->session, result);
    if (number != WOLFSSL_ERROR_WANT_READ && number != WOLFSSL_ERROR_WANT_WRITE) {
        mico_err err = mico_tls_explain_session(tls, result);
        say_refusal(tls);
        return err;
    }
    if (mico_tls_timer_ms(tls) == 0) {
        return tls_retransmit(tls);
    }
    if (mico_clock_ms() < tls->deadline_ms) {
        return MICO_OK; /* what came was no use: wait for more */
    }
    return mico_tls_say(tls, "connection: timeout", MICO_ERR_TIMEOUT);
}

mico_err mico_tls_handshake(struct mico_tls *tls, uint32_t timeout_ms)
{
    mico_err err = tls_enter(tls);
    if (err != MICO_OK) {
        return err;
    }
    tls_set_deadline(tls, timeout_ms);
    while (err == MICO_OK && !tls->established) {
        int result = step(tls);
        tls->established = result == WOLFSSL_SUCCESS;
        err = tls->established ? MICO_OK : go_on(tls, result);
    }
    if (tls->established) {
        tls->retransmit_at_ms = 0;
    } else if (err != MICO_ERR_TIMEOUT) {
        tls_release(tls);
    }
    return tls_leave(tls, err);
}

enum mico_tls_want mico_tls_wants(const struct mico_tls *tls)
{
    return tls->writing ? MICO_TLS_WANTS_WRITE : MICO_TLS_WANTS_READ;
}

/* What failed stays failed: nothing more is sent or believed. An end is none, it is only the reader's. */
static mico_err note_failure(struct mico_tls *tls, mico_err err)
{
    if (err != MICO_OK && err != MICO_ERR_TIMEOUT && err != MICO_ERR_CLOSED) {
        tls->failed = err;
    }
    return err;
}

static mico_err check_established(struct mico_tls *tls)
{
    if (tls->failed != MICO_OK) {
        return tls->failed;
    }
    return tls->established ? MICO_OK : mico_tls_say(tls, "not connected", MICO_ERR_STATE);
}

/* Inside tls_enter. */
static mico_err write_some(struct mico_tls *tls, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
#ifdef WOLFSSL_DTLS
    if (tls->datagram && len > (size_t)wolfSSL_GetMaxOutputSize(tls->session)) {
        return mico_tls_say(tls, "data does not fit the mtu", MICO_ERR_SIZE);
    }
#endif
    tls_set_deadline(tls, timeout_ms);
    int result = wolfSSL_write(tls->session, data, len < RECORD_MOST ? (int)len : RECORD_MOST);
    if (result <= 0) {
        return note_failure(tls, mico_tls_explain_session(tls, result));
    }
    *sent = (size_t)result;
    return MICO_OK;
}

mico_err mico_tls_write_some(struct mico_tls *tls, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    *sent = 0;
    mico_err err = check_established(tls);
    if (err == MICO_OK && len != 0) {
        err = tls_enter(tls);
        err = err == MICO_OK ? tls_leave(tls, write_some(tls, data, len, sent, timeout_ms)) : err;
    }
    return err;
}

mico_err mico_tls_write(struct mico_tls *tls, const uint8_t *data, size_t len, uint32_t timeout_ms)
{
    uint64_t deadline = mico_clock_ms() + timeout_ms;
    mico_err err = check_established(tls);
    while (err == MICO_OK && len > 0) {
        size_t sent;
        uint64_t now = mico_clock_ms();
        err = mico_tls_write_some(tls, data, len, &sent, now < deadline ? (uint32_t)(deadline - now) : 0);
        data += sent;
        len -= sent;
    }
    return err;
}

/* Inside tls_enter. */
static mico_err read_some(struct mico_tls *tls, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    mico_err err = MICO_OK;
    tls_set_deadline(tls, timeout_ms);
    while (err == MICO_OK) {
        int result = wolfSSL_read(tls->session, out, cap < RECORD_MOST ? (int)cap : RECORD_MOST);
        if (result > 0) {
            *len = (size_t)result;
            return MICO_OK;
        }
        err = note_failure(tls, go_on(tls, result));
    }
    return err;
}

mico_err mico_tls_read(struct mico_tls *tls, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    *len = 0;
    mico_err err = check_established(tls);
    if (err == MICO_OK && cap == 0) {
        return MICO_ERR_SIZE;
    }
    if (err == MICO_OK) {
        err = tls_enter(tls);
    }
    if (err == MICO_OK) {
        err = tls_leave(tls, read_some(tls, out, cap, len, timeout_ms));
    }
    if (err != MICO_OK) {
        mico_wipe(out, *len);
        *len = 0;
    }
    return err;
}

bool mico_tls_ended_well(const struct mico_tls *tls)
{
    return tls->good_bye;
}

size_t mico_tls_pending(const struct mico_tls *tls)
{
    mico_wolf_lock();
    size_t pending = tls->established ? (size_t)wolfSSL_pending(tls->session) : 0;
    mico_wolf_unlock();
    return pending;
}

void mico_tls_close(struct mico_tls *tls)
{
    bool stands = tls->established && tls->failed == MICO_OK && tls->io_error != MICO_ERR_CLOSED;
    if (stands && tls_enter(tls) == MICO_OK) {
        tls_set_deadline(tls, tls->waits ? 1000 : 0);
        (void)wolfSSL_shutdown(tls->session); /* our close_notify; the peer's is not waited for */
    }
    tls_release(tls);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* SDK v3's TLS: a handful of connections by small numbers, over crypto/tls and the SDK's sockets. */
#include "os/sdk/mico_ssl.h"

#include <string.h>

#include "base/log.h"
#include "crypto/tls/tls_key.h"
#include "crypto/tls/tls_server.h"
#include "os/kernel/kernel.h"
#include "os/port/context.h"
#include "os/sdk/descriptor.h"
#include "os/sdk/mico_system.h"
#include "os/sdk/pem.h"

#define CONNECTIONS 4
#define CHAIN_MAX 4096
#define ROOTS_MAX 8
#define HANDSHAKE_MS 30000u

struct connection {
    bool used, serves;
    int fd, error; /* SSL_ERROR_… of the last call */
    bool nonblocking;
    struct mico_tls tls;
    struct mico_tls_server server;
};

struct identity {
    uint8_t chain[CHAIN_MAX];
    size_t chain_len;
    psa_key_id_t key;
};

/* Connections are taken and given back, and identities and the buffer of roots used, under the lock; a connection in use is its
 * user's. */
static struct connection connections[CONNECTIONS];
static struct identity server_identity, client_identity;
static uint8_t roots_der[CHAIN_MAX];

static struct mico_mutex mutex;

static void lock(void)
{
    static bool ready;
    uint32_t state = mico_irq_save();
    if (!ready) {
        mico_mutex_init(&mutex);
        ready = true;
    }
    mico_irq_restore(state);
    (void)!mico_mutex_lock(&mutex, MICO_FOREVER);
}

static void unlock(void)
{
    (void)mico_mutex_unlock(&mutex);
}

/* --- the socket below --------------------------------------------------------------------------------------------------- */

static mico_err send_below(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    const struct connection *c = ctx;
    *sent = 0;
    struct sdk_descriptor *d = sdk_descriptor_hold(c->fd, SDK_DESCRIPTOR_CONNECTION);
    if (d == NULL) {
        return MICO_ERR_CLOSED;
    }
    mico_err err = mico_tcp_send_some(d->tcp, data, len, sent, timeout_ms);
    sdk_descriptor_let_go(d);
    return err;
}

static mico_err receive_below(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    const struct connection *c = ctx;
    *len = 0;
    struct sdk_descriptor *d = sdk_descriptor_hold(c->fd, SDK_DESCRIPTOR_CONNECTION);
    if (d == NULL) {
        return MICO_ERR_CLOSED;
    }
    mico_err err = sdk_descriptor_await(d, timeout_ms);
    if (err == MICO_OK) {
        err = mico_tcp_recv(d->tcp, out, cap, len, 0);
    }
    sdk_descriptor_let_go(d);
    return err == MICO_ERR_STATE ? MICO_ERR_CLOSED : err;
}

/* What the socket was told, unless TLS was told not to wait at all. */
static uint32_t patience(const struct connection *c, bool sending)
{
    uint32_t limit = MICO_FOREVER;
    struct sdk_descriptor *d = sdk_descriptor_hold(c->fd, SDK_DESCRIPTOR_CONNECTION);
    if (d != NULL) {
        limit = d->nonblocking ? 0 : sending ? d->send_ms : d->receive_ms;
        sdk_descriptor_let_go(d);
    }
    return c->nonblocking ? 0 : limit;
}

/* --- connections -------------------------------------------------------------------------------------------------------- */

static struct connection *find(mico_ssl_t ssl)
{
    uintptr_t number = (uintptr_t)ssl;
    bool known = number >= 1 && number <= CONNECTIONS && connections[number - 1].used;
    return known ? &connections[number - 1] : NULL;
}

static mico_ssl_t name_of(const struct connection *c)
{
    return (mico_ssl_t)(uintptr_t)(c - connections + 1);
}

static struct connection *take(int fd)
{
    lock();
    struct connection *c = NULL;
    for (size_t i = 0; i < CONNECTIONS && c == NULL; i++) {
        c = connections[i].used ? NULL : &connections[i];
    }
    if (c != NULL) {
        memset(c, 0, sizeof *c);
        c->used = true;
        c->fd = fd;
    }
    unlock();
    return c;
}

static void give_back(struct connection *c)
{
    lock();
    if (c->serves) {
        mico_tls_server_close(&c->server);
    }
    mico_wipe(c, sizeof *c);
    unlock();
}

/* Not mico_time_get_utc_time, whose 32 bits begin anew in 2106. */
static uint64_t now_s(void)
{
    mico_utc_time_ms_t now_ms = 0;
    (void)mico_time_get_utc_time_ms(&now_ms);
    return now_ms / 1000;
}

static OSStatus status_of(mico_err err)
{
    switch (err) {
    case MICO_OK:
        return kNoErr;
    case MICO_ERR_TIMEOUT:
        return kTimeoutErr;
    case MICO_ERR_AUTH:
        return kAuthenticationErr;
    case MICO_ERR_PARAM:
    case MICO_ERR_FORMAT:
        return kMalformedErr;
    case MICO_ERR_FULL:
        return kNoMemoryErr;
    case MICO_ERR_CLOSED:
    case MICO_ERR_IO:
        return kConnectionErr;
    default:
        return kGeneralErr;
    }
}

/* --- what TLS is told beforehand ------------------------------------------------------------------------------------------ */

static mico_err read_chain(struct identity *identity, const char *pem)
{
    size_t len;
    identity->chain_len = 0;
    for (;;) {
        mico_err err = sdk_pem_next(&pem, "CERTIFICATE", identity->chain + identity->chain_len,
                                    CHAIN_MAX - identity->chain_len, &len);
        if (err != MICO_OK || len == 0) {
            return err != MICO_OK ? err : identity->chain_len == 0 ? MICO_ERR_FORMAT : MICO_OK;
        }
        identity->chain_len += len;
    }
}

static mico_err read_key(struct identity *identity, const char *pem)
{
    uint8_t der[2400]; /* RSA of 4096 bits */
    size_t len;
    mico_err err = sdk_pem_next(&pem, "PRIVATE KEY", der, sizeof der, &len);
    if (err == MICO_OK) {
        err = len == 0 ? MICO_ERR_FORMAT : mico_tls_import_key((struct mico_span){der, len}, &identity->key);
    }
    mico_wipe(der, sizeof der);
    return err;
}

static void set_identity(struct identity *identity, const char *chain, const char *key)
{
    lock();
    if (identity->key != 0) {
        (void)psa_destroy_key(identity->key);
    }
    identity->key = 0;
    identity->chain_len = 0;
    mico_err err = chain == NULL || key == NULL ? MICO_OK : read_chain(identity, chain); /* NULL: none any more */
    if (err == MICO_OK && chain != NULL && key != NULL) {
        err = read_key(identity, key);
    }
    if (err != MICO_OK) {
        identity->chain_len = 0;
        MICO_LOG("sdk", "ssl: the certificate or its key cannot be used (%s)", mico_err_name(err));
    }
    unlock();
}

void ssl_set_cert(const char *_cert_pem, const char *private_key_pem)
{
    set_identity(&server_identity, _cert_pem, private_key_pem);
}

void ssl_set_client_cert(const char *_cert_pem, const char *private_key_pem)
{
    set_identity(&client_identity, _cert_pem, private_key_pem);
}

void ssl_set_client_version(ssl_version_type_t version)
{
    (void)version; /* 1.2, the only one of them that is not broken */
}

/* --- calls ---------------------------------------------------------------------------------------------------------------- */

/* Under the lock: config's certificates are in buffers that all share. */
static mico_err open_client(struct connection *c, const char *ca)
{
    struct mico_span roots[ROOTS_MAX];
    size_t count = 0, used = 0, len = 1;
    mico_err err = MICO_OK;
    while (ca != NULL && count < ROOTS_MAX && err == MICO_OK && len != 0) {
        err = sdk_pem_next(&ca, "CERTIFICATE", roots_der + used, sizeof roots_der - used, &len);
        if (err == MICO_OK && len != 0) {
            roots[count++] = (struct mico_span){roots_der + used, len};
            used += len;
        }
    }
    if (err != MICO_OK || (ca != NULL && count == 0)) {
        return MICO_ERR_FORMAT;
    }
    const struct mico_tls_config config = {
        .roots = roots,
        .root_count = count,
        .checks = count == 0 ? MICO_TLS_CHECK_NOTHING : MICO_TLS_CHECK_CHAIN,
        .chain = {client_identity.chain, client_identity.chain_len},
        .key = client_identity.key,
        .now_s = now_s(),
        .io = {c, send_below, receive_below},
    };
    return mico_tls_open(&c->tls, &config);
}

static mico_ssl_t finish(struct connection *c, mico_err err, int *error)
{
    if (err != MICO_OK) {
        MICO_LOG("sdk", "ssl: no connection: %s (%s)", mico_tls_reason(&c->tls), mico_err_name(err));
        mico_tls_close(&c->tls);
        give_back(c);
    }
    if (error != NULL) {
        *error = (int)status_of(err);
    }
    return err == MICO_OK ? name_of(c) : NULL;
}

mico_ssl_t ssl_nonblock_connect(int fd, int calen, char *ca, int *error, int timeout)
{
    struct connection *c = take(fd);
    if (c == NULL) {
        if (error != NULL) {
            *error = kNoResourcesErr;
        }
        return NULL;
    }
    lock();
    mico_err err = open_client(c, calen > 0 ? ca : NULL);
    unlock();
    if (err == MICO_OK) {
        err = mico_tls_handshake(&c->tls, timeout > 0 ? (uint32_t)timeout : HANDSHAKE_MS);
    }
    return finish(c, err, error);
}

mico_ssl_t ssl_connect(int fd, int calen, char *ca, int *error)
{
    return ssl_nonblock_connect(fd, calen, ca, error, 0);
}

mico_ssl_t ssl_accept(int fd)
{
    struct connection *c = take(fd);
    if (c == NULL) {
        return NULL;
    }
    lock();
    const struct mico_tls_server_config config = {.base = {.chain = {server_identity.chain, server_identity.chain_len},
                                                           .key = server_identity.key,
                                                           .now_s = now_s()}};
    struct mico_tls_io io = {c, send_below, receive_below};
    mico_err err = mico_tls_server_open(&c->server, &config);
    c->serves = err == MICO_OK;
    if (err == MICO_OK) {
        err = mico_tls_accept_open(&c->server, &c->tls, &io, (struct mico_span){0}, now_s());
    }
    unlock();
    if (err == MICO_OK) {
        err = mico_tls_handshake(&c->tls, HANDSHAKE_MS);
    }
    return finish(c, err, NULL);
}

/* How a call ended, for ssl_get_error; what it returns. */
static int note(struct connection *c, mico_err err, size_t moved, bool reading)
{
    switch (err) {
    case MICO_OK:
        c->error = SSL_ERROR_NONE;
        return (int)moved;
    case MICO_ERR_TIMEOUT:
        c->error = mico_tls_wants(&c->tls) == MICO_TLS_WANTS_WRITE ? SSL_ERROR_WANT_WRITE : SSL_ERROR_WANT_READ;
        return -1;
    case MICO_ERR_CLOSED:
        c->error = reading ? SSL_ERROR_ZERO_RETURN : SSL_ERROR_SYSCALL;
        return reading ? 0 : -1;
    case MICO_ERR_IO:
        c->error = SSL_ERROR_SYSCALL;
        return -1;
    default:
        c->error = SSL_ERROR_SSL;
        return -1;
    }
}

int ssl_send(mico_ssl_t ssl, const void *data, size_t len)
{
    struct connection *c = find(ssl);
    size_t sent = 0;
    if (c == NULL || (data == NULL && len != 0) || len > INT32_MAX) {
        return -1;
    }
    uint32_t limit = patience(c, true);
    while (sent < len) {
        size_t piece;
        mico_err err = mico_tls_write_some(&c->tls, (const uint8_t *)data + sent, len - sent, &piece, limit);
        sent += piece;
        if (err != MICO_OK) {
            return sent > 0 && err == MICO_ERR_TIMEOUT ? note(c, MICO_OK, sent, false) : note(c, err, 0, false);
        }
    }
    return note(c, MICO_OK, sent, false);
}

int ssl_recv(mico_ssl_t ssl, void *data, size_t len)
{
    struct connection *c = find(ssl);
    size_t got = 0;
    if (c == NULL || data == NULL || len == 0 || len > INT32_MAX) {
        return -1;
    }
    mico_err err = mico_tls_read(&c->tls, data, len, &got, patience(c, false));
    return note(c, err, got, true);
}

int ssl_close(mico_ssl_t ssl)
{
    struct connection *c = find(ssl);
    if (c == NULL) {
        return kGeneralErr;
    }
    mico_tls_close(&c->tls);
    give_back(c);
    return kNoErr;
}

int ssl_pending(mico_ssl_t ssl)
{
    const struct connection *c = find(ssl);
    return c == NULL ? 0 : (int)mico_tls_pending(&c->tls);
}

int ssl_get_error(mico_ssl_t ssl, int ret)
{
    const struct connection *c = find(ssl);
    return c == NULL ? SSL_ERROR_SSL : ret > 0 ? SSL_ERROR_NONE : c->error;
}

void ssl_set_using_nonblock(mico_ssl_t ssl, int nonblock)
{
    struct connection *c = find(ssl);
    if (c != NULL) {
        c->nonblocking = nonblock != 0;
    }
}

int ssl_socket(mico_ssl_t ssl)
{
    const struct connection *c = find(ssl);
    return c == NULL ? -1 : c->fd;
}

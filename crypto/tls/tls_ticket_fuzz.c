/* SPDX-License-Identifier: Apache-2.0 */
/* A server and the tickets that clients present to it: RFC 5077's in TLS and DTLS 1.2, pre-shared key identities in 1.3. Servers live as
 * long as the fuzzer, since a ticket is for the server that made it; randomness and time begin anew with each input.
 *
 * input: kind (1): 1 datagrams, 2 version 1.3, 4 open, 8 hello; edits (1); then fuzz_edit's.
 *
 * Edited is the ticket in a client's session, so that the client's hello around it is right, its binder in 1.3 too. A server whose
 * tickets are open takes and gives them as they are, so that an edit comes through to what reads the contents; of one whose
 * tickets are sealed, an altered ticket resumes nothing. With hello, the resuming client's first message is edited instead, and the
 * server alone answers: it may not believe it. */
#include <stdlib.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/internal.h>

#include "crypto/primitives/primitives.h"
#include "crypto/tls/internal.h"
#include "crypto/tls/tls_fuzz.h"
#include "crypto/tls/tls_fuzz_certificates.h"

#define KINDS 8
#define OPEN 4
#define HELLO 8
#define WIRE 8192
#define SESSION_HEAD 9 /* of tls_resume.c's bytes; behind all is a sum of 8 */

/* Pieces of two bytes of length and so many bytes. */
struct wire {
    uint8_t bytes[WIRE];
    size_t len, at;
};

static struct wire up, down;
static struct mico_tls_server servers[KINDS];
static struct {
    uint8_t session[MICO_TLS_SESSION_SIZE];
    size_t len, ticket_at, ticket_len;
    struct wire hello;
} recorded[KINDS];
static struct mico_span root = {fuzz_root, sizeof fuzz_root};
static psa_key_id_t server_key;

static mico_err put(struct wire *wire, const uint8_t *data, size_t len, size_t *sent)
{
    *sent = len;
    if (len <= WIRE - 2 - wire->len) {
        mico_store_be16(wire->bytes + wire->len, (uint16_t)len);
        memcpy(wire->bytes + wire->len + 2, data, len);
        wire->len += 2 + len;
    }
    return MICO_OK;
}

static mico_err take(struct wire *wire, uint8_t *out, size_t cap, size_t *len)
{
    *len = 0;
    if (wire->len - wire->at < 3) {
        return MICO_ERR_TIMEOUT;
    }
    size_t left = wire->len - wire->at - 2, piece = mico_load_be16(wire->bytes + wire->at);
    piece = piece < left ? piece : left;
    size_t some = piece < cap ? piece : cap;
    memcpy(out, wire->bytes + wire->at + 2, some);
    wire->at += 2 + some;
    if (some < piece) { /* the rest is a piece */
        wire->at -= 2;
        mico_store_be16(wire->bytes + wire->at, (uint16_t)(piece - some));
    }
    *len = some;
    return some == 0 ? MICO_ERR_TIMEOUT : MICO_OK;
}

static mico_err send_up(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    return put(&up, data, len, sent);
}
static mico_err send_down(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    return put(&down, data, len, sent);
}
static mico_err receive_up(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return take(&up, out, cap, len);
}
static mico_err receive_down(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return take(&down, out, cap, len);
}
static const struct mico_tls_io client_io = {NULL, send_up, receive_down}, server_io = {NULL, send_down, receive_up};

/* Tickets that are not sealed; wolfSSL insists that something was done to them. */
static int pass_through(WOLFSSL *session, unsigned char *name, unsigned char *iv, unsigned char *mac, int sealing,
                        unsigned char *ticket, int len, int *out_len, void *ctx)
{
    if (!sealing && len != sizeof(InternalTicket)) {
        return WOLFSSL_TICKET_RET_REJECT; /* as wolfSSL's own, which relies on it: the length is the client's word */
    }
    if (sealing) {
        memset(name, 'n', WOLFSSL_TICKET_NAME_SZ);
        memset(iv, 'i', WOLFSSL_TICKET_IV_SZ);
        memset(mac, 'm', WOLFSSL_TICKET_MAC_SZ);
    }
    for (int i = 0; i < len; i++) {
        ticket[i] ^= 0xFF;
    }
    *out_len = len;
    return WOLFSSL_TICKET_RET_OK;
}

static struct mico_tls_config config_of(unsigned kind)
{
    return (struct mico_tls_config){.now_s = FUZZ_NOW_S,
                                    .datagram = kind & 1,
                                    .version = kind & 2 ? MICO_TLS_1_3 : MICO_TLS_1_2,
                                    .roots = &root,
                                    .root_count = 1,
                                    .server_name = "a.example",
                                    .io = client_io};
}

static void open_server(unsigned kind)
{
    struct mico_tls_server_config config = {.base = config_of(kind)};
    config.base.chain = MICO_SPAN(fuzz_server);
    config.base.key = server_key;
    fuzz_side = FUZZ_SERVER;
    if (mico_tls_server_open(&servers[kind], &config) != MICO_OK) {
        abort();
    }
    if (kind & OPEN) {
        wolfSSL_CTX_set_TicketEncCb(servers[kind].context, pass_through);
    }
}

static void accept_client(unsigned kind, struct mico_tls *served)
{
    fuzz_side = FUZZ_SERVER;
    tls_sessions_forget(&servers[kind]); /* tickets alone resume */
    if (mico_tls_accept_open(&servers[kind], served, &server_io, MICO_SPAN("peer"), FUZZ_NOW_S) != MICO_OK) {
        abort();
    }
}

/* Both sides as far as they come. A side that failed keeps still. */
static void shake(struct mico_tls *client, struct mico_tls *served)
{
    mico_err client_err = MICO_ERR_TIMEOUT, served_err = MICO_ERR_TIMEOUT;
    for (int i = 0; i < 12; i++) {
        fuzz_side = FUZZ_CLIENT;
        client_err = client_err == MICO_ERR_TIMEOUT ? mico_tls_handshake(client, 0) : client_err;
        fuzz_side = FUZZ_SERVER;
        served_err = served_err == MICO_ERR_TIMEOUT ? mico_tls_handshake(served, 0) : served_err;
    }
}

static void begin(void)
{
    memset(&up, 0, sizeof up);
    memset(&down, 0, sizeof down);
    fuzz_restart();
}

/* Whether a client with this session stands with the server, and resumed. */
static bool resumes(unsigned kind, struct mico_span session)
{
    struct mico_tls client, served;
    struct mico_tls_config config = config_of(kind);
    config.session = session;
    begin();
    fuzz_side = FUZZ_CLIENT;
    if (mico_tls_open(&client, &config) != MICO_OK) {
        abort();
    }
    accept_client(kind, &served);
    shake(&client, &served);
    bool resumed = served.established && mico_tls_resumed(&served);
    mico_tls_close(&client);
    mico_tls_close(&served);
    return resumed;
}

/* A whole handshake, for a session; where its ticket is; and the hello of a client that comes back with it. */
static void record(unsigned kind)
{
    struct mico_tls client, served;
    struct mico_tls_config config = config_of(kind);
    uint8_t byte;
    size_t len;
    begin();
    open_server(kind);
    fuzz_side = FUZZ_CLIENT;
    if (mico_tls_open(&client, &config) != MICO_OK) {
        abort();
    }
    accept_client(kind, &served);
    shake(&client, &served);
    fuzz_side = FUZZ_CLIENT;
    (void)!mico_tls_read(&client, &byte, 1, &len, 0); /* TLS 1.3's ticket */
    if (!client.established ||
        mico_tls_save_session(&client, recorded[kind].session, MICO_TLS_SESSION_SIZE, &recorded[kind].len) != MICO_OK) {
        abort();
    }
    const WOLFSSL_SESSION *session = wolfSSL_get_session(client.session);
    const uint8_t *ticket = memmem(recorded[kind].session, recorded[kind].len, session->ticket, session->ticketLen);
    if (session->ticketLen == 0 || ticket == NULL) {
        abort();
    }
    recorded[kind].ticket_at = (size_t)(ticket - recorded[kind].session);
    recorded[kind].ticket_len = session->ticketLen;
    mico_tls_close(&client);
    mico_tls_close(&served);
    if (!resumes(kind, (struct mico_span){recorded[kind].session, recorded[kind].len})) {
        abort(); /* the resumption that all others are edits of */
    }
    recorded[kind].hello = up;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    server_key = fuzz_key(0x22);
    for (unsigned kind = 0; kind < KINDS; kind++) {
        record(kind);
    }
    return 0;
}

/* The same session with another ticket, and a sum that fits. */
static size_t session_with(unsigned kind, struct mico_span ticket, uint8_t out[MICO_TLS_SESSION_SIZE])
{
    uint8_t hash[32];
    size_t before = recorded[kind].ticket_at, behind = before + recorded[kind].ticket_len;
    struct mico_writer w = mico_writer_of(out, MICO_TLS_SESSION_SIZE);
    mico_write_bytes(&w, recorded[kind].session, before - 2);
    mico_write_be16(&w, (uint16_t)ticket.len);
    mico_write_bytes(&w, ticket.data, ticket.len);
    mico_write_bytes(&w, recorded[kind].session + behind, recorded[kind].len - behind - 8);
    mico_sha256(out, w.len, hash);
    mico_write_bytes(&w, hash, 8);
    if (w.failed) {
        abort();
    }
    return w.len;
}

static void edit_ticket(unsigned kind, struct mico_reader *input, unsigned edits)
{
    static uint8_t session[MICO_TLS_SESSION_SIZE];
    uint8_t ticket[1024];
    const uint8_t *good = recorded[kind].session + recorded[kind].ticket_at;
    size_t good_len = recorded[kind].ticket_len;
    memcpy(ticket, good, good_len);
    size_t len = fuzz_edit(input, edits, ticket, good_len, sizeof ticket);
    /* wolfSSL keeps 32 bytes for a tag that has 16, and passes over what is behind. */
    bool same = len == good_len && memcmp(ticket, good, len) == 0;
    bool sealed = len >= good_len && memcmp(ticket, good, good_len - 16) == 0;
    bool resumed =
        resumes(kind, (struct mico_span){session, session_with(kind, (struct mico_span){ticket, len}, session)});
    if ((kind & OPEN) == 0 && ((resumed && !sealed) || (same && !resumed))) {
        abort(); /* an altered ticket was believed, or a good one was not */
    }
}

static void edit_hello(unsigned kind, struct mico_reader *input, unsigned edits)
{
    struct mico_tls served;
    begin();
    up = recorded[kind].hello;
    up.at = 0;
    up.len = fuzz_edit(input, edits, up.bytes, up.len, WIRE);
    accept_client(kind, &served);
    mico_err err = MICO_ERR_TIMEOUT;
    for (int i = 0; i < 8 && err == MICO_ERR_TIMEOUT; i++) {
        err = mico_tls_handshake(&served, 0);
    }
    mico_tls_close(&served);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mico_reader input = mico_reader_of(data, size);
    uint8_t kind = mico_read_u8(&input), edits = mico_read_u8(&input) % 8;
    if (!input.failed) {
        (kind & HELLO ? edit_hello : edit_ticket)(kind % KINDS, &input, edits);
    }
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Handshakes of either side against what a peer may send: the peer's bytes of a real handshake, with edits. Randomness and time
 * never differ, so that the unedited bytes lead to the end, and an edit anywhere is met in the state that belongs to it.
 *
 * input: kind (1): side, datagrams, version, pre-shared key, raw, session, time; edits (1); then fuzz_edit's, or the peer's bytes
 * raw. With session, a client's saved session is edited instead, its check sum made good again, and nothing is answered. With time,
 * each wait takes a second, so that flights of datagrams are sent again. */
#include <stdlib.h>
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "crypto/tls/tls_fuzz.h"
#include "crypto/tls/tls_fuzz_certificates.h"

#define WIRE 8192

/* What one side sent: pieces, a length of two bytes before each. */
struct wire {
    uint8_t bytes[WIRE];
    size_t len, at;
};

static struct wire recorded[16], edited, *in_wire, *out_wire;
static uint8_t sessions[16][MICO_TLS_SESSION_SIZE];
static size_t session_len[16];
static psa_key_id_t server_key, client_key;
static bool time_passes;
static const uint8_t psk_key[16] = "0123456789abcde";
static struct mico_span root = {fuzz_root, sizeof fuzz_root};

static mico_err send(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    *sent = len;
    if (out_wire != NULL && len <= WIRE - 2 - out_wire->len) {
        mico_store_be16(out_wire->bytes + out_wire->len, (uint16_t)len);
        memcpy(out_wire->bytes + out_wire->len + 2, data, len);
        out_wire->len += 2 + len;
    }
    return MICO_OK;
}

/* Nothing comes. */
static mico_err wait(void)
{
    fuzz_ms += time_passes ? 1000 : 0;
    return MICO_ERR_TIMEOUT;
}

/* A piece of length 0xFFFF, or one that the end cuts, is what is left. */
static mico_err receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    size_t left = in_wire->len - in_wire->at;
    *len = 0;
    if (left < 3) {
        return out_wire != NULL || time_passes ? wait() : MICO_ERR_CLOSED;
    }
    size_t piece = mico_load_be16(in_wire->bytes + in_wire->at);
    piece = piece < left - 2 ? piece : left - 2;
    if (piece == 0) {
        in_wire->at += 2;
        return wait();
    }
    size_t take = piece < cap ? piece : cap;
    memcpy(out, in_wire->bytes + in_wire->at + 2, take);
    in_wire->at += 2 + take;
    if (take < piece) { /* the rest is a piece */
        in_wire->at -= 2;
        mico_store_be16(in_wire->bytes + in_wire->at, (uint16_t)(piece - take));
    }
    *len = take;
    return MICO_OK;
}

static const struct mico_tls_io io = {NULL, send, receive};

static struct mico_tls_config config_of(uint8_t kind)
{
    struct mico_tls_config config = {.now_s = FUZZ_NOW_S,
                                     .datagram = kind & 2,
                                     .version = kind & 4 ? MICO_TLS_1_3 : MICO_TLS_1_2,
                                     .alpn = "a,b",
                                     .io = io};
    if (kind & 8) {
        config.psk = (struct mico_tls_psk){"id", MICO_SPAN(psk_key)};
    } else {
        config.roots = &root;
        config.root_count = 1;
        config.server_name = "a.example";
        config.chain = (struct mico_span){fuzz_client, sizeof fuzz_client};
        config.key = client_key;
    }
    return config;
}

static void open_client(struct mico_tls *client, uint8_t kind, struct mico_span session)
{
    struct mico_tls_config config = config_of(kind);
    config.session = session;
    fuzz_side = FUZZ_CLIENT;
    if (mico_tls_open(client, &config) != MICO_OK) {
        abort();
    }
}

static void open_server(struct mico_tls_server *server, struct mico_tls *served, uint8_t kind)
{
    struct mico_tls_server_config config = {.base = config_of(kind)};
    if (config.base.root_count != 0) {
        config.base.chain = (struct mico_span){fuzz_server, sizeof fuzz_server};
        config.base.key = server_key;
        config.clients = MICO_TLS_CLIENTS_REQUIRED;
    }
    fuzz_side = FUZZ_SERVER;
    if (mico_tls_server_open(server, &config) != MICO_OK ||
        mico_tls_accept_open(server, served, &io, MICO_SPAN("peer"), FUZZ_NOW_S) != MICO_OK) {
        abort();
    }
}

/* Both sides once, for what they send; kind & 1 does not matter. */
static void record(uint8_t kind)
{
    struct mico_tls client, served;
    struct mico_tls_server server;
    struct wire *up = &recorded[kind | 1], *down = &recorded[kind & ~1];
    uint8_t byte;
    size_t len;
    fuzz_restart();
    open_client(&client, kind, (struct mico_span){0});
    open_server(&server, &served, kind);
    for (int i = 0; i < 20 && !(client.established && served.established); i++) {
        fuzz_side = FUZZ_CLIENT;
        out_wire = up;
        in_wire = down;
        (void)!mico_tls_handshake(&client, 0);
        fuzz_side = FUZZ_SERVER;
        out_wire = down;
        in_wire = up;
        (void)!mico_tls_handshake(&served, 0);
    }
    if (!client.established || !served.established) {
        abort(); /* the handshake that all others are edits of */
    }
    fuzz_side = FUZZ_CLIENT;
    out_wire = up;
    if (mico_tls_write(&client, (const uint8_t *)"data", 4, 0) != MICO_OK) {
        abort();
    }
    fuzz_side = FUZZ_SERVER;
    out_wire = down;
    if (mico_tls_write(&served, (const uint8_t *)"data", 4, 0) != MICO_OK) {
        abort();
    }
    out_wire = NULL;
    in_wire = down;
    fuzz_side = FUZZ_CLIENT;
    (void)!mico_tls_read(&client, &byte, 1, &len, 0); /* the tickets of TLS 1.3 */
    if (mico_tls_save_session(&client, sessions[kind], sizeof sessions[kind], &session_len[kind]) != MICO_OK ||
        session_len[kind] == 0) {
        abort();
    }
    mico_tls_close(&client);
    mico_tls_close(&served);
    mico_tls_server_close(&server);
}

static void one_side(uint8_t kind, struct mico_span session, bool whole)
{
    struct mico_tls tls;
    struct mico_tls_server server;
    uint8_t out[64];
    size_t len;
    fuzz_restart();
    if (kind & 1) {
        open_server(&server, &tls, kind);
    } else {
        open_client(&tls, kind, session);
    }
    mico_err err = MICO_ERR_TIMEOUT;
    for (int i = 0; i < 100 && err == MICO_ERR_TIMEOUT; i++) {
        err = mico_tls_handshake(&tls, 0);
    }
    for (int i = 0; i < 4 && err == MICO_OK; i++) {
        (void)!mico_tls_read(&tls, out, sizeof out, &len, 0);
    }
    if (whole && err != MICO_OK) {
        abort(); /* the recorded bytes no longer fit our own randomness */
    }
    mico_tls_close(&tls);
    if (kind & 1) {
        mico_tls_server_close(&server);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    server_key = fuzz_key(0x22);
    client_key = fuzz_key(0x33);
    for (uint8_t kind = 0; kind < 16; kind += 2) {
        record(kind);
        for (uint8_t side = 0; side < 2; side++) {
            edited = recorded[kind | side]; /* up for the server, down for the client */
            edited.at = 0;
            in_wire = &edited;
            one_side(kind | side, (struct mico_span){0}, true);
        }
    }
    return 0;
}

static void edit_session(struct mico_reader *input, uint8_t kind, uint8_t edits)
{
    static uint8_t room[MICO_TLS_SESSION_SIZE];
    uint8_t hash[32];
    memcpy(room, sessions[kind], sizeof room);
    size_t len = fuzz_edit(input, edits, room, session_len[kind], sizeof room);
    if (len > 8) {
        mico_sha256(room, len - 8, hash);
        memcpy(room + len - 8, hash, 8);
    }
    memset(&edited, 0, sizeof edited);
    one_side(kind, (struct mico_span){room, len}, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mico_reader input = mico_reader_of(data, size);
    uint8_t kind = mico_read_u8(&input), edits = mico_read_u8(&input) % 8;
    if (input.failed) {
        return 0;
    }
    in_wire = &edited;
    time_passes = kind & 64;
    if (kind & 32) {
        edit_session(&input, kind & 14, edits);
        return 0;
    }
    memset(&edited, 0, sizeof edited);
    if (kind & 16) {
        edited.len = input.left < WIRE ? input.left : WIRE;
        memcpy(edited.bytes, input.at, edited.len);
    } else {
        const struct wire *base = &recorded[kind & 15];
        memcpy(edited.bytes, base->bytes, base->len);
        edited.len = fuzz_edit(&input, edits, edited.bytes, base->len, WIRE);
    }
    one_side(kind & 15, (struct mico_span){0}, false);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A device that speaks TLS and DTLS in the client's role, with its key in a coprocessor: what it takes of a chip is
 * measured, and client_test.c runs it. Network and coprocessor are at the other end of the link, in frames: type (1), length
 * (2, most significant byte first), content.
 *
 * to here    N name, R root, C chain, U suites, G datagrams (1) and time (8): connect; then answers
 * from here  D data, Q (timeout in ms, 4) data please: answered by D, empty for none; S message: answered by S signature;
 *            E how it ended */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/tls/tls_server.h"
#include "os/port/uart.h"

#define FRAME 2048

static uint8_t frame[FRAME];

static void read_exactly(uint8_t *out, size_t len)
{
    while (len > 0) {
        size_t got = mico_uart_read(MICO_UART_LINK, out, len);
        out += got;
        len -= got;
    }
}

static char read_frame(size_t *len)
{
    uint8_t head[3];
    read_exactly(head, sizeof head);
    *len = mico_load_be16(head + 1);
    if (*len > sizeof frame) {
        *len = sizeof frame;
    }
    read_exactly(frame, *len);
    return (char)head[0];
}

static void write_frame(char type, const void *data, size_t len)
{
    const uint8_t head[] = {(uint8_t)type, (uint8_t)(len >> 8), (uint8_t)len};
    mico_uart_write(MICO_UART_LINK, head, sizeof head);
    mico_uart_write(MICO_UART_LINK, data, len);
}

static mico_err send(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    *sent = len < FRAME ? len : FRAME;
    write_frame('D', data, *sent);
    return MICO_OK;
}

static mico_err receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    uint8_t question[6];
    mico_store_be32(question, timeout_ms);
    mico_store_be16(question + 4, (uint16_t)(cap < FRAME ? cap : FRAME));
    write_frame('Q', question, sizeof question);
    if (read_frame(len) != 'D' || *len > cap) {
        return MICO_ERR_IO;
    }
    memcpy(out, frame, *len);
    return *len == 0 ? MICO_ERR_TIMEOUT : MICO_OK;
}

static psa_status_t sign(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                         uint8_t *out, size_t cap, size_t *len)
{
    write_frame('S', message.data, message.len);
    if (read_frame(len) != 'S' || *len > cap) {
        return PSA_ERROR_COMMUNICATION_FAILURE;
    }
    memcpy(out, frame, *len);
    return PSA_SUCCESS;
}

static psa_key_id_t attach_key(void)
{
    static const struct mico_psa_driver away = {.location = 0x800042, .sign_message = sign};
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t id = 0;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_bits(&attributes, 255);
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    psa_set_key_lifetime(&attributes, 0x80004201);
    bool good = psa_crypto_init() == PSA_SUCCESS && mico_psa_attach_driver(&away, NULL) == PSA_SUCCESS &&
                mico_psa_register_key(&attributes, (struct mico_span){0}, &id) == PSA_SUCCESS;
    return good ? id : 0;
}

static struct mico_tls tls;
static uint8_t root_der[1024], chain_der[1536];
static char name[64], suites[64];
static struct mico_span root = {root_der, 0};
static struct mico_tls_config config = {.roots = &root,
                                        .root_count = 1,
                                        .chain = {chain_der, 0},
                                        .server_name = name,
                                        .timeout_ms = 30000,
                                        .io = {NULL, send, receive}};

/* True when it says go. */
static bool configure(void)
{
    size_t len;
    char type = read_frame(&len);
    switch (type) {
    case 'N':
        snprintf(name, sizeof name, "%.*s", (int)len, (const char *)frame);
        break;
    case 'U':
        snprintf(suites, sizeof suites, "%.*s", (int)len, (const char *)frame);
        config.suites = suites;
        break;
    case 'R':
        root.len = len < sizeof root_der ? len : sizeof root_der;
        memcpy(root_der, frame, root.len);
        break;
    case 'C':
        config.chain.len = len < sizeof chain_der ? len : sizeof chain_der;
        memcpy(chain_der, frame, config.chain.len);
        break;
    default:
        config.datagram = frame[0] == 1;
        config.now_s = mico_load_be32(frame + 5);
    }
    return type == 'G';
}

#ifdef BENCH_SERVER
/* With the server's side in as well. */
static mico_err run(void)
{
    static struct mico_tls_server server;
    const struct mico_tls_server_config mine = {.base = config, .clients = MICO_TLS_CLIENTS_REQUIRED};
    mico_err err = mico_tls_server_open(&server, &mine);
    if (err != MICO_OK) {
        return mico_tls_connect(&tls, &config);
    }
    return mico_tls_accept(&server, &tls, &config.io, MICO_SPAN(name), config.now_s, config.timeout_ms);
}
#else
static mico_err run(void)
{
    return mico_tls_connect(&tls, &config);
}
#endif

/* A line there, and its answer back in the report. */
static mico_err talk(uint8_t *out, size_t cap, size_t *len)
{
    *len = 0;
    mico_err err = mico_tls_write(&tls, (const uint8_t *)"lines\n", 6, 10000);
    return err == MICO_OK ? mico_tls_read(&tls, out, cap, len, 10000) : err;
}

int main(void)
{
    static char report[160];
    uint8_t answer[32];
    size_t len = 0;
    const char *heap = sbrk(0);
    config.key = attach_key();
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)"ready\n", 6);
    for (;;) {
        if (!configure()) {
            continue;
        }
        mico_err err = run();
        err = err == MICO_OK ? talk(answer, sizeof answer, &len) : err;
        snprintf(report, sizeof report, "%s %s: %s %s: %.*s, heap %u", mico_tls_version(&tls), mico_tls_suite(&tls),
                 mico_err_name(err), mico_tls_reason(&tls), (int)len, (const char *)answer,
                 (unsigned)((char *)sbrk(0) - heap));
        mico_tls_close(&tls);
        write_frame('E', report, strlen(report));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The sequence as a table, the bodies field by field; see tls_transcript.h. Sections are those of RFC 5246. */
#include "mscp/chip/tls_transcript.h"

#include <string.h>

#define TLS_1_2 0x0303
#define DTLS_1_2 0xFEFD

/* A vector with a length in front, of between min and max bytes. */
static struct mico_reader vector8(struct mico_reader *r, size_t min, size_t max)
{
    size_t len = mico_read_u8(r);
    r->failed = r->failed || len < min || len > max;
    struct mico_span bytes = mico_read_bytes(r, r->failed ? 0 : len);
    return mico_reader_of(bytes.data, bytes.len);
}

static struct mico_reader vector16(struct mico_reader *r, size_t min, size_t max)
{
    size_t len = mico_read_be16(r);
    r->failed = r->failed || len < min || len > max;
    struct mico_span bytes = mico_read_bytes(r, r->failed ? 0 : len);
    return mico_reader_of(bytes.data, bytes.len);
}

/* 7.4.1.4: absent, or a list of type and vector. */
static void read_extensions(struct mico_reader *r)
{
    if (r->left == 0) {
        return;
    }
    struct mico_reader list = vector16(r, 0, 0xFFFF);
    while (list.left > 0 && !list.failed) {
        (void)mico_read_be16(&list);
        (void)vector16(&list, 0, 0xFFFF);
    }
    r->failed = r->failed || list.failed;
}

static void read_client_hello(struct mico_reader *r, bool datagrams) /* 7.4.1.2 */
{
    r->failed = mico_read_be16(r) != (datagrams ? DTLS_1_2 : TLS_1_2) || r->failed;
    (void)mico_read_bytes(r, 32);
    (void)vector8(r, 0, 32); /* session_id */
    if (datagrams) {
        (void)vector8(r, 0, 0xFF); /* cookie: RFC 6347, 4.2.1 */
    }
    struct mico_reader suites = vector16(r, 2, 0xFFFE);
    r->failed = r->failed || suites.left % 2 != 0;
    (void)vector8(r, 1, 0xFF); /* compression_methods */
    read_extensions(r);
}

static void read_server_hello(struct mico_reader *r, bool datagrams) /* 7.4.1.3 */
{
    r->failed = mico_read_be16(r) != (datagrams ? DTLS_1_2 : TLS_1_2) || r->failed;
    (void)mico_read_bytes(r, 32);
    (void)vector8(r, 0, 32);
    (void)mico_read_be16(r);
    r->failed = mico_read_u8(r) != 0 || r->failed; /* compression: null */
    read_extensions(r);
}

static void read_certificates(struct mico_reader *r, bool datagrams) /* 7.4.2 and 7.4.6 */
{
    size_t left = mico_read_be24(r);
    r->failed = r->failed || left != r->left;
    while (r->left > 0 && !r->failed) {
        size_t len = mico_read_be24(r);
        r->failed = r->failed || len == 0;
        (void)mico_read_bytes(r, len);
    }
}

static void read_server_key_exchange(struct mico_reader *r,
                                     bool datagrams) /* RFC 8422, 5.4: a named curve, a point, a signature */
{
    r->failed = mico_read_u8(r) != 3 || r->failed;
    (void)mico_read_be16(r);
    (void)vector8(r, 1, 0xFF);
    (void)mico_read_be16(r);
    (void)vector16(r, 1, 0xFFFF);
}

static void read_certificate_request(struct mico_reader *r, bool datagrams) /* 7.4.4 */
{
    (void)vector8(r, 1, 0xFF);
    struct mico_reader algorithms = vector16(r, 2, 0xFFFE);
    r->failed = r->failed || algorithms.left % 2 != 0;
    struct mico_reader names = vector16(r, 0, 0xFFFF);
    while (names.left > 0 && !names.failed) {
        (void)vector16(&names, 1, 0xFFFF);
    }
    r->failed = r->failed || names.failed;
}

static void read_nothing(struct mico_reader *r, bool datagrams) /* 7.4.5 */
{
}

static void read_client_key_exchange(struct mico_reader *r, bool datagrams) /* RFC 8422, 5.7: a point */
{
    (void)vector8(r, 1, 0xFF);
}

static const struct {
    uint8_t type;
    bool optional, by_client;
    void (*read)(struct mico_reader *body, bool datagrams);
} sequence[] = {
    {1, false, true, read_client_hello},          {2, false, false, read_server_hello},
    {11, false, false, read_certificates},        {12, true, false, read_server_key_exchange},
    {13, false, false, read_certificate_request}, {14, false, false, read_nothing},
    {11, false, true, read_certificates},         {16, false, true, read_client_key_exchange},
};

/* RFC 6347, 4.2.2: a number, one more with each message of a side, and a fragment, which is the whole message. */
static void read_datagram_header(struct mico_reader *r, size_t len, int32_t *number)
{
    int32_t its = mico_read_be16(r);
    r->failed = (*number >= 0 && its != *number + 1) || r->failed;
    *number = its;
    r->failed = mico_read_be24(r) != 0 || r->failed;
    r->failed = mico_read_be24(r) != len || r->failed;
}

bool mscp_is_tls_client_transcript(struct mico_span message)
{
    struct mico_reader r = mico_reader_of(message.data, message.len);
    int32_t numbers[2] = {-1, -1}; /* of the server's last message, and of the client's */
    /* Where TLS has its version, DTLS has the number of a ClientHello. */
    bool datagrams = message.len >= 6 && mico_load_be16(message.data + 4) != TLS_1_2;
    for (size_t i = 0; i < sizeof sequence / sizeof sequence[0]; i++) {
        if (sequence[i].optional && r.left > 0 && r.at[0] != sequence[i].type) {
            continue;
        }
        uint8_t type = mico_read_u8(&r);
        size_t len = mico_read_be24(&r);
        if (datagrams) {
            read_datagram_header(&r, len, &numbers[sequence[i].by_client]);
        }
        struct mico_span bytes = mico_read_bytes(&r, len);
        struct mico_reader body = mico_reader_of(bytes.data, bytes.len);
        sequence[i].read(&body, datagrams);
        if (r.failed || type != sequence[i].type || !mico_reader_done(&body)) {
            return false;
        }
    }
    return mico_reader_done(&r);
}

/* RFC 8446, 4.4.3: context's NUL is the zero behind it. */
static bool is_tls13_message(struct mico_span message, const char context[34])
{
    const size_t head = 64 + 34;
    if (message.len != head + 32 && message.len != head + 48) {
        return false;
    }
    for (size_t i = 0; i < 64; i++) {
        if (message.data[i] != ' ') {
            return false;
        }
    }
    return memcmp(message.data + 64, context, 34) == 0;
}

bool mscp_is_tls13_client_message(struct mico_span message)
{
    return is_tls13_message(message, "TLS 1.3, client CertificateVerify");
}

static bool is_server_key_exchange(struct mico_span message)
{
    static const struct {
        uint16_t group;
        uint8_t len;
    } points[] = {{29, 32}, {23, 65}, {24, 97}};
    struct mico_reader r = mico_reader_of(message.data, message.len);
    (void)mico_read_bytes(&r, 64); /* client_random, server_random */
    bool named_curve = mico_read_u8(&r) == 3, known = false;
    uint16_t group = mico_read_be16(&r);
    uint8_t len = mico_read_u8(&r);
    (void)mico_read_bytes(&r, len);
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        known = known || (points[i].group == group && points[i].len == len);
    }
    return named_curve && known && mico_reader_done(&r);
}

bool mscp_is_tls_server_message(struct mico_span message)
{
    return is_tls13_message(message, "TLS 1.3, server CertificateVerify") || is_server_key_exchange(message);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Walks RFC 5280's structure down to the key; see certificate.h. */
#include "mscp/chip/certificate.h"

#include <string.h>

#define SEQUENCE 0x30
#define INTEGER 0x02
#define VERSION 0xA0

/* Read a tag and a definite length of at most two bytes (X.690 8.1.3), minimal as DER asks. */
static size_t read_header(struct mico_reader *r, uint8_t tag)
{
    if (mico_read_u8(r) != tag) {
        r->failed = true;
        return 0;
    }
    size_t len = mico_read_u8(r);
    if (len == 0x81) {
        len = mico_read_u8(r);
        r->failed = r->failed || len < 0x80;
    } else if (len == 0x82) {
        len = mico_read_be16(r);
        r->failed = r->failed || len < 0x100;
    } else if (len >= 0x80) {
        r->failed = true;
    }
    return r->failed ? 0 : len;
}

static void skip(struct mico_reader *r, uint8_t tag)
{
    size_t len = read_header(r, tag);
    (void)mico_read_bytes(r, len);
}

bool mscp_certificate_key(struct mico_span der, uint8_t key[32])
{
    /* AlgorithmIdentifier of Ed25519 (1.3.101.112), then a BIT STRING of 32 bytes. */
    static const uint8_t spki[] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
    struct mico_reader r = mico_reader_of(der.data, der.len);
    (void)read_header(&r, SEQUENCE); /* Certificate */
    (void)read_header(&r, SEQUENCE); /* TBSCertificate */
    skip(&r, VERSION);
    skip(&r, INTEGER);  /* serialNumber */
    skip(&r, SEQUENCE); /* signature */
    skip(&r, SEQUENCE); /* issuer */
    skip(&r, SEQUENCE); /* validity */
    skip(&r, SEQUENCE); /* subject */
    struct mico_span head = mico_read_bytes(&r, sizeof spki);
    struct mico_span found = mico_read_bytes(&r, 32);
    if (r.failed || memcmp(head.data, spki, sizeof spki) != 0) {
        return false;
    }
    memcpy(key, found.data, 32);
    return true;
}

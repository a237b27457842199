/* SPDX-License-Identifier: Apache-2.0 */
/* Walks RFC 5280's structure down to the key; see certificate.h. */
#include "mscp/chip/certificate.h"

#include <string.h>

#include "mscp/chip/der.h"

#define SEQUENCE MSCP_DER_SEQUENCE
#define INTEGER MSCP_DER_INTEGER
#define VERSION MSCP_DER_CONTEXT_0

static void skip(struct mico_reader *r, uint8_t tag)
{
    (void)mscp_der_enter(r, tag);
}

bool mscp_certificate_key(struct mico_span der, uint8_t key[32])
{
    /* AlgorithmIdentifier of Ed25519 (1.3.101.112), then a BIT STRING of 32 bytes. */
    static const uint8_t spki[] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
    struct mico_reader r = mico_reader_of(der.data, der.len);
    (void)mscp_der_header(&r, SEQUENCE); /* Certificate */
    (void)mscp_der_header(&r, SEQUENCE); /* TBSCertificate */
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

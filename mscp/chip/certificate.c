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

bool mscp_certificate_is_of(struct mico_span der, struct mico_span spki)
{
    struct mico_reader r = mico_reader_of(der.data, der.len);
    (void)mscp_der_header(&r, SEQUENCE); /* Certificate */
    (void)mscp_der_header(&r, SEQUENCE); /* TBSCertificate */
    skip(&r, VERSION);
    skip(&r, INTEGER);  /* serialNumber */
    skip(&r, SEQUENCE); /* signature */
    skip(&r, SEQUENCE); /* issuer */
    skip(&r, SEQUENCE); /* validity */
    skip(&r, SEQUENCE); /* subject */
    struct mico_span found = mico_read_bytes(&r, spki.len);
    return !r.failed && memcmp(found.data, spki.data, spki.len) == 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Reads CertificationRequestInfo (RFC 2986 section 4.1) element by element; see csr.h. A key that signs requests can so
 * sign no TLS transcript, no certificate and no other key's request. */
#include "mscp/chip/csr.h"

#include <string.h>

#include "mscp/chip/der.h"

#define DEPTH_MAX 6 /* of an attribute's value: extensionRequest has five */

/* RelativeDistinguishedName: SET of SEQUENCE { type OBJECT IDENTIFIER, value }, none of it empty. */
static void read_name(struct mico_reader *name)
{
    while (name->left > 0 && !name->failed) {
        struct mico_reader set = mscp_der_enter(name, MSCP_DER_SET);
        name->failed = name->failed || set.left == 0;
        while (set.left > 0 && !name->failed) {
            struct mico_reader pair = mscp_der_enter(&set, MSCP_DER_SEQUENCE);
            (void)mscp_der_enter(&pair, MSCP_DER_OID);
            (void)mscp_der_any(&pair);
            name->failed = set.failed || !mico_reader_done(&pair);
        }
    }
}

/* Well-formed elements to the end, constructed ones inside too. */
static bool well_formed(struct mico_reader r, unsigned depth)
{
    while (r.left > 0 && !r.failed) {
        uint8_t tag = r.at[0];
        struct mico_reader inner = mscp_der_any(&r);
        if (r.failed || ((tag & MSCP_DER_CONSTRUCTED) != 0 && (depth == 0 || !well_formed(inner, depth - 1)))) {
            return false;
        }
    }
    return !r.failed;
}

/* [0] SET OF SEQUENCE { type OBJECT IDENTIFIER, values SET }; the SET may be empty. */
static void read_attributes(struct mico_reader *attributes)
{
    while (attributes->left > 0 && !attributes->failed) {
        struct mico_reader one = mscp_der_enter(attributes, MSCP_DER_SEQUENCE);
        (void)mscp_der_enter(&one, MSCP_DER_OID);
        struct mico_reader values = mscp_der_enter(&one, MSCP_DER_SET);
        attributes->failed =
            attributes->failed || !mico_reader_done(&one) || values.left == 0 || !well_formed(values, DEPTH_MAX);
    }
}

static bool key_info_is(struct mico_reader *r, struct mico_span key)
{
    static const uint8_t ed25519[] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
    static const uint8_t p256[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
                                   0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
    struct mico_span head = key.len == 32 ? MICO_SPAN(ed25519) : MICO_SPAN(p256);
    struct mico_span got_head = mico_read_bytes(r, head.len);
    struct mico_span got_key = mico_read_bytes(r, key.len);
    return !r->failed && memcmp(got_head.data, head.data, head.len) == 0 &&
           memcmp(got_key.data, key.data, key.len) == 0;
}

bool mscp_is_csr_of(struct mico_span message, struct mico_span key)
{
    struct mico_reader outer = mico_reader_of(message.data, message.len);
    struct mico_reader info = mscp_der_enter(&outer, MSCP_DER_SEQUENCE);
    struct mico_reader version = mscp_der_enter(&info, MSCP_DER_INTEGER);
    bool v1 = version.left == 1 && mico_read_u8(&version) == 0;
    struct mico_reader name = mscp_der_enter(&info, MSCP_DER_SEQUENCE);
    read_name(&name);
    bool own = key_info_is(&info, key);
    struct mico_reader attributes = mscp_der_enter(&info, MSCP_DER_CONTEXT_0);
    read_attributes(&attributes);
    return v1 && own && mico_reader_done(&outer) && mico_reader_done(&info) && mico_reader_done(&name) &&
           mico_reader_done(&attributes);
}

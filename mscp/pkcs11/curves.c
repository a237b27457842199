/* SPDX-License-Identifier: Apache-2.0 */
/* The curves: what clients call them, and what the chip does. PKCS #11 3.0 section 2.3; RFC 8410, RFC 5480. */
#include <string.h>

#include "mscp/pkcs11/p11.h"

#define NAMED(text) text, sizeof text - 1

const struct p11_curve p11_curves[P11_CURVES] = {
    {CKK_EC_EDWARDS, CKM_EC_EDWARDS_KEY_PAIR_GEN, MSCP_KEY_ED25519, 32,
     NAMED("\x13\x0C"
           "edwards25519")},
    {CKK_EC_MONTGOMERY, CKM_EC_MONTGOMERY_KEY_PAIR_GEN, MSCP_KEY_X25519, 32,
     NAMED("\x13\x0A"
           "curve25519")},
    {CKK_EC, CKM_EC_KEY_PAIR_GEN, MSCP_KEY_P256, 65, NAMED("\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07")},
};

/* Other names that clients use. */
static const struct {
    CK_KEY_TYPE type;
    const char *der;
    size_t len;
} aliases[] = {
    {CKK_EC_EDWARDS, NAMED("\x06\x03\x2B\x65\x70")},
    {CKK_EC_EDWARDS, NAMED("\x06\x09\x2B\x06\x01\x04\x01\xDA\x47\x0F\x01")},
    {CKK_EC_MONTGOMERY, NAMED("\x06\x03\x2B\x65\x6E")},
    {CKK_EC_MONTGOMERY, NAMED("\x06\x0A\x2B\x06\x01\x04\x01\x97\x55\x01\x05\x01")}, /* OpenSC */
    {CKK_EC_MONTGOMERY,
     "\x13\x0B"
     "curve25519",
     12}, /* OpenSC 0.23's, its length one too many */
    {CKK_EC, NAMED("\x13\x0A"
                   "prime256v1")},
    {CKK_EC, NAMED("\x13\x09"
                   "secp256r1")},
};

const struct p11_curve *p11_curve_of(CK_KEY_TYPE type)
{
    for (size_t i = 0; i < P11_CURVES; i++) {
        if (p11_curves[i].key_type == type) {
            return &p11_curves[i];
        }
    }
    return NULL;
}

const struct p11_curve *p11_curve_named(struct mico_span params)
{
    for (size_t i = 0; i < P11_CURVES; i++) {
        if (params.len == p11_curves[i].params_len && memcmp(params.data, p11_curves[i].params, params.len) == 0) {
            return &p11_curves[i];
        }
    }
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (params.len == aliases[i].len && memcmp(params.data, aliases[i].der, params.len) == 0) {
            return p11_curve_of(aliases[i].type);
        }
    }
    return NULL;
}

const struct p11_curve *p11_curve_made_by(CK_MECHANISM_TYPE mechanism)
{
    for (size_t i = 0; i < P11_CURVES; i++) {
        /* GnuTLS 3.7 makes its Ed25519 keys by EDDSA. */
        if (p11_curves[i].generate == mechanism ||
            (mechanism == CKM_EDDSA && p11_curves[i].key_type == CKK_EC_EDWARDS)) {
            return &p11_curves[i];
        }
    }
    return NULL;
}

bool p11_point(const struct p11_curve *curve, struct mico_span in, const uint8_t **point)
{
    bool wrapped = in.len == curve->public_len + 2u && in.data[0] == 0x04 && in.data[1] == curve->public_len;
    *point = wrapped ? in.data + 2 : in.data;
    return wrapped || in.len == curve->public_len;
}

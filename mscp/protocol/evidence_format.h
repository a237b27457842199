/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of evidence that its writer and its reader share. */
#ifndef MSCP_PROTOCOL_EVIDENCE_FORMAT_H
#define MSCP_PROTOCOL_EVIDENCE_FORMAT_H

#define COSE_SIGN1 18 /* RFC 9052 section 4.2 */
/* {1: algorithm}: -8 EdDSA, -7 ES256 (RFC 9053 sections 2.1, 2.2) */
#define EVIDENCE_HEADER(signer)                             \
    {                                                       \
        0xA1, 0x01, (signer) == MSCP_KEY_P256 ? 0x26 : 0x27 \
    }
#define EVIDENCE_PROFILE "urn:x-mico:mscp:1"

/* In the order of deterministic CBOR. Registered: RFC 9711 section 10; private: below -65536 (RFC 8392 section 9.1). */
enum evidence_claim {
    CLAIM_NONCE = 10,
    CLAIM_UEID = 256,
    CLAIM_PROFILE = 265,
    CLAIM_BOOT_COUNT = 267,
    CLAIM_SW_VERSION = 271,
    CLAIM_SERIAL = -70001,
    CLAIM_LIFECYCLE = -70002,
    CLAIM_SECURITY_VERSION = -70003,
    CLAIM_HOST_BINDING = -70004,
    CLAIM_REGISTERS = -70005,
    CLAIM_LOGIN = -70006,
    CLAIM_AUDIT = -70007,
    CLAIM_KEY = -70008, /* about a key only */
};

#define CLAIMS 12 /* without CLAIM_KEY */
#define KEY_ITEMS 4

#endif

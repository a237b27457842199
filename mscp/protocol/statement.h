/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of an attestation statement. docs/MSCP.md, "Attestation". */
#ifndef MSCP_PROTOCOL_STATEMENT_H
#define MSCP_PROTOCOL_STATEMENT_H

#include "base/bytes.h"
#include "base/err.h"
#include "mscp/protocol/mscp.h"

#define MSCP_STATEMENT_PREFIX "MSCP attestation v1" /* its NUL is part of what is signed */
#define MSCP_STATEMENT_SIZE 126

/* The fields of a statement, as views or values; the door's struct mscp_statement is the host's copy. */
struct mscp_statement_fields {
    const uint8_t *nonce;  /* 32 */
    const uint8_t *serial; /* MSCP_SERIAL_SIZE */
    uint32_t firmware_version;
    uint8_t lifecycle;
    uint32_t key_id;
    struct mscp_attributes attributes;
    const uint8_t *public_key;   /* 32 */
    const uint8_t *host_binding; /* 32 */
    uint32_t boot_counter;
};

void mscp_statement_encode(const struct mscp_statement_fields *fields, uint8_t out[MSCP_STATEMENT_SIZE]);
/** Fields view the statement. MICO_ERR_FORMAT when it is not exactly a version 1 statement. */
MICO_MUST_USE mico_err mscp_statement_decode(struct mico_span statement, struct mscp_statement_fields *fields);

#endif

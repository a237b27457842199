/* SPDX-License-Identifier: Apache-2.0 */
/* Reading evidence. The reader takes each claim in its place and form; then what it read is written again, and the two must
 * be the same bytes: so there is one token for one statement, whatever this file overlooks. */
#include <string.h>

#include "base/cbor.h"
#include "crypto/primitives/primitives.h"
#include "mscp/protocol/evidence.h"
#include "mscp/protocol/evidence_format.h"

static void copy_bytes(struct mico_reader *r, uint8_t *out, size_t len)
{
    struct mico_span bytes = mico_cbor_bytes(r);
    r->failed = r->failed || bytes.len != len;
    if (!r->failed) {
        memcpy(out, bytes.data, len);
    }
}

static uint64_t at_most(struct mico_reader *r, uint64_t most)
{
    uint64_t value = mico_cbor_uint(r);
    r->failed = r->failed || value > most;
    return r->failed ? 0 : value;
}

/* "major.minor.revision"; writing it again finds a leading zero. */
static uint32_t version_of(struct mico_reader *r)
{
    static const uint32_t most[] = {0xFF, 0xFF, 0xFFFF};
    uint32_t part[3] = {0, 0, 0};
    unsigned at = 0;
    r->failed = r->failed || mico_cbor_array(r) != 1;
    struct mico_span text = mico_cbor_text(r);
    for (size_t i = 0; i < text.len && !r->failed; i++) {
        char c = (char)text.data[i];
        if (c == '.') {
            r->failed = ++at > 2;
        } else {
            part[at] = part[at] * 10 + (uint32_t)(c - '0');
            r->failed = c < '0' || c > '9' || part[at] > most[at];
        }
    }
    return part[0] << 24 | part[1] << 16 | part[2];
}

static void read_registers(struct mico_reader *r, uint8_t registers[MSCP_REGISTERS][32])
{
    int64_t index;
    struct mico_cbor_map map = mico_cbor_map(r);
    while (mico_cbor_key(r, &map, &index)) {
        if (index < 0 || index >= MSCP_REGISTERS) {
            r->failed = true;
            return;
        }
        copy_bytes(r, registers[index], 32);
    }
}

static void read_chain(struct mico_reader *r, struct mscp_chain *chain)
{
    r->failed = r->failed || mico_cbor_array(r) != 2;
    chain->count = mico_cbor_uint(r);
    copy_bytes(r, chain->head, sizeof chain->head);
}

static void read_key(struct mico_reader *r, struct mscp_evidence_key *key)
{
    r->failed = r->failed || mico_cbor_array(r) != KEY_ITEMS;
    key->id = (uint32_t)at_most(r, UINT32_MAX);
    struct mico_span spki = mico_cbor_bytes(r);
    r->failed = r->failed || spki.len == 0 || spki.len > sizeof key->spki;
    if (!r->failed) {
        memcpy(key->spki, spki.data, spki.len);
        key->spki_len = (uint8_t)spki.len;
    }
    struct mico_span attributes = mico_cbor_bytes(r);
    r->failed = r->failed || mscp_attributes_parse(attributes, &key->attributes) != MICO_OK;
    key->uses = (uint32_t)at_most(r, UINT32_MAX);
}

static void read_nonce(struct mico_reader *r, struct mscp_evidence *e)
{
    struct mico_span bytes = mico_cbor_bytes(r);
    r->failed = r->failed || !mscp_challenge_fits(bytes.len);
    if (!r->failed) {
        memcpy(e->nonce, bytes.data, bytes.len);
        e->nonce_len = (uint8_t)bytes.len;
    }
}

static void read_profile(struct mico_reader *r)
{
    struct mico_span text = mico_cbor_text(r);
    const size_t len = sizeof EVIDENCE_PROFILE - 1;
    r->failed = r->failed || text.len != len || memcmp(text.data, EVIDENCE_PROFILE, len) != 0;
}

static void read_claim(struct mico_reader *r, int64_t claim, struct mscp_evidence *e)
{
    switch (claim) {
    case CLAIM_NONCE:
        read_nonce(r, e);
        break;
    case CLAIM_UEID:
        copy_bytes(r, e->ueid, sizeof e->ueid);
        break;
    case CLAIM_PROFILE:
        read_profile(r);
        break;
    case CLAIM_BOOT_COUNT:
        e->boot_counter = (uint32_t)at_most(r, UINT32_MAX);
        break;
    case CLAIM_SW_VERSION:
        e->firmware_version = version_of(r);
        break;
    case CLAIM_SERIAL:
        copy_bytes(r, e->serial, sizeof e->serial);
        break;
    case CLAIM_LIFECYCLE:
        e->lifecycle = (uint8_t)at_most(r, UINT8_MAX);
        break;
    case CLAIM_SECURITY_VERSION:
        e->security_version = (uint32_t)at_most(r, UINT32_MAX);
        break;
    case CLAIM_HOST_BINDING:
        copy_bytes(r, e->host_binding, sizeof e->host_binding);
        break;
    case CLAIM_REGISTERS:
        read_registers(r, e->registers);
        break;
    case CLAIM_LOGIN:
        read_chain(r, &e->login);
        break;
    case CLAIM_AUDIT:
        read_chain(r, &e->audit);
        break;
    case CLAIM_KEY:
        e->has_key = true;
        read_key(r, &e->key);
        break;
    default:
        r->failed = true;
        break;
    }
}

static mico_err read_claims(struct mico_span claims, struct mscp_evidence *e)
{
    uint8_t again[MSCP_CLAIMS_MAX];
    struct mico_reader r = mico_reader_of(claims.data, claims.len);
    struct mico_cbor_map map = mico_cbor_map(&r);
    int64_t claim;
    memset(e, 0, sizeof *e);
    while (mico_cbor_key(&r, &map, &claim)) {
        read_claim(&r, claim, e);
    }
    struct mico_writer w = mico_writer_of(again, sizeof again);
    mscp_evidence_claims(e, &w);
    bool same = mico_reader_done(&r) && !w.failed && w.len == claims.len && memcmp(again, claims.data, w.len) == 0;
    return same && e->ueid[0] == 1 ? MICO_OK : MICO_ERR_FORMAT;
}

mico_err mscp_identity_verify(struct mico_span identity_key, struct mico_span message, const uint8_t signature[64])
{
    uint8_t digest[32];
    if (identity_key.len == 32) {
        return mico_ed25519_verify(identity_key.data, message, signature);
    }
    if (identity_key.len != 65) {
        return MICO_ERR_AUTH;
    }
    mico_sha256(message.data, message.len, digest);
    return mico_p256_verify(identity_key.data, digest, signature) == MICO_OK ? MICO_OK : MICO_ERR_AUTH;
}

/* Sig_structure of the claims, checked. */
static mico_err check_signature(enum mscp_type signer, struct mico_span claims, const uint8_t signature[64],
                                struct mico_span key)
{
    uint8_t message[MSCP_EVIDENCE_MAX];
    struct mico_writer w = mico_writer_of(message, sizeof message);
    mscp_evidence_to_sign(signer, claims, &w);
    return w.failed ? MICO_ERR_FORMAT : mscp_identity_verify(key, (struct mico_span){message, w.len}, signature);
}

/* The algorithm that a token's header names; 0 when it is no header of ours. */
static enum mscp_type signer_of(struct mico_span header)
{
    static const enum mscp_type signers[] = {MSCP_KEY_ED25519, MSCP_KEY_P256};
    for (size_t i = 0; i < sizeof signers / sizeof signers[0]; i++) {
        const uint8_t want[] = EVIDENCE_HEADER(signers[i]);
        if (header.len == sizeof want && memcmp(header.data, want, sizeof want) == 0) {
            return signers[i];
        }
    }
    return (enum mscp_type)0;
}

mico_err mscp_evidence_verify(struct mico_span token, struct mico_span identity_key, struct mscp_evidence *evidence)
{
    struct mscp_evidence read;
    struct mico_reader r = mico_reader_of(token.data, token.len);
    int64_t key;
    bool framed = mico_cbor_tag(&r, COSE_SIGN1) && mico_cbor_array(&r) == 4;
    enum mscp_type signer = signer_of(mico_cbor_bytes(&r));
    struct mico_cbor_map unprotected = mico_cbor_map(&r);
    framed = framed && !mico_cbor_key(&r, &unprotected, &key);
    struct mico_span claims = mico_cbor_bytes(&r);
    struct mico_span signature = mico_cbor_bytes(&r);
    if (!framed || !mico_reader_done(&r) || signer == 0 || signature.len != 64) {
        return MICO_ERR_FORMAT;
    }
    mico_err err = read_claims(claims, &read);
    if (err == MICO_OK && (signer == MSCP_KEY_P256) != (identity_key.len == 65)) {
        err = MICO_ERR_AUTH;
    }
    if (err == MICO_OK) {
        err = check_signature(signer, claims, signature.data, identity_key);
    }
    if (err == MICO_OK) {
        *evidence = read;
    }
    return err;
}

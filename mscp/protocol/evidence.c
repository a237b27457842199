/* SPDX-License-Identifier: Apache-2.0 */
/* Writing evidence, as the chip does; reading it is evidence_read.c. */
#include "mscp/protocol/evidence.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/cbor.h"
#include "mscp/protocol/evidence_format.h"

bool mscp_challenge_fits(size_t len)
{
    return len == 32 || len == 48 || len == MSCP_CHALLENGE_MAX;
}

void mscp_spki_25519(enum mscp_type type, const uint8_t key[32], uint8_t out[MSCP_SPKI_25519_SIZE])
{
    static const uint8_t front[] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
    static_assert(sizeof front + 32 == MSCP_SPKI_25519_SIZE, "RFC 8410 section 4");
    memcpy(out, front, sizeof front);
    out[8] = type == MSCP_KEY_X25519 ? 0x6E : 0x70; /* 1.3.101.110 or 1.3.101.112 */
    memcpy(out + sizeof front, key, 32);
}

size_t mscp_spki(enum mscp_type type, const uint8_t *key, uint8_t out[MSCP_SPKI_MAX])
{
    static const uint8_t front[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
                                    0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
    if (type != MSCP_KEY_P256) {
        mscp_spki_25519(type, key, out);
        return MSCP_SPKI_25519_SIZE;
    }
    static_assert(sizeof front + 65 == MSCP_SPKI_MAX, "RFC 5480 section 2");
    memcpy(out, front, sizeof front);
    memcpy(out + sizeof front, key, 65);
    return MSCP_SPKI_MAX;
}

static void put_version(uint32_t version, struct mico_writer *out)
{
    char text[16];
    snprintf(text, sizeof text, "%u.%u.%u", (unsigned)(version >> 24), (unsigned)(version >> 16 & 0xFF),
             (unsigned)(version & 0xFFFF));
    mico_cbor_put_array(out, 1);
    mico_cbor_put_text(out, text);
}

/* Registers that nothing was taken into are zeros and left out. */
static void put_registers(const uint8_t registers[MSCP_REGISTERS][32], struct mico_writer *out)
{
    size_t used = 0;
    for (unsigned i = 0; i < MSCP_REGISTERS; i++) {
        used += mico_ct_is_zero(registers[i], 32) ? 0 : 1;
    }
    mico_cbor_put_map(out, used);
    for (unsigned i = 0; i < MSCP_REGISTERS; i++) {
        if (!mico_ct_is_zero(registers[i], 32)) {
            mico_cbor_put_uint(out, i);
            mico_cbor_put_bytes(out, registers[i], 32);
        }
    }
}

static void put_chain(const struct mscp_chain *chain, struct mico_writer *out)
{
    mico_cbor_put_array(out, 2);
    mico_cbor_put_uint(out, chain->count);
    mico_cbor_put_bytes(out, chain->head, 32);
}

static void put_key(const struct mscp_evidence_key *key, struct mico_writer *out)
{
    uint8_t attributes[MSCP_ATTRIBUTES_MAX];
    size_t len = mscp_attributes_encode(&key->attributes, attributes);
    mico_cbor_put_array(out, KEY_ITEMS);
    mico_cbor_put_uint(out, key->id);
    mico_cbor_put_bytes(out, key->spki, key->spki_len);
    mico_cbor_put_bytes(out, attributes, len);
    mico_cbor_put_uint(out, key->uses);
}

static void put_claim_bytes(struct mico_writer *out, int claim, const uint8_t *data, size_t len)
{
    mico_cbor_put_int(out, claim);
    mico_cbor_put_bytes(out, data, len);
}

static void put_claim_uint(struct mico_writer *out, int claim, uint64_t value)
{
    mico_cbor_put_int(out, claim);
    mico_cbor_put_uint(out, value);
}

void mscp_evidence_claims(const struct mscp_evidence *e, struct mico_writer *out)
{
    mico_cbor_put_map(out, CLAIMS + (e->has_key ? 1 : 0));
    put_claim_bytes(out, CLAIM_NONCE, e->nonce, e->nonce_len);
    put_claim_bytes(out, CLAIM_UEID, e->ueid, sizeof e->ueid);
    mico_cbor_put_int(out, CLAIM_PROFILE);
    mico_cbor_put_text(out, EVIDENCE_PROFILE);
    put_claim_uint(out, CLAIM_BOOT_COUNT, e->boot_counter);
    mico_cbor_put_int(out, CLAIM_SW_VERSION);
    put_version(e->firmware_version, out);
    put_claim_bytes(out, CLAIM_SERIAL, e->serial, sizeof e->serial);
    put_claim_uint(out, CLAIM_LIFECYCLE, e->lifecycle);
    put_claim_uint(out, CLAIM_SECURITY_VERSION, e->security_version);
    put_claim_bytes(out, CLAIM_HOST_BINDING, e->host_binding, sizeof e->host_binding);
    mico_cbor_put_int(out, CLAIM_REGISTERS);
    put_registers(e->registers, out);
    mico_cbor_put_int(out, CLAIM_LOGIN);
    put_chain(&e->login, out);
    mico_cbor_put_int(out, CLAIM_AUDIT);
    put_chain(&e->audit, out);
    if (e->has_key) {
        mico_cbor_put_int(out, CLAIM_KEY);
        put_key(&e->key, out);
    }
}

void mscp_evidence_to_sign(enum mscp_type signer, struct mico_span claims, struct mico_writer *out)
{
    const uint8_t header[] = EVIDENCE_HEADER(signer);
    mico_cbor_put_array(out, 4);
    mico_cbor_put_text(out, "Signature1");
    mico_cbor_put_bytes(out, header, sizeof header);
    mico_cbor_put_bytes(out, NULL, 0); /* no associated data */
    mico_cbor_put_bytes(out, claims.data, claims.len);
}

void mscp_evidence_token(enum mscp_type signer, struct mico_span claims, const uint8_t signature[64],
                         struct mico_writer *out)
{
    const uint8_t header[] = EVIDENCE_HEADER(signer);
    mico_cbor_put_tag(out, COSE_SIGN1);
    mico_cbor_put_array(out, 4);
    mico_cbor_put_bytes(out, header, sizeof header);
    mico_cbor_put_map(out, 0); /* nothing unprotected */
    mico_cbor_put_bytes(out, claims.data, claims.len);
    mico_cbor_put_bytes(out, signature, 64);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's statements about itself and its keys, signed by its identity key. docs/MSCP.md, "Attestation". */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"

mscp_status_t mscp_load_attester(struct mscp_chip *chip, struct mscp_object *identity)
{
    mscp_status_t status = mscp_object_load(chip, MSCP_ID_IDENTITY, identity);
    if (status == MSCP_OK && identity->attributes.type != MSCP_KEY_ED25519 &&
        identity->attributes.type != MSCP_KEY_P256) {
        status = mscp_denied(chip, MSCP_CLAUSE_TYPE);
    }
    if (status == MSCP_OK && (identity->attributes.usage & MSCP_USE_ATTEST) == 0) {
        status = mscp_denied(chip, MSCP_CLAUSE_USAGE);
    }
    return status == MSCP_OK ? mscp_permit(chip, identity, MSCP_DOING_USE) : status;
}

static void describe_chip(struct mscp_chip *chip, struct mico_span nonce, struct mscp_evidence *e)
{
    uint8_t random[32];
    memset(e, 0, sizeof *e);
    memcpy(e->nonce, nonce.data, nonce.len); /* chip.c looked at its length */
    e->nonce_len = (uint8_t)nonce.len;
    mscp_chip_derive(chip, "MSCP1 ueid", random);
    e->ueid[0] = 1; /* RFC 9711 section 4.2.1: a random number generated once */
    memcpy(e->ueid + 1, random, MSCP_UEID_SIZE - 1);
    memcpy(e->serial, chip->serial, sizeof e->serial);
    e->firmware_version = chip->firmware.version;
    e->security_version = chip->firmware.security;
    e->lifecycle = mscp_chip_lifecycle(chip);
    e->boot_counter = chip->boot_counter;
    mico_sha256(chip->pairing.host_public, 32, e->host_binding);
    memcpy(e->registers, chip->boot.registers, sizeof e->registers);
    e->login = mscp_login_chain(chip);
    e->audit = chip->audit.now;
}

static mscp_status_t describe_key(struct mscp_chip *chip, const struct mscp_object *key, struct mscp_evidence *e)
{
    struct mscp_ledger ledger;
    mscp_status_t status = mscp_ledger_load(chip, key->id, &ledger);
    if (status != MSCP_OK) {
        return status;
    }
    e->has_key = true;
    e->key.id = key->id;
    e->key.attributes = key->attributes;
    e->key.spki_len = (uint8_t)mscp_spki((enum mscp_type)key->attributes.type, key->public_key, e->key.spki);
    e->key.uses = ledger.uses;
    return MSCP_OK;
}

/* chip->record takes the claims in front, and what is signed behind them. */
#define ROOM (MSCP_CHIP_PART + MSCP_CHIP_SEAL - MSCP_CLAIMS_MAX)

static mscp_status_t sign(struct mscp_chip *chip, const struct mscp_evidence *e, struct mico_writer *out)
{
    struct mscp_object identity;
    mscp_status_t status = mscp_load_attester(chip, &identity);
    if (status == MSCP_OK) {
        uint8_t signature[64], token[MSCP_EVIDENCE_MAX];
        struct mico_writer claims = mico_writer_of(chip->record, MSCP_CLAIMS_MAX);
        struct mico_writer message = mico_writer_of(chip->record + MSCP_CLAIMS_MAX, ROOM);
        struct mico_writer made = mico_writer_of(token, sizeof token);
        mscp_evidence_claims(e, &claims);
        enum mscp_type signer = (enum mscp_type)identity.attributes.type;
        mscp_evidence_to_sign(signer, (struct mico_span){claims.out, claims.len}, &message);
        status = mscp_key_sign(&identity, (struct mico_span){message.out, message.len}, false, signature);
        mscp_evidence_token(signer, (struct mico_span){claims.out, claims.len}, signature, &made);
        if (status == MSCP_OK && !mscp_permitted(chip, &identity, MSCP_DOING_USE)) {
            status = MSCP_TAMPER;
        }
        if (status == MSCP_OK) {
            mscp_put_bytes(out, MSCP_TAG_EVIDENCE, token, made.len);
        }
    }
    mico_wipe(&identity, sizeof identity);
    return status;
}

mscp_status_t mscp_chip_get_evidence(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_evidence e;
    describe_chip(chip, in->value[MSCP_TAG_NONCE], &e);
    return sign(chip, &e, out);
}

mscp_status_t mscp_chip_attest(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object key;
    struct mscp_evidence e;
    mscp_status_t status = mscp_object_load(chip, mscp_tlv_u32(in, MSCP_TAG_ID), &key);
    mico_wipe(key.private_key, sizeof key.private_key);
    if (status == MSCP_OK && !mscp_object_is_key(&key)) {
        status = mscp_denied(chip, MSCP_CLAUSE_TYPE);
    }
    if (status != MSCP_OK) {
        return status;
    }
    describe_chip(chip, in->value[MSCP_TAG_NONCE], &e);
    status = describe_key(chip, &key, &e);
    return status == MSCP_OK ? sign(chip, &e, out) : status;
}

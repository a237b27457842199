/* SPDX-License-Identifier: Apache-2.0 */
/* Sign and Verify, and which key may sign which message. docs/MSCP.md, "Signing". */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/chip/csr.h"
#include "mscp/chip/tls_transcript.h"

#define DEVICE_ID_SIZE 17                          /* "XX:XX:XX:XX:XX:XX" */
#define PAIRING_MESSAGE (32 + DEVICE_ID_SIZE + 32) /* session key or proof | device id | controller's or own key */

static bool is_device_id(const uint8_t *text)
{
    for (unsigned i = 0; i < DEVICE_ID_SIZE; i++) {
        char c = (char)text[i];
        bool hex = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
        if (i % 3 == 2 ? c != ':' : !hex) {
            return false;
        }
    }
    return true;
}

/* Does one of the key's usages know this shape? */
static bool has_shape(const struct mscp_object *key, struct mico_span message)
{
    uint16_t usage = key->attributes.usage;
    if ((usage & MSCP_USE_SIGN_PAIRING) != 0 && message.len == PAIRING_MESSAGE && is_device_id(message.data + 32)) {
        return true;
    }
    if ((usage & MSCP_USE_SIGN_TLS_CLIENT) != 0 &&
        (mscp_is_tls_client_transcript(message) || mscp_is_tls13_client_message(message))) {
        return true;
    }
    if ((usage & MSCP_USE_SIGN_TLS_SERVER) != 0 && mscp_is_tls_server_message(message)) {
        return true;
    }
    return (usage & MSCP_USE_SIGN_CSR) != 0 && mscp_is_csr_of(message, mscp_object_public(key));
}

/* MSCP_ALLOWED, or the clause that forbids this key to sign this message, whoever asks. A digest shows nothing of what it is of, so
 * only a key that signs anything takes one. */
static uint16_t may_sign(const struct mscp_chip *chip, const struct mscp_object *key, struct mico_span message,
                         bool digest)
{
    const uint16_t signing = MSCP_USE_SIGN_TLS_CLIENT | MSCP_USE_SIGN_TLS_SERVER | MSCP_USE_SIGN_PAIRING |
                             MSCP_USE_SIGN_CSR | MSCP_USE_SIGN_RAW;
    if (key->attributes.type != MSCP_KEY_P256 && (key->attributes.type != MSCP_KEY_ED25519 || digest)) {
        return MSCP_CLAUSE_TYPE;
    }
    if ((key->attributes.usage & (digest ? MSCP_USE_SIGN_RAW : signing)) == 0) {
        return MSCP_CLAUSE_USAGE;
    }
    if ((key->attributes.usage & MSCP_USE_SIGN_RAW) != 0) {
        return mscp_chip_lifecycle(chip) == MSCP_FACTORY ? MSCP_ALLOWED : MSCP_CLAUSE_LIFE;
    }
    return has_shape(key, message) ? MSCP_ALLOWED : MSCP_CLAUSE_SHAPE;
}

mscp_status_t mscp_key_sign(const struct mscp_object *key, struct mico_span message, bool digested,
                            uint8_t signature[64])
{
    if (key->attributes.type == MSCP_KEY_ED25519) {
        mico_ed25519_sign(key->private_key, key->public_key, message, signature);
        return MSCP_OK;
    }
    uint8_t digest[32];
    if (digested) {
        memcpy(digest, message.data, sizeof digest);
    } else {
        mico_sha256(message.data, message.len, digest);
    }
    return mico_p256_sign_deterministic(key->private_key, digest, signature) == MICO_OK ? MSCP_OK : MSCP_CORRUPT;
}

mscp_status_t mscp_chip_sign(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    bool complete;
    mscp_status_t status = mscp_chip_collect(chip, MSCP_SIGN, in, &complete);
    if (status != MSCP_OK || !complete) {
        return status;
    }
    struct mscp_object key;
    struct mico_span message = {chip->message, chip->transfer.total};
    bool digest = (in->present & MSCP_TAG_BIT(MSCP_TAG_ALGORITHM)) != 0;
    uint8_t signature[64];
    if (digest && in->value[MSCP_TAG_ALGORITHM].data[0] != MSCP_DIGEST) {
        return MSCP_BAD_PARAM;
    }
    if (digest && message.len != 32) {
        return MSCP_BAD_LENGTH;
    }
    status = mscp_object_load(chip, mscp_tlv_u32(in, MSCP_TAG_ID), &key);
    if (status == MSCP_OK) {
        uint16_t verdict = may_sign(chip, &key, message, digest);
        status = verdict == MSCP_ALLOWED ? MSCP_OK : mscp_denied(chip, verdict);
    }
    if (status == MSCP_OK) {
        status = mscp_permit(chip, &key, MSCP_DOING_USE);
    }
    if (status == MSCP_OK) {
        status = mscp_key_sign(&key, message, digest, signature);
    }
    if (status == MSCP_OK) {
        /* Asked a second time, on the other side of the work: one skipped instruction does not open the door. */
        if (may_sign(chip, &key, message, digest) != MSCP_ALLOWED || !mscp_permitted(chip, &key, MSCP_DOING_USE)) {
            status = MSCP_TAMPER;
        } else {
            mscp_put_bytes(out, MSCP_TAG_SIGNATURE, signature, sizeof signature);
        }
    }
    mico_wipe(&key, sizeof key);
    mico_wipe(signature, sizeof signature);
    return status;
}

/* The public key that the request names: an object's, or its own. */
static mscp_status_t verifying_key(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mscp_object *key)
{
    bool by_id = (in->present & MSCP_TAG_BIT(MSCP_TAG_ID)) != 0;
    struct mico_span given = in->value[MSCP_TAG_PUBLIC_KEY];
    if (by_id == ((in->present & MSCP_TAG_BIT(MSCP_TAG_PUBLIC_KEY)) != 0)) {
        return MSCP_BAD_PARAM; /* one of the two */
    }
    if (!by_id) {
        memset(key, 0, sizeof *key);
        key->attributes.type = given.len == 32 ? MSCP_KEY_ED25519 : MSCP_KEY_P256;
        memcpy(key->public_key, given.data, given.len);
        return given.len == 32 || given.len == MSCP_P256_PUBLIC ? MSCP_OK : MSCP_BAD_LENGTH;
    }
    mscp_status_t status = mscp_object_load(chip, mscp_tlv_u32(in, MSCP_TAG_ID), key);
    mico_wipe(key->private_key, sizeof key->private_key);
    if (status == MSCP_OK && key->attributes.type != MSCP_KEY_ED25519 && key->attributes.type != MSCP_KEY_P256) {
        return mscp_denied(chip, MSCP_CLAUSE_TYPE);
    }
    return status;
}

mscp_status_t mscp_chip_verify(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object key;
    bool complete;
    mscp_status_t status = verifying_key(chip, in, &key);
    if (status == MSCP_OK) {
        status = mscp_chip_collect(chip, MSCP_VERIFY, in, &complete);
    }
    if (status != MSCP_OK || !complete) {
        return status;
    }
    const uint8_t *signature = in->value[MSCP_TAG_SIGNATURE].data;
    mico_err err;
    if (key.attributes.type == MSCP_KEY_ED25519) {
        err = mico_ed25519_verify(key.public_key, (struct mico_span){chip->message, chip->transfer.total}, signature);
    } else {
        uint8_t digest[32];
        mico_sha256(chip->message, chip->transfer.total, digest);
        err = mico_p256_verify(key.public_key, digest, signature);
    }
    return err == MICO_OK ? MSCP_OK : MSCP_VERIFY_FAILED;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* AUTH objects: who proves to know their secret may do what other objects ask that proof for, until the session ends.
 * docs/MSCP.md, "Authentication".
 *
 * A try is counted in flash before the proof is looked at, so that cutting the power gives no further try; a right proof
 * sets the count back. After the last try only a write to the object helps, by whom its write right names. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"

#define NO_MORE_TRIES 0
#define PIN_MIN 4
#define PIN_MAX 32
#define SECRET_AT 2 /* in an AUTH object: behind kind and tries */

/* HMAC-SHA-256(key of this chip, u32 id | PIN): what is kept and compared in the PIN's place. */
static void pin_image(const struct mscp_chip *chip, uint32_t id, struct mico_span pin, uint8_t out[32])
{
    uint8_t key[32], message[4 + PIN_MAX];
    mico_store_le32(message, id);
    memcpy(message + 4, pin.data, pin.len);
    mscp_chip_derive(chip, "MSCP1 pin", key);
    mico_hmac_sha256(MICO_SPAN(key), (struct mico_span){message, 4 + pin.len}, out);
    mico_wipe(key, sizeof key);
    mico_wipe(message, sizeof message);
}

mscp_status_t mscp_auth_value(struct mscp_chip *chip, struct mscp_object *object, struct mico_span value)
{
    if (value.len < SECRET_AT + PIN_MIN || value.len > SECRET_AT + 32) {
        return MSCP_BAD_LENGTH;
    }
    struct mico_span secret = {value.data + SECRET_AT, value.len - SECRET_AT};
    bool pin = value.data[0] == MSCP_AUTH_PIN;
    if ((!pin && value.data[0] != MSCP_AUTH_HMAC) || value.data[1] == 0) {
        return MSCP_BAD_PARAM;
    }
    if (!pin && secret.len != 32) {
        return MSCP_BAD_LENGTH;
    }
    memcpy(object->private_key, value.data, SECRET_AT);
    if (pin) {
        pin_image(chip, object->id, secret, object->private_key + SECRET_AT);
    } else {
        memcpy(object->private_key + SECRET_AT, secret.data, 32);
    }
    object->private_len = MSCP_AUTH_SIZE;
    return MSCP_OK;
}

static mscp_status_t challenge(struct mscp_chip *chip, const struct mscp_object *object, struct mico_writer *out)
{
    struct mscp_chip_volatiles *v = &chip->volatiles;
    if (object->private_key[0] != MSCP_AUTH_HMAC) {
        return MSCP_BAD_PARAM;
    }
    v->challenged = 0;
    if (mico_random(v->nonce, sizeof v->nonce) != MICO_OK) {
        return MSCP_ENTROPY;
    }
    v->challenged = object->id;
    mscp_put_bytes(out, MSCP_TAG_NONCE, v->nonce, sizeof v->nonce);
    return MSCP_OK;
}

/* What a right credential gives: a PIN its image, a proof itself. A challenge is good for one answer. */
static bool expected_of(struct mscp_chip *chip, const struct mscp_object *object, struct mico_span credential,
                        uint8_t expected[32], uint8_t given[32])
{
    static const char label[] = "MSCP1 auth";
    const uint8_t *secret = object->private_key + SECRET_AT;
    uint8_t message[sizeof label - 1 + 4 + 32];
    if (object->private_key[0] == MSCP_AUTH_PIN) {
        memcpy(expected, secret, 32);
        pin_image(chip, object->id, credential, given);
        return true;
    }
    if (chip->volatiles.challenged != object->id || credential.len != 32) {
        return false;
    }
    chip->volatiles.challenged = 0;
    memcpy(message, label, sizeof label - 1);
    mico_store_le32(message + sizeof label - 1, object->id);
    memcpy(message + sizeof label - 1 + 4, chip->volatiles.nonce, 32);
    mico_hmac_sha256((struct mico_span){secret, 32}, MICO_SPAN(message), expected);
    memcpy(given, credential.data, 32);
    return true;
}

static mscp_status_t remember(struct mscp_chip *chip, uint32_t id)
{
    uint32_t *places = chip->volatiles.authenticated;
    for (unsigned i = 0; i < MSCP_CHIP_AUTHENTICATED; i++) {
        if (places[i] == id || places[i] == 0) {
            places[i] = id;
            return MSCP_OK;
        }
    }
    return MSCP_NO_SPACE;
}

void mscp_auth_forget(struct mscp_chip *chip, uint32_t id)
{
    for (unsigned i = 0; i < MSCP_CHIP_AUTHENTICATED; i++) {
        if (chip->volatiles.authenticated[i] == id) {
            chip->volatiles.authenticated[i] = 0;
        }
    }
}

static mscp_status_t failed(struct mscp_chip *chip, unsigned tries_left)
{
    chip->detail = (uint16_t)tries_left;
    return MSCP_AUTH_FAILED;
}

static mscp_status_t judge(struct mscp_chip *chip, const struct mscp_object *object, struct mico_span credential)
{
    uint8_t expected[32], given[32];
    struct mscp_ledger ledger;
    unsigned tries = object->private_key[1];
    mscp_status_t status = mscp_ledger_load(chip, object->id, &ledger);
    if (status != MSCP_OK) {
        return status;
    }
    if (ledger.failures >= tries) {
        return failed(chip, NO_MORE_TRIES);
    }
    if (!expected_of(chip, object, credential, expected, given)) {
        return MSCP_BAD_PARAM;
    }
    ledger.failures++;
    status = mscp_ledger_save(chip, object->id, &ledger);
    if (status == MSCP_OK && !mico_ct_equal(expected, given, sizeof expected)) {
        mscp_auth_forget(chip, object->id);
        status = failed(chip, tries - ledger.failures);
    }
    if (status == MSCP_OK) {
        ledger.failures = 0;
        status = mscp_ledger_save(chip, object->id, &ledger);
    }
    if (status == MSCP_OK) {
        status = mico_ct_equal(expected, given, sizeof expected) ? remember(chip, object->id) : MSCP_TAMPER;
    }
    mico_wipe(expected, sizeof expected);
    mico_wipe(given, sizeof given);
    return status;
}

mscp_status_t mscp_chip_authenticate(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object object;
    uint32_t id = mscp_tlv_u32(in, MSCP_TAG_ID);
    if (chip->session_by != MSCP_BY_PAIRED && id != MSCP_ID_OWNER) {
        chip->detail = MSCP_CLAUSE_AUTH; /* anyone on the line has a session on trial: the tries of others are not his */
        return MSCP_AUTH_REQUIRED;
    }
    mscp_status_t status = mscp_object_load(chip, id, &object);
    if (status == MSCP_OK && object.attributes.type != MSCP_AUTH) {
        status = mscp_denied(chip, MSCP_CLAUSE_TYPE);
    }
    if (status == MSCP_OK) {
        status = mscp_permit(chip, &object, MSCP_DOING_USE);
    }
    if (status == MSCP_OK) {
        status = (in->present & MSCP_TAG_BIT(MSCP_TAG_CREDENTIAL)) != 0
                     ? judge(chip, &object, in->value[MSCP_TAG_CREDENTIAL])
                     : challenge(chip, &object, out);
    }
    mico_wipe(&object, sizeof object);
    return status;
}

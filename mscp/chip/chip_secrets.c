/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that come from outside or of other keys, and what SECRETs do: HKDF, HMAC, ChaCha20-Poly1305. docs/MSCP.md,
 * "Secrets". A SECRET is loaded here, used here and wiped here; no command carries one out. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"

#define HAS(in, name) (((in)->present & MSCP_TAG_BIT(MSCP_TAG_##name)) != 0)
#define NONCE 12
#define TAG_SIZE 16
#define CIPHER_KEY 32

/* ---- making one ---- */

static bool secret_attributes_allowed(const struct mscp_object *object, size_t len)
{
    const uint16_t ciphers = MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT | MSCP_USE_WRAP;
    const uint16_t uses = ciphers | MSCP_USE_DERIVE | MSCP_USE_MAC;
    const struct mscp_attributes *a = &object->attributes;
    /* What is wrapped for the chip is ciphertext under the same key: who may decrypt with it, or encrypt with a nonce of his choice,
     * has the key inside. */
    if ((a->usage & MSCP_USE_WRAP) != 0 && (a->usage & (MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT)) != 0) {
        return false;
    }
    return (a->usage & uses) != 0 && (a->usage & ~(uses | MSCP_RELEASE_INSIDE)) == 0 &&
           ((a->usage & ciphers) == 0 || len == CIPHER_KEY) && a->read == MSCP_NEVER && a->write == MSCP_NEVER &&
           (a->policy_len == 0 || !mscp_object_is_volatile(object->id));
}

mscp_status_t mscp_secret_target(struct mscp_chip *chip, const struct mscp_tlvs *in, const struct mscp_object *source,
                                 size_t len, struct mscp_object *target)
{
    memset(target, 0, sizeof *target);
    if (HAS(in, TARGET) != HAS(in, ATTRIBUTES)) {
        return MSCP_BAD_PARAM;
    }
    if (!HAS(in, TARGET)) {
        return MSCP_OK;
    }
    target->id = mscp_tlv_u32(in, MSCP_TAG_TARGET);
    mscp_status_t status = mscp_object_attributes(chip, in, &target->attributes);
    if (status != MSCP_OK) {
        return status;
    }
    if (target->attributes.type != MSCP_SECRET) {
        return MSCP_NOT_SUPPORTED;
    }
    if (len < MSCP_SECRET_MIN || len > MSCP_SECRET_MAX) {
        return MSCP_BAD_LENGTH;
    }
    if (!secret_attributes_allowed(target, len)) {
        return mscp_denied(chip, MSCP_CLAUSE_ATTRIBUTES);
    }
    if ((source->attributes.usage & ~target->attributes.usage & MSCP_RELEASE_INSIDE) != 0) {
        return mscp_denied(chip, MSCP_CLAUSE_RELEASE);
    }
    target->attributes.origin = MSCP_DERIVED;
    return mscp_object_room(chip, target->id, MSCP_SECRET);
}

mscp_status_t mscp_secret_deliver(struct mscp_chip *chip, struct mscp_object *target, enum mscp_tag tag,
                                  struct mico_span bytes, struct mico_writer *out)
{
    if (target == NULL) {
        mscp_put_bytes(out, tag, bytes.data, bytes.len);
        return MSCP_OK;
    }
    memcpy(target->private_key, bytes.data, bytes.len);
    target->private_len = (uint8_t)bytes.len;
    mscp_status_t status = mscp_object_create(chip, target);
    mico_wipe(target, sizeof *target);
    return status;
}

/* ---- using one ---- */

static uint16_t may_use(const struct mscp_object *secret, uint16_t usage)
{
    if (secret->attributes.type != MSCP_SECRET) {
        return MSCP_CLAUSE_TYPE;
    }
    return (secret->attributes.usage & usage) != 0 ? MSCP_ALLOWED : MSCP_CLAUSE_USAGE;
}

static mscp_status_t load_for(struct mscp_chip *chip, uint32_t id, uint16_t usage, struct mscp_object *secret)
{
    mscp_status_t status = mscp_object_load(chip, id, secret);
    if (status == MSCP_OK) {
        uint16_t verdict = may_use(secret, usage);
        status = verdict == MSCP_ALLOWED ? MSCP_OK : mscp_denied(chip, verdict);
    }
    return status;
}

/* On the other side of the work. */
static mscp_status_t still_for(struct mscp_chip *chip, uint16_t usage, const struct mscp_object *secret)
{
    return may_use(secret, usage) == MSCP_ALLOWED && mscp_permitted(chip, secret, MSCP_DOING_USE) ? MSCP_OK
                                                                                                  : MSCP_TAMPER;
}

static struct mico_span bytes_of(const struct mscp_object *secret)
{
    return (struct mico_span){secret->private_key, secret->private_len};
}

/* ---- from outside ---- */

/* A key sealed for this id and these attributes: nobody can move it to another object or give it other rights. */
static mscp_status_t unwrap(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_span sealed,
                            struct mscp_object *object)
{
    struct mscp_object wrapper;
    uint8_t aad[4 + MSCP_ATTRIBUTES_MAX];
    struct mico_span attributes = in->value[MSCP_TAG_ATTRIBUTES];
    if (sealed.len < NONCE + TAG_SIZE + MSCP_SECRET_MIN) {
        return MSCP_BAD_LENGTH;
    }
    mscp_status_t status = load_for(chip, mscp_tlv_u32(in, MSCP_TAG_WRAPPER), MSCP_USE_WRAP, &wrapper);
    if (status == MSCP_OK) {
        status = mscp_permit(chip, &wrapper, MSCP_DOING_USE);
    }
    if (status == MSCP_OK) {
        mico_store_le32(aad, object->id);
        memcpy(aad + 4, attributes.data, attributes.len);
        mico_err err =
            mico_chachapoly_open(wrapper.private_key, sealed.data, (struct mico_span){aad, 4 + attributes.len},
                                 (struct mico_span){sealed.data + NONCE, sealed.len - NONCE}, object->private_key);
        status = err == MICO_OK ? still_for(chip, MSCP_USE_WRAP, &wrapper) : MSCP_VERIFY_FAILED;
        object->private_len = (uint8_t)(sealed.len - NONCE - TAG_SIZE);
    }
    mico_wipe(&wrapper, sizeof wrapper);
    return status;
}

static mscp_status_t take_bytes(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mscp_object *object)
{
    struct mico_span key = in->value[MSCP_TAG_KEY];
    if (HAS(in, WRAPPER)) {
        return unwrap(chip, in, key, object);
    }
    if (key.len > MSCP_SECRET_MAX) {
        return MSCP_BAD_LENGTH;
    }
    memcpy(object->private_key, key.data, key.len);
    object->private_len = (uint8_t)key.len;
    return MSCP_OK;
}

/* The key's bytes against its attributes. */
static mscp_status_t fit(struct mscp_chip *chip, struct mscp_object *object)
{
    if (!mscp_object_is_key(object)) {
        return secret_attributes_allowed(object, object->private_len) ? MSCP_OK
                                                                      : mscp_denied(chip, MSCP_CLAUSE_ATTRIBUTES);
    }
    if (object->private_len != 32) {
        return MSCP_BAD_LENGTH;
    }
    return mscp_key_complete(object) ? MSCP_OK : MSCP_BAD_PARAM;
}

mscp_status_t mscp_chip_import(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object object = {.id = mscp_tlv_u32(in, MSCP_TAG_ID)};
    mscp_status_t status = mscp_object_attributes(chip, in, &object.attributes);
    if (status != MSCP_OK) {
        return status;
    }
    bool pair = mscp_object_is_key(&object);
    if (!pair && object.attributes.type != MSCP_SECRET) {
        return MSCP_NOT_SUPPORTED;
    }
    status = mscp_object_room(chip, object.id, object.attributes.type);
    if (status == MSCP_OK && pair && !mscp_key_attributes_allowed(object.id, &object.attributes)) {
        status = mscp_denied(chip, MSCP_CLAUSE_ATTRIBUTES);
    }
    if (status == MSCP_OK) {
        status = take_bytes(chip, in, &object);
    }
    if (status == MSCP_OK) {
        status = fit(chip, &object);
    }
    if (status == MSCP_OK) {
        object.attributes.origin = MSCP_IMPORTED;
        status = mscp_object_create(chip, &object);
    }
    if (status == MSCP_OK && pair) {
        struct mico_span key = mscp_object_public(&object);
        mscp_put_bytes(out, MSCP_TAG_PUBLIC_KEY, key.data, key.len);
    }
    mico_wipe(&object, sizeof object);
    return status;
}

/* ---- HKDF ---- */

static mscp_status_t hkdf(const struct mscp_tlvs *in, struct mico_span ikm, uint8_t *made, size_t len)
{
    struct mico_span salt = in->value[MSCP_TAG_SALT], info = in->value[MSCP_TAG_INFO];
    mico_err err = mscp_tlv_u8(in, MSCP_TAG_ALGORITHM) == MSCP_HKDF_SHA256
                       ? mico_hkdf_sha256(salt, ikm, info, made, len)
                       : mico_hkdf_sha512(salt, ikm, info, made, len);
    return err == MICO_OK ? MSCP_OK : MSCP_BAD_LENGTH; /* no length below MSCP_CHUNK_MAX is too long for it */
}

mscp_status_t mscp_chip_derive_key(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object secret, target;
    uint8_t made[MSCP_CHUNK_MAX];
    uint16_t len = mscp_tlv_u16(in, MSCP_TAG_COUNT);
    uint8_t algorithm = mscp_tlv_u8(in, MSCP_TAG_ALGORITHM);
    bool inside = HAS(in, TARGET);
    if (algorithm != MSCP_HKDF_SHA256 && algorithm != MSCP_HKDF_SHA512) {
        return MSCP_NOT_SUPPORTED;
    }
    if (len == 0 || len > sizeof made) {
        return MSCP_BAD_LENGTH;
    }
    mscp_status_t status = load_for(chip, mscp_tlv_u32(in, MSCP_TAG_ID), MSCP_USE_DERIVE, &secret);
    if (status == MSCP_OK && !inside && (secret.attributes.usage & MSCP_RELEASE_INSIDE) != 0) {
        status = mscp_denied(chip, MSCP_CLAUSE_RELEASE);
    }
    if (status == MSCP_OK) {
        status = mscp_secret_target(chip, in, &secret, len, &target);
    }
    if (status == MSCP_OK) {
        status = mscp_permit(chip, &secret, MSCP_DOING_USE);
    }
    if (status == MSCP_OK) {
        status = hkdf(in, bytes_of(&secret), made, len);
    }
    if (status == MSCP_OK) {
        status = still_for(chip, MSCP_USE_DERIVE, &secret);
    }
    if (status == MSCP_OK && (inside || (secret.attributes.usage & MSCP_RELEASE_INSIDE) == 0)) {
        status = mscp_secret_deliver(chip, inside ? &target : NULL, MSCP_TAG_BYTES, (struct mico_span){made, len}, out);
    }
    mico_wipe(&secret, sizeof secret);
    mico_wipe(made, sizeof made);
    return status;
}

/* ---- HMAC ---- */

/* The MAC of a message that arrives in pieces; *complete when it is made. */
static mscp_status_t compute(struct mscp_chip *chip, uint8_t command, const struct mscp_tlvs *in, bool *complete,
                             uint8_t mac[32])
{
    struct mscp_object secret;
    mscp_status_t status = mscp_chip_collect(chip, command, in, complete);
    if (status != MSCP_OK || !*complete) {
        return status;
    }
    status = load_for(chip, mscp_tlv_u32(in, MSCP_TAG_ID), MSCP_USE_MAC, &secret);
    if (status == MSCP_OK) {
        status = mscp_permit(chip, &secret, MSCP_DOING_USE);
    }
    if (status == MSCP_OK) {
        mico_hmac_sha256(bytes_of(&secret), (struct mico_span){chip->message, chip->transfer.total}, mac);
        status = still_for(chip, MSCP_USE_MAC, &secret);
    }
    mico_wipe(&secret, sizeof secret);
    return status;
}

mscp_status_t mscp_chip_compute_mac(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    bool complete = false;
    uint8_t mac[32];
    mscp_status_t status = compute(chip, MSCP_COMPUTE_MAC, in, &complete, mac);
    if (status == MSCP_OK && complete) {
        mscp_put_bytes(out, MSCP_TAG_MAC, mac, sizeof mac);
    }
    mico_wipe(mac, sizeof mac);
    return status;
}

mscp_status_t mscp_chip_verify_mac(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    bool complete = false;
    uint8_t mac[32];
    mscp_status_t status = compute(chip, MSCP_VERIFY_MAC, in, &complete, mac);
    if (status == MSCP_OK && complete && !mico_ct_equal(mac, in->value[MSCP_TAG_MAC].data, sizeof mac)) {
        status = MSCP_VERIFY_FAILED;
    }
    mico_wipe(mac, sizeof mac);
    return status;
}

/* ---- ChaCha20-Poly1305 ---- */

mscp_status_t mscp_chip_encrypt(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object secret;
    struct mico_span text = in->value[MSCP_TAG_BYTES];
    uint8_t nonce[NONCE], sealed[MSCP_TEXT_MAX + TAG_SIZE];
    if (text.len > MSCP_TEXT_MAX) {
        return MSCP_BAD_LENGTH;
    }
    mscp_status_t status = load_for(chip, mscp_tlv_u32(in, MSCP_TAG_ID), MSCP_USE_ENCRYPT, &secret);
    if (HAS(in, IV)) {
        memcpy(nonce, in->value[MSCP_TAG_IV].data, sizeof nonce);
    } else if (status == MSCP_OK && mico_random(nonce, sizeof nonce) != MICO_OK) {
        status = MSCP_ENTROPY;
    }
    if (status == MSCP_OK) {
        status = mscp_permit(chip, &secret, MSCP_DOING_USE);
    }
    if (status == MSCP_OK) {
        mico_chachapoly_seal(secret.private_key, nonce, in->value[MSCP_TAG_AAD], text, sealed);
        status = still_for(chip, MSCP_USE_ENCRYPT, &secret);
    }
    if (status == MSCP_OK) {
        mscp_put_bytes(out, MSCP_TAG_IV, nonce, sizeof nonce);
        mscp_put_bytes(out, MSCP_TAG_BYTES, sealed, text.len + TAG_SIZE);
    }
    mico_wipe(&secret, sizeof secret);
    return status;
}

mscp_status_t mscp_chip_decrypt(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object secret;
    struct mico_span sealed = in->value[MSCP_TAG_BYTES];
    uint8_t text[MSCP_TEXT_MAX];
    if (sealed.len < TAG_SIZE || sealed.len > MSCP_TEXT_MAX + TAG_SIZE) {
        return MSCP_BAD_LENGTH;
    }
    mscp_status_t status = load_for(chip, mscp_tlv_u32(in, MSCP_TAG_ID), MSCP_USE_DECRYPT, &secret);
    if (status == MSCP_OK) {
        status = mscp_permit(chip, &secret, MSCP_DOING_USE);
    }
    if (status == MSCP_OK && mico_chachapoly_open(secret.private_key, in->value[MSCP_TAG_IV].data,
                                                  in->value[MSCP_TAG_AAD], sealed, text) != MICO_OK) {
        status = MSCP_VERIFY_FAILED;
    }
    if (status == MSCP_OK) {
        status = still_for(chip, MSCP_USE_DECRYPT, &secret);
    }
    if (status == MSCP_OK) {
        mscp_put_bytes(out, MSCP_TAG_BYTES, text, sealed.len - TAG_SIZE);
    }
    mico_wipe(&secret, sizeof secret);
    mico_wipe(text, sizeof text);
    return status;
}

/* ---- no key at all ---- */

mscp_status_t mscp_chip_hash(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    uint8_t digest[64];
    uint8_t algorithm = mscp_tlv_u8(in, MSCP_TAG_ALGORITHM);
    bool complete;
    if (algorithm != MSCP_SHA256 && algorithm != MSCP_SHA512) {
        return MSCP_NOT_SUPPORTED;
    }
    mscp_status_t status = mscp_chip_collect(chip, MSCP_HASH, in, &complete);
    if (status != MSCP_OK || !complete) {
        return status;
    }
    if (algorithm == MSCP_SHA256) {
        mico_sha256(chip->message, chip->transfer.total, digest);
    } else {
        mico_sha512(chip->message, chip->transfer.total, digest);
    }
    mscp_put_bytes(out, MSCP_TAG_BYTES, digest, algorithm == MSCP_SHA256 ? 32 : 64);
    return MSCP_OK;
}

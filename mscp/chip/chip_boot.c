/* SPDX-License-Identifier: Apache-2.0 */
/* What the host started, as it says: registers that only ever go on, the signature of its firmware, and a receipt that
 * saves the second look. docs/MSCP.md, "Boot". */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"

/* Register 0 is the chip's own: it takes only digests whose signature or receipt the chip has checked. */
#define VERIFIED 0

static void extend(struct mscp_chip *chip, unsigned index, const uint8_t digest[32])
{
    struct mico_sha256 hash;
    mico_sha256_start(&hash);
    mico_sha256_add(&hash, chip->boot.registers[index], 32);
    mico_sha256_add(&hash, digest, 32);
    mico_sha256_finish(&hash, chip->boot.registers[index]);
}

mscp_status_t mscp_chip_extend(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    uint8_t index = mscp_tlv_u8(in, MSCP_TAG_INDEX);
    bool changes = (in->present & MSCP_TAG_BIT(MSCP_TAG_DIGEST)) != 0;
    if (index >= MSCP_REGISTERS) {
        return MSCP_BAD_PARAM;
    }
    if (changes && index == VERIFIED) {
        return mscp_denied(chip, MSCP_CLAUSE_WRITE);
    }
    if (changes) {
        extend(chip, index, in->value[MSCP_TAG_DIGEST].data);
    }
    mscp_put_bytes(out, MSCP_TAG_DIGEST, chip->boot.registers[index], 32);
    return MSCP_OK;
}

/* The key whose signature makes firmware the maker's: written in the factory, for good. */
static mscp_status_t boot_key(struct mscp_chip *chip, uint8_t key[32])
{
    struct mscp_object object;
    struct mico_span value;
    mscp_status_t status = mscp_object_load(chip, MSCP_ID_BOOT_KEY, &object);
    mico_wipe(object.private_key, sizeof object.private_key);
    if (status != MSCP_OK) {
        return status;
    }
    if (object.attributes.type != MSCP_DATA || object.total != 32) {
        return mscp_denied(chip, MSCP_CLAUSE_TYPE);
    }
    if (object.attributes.write != MSCP_NEVER) {
        return mscp_denied(chip, MSCP_CLAUSE_WRITE);
    }
    status = mscp_object_value(chip, &object, 0, &value);
    if (status == MSCP_OK) {
        memcpy(key, value.data, 32);
    }
    return status;
}

/* Below the device's rollback counter nothing is good any more; a chip without one sets no limit. */
static mscp_status_t not_rolled_back(struct mscp_chip *chip, uint64_t security)
{
    struct mscp_object counter;
    mscp_status_t status = mscp_object_load(chip, MSCP_ID_ROLLBACK, &counter);
    if (status == MSCP_NO_SUCH_OBJECT) {
        return MSCP_OK;
    }
    mico_wipe(counter.private_key, sizeof counter.private_key);
    if (status == MSCP_OK && counter.attributes.type == MSCP_COUNTER && security < counter.counter) {
        return MSCP_ROLLBACK;
    }
    return status;
}

static void accept(struct mscp_chip *chip, const struct mscp_tlvs *in)
{
    memcpy(chip->boot.digest, in->value[MSCP_TAG_DIGEST].data, 32);
    chip->boot.security = mscp_tlv_u64(in, MSCP_TAG_VALUE);
    chip->boot.verified = true;
    extend(chip, VERIFIED, chip->boot.digest);
}

mscp_status_t mscp_chip_verify_boot(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    uint8_t key[32];
    struct mico_span digest = in->value[MSCP_TAG_DIGEST];
    mscp_status_t status = boot_key(chip, key);
    if (status == MSCP_OK) {
        status = not_rolled_back(chip, mscp_tlv_u64(in, MSCP_TAG_VALUE));
    }
    if (status == MSCP_OK && mico_ed25519_verify(key, digest, in->value[MSCP_TAG_SIGNATURE].data) != MICO_OK) {
        status = MSCP_VERIFY_FAILED;
    }
    if (status == MSCP_OK) {
        accept(chip, in);
    }
    return status;
}

/* HMAC-SHA-256(key of this chip, digest | u64 security counter). */
static void receipt(const struct mscp_chip *chip, const uint8_t digest[32], uint64_t security, uint8_t out[32])
{
    uint8_t key[32], message[32 + 8];
    memcpy(message, digest, 32);
    mico_store_le64(message + 32, security);
    mscp_chip_derive(chip, "MSCP1 receipt", key);
    mico_hmac_sha256(MICO_SPAN(key), MICO_SPAN(message), out);
    mico_wipe(key, sizeof key);
}

mscp_status_t mscp_chip_make_receipt(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    uint8_t made[32];
    if (!chip->boot.verified) {
        return MSCP_VERIFY_FAILED;
    }
    receipt(chip, chip->boot.digest, chip->boot.security, made);
    mscp_put_bytes(out, MSCP_TAG_PROOF, made, sizeof made);
    return MSCP_OK;
}

mscp_status_t mscp_chip_check_receipt(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    uint8_t expected[32];
    uint64_t security = mscp_tlv_u64(in, MSCP_TAG_VALUE);
    receipt(chip, in->value[MSCP_TAG_DIGEST].data, security, expected);
    bool good = mico_ct_equal(expected, in->value[MSCP_TAG_PROOF].data, sizeof expected);
    mico_wipe(expected, sizeof expected);
    if (!good) {
        return MSCP_VERIFY_FAILED;
    }
    mscp_status_t status = not_rolled_back(chip, security);
    if (status == MSCP_OK) {
        accept(chip, in);
    }
    return status;
}

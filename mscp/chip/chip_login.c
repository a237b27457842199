/* SPDX-License-Identifier: Apache-2.0 */
/* The device's side of the login chain. docs/MSCP.md, "Login chain". */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/protocol/login.h"

#define RECORD "login"
#define RECORD_SIZE (8 + 32 + 32)

mico_err mscp_login_load(struct mscp_chip *chip)
{
    struct mico_span value;
    bool found;
    mico_err err = mscp_chip_get(chip, RECORD, 0, &value, &found);
    if (err != MICO_OK || !found) {
        return err; /* a chip that never logged in: zeros */
    }
    if (value.len != RECORD_SIZE) {
        return MICO_ERR_CORRUPT;
    }
    chip->login.counter = mico_load_le64(value.data);
    memcpy(chip->login.head, value.data + 8, 32);
    memcpy(chip->login.r, value.data + 40, 32);
    mico_wipe(chip->record, sizeof chip->record);
    return MICO_OK;
}

struct mscp_chain mscp_login_chain(const struct mscp_chip *chip)
{
    struct mscp_chain chain = {.count = chip->login.counter};
    mscp_login_link(chip->login.r, chip->login.head, chain.head);
    return chain;
}

mscp_status_t mscp_chip_login_proof(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    struct mscp_object identity;
    mscp_status_t status = mscp_load_attester(chip, &identity);
    if (status == MSCP_OK) {
        uint8_t message[MSCP_LOGIN_MESSAGE], signature[64];
        struct mscp_chain chain = mscp_login_chain(chip);
        mscp_login_message(in->value[MSCP_TAG_NONCE].data, chain.count, chain.head, message);
        status = mscp_key_sign(&identity, MICO_SPAN(message), false, signature);
        if (status != MSCP_OK || !mscp_permitted(chip, &identity, MSCP_DOING_USE)) {
            mico_wipe(&identity, sizeof identity);
            return status != MSCP_OK ? status : MSCP_TAMPER;
        }
        mscp_put_u64(out, MSCP_TAG_VALUE, chain.count);
        mscp_put_bytes(out, MSCP_TAG_HEAD, chain.head, 32);
        mscp_put_bytes(out, MSCP_TAG_SIGNATURE, signature, sizeof signature);
    }
    mico_wipe(&identity, sizeof identity);
    return status;
}

static mscp_status_t advance(struct mscp_chip *chip, const uint8_t r[32])
{
    uint8_t record[RECORD_SIZE];
    struct mscp_chain chain = mscp_login_chain(chip);
    mico_store_le64(record, chain.count + 1);
    memcpy(record + 8, chain.head, 32);
    memcpy(record + 40, r, 32);
    mico_err err = mscp_chip_put(chip, RECORD, 0, record, sizeof record);
    if (err == MICO_OK) {
        chip->login.counter = chain.count + 1;
        memcpy(chip->login.head, chain.head, 32);
        memcpy(chip->login.r, r, 32);
    }
    mico_wipe(record, sizeof record);
    return mscp_chip_status_of(chip, err);
}

mscp_status_t mscp_chip_login_accept(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    const uint8_t *r = in->value[MSCP_TAG_SECRET].data;
    uint64_t counter = mscp_tlv_u64(in, MSCP_TAG_VALUE);
    mscp_status_t status = MSCP_OK;
    if (counter == chip->login.counter) {
        status = advance(chip, r);
    } else if (counter + 1 != chip->login.counter || !mico_ct_equal(r, chip->login.r, 32)) {
        status =
            MSCP_VERIFY_FAILED; /* not the r of the last proof, nor the one that was taken and whose answer got lost */
    }
    if (status == MSCP_OK) {
        mscp_put_u64(out, MSCP_TAG_VALUE, chip->login.counter);
    }
    return status;
}

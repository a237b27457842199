/* SPDX-License-Identifier: Apache-2.0 */
/* Another pairing in the place of the one that is final, under the owner's AUTH. docs/MSCP.md, "Re-pairing".
 *
 *   PAIR             first record under it      owner's AUTH, prove        commit
 *   ----> staged -------------------> on trial --------------------> proven ------> the pairing
 *         in RAM                                                    in flash, beside the old one
 *
 * Until the commit the old pairing opens sessions as before; from proven on the new one does too, also after a cut. So whatever
 * a cut takes from either end, one of the pairings that the host holds is one that the chip knows. A session on trial does
 * nothing but what these steps take. Where a pairing gives way, the session that waits for its first record goes with it. */
#include <string.h>

#include "mscp/chip/chip_internal.h"

#define RECORD "pair2"

enum step { PROVE = 1, COMMIT = 2, PUT_ASIDE = 3 };

bool mscp_repair_possible(struct mscp_chip *chip)
{
    struct mscp_object owner;
    mscp_status_t status = mscp_object_load(chip, MSCP_ID_OWNER, &owner);
    bool possible = status == MSCP_OK && owner.attributes.type == MSCP_AUTH;
    mico_wipe(&owner, sizeof owner);
    return possible;
}

bool mscp_repair_takes(uint8_t command)
{
    return command == MSCP_GET_INFO || command == MSCP_AUTHENTICATE || command == MSCP_REPAIR ||
           command == MSCP_CLOSE_SESSION;
}

static mico_err forget_proven(struct mscp_chip *chip)
{
    mscp_link_drop_candidate(chip);
    mico_wipe(&chip->proven_pairing, sizeof chip->proven_pairing);
    chip->proven = false;
    return mscp_chip_remove(chip, RECORD);
}

mico_err mscp_repair_load(struct mscp_chip *chip)
{
    struct mico_span value;
    bool found;
    mico_err err = mscp_chip_get(chip, RECORD, 0, &value, &found);
    if (err != MICO_OK || !found) {
        return err;
    }
    if (value.len != sizeof chip->proven_pairing) {
        return MICO_ERR_CORRUPT;
    }
    memcpy(&chip->proven_pairing, value.data, sizeof chip->proven_pairing);
    mico_wipe(chip->record, sizeof chip->record);
    chip->proven = true;
    /* Committed, and cut before this record went: finish that. */
    bool committed = mico_ct_equal(&chip->proven_pairing, &chip->pairing, sizeof chip->pairing);
    return committed ? forget_proven(chip) : MICO_OK;
}

static mscp_status_t prove(struct mscp_chip *chip)
{
    if (chip->session_by == MSCP_BY_PROVEN) {
        return MSCP_OK; /* the answer got lost */
    }
    if (chip->session_by != MSCP_BY_STAGED || !chip->staged) {
        return MSCP_BAD_PARAM;
    }
    if (!mscp_authenticated(chip, MSCP_ID_OWNER)) {
        chip->detail = MSCP_CLAUSE_AUTH;
        return MSCP_AUTH_REQUIRED;
    }
    mico_err err = mscp_chip_put(chip, RECORD, 0, &chip->staged_pairing, sizeof chip->staged_pairing);
    if (err == MICO_OK && !mscp_authenticated(chip, MSCP_ID_OWNER)) {
        return MSCP_TAMPER;
    }
    if (err == MICO_OK) {
        mscp_link_drop_candidate(chip); /* it may have come by the one proven before */
        chip->proven_pairing = chip->staged_pairing;
        chip->proven = true;
        chip->session_by = MSCP_BY_PROVEN;
        chip->staged = false;
        mico_wipe(&chip->staged_pairing, sizeof chip->staged_pairing);
    }
    return mscp_chip_status_of(chip, err);
}

static mscp_status_t commit(struct mscp_chip *chip)
{
    if (chip->session_by == MSCP_BY_PAIRED && !chip->proven) {
        return MSCP_OK; /* the answer got lost */
    }
    if (chip->session_by != MSCP_BY_PROVEN || !chip->proven) {
        return MSCP_BAD_PARAM;
    }
    mscp_audit_log(chip, MSCP_AUDIT_PAIRED, MSCP_REPAIR, MSCP_OK, 0);
    mico_err err = mscp_chip_put(chip, "pair", 0, &chip->proven_pairing, sizeof chip->proven_pairing);
    if (err == MICO_OK) {
        chip->pairing = chip->proven_pairing;
        chip->session_by = MSCP_BY_PAIRED;
        err = forget_proven(chip);
    }
    return mscp_chip_status_of(chip, err);
}

static mscp_status_t put_aside(struct mscp_chip *chip)
{
    if (chip->session_by != MSCP_BY_PAIRED) {
        return MSCP_BAD_PARAM;
    }
    return mscp_chip_status_of(chip, forget_proven(chip));
}

mscp_status_t mscp_chip_repair(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out)
{
    switch (mscp_tlv_u8(in, MSCP_TAG_STEP)) {
    case PROVE:
        return prove(chip);
    case COMMIT:
        return commit(chip);
    case PUT_ASIDE:
        return put_aside(chip);
    default:
        return MSCP_BAD_PARAM;
    }
}

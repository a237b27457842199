/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs that a device makes for itself in the field, and removes: under ids of their own, so few and so seldom that neither the
 * factory's objects nor the flash suffer. docs/MSCP.md, "In the field". */
#include "mscp/chip/chip_internal.h"

#define BURST MSCP_FIELD_KEYS   /* made at once */
#define PERIOD_MS 60000         /* then one each minute; RATE_LIMITED's detail has room for it */
#define LEDGER MSCP_ID_VOLATILE /* what they have cost: no object's, since what is volatile counts nothing in flash */

bool mscp_object_is_field(uint32_t id)
{
    return id >= MSCP_ID_FIELD && id < MSCP_ID_VOLATILE;
}

mscp_status_t mscp_field_room(struct mscp_chip *chip, uint32_t id)
{
    unsigned count;
    if (!mscp_object_is_field(id)) {
        return MSCP_WRONG_LIFECYCLE;
    }
    mscp_status_t status = mscp_object_free(chip, id);
    if (status == MSCP_OK) {
        status = mscp_objects_in_field(chip, &count);
    }
    return status == MSCP_OK && count >= MSCP_FIELD_KEYS ? MSCP_NO_SPACE : status;
}

/* What signs anything is not for a device, and the chip's own statements are its factory key's. */
bool mscp_field_usage_allowed(uint16_t usage)
{
    return (usage & (MSCP_USE_SIGN_RAW | MSCP_USE_ATTEST)) == 0;
}

/* In flash before the pair, like every use that is counted: whoever starts the chip anew gains none. */
mscp_status_t mscp_field_charge(struct mscp_chip *chip, uint32_t id)
{
    struct mscp_ledger ledger;
    mscp_status_t status = mscp_ledger_load(chip, LEDGER, &ledger);
    if (status != MSCP_OK) {
        return status;
    }
    uint32_t wait_ms = mscp_ledger_refill(chip, &ledger, PERIOD_MS);
    if (ledger.spent >= BURST) {
        chip->detail = (uint16_t)wait_ms;
        return MSCP_RATE_LIMITED;
    }
    ledger.spent++;
    status = mscp_ledger_save(chip, LEDGER, &ledger);
    if (status == MSCP_OK) {
        mscp_audit_log(chip, MSCP_AUDIT_FIELD, MSCP_GENERATE_KEY_PAIR, MSCP_OK, id);
    }
    return status;
}

void mscp_field_removes(struct mscp_chip *chip, uint32_t id)
{
    mscp_audit_log(chip, MSCP_AUDIT_FIELD, MSCP_DELETE_OBJECT, MSCP_OK, id);
}

bool mscp_field_owns(const struct mscp_object *object)
{
    return mscp_object_is_key(object) && object->attributes.origin == MSCP_GENERATED;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs that a device makes for itself in the field, and removes: under ids of their own, so few and so seldom that neither the
 * factory's objects nor the flash suffer. docs/MSCP.md, "In the field". */
#include "mscp/chip/chip_internal.h"

#define BURST MSCP_FIELD_KEYS /* made at once, since the chip's start */
#define PERIOD_MS 60000       /* then one each minute; RATE_LIMITED's detail has room for it */

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

/* In RAM alone: a start of the chip, which gives all back, is itself a write to flash. */
mscp_status_t mscp_field_charge(struct mscp_chip *chip)
{
    uint64_t now = chip->platform.now_ms(chip->platform.ctx);
    uint32_t wait_ms = mscp_refill(&chip->field.spent, &chip->field.at_ms, now, PERIOD_MS);
    if (chip->field.spent >= BURST) {
        chip->detail = (uint16_t)wait_ms;
        return MSCP_RATE_LIMITED;
    }
    chip->field.spent++;
    return MSCP_OK;
}

bool mscp_field_owns(const struct mscp_object *object)
{
    return mscp_object_is_key(object) && object->attributes.origin == MSCP_GENERATED;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What lives with a session: SECRETs in RAM, and against whom the host has authenticated. docs/MSCP.md, "Volatile". */
#include <string.h>

#include "mscp/chip/chip_internal.h"

bool mscp_object_is_volatile(uint32_t id)
{
    return id >= MSCP_ID_VOLATILE;
}

static struct mscp_chip_volatile *slot_of(struct mscp_chip *chip, uint32_t id)
{
    for (unsigned i = 0; i < MSCP_VOLATILE_MAX; i++) {
        if (chip->volatiles.secrets[i].id == id) {
            return &chip->volatiles.secrets[i];
        }
    }
    return NULL;
}

mscp_status_t mscp_volatile_load(struct mscp_chip *chip, uint32_t id, struct mscp_object *object)
{
    const struct mscp_chip_volatile *slot = slot_of(chip, id);
    if (slot == NULL) {
        return MSCP_NO_SUCH_OBJECT;
    }
    object->attributes =
        (struct mscp_attributes){.type = MSCP_SECRET, .origin = slot->origin, .usage = slot->usage, .life = slot->life};
    object->private_len = slot->len;
    memcpy(object->private_key, slot->bytes, slot->len);
    return MSCP_OK;
}

mscp_status_t mscp_volatile_save(struct mscp_chip *chip, const struct mscp_object *object)
{
    struct mscp_chip_volatile *slot = slot_of(chip, 0);
    if (slot == NULL) {
        return MSCP_NO_SPACE;
    }
    *slot = (struct mscp_chip_volatile){.id = object->id,
                                        .usage = object->attributes.usage,
                                        .origin = object->attributes.origin,
                                        .life = object->attributes.life,
                                        .len = object->private_len};
    memcpy(slot->bytes, object->private_key, object->private_len);
    return MSCP_OK;
}

mscp_status_t mscp_volatile_delete(struct mscp_chip *chip, uint32_t id)
{
    struct mscp_chip_volatile *slot = slot_of(chip, id);
    if (slot == NULL) {
        return MSCP_NO_SUCH_OBJECT;
    }
    mico_wipe(slot, sizeof *slot);
    return MSCP_OK;
}

bool mscp_authenticated(const struct mscp_chip *chip, uint32_t id)
{
    bool found = false;
    for (unsigned i = 0; i < MSCP_CHIP_AUTHENTICATED; i++) {
        found = found || (id != 0 && chip->volatiles.authenticated[i] == id);
    }
    return found;
}

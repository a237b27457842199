/* SPDX-License-Identifier: Apache-2.0 */
/* A lamp that its owner switches from a phone: the smallest product. */
#include "apps/device/device.h"
#include "base/log.h"
#include "os/port/board.h"

int application_start(void); /* the board starts it; SDK v3 leaves its prototype to each application */

static bool lit;

static mico_err get(void *ctx, uint16_t iid, uint8_t *value)
{
    *value = lit;
    return MICO_OK;
}

static mico_err set(void *ctx, uint16_t iid, uint8_t value)
{
    lit = value != 0;
    mico_board_lamp(lit);
    MICO_LOG("light", "the light is %s", lit ? "on" : "off");
    return MICO_OK;
}

int application_start(void)
{
    static const struct mico_product light = {
        .name = "MiCO light",
        .manufacturer = "MiCO",
        .model = "light",
        .firmware = "1.1.0",
        .service = &mico_service_light,
        .get = get,
        .set = set,
    };
    return mico_device_run(&light);
}

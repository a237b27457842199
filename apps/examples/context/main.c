/* SPDX-License-Identifier: Apache-2.0 */
/* The system remembers the application's data over a reset: it counts its starts, and starts again until there were three. */
#include "mico.h"

#define context_log(...) custom_log("CONTEXT", __VA_ARGS__)

typedef struct {
    char greeting[16];
    uint32_t starts;
} user_config_t;

void appRestoreDefault_callback(void *const user_config_data, uint32_t size)
{
    user_config_t *config = user_config_data;
    strcpy(config->greeting, "good morning");
}

static void on_power_off(void *arg)
{
    context_log("about to reset");
}

int application_start(void)
{
    mico_Context_t *context = mico_system_context_init(sizeof(user_config_t));
    user_config_t *config = mico_system_context_get_user_data(context);
    OSStatus err = mico_system_notify_register(mico_notify_SYS_WILL_POWER_OFF, (void *)on_power_off, NULL);
    require_noerr(err, exit);
    config->starts++;
    context_log("%s: start %lu", config->greeting, (unsigned long)config->starts);
    strcpy(config->greeting, "welcome back");
    err = mico_system_context_update(context);
    require_noerr(err, exit);
    if (config->starts < 3) {
        mico_system_power_perform(context, eState_Software_Reset);
    }
    context_log("that is enough");

exit:
    return err;
}

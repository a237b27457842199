/* SPDX-License-Identifier: Apache-2.0 */
/* The command console with a command of the application's own. */
#include "mico.h"

#define console_log(...) custom_log("CONSOLE", __VA_ARGS__)

static void add(CLI_ARGS)
{
    int sum = 0;
    for (int i = 1; i < argc; i++) {
        sum += atoi(argv[i]);
    }
    cmd_printf("[sum] %d\r\n", sum);
}

static const struct cli_command commands[] = {{"add", "the sum of numbers", add}};

int application_start(void)
{
    OSStatus err = cli_register_commands(commands, 1);
    require_noerr(err, exit);
    err = cli_init();
    require_noerr(err, exit);
    console_log("ready");

exit:
    return err;
}

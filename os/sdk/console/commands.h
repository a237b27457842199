/* SPDX-License-Identifier: Apache-2.0 */
/* The console's own commands, and what they ask of the rest of the SDK. */
#ifndef OS_SDK_CONSOLE_COMMANDS_H
#define OS_SDK_CONSOLE_COMMANDS_H

#include "os/sdk/mico_cli.h"

extern const struct cli_command sdk_commands[];
extern const size_t sdk_command_count;

/** The application's command in that place, or NULL; places are 0 to CLI_COMMANDS_MAX - 1. */
const struct cli_command *sdk_registered_command(size_t index);

#endif

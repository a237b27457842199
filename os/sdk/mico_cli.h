/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the command console on the board's serial line, which the log shares. None of these calls is allowed in
 * interrupts.
 *
 * A line has at most 127 characters and 16 words; "double quotes" keep blanks in a word. The console's own commands: help,
 * echo, version, memory, tasks, sockets, ifconfig, time, reboot. */
#ifndef OS_SDK_MICO_CLI_H
#define OS_SDK_MICO_CLI_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cli_command {
    const char *name;
    const char *help; /* may be NULL */
    /* What it leaves in pcWriteBuffer, as a string, is printed. argv[0] is the name; argv[argc] is NULL. */
    void (*function)(char *pcWriteBuffer, int xWriteBufferLen, int argc, char **argv);
};

#define CLI_ARGS char *pcWriteBuffer, int xWriteBufferLen, int argc, char **argv

/* In a command: append to its output; what does not fit is cut. */
#define cmd_printf(...)                                                    \
    do {                                                                   \
        if (xWriteBufferLen > 0) {                                         \
            snprintf(pcWriteBuffer, (size_t)xWriteBufferLen, __VA_ARGS__); \
            int cmd_printf_len = (int)strlen(pcWriteBuffer);               \
            xWriteBufferLen -= cmd_printf_len;                             \
            pcWriteBuffer += cmd_printf_len;                               \
        }                                                                  \
    } while (0)

#define CLI_COMMANDS_MAX 50 /* beside the console's own */
#define CLI_OUTPUT_MAX 1024 /* bytes of pcWriteBuffer */

/** Start the console: a thread of priority 5. 0; -1 when it runs already, the application has the line
 * (MicoUartInitialize), or without room for a thread. */
int cli_init(void);
/** End it, in its own commands too; the line is free again. 0; -1 when it does not run. */
int cli_stop(void);

/** Commands by pointer. 0; 1 when one has no name or function, or there is no room for all of them: none is registered
 * then. One that is registered already is no second time. A later command hides an earlier one of the same name. */
int cli_register_command(const struct cli_command *command);
int cli_register_commands(const struct cli_command *commands, int num_commands);
/** 0; 1 when one was not registered. */
int cli_unregister_command(const struct cli_command *command);
int cli_unregister_commands(const struct cli_command *commands, int num_commands);

/** Print at once, in lines of at most 255 characters. Returns how many characters that were. */
int cli_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define cli_putstr(text) cli_printf("%s", (text))

/** For a command that wants a key: wait for one. 1; 0 when the console ends or does not run. */
int mico_cli_getchar(char *inbuf);

#ifdef __cplusplus
}
#endif

#endif

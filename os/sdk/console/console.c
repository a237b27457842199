/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's command console: a thread that reads the line, finds the command and calls it. */
#include <stdarg.h>

#include "os/kernel/kernel.h"
#include "os/port/uart.h"
#include "os/sdk/console/commands.h"
#include "os/sdk/console/line.h"
#include "os/sdk/drivers/uart.h"
#include "os/sdk/mico_cli.h"
#include "os/sdk/mico_rtos.h"

#define PROMPT "# "
#define STACK_SIZE 4096u

static const struct cli_command *registered[CLI_COMMANDS_MAX];
static struct mico_semaphore typed;
static volatile bool running, ending;

static void on_typed(void *ctx)
{
    (void)mico_semaphore_give(&typed);
}

int mico_cli_getchar(char *inbuf)
{
    if (inbuf == NULL || !running || mico_in_interrupt()) {
        return 0;
    }
    while (!ending && mico_uart_read(MICO_UART_CONSOLE, (uint8_t *)inbuf, 1) == 0) {
        if (mico_semaphore_take(&typed, MICO_FOREVER) != MICO_OK) {
            return 0;
        }
    }
    return ending ? 0 : 1;
}

static void print(const char *text, size_t len)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)text, len);
}

int cli_printf(const char *format, ...)
{
    char text[256];
    va_list args;
    if (format == NULL) {
        return 0;
    }
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    len = len < 0 ? 0 : Min(len, (int)sizeof text - 1);
    print(text, (size_t)len);
    return len;
}

/* The command of that name, the application's before the console's own. */
static const struct cli_command *find_named(const char *name)
{
    for (size_t i = CLI_COMMANDS_MAX; i-- > 0;) {
        if (registered[i] != NULL && strcmp(registered[i]->name, name) == 0) {
            return registered[i];
        }
    }
    for (size_t i = 0; i < sdk_command_count; i++) {
        if (strcmp(sdk_commands[i].name, name) == 0) {
            return &sdk_commands[i];
        }
    }
    return NULL;
}

static void run_line(char *text)
{
    static char output[CLI_OUTPUT_MAX];
    char *words[SDK_WORDS_MAX + 1];
    int count = sdk_line_split(text, words);
    if (count < 0) {
        cli_printf("more than %u words, or a quote that does not end\r\n", SDK_WORDS_MAX);
        return;
    }
    const struct cli_command *command = count > 0 ? find_named(words[0]) : NULL;
    if (command == NULL && count > 0) {
        cli_printf("no command %.64s; try: help\r\n", words[0]);
    }
    if (command != NULL) {
        output[0] = '\0';
        command->function(output, sizeof output, count, words);
        output[sizeof output - 1] = '\0';
        print(output, strlen(output));
    }
}

static void serve(mico_thread_arg_t arg)
{
    static struct sdk_line line;
    char key, echo[SDK_ECHO_MAX];
    size_t echo_len;
    sdk_line_clear(&line);
    print(PROMPT, sizeof PROMPT - 1);
    while (mico_cli_getchar(&key) == 1) {
        bool complete = sdk_line_key(&line, (uint8_t)key, echo, &echo_len);
        print(echo, echo_len);
        if (complete) {
            run_line(line.text);
            sdk_line_clear(&line);
            if (!ending) {
                print(PROMPT, sizeof PROMPT - 1);
            }
        }
    }
    mico_uart_on_receive(MICO_UART_CONSOLE, NULL, NULL);
    sdk_uart_release();
    running = false;
}

int cli_init(void)
{
    if (mico_in_interrupt() || running || !sdk_uart_claim(SDK_UART_CONSOLE)) {
        return -1;
    }
    ending = false;
    running = true;
    mico_semaphore_init(&typed, 0, 1);
    mico_uart_on_receive(MICO_UART_CONSOLE, on_typed, NULL);
    if (mico_rtos_create_thread(NULL, MICO_DEFAULT_WORKER_PRIORITY, "cli", serve, STACK_SIZE, 0) != kNoErr) {
        mico_uart_on_receive(MICO_UART_CONSOLE, NULL, NULL);
        running = false;
        sdk_uart_release();
        return -1;
    }
    return 0;
}

int cli_stop(void)
{
    if (mico_in_interrupt() || !running || ending) {
        return -1;
    }
    ending = true;
    (void)mico_semaphore_give(&typed);
    return 0;
}

static size_t place_of(const struct cli_command *command)
{
    size_t i = 0;
    while (i < CLI_COMMANDS_MAX && registered[i] != command) {
        i++;
    }
    return i;
}

int cli_register_commands(const struct cli_command *commands, int num_commands)
{
    size_t room = 0;
    bool good = commands != NULL && num_commands >= 0;
    for (int i = 0; good && i < num_commands; i++) {
        good = commands[i].name != NULL && commands[i].function != NULL;
    }
    uint32_t irq = mico_irq_save();
    for (size_t i = 0; i < CLI_COMMANDS_MAX; i++) {
        room += registered[i] == NULL;
    }
    good = good && (size_t)num_commands <= room;
    for (int i = 0; good && i < num_commands; i++) {
        if (place_of(&commands[i]) == CLI_COMMANDS_MAX) {
            registered[place_of(NULL)] = &commands[i];
        }
    }
    mico_irq_restore(irq);
    return good ? 0 : 1;
}

int cli_register_command(const struct cli_command *command)
{
    return cli_register_commands(command, 1);
}

int cli_unregister_commands(const struct cli_command *commands, int num_commands)
{
    int missing = commands == NULL || num_commands < 0;
    uint32_t irq = mico_irq_save();
    for (int i = 0; commands != NULL && i < num_commands; i++) {
        size_t place = place_of(&commands[i]);
        if (place < CLI_COMMANDS_MAX) {
            registered[place] = NULL;
        } else {
            missing = 1;
        }
    }
    mico_irq_restore(irq);
    return missing;
}

int cli_unregister_command(const struct cli_command *command)
{
    return cli_unregister_commands(command, 1);
}

const struct cli_command *sdk_registered_command(size_t index)
{
    return index < CLI_COMMANDS_MAX ? registered[index] : NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the console can do by itself. Tables are printed line by line, for they may be longer than a command's buffer. */
#include "os/sdk/console/commands.h"

#include "os/net/net.h"
#include "os/port/clock.h"
#include "os/sdk/descriptor.h"
#include "os/sdk/mico_platform.h"
#include "os/sdk/mico_system.h"
#include "os/sdk/tasks.h"

static void show_help(const struct cli_command *command)
{
    cli_printf("%-12s %.200s\r\n", command->name, command->help != NULL ? command->help : "");
}

static void help(CLI_ARGS)
{
    for (size_t i = 0; i < sdk_command_count; i++) {
        show_help(&sdk_commands[i]);
    }
    for (size_t i = 0; i < CLI_COMMANDS_MAX; i++) {
        const struct cli_command *command = sdk_registered_command(i);
        if (command != NULL) {
            show_help(command);
        }
    }
}

static void echo(CLI_ARGS)
{
    for (int i = 1; i < argc; i++) {
        cmd_printf("%s%s", argv[i], i + 1 < argc ? " " : "");
    }
    cmd_printf("\r\n");
}

static void version(CLI_ARGS)
{
    char info[64];
    mico_app_info(info, sizeof info);
    cmd_printf("%s\r\n", info);
}

static void memory(CLI_ARGS)
{
    const micoMemInfo_t *info = MicoGetMemoryInfo();
    cmd_printf("total %d, used %d, free %d bytes\r\n", info->total_memory, info->allocted_memory, info->free_memory);
}

static void tasks(CLI_ARGS)
{
    const struct mico_thread *threads[SDK_TASKS_MAX];
    struct sdk_task task;
    size_t count = sdk_tasks(threads);
    cli_printf("name             priority  state     stack   unused\r\n");
    for (size_t i = 0; i < count; i++) {
        if (sdk_task(threads[i], &task)) {
            cli_printf("%-16.16s %8u  %-9s %5u   %6u\r\n", task.name, task.priority, task.state,
                       (unsigned)task.stack_size, (unsigned)task.stack_unused);
        }
    }
}

static const char *kind_name(unsigned kind)
{
    switch (kind) {
    case SDK_DESCRIPTOR_EVENT:
        return "event";
    case SDK_DESCRIPTOR_SOCKET:
        return "tcp, unconnected";
    case SDK_DESCRIPTOR_LISTENER:
        return "tcp, listens";
    case SDK_DESCRIPTOR_CONNECTION:
        return "tcp, connected";
    default:
        return "udp";
    }
}

static void sockets(CLI_ARGS)
{
    for (int fd = SDK_DESCRIPTOR_FIRST; fd < SDK_DESCRIPTOR_FIRST + SDK_DESCRIPTORS; fd++) {
        struct sdk_descriptor *d = sdk_descriptor_hold(fd, SDK_DESCRIPTOR_ANY);
        if (d != NULL) {
            cli_printf("%2d  %-16s port %u\r\n", fd, kind_name(d->kind), d->port);
            sdk_descriptor_let_go(d);
        }
    }
}

static void show_address(const char *name, const uint8_t ip[4])
{
    cli_printf("%-8s %u.%u.%u.%u\r\n", name, ip[0], ip[1], ip[2], ip[3]);
}

static void ifconfig(CLI_ARGS)
{
    struct mico_net_info info;
    mico_net_info(&info);
    cli_printf("station  %s, Ethernet %02X:%02X:%02X:%02X:%02X:%02X\r\n", info.up ? "up" : "down", info.mac[0],
               info.mac[1], info.mac[2], info.mac[3], info.mac[4], info.mac[5]);
    show_address("address", info.ip);
    show_address("mask", info.mask);
    show_address("gateway", info.gateway);
    show_address("dns", info.dns);
}

static void time_command(CLI_ARGS)
{
    iso8601_time_t now;
    (void)mico_time_get_iso8601_time(&now);
    cmd_printf("%.*s, %lu ms since the start\r\n", (int)sizeof now, (const char *)&now, (unsigned long)mico_clock_ms());
}

static void reboot(CLI_ARGS)
{
    MicoSystemReboot();
}

const struct cli_command sdk_commands[] = {
    {"help", "this list", help},
    {"echo", "the words that follow", echo},
    {"version", "what runs, and where", version},
    {"memory", "bytes of heap, stacks and queues", memory},
    {"tasks", "all threads, and what of their stacks was never used", tasks},
    {"sockets", "descriptors in use", sockets},
    {"ifconfig", "the network interface", ifconfig},
    {"time", "the time of day, UTC", time_command},
    {"reboot", "start the board again", reboot},
};
const size_t sdk_command_count = sizeof sdk_commands / sizeof sdk_commands[0];

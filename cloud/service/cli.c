/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing, help and errors for cli.h. */
#include "cloud/service/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mico_arguments {
    const struct mico_command *command;
    const char *values[MICO_CLI_OPTIONS_MAX];
    const char *argument;
};

const char *mico_cli_get(const struct mico_arguments *arguments, const char *option)
{
    for (size_t i = 0; i < MICO_CLI_OPTIONS_MAX && arguments->command->options[i].name; i++) {
        if (strcmp(arguments->command->options[i].name, option) == 0) {
            return arguments->values[i];
        }
    }
    return NULL;
}

const char *mico_cli_argument(const struct mico_arguments *arguments)
{
    return arguments->argument;
}

unsigned mico_cli_port(const struct mico_arguments *arguments, const char *option, struct mico_complaint *complaint)
{
    const char *text = mico_cli_get(arguments, option);
    char *end = NULL;
    unsigned long port = text ? strtoul(text, &end, 10) : 0;
    if (port >= 1 && port <= 65535 && *end == 0) {
        return (unsigned)port;
    }
    mico_complain(complaint, MICO_ERR_PARAM, "give a port from 1 to 65535", "%s '%s' is no port", option,
                  text ? text : "");
    return 0;
}

static void print_command(FILE *out, const char *program, const struct mico_command *c)
{
    fprintf(out, "%s %s%s%s%s\n  %s\n", program, c->name, c->argument ? " " : "", c->argument ? c->argument : "",
            c->options[0].name ? " [options]" : "", c->help);
    for (size_t i = 0; i < MICO_CLI_OPTIONS_MAX && c->options[i].name; i++) {
        const struct mico_option *o = &c->options[i];
        char left[40];
        snprintf(left, sizeof left, "%s %s", o->name, o->value ? o->value : "");
        fprintf(out, "    %-24s %s%s\n", left, o->help, o->optional ? "" : " (needed)");
    }
    fprintf(out, "  example: %s\n", c->example);
}

static int usage_error(const char *program, const char *what, const char *which)
{
    fprintf(stderr, "error: %s%s%s\n  try: %s --help\n", what, which ? " " : "", which ? which : "", program);
    return MICO_EXIT_USAGE;
}

/* Words of argv (from 1) that the command's name takes; 0 when it is another command. */
static int words_of(const struct mico_command *command, int argc, char **argv)
{
    const char *space = strchr(command->name, ' ');
    size_t first = space ? (size_t)(space - command->name) : strlen(command->name);
    if (strlen(argv[1]) != first || strncmp(command->name, argv[1], first) != 0) {
        return 0;
    }
    if (!space) {
        return 1;
    }
    return argc > 2 && strcmp(argv[2], space + 1) == 0 ? 2 : 0;
}

/* One option with its value, or the bare argument; returns how many words it took, or -1 with the error printed. */
static int parse_one(const char *program, struct mico_arguments *a, int left, char **at)
{
    if (strncmp(*at, "--", 2) != 0) {
        if (!a->command->argument || a->argument) {
            usage_error(program, "one word too many:", *at);
            return -1;
        }
        a->argument = *at;
        return 1;
    }
    for (size_t i = 0; i < MICO_CLI_OPTIONS_MAX && a->command->options[i].name; i++) {
        const struct mico_option *o = &a->command->options[i];
        if (strcmp(o->name, *at) != 0) {
            continue;
        }
        if (o->value && left < 2) {
            usage_error(program, "a value is missing after", *at);
            return -1;
        }
        a->values[i] = o->value ? at[1] : "";
        return o->value ? 2 : 1;
    }
    usage_error(program, "no such option of this command:", *at);
    return -1;
}

static int parse(const char *program, struct mico_arguments *a, int argc, char **argv)
{
    for (int i = 0; i < argc;) {
        int took = parse_one(program, a, argc - i, argv + i);
        if (took < 0) {
            return MICO_EXIT_USAGE;
        }
        i += took;
    }
    if (a->command->argument && !a->argument) {
        return usage_error(program, "missing:", a->command->argument);
    }
    for (size_t i = 0; i < MICO_CLI_OPTIONS_MAX && a->command->options[i].name; i++) {
        if (!a->command->options[i].optional && !a->values[i]) {
            return usage_error(program, "missing:", a->command->options[i].name);
        }
    }
    return MICO_EXIT_OK;
}

static int run(const char *program, const struct mico_command *command, int argc, char **argv)
{
    struct mico_arguments arguments = {.command = command};
    struct mico_complaint complaint = {0};
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            print_command(stdout, program, command);
            return MICO_EXIT_OK;
        }
    }
    int code = parse(program, &arguments, argc, argv);
    if (code != MICO_EXIT_OK) {
        return code;
    }
    code = command->run(&arguments, &complaint);
    if (code == MICO_EXIT_OK && (fflush(stdout) != 0 || ferror(stdout))) {
        mico_complain(&complaint, MICO_ERR_IO, "check where the output goes, and the free space there",
                      "the output could not be written");
        code = MICO_EXIT_FAILED;
    }
    if (code != MICO_EXIT_OK) {
        fprintf(stderr, "error: %s\n", complaint.what);
        if (complaint.next[0]) {
            fprintf(stderr, "  try: %s\n", complaint.next);
        }
    }
    return code;
}

int mico_cli_run(const char *program, const char *purpose, const struct mico_command *commands, size_t count, int argc,
                 char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        FILE *out = argc < 2 ? stderr : stdout;
        fprintf(out, "%s: %s\n\n", program, purpose);
        for (size_t i = 0; i < count; i++) {
            print_command(out, program, &commands[i]);
        }
        return argc < 2 ? MICO_EXIT_USAGE : MICO_EXIT_OK;
    }
    for (size_t i = 0; i < count; i++) {
        int words = words_of(&commands[i], argc, argv);
        if (words > 0) {
            return run(program, &commands[i], argc - 1 - words, argv + 1 + words);
        }
    }
    return usage_error(program, "no such command:", argv[1]);
}

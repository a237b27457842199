/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of mico-cloud as a table: commands, their options, help, and errors with the next step. */
#ifndef CLOUD_SERVICE_CLI_H
#define CLOUD_SERVICE_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "cloud/registry/complaint.h"

/* Exit codes. */
enum mico_exit {
    MICO_EXIT_OK = 0,
    MICO_EXIT_FAILED = 1,
    MICO_EXIT_USAGE = 2,
    MICO_EXIT_ALTERED = 3, /* a manifest or the log does not verify */
};

#define MICO_CLI_OPTIONS_MAX 14

struct mico_option {
    const char *name;  /* "--db" */
    const char *value; /* "FILE"; NULL for a flag */
    bool optional;
    const char *help;
};

struct mico_arguments;

struct mico_command {
    const char *name;     /* one word or two: "init", "user add" */
    const char *argument; /* of one bare argument, such as "NAME"; NULL when there is none */
    const char *help;
    const char *example;
    struct mico_option options[MICO_CLI_OPTIONS_MAX];
    enum mico_exit (*run)(const struct mico_arguments *arguments, struct mico_complaint *complaint);
};

/** The option's value; for a flag "" when given. NULL when it was not. */
const char *mico_cli_get(const struct mico_arguments *arguments, const char *option);
/** The bare argument. */
const char *mico_cli_argument(const struct mico_arguments *arguments);
/** A port, 1 to 65535; 0 with a complaint otherwise. */
unsigned mico_cli_port(const struct mico_arguments *arguments, const char *option, struct mico_complaint *complaint);

/** Find the command, check its options, run it, print its complaint. Returns the exit code. */
int mico_cli_run(const char *program, const char *purpose, const struct mico_command *commands, size_t count, int argc,
                 char **argv);

#endif

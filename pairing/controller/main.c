/* SPDX-License-Identifier: Apache-2.0 */
/* mico-controller: a user's side of pairing, on the command line. */
#include <stdio.h>
#include <string.h>

#include "os/port/board.h"
#include "pairing/controller/commands.h"

static const struct command {
    const char *name;
    int (*run)(const struct options *options, struct mico_state *state);
    int words;    /* behind the name */
    bool changes; /* the state */
} commands[] = {{"pair", command_pair, 0, true},
                {"list", command_list, 0, false},
                {"get", command_values, 1, false},
                {"set", command_values, 2, false},
                {"unpair", command_unpair, 0, true}};

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(name, commands[i].name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

static int run(const struct options *options, const struct command *command)
{
    struct mico_state state;
    const char *why;
    if (psa_crypto_init() != PSA_SUCCESS) {
        return say_error(EXIT_FAILED, "this computer's cryptography failed", NULL, "try again");
    }
    if (mico_state_open(&state, options->state, command->changes, &why) != MICO_OK) {
        return say_error(EXIT_FAILED, options->state, why, "name another file with --state");
    }
    int status = command->run(options, &state);
    mico_state_close(&state);
    if (status == EXIT_DONE && (fflush(stdout) != 0 || ferror(stdout))) {
        return say_error(EXIT_FAILED, "it is done, but the answer cannot be written", NULL,
                         "see where the output goes");
    }
    return status;
}

/* What is wrong with the words of the line, or NULL. */
static const char *misuse(const struct options *options, const struct command *command, const char **which)
{
    *which = options->command;
    if (options->command == NULL) {
        return "no command";
    }
    if (command == NULL) {
        return "no such command";
    }
    *which = command->words < 1 && options->name != NULL ? options->name : options->value;
    if (*which != NULL && command->words < 2) {
        return "one word too many";
    }
    *which = NULL;
    return options->state == NULL ? "--state FILE is missing" : NULL;
}

int main(int argc, char **argv)
{
    struct options options;
    const char *wrong = NULL;
    bool understood = options_read(&options, argc, argv, &wrong);
    say_json(options.json);
    if (!understood) {
        return say_error(EXIT_USAGE, "not understood", wrong, "see mico-controller --help");
    }
    if (options.help) {
        options_help();
        return EXIT_DONE;
    }
    const struct command *command = options.command != NULL ? find(options.command) : NULL;
    const char *what = misuse(&options, command, &wrong);
    if (what != NULL) {
        return say_error(EXIT_USAGE, what, wrong, "see mico-controller --help");
    }
    mico_board_init();
    return run(&options, command);
}

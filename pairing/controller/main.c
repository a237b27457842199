/* SPDX-License-Identifier: Apache-2.0 */
/* mico-controller: a user's side of pairing, on the command line. */
#include <string.h>

#include "os/port/board.h"
#include "pairing/controller/commands.h"

static const struct command {
    const char *name;
    int (*run)(const struct options *options, struct mico_state *state);
} commands[] = {{"pair", command_pair}, {"list", command_list}, {"get", command_values}, {"set", command_values},
              {"unpair", command_unpair}};

static int run(const struct options *options, const struct command *command)
{
    struct mico_state state;
    const char *why;
    if (psa_crypto_init() != PSA_SUCCESS) {
        return say_error(EXIT_FAILED, "this computer's cryptography failed", NULL, "try again");
    }
    if (mico_state_open(&state, options->state, &why) != MICO_OK) {
        return say_error(EXIT_FAILED, options->state, why, "name another file with --state");
    }
    int status = command->run(options, &state);
    mico_state_close(&state);
    return status;
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
    for (size_t i = 0; options.command != NULL && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(options.command, commands[i].name) == 0 && options.state != NULL) {
            mico_board_init();
            return run(&options, &commands[i]);
        }
    }
    return say_error(EXIT_USAGE, options.command == NULL ? "no command" : "no such command, or --state is missing",
                     options.command, "see mico-controller --help");
}

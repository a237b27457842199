/* SPDX-License-Identifier: Apache-2.0 */
/* The command line; see options.h. */
#include "pairing/controller/options.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct option_row {
    const char *name;
    size_t at; /* of the const char * or bool in struct options */
    bool flag;
};

static const struct option_row rows[] = {
    {"--state", offsetof(struct options, state), false},
    {"--address", offsetof(struct options, address), false},
    {"--code", offsetof(struct options, code), false},
    {"--code-file", offsetof(struct options, code_file), false},
    {"--maker-root", offsetof(struct options, maker_root), false},
    {"--device", offsetof(struct options, device), false},
    {"--relay", offsetof(struct options, relay), false},
    {"--cafile", offsetof(struct options, cafile), false},
    {"--user", offsetof(struct options, user), false},
    {"--password-file", offsetof(struct options, password_file), false},
    {"--allow-uncertified", offsetof(struct options, allow_uncertified), true},
    {"--json", offsetof(struct options, json), true},
    {"--help", offsetof(struct options, help), true},
};

static const struct option_row *find(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

/* A word that is no option: the command, then the value's name, then the value. */
static bool take_word(struct options *options, const char *word)
{
    const char **places[] = {&options->command, &options->name, &options->value};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (*places[i] == NULL) {
            *places[i] = word;
            return true;
        }
    }
    return false;
}

bool options_read(struct options *options, int argc, char **argv, const char **wrong)
{
    memset(options, 0, sizeof *options);
    for (int i = 1; i < argc; i++) {
        *wrong = argv[i];
        const struct option_row *row = find(argv[i]);
        char *place = (char *)options + (row != NULL ? row->at : 0);
        if (row == NULL) {
            if (argv[i][0] == '-' || !take_word(options, argv[i])) {
                return false;
            }
        } else if (row->flag) {
            *(bool *)(void *)place = true;
        } else if (i + 1 < argc) {
            *(const char **)(void *)place = argv[++i];
        } else {
            return false;
        }
    }
    return true;
}

bool read_first_line(const char *path, char *out, size_t cap)
{
    FILE *file = fopen(path, "r");
    bool fine = file != NULL && fgets(out, (int)cap, file) != NULL;
    if (fine) {
        size_t len = strcspn(out, "\r\n");
        fine = out[len] != '\0' || fgetc(file) == EOF; /* else it was cut */
        out[len] = '\0';
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return fine;
}

void options_help(void)
{
    (void)puts(
        "mico-controller: pair with MiCO and HomeKit accessories, read and switch them\n"
        "\n"
        "  mico-controller --state FILE pair --address HOST:PORT --code XXX-XX-XXX --maker-root ROOT.pem\n"
        "  mico-controller --state FILE pair --address HOST:PORT --code XXX-XX-XXX --allow-uncertified\n"
        "  mico-controller --state FILE list\n"
        "  mico-controller --state FILE get on [WAY]\n"
        "  mico-controller --state FILE set on true|false [WAY]\n"
        "  mico-controller --state FILE unpair [WAY]\n"
        "\n"
        "FILE holds this controller's keys and pairings. Values: on (a light), target and current (a lock).\n"
        "WAY to the accessory: nothing (where it was paired), --address HOST:PORT, or through the cloud's relay:\n"
        "  --relay HOST:PORT --cafile CLOUD-ROOT.pem --user NAME --password-file F\n"
        "With several accessories: --device ID. Everywhere: --json.\n"
        "--code-file FILE, instead of --code: its first line, which others on this computer do not see.\n"
        "--allow-uncertified pairs as plain HomeKit does, without a device certificate.\n"
        "\n"
        "Exit status: 0 done, 1 failed here, 2 usage, 3 not reached, 4 refused, 5 certificate, 6 another device.");
}

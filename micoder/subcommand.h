/* SPDX-License-Identifier: Apache-2.0 */
/* Commands of the tool that have subcommands: a table of options, a table of subcommands, and one reading of the command line
 * that gives help, names what is wrong, and calls the one that was asked for. */
#ifndef MICODER_SUBCOMMAND_H
#define MICODER_SUBCOMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

/* Exit status. */
#define MICO_HOLDS 0
#define MICO_FAILED 1
#define MICO_MISUSE 2

#define MICO_OPTIONS_MAX 30
#define MICO_REPEATS_MAX 4

/* Its place in the table is its number. "output" may be written -o too; every subcommand takes --help. */
struct mico_option {
    const char *name;
    const char *argument; /* what stands for its value in the help; NULL: it has none */
    const char *about;
    int repeats; /* how often it may be given; 0 is once */
};

/* What was given. */
struct mico_given {
    const char *value[MICO_OPTIONS_MAX][MICO_REPEATS_MAX]; /* "" for an option without a value; NULL: not given */
    int count[MICO_OPTIONS_MAX];
    char **files;
    int file_count;
};

#define MICO_OPTION(number) (1u << (number))

struct mico_subcommand {
    const char *name;
    int (*run)(const struct mico_given *given);
    uint32_t takes, needs; /* MICO_OPTION(number) */
    int files;             /* how many */
    const char *arguments; /* those files, for the help */
    const char *about, *example;
};

struct mico_subcommands {
    const char *command; /* as typed behind "mico" */
    const struct mico_option *options;
    size_t option_count;
    const struct mico_subcommand *subcommands;
    size_t subcommand_count;
};

/** Do what argv asks: argv[0] the command, argv[1] the subcommand. Its exit status, or MICO_MISUSE. */
int mico_subcommand_run(const struct mico_subcommands *table, int argc, char **argv);

/** "error: ...", and "  try: ..." when that is not NULL, on stderr. Returns false. */
bool mico_complain(const char *to_try, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** The tree as text on stdout; frees it. */
void mico_print_json(cJSON *json);

/** A whole number in decimal or 0x-hexadecimal, at most `most`; else false, with a message that names the option. */
bool mico_number(const char *option, const char *text, uint32_t most, uint32_t *out);

#endif

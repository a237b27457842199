/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of commands with subcommands; see subcommand.h. */
#include "micoder/subcommand.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST 1 /* getopt's number of the table's first option: 0 means something else */
#define HELP (FIRST + MICO_OPTIONS_MAX)

bool mico_complain(const char *to_try, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("error: ", stderr);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    if (to_try != NULL) {
        fprintf(stderr, "  try: %s\n", to_try);
    }
    return false;
}

void mico_print_json(cJSON *json)
{
    char *text = cJSON_Print(json);
    puts(text != NULL ? text : "null");
    free(text);
    cJSON_Delete(json);
}

bool mico_number(const char *option, const char *text, uint32_t most, uint32_t *out)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > most) {
        return mico_complain("decimal, or hexadecimal as 0x1001", "--%s %s: not a number from 0 to %u", option, text,
                             most);
    }
    *out = (uint32_t)value;
    return true;
}

static void help_all(const struct mico_subcommands *table, FILE *out)
{
    fprintf(out, "usage: ./mico %s COMMAND ...\n", table->command);
    for (size_t i = 0; i < table->subcommand_count; i++) {
        fprintf(out, "  %-10s %s\n", table->subcommands[i].name, table->subcommands[i].about);
    }
    fprintf(out, "  ./mico %s COMMAND --help tells more\n", table->command);
}

static void help_one(const struct mico_subcommands *table, const struct mico_subcommand *sub)
{
    printf("usage: ./mico %s %s [OPTIONS] %s\n%s\n", table->command, sub->name, sub->arguments, sub->about);
    for (size_t i = 0; i < table->option_count; i++) {
        const struct mico_option *option = &table->options[i];
        if (sub->takes & MICO_OPTION(i)) {
            char name[48];
            snprintf(name, sizeof name, "--%s %s", option->name, option->argument != NULL ? option->argument : "");
            printf("  %-26s %s%s\n", name, option->about, sub->needs & MICO_OPTION(i) ? " (needed)" : "");
        }
    }
    printf("example: %s\n", sub->example);
}

static int misuse(const struct mico_subcommands *table, const struct mico_subcommand *sub, const char *what,
                  const char *which)
{
    char to_try[64];
    snprintf(to_try, sizeof to_try, "./mico %s %s --help", table->command, sub->name);
    mico_complain(to_try, "mico %s %s: %s%s", table->command, sub->name, what, which);
    return MICO_MISUSE;
}

/* getopt's table; output is the number of "output", or -1. */
static void long_forms_of(const struct mico_subcommands *table, struct option *out, int *output)
{
    *output = -1;
    for (size_t i = 0; i < table->option_count; i++) {
        const struct mico_option *option = &table->options[i];
        out[i] = (struct option){option->name, option->argument != NULL ? required_argument : no_argument, NULL,
                                 FIRST + (int)i};
        *output = strcmp(option->name, "output") == 0 ? FIRST + (int)i : *output;
    }
    out[table->option_count] = (struct option){"help", no_argument, NULL, HELP};
    out[table->option_count + 1] = (struct option){NULL, 0, NULL, 0};
}

/* Take option number i; what is wrong with it, or NULL. */
static const char *take(const struct mico_subcommands *table, const struct mico_subcommand *sub, int i,
                        struct mico_given *given)
{
    int most = table->options[i].repeats > 0 ? table->options[i].repeats : 1;
    if ((sub->takes & MICO_OPTION(i)) == 0) {
        return "does not take ";
    }
    if (given->count[i] == most) {
        return "too often: ";
    }
    given->value[i][given->count[i]++] = optarg != NULL ? optarg : "";
    return NULL;
}

/* The options of the line into given; -1, or the exit status that ends the command here. */
static int read_options(const struct mico_subcommands *table, const struct mico_subcommand *sub, int argc, char **argv,
                        struct mico_given *given)
{
    struct option long_forms[MICO_OPTIONS_MAX + 2];
    int which, output;
    long_forms_of(table, long_forms, &output);
    opterr = 0;
    optind = 0; /* GNU: start anew, also in a second call */
    while ((which = getopt_long(argc, argv, ":o:", long_forms, NULL)) != -1) {
        if (which == HELP) {
            help_one(table, sub);
            return MICO_HOLDS;
        }
        which = which == 'o' && output >= 0 ? output : which;
        if (which == '?' || which == ':' || which == 'o') {
            return misuse(table, sub, which == ':' ? "a value is missing after " : "unknown option ", argv[optind - 1]);
        }
        const char *wrong = take(table, sub, which - FIRST, given);
        if (wrong != NULL) {
            return misuse(table, sub, wrong, argv[optind - 1]);
        }
    }
    return -1;
}

static int run(const struct mico_subcommands *table, const struct mico_subcommand *sub, int argc, char **argv)
{
    struct mico_given given;
    memset(&given, 0, sizeof given);
    int ended = read_options(table, sub, argc, argv, &given);
    if (ended >= 0) {
        return ended;
    }
    for (size_t i = 0; i < table->option_count; i++) {
        if ((sub->needs & MICO_OPTION(i)) != 0 && given.count[i] == 0) {
            return misuse(table, sub, "missing --", table->options[i].name);
        }
    }
    given.files = argv + optind;
    given.file_count = argc - optind;
    if (given.file_count != sub->files) {
        return misuse(table, sub, "the files must be: ", sub->files != 0 ? sub->arguments : "none");
    }
    return sub->run(&given);
}

int mico_subcommand_run(const struct mico_subcommands *table, int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < table->subcommand_count; i++) {
        if (strcmp(name, table->subcommands[i].name) == 0) {
            return run(table, &table->subcommands[i], argc - 1, argv + 1);
        }
    }
    bool asked = strcmp(name, "--help") == 0 || strcmp(name, "help") == 0;
    if (!asked) {
        char to_try[32];
        snprintf(to_try, sizeof to_try, "./mico %s --help", table->command);
        mico_complain(to_try, "mico %s: no command '%s'", table->command, name);
    }
    help_all(table, asked ? stdout : stderr);
    return asked ? MICO_HOLDS : MICO_MISUSE;
}

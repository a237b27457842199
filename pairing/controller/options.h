/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of mico-controller. */
#ifndef PAIRING_CONTROLLER_OPTIONS_H
#define PAIRING_CONTROLLER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct options {
    const char *command; /* "pair", "get", … */
    const char *state;
    const char *address;
    const char *code;
    const char *code_file;
    const char *maker_root;
    const char *device;
    const char *relay;
    const char *cafile;
    const char *user;
    const char *password_file;
    const char *name;  /* of the value: "on" */
    const char *value; /* to set */
    bool allow_uncertified;
    bool json;
    bool help;
};

/** Views point into argv. False when something cannot be understood: *wrong is the word. */
bool options_read(struct options *options, int argc, char **argv, const char **wrong);

void options_help(void);

/** The first line of a file, without its end; false when there is none, or it does not fit cap - 1 bytes. */
bool read_first_line(const char *path, char *out, size_t cap);

#endif

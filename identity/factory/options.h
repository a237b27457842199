/* SPDX-License-Identifier: Apache-2.0 */
/* The command line's options, shared by mico-station's commands. */
#ifndef IDENTITY_FACTORY_OPTIONS_H
#define IDENTITY_FACTORY_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define STATION_NAMES_MAX 16

struct station_options {
    const char *dir, *out, *maker, *module, *link, *flash, *cloud, *cloud_root;
    const char *names[STATION_NAMES_MAX + 1], *ips[STATION_NAMES_MAX + 1],
        *operators[STATION_NAMES_MAX + 1]; /* to NULL */
    uint8_t category;                      /* 5 unless given */
    bool p256, json;
};

/** Read options; says what is wrong and returns false. Views point into argv. */
bool station_options_read(struct station_options *options, int argc, char **argv);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The command line's options. */
#include "identity/factory/options.h"

#include <stdlib.h>
#include <string.h>

#include "identity/factory/say.h"

static bool add_to(const char *list[STATION_NAMES_MAX + 1], const char *value)
{
    size_t count = 0;
    while (list[count] != NULL) {
        count++;
    }
    if (count == STATION_NAMES_MAX) {
        station_fail(MICO_ERR_FULL, NULL, "more than %d names or addresses", STATION_NAMES_MAX);
        return false;
    }
    list[count] = value;
    return true;
}

static bool take_category(struct station_options *o, const char *value)
{
    char *end;
    unsigned long number = strtoul(value, &end, 10);
    if (end == value || *end != '\0' || number < 1 || number > 255) {
        station_fail(MICO_ERR_PARAM, "--category 5 (a bulb) or 6 (a lock)", "--category %s is not from 1 to 255",
                     value);
        return false;
    }
    o->category = (uint8_t)number;
    return true;
}

/* True when name is an option with a value, which is then taken. *good false when the value cannot be used. */
static bool take_value(struct station_options *o, const char *name, const char *value, bool *good)
{
    const struct {
        const char *name;
        const char **to;
    } single[] = {
        {"--dir", &o->dir},       {"--out", &o->out},     {"-o", &o->out},        {"--maker", &o->maker},
        {"--link", &o->link},     {"--flash", &o->flash}, {"--cloud", &o->cloud}, {"--cloud-root", &o->cloud_root},
        {"--module", &o->module},
    };
    const struct {
        const char *name;
        const char **to;
    } lists[] = {{"--name", o->names}, {"--ip", o->ips}, {"--operator", o->operators}};
    *good = value != NULL;
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++) {
        if (strcmp(name, single[i].name) == 0) {
            *single[i].to = value;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(name, lists[i].name) == 0) {
            *good = value != NULL && add_to(lists[i].to, value);
            return true;
        }
    }
    if (strcmp(name, "--category") == 0) {
        *good = value != NULL && take_category(o, value);
        return true;
    }
    return false;
}

bool station_options_read(struct station_options *options, int argc, char **argv)
{
    *options = (struct station_options){.category = 5};
    for (int i = 0; i < argc; i++) {
        bool good;
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--json") == 0) {
            options->json = true;
        } else if (strcmp(argv[i], "--p256") == 0) {
            options->p256 = true;
        } else if (!take_value(options, argv[i], value, &good)) {
            station_fail(MICO_ERR_PARAM, "mico-station --help", "%s is no option", argv[i]);
            return false;
        } else if (!good) {
            if (value == NULL) {
                station_fail(MICO_ERR_PARAM, "mico-station --help", "%s needs a value", argv[i]);
            }
            return false;
        } else {
            i++;
        }
    }
    return true;
}

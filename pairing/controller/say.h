/* SPDX-License-Identifier: Apache-2.0 */
/* What mico-controller says: results to stdout, errors in one line with the next step to stderr; JSON on request. */
#ifndef PAIRING_CONTROLLER_SAY_H
#define PAIRING_CONTROLLER_SAY_H

#include <stdbool.h>

#include "pairing/controller/client.h"

struct cJSON;

/* Exit statuses; stable. */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_NOT_REACHED = 3,
    EXIT_REFUSED = 4,
    EXIT_CERTIFICATE = 5,
    EXIT_IDENTITY = 6,
};

/** With JSON, errors go to stdout as {"error": …, "try": …}. */
void say_json(bool json);

/** Print object in JSON, or text; frees object; gives EXIT_DONE. */
int say_result(bool json, struct cJSON *object, const char *text);

/** "error: WHAT: WHY; NEXT" in one line; gives status back. why may be NULL. */
int say_error(enum exit_status status, const char *what, const char *why, const char *next);

/** The error of a client's call: pairing tells which words fit a refusal. */
int say_trouble(const struct mico_client *client, bool pairing);

#endif

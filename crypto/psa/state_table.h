/* SPDX-License-Identifier: Apache-2.0 */
/* A table of an operation in several parts: a row is a state, a column a call with arguments that are right for some state; a
 * letter is what the call gives and the state after it.
 *
 *   A  done, the operation goes on            N  PSA_ERROR_BAD_STATE, nothing has changed
 *   I  done, the operation is not set up      F  PSA_ERROR_BAD_STATE, only abort is left
 *   P  PSA_ERROR_INVALID_ARGUMENT, S  PSA_ERROR_INVALID_SIGNATURE, Q  PSA_ERROR_NOT_PERMITTED, only abort is left
 *   V  PSA_ERROR_INVALID_SIGNATURE, and D  PSA_ERROR_INSUFFICIENT_DATA, the operation goes on
 *
 * From the specification's section on multi-part operations: a set-up that fails changes nothing, any other call that fails
 * ends in the error state, from which only abort leads. */
#ifndef CRYPTO_PSA_STATE_TABLE_H
#define CRYPTO_PSA_STATE_TABLE_H

#include <stdbool.h>

#include "psa/crypto.h"

struct state_table {
    const char *columns;              /* one word a call */
    const char *const *rows;          /* letters, a blank, the state's name; up to NULL */
    void (*reach)(int state);         /* from not set up */
    psa_status_t (*call)(int column); /* the last column is abort */
    psa_status_t (*set_up)(void);     /* the probe: succeeds where the operation is not set up */
    bool (*failed)(void);             /* else: is only abort left? */
    psa_status_t (*abort)(void);
};

/* Fails the test that calls it where a call does something else than its letter. */
void every_call_in_every_state(const struct state_table *table);

#endif

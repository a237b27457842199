/* SPDX-License-Identifier: Apache-2.0 */
/* An error in words: what is wrong, with the figures, and the next thing to try. */
#ifndef CLOUD_REGISTRY_COMPLAINT_H
#define CLOUD_REGISTRY_COMPLAINT_H

#include "base/err.h"

struct mico_complaint {
    char what[384];
    char next[192]; /* empty when there is nothing to try */
};

/** Fill the complaint (NULL is allowed) and return err, so that a function may end with `return mico_complain(...)`. */
mico_err mico_complain(struct mico_complaint *complaint, mico_err err, const char *next, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** The same where the registry itself fails: how, and what helps. */
mico_err mico_complain_registry(struct mico_complaint *complaint, mico_err err);

#endif

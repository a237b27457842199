/* SPDX-License-Identifier: Apache-2.0 */
/* What every table of cases needs. */
#include <stdio.h>
#include <stdlib.h>

#include "crypto/primitives/primitives.h"
#include "crypto/tests/constant_time.h"

static void expect(long got, long want)
{
    if (got != want) {
        fprintf(stderr, "\na call failed: %ld, not %ld\n", got, want); /* trace_test.py waits for it */
        abort();
    }
}

void ct_must(mico_err err)
{
    open_up(&err, sizeof err);
    expect(err, MICO_OK);
}

void ct_expect(psa_status_t status, psa_status_t want)
{
    open_up(&status, sizeof status);
    expect(status, want);
}

void ct_open_entropy(void)
{
    entropy_is_public = true;
    mico_random_forget();
}

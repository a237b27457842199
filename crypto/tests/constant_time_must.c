/* SPDX-License-Identifier: Apache-2.0 */
/* What every table of cases needs. */
#include <stdlib.h>

#include "crypto/primitives/primitives.h"
#include "crypto/tests/constant_time.h"

void ct_must(mico_err err)
{
    open_up(&err, sizeof err);
    if (err != MICO_OK) {
        abort();
    }
}

void ct_expect(psa_status_t status, psa_status_t want)
{
    open_up(&status, sizeof status);
    if (status != want) {
        abort();
    }
}

void ct_open_entropy(void)
{
    entropy_is_public = true;
    mico_random_forget();
}

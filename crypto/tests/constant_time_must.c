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

static uint8_t key[32], table[256];
static volatile uint8_t seen;

void ct_control_index(void)
{
    secret(key, 1);
    seen = ((volatile uint8_t *)table)[key[0]];
}

void ct_control_compare(void)
{
    volatile uint8_t *a = secret(key, 32);
    uint8_t i = 0;
    while (i < 32 && (a[i] & 0x80) == 0) {
        i++;
    }
    seen = i;
}

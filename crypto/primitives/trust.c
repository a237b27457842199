/* SPDX-License-Identifier: Apache-2.0 */
/* The module's state; see trust.h. Each is one word that is written in one go, so that asking takes no lock. */
#include "crypto/primitives/trust.h"

#include <stddef.h>

/* Its address alone is used: it is there in a program that has power-on tests, by mico_self_tested (cmake/integrity.cmake). */
extern const char mico_trust_tests_first __attribute__((weak));

static volatile enum { UNTESTED, TESTING, SOUND, FAILED } state;
static volatile bool approved;
static void (*wipe_above)(void);

static bool tests_first(void)
{
    return &mico_trust_tests_first != NULL;
}

mico_err mico_trust_ask(void)
{
    return state == FAILED || (state == UNTESTED && tests_first()) ? MICO_ERR_STATE : MICO_OK;
}

mico_err mico_trust_ask_unapproved(void)
{
    mico_err err = mico_trust_ask();
    return err == MICO_OK && approved ? MICO_ERR_DENIED : err;
}

void mico_trust_fail(void)
{
    state = FAILED;
}

bool mico_trust_failed(void)
{
    return state == FAILED;
}

void mico_trust_pass(void)
{
    if (state != FAILED) {
        state = SOUND;
    }
}

bool mico_trust_passed(void)
{
    return state == SOUND;
}

bool mico_trust_begin(void)
{
    bool begins = state == UNTESTED && tests_first();
    if (begins) {
        state = TESTING;
    }
    return begins;
}

void mico_trust_postpone(void)
{
    state = UNTESTED;
}

void mico_trust_approve(void)
{
    approved = true;
}

bool mico_trust_approved(void)
{
    return approved;
}

void mico_trust_zeroise_with(void (*wipe)(void))
{
    wipe_above = wipe;
}

void mico_trust_zeroise(void)
{
    if (wipe_above != NULL) {
        wipe_above();
    }
}

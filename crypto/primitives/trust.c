/* SPDX-License-Identifier: Apache-2.0 */
/* The module's state; see trust.h. Each is one word that is written in one go, so that asking takes no lock. */
#include "crypto/primitives/trust.h"

volatile enum mico_trust mico_trust_state;
static volatile bool approved;
static void (*wipe_above)(void);

mico_err mico_trust_ask_unapproved(void)
{
    mico_err err = mico_trust_ask();
    return err == MICO_OK && approved ? MICO_ERR_DENIED : err;
}

void mico_trust_fail(void)
{
    mico_trust_state = MICO_TRUST_FAILED;
}

/* One step of the picture in trust.h; none leads out of FAILED, whoever sets it meanwhile. */
static bool step(enum mico_trust from, enum mico_trust to)
{
    return __atomic_compare_exchange_n(&mico_trust_state, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

void mico_trust_pass(void)
{
    (void)(step(MICO_TRUST_UNTESTED, MICO_TRUST_SOUND) || step(MICO_TRUST_TESTING, MICO_TRUST_SOUND));
}

bool mico_trust_passed(void)
{
    return mico_trust_state == MICO_TRUST_SOUND;
}

bool mico_trust_begin(void)
{
    return &mico_trust_tests_first != NULL && step(MICO_TRUST_UNTESTED, MICO_TRUST_TESTING);
}

void mico_trust_postpone(void)
{
    (void)step(MICO_TRUST_TESTING, MICO_TRUST_UNTESTED);
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

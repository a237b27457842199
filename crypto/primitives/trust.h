/* SPDX-License-Identifier: Apache-2.0 */
/* What state the cryptographic module is in: one for the program. Each door of docs/CRYPTO-TRUST.md's boundary (PSA,
 * mico_random, SRP, TLS) asks here before it lets anything out. It lies below them all, so it has none of their secrets:
 * who has some wipes them when it sees the error state.
 *
 *            ┌── first psa_crypto_init, if the program has power-on tests ──▶ TESTING ──┐
 *   UNTESTED ┴────────────────── self-tests on demand ──────────────────────────────────┴─ pass ──▶ SOUND
 *      any ── a self-test fails, of whatever kind ──▶ FAILED, until the program starts anew */
#ifndef CRYPTO_PRIMITIVES_TRUST_H
#define CRYPTO_PRIMITIVES_TRUST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* trust.c writes it, in one go; here for the questions that every call asks. */
enum mico_trust { MICO_TRUST_UNTESTED, MICO_TRUST_TESTING, MICO_TRUST_SOUND, MICO_TRUST_FAILED };
extern volatile enum mico_trust mico_trust_state;

/* Its address alone is used: it is there in a program that has power-on tests, by mico_self_tested (cmake/integrity.cmake). */
extern const char mico_trust_tests_first __attribute__((weak));

/** May a service begin or go on? MICO_ERR_STATE: a self-test has failed, or the power-on tests are still to come. */
MICO_MUST_USE static inline mico_err mico_trust_ask(void)
{
    enum mico_trust now = mico_trust_state;
    bool to_come = now == MICO_TRUST_UNTESTED && &mico_trust_tests_first != NULL;
    return now == MICO_TRUST_FAILED || to_come ? MICO_ERR_STATE : MICO_OK;
}

/** The same for what no publication of NIST approves: in the approved mode MICO_ERR_DENIED. */
MICO_MUST_USE mico_err mico_trust_ask_unapproved(void);

/** A self-test has failed: at power-on or on demand, of a pair that was made, of the entropy source. There is no way back. */
void mico_trust_fail(void);
static inline bool mico_trust_failed(void)
{
    return mico_trust_state == MICO_TRUST_FAILED;
}

/** All self-tests have passed; changes nothing after a failure. */
void mico_trust_pass(void);
bool mico_trust_passed(void);

/** The power-on tests begin (services are open to them): true once, in a program that has some (crypto/selftest/at_init.c).
 * mico_trust_postpone: they could not begin after all, and are still to come. */
bool mico_trust_begin(void);
void mico_trust_postpone(void);

/** The approved mode; crypto/psa asks its conditions. */
void mico_trust_approve(void);
bool mico_trust_approved(void);

/** Who holds secrets above PSA, and wipes them when all is zeroised: TLS. One for the program. */
void mico_trust_zeroise_with(void (*wipe)(void));
void mico_trust_zeroise(void);

#endif
